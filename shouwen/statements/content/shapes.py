"""The shapes of sections. All are plain values once `plain` has read them, fit for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

CellKind = Literal["text", "number", "money", "share", "figure", "moment", "due", "date"]
#: text; a number; money "12.00"; a share as [27, 29]; a figure in words, "93.1%"; a moment, a due
#: time or a day as ISO text.
Cell = str | int | Sequence[int] | None
#: What stands on the right of its column.
NUMBERS = ("number", "money", "share", "figure")
#: A statement is read, not searched: what goes beyond is on the list that it leads to.
MOST = 500


@dataclass(frozen=True)
class Chart:
    """Bars (each with its label), or lines over periods. Values of a share are in percent."""

    kind: Literal["bars", "lines"]
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    """Name and values; none where there was nothing to judge."""
    unit: str = "件"
    target: float | None = None


@dataclass(frozen=True)
class Section:
    kind: ClassVar[str]
    id: str
    title: str


@dataclass(frozen=True)
class Text(Section):
    """Words that a person may write in place of the draft."""

    kind: ClassVar[str] = "text"
    draft: str = ""
    hint: str = ""
    """What a person is asked to write about, where no draft can know it."""


@dataclass(frozen=True)
class Column:
    title: str
    kind: CellKind = "text"
    width: float = 1
    """Its share of the page."""


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    url: str = ""
    """The record, or the list of what is counted."""
    case: str = ""
    """The number of the case that it is about."""
    open: bool = False
    """Of a case: it was not closed when the statement was prepared."""


@dataclass(frozen=True)
class Table(Section):
    """Counts, or a list of records."""

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    more: int = 0
    """How many rows were left out; `url` leads to all of them."""
    url: str = ""
    nothing: str = "本期无记录。"
    chart: Chart | None = None


@dataclass(frozen=True)
class FigureRow:
    """One measure against its target and the period before."""

    key: str
    title: str
    clause: str
    formula: str
    target: str
    words: str
    """"93.1%"."""
    value: tuple[int, int] | None
    """Numerator and denominator; none where nothing was to be judged."""
    before: str
    """In the period before: "90.0%", "—"."""
    met: bool | None
    gap: int
    hit: int
    miss: int
    open: int
    out: int
    small: bool
    locked: str = ""
    """As it was locked, where a restatement changed it since."""
    beside: str = ""
    """The key of the measure that it corrects."""
    url: str = ""


@dataclass(frozen=True)
class Figures(Section):
    kind: ClassVar[str] = "figures"
    rows: tuple[FigureRow, ...]
    nothing: str = "本单位的制度没有规定指标。"
    chart: Chart | None = None


@dataclass(frozen=True)
class Item:
    """A matter told in several paragraphs."""

    title: str
    lines: tuple[tuple[str, str], ...]
    url: str = ""
    case: str = ""


@dataclass(frozen=True)
class Items(Section):
    kind: ClassVar[str] = "list"
    items: tuple[Item, ...]
    nothing: str = "本期无记录。"


def plain(section: Section) -> dict[str, Any]:
    """As it is stored."""
    return {"kind": section.kind, **asdict(section)}


def cut(rows: Sequence[Row]) -> tuple[tuple[Row, ...], int]:
    """The first of them, and how many were left out."""
    return tuple(rows[:MOST]), max(0, len(rows) - MOST)
