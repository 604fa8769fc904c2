"""A statement as an Excel workbook: a sheet for each table, real numbers and dates, charts that
Excel draws itself."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from math import ceil
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.timezone import localtime

from shouwen.statements.charts import COLOURS, TARGET
from shouwen.statements.papers.blocks import Block, Cells, Head, numbered
from shouwen.statements.papers.paper import Paper

_OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_MOMENT = {"num_format": "yyyy-mm-dd hh:mm", "align": "left"}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "number": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "figure": {"align": "right"},
    "moment": _MOMENT,
    "due": _MOMENT,
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
}
#: Characters that a column of common width holds; a row to sign in, in points.
_WIDTH, _SIGN = 12, 30
#: A line in points; beyond these, letters are twice as wide.
_LINE, _LATIN = 15.0, 0x2E80
_A4, _SHEET_NAME = 9, 31
#: Of the first sheet: what a line is called, and what it says.
_LABEL, _WORDS = 20, 70
#: How wide a chart is, in pixels.
_CHART = 430
#: A table of more than so many common columns lies better across the page.
_UPRIGHT = 9
_TINT = "#F0F3F6"


def as_workbook(paper: Paper) -> IO[bytes]:
    """In a temporary file, open at its beginning."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        writer = _Writer(book, paper)
        writer.cover()
        for title, block in numbered(paper.blocks):
            if _has_sheet(block):
                writer.sheet(title, block)
    file.seek(0)
    return file


def _has_sheet(block: Block) -> bool:
    return bool(block.rows or block.chart)


class _Writer:
    """The book while it is written."""

    def __init__(self, book: Any, paper: Paper) -> None:
        self.book, self.paper = book, paper
        edge: dict[str, Any] = {"border": 1, "border_color": "#B4BDC9", "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 18, "align": "center_across"})
        self.bold = book.add_format({"bold": True})
        self.label = book.add_format({**edge, "bold": True, "bg_color": _TINT, "text_wrap": True})
        self.words = book.add_format({**edge, "text_wrap": True})
        self.head = book.add_format({**edge, "bold": True, "bg_color": _TINT, "text_wrap": True,
                                     "align": "center"})  # fmt: skip
        self.cells, self.totals = (
            {kind: book.add_format({**edge, **more, **form}) for kind, form in _FORMATS.items()}
            for more in ({}, {"bold": True, "bg_color": _TINT})
        )

    # --- The first sheet: what it is, all words, who signed -----------------------------------

    def cover(self) -> None:
        sheet = self._added("报表", "", landscape=False)
        sheet.set_column(0, 0, _LABEL)
        sheet.set_column(1, 1, _WORDS)
        sheet.write_string(0, 0, self.paper.head.title, self.title)
        sheet.write_blank(0, 1, None, self.title)
        sheet.set_row(0, _SIGN)
        head = self.paper.head
        lines = [("编号", head.record), ("表号", head.form), ("版本", head.edition)]
        lines += [*self.paper.facts, ("依据", head.basis)]
        for title, block in numbered(self.paper.blocks):
            lines += _told(title, block)
        signed = [(one.place, _signed(one.name, one.at)) for one in self.paper.signatures]
        told = [(label, words) for label, words in lines if words]
        for row, (label, words) in enumerate([*told, *signed], start=1):
            sheet.write_string(row, 0, label, self.label)
            sheet.write_string(row, 1, words, self.words)
            high = _SIGN if row > len(told) else _high(words, _WORDS)
            sheet.set_row(row, high)

    # --- The others: one table each -----------------------------------------------------------

    def sheet(self, title: str, block: Block) -> None:
        sheet = self._added(title, title, landscape=block.width > _UPRIGHT)
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
            kind, value = _figure(cell) if head.kind == "figure" else (head.kind, cell)
            put(sheet, row, place, value, kind, formats[kind])
        texts = [(cell or "", head) for head, cell in zip(heads, cells, strict=False)
                 if head.kind == "text"]  # fmt: skip
        highs = [_high(str(words), max(9, head.width * _WIDTH)) for words, head in texts]
        sheet.set_row(row, max(highs, default=_LINE))

    def _added(self, name: str, title: str, *, landscape: bool) -> Any:
        sheet = self.book.add_worksheet(name[:_SHEET_NAME])
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        head = self.paper.head
        sheet.set_header(
            f"&L{head.company} {head.project}\n{head.title}&C{title}"
            f"&R{head.form} {head.edition}\n{head.record}"
        )
        # A basis may be as long as the line: nothing stands in the middle.
        sheet.set_footer(f"&L{head.basis}\n{head.printed}&R第 &P 页 共 &N 页")
        return sheet

    def _chart(self, sheet: Any, row: int, block: Block) -> None:
        """Its numbers stand beneath the table, for Excel to draw from."""
        told: Any = block.chart
        many, bars = len(told["labels"]), told["kind"] == "bars"
        chart = self.book.add_chart({"type": "bar" if bars else "line"})
        sheet.write_string(row, 0, f"图表数据（{told['unit']}）", self.bold)
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
        if bars:
            chart.set_y_axis({"reverse": True, "interval_unit": 1})
            chart.set_size({"width": _CHART, "height": 90 + 14 * many * (1 + len(series))})
        chart.set_title({"none": True})
        chart.set_legend({"position": "top"})
        sheet.insert_chart(row, len(series) + 1, chart)


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


def _high(words: str, width: float) -> float:
    """Of a row in which the words are broken over a column: not every program finds out itself."""
    lines = (sum(1 + (ord(letter) > _LATIN) for letter in line) for line in words.split("\n"))
    return _LINE * sum(max(1, ceil(letters / width)) for letters in lines)


def _figure(words: str) -> tuple[str, Any]:
    """What a figure that is written as 93.1%, 3 or 4.50 is for Excel."""
    if words.endswith("%"):
        return "share", (Decimal(words[:-1]), 100)
    if words.isdecimal():
        return "number", int(words)
    return ("money", words) if "." in words else ("figure", words)


def _told(title: str, block: Block) -> list[tuple[str, str]]:
    """Of a section with a table, where that is; of any other all it says."""
    if _has_sheet(block):
        return [(title, "见同名工作表")]
    items = [
        (f"{title} {item['title']}", "\n".join(map("：".join, item["lines"])))
        for item in block.items
    ]
    return items or [(title, block.words or block.note or block.nothing)]


def _signed(name: str, at: datetime | None) -> str:
    return f"{name} {localtime(at):%Y-%m-%d %H:%M}" if at else ""
