"""The HTTP side of the stores, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.queries import get_case
from shouwen.rules.refused import Refused
from shouwen.stores.actions import drawing
from shouwen.stores.actions.moving import CENT, Line
from shouwen.stores.models import Material, Requisition
from shouwen.stores.queries import (
    FOUND_AT_MOST,
    get_requisition,
    is_low,
    mentions,
    stock_in_rooms,
    visible_materials,
    visible_requisitions,
)
from shouwen.web.http import Code, Cursor, Limit, Moment, Number, Order, Said, Short, extra

router = Router()
ASKED = Order[Requisition]("asked_at", descending=True)
SEE = "stores.view"
Quantity = Annotated[Decimal, Field(gt=0, lt=1_000_000, decimal_places=2)]


class MaterialAnswer(Schema):
    code: str
    project: str
    name: str
    spec: str
    unit: str
    price: Decimal
    barcode: str
    in_rooms: Decimal
    """What lies in the store rooms of the project."""
    carried: Decimal
    """What engineers have with them."""
    low_mark: Decimal


class Materials(Schema):
    items: list[MaterialAnswer]


class MaterialLineAnswer(Schema):
    material: str
    name: str
    unit: str
    asked: Decimal
    issued: Decimal


class RequisitionAnswer(Schema):
    number: str
    project: str
    case: str | None
    order: str
    engineer: str
    """A staff number."""
    state: str
    state_name: str
    asked_at: datetime
    issued_at: datetime | None
    acknowledged_at: datetime | None
    lines: list[MaterialLineAnswer]


class RequisitionPage(Schema):
    items: list[RequisitionAnswer]
    next: str | None


def material_answer(row: Material) -> MaterialAnswer:
    """Of a row that `stock_in_rooms` has counted."""
    return MaterialAnswer(
        code=row.code,
        project=row.project.code,
        name=row.name,
        spec=row.spec,
        unit=row.unit,
        price=row.price,
        barcode=row.barcode,
        in_rooms=row.in_rooms.quantize(CENT),  # type: ignore[attr-defined] # annotated
        carried=row.carried.quantize(CENT),  # type: ignore[attr-defined] # annotated
        low_mark=row.low_mark,
    )


def requisition_answer(row: Requisition) -> RequisitionAnswer:
    return RequisitionAnswer(
        number=row.number,
        project=row.project.code,
        case=row.case.number if row.case else None,
        order=row.subject,
        engineer=row.engineer.number,
        state=row.state,
        state_name=str(row.get_state_display()),
        asked_at=row.asked_at,
        issued_at=row.issued_at,
        acknowledged_at=row.acknowledged_at,
        lines=[
            MaterialLineAnswer(
                material=line.material.code,
                name=str(line.material),
                unit=line.material.unit,
                asked=line.asked,
                issued=line.issued,
            )
            for line in row.lines.all()
        ],
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get("/materials", response=Materials, summary="查找物料", openapi_extra=extra(SEE))
def list_materials(
    request: SignedInRequest,
    q: Annotated[Short | None, Query()] = None,
    project: Annotated[Code | None, Query()] = None,
    low: bool = False,
) -> Materials:
    """By barcode, code, name or specification; with `low` only what lies below its mark. At most
    twenty: narrow the words."""
    request.scope.require(SEE)
    rows = stock_in_rooms(visible_materials(request.scope).filter(active=True))
    rows = rows.filter(*(mentions(word) for word in (q or "").split())).select_related("project")
    if project:
        rows = rows.filter(project__code=project)
    if low:
        rows = rows.filter(is_low())
    return Materials(items=[material_answer(row) for row in rows[:FOUND_AT_MOST]])


@router.get(
    "/requisitions", response=RequisitionPage, summary="领料单清单", openapi_extra=extra(SEE)
)
def list_requisitions(
    request: SignedInRequest,
    state: Literal["asked", "issued", "cancelled"] = "asked",
    order: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> RequisitionPage:
    """The last one first."""
    request.scope.require(SEE)
    rows = visible_requisitions(request.scope).filter(state=state)
    if order:
        rows = rows.filter(subject=order)
    related = rows.select_related("project", "case", "engineer")
    found, following = ASKED.page(related.prefetch_related("lines__material"), cursor, limit)
    return RequisitionPage(items=[requisition_answer(row) for row in found], next=following)


@router.get(
    "/requisitions/{number}",
    response=RequisitionAnswer,
    summary="一张领料单",
    openapi_extra=extra(SEE),
)
def show_requisition(request: SignedInRequest, number: Number) -> RequisitionAnswer:
    return requisition_answer(get_requisition(request.scope, number))


# --- Asking and handing out -----------------------------------------------------------------------


class Wanted(Said):
    material: Code
    quantity: Quantity


class Request(Said):
    case: Code
    order: Code
    lines: list[Wanted] = Field(min_length=1, max_length=50)
    engineer: Code | None = None
    """Staff number of who fetches it, when not the one whom the token stands for."""
    happened: Moment | None = None


class IssuedMaterials(Said):
    lines: list[Wanted] = Field(min_length=1, max_length=50)
    happened: Moment | None = None


@router.post(
    "/requisitions",
    response={201: RequisitionAnswer},
    summary="领料",
    openapi_extra=extra("case.work"),
)
def ask_for_materials(request: SignedInRequest, body: Request) -> Status[RequisitionAnswer]:
    """A requisition for a work order of a case."""
    request.scope.require("case.work")
    case = get_case(request.scope, body.case)
    made = drawing.request(
        case=case, subject=body.order, lines=_lines(case.project, body.lines), by=request.scope,
        at=request.at, happened=body.happened, engineer=_engineer(body.engineer, case.project),
    )  # fmt: skip
    return Status(201, requisition_answer(get_requisition(request.scope, made.number)))


@router.post(
    "/requisitions/{number}/issue",
    response=RequisitionAnswer,
    summary="发料",
    openapi_extra=extra("stores.issue"),
)
def issue_materials(
    request: SignedInRequest, number: Number, body: IssuedMaterials
) -> RequisitionAnswer:
    """Hands out so much of each material into the engineer's own stock."""
    found = get_requisition(request.scope, number)
    request.scope.require("stores.issue", found.project)
    rows = {line.material.code: line.pk for line in found.lines.select_related("material")}
    if unknown := {line.material for line in body.lines} - rows.keys():
        raise Refused("unknown-line", f"领料单上没有 {min(unknown)}。", field="lines")
    issued = {rows[line.material]: line.quantity for line in body.lines}
    drawing.issue(
        requisition=found, issued=issued, by=request.scope, at=request.at, happened=body.happened
    )
    return requisition_answer(get_requisition(request.scope, number))


def _lines(project: OrgUnit, wanted: list[Wanted]) -> list[Line]:
    codes = {line.material for line in wanted}
    rows = Material.objects.filter(project=project, code__in=codes, active=True)
    found = {row.code: row for row in rows}
    if missing := codes - found.keys():
        raise Refused("unknown-material", f"本项目没有物料 {min(missing)}。", field="lines")
    return [(found[line.material], line.quantity) for line in wanted]


def _engineer(number: str | None, project: OrgUnit) -> Staff | None:
    if number is None:
        return None
    place = {"posts__until": None, "posts__unit__path__startswith": project.path}
    found = Staff.objects.filter(number=number, is_active=True, **place).first()
    if found is None:
        raise Refused("not-found", "这个人不在本项目，不能领料。", field="engineer")
    return found
