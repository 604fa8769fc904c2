"""What a sheet holds, read from its XML in little memory: rows, the table of texts, merged areas.

What a cell holds is always text; `Day`, `Formula` and `Fault` say how the cell came to hold it.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO
from xml.parsers import expat

from shouwen.rules.refused import Refused

CHUNK = 128 * 1024


class Day(str):
    """A date cell, written as 2026-11-21."""


class Formula(str):
    """A cell that is calculated, with its formula: what it would show is not known here."""


class Fault(str):
    """A cell that shows an error: #N/A, #REF!"""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row as Excel shows it, `cells` what is written there by column, from 0."""

    number: int
    cells: dict[int, str]


def column_name(index: int) -> str:
    """0 → A, 27 → AB"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def broken() -> Refused:
    return Refused(
        "broken-workbook", "这个文件已损坏，读不完整。请用 Excel 打开后另存为 .xlsx 再导入。"
    )


def safe_parser() -> expat.XMLParserType:
    """A parser that refuses document types, and with them every trick with entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise broken()

    parser.StartDoctypeDeclHandler = doctype
    return parser


def local_name(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


class LocalNames(dict[str, str]):
    """Names of elements without their prefix, each worked out once: every cell asks."""

    def __missing__(self, name: str) -> str:
        self[name] = local_name(name)
        return self[name]


class Texts:
    """The table of texts of a workbook, in a file: only where each begins is in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._starts = array("Q", [0])
        self._recent: dict[int, str] = {}
        self.loaded = False

    def close(self) -> None:
        self._file.close()

    def __getitem__(self, index: int) -> str:
        text = self._recent.get(index)
        if text is None:
            text = self._read(index)
            if len(self._recent) < 5_000:
                self._recent[index] = text
        return text

    def _read(self, index: int) -> str:
        if not 0 <= index < len(self._starts) - 1:
            raise broken()
        begin, end = self._starts[index], self._starts[index + 1]
        return os.pread(self._file.fileno(), end - begin, begin).decode()

    def load(self, stream: IO[bytes]) -> None:
        parser = safe_parser()
        parts: list[str] = []
        takes = [False]
        sound = [False]  # inside the reading aid of East Asian text, which is no text
        place = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            name = local_name(name)
            sound[0] = sound[0] or name == "rPh"
            takes[0] = name == "t" and not sound[0]

        def end(name: str) -> None:
            nonlocal place
            takes[0] = False
            name = local_name(name)
            if name == "rPh":
                sound[0] = False
            elif name == "si":
                place += self._file.write("".join(parts).encode())
                self._starts.append(place)
                parts.clear()

        def text(data: str) -> None:
            if takes[0]:
                parts.append(data)

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = text
        parser.ParseFile(stream)
        self._file.flush()
        self.loaded = True


@dataclass(slots=True)
class MergedArea:
    """Cells of one column merged downwards, and the text of the first."""

    column: int
    top: int
    bottom: int
    text: str = ""


class Merged:
    """The merged areas of a sheet, used up as its rows go by."""

    def __init__(self, areas: list[MergedArea]) -> None:
        self._ahead = deque(sorted(areas, key=lambda area: area.top))
        self._here: list[MergedArea] = []

    def fill(self, row: Row) -> Row:
        self._here = [area for area in self._here if area.bottom >= row.number]
        for area in self._here:
            if area.text:
                row.cells.setdefault(area.column, area.text)
        while self._ahead and self._ahead[0].top <= row.number:
            area = self._ahead.popleft()
            if area.top == row.number:
                area.text = row.cells.get(area.column, "")
                self._here.append(area)
        return row


@dataclass
class SheetReader:
    """Builds rows from the elements of one sheet."""

    texts: Texts
    dates: set[int]
    first_day: date
    _ready: list[Row] = field(default_factory=list)
    _cells: dict[int, str] = field(default_factory=dict)
    _columns: dict[str, int] = field(default_factory=dict)
    _number: int = 0
    _column: int = -1
    _type: str = "n"
    _style: int = 0
    _text: list[str] = field(default_factory=list)
    _formula: list[str] = field(default_factory=list)
    _calculated: bool = False
    _into: list[str] | None = None
    _names: LocalNames = field(default_factory=lambda: LocalNames())

    def rows(self, stream: IO[bytes]) -> Iterator[Row]:
        parser = safe_parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
            yield from self._ready
            self._ready.clear()
        parser.Parse(b"", True)
        yield from self._ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = self._names[name]
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._into = self._text
        elif name == "f":
            self._calculated = True
            self._into = self._formula
        elif name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._column = -1
        elif name == "rPh":
            self._type = "sound"

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        if reference:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_index(letters)
            self._column = column
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._calculated = False
        self._text.clear()
        self._formula.clear()

    def _characters(self, data: str) -> None:
        if self._into is not None and self._type != "sound":
            self._into.append(data)

    def _end(self, name: str) -> None:
        name = self._names[name]
        if name == "c":
            value = self._value()
            if value:
                self._cells[self._column] = value
        elif name in ("v", "t", "f"):
            self._into = None
        elif name == "rPh":
            self._type = "inlineStr"
        elif name == "row" and self._cells:
            self._ready.append(Row(self._number, self._cells))
            self._cells = {}

    def _value(self) -> str:
        text = "".join(self._text)
        if self._calculated:
            return Formula("=" + "".join(self._formula))
        if self._type == "s":
            return self.texts[int(text)].strip() if text else ""
        if self._type == "n":
            return self._number_text(text) if text else ""
        if self._type == "e":
            return Fault(text)
        if self._type == "d":
            return Day(text[:10])
        return text.strip()

    def _number_text(self, text: str) -> str:
        number = float(text)
        if self._style in self.dates:
            return _day(number, self.first_day) or text
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return repr(number)


def _day(serial: float, first: date) -> Day | None:
    """The date of a serial number; none when it is only a time or beyond the calendar."""
    if not 1 <= serial < 2_900_000:
        return None
    return Day((first + timedelta(days=int(serial))).isoformat())
