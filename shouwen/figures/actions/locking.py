"""The lock of a month: from then on its figures stand, with the records that they count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.one_by_one import raise_all, tried
from shouwen.figures.actions.keeping import FIGURES, rejudge
from shouwen.figures.counting import COLUMNS, Line, grouped, households, outcome, projects_of
from shouwen.figures.labels import labels
from shouwen.figures.measures import Held, end_of, measures_at, midnight
from shouwen.figures.models import MonthLock, Tally, Verdict
from shouwen.followup.actions.planning import locked_cursor
from shouwen.rules.figures import Counts
from shouwen.rules.periods import Period, period
from shouwen.rules.refused import Refused

#: Who may lock a month before its date.
LOCKS = "case.rule"
#: The day of the next month at whose end a month is locked, where no regulation names one.
DAY = "5"
#: How far back the worker locks. Older months were taken in from elsewhere, and nobody signed them.
BACK = 2
#: Tallies written together.
BATCH = 2000


def lock_due(project: OrgUnit, month: Period, at: datetime) -> datetime:
    """When the month is locked by its date: the end of the 5th of the next month, or of the day
    that a regulation in force names (`terms.month_lock_day`)."""
    rules = rulebook(pin(project, min(at, end_of(month))).pk)
    day = int(rules.term("month_lock_day", DAY))
    return midnight(month.last + timedelta(days=day + 1))


def lock(*, project: OrgUnit, month: Period, by: Scope, at: datetime) -> MonthLock:
    """Lock it before its date: whoever signs for the month wants figures that stand."""
    by.require(LOCKS, project)
    if at < end_of(month):
        raise Refused("not-over", f"{month.words}还没有结束，结束后才能锁定。")
    return _lock(project, month, by, at)


def lock_with_signature(*, place: OrgUnit, month: Period, by: Scope, at: datetime) -> None:
    """Whoever signs a month signs figures that stand: it is locked at each of its projects where it
    is not yet. Who may sign needs no other right. A month that is not over stays as it is."""
    if at < end_of(month):
        return
    with transaction.atomic():
        locked_cursor(FIGURES)
        for project in _unlocked(place, month):
            _lock(project, month, by, at)


def count_anew(*, place: OrgUnit, month: Period, at: datetime) -> None:
    """Judge what is not locked as the lock will: for who is about to sign."""
    for project in _unlocked(place, month):
        rejudge(project=project, month=month, at=at)


def _unlocked(place: OrgUnit, month: Period) -> list[OrgUnit]:
    locked = MonthLock.objects.filter(month=month.first).values("project")
    return list(projects_of(place).exclude(pk__in=locked).order_by("pk"))


def lock_what_is_due(*, at: datetime) -> int:
    """Lock every month whose date has come. Returns how many."""
    this = period("month", localdate(at))
    months = [this.before()]
    while len(months) < BACK:
        months.append(months[-1].before())
    projects = OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT, closed_at=None).order_by("pk")
    due = list(_due(list(projects), months, at))
    raise_all(tried(due, lambda one: _lock(*one, None, at)))
    _settle(at)
    return len(due)


def _due(
    projects: list[OrgUnit], months: list[Period], at: datetime
) -> Iterator[tuple[OrgUnit, Period]]:
    """The oldest first."""
    locked = set(
        MonthLock.objects.filter(month__gte=months[-1].first).values_list("project", "month")
    )
    for month in reversed(months):
        for project in projects:
            if (project.pk, month.first) not in locked and lock_due(project, month, at) <= at:
                yield project, month


def _settle(at: datetime) -> None:
    """What was undecided at the lock and has failed since, unasked, stands beside it."""
    Verdict.objects.filter(
        locked=True, verdict="open", restated="", later="", decides_at__lte=at
    ).update(later="miss", later_why="到期未完成", judged_at=at)


def _lock(project: OrgUnit, month: Period, by: Scope | None, at: datetime) -> MonthLock:
    with transaction.atomic():
        locked_cursor(FIGURES)
        place = {"project": project, "company": project.company, "group": project.group}
        if MonthLock.objects.filter(project=project, month=month.first).exists():
            raise Refused("locked-already", f"{month.words}已经锁定，不用再锁；要改请申请更正。")
        rejudge(project=project, month=month, at=at)
        held = measures_at(project, end_of(month))
        _freeze(project, month, at)
        Tally.objects.bulk_create(_tallies(project, month, held, at), batch_size=BATCH)
        return MonthLock.objects.create(
            month=month.first, due_at=lock_due(project, month, at), at=at,
            by=by.staff if by else None, measures=[_kept(one) for one in held], **place,
        )  # fmt: skip


def _kept(held: Held) -> dict[str, object]:
    return {"regulation": held.regulation, "rule": held.measure.model_dump(mode="json")}


def _freeze(project: OrgUnit, month: Period, at: datetime) -> None:
    """Every verdict as it counts at this moment, from now on."""
    rows = Verdict.objects.filter(project=project, on__range=(month.first, month.last))
    rows.filter(locked=False).update(verdict=outcome(at), locked=True)


def _tallies(project: OrgUnit, month: Period, held: list[Held], at: datetime) -> Iterator[Tally]:
    """The whole and every line of every measure."""
    based = {one.key for one in held if one.measure.base}
    for by in ("", *(name for name in COLUMNS if name != "project")):
        told = _told(project, month, by, [one.key for one in held])
        names = labels(project, by, {key for _measure, key in told}, at)
        homes = households(project, month, by)
        for (measure, key), counts in told.items():
            base = homes.get(key, homes.get("", 0)) if measure in based else 0
            yield Tally(
                project=project, company=project.company, group=project.group, month=month.first,
                measure=measure, by=by, key=key, label=names[key][:60] if by else "",
                hit=counts.hit, miss=counts.miss, open=counts.open, out=counts.out,
                waited=counts.waited, score=counts.score, base=base,
            )  # fmt: skip


def _told(project: OrgUnit, month: Period, by: str, measures: list[str]) -> dict[Line, Counts]:
    """What is counted line by line; as a whole every measure, though nothing was judged."""
    told = {(measure, ""): Counts() for measure in measures if not by}
    rows = Verdict.objects.filter(project=project, on__range=(month.first, month.last))
    for line, counts in grouped(rows.exclude(verdict=""), by, "verdict"):
        told[line] = told.get(line, Counts()) + counts
    return told
