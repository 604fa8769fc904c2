"""The HTTP side of the archive, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils.timezone import localdate
from ninja import Query, Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.archive.models import Folder
from shouwen.archive.queries import about, get_folder, states, visible_folders
from shouwen.web.http import Cursor, Limit, Number, Order, extra

router = Router()
FILED = Order[Folder]("filed_on", descending=True)


class FolderAnswer(Schema):
    number: str
    unit: str
    """Code of the project, company or group."""
    kind: str
    kind_name: str
    subject: str
    title: str
    clause: str
    papers: int
    place: str
    filed_on: date
    keep_until: date | None
    """Empty: for ever."""
    state: str
    state_name: str
    lent_to: str
    back_by: date | None


class FolderPage(Schema):
    items: list[FolderAnswer]
    next: str | None


def folder_answer(row: Folder) -> FolderAnswer:
    return FolderAnswer(
        number=row.number,
        unit=row.unit.code,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        subject=row.subject,
        title=row.title,
        clause=row.clause,
        papers=row.papers,
        place=row.place,
        filed_on=row.filed_on,
        keep_until=row.keep_until,
        state=row.state,
        state_name=str(row.get_state_display()),
        lent_to=row.lent_to,
        back_by=row.back_by,
    )


@router.get("/archive", response=FolderPage, summary="档案", openapi_extra=extra("case.view"))
def list_folders(
    request: SignedInRequest,
    state: Literal["kept", "out", "over", "disposed"] = "kept",
    kind: Literal["statement", "record", "visits", "order"] | None = None,
    q: Annotated[str, Query(max_length=40, pattern=r"^[^\x00]*$")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> FolderPage:
    """The newest first. `q`: words of number, title or content, from two characters on."""
    request.scope.require("case.view")
    rows = visible_folders(request.scope).filter(states(localdate(request.at))[state])
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(about(q)) if len(q) > 1 else rows
    found, following = FILED.page(rows.select_related("unit"), cursor, limit)
    return FolderPage(items=[folder_answer(row) for row in found], next=following)


@router.get(
    "/archive/{number}",
    response=FolderAnswer,
    summary="一份档案",
    openapi_extra=extra("case.view"),
)
def show_folder(request: SignedInRequest, number: Number) -> FolderAnswer:
    return folder_answer(get_folder(request.scope, number))
