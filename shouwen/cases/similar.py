"""The same matter, told a second time: cases that look like what is being typed, and why.

Two queries, each over one range of an index: the cases of the same building, and the latest of the
project. What is alike is then counted in Python over a bounded number of rows. Words and nearness
are read as `rules.likeness` reads them; its index stands a floor above (docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.estate.models import Unit
from shouwen.rules.likeness import (
    COMPARED,
    ELSEWHERE,
    PLACES,
    SAME_BUILDING,
    SAME_ENTRANCE,
    SAME_RISER,
    SAME_UNIT,
    WORDS_SHOWN,
    Place,
    nearness,
    pairs,
    shared_words,
)

#: How far back, and how many rows at most, each of the two queries looks.
NEAR, NEAR_ROWS = timedelta(days=60), 100
AROUND, AROUND_ROWS = timedelta(days=14), 300
#: So many pairs of characters must be shared, the fewer the nearer it is.
_NEEDED = {SAME_UNIT: 1, SAME_RISER: 1, SAME_ENTRANCE: 2, SAME_BUILDING: 2, ELSEWHERE: 4}


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that may be the same matter: where it is, and the words it shares with the text."""

    case: Case
    nearness: int
    words: tuple[str, ...]
    shared: int

    @property
    def place(self) -> str:
        return PLACES[self.nearness]

    @property
    def why(self) -> str:
        return "相同：" + "、".join(self.words) if self.words else ""


def similar_cases(
    scope: Scope,
    project: OrgUnit,
    text: str,
    at: datetime,
    *,
    unit: Unit | None = None,
    most: int = 5,
) -> list[Similar]:
    """The likest cases of the project that somebody may see: open, or opened in the last weeks."""
    grams = pairs(text)
    if not grams:
        return []
    rows = {case.pk: case for case in _candidates(scope, project, unit, at)}
    found = [_compared(case, text, grams, unit) for case in rows.values()]
    alike = [one for one in found if one.shared >= _NEEDED[one.nearness]]
    alike.sort(key=lambda one: (-one.nearness, -one.shared, -one.case.pk))
    return sorted(alike, key=lambda one: not one.case.is_open)[:most]


def _candidates(scope: Scope, project: OrgUnit, unit: Unit | None, at: datetime) -> Iterable[Case]:
    told = (
        visible_cases(scope)
        .filter(project=project)
        .exclude(status__in=(Case.Status.VOID, Case.Status.MERGED))
        .select_related("unit")
        .only(
            "number", "title", "text", "status", "opened_at", "kind", "address", "customer_name",
            "customer_phone", "version", "unit__building_id", "unit__entrance", "unit__room",
            "unit__floor",
        )
    )  # fmt: skip
    if unit:
        yield from _of_building(told, unit, at)
    yield from told.filter(opened_at__gte=at - AROUND, opened_at__lte=at)[:AROUND_ROWS]


def _of_building(told: QuerySet[Case], unit: Unit, at: datetime) -> QuerySet[Case]:
    units = Unit.objects.filter(building_id=unit.building_id).values("pk")
    return told.filter(unit__in=units, opened_at__gte=at - NEAR, opened_at__lte=at)[:NEAR_ROWS]


def alike(case: Case, text: str, unit: Unit | None) -> Similar | None:
    """The case beside a text told from a place, if they share enough words."""
    one = _compared(case, text, pairs(text), unit)
    return one if one.shared >= _NEEDED[one.nearness] else None


def _compared(case: Case, text: str, grams: frozenset[str], unit: Unit | None) -> Similar:
    shared = pairs(case.text) & grams
    near = nearness(place_of(unit), place_of(case.unit))
    return Similar(case, near, shared_words(text[:COMPARED], shared)[:WORDS_SHOWN], len(shared))


def place_of(unit: Unit | None) -> Place | None:
    """A home as nearness sees it."""
    if unit is None:
        return None
    return Place(unit.building_id, unit.entrance, unit.room, unit.floor)
