"""The only writes to buildings, units, customers, occupancies, notices; an import has its own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from shouwen.accounts.actions import disclose
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.address import Reference, key, value, written
from shouwen.estate.models import Building, BuildingNotice, Customer, Occupancy, Phone, Unit
from shouwen.estate.phones import digits
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused

EDIT = "estate.edit"


class UnitFields(TypedDict, total=False):
    floor: str
    use: str
    state: str
    area: Decimal | None
    handed_over_on: date | None
    note: str


class CustomerFields(TypedDict, total=False):
    code: str
    kind: str
    note: str


# --- buildings ------------------------------------------------------------------------------------


def create_building(
    *, project: OrgUnit, name: str, by: Scope, at: datetime, handed_over_on: date | None = None
) -> Building:
    by.require(EDIT, project)
    named = _building_name(project, name)
    return Building.objects.create(
        name=named, key=value(named), handed_over_on=handed_over_on, **place_of(project)
    )


@transaction.atomic
def rename_building(*, building: Building, name: str, by: Scope, at: datetime) -> None:
    """Another name; with another number (3幢 → 5幢) the keys and labels of its units follow."""
    by.require(EDIT, building.project)
    building = Building.objects.select_for_update().get(pk=building.pk)
    building.name = _building_name(building.project, name, but=building)
    if building.key != value(building.name):
        building.key = value(building.name)
        _rekey(building)
    building.save(update_fields=["name", "key"])


def _building_name(project: OrgUnit, name: str, but: Building | None = None) -> str:
    name = name.strip()
    if not value(name):
        raise Refused("building-without-name", "请填楼栋，如 3幢、A座。", field="name")
    taken = Building.objects.filter(project=project, key=value(name))
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise Refused("building-exists", f"这个项目已经有{name}了。", field="name")
    return name


def _rekey(building: Building) -> None:
    units = list(building.units.all())
    for unit in units:
        reference = Reference(building.key, unit.entrance, unit.room)
        unit.key, unit.label = key(reference), written(reference)
    Unit.objects.bulk_update(units, ["key", "label"], batch_size=500)


# --- units ----------------------------------------------------------------------------------------


def create_unit(
    *,
    building: Building,
    room: str,
    by: Scope,
    at: datetime,
    entrance: str = "",
    **fields: Unpack[UnitFields],
) -> Unit:
    by.require(EDIT, building.project)
    reference = _reference(building, entrance, room)
    _free(building, reference)
    return Unit.objects.create(
        building=building,
        entrance=reference.entrance,
        room=reference.room,
        key=key(reference),
        label=written(reference),
        **place_of(building.project),
        **fields,
    )


@transaction.atomic
def change_unit(
    *,
    unit: Unit,
    by: Scope,
    at: datetime,
    entrance: str | None = None,
    room: str | None = None,
    **fields: Unpack[UnitFields],
) -> None:
    """What is not named stays. The unit keeps its people and its cases when its number changes."""
    by.require(EDIT, unit.project)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    reference = _reference(
        unit.building,
        unit.entrance if entrance is None else entrance,
        unit.room if room is None else room,
    )
    _free(unit.building, reference, but=unit)
    unit.entrance, unit.room = reference.entrance, reference.room
    unit.key, unit.label = key(reference), written(reference)
    for name, text in fields.items():
        setattr(unit, name, text)
    unit.save()


def _reference(building: Building, entrance: str, room: str) -> Reference:
    if not value(room):
        raise Refused("unit-without-room", "请填房号。", field="room")
    return Reference(building.key, value(entrance) if entrance.strip() else "", value(room))


def _free(building: Building, reference: Reference, but: Unit | None = None) -> None:
    same = Unit.objects.filter(project=building.project_id, key=key(reference))
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Refused("unit-exists", f"已经有 {written(reference)} 了。", field="room")


# --- customers ------------------------------------------------------------------------------------


def create_customer(
    *,
    project: OrgUnit,
    name: str,
    by: Scope,
    at: datetime,
    phone: str = "",
    care: str = "",
    restriction: str = "",
    **fields: Unpack[CustomerFields],
) -> Customer:
    """A customer, with a first number if one is given."""
    by.require(EDIT, project)
    with transaction.atomic():
        customer = Customer.objects.create(
            name=_customer_name(name),
            care=care,
            restriction=restriction,
            **place_of(project),
            **fields,
        )
        if phone.strip():
            add_phone(customer=customer, number=phone, by=by, at=at)
    return customer


def change_customer(
    *,
    customer: Customer,
    by: Scope,
    at: datetime,
    name: str | None = None,
    **fields: Unpack[CustomerFields],
) -> None:
    """What is not named stays."""
    by.require(EDIT, customer.project)
    if name is not None:
        customer.name = _customer_name(name)
    for field, text in fields.items():
        setattr(customer, field, text)
    customer.save(update_fields=["name", *fields])


def _customer_name(name: str) -> str:
    if not name.strip():
        raise Refused("customer-without-name", "请填姓名或单位名称。", field="name")
    return name.strip()


def set_care(*, customer: Customer, care: str, by: Scope, at: datetime) -> None:
    """What a visitor must know."""
    by.require(EDIT, customer.project)
    customer.care = care.strip()
    customer.save(update_fields=["care"])


def set_restriction(*, customer: Customer, restriction: str, by: Scope, at: datetime) -> None:
    """When or how the customer must not be contacted."""
    by.require(EDIT, customer.project)
    customer.restriction = restriction.strip()
    customer.save(update_fields=["restriction"])


# --- phones ---------------------------------------------------------------------------------------


def add_phone(
    *, customer: Customer, number: str, by: Scope, at: datetime, label: str = ""
) -> Phone:
    """A number that is there already is given back as it is."""
    by.require(EDIT, customer.project)
    plain = digits(number)
    if not plain or not 7 <= len(plain) <= 15:
        raise Refused(
            "not-a-phone",
            "电话只能是 7 到 15 位数字，座机请带区号，如 0571-88886666。",
            field="number",
        )
    phone, _ = Phone.objects.get_or_create(
        customer=customer,
        number=plain,
        defaults={"project": customer.project, "label": label.strip()},
    )
    return phone


def remove_phone(*, phone: Phone, by: Scope, at: datetime) -> None:
    by.require(EDIT, phone.project)
    phone.delete()


def reveal_phone(*, phone: Phone, by: Scope, at: datetime, purpose: str = "") -> str:
    """The number behind the mask. Who looked, and when, is written down first."""
    by.require("personal.unmask", phone.project)
    disclose(
        by=by.staff, at=at, record="customer", record_id=phone.customer_id,
        project=phone.project, purpose=purpose,
    )  # fmt: skip
    return phone.number


# --- who lives where ------------------------------------------------------------------------------


@transaction.atomic
def move_in(
    *,
    customer: Customer,
    unit: Unit,
    relation: str,
    by: Scope,
    at: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Occupancy:
    """Tie a customer to a unit. The same tie may not overlap itself; several owners may."""
    by.require(EDIT, unit.project)
    if customer.project_id != unit.project_id:
        raise Refused("other-project", "客户和房屋不在同一个项目。", field="unit")
    if since and until and until < since:
        raise Refused("ends-before-start", "迁出日期不能早于入住日期。", field="until")
    Unit.objects.select_for_update().get(pk=unit.pk)
    if _overlapping(customer, unit, relation, since, until):
        raise Refused(
            "lives-there", f"{customer.name}在这段时间已经登记在{unit}了。", field="since"
        )
    return Occupancy.objects.create(
        customer=customer, unit=unit, relation=relation, since=since, until=until
    )


def _overlapping(
    customer: Customer, unit: Unit, relation: str, since: date | None, until: date | None
) -> bool:
    same = Occupancy.objects.filter(customer=customer, unit=unit, relation=relation)
    if since:
        same = same.filter(Q(until=None) | Q(until__gte=since))
    if until:
        same = same.filter(Q(since=None) | Q(since__lte=until))
    return same.exists()


@transaction.atomic
def welcome(
    *,
    unit: Unit,
    name: str,
    relation: str,
    by: Scope,
    at: datetime,
    phone: str = "",
    since: date | None = None,
) -> Occupancy:
    """Move somebody in by name and number: whom the project knows by both is the same customer."""
    by.require(EDIT, unit.project)
    number = digits(phone) or ""
    known = Customer.objects.filter(
        project=unit.project, name=name.strip(), phones__number=number
    ).first()
    customer = known or create_customer(project=unit.project, name=name, phone=phone, by=by, at=at)
    return move_in(customer=customer, unit=unit, relation=relation, since=since, by=by, at=at)


@transaction.atomic
def move_out(*, occupancy: Occupancy, until: date, by: Scope, at: datetime) -> None:
    """The last day of a tie. What was said and promised while it lasted stays as it is."""
    by.require(EDIT, occupancy.unit.project)
    occupancy = Occupancy.objects.select_for_update().get(pk=occupancy.pk)
    if occupancy.until is not None:
        raise Refused("moved-out", f"已在 {occupancy.until} 迁出。", field="until")
    if occupancy.since and until < occupancy.since:
        raise Refused(
            "ends-before-start", f"迁出日期不能早于入住日期 {occupancy.since}。", field="until"
        )
    occupancy.until = until
    occupancy.save(update_fields=["until"])


# --- notices --------------------------------------------------------------------------------------


def post_notice(
    *,
    project: OrgUnit,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Scope,
    at: datetime,
    text: str = "",
    building: Building | None = None,
) -> BuildingNotice:
    """Tell whoever answers calls what is going on; without a building it is the whole project."""
    by.require(EDIT, project)
    if not title.strip():
        raise Refused("notice-without-title", "请填标题，如 停水、消杀。", field="title")
    if ends_at <= starts_at:
        raise Refused("ends-before-start", "结束时间要晚于开始时间。", field="ends_at")
    if building and building.project_id != project.pk:
        raise Refused("other-project", "这栋楼不在这个项目。", field="building")
    return BuildingNotice.objects.create(
        title=title.strip(), text=text.strip(), building=building, starts_at=starts_at,
        ends_at=ends_at, posted_by=by.staff, posted_at=at, **place_of(project),
    )  # fmt: skip


def withdraw_notice(*, notice: BuildingNotice, by: Scope, at: datetime) -> None:
    """It holds no longer. It stays on record as having ended now."""
    by.require(EDIT, notice.project)
    if notice.ends_at <= at:
        raise Refused("notice-over", "这条通知已经结束。")
    notice.ends_at = at
    notice.save(update_fields=["ends_at"])
