"""The HTTP side of prices and quotations, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.pricing.actions.quoting import QuoteLine, consent, decline, quote
from shouwen.pricing.models import PriceItem, Quotation
from shouwen.pricing.queries import find_items, get_quotation, paid_work_rule
from shouwen.rules.refused import Refused
from shouwen.web.http import Code, Limit, Moment, Name, Number, Said, Short, extra

router = Router()
Quantity = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=2)]
Price = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Amount = Annotated[str, Field(pattern=r"^-?\d+\.\d\d$")]
"""What we answer: "86.00", never a float."""
WORK = extra("case.work")


class PriceAnswer(Schema):
    id: int
    list: str
    kind: str
    version: int
    code: str
    name: str
    content: str
    unit: str
    low: Amount
    high: Amount
    material_fee: Amount | None


class PriceAnswers(Schema):
    items: list[PriceAnswer]


class QuotedLine(Schema):
    name: str
    unit: str
    quantity: str
    price: Amount
    amount: Amount
    material: bool


class QuotationAnswer(Schema):
    number: str
    case: str
    subject: str
    """Number of the work order or service order; empty for the matter as a whole."""
    edition: str
    lines: list[QuotedLine]
    total: Amount
    state: str
    state_name: str
    given_by: str
    given_at: datetime
    answered_by: str
    relation: str
    means: str
    answered_at: datetime | None
    proxied: bool
    """Staff wrote down what the customer said."""
    note: str


def price_answer(item: PriceItem) -> PriceAnswer:
    prices = item.edition.price_list
    fee = item.material_fee
    return PriceAnswer(
        id=item.pk,
        list=prices.title,
        kind=prices.kind,
        version=item.edition.version,
        code=item.code,
        name=item.name,
        content=item.content,
        unit=item.unit,
        low=str(item.low),
        high=str(item.high),
        material_fee=None if fee is None else str(fee),
    )


def quotation_answer(found: Quotation) -> QuotationAnswer:
    return QuotationAnswer(
        number=found.number,
        case=found.case.number,
        subject=found.subject,
        edition=str(found.edition) if found.edition else "",
        lines=[
            QuotedLine(
                name=line.name,
                unit=line.unit,
                quantity=str(line.quantity),
                price=str(line.price),
                amount=str(line.amount),
                material=line.material,
            )
            for line in found.lines.all()
        ],
        total=str(found.total),
        state=found.state,
        state_name=str(found.get_state_display()),
        given_by=found.given_by.number,
        given_at=found.given_at,
        answered_by=found.answered_by_name,
        relation=found.relation,
        means=found.means,
        answered_at=found.answered_at,
        proxied=found.is_proxied,
        note=found.note,
    )


# --- Prices ---------------------------------------------------------------------------------------


@router.get(
    "/prices", response=PriceAnswers, summary="现行收费标准", openapi_extra=extra("price.view")
)
def list_prices(
    request: SignedInRequest,
    project: Annotated[Code, Query()],
    q: Annotated[Name | None, Query()] = None,
    kind: Literal["", "repair", "special"] = "",
    limit: Limit = 50,
) -> PriceAnswers:
    """The items in force now, by words of their name or code."""
    request.scope.require("price.view")
    place = OrgUnit.objects.filter(
        request.scope.below("price.view"), kind=OrgUnit.Kind.PROJECT, code=project
    ).first()
    if place is None:
        raise Refused("not-found", "没有找到这个项目，请核对编码。", field="project")
    found = find_items(place, q or "", request.at, kind)[:limit]
    return PriceAnswers(items=[price_answer(item) for item in found])


# --- Quotations -----------------------------------------------------------------------------------


class LineBody(Said):
    code: Annotated[str, Field(max_length=20)] = ""
    """Of the price list in force; empty for material, or for a price agreed freely."""
    name: Annotated[str, Field(max_length=80)] = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    quantity: Quantity = Decimal(1)
    price: Price | None = None
    """May be left out where the list has one price."""
    material: bool = False


class QuoteBody(Said):
    lines: list[LineBody] = Field(min_length=1, max_length=50)
    subject: Annotated[str, Field(max_length=40, pattern=r"^([A-Z]-[A-Z0-9-]+)?$")] = ""
    note: Short = ""
    happened: Moment | None = None


class ConsentBody(Said):
    name: Name
    means: Literal["call", "paper"]
    """A signature comes with its picture, by the page or the phone; a link is the customer's."""
    relation: Annotated[str, Field(max_length=20)] = ""
    note: Short = ""
    happened: Moment | None = None


class DeclineBody(Said):
    reason: Short
    name: Name = ""
    happened: Moment | None = None


@router.get(
    "/quotations/{number}",
    response=QuotationAnswer,
    summary="一份报价",
    openapi_extra=extra("price.view"),
)
def show_quotation(request: SignedInRequest, number: Number) -> QuotationAnswer:
    return quotation_answer(get_quotation(request.scope, number))


@router.post(
    "/cases/{number}/quotations", response=QuotationAnswer, summary="报价", openapi_extra=WORK
)
def quote_work(request: SignedInRequest, number: Number, body: QuoteBody) -> QuotationAnswer:
    """From the list in force; an earlier quotation for the same subject is withdrawn with it."""
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    found = quote(
        case=case,
        subject=body.subject,
        lines=[_line(line, case, request.at) for line in body.lines],
        by=request.scope,
        at=request.at,
        note=body.note,
        happened=body.happened,
    )
    return quotation_answer(found)


def _line(body: LineBody, case: Case, at: datetime) -> QuoteLine:
    item = _item(body.code, case, at) if body.code else None
    price = body.price
    if price is None and item and item.low == item.high:
        price = item.low
    if price is None:
        raise Refused("no-price", f"“{body.name or body.code}”要填单价。", field="price")
    return QuoteLine(
        item=item,
        name=item.name if item else body.name,
        unit=item.unit if item else body.unit,
        quantity=body.quantity,
        price=price,
        material=body.material,
    )


def _item(code: str, case: Case, at: datetime) -> PriceItem:
    rule = paid_work_rule(case)
    kind = rule[1].prices if rule else ""
    found = find_items(case.project, "", at, kind).filter(code=code).first()
    if found is None:
        raise Refused("not-on-the-list", f"现行收费标准中没有 {code}。", field="code")
    return found


@router.post(
    "/quotations/{number}/consent",
    response=QuotationAnswer,
    summary="客户同意报价",
    openapi_extra=WORK,
)
def consent_quotation(
    request: SignedInRequest, number: Number, body: ConsentBody
) -> QuotationAnswer:
    found = get_quotation(request.scope, number)
    request.scope.require("case.work", found.case.project)
    consent(quotation=found, by=request.scope, at=request.at, **body.model_dump())
    return quotation_answer(get_quotation(request.scope, number))


@router.post(
    "/quotations/{number}/decline",
    response=QuotationAnswer,
    summary="客户不同意报价",
    openapi_extra=WORK,
)
def decline_quotation(
    request: SignedInRequest, number: Number, body: DeclineBody
) -> QuotationAnswer:
    found = get_quotation(request.scope, number)
    request.scope.require("case.work", found.case.project)
    decline(quotation=found, by=request.scope, at=request.at, **body.model_dump())
    return quotation_answer(get_quotation(request.scope, number))
