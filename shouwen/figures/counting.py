"""Counting verdicts: how each counts at a moment, and the sums of a place and a period.

Locked months come from their tallies, with what was restated since; all else from its verdicts.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Max, Q, QuerySet, Sum, Value, When

from shouwen.accounts.models import OrgUnit
from shouwen.estate.models import Unit
from shouwen.figures.models import MonthLock, Tally, Verdict
from shouwen.rules.figures import Counts
from shouwen.rules.periods import Period

#: By what a figure is told apart, and the column of a verdict that says it.
COLUMNS = {
    "department": "department_id",
    "building": "building_id",
    "staff": "staff_id",
    "kind": "kind",
    "project": "project_id",
}
#: Sums are told apart by days too, to be put together by periods (`sums_over`).
_COLUMNS = {**COLUMNS, "day": "on"}
#: A measure and the key of a line ("" for the whole, and for what belongs to no line).
Line = tuple[str, str]


def at_place(place: OrgUnit) -> Q:
    return Q(**{f"{place.kind}_id": place.pk})


def outcome(at: datetime, *, restated: bool = True) -> Case:
    """How a verdict counts at a moment: as restated, as locked, or as it stands; an undecided one
    whose time has passed has failed."""
    told = [When(~Q(restated=""), then=F("restated"))] if restated else []
    expired = Q(verdict="open", locked=False, decides_at__lte=at)
    return Case(
        *told, When(expired, then=Value("miss")), default=F("verdict"), output_field=CharField()
    )


def counted(
    place: OrgUnit, period: Period, at: datetime, measure: str = "", *, restated: bool = True
) -> QuerySet[Verdict]:
    """The verdicts that count, each with `counted`: how."""
    rows = Verdict.objects.filter(at_place(place), on__range=(period.first, period.last))
    if measure:
        rows = rows.filter(measure=measure)
    return rows.annotate(counted=outcome(at, restated=restated)).exclude(counted="")


@dataclass
class Sums:
    """What a period comes to, measure by measure and line by line."""

    now: dict[Line, Counts] = field(default_factory=lambda: defaultdict(Counts))
    locked: dict[Line, Counts] = field(default_factory=lambda: defaultdict(Counts))
    """The same without what was restated."""
    labels: dict[Line, str] = field(default_factory=dict)
    """Names of lines as they were when they were locked."""
    is_locked: bool = False
    """Every month of it, at every project."""

    def lines(self) -> dict[str, list[str]]:
        """The keys of each measure."""
        found: dict[str, list[str]] = defaultdict(list)
        for measure, key in {**self.locked, **self.now}:
            found[measure].append(key)
        return found


def sums(place: OrgUnit, period: Period, at: datetime, *, measure: str = "", by: str = "") -> Sums:
    found = Sums()
    if period.kind in ("day", "week"):
        found.is_locked = is_locked(place, period)
        _add(found.now, counted(place, period, at, measure), by)
        _add(found.locked, counted(place, period, at, measure, restated=False), by)
        return found
    left = _not_locked(place, period)
    found.is_locked = not left
    live = grouped(counted(place, left, at, measure).filter(locked=False), by) if left else []
    for line, counts in [*_tallied(found, place, period, measure, by), *live]:
        found.now[line] += counts
        found.locked[line] += counts
    for line, counts in _restated(place, period, by):
        if measure in ("", line[0]):
            found.now[line] += counts
    return found


def sums_over(
    place: OrgUnit, periods: Sequence[Period], at: datetime, measure: str = ""
) -> list[Sums]:
    """The sums of each of these periods, which follow one another, asked for together."""
    first, last = periods[0], periods[-1]
    whole = sums(place, replace(first, last=last.last), at, measure=measure, by="day")
    locked, firsts = locked_among(place, periods), [period.first for period in periods]
    found = [Sums(is_locked=period in locked) for period in periods]
    for name in ("now", "locked"):
        for (key, day), counts in getattr(whole, name).items():
            among = found[bisect(firsts, date.fromisoformat(day)) - 1]
            getattr(among, name)[key, ""] += counts
    return found


def _not_locked(place: OrgUnit, period: Period) -> Period | None:
    """From the first month that is not locked to the last: of the others no verdict need be
    read."""
    months = list(period.parts("month"))
    locked = locked_among(place, months)
    left = [month for month in months if month not in locked]
    return replace(left[0], last=left[-1].last) if left else None


def _add(into: dict[Line, Counts], rows: QuerySet[Verdict], by: str) -> None:
    for line, counts in grouped(rows, by):
        into[line] += counts


def grouped(
    rows: QuerySet[Verdict], by: str, how: str = "counted", sign: int = 1
) -> Iterable[tuple[Line, Counts]]:
    """The sums of verdicts, each part (one outcome of one line) by itself."""
    keys = ["measure", *([_COLUMNS[by]] if by else []), how]
    weighed = Q(waited=True) & ~Q(**{how: "out"})
    judged = Q(**{f"{how}__in": ["hit", "miss"]})
    told = rows.order_by().values(*keys).annotate(
        n=Count("pk"), paused=Count("pk", filter=weighed), total=Sum("score", filter=judged)
    )  # fmt: skip
    for row in told:
        part: dict[str, Any] = {row[how]: sign * row["n"]}
        yield (
            (row["measure"], _key(row, by)),
            Counts(**part, waited=sign * row["paused"], score=sign * (row["total"] or 0)),
        )


def _key(row: dict[str, Any], by: str) -> str:
    value = row[_COLUMNS[by]] if by else ""
    return "" if value is None else str(value)


def _tallied(
    found: Sums, place: OrgUnit, period: Period, measure: str, by: str
) -> Iterable[tuple[Line, Counts]]:
    """The sums of the locked months; a base that is no list of records is that of the last."""
    rows = Tally.objects.filter(at_place(place), month__range=(period.first, period.last))
    if measure:
        rows = rows.filter(measure=measure)
    key = {"project": "project_id", "day": "month"}.get(by, "key")
    rows = rows.filter(by=by if key == "key" else "")
    parts = ("hit", "miss", "open", "out", "waited", "score")
    told = rows.values("measure", key, "label").annotate(**{f"n_{p}": Sum(p) for p in parts})
    for row in told:
        line = (row["measure"], str(row[key]))
        if row["label"]:
            found.labels[line] = row["label"]
        yield line, Counts(**{part: row[f"n_{part}"] for part in parts})


def _restated(place: OrgUnit, period: Period, by: str) -> Iterable[tuple[Line, Counts]]:
    """What restatements changed since: less what was locked, plus what counts now."""
    rows = restated_in(place, period)
    yield from grouped(rows.exclude(verdict=""), by, "verdict", sign=-1)
    yield from grouped(rows, by, "restated")


def restated_in(place: OrgUnit, period: Period) -> QuerySet[Verdict]:
    """Those few of all measures. Asked for one measure SQLite would read all that it judged, rather
    than the index of these."""
    return Verdict.objects.filter(
        ~Q(restated=""), at_place(place), group_id=place.group_id,
        on__range=(period.first, period.last),
    )  # fmt: skip


# --- Bases and locks ------------------------------------------------------------------------------


def households(place: OrgUnit, period: Period, by: str = "") -> dict[str, int]:
    """How many homes there are: a denominator that is no list of records. By building or project,
    or the whole under "". Of a locked month: how many there were."""
    by = by if by in ("building", "project") else ""
    rows, key = _homes_locked(place, period, by) or _homes(place, by or "project")
    told = {str(row[key]): row["n"] for row in rows}
    return told if by else {"": sum(told.values())}


def _homes(place: OrgUnit, by: str) -> tuple[Iterable[dict[str, Any]], str]:
    homes = Unit.objects.filter(at_place(place)).exclude(use__in=NO_HOME).order_by()
    return homes.values(COLUMNS[by]).annotate(n=Count("pk")), COLUMNS[by]


def _homes_locked(
    place: OrgUnit, period: Period, by: str
) -> tuple[Iterable[dict[str, Any]], str] | None:
    month = period.last.replace(day=1)
    if not is_locked(place, Period(month, period.last, "month")):
        return None
    key = "key" if by == "building" else "project_id"
    rows = Tally.objects.filter(
        at_place(place), month=month, base__gt=0, by="building" if by == "building" else ""
    )
    return rows.values(key).annotate(n=Max("base")), key


#: Uses of a unit in which nobody lives or works.
NO_HOME = ("车位", "车库", "储藏室", "设备用房")


def is_locked(place: OrgUnit, period: Period) -> bool:
    """Whether every month of it is locked at every project of the place."""
    return period in locked_among(place, [period])


def locked_among(place: OrgUnit, periods: Sequence[Period]) -> set[Period]:
    """Those of these periods, which follow one another, that are locked whole."""
    projects = projects_of(place)
    span = (periods[0].first.replace(day=1), periods[-1].last)
    locks = MonthLock.objects.filter(project__in=projects, month__range=span)
    each, many = Counter(locks.values_list("month", flat=True)), projects.count()
    return {p for p in periods if many and all(each[month] == many for month in _months(p))}


def _months(period: Period) -> set[date]:
    """The first days of the months that it touches."""
    if period.kind in ("day", "week"):
        return {period.first.replace(day=1), period.last.replace(day=1)}
    return {month.first for month in period.parts("month")}


def projects_of(place: OrgUnit) -> QuerySet[OrgUnit]:
    return OrgUnit.objects.filter(
        path__startswith=place.path, kind=OrgUnit.Kind.PROJECT, closed_at=None
    )
