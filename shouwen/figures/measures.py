"""Which measures hold at a place, and what their periods come to in moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.library import from_content, load
from shouwen.adoption.models import Adoption, RegulationEdition
from shouwen.rules.figure_kinds import Measure
from shouwen.rules.periods import PERIOD_KINDS, Period

#: Since when, until when, position, path of the unit, edition, regulation.
_Adopted = tuple[datetime, datetime | None, int, str, str, str]


@dataclass(frozen=True)
class Held:
    """A measure of a regulation that is in force."""

    regulation: str
    measure: Measure

    @property
    def key(self) -> str:
        """As it stands in a verdict: "customer-communication/complaint-closed"."""
        return f"{self.regulation}/{self.measure.id}"


def midnight(day: date) -> datetime:
    """The moment at which a day begins here."""
    return datetime.combine(day, time(), get_current_timezone())


def end_of(period: Period) -> datetime:
    """The moment at which it is over."""
    return midnight(period.last + timedelta(days=1))


def measures_at(place: OrgUnit, moment: datetime) -> list[Held]:
    """The measures in force at a project at a moment, in the order of the regulations; of a company
    or group those of every project below it. Before anything was adopted: what was adopted
    first."""
    return measures_over(place, [moment])[0]


def measures_over(place: OrgUnit, moments: Iterable[datetime]) -> list[list[Held]]:
    """The same at each of several moments, asked for together."""
    rows = list(
        _adoptions(place).values_list(
            "since", "until", "position", "unit__path", "edition__digest", "edition__regulation"
        )
    )
    return [_in_force(rows, place, moment) for moment in moments]


def _in_force(rows: list[_Adopted], place: OrgUnit, moment: datetime) -> list[Held]:
    moment = max(moment, min((row[0] for row in rows), default=moment))
    held = [row[2:] for row in rows if row[0] <= moment and (row[1] is None or row[1] > moment)]
    nearest_first = sorted(held, key=lambda row: (row[0], -len(row[1])))
    editions = _one_of_each(nearest_first, place)
    return [*(one for digest in editions for one in _of_edition(digest)), *_of_defaults()]


def _adoptions(place: OrgUnit) -> QuerySet[Adoption]:
    """Everything that was ever adopted for the place: on its line, and below it."""
    line = [int(part) for part in place.path.strip("/").split("/")]
    return Adoption.objects.filter(Q(unit__in=line) | Q(unit__path__startswith=place.path))


def _one_of_each(rows: list[tuple[int, str, str, str]], place: OrgUnit) -> Iterable[str]:
    """One edition of each regulation: the nearest to the place, from above rather than below."""
    chosen: dict[str, tuple[int, str]] = {}
    for _position, path, edition, regulation in rows:
        above = place.path.startswith(path)
        nearness = len(path) if above else -len(path)
        if regulation not in chosen or nearness > chosen[regulation][0]:
            chosen[regulation] = (nearness, edition)
    return [edition for _nearness, edition in chosen.values()]


@lru_cache(maxsize=64)
def _of_edition(digest: str) -> tuple[Held, ...]:
    """An edition is its digest, so it is read once."""
    stored = RegulationEdition.objects.get(digest=digest)
    regulation = from_content(stored.content)
    return tuple(Held(regulation.id, rule) for rule in regulation.measure)


@lru_cache(maxsize=1)
def _of_defaults() -> tuple[Held, ...]:
    return tuple(Held("defaults", rule) for rule in load("defaults").measure)


def fits(measure: Measure, period: Period) -> bool:
    """Whether the measure says something about such a period: a coverage of half a year says
    nothing about a month."""
    long = PERIOD_KINDS.index(measure.period)
    return long <= max(PERIOD_KINDS.index("month"), PERIOD_KINDS.index(period.kind))


def in_period(held: Held, period: Period) -> Measure:
    """The measure as it is shown for this period: "at least one a month" is no target of a
    quarter."""
    if held.measure.value == "count" and held.measure.period != period.kind:
        return held.measure.model_copy(update={"target": ""})
    return held.measure
