"""A statement as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from shouwen.papers.shapes import Sheet
from shouwen.papers.sheet import render
from shouwen.statements.charts import draw
from shouwen.statements.papers.blocks import Block, numbered
from shouwen.statements.papers.paper import Paper, Signature

#: A table of more than so many common columns lies better across the page.
UPRIGHT = 13


@dataclass(frozen=True)
class StatementSheet(Sheet):
    app: ClassVar[str] = "statements"
    template: ClassVar[str] = "statement"

    facts: tuple[tuple[str, str], ...]
    blocks: tuple[dict[str, Any], ...]
    signed: tuple[Signature, ...]
    landscape: bool


def as_pdf(paper: Paper) -> bytes:
    return render(
        StatementSheet(
            head=paper.head,
            facts=paper.facts,
            blocks=tuple(_block(title, block) for title, block in numbered(paper.blocks)),
            signed=paper.signatures,
            landscape=lies(paper),
        )
    )


def lies(paper: Paper) -> bool:
    """Whether a table is too wide for an upright page."""
    return any(block.width > UPRIGHT for block in paper.blocks)


def _block(title: str, block: Block) -> dict[str, Any]:
    return {
        "title": title,
        "words": block.words.split("\n") if block.words else [],
        "columns": [{"title": h.title, "width": h.width, "right": h.right} for h in block.columns],
        "rows": block.texts,
        "total": block.written(block.total),
        "note": block.note,
        "nothing": block.nothing if block.is_empty else "",
        "chart": draw(block.chart) if block.chart else "",
        "items": block.items,
    }
