"""The HTTP side of statements, mounted by `shouwen.api`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.scope import found
from shouwen.statements.actions import signing
from shouwen.statements.actions.sending import receive
from shouwen.statements.models import Delivery, Statement
from shouwen.statements.queries import get_statement, require_whole, visible_statements
from shouwen.statements.reading import sections
from shouwen.statements.standing import signatures
from shouwen.web.http import Code, Cursor, Id, Limit, Number, Order, Said, Text, extra

router = Router()
PREPARED = Order[Statement]("prepared_at", descending=True)
StateName = Literal[
    "prepared", "submitted", "checked", "signed", "sent", "received", "replaced"
]  # fmt: skip


class StatementAnswer(Schema):
    number: str
    title: str
    unit: str
    period: str
    edition: int
    state: StateName
    state_name: str
    turn: str
    """The role that must go on with it; empty when it is out."""
    first: date
    last: date
    prepared_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    late: bool


class StatementPage(Schema):
    items: list[StatementAnswer]
    next: str | None


class StatementSignature(Schema):
    verb: str
    role: str
    by: str
    for_whom: str
    """Of a deputy: in whose place."""
    at: datetime


class StatementDelivery(Schema):
    id: int
    name: str
    role: str
    """Empty: a body outside."""
    sent_at: datetime | None
    received_at: datetime | None
    received_by: str


class WholeStatement(StatementAnswer):
    sections: list[dict[str, Any]]
    """As they are shown; of a text `words` is what counts."""
    signatures: list[StatementSignature]
    deliveries: list[StatementDelivery]


class NoteWish(Said):
    note: Text = ""


class ReasonWish(Said):
    reason: Text


def statement_facts(row: Statement) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "unit": row.unit.code,
        "period": row.period,
        "edition": row.edition,
        "state": row.state,
        "state_name": str(row.get_state_display()),
        "turn": row.turn,
        "first": row.first,
        "last": row.last,
        "prepared_at": row.prepared_at,
        "due_at": row.due_at,
        "sent_at": row.sent_at,
        "late": row.is_late,
    }


def whole_statement(row: Statement) -> WholeStatement:
    return WholeStatement(
        **statement_facts(row),
        sections=sections(row),
        signatures=[
            StatementSignature(
                verb=step.verb,
                role=step.role,
                by=step.by.number if step.by else "",
                for_whom=step.for_whom.number if step.for_whom else "",
                at=step.at,
            )
            for step in signatures(row)
        ],
        deliveries=[delivery_answer(delivery) for delivery in row.deliveries.all()],
    )


def delivery_answer(delivery: Delivery) -> StatementDelivery:
    return StatementDelivery(
        id=delivery.pk,
        name=delivery.name,
        role=delivery.role,
        sent_at=delivery.sent_at,
        received_at=delivery.received_at,
        received_by=delivery.received_by,
    )


@router.get("/statements", response=StatementPage, summary="报表", openapi_extra=extra("case.view"))
def list_statements(
    request: SignedInRequest,
    state: StateName | None = None,
    unit: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> StatementPage:
    """The newest first."""
    require_whole(request.scope)
    rows = visible_statements(request.scope).defer("content", "texts", "law")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(unit__code=unit) if unit else rows
    page, following = PREPARED.page(rows.select_related("unit"), cursor, limit)
    items = [StatementAnswer(**statement_facts(row)) for row in page]
    return StatementPage(items=items, next=following)


@router.get(
    "/statements/{number}",
    response=WholeStatement,
    summary="一份报表",
    openapi_extra=extra("case.view"),
)
def show_statement(request: SignedInRequest, number: Number) -> WholeStatement:
    """With its tables, its words, who signed it and who has it."""
    return whole_statement(get_statement(request.scope, number))


def _signed(
    request: SignedInRequest, number: str, act: Callable[..., Statement], **said: str
) -> WholeStatement:
    row = get_statement(request.scope, number)
    act(statement=row, by=request.scope, at=request.at, **said)
    return whole_statement(get_statement(request.scope, number))


@router.post(
    "/statements/{number}/submit",
    response=WholeStatement,
    summary="编制人签名提交",
    openapi_extra=extra("case.view"),
)
def submit_statement(request: SignedInRequest, number: Number, body: NoteWish) -> WholeStatement:
    """By who draws it up: the role decides."""
    return _signed(request, number, signing.submit, note=body.note)


@router.post(
    "/statements/{number}/check",
    response=WholeStatement,
    summary="审核",
    openapi_extra=extra("case.view"),
)
def check_statement(request: SignedInRequest, number: Number, body: NoteWish) -> WholeStatement:
    """By whose turn it is, and never by who drew it up."""
    return _signed(request, number, signing.check, note=body.note)


@router.post(
    "/statements/{number}/sign",
    response=WholeStatement,
    summary="签字报送",
    openapi_extra=extra("case.view"),
)
def sign_statement(request: SignedInRequest, number: Number, body: NoteWish) -> WholeStatement:
    """The last signature sends it."""
    return _signed(request, number, signing.sign, note=body.note)


@router.post(
    "/statements/{number}/return",
    response=WholeStatement,
    summary="退回报表",
    openapi_extra=extra("case.view"),
)
def return_statement(request: SignedInRequest, number: Number, body: ReasonWish) -> WholeStatement:
    """With a reason; the signatures given fall."""
    return _signed(request, number, signing.give_back, reason=body.reason)


@router.post(
    "/statements/{number}/deliveries/{delivery}/receive",
    response=WholeStatement,
    summary="签收报表",
    openapi_extra=extra("case.view"),
)
def receive_statement(request: SignedInRequest, number: Number, delivery: Id) -> WholeStatement:
    """By one of ours for whom it is."""
    row = get_statement(request.scope, number)
    ours = row.deliveries.exclude(role="").select_related("unit")
    one = found(ours, "没有找到这一处报送，请核对编号。", pk=delivery)
    one.statement = row
    receive(delivery=one, by=request.scope, at=request.at)
    return whole_statement(get_statement(request.scope, number))
