"""The HTTP side of the services, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.queries import projects_for
from shouwen.cases.queries import get_case
from shouwen.estate.queries import resolve_unit
from shouwen.rules.refused import Refused
from shouwen.services.actions import ordering, parcels, serving
from shouwen.services.models import CatalogueItem, Parcel, ServiceOrder
from shouwen.services.queries import (
    get_order,
    get_parcel,
    offered,
    visible_items,
    visible_orders,
    visible_parcels,
)
from shouwen.web.http import Code, Cursor, Limit, Moment, Name, Number, Order, Said, Short, extra

router = Router()
ASKED = Order[ServiceOrder]("asked_at", descending=True)
CAME = Order[Parcel]("received_at", descending=True)
_RELATED = ("case", "item", "project", "staff", "unit")


class ItemAnswer(Schema):
    project: str
    code: str
    title: str
    clause: str
    way: str
    provider: str
    paid: bool
    details: list[str]
    results: list[str]
    sub: list[str]
    active: bool


class Catalogue(Schema):
    items: list[ItemAnswer]


class ServiceAnswer(Schema):
    number: str
    case: str
    project: str
    item: str
    title: str
    sub: str
    state: str
    state_name: str
    details: dict[str, str]
    plan: str
    price: str
    """Yuan with two decimals."""
    asked_at: datetime
    confirmed_at: datetime | None
    confirmed_name: str
    started_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    result: str
    staff: str
    """Staff number."""


class ServicePage(Schema):
    items: list[ServiceAnswer]
    next: str | None


class ParcelAnswer(Schema):
    number: str
    project: str
    room: str
    person: str
    kind: str
    outgoing: bool
    carrier: str
    tracking: str
    received_at: datetime
    notified_at: datetime | None
    released_at: datetime | None
    released_to: str


class ParcelPage(Schema):
    items: list[ParcelAnswer]
    next: str | None


def item_answer(item: CatalogueItem) -> ItemAnswer:
    return ItemAnswer(
        project=item.project.code,
        code=item.code,
        title=item.title,
        clause=item.clause,
        way=item.way,
        provider=item.provider,
        paid=item.paid,
        details=item.details,
        results=list(item.choices),
        sub=item.sub,
        active=item.active,
    )


def service_answer(order: ServiceOrder) -> ServiceAnswer:
    return ServiceAnswer(
        number=order.number,
        case=order.case.number,
        project=order.project.code,
        item=order.item.code,
        title=order.item.title,
        sub=order.sub,
        state=order.state,
        state_name=str(order.get_state_display()),
        details={name: str(value) for name, value in sorted(order.details.items())},
        plan=order.plan,
        price=f"{order.price:.2f}",
        asked_at=order.asked_at,
        confirmed_at=order.confirmed_at,
        confirmed_name=order.confirmed_name,
        started_at=order.started_at,
        due_at=order.due_at,
        done_at=order.done_at,
        result=order.result,
        staff=order.staff.number if order.staff else "",
    )


def parcel_answer(parcel: Parcel) -> ParcelAnswer:
    return ParcelAnswer(
        number=parcel.number,
        project=parcel.project.code,
        room=parcel.unit.label,
        person=parcel.person,
        kind=parcel.kind,
        outgoing=parcel.outgoing,
        carrier=parcel.carrier,
        tracking=parcel.tracking,
        received_at=parcel.received_at,
        notified_at=parcel.notified_at,
        released_at=parcel.released_at,
        released_to=parcel.released_to,
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get(
    "/service-items",
    response=Catalogue,
    summary="服务目录",
    openapi_extra=extra("estate.view"),
)
def list_service_items(
    request: SignedInRequest, project: Annotated[Code | None, Query()] = None
) -> Catalogue:
    request.scope.require("estate.view")
    rows = visible_items(request.scope).select_related("project")
    rows = rows.filter(project__code=project) if project else rows
    listed = rows.order_by("project", "position", "pk")[:1000]
    return Catalogue(items=[item_answer(item) for item in listed])


@router.get(
    "/service-orders",
    response=ServicePage,
    summary="服务需求单清单",
    openapi_extra=extra("case.view"),
)
def list_service_orders(
    request: SignedInRequest,
    state: Annotated[str, Query(max_length=10)] = "",
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ServicePage:
    """The last asked for first."""
    request.scope.require("case.view")
    asked = {"project__code": project, "state": state}
    rows = visible_orders(request.scope).filter(
        **{name: value for name, value in asked.items() if value}
    )
    found, following = ASKED.page(rows.select_related(*_RELATED), cursor, limit)
    return ServicePage(items=[service_answer(order) for order in found], next=following)


@router.get(
    "/service-orders/{number}",
    response=ServiceAnswer,
    summary="一张服务需求单",
    openapi_extra=extra("case.view"),
)
def show_service_order(request: SignedInRequest, number: Number) -> ServiceAnswer:
    return service_answer(get_order(request.scope, number))


@router.get("/parcels", response=ParcelPage, summary="信报收发", openapi_extra=extra("estate.view"))
def list_parcels(
    request: SignedInRequest,
    waiting: bool = True,
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ParcelPage:
    """What waits to be fetched or sent, or all of it."""
    request.scope.require("estate.view")
    rows = visible_parcels(request.scope)
    rows = rows.filter(released_at=None) if waiting else rows
    rows = rows.filter(project__code=project) if project else rows
    found, following = CAME.page(rows.select_related("project", "unit"), cursor, limit)
    return ParcelPage(items=[parcel_answer(parcel) for parcel in found], next=following)


# --- Writing --------------------------------------------------------------------------------------


class Ordered(Said):
    item: Code
    """Code of the service in the catalogue of the case's project."""
    sub: Name = ""
    details: dict[Code, Short] = Field({}, max_length=40)
    """Moments in RFC 3339, days as 2026-11-20, numbers as text."""
    happened: Moment | None = None


class Started(Said):
    happened: Moment | None = None


class FinishedService(Said):
    result: Name
    note: Short = ""
    told_to: Name = ""
    details: dict[Code, Short] = Field({}, max_length=40)
    unbilled: Short = ""
    happened: Moment | None = None


class Cancelled(Said):
    reason: Short


class Came(Said):
    project: Code
    room: Name
    person: Name = ""
    kind: Literal["parcel", "letter", "paper"] = "parcel"
    carrier: Annotated[Name, Field(max_length=40)] = ""
    tracking: Annotated[Name, Field(max_length=40)] = ""
    copies: Annotated[int, Field(ge=1, le=999)] = 1
    outgoing: bool = False


class Announced(Said):
    how: Literal["phone", "message", "home", "visit"] = "phone"


@router.post(
    "/cases/{number}/service-orders",
    response=ServiceAnswer,
    summary="开服务需求单",
    openapi_extra=extra("case.work"),
)
def order_service(request: SignedInRequest, number: Number, body: Ordered) -> ServiceAnswer:
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    item = offered(case.project).filter(code=body.item).first()
    if item is None:
        raise Refused("not-offered", "本项目现在不办这项服务，请从目录中另选。", field="item")
    said = body.model_dump(exclude={"item"})
    made = ordering.order(case=case, item=item, by=request.scope, at=request.at, **said)
    return service_answer(get_order(request.scope, made.number))


@router.post(
    "/service-orders/{number}/start",
    response=ServiceAnswer,
    summary="开始服务",
    openapi_extra=extra("case.work"),
)
def start_service(request: SignedInRequest, number: Number, body: Started) -> ServiceAnswer:
    """Only once the customer has confirmed plan and price."""
    found = get_order(request.scope, number)
    request.scope.require("case.work", found.project)
    serving.start(order=found, by=request.scope, at=request.at, **body.model_dump())
    return service_answer(get_order(request.scope, number))


@router.post(
    "/service-orders/{number}/finish",
    response=ServiceAnswer,
    summary="办结服务",
    openapi_extra=extra("case.work"),
)
def finish_service(
    request: SignedInRequest, number: Number, body: FinishedService
) -> ServiceAnswer:
    """With its result; what was agreed is charged."""
    found = get_order(request.scope, number)
    request.scope.require("case.work", found.project)
    serving.finish(order=found, by=request.scope, at=request.at, **body.model_dump())
    return service_answer(get_order(request.scope, number))


@router.post(
    "/service-orders/{number}/cancel",
    response=ServiceAnswer,
    summary="取消服务",
    openapi_extra=extra("case.work"),
)
def cancel_service(request: SignedInRequest, number: Number, body: Cancelled) -> ServiceAnswer:
    found = get_order(request.scope, number)
    request.scope.require("case.work", found.project)
    ordering.cancel(order=found, by=request.scope, at=request.at, **body.model_dump())
    return service_answer(get_order(request.scope, number))


@router.post(
    "/parcels", response=ParcelAnswer, summary="登记信报", openapi_extra=extra("case.feed-back")
)
def register_parcel(request: SignedInRequest, body: Came) -> ParcelAnswer:
    """A parcel has come for a room; a machine at the gate may tell us."""
    request.scope.require("case.feed-back")
    projects = projects_for(request.scope, "case.feed-back")
    project = projects.filter(code=body.project).first()
    unit = resolve_unit(project, body.room) if project else None
    if project is None or unit is None:
        raise Refused("not-found", "没有找到这个房号，请核对项目和房号。", field="room")
    said = body.model_dump(exclude={"project", "room"})
    made = parcels.register_parcel(
        project=project, unit=unit, by=request.scope, at=request.at, **said
    )
    return parcel_answer(made)


@router.post(
    "/parcels/{number}/notify",
    response=ParcelAnswer,
    summary="记录信报通知",
    openapi_extra=extra("case.feed-back"),
)
def notify_parcel(request: SignedInRequest, number: Number, body: Announced) -> ParcelAnswer:
    found = get_parcel(request.scope, number)
    request.scope.require("case.feed-back", found.project)
    parcels.notify(parcel=found, how=body.how, by=request.scope, at=request.at)
    return parcel_answer(get_parcel(request.scope, number))
