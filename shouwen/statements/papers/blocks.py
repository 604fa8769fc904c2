"""A statement as it goes onto paper: one block for each of its sections, cells as they are stored.

PDF, Word and Excel are made of the same blocks, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouwen.statements.content.cells import shown
from shouwen.statements.content.shapes import NUMBERS
from shouwen.statements.models import Statement
from shouwen.statements.reading import sections

Cells = Sequence[Any]
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Head:
    title: str
    kind: str = "text"
    width: float = 1

    @property
    def right(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Block:
    title: str
    """Without its number."""
    words: str = ""
    columns: tuple[Head, ...] = ()
    rows: tuple[Cells, ...] = ()
    total: Cells = ()
    note: str = ""
    nothing: str = ""
    chart: Mapping[str, Any] | None = None
    items: tuple[Mapping[str, Any], ...] = ()

    @property
    def texts(self) -> list[list[str]]:
        """The rows, written."""
        return [self.written(cells) for cells in self.rows]

    def written(self, cells: Cells) -> list[str]:
        return [shown(cell, head.kind) for cell, head in zip(cells, self.columns, strict=False)]

    @property
    def width(self) -> float:
        return sum(head.width for head in self.columns)

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.items or self.words or self.chart)


def numbered(blocks: Iterable[Block]) -> list[tuple[str, Block]]:
    """With their headings: 一、概况."""
    return [(f"{numeral(place)}、{block.title}", block) for place, block in enumerate(blocks, 1)]


def numeral(number: int) -> str:
    """1–99 as 一, 十一, 二十."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return ten + (_NUMERALS[ones - 1] if ones else "")


def blocks_of(row: Statement) -> list[Block]:
    """Of its sections, and of the measures that it promises."""
    found = [_MAKE[section["kind"]](section) for section in sections(row)]
    return [*found, *_promised(row)]


def _text(section: Mapping[str, Any]) -> Block:
    return Block(section["title"], words=section["words"], nothing="—")


def _table(section: Mapping[str, Any]) -> Block:
    more = f"另有 {section['more']} 行未列出，请在系统中查看。" if section["more"] else ""
    return Block(
        section["title"],
        columns=tuple(Head(**column) for column in section["columns"]),
        rows=tuple(row["cells"] for row in section["rows"]),
        total=section["total"],
        note="　".join(filter(None, (section["note"], more))),
        nothing=section["nothing"],
        chart=section["chart"],
    )


FIGURES = (
    Head("指标", width=2.6), Head("条款", width=1.4), Head("目标", width=1), Head("本期", "figure"),
    Head("分子", "number", 0.8), Head("分母", "number", 0.8), Head("上期", "figure"),
    Head("结果", width=1.8), Head("未定", "number", 0.7), Head("不计", "number", 0.7),
)  # fmt: skip


def _figures(section: Mapping[str, Any]) -> Block:
    locked = [f"{row['title']}锁定时为 {row['locked']}" for row in section["rows"] if row["locked"]]
    return Block(
        section["title"], columns=FIGURES, rows=tuple(map(_figure, section["rows"])),
        note="；".join(locked), nothing=section["nothing"], chart=section["chart"],
    )  # fmt: skip


def _figure(row: Mapping[str, Any]) -> Cells:
    above, below = row["value"] or (row["hit"], None)
    return (
        row["title"], row["clause"], row["target"], row["words"], above, below, row["before"],
        result(row), row["open"], row["out"],
    )  # fmt: skip


def result(row: Mapping[str, Any]) -> str:
    """达标, 还差 2 件, 未达标; and that the number is a small one."""
    told = {True: "达标", False: "未达标", None: "—"}[row["met"]]
    if row["gap"]:
        told = f"差 {row['gap']} 件"
    return f"{told}（件数少）" if row["small"] else told


def _list(section: Mapping[str, Any]) -> Block:
    return Block(section["title"], items=tuple(section["items"]), nothing=section["nothing"])


_MAKE = {"text": _text, "table": _table, "figures": _figures, "list": _list}


def _promised(row: Statement) -> list[Block]:
    """The measures for single matters (S4-4.3.6a-2), where any were wanted."""
    rows = tuple(
        (
            action.case.number if action.case else "", action.subject, action.measure,
            action.owner.name if action.owner else "",
            action.due_on.isoformat() if action.due_on else None, action.progress,
        )
        for action in row.actions.select_related("case", "owner")
    )  # fmt: skip
    columns = (
        Head("编号", width=1.5), Head("事项", width=2), Head("改善措施", width=3), Head("责任人"),
        Head("期限", "date"), Head("进展", width=1.6),
    )  # fmt: skip
    return [Block("逐项改善措施", columns=columns, rows=rows)] if rows else []
