"""A customer reports at the code of his building, and somebody of ours is named to receive it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import people_with_role, present, reach_role
from shouwen.adoption.actions import footing
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.files import Kept, attach_kept
from shouwen.cases.models import Case
from shouwen.estate.models import Customer, Unit
from shouwen.estate.queries import on_day
from shouwen.portal.models import BuildingCode
from shouwen.rules.intake import is_night
from shouwen.rules.refused import Refused

SOURCE = "app"


@dataclass(frozen=True)
class Report:
    """What the customer filled in. Without a unit it is about a public place of the building."""

    text: str
    unit: Unit | None = None
    place: str = ""
    name: str = ""
    phone: str = ""
    urgent: bool = False
    photos: Sequence[Kept] = ()


def report(*, code: BuildingCode, said: Report, at: datetime) -> Case:
    """One case. Whether it is an emergency the regulation's words decide here, on the server: the
    customer can say that it is, and never that it is not (T29)."""
    project = code.project
    with transaction.atomic():
        ground = footing(project, at)
        night = is_night(ground.rulebook, ground.calendars.duty.local(at))
        case = register(
            project=project,
            told=_told(code, said, at),
            by=None,
            at=at,
            owner=receiver(code, at, night=night),
            ground=ground,
        )
        for kept in said.photos:
            attach_kept(kept=kept, by=None, at=at, contact=case.contact, case=case)
    return case


def _told(code: BuildingCode, said: Report, at: datetime) -> Told:
    where = said.unit.label if said.unit else f"{code.building.name} {said.place or code.place}"
    return Told(
        text=said.text,
        source=SOURCE,
        name=said.name,
        phone=said.phone,
        address=where.strip(),
        unit=said.unit,
        customer=_customer(said.unit, said.phone, at),
        facts={"urgent": True} if said.urgent else {},
    )


def _customer(unit: Unit | None, phone: str, at: datetime) -> Customer | None:
    """Whom this number belongs to in this home. Found or not, the customer's page is the same."""
    if unit is None or not phone:
        return None
    ties = unit.occupancies.filter(on_day(localdate(at)), customer__phones__number=phone)
    tie = ties.select_related("customer").first()
    return tie.customer if tie else None


def receiver(code: BuildingCode, at: datetime, *, night: bool) -> Staff:
    """The keeper of the building if he is here, at night who is on duty, else who of the desk owns
    the fewest open cases, else the next above. Never nobody as long as anybody is here."""
    project = code.project
    on_duty = people_with_role("night_duty", project, at) if night else []
    keeper = present([code.keeper], at) if code.keeper and not night else []
    people = keeper or on_duty or people_with_role("csr", project, at)
    people = people or reach_role("cs_head", project, at)
    if not people:
        raise Refused("nobody-here", "现在没有人能接收，请直接打服务中心电话。")
    return _least_busy(people)


def _least_busy(people: Sequence[Staff]) -> Staff:
    busy = Count("owned_cases", filter=Q(owned_cases__status__in=Case.OPEN))
    rows = Staff.objects.filter(pk__in=[person.pk for person in people])
    return rows.annotate(busy=busy).order_by("busy", "number")[0]
