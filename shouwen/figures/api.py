"""The HTTP side of figures, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Path, Query, Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.figures.listing import how_of, why_of
from shouwen.figures.models import Verdict
from shouwen.figures.queries import SEE, By, Shown, behind, figure_by, get_place
from shouwen.figures.queries import figure as figure_of
from shouwen.figures.queries import figures as figures_of
from shouwen.rules.periods import Period, read_period
from shouwen.rules.refused import Refused
from shouwen.web.http import Code, Cursor, Limit, Order, extra

router = Router()
ON = Order[Verdict]("judged_at", descending=True)
Stretch = Annotated[str, Query(max_length=10, pattern=r"^[0-9WQH-]+$")]
Rule = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")]


class FigureAnswer(Schema):
    key: str
    """The regulation and its measure: "customer-communication/complaint-closed"."""
    title: str
    clause: str
    place: str
    period: str
    line: str
    """Of a line of a figure: the department, the building, …; else empty."""
    line_key: str
    target: str
    value: float | None
    words: str
    is_met: bool | None
    gap: int
    hit: int
    miss: int
    open: int
    out: int
    n: int
    waited: int
    is_small: bool
    is_locked: bool
    locked: str
    """What it was when it was locked, where it was restated since."""
    beside: str
    """The measure whose literal formula this one corrects."""


class FigureList(Schema):
    items: list[FigureAnswer]


class VerdictAnswer(Schema):
    id: int
    record: str
    label: str
    case: str
    on: date
    project: str
    outcome: str
    why: str
    score: float | None
    waited: bool
    judged_at: datetime


class VerdictPage(Schema):
    items: list[VerdictAnswer]
    next: str | None
    count: int
    """Of all pages: as many as the figure says."""


def figure_answer(shown: Shown) -> FigureAnswer:
    figure, counts, measure = shown.figure, shown.figure.counts, shown.figure.measure
    return FigureAnswer(
        key=figure.key, title=measure.title, clause=measure.clause, place=shown.place.code,
        period=shown.period.key, line=shown.label, line_key=shown.key, target=measure.target,
        value=None if figure.value is None else float(figure.value), words=figure.words,
        is_met=figure.is_met, gap=figure.gap, hit=counts.hit, miss=counts.miss, open=counts.open,
        out=counts.out, n=counts.n, waited=counts.waited, is_small=figure.is_small,
        is_locked=shown.is_locked, locked=shown.locked.words if shown.locked else "",
        beside=measure.beside,
    )  # fmt: skip


def verdict_answer(row: Verdict) -> VerdictAnswer:
    return VerdictAnswer(
        id=row.pk, record=row.record, label=row.label, case=row.case.number if row.case else "",
        on=row.on, project=row.project.code, outcome=how_of(row), why=why_of(row), score=row.score,
        waited=row.waited, judged_at=row.judged_at,
    )  # fmt: skip


def _asked(request: SignedInRequest, place: str, period: str) -> tuple[OrgUnit, Period]:
    try:
        return get_place(request.scope, place), read_period(period)
    except (ValueError, OverflowError):
        raise Refused(
            "bad-period", "期间写成 2026-11、2026-Q4、2026-H2、2026 或 2026-W48。", field="period"
        ) from None


@router.get("/figures", response=FigureList, summary="指标", openapi_extra=extra(SEE))
def list_figures(
    request: SignedInRequest, place: Annotated[Code, Query()], period: Stretch
) -> FigureList:
    """Every measure of a project, company or group in a period."""
    unit, stretch = _asked(request, place, period)
    told = figures_of(unit, stretch, request.at)
    return FigureList(items=[figure_answer(shown) for shown in told])


@router.get(
    "/figures/{regulation}/{rule}",
    response=FigureList,
    summary="一项指标",
    openapi_extra=extra(SEE),
)
def show_figure(
    request: SignedInRequest,
    regulation: Rule,
    rule: Rule,
    place: Annotated[Code, Query()],
    period: Stretch,
    by: By | None = None,
) -> FigureList:
    """The whole; with `by` line by line, which adds up to it."""
    unit, stretch = _asked(request, place, period)
    key = f"{regulation}/{rule}"
    if by is None:
        return FigureList(items=[figure_answer(figure_of(unit, stretch, key, request.at))])
    lines = figure_by(unit, stretch, key, by, request.at)
    return FigureList(items=[figure_answer(shown) for shown in lines])


@router.get(
    "/figures/{regulation}/{rule}/records",
    response=VerdictPage,
    summary="一项指标的记录",
    openapi_extra=extra(SEE),
)
def list_figure_records(
    request: SignedInRequest,
    regulation: Rule,
    rule: Rule,
    place: Annotated[Code, Query()],
    period: Stretch,
    outcome: Literal["hit", "miss", "open", "out"] | None = None,
    by: By | None = None,
    key: Annotated[str, Query(max_length=24, pattern=r"^[a-z0-9-]*$")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> VerdictPage:
    """Exactly what it counts, the last judged first."""
    unit, stretch = _asked(request, place, period)
    figure = figure_of(unit, stretch, f"{regulation}/{rule}", request.at).figure
    rows = behind(unit, stretch, figure.key, request.at, outcome or "", by=by or "", key=key)
    found, following = ON.page(rows.select_related("case", "project"), cursor, limit)
    items = [verdict_answer(row) for row in found]
    return VerdictPage(items=items, next=following, count=rows.count())
