"""Sections made of figures: against their targets, over time, of one unit beside the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from shouwen.accounts.models import OrgUnit
from shouwen.figures.queries import Shown
from shouwen.rules.figures import Counts, Figure
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.cells import aim
from shouwen.statements.content.shapes import Chart, Column, FigureRow, Figures, Row, Table

#: Periods that a trend shows, and the lines that an eye can follow.
BACK, LINES = 6, 3
#: Measures that a page has room for beside each other.
WIDE = 8


def attained(asked: Asked) -> Figures:
    """Each measure against its target, beside the period before."""
    before = {row.figure.key: row.figure.words for row in asked.before.figures}
    rows = tuple(_row(row, before.get(row.figure.key, "—")) for row in asked.figures)
    return Figures("figures", "指标达成情况", rows)


def _row(row: Shown, before: str) -> FigureRow:
    figure, measure, counts = row.figure, row.figure.measure, row.figure.counts
    return FigureRow(
        key=figure.key, title=measure.title, clause=measure.clause, formula=measure.formula,
        target=aim(measure.target), words=figure.words, value=_value(figure), before=before,
        met=figure.is_met, gap=figure.gap, hit=counts.hit, miss=counts.miss, open=counts.open,
        out=counts.out, small=figure.is_small, locked=row.locked.words if row.locked else "",
        beside=measure.beside, url=row.url,
    )  # fmt: skip


def _value(figure: Figure) -> tuple[int, int] | None:
    """Numerator and denominator, of shares only."""
    counts = figure.counts
    return (counts.hit, counts.n) if figure.measure.value == "rate" and counts.n else None


# --- Over time ------------------------------------------------------------------------------------


def trend(asked: Asked) -> Table:
    """Every measure in the last periods, and the first of the shares as lines."""
    spans = [asked]
    while len(spans) < BACK:
        spans.append(spans[-1].before)
    spans.reverse()
    told = [{row.figure.key: row for row in span.figures} for span in spans]
    rows = tuple(
        Row((row.figure.measure.title, aim(row.figure.measure.target), *_over(told, row)), row.url)
        for row in asked.figures
    )
    names = tuple(Column(_short(span), "figure") for span in spans)
    columns = (Column("指标", width=2), Column("目标"), *names)
    return Table("trend", "趋势", columns, rows, chart=_lines(spans, told, asked.figures))


def _over(told: Sequence[dict[str, Shown]], row: Shown) -> list[str]:
    return [now[row.figure.key].figure.words if row.figure.key in now else "" for now in told]


def _lines(
    spans: Sequence[Asked], told: Sequence[dict[str, Shown]], rows: Sequence[Shown]
) -> Chart | None:
    shares = [row.figure for row in rows if row.figure.measure.value == "rate" and row.figure.value]
    series = tuple(
        (figure.measure.title, tuple(_percent(now.get(figure.key)) for now in told))
        for figure in shares[:LINES]
    )
    labels = tuple(_short(span) for span in spans)
    drawn = [values for _title, values in series if len(values) - values.count(None) > 1]
    return Chart("lines", labels, series, "%") if drawn else None


def _short(span: Asked) -> str:
    """ "11月", "第四季度": without the year, where that leaves anything."""
    words = span.period.words
    return words.removeprefix(f"{span.period.first.year}年") or words


def _percent(row: Shown | None) -> float | None:
    if row is None or row.figure.value is None:
        return None
    return round(float(row.figure.value) * 100, 1)


# --- Beside the others ----------------------------------------------------------------------------


def ranking(asked: Asked) -> Table:
    """The projects of a company, or the companies of a group with all their projects: who reached
    how many of the targets (S4-4.3.6c-1b)."""
    aimed = [row for row in asked.own if row.figure.measure.target][:WIDE]
    shares = {row.figure.key: _by_project(asked, row.figure.key) for row in aimed}
    units = _below(asked.unit)
    lines = [
        _ranked(unit, [(row.figure, shares[row.figure.key]) for row in aimed]) for unit in units
    ]
    lines.sort(key=lambda line: (-line[0], str(line[1].cells[0])))
    rows = tuple(Row((place, *row.cells)) for place, (_score, row) in enumerate(lines, start=1))
    titles = tuple(Column(row.figure.measure.title, "figure") for row in aimed)
    columns = (
        Column("名次", "number", 0.6), Column("单位", width=1.5), Column("达标", width=0.8),
        *titles,
    )  # fmt: skip
    note = "按达到目标的指标所占比例排列；“—”为本期没有需要考核的记录。"
    return Table("ranking", "各单位排名", columns, rows, note=note)


def _below(unit: OrgUnit) -> list[OrgUnit]:
    """The companies and projects beneath it."""
    kinds = (OrgUnit.Kind.COMPANY, OrgUnit.Kind.PROJECT)
    below = OrgUnit.objects.filter(path__startswith=unit.path, kind__in=kinds, closed_at=None)
    return list(below.exclude(pk=unit.pk).order_by("path"))


def _by_project(asked: Asked, measure: str) -> dict[int, Counts]:
    """The counts of each project, and of each company as their sum."""
    found: dict[int, Counts] = defaultdict(Counts)
    lines = asked.lines[measure]
    projects = OrgUnit.objects.in_bulk([int(line.key) for line in lines])
    for line in lines:
        if project := projects.get(int(line.key)):
            for pk in filter(None, {project.pk, project.company_id}):
                found[pk] += line.figure.counts
    return found


def _ranked(unit: OrgUnit, told: Sequence[tuple[Figure, dict[int, Counts]]]) -> tuple[float, Row]:
    own = [figure.with_counts(counts.get(unit.pk, Counts())) for figure, counts in told]
    judged = [figure.is_met for figure in own if figure.is_met is not None]
    met = sum(judged)
    name = unit.name if unit.kind == OrgUnit.Kind.PROJECT else f"{unit.name}（公司）"
    cells = (name, f"{met}/{len(judged)}", *(figure.words for figure in own))
    return (met / len(judged) if judged else -1), Row(cells)
