"""Figures as they are asked for: of a place and a period, whole or by department, building, person,
kind; and the verdicts behind each.

Screen, export, API and statement all ask here, so that they agree to the record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.figures.counting import (
    COLUMNS,
    Sums,
    counted,
    households,
    restated_in,
    sums,
    sums_over,
)
from shouwen.figures.labels import labels
from shouwen.figures.measures import Held, end_of, fits, in_period, measures_over
from shouwen.figures.models import MonthLock, Verdict
from shouwen.rules.figure_kinds import Measure
from shouwen.rules.figures import Counts, Figure
from shouwen.rules.measures import SINCE
from shouwen.rules.periods import Period
from shouwen.rules.refused import Refused

By = Literal["department", "building", "staff", "kind", "project"]
SEE = "case.view"


@dataclass(frozen=True)
class Shown:
    """A figure of one place and period, as it stands and as it was locked."""

    place: OrgUnit
    period: Period
    figure: Figure
    locked: Figure | None = None
    """As it was locked, where a restatement changed it since."""
    is_locked: bool = False
    label: str = ""
    """Of a line of a table: the department, the building, the person, the kind, the project."""
    url: str = ""
    """The list of exactly the records that it counts."""
    key: str = ""
    """Of a line: what `behind` finds it by."""


# --- Figures --------------------------------------------------------------------------------------


def measures(place: OrgUnit, period: Period, at: datetime) -> list[Held]:
    """The measures that hold at a place in a period: as they were locked, or those in force at its
    end."""
    return _measures_over(place, [period], at)[0]


def _measures_over(place: OrgUnit, periods: Sequence[Period], at: datetime) -> list[list[Held]]:
    locked = _locked_measures(place, periods)
    in_force = measures_over(place, [min(at, end_of(period)) for period in periods])
    return [
        [
            Held(one.regulation, in_period(one, period))
            for one in locked.get(period) or held
            if fits(one.measure, period)
        ]
        for period, held in zip(periods, in_force, strict=True)
    ]


def _locked_measures(place: OrgUnit, periods: Sequence[Period]) -> dict[Period, list[Held]]:
    months = {period.first: period for period in periods if period.kind == "month"}
    if not place.is_project or not months:
        return {}
    locks = MonthLock.objects.filter(project=place, month__in=months)
    return {
        months[lock.month]: [
            Held(row["regulation"], Measure.model_validate(row["rule"])) for row in lock.measures
        ]
        for lock in locks
    }


def figures(place: OrgUnit, period: Period, at: datetime) -> list[Shown]:
    """Every measure that holds at this place (a project, company or group) in this period, in the
    order of the regulations. Locked months by their tallies, others by their verdicts."""
    held = measures(place, period, at)
    told, homes = sums(place, period, at), _homes(held, place, period)
    return [_shown(place, period, one, told, homes) for one in held]


def figure(place: OrgUnit, period: Period, measure: str, at: datetime) -> Shown:
    """One of them, by its key "customer-communication/complaint-closed"."""
    one = _held(place, period, measure, at)
    told = sums(place, period, at, measure=measure)
    homes = _homes([one], place, period)
    return _shown(place, period, one, told, homes)


def figures_over(
    place: OrgUnit, periods: Sequence[Period], at: datetime, measure: str = ""
) -> dict[str, list[Shown]]:
    """Every measure, or one, in periods that follow one another, in those in which it holds: asked
    together, whatever their number."""
    found: dict[str, list[Shown]] = defaultdict(list)
    told, held_in = sums_over(place, periods, at, measure), _measures_over(place, periods, at)
    for period, held, sums_of in zip(periods, held_in, told, strict=True):
        wanted = [one for one in held if measure in ("", one.key)]
        homes = _homes(wanted, place, period)
        for one in wanted:
            found[one.key].append(_shown(place, period, one, sums_of, homes))
    return found


def _held(place: OrgUnit, period: Period, measure: str, at: datetime) -> Held:
    held = {one.key: one for one in measures(place, period, at)}
    if measure not in held:
        raise Refused("not-found", "这里在这段时间没有这个指标，请从指标表打开。")
    return held[measure]


def _homes(held: Sequence[Held], place: OrgUnit, period: Period, by: str = "") -> dict[str, int]:
    """Asked for only where a measure divides by it."""
    wanted = any(one.measure.base for one in held)
    return households(place, period, by) if wanted else {}


def _shown(
    place: OrgUnit,
    period: Period,
    held: Held,
    told: Sums,
    homes: dict[str, int],
    key: str = "",
) -> Shown:
    base = homes.get(key, homes.get("", 0)) if held.measure.base else 0
    now, then = (
        replace(found.get((held.key, key), Counts()), base=base)
        for found in (told.now, told.locked)
    )
    one = Figure(held.regulation, held.measure, now)
    return Shown(
        place, period, one, one.with_counts(then) if then != now else None, told.is_locked,
        url=url_of(place, period, held.key),
    )  # fmt: skip


def figure_by(place: OrgUnit, period: Period, measure: str, by: By, at: datetime) -> list[Shown]:
    """The same measure, line by line; the lines add up to the whole."""
    one = _held(place, period, measure, at)
    return _lines([one], place, period, by, at, measure)[measure]


def figures_by(place: OrgUnit, period: Period, by: By, at: datetime) -> dict[str, list[Shown]]:
    """Every measure line by line, asked for together."""
    return _lines(measures(place, period, at), place, period, by, at)


def _lines(
    held: Sequence[Held], place: OrgUnit, period: Period, by: By, at: datetime, measure: str = ""
) -> dict[str, list[Shown]]:
    told = sums(place, period, at, measure=measure, by=by)
    homes, keys = _homes(held, place, period, by), told.lines()
    names = labels(place, by, set().union(*keys.values()), end_of(period))

    def line(one: Held, key: str) -> Shown:
        return replace(
            _shown(place, period, one, told, homes, key),
            label=told.labels.get((one.key, key)) or names[key],
            url=url_of(place, period, one.key, by=by, key=key or NONE),
            key=key,
        )

    return {
        one.key: sorted((line(one, key) for key in keys[one.key]), key=_busiest_first)
        for one in held
    }


def _busiest_first(line: Shown) -> tuple[bool, int, str]:
    """What belongs to no line stands last."""
    return not line.key, -line.figure.counts.listed, line.label


# --- The records behind them ----------------------------------------------------------------------

#: The key of the line of what belongs to no department, building or person, in an address.
NONE = "-"


def behind(
    place: OrgUnit,
    period: Period,
    measure: str,
    at: datetime,
    outcome: str = "",
    *,
    by: str = "",
    key: str = "",
) -> QuerySet[Verdict]:
    """The records that a figure counts, all of them or those of one outcome (hit, miss, open, out):
    as many as the figure says. `by` and `key`: those of one line. Each has `counted`: how it
    counts now."""
    rows = counted(place, period, at, measure).order_by("-on", "-pk")
    if by in COLUMNS:
        rows = rows.filter(**_of_line(COLUMNS[by], key))
    return rows.filter(Q(counted=outcome)) if outcome else rows


def missed(place: OrgUnit, period: Period, measure: str, at: datetime) -> Counter[str]:
    """Why records missed a measure, in words, and how many did. The verdict narrows by the index
    before any row is read."""
    judged = counted(place, period, at, measure).filter(
        Q(counted="miss"), restated="", verdict__in=("miss", "open")
    )
    restated = restated_in(place, period).filter(restated="miss")
    found: Counter[str] = Counter()
    for why, n in judged.values_list("why").annotate(n=Count("pk")):
        found[SINCE.get(why, why)] += n
    for of, why in restated.values_list("measure", "why"):
        if of == measure:
            found[SINCE.get(why, why)] += 1
    return found


def _of_line(column: str, key: str) -> dict[str, object]:
    if key not in ("", NONE):
        return {column: key}
    return {column: ""} if column == "kind" else {f"{column}__isnull": True}


def url_of(
    place: OrgUnit, period: Period, measure: str, outcome: str = "", *, by: str = "", key: str = ""
) -> str:
    """The page that lists the records of a figure, of one outcome of it, of one line of it."""
    regulation, _slash, rule = measure.partition("/")
    address = reverse("figures:figure", args=[place.code, period.key, regulation, rule])
    asked = {"outcome": outcome, "by": by, "key": key}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{address}?{query}" if query else address


# --- Who may see them -----------------------------------------------------------------------------


def visible_verdicts(scope: Scope, right: str = SEE) -> QuerySet[Verdict]:
    """Those of the places that somebody sees whole."""
    return Verdict.objects.filter(scope.on(right))


def visible_places(scope: Scope, right: str = SEE) -> QuerySet[OrgUnit]:
    """The projects, companies and groups that somebody sees whole, the highest first."""
    kinds = (OrgUnit.Kind.GROUP, OrgUnit.Kind.COMPANY, OrgUnit.Kind.PROJECT)
    ids = [
        pk
        for unit in scope.wide(right)
        for pk in OrgUnit.objects.filter(path__startswith=unit.path, kind__in=kinds).values_list(
            "pk", flat=True
        )
    ]
    return OrgUnit.objects.filter(pk__in=ids, closed_at=None).order_by("path")


def require_whole(scope: Scope) -> None:
    """Figures are about whole projects: who sees only the work of a department sees none."""
    scope.require(SEE)
    if not scope.wide(SEE):
        raise Refused("not-allowed", "指标按整个项目统计，请向项目经理了解。")


def get_place(scope: Scope, code: str) -> OrgUnit:
    """The place, or the same refusal whether it is unknown or not theirs to see whole."""
    require_whole(scope)
    sentence = "没有找到这个单位，或您的岗位看不到它的全部数据。"
    return found(visible_places(scope), sentence, code=code)
