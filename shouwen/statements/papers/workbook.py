"""A statement as an Excel workbook: a sheet for each table, real numbers and dates, charts that
Excel draws itself."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.timezone import localtime

from shouwen.statements.charts import COLOURS, TARGET
from shouwen.statements.papers.blocks import Block, Cells, Head, numbered
from shouwen.statements.papers.paper import Paper

_OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_NUMBER_FORMATS = {
    "number": "#,##0", "money": "#,##0.00", "share": "0.0%", "moment": "yyyy-mm-dd hh:mm",
    "due": "yyyy-mm-dd hh:mm",
    "date": "yyyy-mm-dd",
}  # fmt: skip
#: Characters that a column of common width holds.
_WIDTH = 12
_A4, _SHEET_NAME = 9, 31


def as_workbook(paper: Paper) -> IO[bytes]:
    """In a temporary file, open at its beginning."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        writer = _Writer(book, paper)
        writer.cover()
        for title, block in numbered(paper.blocks):
            if block.rows or block.chart:
                writer.sheet(title, block)
    file.seek(0)
    return file


class _Writer:
    """The book while it is written."""

    def __init__(self, book: Any, paper: Paper) -> None:
        self.book, self.paper = book, paper
        edge: dict[str, Any] = {"border": 1, "border_color": "#B4BDC9", "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.bold = book.add_format({"bold": True})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format({
            **edge, "bold": True, "bg_color": "#F0F3F6", "text_wrap": True, "align": "center",
            "valign": "vcenter",
        })  # fmt: skip
        self.cells = {
            kind: book.add_format({**edge, "num_format": _NUMBER_FORMATS.get(kind, "General"),
                                   "text_wrap": kind == "text"})
            for kind in ("text", *_NUMBER_FORMATS)
        }  # fmt: skip
        self.totals = {
            kind: book.add_format({**edge, "bold": True, "bg_color": "#F0F3F6",
                                   "num_format": _NUMBER_FORMATS.get(kind, "General")})
            for kind in ("text", *_NUMBER_FORMATS)
        }  # fmt: skip

    # --- The first sheet: what it is, all words, who signed -----------------------------------

    def cover(self) -> None:
        sheet = self._added("报表")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, self.paper.head.title, self.title)
        lines = [("编号", self.paper.head.record), ("表号", self.paper.head.form)]
        lines += [*self.paper.facts, ("依据", self.paper.head.basis)]
        lines += [(title, block.words or block.note or block.nothing)
                  for title, block in numbered(self.paper.blocks)
                  if not block.rows and not block.items]  # fmt: skip
        for title, block in numbered(self.paper.blocks):
            lines += [(f"{title} {item['title']}", _told(item)) for item in block.items]
        lines += [(one.place, _signed(one.name, one.at)) for one in self.paper.signatures]
        for row, (label, text) in enumerate(lines, start=2):
            sheet.write_string(row, 0, label, self.bold)
            sheet.write_string(row, 1, text, self.words)

    # --- The others: one table each -----------------------------------------------------------

    def sheet(self, title: str, block: Block) -> None:
        sheet = self._added(title)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        for place, head in enumerate(block.columns):
            sheet.set_column(place, place, max(9, head.width * _WIDTH))
            sheet.write_string(0, place, head.title, self.head)
        for row, cells in enumerate(block.rows, start=1):
            self._write(sheet, row, block.columns, cells, self.cells)
        last = len(block.rows)
        if block.columns and last:
            sheet.autofilter(0, 0, last, len(block.columns) - 1)
        if block.total:
            self._write(sheet, last + 1, block.columns, block.total, self.totals)
        if block.note:
            sheet.write_string(last + 3, 0, block.note)
        if block.chart:
            self._chart(sheet, last + 5, block)

    def _write(
        self, sheet: Any, row: int, heads: tuple[Head, ...], cells: Cells, formats: dict[str, Any]
    ) -> None:
        for place, (head, cell) in enumerate(zip(heads, cells, strict=False)):
            put(sheet, row, place, cell, head.kind, formats[head.kind])

    def _added(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name[:_SHEET_NAME])
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        head = self.paper.head
        sheet.set_header(
            f"&L{head.company} {head.project}&C{head.title}&R{head.form} {head.record}"
        )
        sheet.set_footer(f"&L{head.basis}&C第 &P 页 共 &N 页&R{head.printed}")
        return sheet

    def _chart(self, sheet: Any, row: int, block: Block) -> None:
        """Its numbers stand beneath the table, for Excel to draw from."""
        told: Any = block.chart
        many = len(told["labels"])
        chart = self.book.add_chart({"type": "bar" if told["kind"] == "bars" else "line"})
        sheet.write_column(row + 1, 0, told["labels"])
        series = [*told["series"]]
        if told["target"] is not None:
            series.append(("目标", [told["target"]] * many))
        for place, (name, values) in enumerate(series, start=1):
            sheet.write_string(row, place, name, self.bold)
            sheet.write_column(row + 1, place, values)
            colour = TARGET if name == "目标" else COLOURS[(place - 1) % len(COLOURS)]
            chart.add_series({
                "name": [sheet.name, row, place],
                "categories": [sheet.name, row + 1, 0, row + many, 0],
                "values": [sheet.name, row + 1, place, row + many, place],
                "fill": {"color": colour}, "line": {"color": colour},
            })  # fmt: skip
        if told["kind"] == "bars":
            chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"name": told["unit"] if told["kind"] == "bars" else ""})
        chart.set_legend({"position": "top"})
        sheet.insert_chart(row, len(series) + 2, chart)


def put(sheet: Any, row: int, place: int, cell: Any, kind: str, form: Any) -> None:
    """By its kind: text stays text whatever it begins with; numbers and times are real ones."""
    if cell is None or cell == "":
        sheet.write_blank(row, place, None, form)
        return
    match kind:
        case "number":
            sheet.write_number(row, place, cell, form)
        case "money":
            sheet.write_number(row, place, Decimal(cell), form)
        case "share":
            sheet.write_number(row, place, cell[0] / cell[1], form)
        case "moment" | "due":
            moment = localtime(datetime.fromisoformat(cell)).replace(tzinfo=None)
            sheet.write_datetime(row, place, moment, form)
        case "date":
            sheet.write_datetime(row, place, date.fromisoformat(cell), form)
        case _:
            sheet.write_string(row, place, str(cell), form)


def _told(item: Any) -> str:
    return "\n".join(f"{label}：{words}" for label, words in item["lines"])


def _signed(name: str, at: datetime | None) -> str:
    return f"{name} {localtime(at):%Y-%m-%d %H:%M}" if at else ""
