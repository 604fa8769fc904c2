"""The HTTP side of the counter, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.billing import queries
from shouwen.billing.actions.charging import charge
from shouwen.billing.actions.paying import deliver_receipt, issue_receipt, take_payment
from shouwen.billing.models import Charge, Payment, Receipt
from shouwen.estate.models import Unit
from shouwen.rules.money import Line
from shouwen.rules.refused import Refused
from shouwen.web.http import (
    Code,
    Cursor,
    Id,
    Limit,
    Moment,
    Name,
    Number,
    Order,
    Said,
    Short,
    extra,
)

router = Router()
LATEST = Order[Charge]("at", descending=True)
Money = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
Amount = Annotated[str, Field(pattern=r"^-?\d+\.\d\d$")]
"""What we answer: "86.00", never a float."""
VIEW, TAKE = "money.view", "money.take"


class ChargeLineAnswer(Schema):
    name: str
    unit: str
    quantity: str
    price: Amount
    amount: Amount


class ChargeAnswer(Schema):
    number: str
    project: str
    case: str
    """Number of the case, empty without one."""
    subject: str
    """Number of the work order or service order."""
    unit: int | None
    title: str
    collect: str
    state: str
    state_name: str
    amount: Amount
    paid: Amount
    refunded: Amount
    written_off: Amount
    owed: Amount
    at: datetime
    bill: str
    lines: list[ChargeLineAnswer]


class ChargePage(Schema):
    items: list[ChargeAnswer]
    next: str | None


class ReceiptAnswer(Schema):
    number: str
    amount: Amount
    issued_at: datetime
    delivered_at: datetime | None
    void: bool


class PaymentAnswer(Schema):
    number: str
    project: str
    amount: Amount
    excess: Amount
    """Of it what no charge needed; it is owed back."""
    method: str
    payer: str
    provider_ref: str
    at: datetime
    on_the_way: bool
    """Cash that an engineer has not handed in yet."""
    charges: list[str]
    receipts: list[ReceiptAnswer]


class BalanceAnswer(Schema):
    unit: int
    owed: Amount
    due_back: Amount


def charge_answer(row: Charge) -> ChargeAnswer:
    return ChargeAnswer(
        number=row.number,
        project=row.project.code,
        case=row.case.number if row.case else "",
        subject=row.subject,
        unit=row.unit_id,
        title=row.title,
        collect=row.collect,
        state=row.state,
        state_name=str(row.get_state_display()),
        amount=str(row.amount),
        paid=str(row.paid),
        refunded=str(row.refunded),
        written_off=str(row.written_off),
        owed=str(row.owed),
        at=row.at,
        bill=row.bill.number if row.bill else "",
        lines=[
            ChargeLineAnswer(
                name=line.name, unit=line.unit, quantity=str(line.quantity), price=str(line.price),
                amount=str(line.amount),
            )
            for line in row.lines.all()
        ],
    )  # fmt: skip


def payment_answer(row: Payment) -> PaymentAnswer:
    return PaymentAnswer(
        number=row.number,
        project=row.project.code,
        amount=str(row.amount),
        excess=str(row.excess),
        method=row.method,
        payer=row.payer,
        provider_ref=row.provider_ref,
        at=row.at,
        on_the_way=row.is_on_the_way,
        charges=[part.charge.number for part in row.allocations.select_related("charge")],
        receipts=[receipt_answer(receipt) for receipt in row.receipts.order_by("issued_at")],
    )


def receipt_answer(row: Receipt) -> ReceiptAnswer:
    return ReceiptAnswer(
        number=row.number,
        amount=str(row.amount),
        issued_at=row.issued_at,
        delivered_at=row.delivered_at,
        void=row.void_at is not None,
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get("/charges", response=ChargePage, summary="费用清单", openapi_extra=extra(VIEW))
def list_charges(
    request: SignedInRequest,
    state: Annotated[
        Literal["open", "billed", "paid", "written-off", "cancelled"] | None, Query()
    ] = None,
    project: Annotated[Code | None, Query()] = None,
    subject: Annotated[Code | None, Query()] = None,
    unit: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ChargePage:
    """The latest first."""
    request.scope.require(VIEW)
    asked = {"state": state, "project__code": project, "subject": subject, "unit": unit}
    rows = _charges(request).filter(**{name: value for name, value in asked.items() if value})
    charges, following = LATEST.page(rows, cursor, limit)
    return ChargePage(items=[charge_answer(row) for row in charges], next=following)


@router.get(
    "/charges/{number}", response=ChargeAnswer, summary="一笔费用", openapi_extra=extra(VIEW)
)
def show_charge(request: SignedInRequest, number: Number) -> ChargeAnswer:
    return charge_answer(queries.get(_charges(request), number))


def _charges(request: SignedInRequest):  # type: ignore[no-untyped-def] # a QuerySet with relations
    seen = queries.visible_charges(request.scope).select_related("project", "case", "bill")
    return seen.prefetch_related("lines")


@router.get(
    "/payments/{number}", response=PaymentAnswer, summary="一笔收款", openapi_extra=extra(VIEW)
)
def show_payment(request: SignedInRequest, number: Number) -> PaymentAnswer:
    return payment_answer(_payment(request, number))


def _payment(request: SignedInRequest, number: str) -> Payment:
    rows = queries.visible_payments(request.scope).select_related("project")
    return queries.get(rows, number)


@router.get(
    "/units/{id}/balance", response=BalanceAnswer, summary="房屋欠款", openapi_extra=extra(VIEW)
)
def show_balance(request: SignedInRequest, id: Id) -> BalanceAnswer:
    unit = _unit(request, id)
    owed, back = queries.balance(unit), queries.due_back(unit)
    return BalanceAnswer(unit=unit.pk, owed=str(owed), due_back=str(back))


def _unit(request: SignedInRequest, pk: int) -> Unit:
    unit = Unit.objects.filter(request.scope.inside(), request.scope.on(VIEW), pk=pk).first()
    if unit is None:
        raise Refused("not-found", "没有找到这套房屋。")
    return unit


# --- Charging and taking --------------------------------------------------------------------------


class LineSaid(Said):
    name: Annotated[Name, Field(min_length=1)]
    unit: Annotated[Name, Field(max_length=20)] = ""
    quantity: Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=3)] = Decimal(1)
    price: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class ChargeSaid(Said):
    unit: Annotated[int, Field(ge=1, le=2**53)]
    title: Annotated[Short, Field(min_length=1, max_length=120)]
    collect: Literal["cash", "fee-bill", "monthly-bill"] = "cash"
    lines: list[LineSaid] = Field(min_length=1, max_length=50)


class PaymentSaid(Said):
    also: list[Code] = Field([], max_length=50)
    """Numbers of further charges that it pays, after the one of the address."""
    amount: Money
    method: Literal["cash", "transfer", "wechat", "alipay"]
    payer: Name = ""
    provider_ref: Annotated[Short, Field(max_length=80)] = ""
    happened: Moment | None = None


class Delivered(Said):
    happened: Moment | None = None


@router.post("/charges", response=ChargeAnswer, summary="计费", openapi_extra=extra(TAKE))
def add_charge(request: SignedInRequest, body: ChargeSaid) -> ChargeAnswer:
    """Something that a home owes and no order has charged, such as the management fee."""
    request.scope.require(TAKE)
    lines = [Line(line.name, line.unit, line.quantity, line.price) for line in body.lines]
    row = charge(
        case=None, unit=_unit(request, body.unit), title=body.title, lines=lines,
        collect=body.collect, by=request.scope, at=request.at,
    )  # fmt: skip
    return charge_answer(row)


@router.post(
    "/charges/{number}/payments",
    response=PaymentAnswer,
    summary="收款",
    openapi_extra=extra(TAKE),
)
def add_payment(request: SignedInRequest, number: Number, body: PaymentSaid) -> PaymentAnswer:
    """Less than the charges ask for is a part payment; more is refused."""
    rows = _charges(request).select_related("project", "unit", "case")
    charges = [queries.get(rows, each) for each in (number, *body.also)]
    said = body.model_dump(exclude={"also"})
    row = take_payment(charges=charges, by=request.scope, at=request.at, **said)
    return payment_answer(row)


@router.post(
    "/payments/{number}/receipt",
    response=ReceiptAnswer,
    summary="开收据",
    openapi_extra=extra(TAKE),
)
def add_receipt(request: SignedInRequest, number: Number) -> ReceiptAnswer:
    """Cash that an engineer took is handed in first."""
    row = _payment(request, number)
    return receipt_answer(issue_receipt(payment=row, by=request.scope, at=request.at))


@router.post(
    "/receipts/{number}/deliver",
    response=ReceiptAnswer,
    summary="收据交给业户",
    openapi_extra=extra(TAKE),
)
def hand_over_receipt(request: SignedInRequest, number: Number, body: Delivered) -> ReceiptAnswer:
    rows = queries.visible_receipts(request.scope).select_related("payment", "project")
    row = queries.get(rows, number)
    done = deliver_receipt(receipt=row, by=request.scope, at=request.at, happened=body.happened)
    return receipt_answer(done)
