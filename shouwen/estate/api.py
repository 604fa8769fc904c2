"""The HTTP side of units and customers, mounted by `shouwen.api`."""

from __future__ import annotations

from typing import Annotated

from django.utils.timezone import localdate
from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import projects_for
from shouwen.estate.actions import reveal_phone
from shouwen.estate.models import Phone, Unit
from shouwen.estate.queries import (
    Caller,
    find_callers,
    people_of,
    unit_candidates,
    visible_customers,
    visible_units,
)
from shouwen.rules.refused import Refused
from shouwen.web.http import Code, Id, Said, Short, extra

router = Router()
SEE = extra("estate.view")
Wanted = Annotated[str, Query(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


class UnitAnswer(Schema):
    id: int
    project: str
    building: str
    key: str
    label: str
    use: str
    state: str


class Units(Schema):
    items: list[UnitAnswer]


class PhoneAnswer(Schema):
    id: int
    label: str
    masked: str
    """139 **** 0421. The whole number: `POST /api/phones/{id}/reveal`."""


class Resident(Schema):
    customer: int
    name: str
    relation: str
    care: str
    restriction: str
    phones: list[PhoneAnswer]


class UnitPeople(UnitAnswer):
    people: list[Resident]


class CallerAnswer(Schema):
    customer: int | None
    name: str
    relation: str
    unit: str
    phones: list[str]
    """Masked."""
    care: str
    restriction: str
    why: str
    """What matched: phone, room or name."""


class Callers(Schema):
    items: list[CallerAnswer]


class Purpose(Said):
    purpose: Annotated[Short, Field(max_length=100)] = ""


class Revealed(Schema):
    number: str


@router.get("/units", response=Units, summary="按写法找房屋", openapi_extra=SEE)
def find_units(request: SignedInRequest, project: Code, q: Wanted) -> Units:
    """The units that a reference may mean, as people write it (3-2-501, 3栋2单元501)."""
    request.scope.require("estate.view")
    found = unit_candidates(_project(request, project), q)
    return Units(items=[_unit(unit) for unit in found])


@router.get("/units/{id}", response=UnitPeople, summary="一套房屋和住户", openapi_extra=SEE)
def show_unit(request: SignedInRequest, id: Id) -> UnitPeople:
    rows = visible_units(request.scope).select_related("project", "building")
    unit = rows.filter(pk=id).first()
    if unit is None:
        raise Refused("not-found", "没有找到这套房屋。")
    return UnitPeople(**_unit(unit).dict(), people=_people(unit, request))


@router.get("/customers", response=Callers, summary="按电话、房号、姓名找客户", openapi_extra=SEE)
def find_customers(
    request: SignedInRequest, q: Wanted, project: Annotated[Code | None, Query()] = None
) -> Callers:
    """Who a number, a room or a name may be; at most twenty, as at the desk."""
    request.scope.require("estate.view")
    place = _project(request, project) if project else None
    found = find_callers(request.scope, q, on=localdate(request.at), project=place)
    return Callers(items=[_caller(caller) for caller in found])


@router.post(
    "/phones/{id}/reveal",
    response=Revealed,
    summary="查看完整电话（留痕）",
    openapi_extra=extra("personal.unmask"),
)
def show_phone(request: SignedInRequest, id: Id, body: Purpose) -> Revealed:
    """Written down: who looked, when and what for."""
    seen = visible_customers(request.scope).values("pk")
    phone = Phone.objects.filter(pk=id, customer__in=seen).select_related("project").first()
    if phone is None:
        raise Refused("not-found", "没有找到这个电话。")
    number = reveal_phone(phone=phone, by=request.scope, at=request.at, purpose=body.purpose)
    return Revealed(number=number)


def _project(request: SignedInRequest, code: str) -> OrgUnit:
    project = projects_for(request.scope, "estate.view").filter(code=code).first()
    if project is None:
        raise Refused("not-found", "没有找到这个项目，请核对代码。", field="project")
    return project


def _unit(unit: Unit) -> UnitAnswer:
    return UnitAnswer(
        id=unit.pk,
        project=unit.project.code,
        building=unit.building.name,
        key=unit.key,
        label=unit.label,
        use=unit.use,
        state=unit.state,
    )


def _people(unit: Unit, request: SignedInRequest) -> list[Resident]:
    return [
        Resident(
            customer=tie.customer_id,
            name=tie.customer.name,
            relation=str(tie.get_relation_display()),
            care=tie.customer.care,
            restriction=tie.customer.restriction,
            phones=[_phone(phone) for phone in tie.customer.phones.all()],
        )
        for tie in people_of(unit, localdate(request.at))
    ]


def _phone(phone: Phone) -> PhoneAnswer:
    return PhoneAnswer(id=phone.pk, label=phone.label, masked=phone.masked)


def _caller(caller: Caller) -> CallerAnswer:
    return CallerAnswer(
        customer=caller.customer.pk if caller.customer else None,
        name=caller.customer.name if caller.customer else "",
        relation=caller.relation,
        unit=caller.unit.key if caller.unit else "",
        phones=list(caller.phones),
        care=caller.care,
        restriction=caller.restriction,
        why=caller.why,
    )
