"""Exports of exactly what a list shows, as CSV or as an Excel workbook, in flat memory.

Phones are masked always. Lateness is judged from the times at the moment of the export.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shouwen.cases.board import Reader, clause_of, in_hands_of, status_of
from shouwen.cases.models import Case, Commitment
from shouwen.estate.phones import mask_phone

#: Rows read, and sent, at a time.
CHUNK = 1000
#: The rows of an Excel sheet, less the head; what is more goes on another sheet.
SHEET = 1_048_575
#: A cell that begins with one of these is a formula to a spreadsheet (full width ones too); a
#: quote before it makes it text. What begins with a quote gets one more, so that taking one off
#: always gives back what was there.
RISKY = tuple("=+-@\t\r\n＝＋－＠'")
BOM = "\ufeff"
#: What the name of a sheet may not hold.
_NO_TAB = re.compile(r"[\[\]:*?/\\]")

Cell = str | int | Decimal | datetime | date | None


@dataclass(frozen=True)
class Column:
    title: Any
    width: int
    read: Callable[[Any, Reader], Cell]


def _yes(value: object) -> str:
    return "是" if value else "否"


def _name(value: Any) -> str:
    return value.name if value else ""


def _number(case: Case | None) -> str:
    return case.number if case else ""


CASES: tuple[Column, ...] = (
    Column(_("编号"), 20, lambda case, _reader: case.number),
    Column(_("项目"), 14, lambda case, _reader: case.project.name),
    Column(_("登记时间"), 17, lambda case, _reader: case.opened_at),
    Column(_("类别"), 10, lambda case, reader: reader.kind(case)),
    Column(_("紧急"), 6, lambda case, _reader: _yes(case.urgent)),
    Column(_("状态"), 14, lambda case, _reader: status_of(case)),
    Column(_("超时"), 6, lambda case, _reader: _yes(case.is_late)),
    Column(_("并入"), 20, lambda case, _reader: _number(case.merged_into)),
    Column(_("客户"), 12, lambda case, _reader: case.customer_name),
    Column(_("电话"), 16, lambda case, _reader: mask_phone(case.customer_phone)),
    Column(_("房号"), 18, lambda case, _reader: case.address),
    Column(_("摘要"), 36, lambda case, _reader: case.title),
    Column(_("内容"), 60, lambda case, _reader: case.text),
    Column(_("第几轮"), 8, lambda case, _reader: case.round),
    Column(_("首问责任人"), 12, lambda case, _reader: case.owner.name),
    Column(_("主办部门"), 12, lambda case, _reader: _name(case.department)),
    Column(_("处理人"), 12, lambda case, _reader: _name(case.assignee)),
    Column(_("完成时间"), 17, lambda case, _reader: case.done_at),
    Column(_("反馈时间"), 17, lambda case, _reader: case.fed_back_at),
    Column(_("关闭时间"), 17, lambda case, _reader: case.closed_at),
)

PROMISES: tuple[Column, ...] = (
    Column(_("到期"), 17, lambda row, _reader: row.due_at),
    Column(_("承诺"), 20, lambda row, _reader: row.title),
    Column(_("条款"), 14, lambda row, _reader: clause_of(row)),
    Column(_("结果"), 10, lambda row, reader: result_of(row, reader.at)),
    Column(_("起算时间"), 17, lambda row, _reader: row.started_at),
    Column(_("原到期"), 17, lambda row, _reader: row.first_due_at),
    Column(_("结束时间"), 17, lambda row, _reader: row.ended_at),
    Column(_("免责原因"), 20, lambda row, _reader: row.why),
    Column(_("编号"), 20, lambda row, _reader: row.case.number),
    Column(_("项目"), 14, lambda row, _reader: row.project.name),
    Column(_("房号"), 18, lambda row, _reader: row.case.address),
    Column(_("摘要"), 36, lambda row, _reader: row.case.title),
    Column(_("类别"), 10, lambda row, reader: reader.kind(row.case)),
    Column(_("紧急"), 6, lambda row, _reader: _yes(row.case.urgent)),
    Column(_("在谁手里"), 18, lambda row, _reader: in_hands_of(row)),
    Column(_("状态"), 16, lambda row, _reader: status_of(row.case)),
    Column(_("首问责任人"), 12, lambda row, _reader: row.case.owner.name),
)


def result_of(row: Commitment, at: datetime) -> str:
    """How it stands, from its times alone: what waits or was waived is never counted as kept."""
    if row.outcome == "waived":
        return "免责"
    if row.due_at is None:
        return "暂停" if row.ended_at is None else "按时"
    if (row.ended_at or at) > row.due_at:
        return "超时" if row.ended_at else "已超时"
    return "按时" if row.ended_at else "进行中"


def lines(rows: QuerySet[Any], columns: Sequence[Column], reader: Reader) -> Iterator[list[Cell]]:
    """The cells of every row, read from the database bit by bit."""
    for row in rows.iterator(chunk_size=CHUNK):
        yield [column.read(row, reader) for column in columns]


# --- CSV ------------------------------------------------------------------------------------------


class _Echo:
    """A file that hands back what is written: csv writes into it line by line."""

    def write(self, text: str) -> str:
        return text


def as_csv(rows: Iterable[Sequence[Cell]], columns: Sequence[Column]) -> Iterator[str]:
    """The file, a piece at a time; with a mark at its beginning, or Excel takes it for GBK."""
    writer = csv.writer(_Echo())
    piece = [BOM, writer.writerow([str(column.title) for column in columns])]
    for row in rows:
        piece.append(writer.writerow([_plain(cell) for cell in row]))
        if len(piece) >= CHUNK:
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{localtime(cell):%Y-%m-%d %H:%M}"
    return neutral(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(RISKY) else text


def original(cell: str) -> str:
    """What `neutral` was given."""
    return cell.removeprefix("'")


# --- Excel ----------------------------------------------------------------------------------------


def as_workbook(rows: Iterable[Sequence[Cell]], columns: Sequence[Column], name: str) -> IO[bytes]:
    """The workbook in a temporary file, open at its beginning. A row is on the disk when the next
    one is begun."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(file, options) as book:
        _fill(book, iter(rows), columns, name)
    file.seek(0)
    return file


def _fill(book: Any, rows: Iterator[Sequence[Cell]], columns: Sequence[Column], name: str) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, count = _sheet(book, name, columns, bold), 0
    for row in rows:
        if count == SHEET:
            sheet.autofilter(0, 0, count, len(columns) - 1)
            sheet, count = _sheet(book, "", columns, bold), 0
        count += 1
        for place, cell in enumerate(row):
            _put(sheet, count, place, cell, days)
    sheet.autofilter(0, 0, count, len(columns) - 1)


def _sheet(book: Any, name: str, columns: Sequence[Column], bold: Any) -> Any:
    sheet = book.add_worksheet(_NO_TAB.sub(" ", name)[:31] or None)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.title), bold)
    return sheet


def _put(sheet: Any, row: int, place: int, cell: Cell, days: Any) -> None:
    """By its type: text stays text whatever it begins with, times and days are real ones."""
    if isinstance(cell, datetime):
        sheet.write_datetime(row, place, localtime(cell).replace(tzinfo=None))
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, days)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell)
    elif cell is not None:
        sheet.write_number(row, place, cell)
