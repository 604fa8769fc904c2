"""The HTTP side of work orders, mounted by `shouwen.api`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from ninja import Query, Router, Schema, Status
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.models import Attachment
from shouwen.cases.queries import get_case
from shouwen.repairs.actions import issuing, working
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import get_order, visible_orders
from shouwen.repairs.standing import OrderStanding
from shouwen.rules.orders import next_step
from shouwen.rules.refused import Refused
from shouwen.web.http import (
    Code,
    Cursor,
    Limit,
    Moment,
    Name,
    Number,
    Order,
    Said,
    Short,
    Text,
    extra,
)

router = Router()
OPENED = Order[WorkOrder]("opened_at", descending=True)
Operation = TypeVar("Operation", bound=Callable[..., Any])
Score = Annotated[int, Field(ge=1, le=5)]
RELATED = ("case", "project", "department", "assignee")


class OrderAnswer(Schema):
    number: str
    case: str
    project: str
    address: str
    range: str
    work_class: str
    trade: str
    part: str
    urgent: bool
    night: bool
    mandatory: bool
    title: str
    text: str
    materials: str
    payer: str
    payer_words: str
    paid: bool
    department: str
    assignee: str
    """Staff number; empty while nobody has it."""
    mode: str
    state: str
    state_name: str
    refusal: str
    waiting_for: str
    appointment_from: datetime | None
    appointment_to: datetime | None
    opened_at: datetime
    hand_over_due_at: datetime | None
    sent_at: datetime | None
    accepted_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    made_safe_at: datetime | None
    done_at: datetime | None
    in_time: bool | None
    """FinishedOrder within the agreed window; null without one, or while it runs."""
    result: str
    done_text: str
    labour_minutes: int | None
    score_quality: int | None
    score_attitude: int | None
    opinion: str
    training_case: bool
    copy2_at: datetime | None


class OneOrder(OrderAnswer):
    next: str
    """The one right thing to do now, whoever must do it; empty when nothing more is wanted."""
    needs: list[str]
    """What completion wants of it."""


class OrdersPage(Schema):
    items: list[OrderAnswer]
    next: str | None


#: Named otherwise than the row has them.
_OWN = ("case", "project", "address", "department", "assignee", "state_name")


def _about(order: WorkOrder) -> dict[str, Any]:
    same = {name: getattr(order, name) for name in OrderAnswer.model_fields if name not in _OWN}
    return {
        **same,
        "case": order.case.number,
        "project": order.project.code,
        "address": order.case.address,
        "department": order.department.code,
        "assignee": order.assignee.number if order.assignee else "",
        "state_name": str(order.get_state_display()),
    }


def _one(request: SignedInRequest, number: str) -> OneOrder:
    order = get_order(request.scope, number)
    standing = OrderStanding(order, request.scope, request.at)
    step = next_step(standing.state)
    return OneOrder(
        **_about(order), next=step.verb if step else "", needs=list(standing.rule.completion)
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get("/orders", response=OrdersPage, summary="维修单清单", openapi_extra=extra("case.view"))
def list_orders(
    request: SignedInRequest,
    state: Annotated[Code | None, Query()] = None,
    project: Annotated[Code | None, Query()] = None,
    case: Annotated[Code | None, Query()] = None,
    assignee: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> OrdersPage:
    """The last opened first."""
    request.scope.require("case.view")
    asked = {"state": state, "project__code": project, "case__number": case,
             "assignee__number": assignee}  # fmt: skip
    rows = visible_orders(request.scope).filter(**{k: v for k, v in asked.items() if v})
    orders, following = OPENED.page(rows.select_related(*RELATED), cursor, limit)
    return OrdersPage(items=[OrderAnswer(**_about(order)) for order in orders], next=following)


@router.get(
    "/orders/{number}", response=OneOrder, summary="一张维修单", openapi_extra=extra("case.view")
)
def show_order(request: SignedInRequest, number: Number) -> OneOrder:
    return _one(request, number)


# --- Issuing --------------------------------------------------------------------------------------


class OpenedOrder(Said):
    range: Literal["home", "public"]
    title: Annotated[Short, Field(min_length=1, max_length=80)]
    text: Text = ""
    mandatory: bool = True
    work_class: Annotated[Short, Field(max_length=16)] = ""
    trade: Annotated[Short, Field(max_length=12)] = ""
    part: Annotated[Short, Field(max_length=16)] = ""
    materials: Short = ""
    department: Code | None = None
    happened: Moment | None = None


@router.post(
    "/cases/{number}/orders", response={201: OneOrder}, summary="开维修单",
    openapi_extra=extra("case.dispatch"),
)  # fmt: skip
def open_order(request: SignedInRequest, number: Number, body: OpenedOrder) -> Status[OneOrder]:
    """One more order of a case; a mandatory one keeps the case from closing."""
    case = get_case(request.scope, number)
    said = body.model_dump(exclude={"department"})
    department = _department(body.department, case.project) if body.department else None
    order = issuing.issue(case=case, department=department, by=request.scope, at=request.at, **said)
    return Status(201, _one(request, order.number))


def _department(code: str, project: OrgUnit) -> OrgUnit:
    found = OrgUnit.objects.filter(code=code, project=project, closed_at=None).first()
    if found is None:
        raise Refused("not-found", "本项目没有这个部门。", field="department")
    return found


# --- Doing ----------------------------------------------------------------------------------------


class Plain(Said):
    happened: Moment | None = None


class Reasoned(Plain):
    reason: Text


class Texted(Plain):
    text: Text


class Decided(Plain):
    payer: Literal["developer", "fund", "liable", "owner", "company"]
    reason: Short = ""


class Sent(Plain):
    mode: Literal["assign", "grab", "rotate"] | None = None
    to: Code | None = None
    """Staff number."""
    notified_by: Annotated[Short, Field(max_length=40)] = ""


class Ruled(Reasoned):
    refusal_stands: bool


class Appointed(Plain):
    starts: Moment
    ends: Moment
    agreed_by: Name
    keys: list[Code] = Field([], max_length=20)
    """Promises that the customer lets move."""


class Paused(Reasoned):
    reason: Code
    """customer, parts, developer, weather, outside, approval, other"""
    text: Text
    until: Moment | None = None


class FinishedOrder(Texted):
    result: Literal["repaired", "made-safe", "declined", "no-fault", "referred"] = "repaired"
    signature: int | None = None
    """Id of a file of the case."""
    signed_name: Name = ""
    no_signature: Annotated[Short, Field(max_length=100)] = ""
    quality: Score | None = None
    attitude: Score | None = None
    opinion: Text = ""
    phone: Annotated[Short, Field(max_length=40)] = ""
    labour_minutes: Annotated[int, Field(ge=1, le=10_000)] | None = None


class Photographed(Plain):
    stage: Literal["before", "after"]
    files: list[int] = Field(min_length=1, max_length=20)
    """Ids of files of the case."""


class Checked(Plain):
    ok: bool
    opinion: Text
    training_case: bool = False


class Returned(Plain):
    copy_number: Literal[1, 2] = 2


def _do(
    request: SignedInRequest, number: str, act: Callable[..., Any], said: dict[str, Any]
) -> OneOrder:
    order = get_order(request.scope, number)
    act(order=order, by=request.scope, at=request.at, **said)
    return _one(request, number)


def _files(request: SignedInRequest, number: str, ids: list[int]) -> list[Attachment]:
    """Files of the order's own case and no other; who may not work on it learns of none."""
    order = get_order(request.scope, number)
    request.scope.require("case.work", order.project)
    found = list(Attachment.objects.filter(pk__in=ids, case=order.case_id))
    if len(found) < len(set(ids)):
        raise Refused("unknown-file", "没有找到这些文件，请先上传到这件事。", field="files")
    return found


def operation(verb: str, summary: str, right: str) -> Callable[[Operation], Operation]:
    """What all operations on an order have in common."""
    return router.post(
        f"/orders/{{number}}/{verb}", response=OneOrder, summary=summary,
        openapi_extra=extra(right),
    )  # fmt: skip


@operation("payer", "确定费用承担", "case.work")
def decide_order_payer(request: SignedInRequest, number: Number, body: Decided) -> OneOrder:
    return _do(request, number, issuing.decide_payer, body.model_dump())


@operation("dispatch", "派工", "case.dispatch")
def dispatch_order(request: SignedInRequest, number: Number, body: Sent) -> OneOrder:
    """To somebody, to whose turn it is, or to be taken."""
    to = Staff.objects.filter(number=body.to, is_active=True).first() if body.to else None
    if body.to and to is None:
        raise Refused("not-found", "没有找到这个人。", field="to")
    said = {**body.model_dump(), "to": to, "mode": body.mode or ""}
    return _do(request, number, issuing.dispatch, said)


@operation("accept", "接单", "case.work")
def accept_order(request: SignedInRequest, number: Number, body: Plain) -> OneOrder:
    return _do(request, number, working.accept, body.model_dump())


@operation("refuse", "退单", "case.work")
def refuse_order(request: SignedInRequest, number: Number, body: Reasoned) -> OneOrder:
    return _do(request, number, issuing.refuse, body.model_dump())


@operation("rule", "裁定退工", "case.dispatch")
def rule_order(request: SignedInRequest, number: Number, body: Ruled) -> OneOrder:
    return _do(request, number, issuing.rule_refusal, body.model_dump())


@operation("appoint", "约定上门", "case.work")
def appoint_order(request: SignedInRequest, number: Number, body: Appointed) -> OneOrder:
    return _do(request, number, issuing.appoint, body.model_dump())


@operation("depart", "出发", "case.work")
def depart_order(request: SignedInRequest, number: Number, body: Plain) -> OneOrder:
    return _do(request, number, working.depart, body.model_dump())


@operation("arrive", "到场", "case.work")
def arrive_order(request: SignedInRequest, number: Number, body: Plain) -> OneOrder:
    return _do(request, number, working.arrive, body.model_dump())


@operation("make-safe", "应急处置", "case.work")
def make_order_safe(request: SignedInRequest, number: Number, body: Texted) -> OneOrder:
    return _do(request, number, working.make_safe, body.model_dump())


@operation("pause", "工单等待", "case.work")
def pause_order(request: SignedInRequest, number: Number, body: Paused) -> OneOrder:
    return _do(request, number, working.pause, body.model_dump())


@operation("resume", "工单恢复", "case.work")
def resume_order(request: SignedInRequest, number: Number, body: Plain) -> OneOrder:
    return _do(request, number, working.resume, body.model_dump())


@operation("photos", "维修照片", "case.work")
def photograph_order(request: SignedInRequest, number: Number, body: Photographed) -> OneOrder:
    """Of files that were uploaded to the case before."""
    files = _files(request, number, body.files)
    return _do(request, number, working.photo, {**body.model_dump(), "files": files})


@operation("finish", "完工", "case.work")
def finish_order(request: SignedInRequest, number: Number, body: FinishedOrder) -> OneOrder:
    """With all that the regulation wants of it; what was agreed is charged."""
    said = body.model_dump(exclude={"quality", "attitude", "signature"})
    marks = {"quality": body.quality, "attitude": body.attitude}
    said["scores"] = {name: mark for name, mark in marks.items() if mark}
    if body.signature:
        (said["signature"],) = _files(request, number, [body.signature])
    return _do(request, number, working.finish, said)


@operation("check", "验收", "case.verify")
def check_order(request: SignedInRequest, number: Number, body: Checked) -> OneOrder:
    return _do(request, number, working.check, body.model_dump())


@operation("communication", "与业户沟通情况", "case.work")
def report_order(request: SignedInRequest, number: Number, body: Texted) -> OneOrder:
    return _do(request, number, working.record_communication, body.model_dump())


@operation("copies", "收回联单", "case.work")
def return_order_copy(request: SignedInRequest, number: Number, body: Returned) -> OneOrder:
    said = {"copy": body.copy_number, "happened": body.happened}
    return _do(request, number, working.return_copy, said)


@operation("cancel", "取消维修单", "case.dispatch")
def cancel_order(request: SignedInRequest, number: Number, body: Reasoned) -> OneOrder:
    return _do(request, number, working.cancel, body.model_dump())
