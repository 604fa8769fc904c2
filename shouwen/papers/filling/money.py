"""报价单, 收据 and 《管理费收费单》."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.scope import Scope
from shouwen.billing import models as billing
from shouwen.billing.queries import get, visible_bills, visible_receipts
from shouwen.papers.capitals import capitals
from shouwen.papers.shapes import Billed, FeeBill, Head, Priced, Quotation, Receipt
from shouwen.papers.sources import Form, Source
from shouwen.pricing import models as pricing
from shouwen.pricing.queries import get_quotation

QUOTATION = Form("报价单", ("quotation",), signatures=("客户", "报价人"))
RECEIPT = Form("收据", ("receipt",))
FEE_BILL = Form("管理费收费单", ("fee-bill",))
MONTHLY_BILL = Form("特约服务月结账单", ("monthly-bill",))
#: What a customer answered, as the box on the form says it.
ANSWERS = {"agreed": "同意", "declined": "不同意"}


def quotation(scope: Scope, number: str) -> Source:
    found = get_quotation(scope, number)
    return Source(
        form=QUOTATION,
        record=found.number,
        project=found.project,
        url=reverse("cases:case", args=[found.case.number]),
        fill=lambda head: _quotation_sheet(head, found),
        case=found.case,
    )


def _quotation_sheet(head: Head, found: pricing.Quotation) -> Quotation:
    edition = found.edition
    return Quotation(
        head=head,
        customer=found.case.customer_name,
        room=found.case.address,
        subject=found.subject or found.case.number,
        content=found.case.title,
        given_at=found.given_at,
        given_by=found.given_by.name,
        edition=str(edition) if edition else "协商定价",
        lines=tuple(_priced(line) for line in found.lines.select_related("item")),
        total=found.total,
        capitals=capitals(found.total),
        answer=ANSWERS.get(found.state, ""),
        answered_at=found.answered_at,
        answered_by=" ".join(filter(None, (found.answered_by_name, found.relation))),
        means=found.get_means_display(),
        note=found.note,
    )


def _priced(line: Any) -> Priced:
    """A line of a quotation, or of a charge."""
    item = getattr(line, "item", None)
    return Priced(
        name=line.name,
        unit=line.unit,
        quantity=f"{line.quantity.normalize():f}",
        price=line.price,
        amount=line.amount,
        code=item.code if item else "",
    )


# --- 收据 -----------------------------------------------------------------------------------------


def receipt(scope: Scope, number: str) -> Source:
    rows = visible_receipts(scope).select_related(
        "project__company", "issued_by", "delivered_by", "payment__unit", "payment__taken_by"
    )
    found = get(rows, number)
    paid_for = list(found.payment.allocations.select_related("charge__case").order_by("pk"))
    return Source(
        form=RECEIPT,
        record=found.number,
        project=found.project,
        url=reverse("billing:payment", args=[found.payment.number]),
        fill=lambda head: _receipt_sheet(head, found, paid_for),
        case=next((row.charge.case for row in paid_for if row.charge.case), None),
    )


def _receipt_sheet(
    head: Head, found: billing.Receipt, paid_for: list[billing.Allocation]
) -> Receipt:
    payment = found.payment
    case = next((row.charge.case for row in paid_for if row.charge.case), None)
    return Receipt(
        head=head,
        payer=payment.payer,
        room=payment.unit.label if payment.unit else (case.address if case else ""),
        order="、".join(
            dict.fromkeys(row.charge.subject for row in paid_for if row.charge.subject)
        ),
        method=payment.get_method_display(),
        paid_at=payment.at,
        lines=tuple(line for row in paid_for for line in _paid_lines(row)) + _excess(payment),
        amount=found.amount,
        capitals=capitals(found.amount),
        taken_by=payment.taken_by.name if payment.taken_by else payment.get_method_display(),
        issued_by=found.issued_by.name,
        issued_at=found.issued_at,
        delivered=_delivered(found),
        void=found.void_at is not None,
    )


def _paid_lines(row: billing.Allocation) -> tuple[Priced, ...]:
    """The lines of a charge that was paid whole; of one paid in part only what was paid, so that
    the lines always sum to the amount."""
    if row.amount == row.charge.amount:
        return tuple(_priced(line) for line in row.charge.lines.all())
    return (Priced(f"{row.charge.title}（部分）", amount=row.amount),)


def _excess(payment: billing.Payment) -> tuple[Priced, ...]:
    return (Priced("多收，待退", amount=payment.excess),) if payment.excess else ()


def _delivered(found: billing.Receipt) -> str:
    if found.delivered_at is None:
        return ""
    name = found.delivered_by.name if found.delivered_by else ""
    return f"{name} {localtime(found.delivered_at):%Y-%m-%d %H:%M}".strip()


# --- 管理费收费单 ---------------------------------------------------------------------------------


def bill(scope: Scope, number: str) -> Source:
    found = get(visible_bills(scope).select_related("project__company", "unit"), number)
    return Source(
        form=FEE_BILL if found.kind == billing.Bill.Kind.FEE else MONTHLY_BILL,
        record=found.number,
        project=found.project,
        url=reverse("billing:bill", args=[found.number]),
        fill=lambda head: _bill_sheet(head, found),
    )


def _bill_sheet(head: Head, found: billing.Bill) -> FeeBill:
    charges = list(
        found.charges.prefetch_related("lines").select_related("customer").order_by("pk")
    )
    lines = tuple(_billed(charge) for charge in charges)
    owed = _sum(charge.owed for charge in charges)
    return FeeBill(
        head=head,
        room=found.unit.label,
        customer="、".join(dict.fromkeys(c.customer.name for c in charges if c.customer)),
        period=found.period,
        issued_at=found.issued_at,
        due_on=found.due_on,
        lines=lines,
        details=tuple(line for line in lines if len(line.lines) > 1),
        total=found.total,
        paid=_sum(charge.paid for charge in charges),
        open=owed,
        capitals=capitals(owed),
    )


def _billed(charge: billing.Charge) -> Billed:
    lines = tuple(_priced(line) for line in charge.lines.all())
    return Billed(charge.title, charge.subject, charge.amount, lines)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
