"""Whether a plan of visits is enough: homes visited and planned in a half-year against the standard
of the regulation (S4-4.4.5b-8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from shouwen.accounts.models import OrgUnit
from shouwen.estate.queries import resolve_unit
from shouwen.figures.homes import occupied, visits_of
from shouwen.figures.measures import end_of, measures_at
from shouwen.registers.models import Record
from shouwen.rules.figure_kinds import Measure
from shouwen.rules.periods import Period, period

#: The form on which visits are planned, and its table of them.
PLAN, TABLE, ROOM = "visit-plan", "visits", "room"


@dataclass(frozen=True)
class Coverage:
    """How far a round of visits has come and is meant to go."""

    measure: Measure
    span: Period
    homes: int
    visited: int
    planned: int
    """Homes on a plan of this round that nobody has visited yet."""
    unknown: tuple[str, ...] = ()
    """Rooms on the plan looked at that are no homes here."""

    @property
    def wanted(self) -> int:
        bound = self.measure.bound
        return ceil(bound[1] * self.homes) if bound else 0

    @property
    def lacking(self) -> int:
        return max(0, self.wanted - self.visited - self.planned)


def coverage_of(plan: Record, at: datetime) -> Coverage | None:
    """Of the round that the plan belongs to, with every plan of it; None where no regulation in
    force wants homes visited."""
    for held in measures_at(plan.project, min(at, end_of(period("month", plan.on)))):
        if held.measure.of.record == "home":
            return _coverage(plan, held.measure)
    return None


def _coverage(plan: Record, measure: Measure) -> Coverage:
    span = period(measure.period, plan.on)
    homes = set(occupied(plan.project, span).values_list("pk", flat=True))
    visited = homes & set(visits_of(plan.project, measure.of.form, span))
    plans = Record.objects.filter(
        project=plan.project, form=PLAN, on__range=(span.first, span.last)
    ).exclude(state=Record.State.VOID)
    found = dict(_homes(plan.project, {room for one in plans for room in rooms(one)}))
    planned = {pk for pk in found.values() if pk in homes - visited}
    unknown = tuple(room for room in rooms(plan) if found[room] not in homes)
    return Coverage(measure, span, len(homes), len(visited), len(planned), unknown)


def rooms(plan: Record) -> list[str]:
    return [line[ROOM] for line in plan.values.get(TABLE, ()) if line.get(ROOM)]


def _homes(project: OrgUnit, names: set[str]) -> Iterator[tuple[str, int | None]]:
    for name in sorted(names):
        unit = resolve_unit(project, name)
        yield name, unit.pk if unit else None
