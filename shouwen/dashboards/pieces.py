"""What a dashboard is made of: tables of numbers that lead to their records, each with a chart that
is drawn from the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers. `series` says how the chart draws it: bar, line, or limit (a dashed
    line); empty: it is only read."""

    title: Any
    series: Literal["", "bar", "line", "limit"] = ""
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: as it is read, as it is drawn, and the list that it counts."""

    words: Any
    value: float | None = None
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its name, where that leads, and its numbers."""

    label: Any
    cells: Sequence[Cell]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A table and how it is drawn: bars, across (bars to the right), stack or line; empty: not."""

    name: str
    title: Any
    first: Any
    """What the lines are: 部门, 楼栋."""
    columns: Sequence[Column]
    lines: Sequence[Line]
    kind: Literal["", "bars", "across", "stack", "line"] = ""
    unit: str = ""
    note: Any = ""
    left_out: int = 0
    """How many lines are not shown."""
    folded: bool = False
    """The table is long and of little interest: it opens on demand."""


def number(count: int, url: str, tone: str = "") -> Cell:
    """A count that leads to what it counts. Nought leads nowhere and is said quietly."""
    return Cell(count, count, url, tone) if count else Cell(0, 0, "", "nought")
