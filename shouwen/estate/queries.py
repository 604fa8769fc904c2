"""Reads of the estate: what somebody may see, and who is calling from where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from django.db.models import Prefetch, Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.address import Reference, candidates, value
from shouwen.estate.models import (
    Building,
    BuildingNotice,
    Customer,
    ImportRun,
    Occupancy,
    Phone,
    Unit,
)
from shouwen.estate.phones import digits, mask_phone

SEE = "estate.view"
CALLERS_AT_MOST = 20
UNITS_AT_MOST = 20

_MAYBE_A_PHONE = re.compile(r"[\d\s+\-–()（）]{7,}")


class Place(TypedDict):
    """The three columns that every record of a project carries, for the scope."""

    project: OrgUnit
    company: OrgUnit | None
    group: OrgUnit | None


def place_of(project: OrgUnit) -> Place:
    return {"project": project, "company": project.company, "group": project.group}


# --- within somebody's reach ----------------------------------------------------------------------


def visible_buildings(scope: Scope) -> QuerySet[Building]:
    return Building.objects.filter(scope.on(SEE))


def visible_units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.filter(scope.on(SEE))


def visible_customers(scope: Scope) -> QuerySet[Customer]:
    return Customer.objects.filter(scope.on(SEE))


def visible_notices(scope: Scope) -> QuerySet[BuildingNotice]:
    return BuildingNotice.objects.filter(scope.on(SEE))


def visible_imports(scope: Scope) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(scope.on("estate.import"))


# --- which unit -----------------------------------------------------------------------------------


def unit_candidates(project: OrgUnit, text: str) -> list[Unit]:
    """The units of a project that a reference may mean, of the likeliest reading that means any.

    Empty when the text names no room, or none that is there; at most twenty.
    """
    return _candidates(Unit.objects.filter(project=project), text)


def resolve_unit(project: OrgUnit, text: str) -> Unit | None:
    """The one unit that is meant. None when none is, or when several may be (`unit_candidates`)."""
    found = unit_candidates(project, text)
    return found[0] if len(found) == 1 else None


def _candidates(units: QuerySet[Unit], text: str) -> list[Unit]:
    for reading in candidates(text):
        found = _fitting(units, reading) or _fitting(units, _without_entrance(reading))
        if found:
            return found
    return []


def _without_entrance(reading: Reference) -> Reference:
    """People say 一单元 of a house that has one entrance, and the estate writes none."""
    return Reference(reading.house, "", reading.room) if reading.entrance else Reference()


def _fitting(units: QuerySet[Unit], reading: Reference) -> list[Unit]:
    if not reading.room:
        return []
    fitting = units.filter(room=value(reading.room))
    if reading.house:
        fitting = fitting.filter(building__key=value(reading.house))
    if reading.entrance:
        fitting = fitting.filter(entrance=value(reading.entrance))
    return list(fitting.select_related("building", "project")[:UNITS_AT_MOST])


# --- who lives there ------------------------------------------------------------------------------


def on_day(day: date) -> Q:
    """The condition on occupancies that hold on a day: the day of moving out is still one."""
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


def people_of(unit: Unit, on: date) -> list[Occupancy]:
    """Who is tied to a unit on a day, owners first, with their phones."""
    return _sorted(_with_people(unit).filter(on_day(on)))


def living_in(units: Iterable[Unit], on: date) -> dict[int, list[Occupancy]]:
    """By unit, who is tied to it on a day: one question for a whole page of units."""
    ties = Occupancy.objects.filter(on_day(on), unit__in=list(units)).select_related("customer")
    living: dict[int, list[Occupancy]] = {}
    for tie in _sorted(ties.prefetch_related("customer__phones")):
        living.setdefault(tie.unit_id, []).append(tie)
    return living


def people_before(unit: Unit, on: date) -> list[Occupancy]:
    """Who was tied to the unit, and no longer is, the latest first."""
    return list(_with_people(unit).filter(until__lt=on).order_by("-until", "pk")[:50])


def _with_people(unit: Unit) -> QuerySet[Occupancy]:
    return unit.occupancies.select_related("customer").prefetch_related("customer__phones")


_ORDER = {relation: place for place, relation in enumerate(Occupancy.Relation.values)}


def _sorted(ties: Iterable[Occupancy]) -> list[Occupancy]:
    return sorted(ties, key=lambda tie: (_ORDER[tie.relation], tie.pk))


def homes_of(customer: Customer) -> list[Occupancy]:
    """Every tie of a customer to a unit, now and before."""
    return list(customer.occupancies.select_related("unit").order_by("until", "pk"))


# --- what is going on -----------------------------------------------------------------------------


def notices_for(place: Unit | Building | OrgUnit, at: datetime) -> list[BuildingNotice]:
    """Notices that hold at a moment: those of the building and those of the whole project.

    For a project, those of every building.
    """
    notices = BuildingNotice.objects.filter(starts_at__lte=at, ends_at__gt=at)
    if isinstance(place, OrgUnit):
        notices = notices.filter(project=place)
    else:
        building = place.pk if isinstance(place, Building) else place.building_id
        notices = notices.filter(
            Q(building=None) | Q(building_id=building), project=place.project_id
        )
    return list(notices.select_related("building").order_by("ends_at", "pk"))


# --- who is calling -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Caller:
    """Somebody who may be calling. `customer` is None for a unit where nobody is known to live."""

    customer: Customer | None
    unit: Unit | None
    relation: str
    phones: tuple[str, ...]
    """Masked."""
    why: str
    """What matched: phone, room or name."""

    @property
    def care(self) -> str:
        return self.customer.care if self.customer else ""

    @property
    def restriction(self) -> str:
        return self.customer.restriction if self.customer else ""


def find_callers(
    scope: Scope, text: str, *, on: date, project: OrgUnit | None = None
) -> list[Caller]:
    """Who a number, a room as people write it, or a name may be; only within reach, at most twenty.

    `project` narrows it to one project, as the desk does.
    """
    text = text.strip()
    inside = scope.on(SEE) & (Q(project=project) if project else Q())
    if not text:
        return []
    return (
        _by_phone(inside, text, on) or _by_room(inside, text, on) or _by_name(inside, text, on)
    )[:CALLERS_AT_MOST]


def _by_phone(inside: Q, text: str, on: date) -> list[Caller]:
    number = digits(text) if _MAYBE_A_PHONE.fullmatch(text) else None
    if not number or len(number) < 7:
        return []
    # A landline is often said without its area code.
    same = Q(number__endswith=number) if len(number) in (7, 8) else Q(number=number)
    people = Phone.objects.filter(same).values("customer_id")
    return _callers(Customer.objects.filter(inside, pk__in=people), "phone", on)


def _by_name(inside: Q, text: str, on: date) -> list[Caller]:
    people = Customer.objects.filter(inside)
    return _callers(people.filter(name__startswith=text), "name", on) or _callers(
        people.filter(name__contains=text), "name", on
    )


def _callers(people: QuerySet[Customer], why: str, on: date) -> list[Caller]:
    """One for each home of each customer; one without a home for whoever has none."""
    ties = Occupancy.objects.filter(on_day(on)).select_related("unit__building")
    found = people.prefetch_related("phones", Prefetch("occupancies", ties, to_attr="now"))
    return [
        _caller(customer, tie, why)
        for customer in found.order_by("name", "pk")[:CALLERS_AT_MOST]
        for tie in _or_none(_sorted(customer.now))
    ]


def _by_room(inside: Q, text: str, on: date) -> list[Caller]:
    units = _candidates(Unit.objects.filter(inside), text)
    living = living_in(units, on)
    return [
        Caller(None, unit, "", (), "room") if tie is None else _in(unit, tie)
        for unit in units
        for tie in _or_none(living.get(unit.pk, []))
    ]


def _or_none(ties: list[Occupancy]) -> list[Occupancy | None]:
    """Nobody is one line too."""
    return [*ties] or [None]


def _in(unit: Unit, tie: Occupancy) -> Caller:
    tie.unit = unit
    return _caller(tie.customer, tie, "room")


def _caller(customer: Customer, tie: Occupancy | None, why: str) -> Caller:
    return Caller(
        customer,
        tie.unit if tie else None,
        tie.get_relation_display() if tie else "",
        tuple(phone.masked for phone in customer.phones.all()),
        why,
    )


__all__ = ["digits", "mask_phone"]  # from phones: the desk asks for them here
