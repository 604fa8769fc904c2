"""What a browser takes along: a list as a file, and a kept file itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from shouwen.cases.export import Cell, Column, as_csv, as_workbook
from shouwen.cases.files import path_of

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    kind: str, cells: Iterable[Sequence[Cell]], columns: Sequence[Column], title: str, of: str
) -> HttpResponseBase:
    """The rows as csv or xlsx, named by the list and what it is of: “诉求 2026-11-19 0912.csv”."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    if kind == "csv":
        sent: Any = StreamingHttpResponse(as_csv(cells, columns), "text/csv; charset=utf-8")
    else:
        sent = FileResponse(as_workbook(cells, columns, title), content_type=EXCEL)
    sent.headers["Content-Disposition"] = content_disposition_header(True, f"{title} {of}.{kind}")
    return sent  # type: ignore[no-any-return] # one of the two


def as_data(sha256: str, media_type: str, name: str = "") -> FileResponse:
    """A kept file: pictures to look at, all else to keep. It is data: the browser must not run
    it."""
    response = FileResponse(
        path_of(sha256).open("rb"), as_attachment=not media_type.startswith("image/"),
        filename=name, content_type=media_type,
    )  # fmt: skip
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
