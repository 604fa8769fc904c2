"""Watching the measures: a swing for the worse brings up a correction, once.

Months are looked at when they were locked, weeks on the Monday after. What is being corrected
already is not brought up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.cases.one_by_one import summed
from shouwen.dashboards.models import Watch
from shouwen.dashboards.pages.history import back_from, kind_of, points, sigmas_at
from shouwen.dashboards.pages.trend import PERIODS
from shouwen.estate.queries import place_of
from shouwen.figures.models import MonthLock, Verdict
from shouwen.figures.queries import Shown, figures_over
from shouwen.learning.actions.proposing import Found, bring_up
from shouwen.learning.models import Correction
from shouwen.rules.control import Swing, explained, swing
from shouwen.rules.figures import Figure
from shouwen.rules.periods import Period, period

#: A lock of longer ago is history, and asks nobody to act on it now.
FRESH = timedelta(days=31)


def watch(*, at: datetime) -> int:
    """Look through what was not yet looked through. Returns how many corrections it brought up."""
    return summed(_to_watch(at), lambda one: _look(*one, at))


def _to_watch(at: datetime) -> Iterator[tuple[OrgUnit, Period]]:
    fresh = MonthLock.objects.filter(at__gt=at - FRESH).order_by("month", "project_id")
    for lock in fresh.select_related("project"):
        month = period("month", lock.month)
        if not Watch.objects.filter(project=lock.project, period=month.key).exists():
            yield lock.project, month
    week = period("week", localdate(at)).before()
    counted = Verdict.objects.filter(project=OuterRef("pk"), on__range=(week.first, week.last))
    seen = Watch.objects.filter(project=OuterRef("pk"), period=week.key)
    for project in OrgUnit.objects.filter(Exists(counted), ~Exists(seen)):
        yield project, week


def _look(project: OrgUnit, spans: Period, at: datetime) -> int:
    """Every measure of one project and period."""
    found = list(swings(project, spans, at))
    Watch.objects.create(**place_of(project), period=spans.key, at=at, swings=len(found))
    return sum(_bring_up(project, shown, swung, at) for shown, swung in found)


def swings(
    project: OrgUnit, spans: Period, at: datetime
) -> Iterator[tuple[Sequence[Shown], Swing]]:
    """The measures that swung for the worse, each with its periods."""
    sigmas = sigmas_at(project, at)
    for shown in figures_over(project, back_from(spans, PERIODS), at).values():
        last = shown[-1]
        if last.period != spans or last.figure.measure.value == "mean":
            continue
        found = swing(points(shown), kind_of(last.figure), sigmas)
        if found and is_worse(last.figure, found):
            yield shown, found


def is_worse(figure: Figure, found: Swing) -> bool:
    """Whether it swung away from its target. A measure without one may be bad either way."""
    bound = figure.measure.bound
    if bound is None:
        return True
    return found.side == ("high" if bound[0] in ("<", "<=") else "low")


def _bring_up(project: OrgUnit, shown: Sequence[Shown], swung: Swing, at: datetime) -> bool:
    """Whether it was new: neither brought up nor being corrected."""
    figure, spans = shown[-1].figure, shown[-1].period
    running = Correction.objects.filter(
        project=project, trigger=Correction.Trigger.SWING, state__in=Correction.LIVE,
        key__startswith=_key(figure),
    )  # fmt: skip
    if running.exists():
        return False
    why = explained(swung, points(shown)[-1], kind_of(figure))
    target = f"目标 {figure.measure.target}。" if figure.measure.target else ""
    found = Found(
        trigger=Correction.Trigger.SWING,
        title=f"指标波动：{figure.measure.title} {figure.words}",
        problem=f"{project.name} {spans.words}：{why}{target}",
        clause=figure.measure.clause,
        key=f"{_key(figure)}{spans.key}",
    )
    return bring_up(project=project, found=found, at=at) is not None


def _key(figure: Figure) -> str:
    """Without the period. Short enough for what keeps it."""
    return f"swing:{figure.key[-60:]}:"
