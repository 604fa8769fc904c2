"""Workbooks that tests write, and running an import from the file to its end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.estate import importing
from shouwen.estate.models import ImportRun
from tests.cast import Cast
from tests.moments import moment

AT = moment("2026-11-19 09:12", "周四")
ROOMS = ("楼号", "单元", "房间", "建筑面积", "业主名称", "手机号", "关系", "入住日期")

Table = Sequence[Any]


def write(path: Path, **sheets: Table) -> Path:
    """A workbook with these sheets; a text that begins with = is a formula."""
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def checked(cast: Cast, path: Path, by: Staff | None = None) -> ImportRun:
    """Uploaded by 周敏 to 翠湖花园 and checked."""
    run = importing.start(
        by=scope_of(by or cast.zhoumin, AT),
        project=cast.cuihu,
        name=path.name,
        content=[path.read_bytes()],
        at=AT,
    )
    importing.run_now(run, AT)
    return run


def imported(cast: Cast, path: Path) -> ImportRun:
    """Uploaded, checked, confirmed and applied."""
    run = checked(cast, path)
    if run.state == ImportRun.State.CHECKED:
        importing.confirm(run=run, by=scope_of(cast.zhoumin, AT))
        importing.run_now(run, AT)
    return run


def rows(run: ImportRun) -> tuple[int, int, int, int, int]:
    """Rows, new, changed, same, rejected."""
    counts = run.counts["rows"]
    return (run.rows, counts["new"], counts["changed"], counts["same"], run.errors)
