"""Sections made of figures."""

from __future__ import annotations

from shouwen.figures import queries
from shouwen.figures.queries import Shown
from shouwen.rules.figures import Figure
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.shapes import FigureRow, Figures


def shown(asked: Asked) -> list[Shown]:
    """The measures that the statement is about, as they stand."""
    wanted = asked.rule.measures
    return [
        row
        for row in queries.figures(asked.unit, asked.period, asked.at)
        if not wanted or row.figure.measure.id in wanted
    ]


def figures(asked: Asked) -> Figures:
    """Each measure against its target, beside the period before."""
    before = {row.figure.key: row.figure.words for row in shown(asked.before)}
    rows = tuple(_row(row, before.get(row.figure.key, "—")) for row in shown(asked))
    return Figures("figures", "指标达成情况", rows)


def _row(row: Shown, before: str) -> FigureRow:
    figure, measure, counts = row.figure, row.figure.measure, row.figure.counts
    return FigureRow(
        key=figure.key, title=measure.title, clause=measure.clause, formula=measure.formula,
        target=measure.target, words=figure.words, value=_value(figure), before=before,
        met=figure.is_met, gap=figure.gap, hit=counts.hit, miss=counts.miss, open=counts.open,
        out=counts.out, small=figure.is_small, locked=row.locked.words if row.locked else "",
        beside=measure.beside, url=row.url,
    )  # fmt: skip


def _value(figure: Figure) -> tuple[int, int] | None:
    if figure.value is None:
        return None
    return (figure.counts.hit, 1 if figure.measure.value == "count" else figure.counts.n)
