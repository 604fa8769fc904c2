"""Taking money, giving receipts, passing on what is not ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import lock_charges, locked, moment, noting
from shouwen.billing.actions.posting import Kind, hand, held, number, owing, post, purse
from shouwen.billing.models import (
    Account,
    Allocation,
    Bill,
    Charge,
    Collect,
    Method,
    Payment,
    Receipt,
    Remittance,
    place,
)
from shouwen.billing.queries import account_balance, collected_for, owed
from shouwen.cases.models import Case
from shouwen.estate.models import Customer
from shouwen.pricing.queries import paid_work_rule
from shouwen.rules.money import ZERO, cents, yuan
from shouwen.rules.refused import Refused


def take_payment(
    *,
    charges: Sequence[Charge],
    amount: Decimal,
    method: str,
    payer: str,
    by: Scope | None,
    at: datetime,
    in_hand: Staff | None = None,
    provider_ref: str = "",
    happened: datetime | None = None,
) -> Payment:
    """Money for these charges, in their order; less than they ask for is a part payment.

    `in_hand`: the engineer who carries the cash until he hands it in. `by` is None when a payment
    provider tells us: then the money is there, and what nobody owes any more is owed back.
    """
    project = _project(charges)
    _require_payment(amount, method, in_hand)
    with noting(_cases(charges), project, by, at) as note:
        rows = _locked(charges)
        if by:
            _require_takeable(rows, amount, note.right)
            _require_new(method, provider_ref)
        if in_hand:
            _require_cash(rows)
        payment = Payment(
            **place(project), amount=cents(amount), method=method, payer=payer.strip()[:60],
            unit=_unit(rows), taken_by=by.staff if by else None, held_by=in_hand,
            provider_ref=provider_ref, at=moment(happened, at), recorded_at=at,
        )  # fmt: skip
        _allocate(payment, rows)
        _post(payment, rows, by)
        data = {**_told(payment), "charges": [row.number for row in rows]}
        note("paid", data, happened, said_by=payment.payer)
    return payment


def _project(charges: Sequence[Charge]) -> OrgUnit:
    projects = {charge.project for charge in charges}
    if len(projects) != 1:
        raise Refused("no-charge", "请选要收的费用；一次只收一个项目的。", field="charges")
    return projects.pop()


def _cases(charges: Sequence[Charge]) -> list[Case]:
    return [charge.case for charge in charges if charge.case]


def _locked(charges: Sequence[Charge]) -> list[Charge]:
    """The rows as they are now, in the order that was asked for."""
    keys = list(dict.fromkeys(charge.pk for charge in charges))
    found = lock_charges(Charge.objects.filter(pk__in=keys))
    return [found[key] for key in keys]


def _unit(charges: Sequence[Charge]) -> Any:
    """The home that paid, when it was one."""
    units = {charge.unit for charge in charges}
    return units.pop() if len(units) == 1 else None


def _require_payment(amount: Decimal, method: str, in_hand: Staff | None) -> None:
    if method not in Method.values:
        raise Refused("unknown-method", "请选付款方式。", field="method")
    if amount <= 0 or amount != cents(amount):
        raise Refused("bad-amount", "金额须大于零，最多两位小数。", field="amount")
    if in_hand and method != Method.CASH:
        raise Refused("not-cash", "只有现金由维修工代收；转账和扫码直接入账。", field="method")


def _require_takeable(rows: Sequence[Charge], amount: Decimal, right: str) -> None:
    if right == "case.work" and any(row.case is None for row in rows):
        raise Refused("not-allowed", "这笔费用不属于您办的事项，请业户到收款台缴纳。")
    debt = owed(rows)
    if debt == ZERO:
        raise Refused("nothing-owed", "这些费用已经收清、减免或撤销，不用再收。", field="charges")
    if amount > debt:
        raise Refused("too-much", f"一共欠 {yuan(debt)} 元，不能多收；请核对金额。", field="amount")


def _require_new(method: str, reference: str) -> None:
    """One transfer is one payment: typed twice, the money would stand twice in the books."""
    known = Payment.objects.filter(method=method, provider_ref=reference).first()
    if reference and known:
        raise Refused(
            "reference-known",
            f"这个流水号已经收过款（{known.number}），请核对；一笔钱交几项费用，请一次勾选。",
            field="provider_ref",
        )


def _require_cash(rows: Sequence[Charge]) -> None:
    """An engineer carries cash only where the regulation wants it paid there and then."""
    if any(row.collect != Collect.CASH for row in rows):
        raise Refused("not-on-site", "这笔费用按制度随账单收取，现场不收现金。", field="charges")


def _allocate(payment: Payment, rows: Sequence[Charge]) -> None:
    """Row by row until the money is used up; a charge that is settled says so, and its bill too."""
    rest, parts = payment.amount, []
    for row in rows:
        part = min(rest, row.owed)
        if part > 0:
            parts.append(Allocation(charge=row, amount=part))
            row.paid += part
            rest -= part
    payment.excess = rest
    payment.number = number("P", payment.project, payment.recorded_at)
    payment.save(force_insert=True)
    for allocation in parts:
        allocation.payment = payment
    Allocation.objects.bulk_create(parts)
    settle([allocation.charge for allocation in parts], payment.at)


def settle(rows: Sequence[Charge], at: datetime) -> None:
    """Keep what was paid or given up, and close charges and bills of which nothing is left."""
    for row in rows:
        if row.state in Charge.OWED and row.owed == ZERO:
            row.state = Charge.State.PAID if row.paid else Charge.State.WRITTEN_OFF
    Charge.objects.bulk_update(rows, ["paid", "written_off", "state"])
    bills = {row.bill_id for row in rows if row.bill_id}
    if bills:
        still = Charge.objects.filter(bill__in=bills, state=Charge.State.BILLED).values("bill")
        Bill.objects.filter(pk__in=bills, paid_at=None).exclude(pk__in=still).update(paid_at=at)


def _post(payment: Payment, rows: Sequence[Charge], by: Scope | None) -> None:
    project = payment.project
    lines: dict[Account, Decimal] = {_arrives(payment): payment.amount}
    for allocation in payment.allocations.select_related("charge__unit"):
        debt = owing(project, Kind.RECEIVABLE, allocation.charge.unit)
        lines[debt] = lines.get(debt, ZERO) - allocation.amount
    if payment.excess:
        lines[owing(project, Kind.REFUND_DUE, payment.unit)] = -payment.excess
    cases = _cases(rows)
    post(
        project=project,
        what=f"收款：{rows[0].title}",
        lines=lines,
        by=by,
        at=payment.recorded_at,
        happened=payment.at,
        case=cases[0] if cases else None,
        subject=rows[0].subject,
    )


def _arrives(payment: Payment) -> Account:
    """Of cash on the way the account is held: a clerk who counts it now counts this too, or not."""
    if payment.held_by:
        return locked(hand(payment.project, payment.held_by))
    return purse(payment.project, payment.method)


def _told(payment: Payment) -> dict[str, Any]:
    """A payment as a journal tells it."""
    where = f"，在{payment.held_by.name}手里" if payment.held_by else ""
    return {
        "payment": payment.number,
        "amount": str(payment.amount),
        "method": payment.method,
        "in_hand": payment.held_by.number if payment.held_by else "",
        "text": f"{payment.get_method_display()} {yuan(payment.amount)} 元{where}",
    }


def cases_of(payment: Payment) -> list[Case]:
    """The cases that a payment was for."""
    return list(Case.objects.filter(charges__allocations__payment=payment).distinct())


STEPS = {"issued": "已开具", "delivered": "已交给业户", "void": "作废"}


# --- Receipts -------------------------------------------------------------------------------------


def issue_receipt(*, payment: Payment, by: Scope, at: datetime) -> Receipt:
    """The clerk's numbered receipt. An engineer's cash is handed in first (S2-RP-9, S2-RP-10)."""
    with noting(cases_of(payment), payment.project, by, at, right="money.take") as note:
        _require_receipt_role(note.cases, payment.project, by)
        row = locked(payment)
        if row.is_on_the_way:
            raise Refused("cash-on-the-way", "现金还在维修工手里，先收缴现金再开收据。")
        if row.receipts.filter(void_at=None).exists():
            raise Refused("receipted-already", "这笔款已经开过收据；要重开请先作废原收据。")
        receipt = Receipt.objects.create(
            **place(row.project), number=number("R", row.project, at), payment=row,
            amount=row.amount, issued_by=by.staff, issued_at=at,
        )  # fmt: skip
        note("receipted", _receipt(receipt, "issued"))
    return receipt


def _require_receipt_role(cases: Sequence[Case], project: OrgUnit, by: Scope) -> None:
    """The regulation names who writes receipts."""
    for case in cases:
        found = paid_work_rule(case)
        roles = found[1].receipt_by if found else ()
        if found and roles and not set(roles) & set(by.roles(project)):
            names = "、".join(ROLES[role].name for role in roles)
            raise Refused("wrong-role", f"收据由{names}开具。", found[1].clause)


def deliver_receipt(
    *, receipt: Receipt, by: Scope, at: datetime, happened: datetime | None = None
) -> Receipt:
    """The customer has it: given at the counter, or brought by the engineer (S2-RP-10)."""
    with noting(cases_of(receipt.payment), receipt.project, by, at) as note:
        row = _standing(receipt)
        if row.delivered_at:
            raise Refused("delivered-already", "这张收据已经交给业户。")
        row.delivered_by, row.delivered_at = by.staff, moment(happened, at)
        row.save(update_fields=["delivered_by", "delivered_at"])
        note("receipted", _receipt(row, "delivered"), happened)
    return row


def void_receipt(*, receipt: Receipt, reason: str, by: Scope, at: datetime) -> Receipt:
    """A spoilt receipt keeps its number and is void; another may be issued."""
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么作废。", field="reason")
    payment = receipt.payment
    with noting(cases_of(payment), receipt.project, by, at, right="money.take") as note:
        row = _standing(receipt)
        row.void_at, row.void_by, row.void_reason = at, by.staff, reason.strip()[:200]
        row.save(update_fields=["void_at", "void_by", "void_reason"])
        note("receipted", {**_receipt(row, "void"), "reason": row.void_reason})
    return row


def _standing(receipt: Receipt) -> Receipt:
    row = locked(receipt)
    if row.void_at:
        raise Refused("receipt-void", "这张收据已经作废。")
    return row


def _receipt(receipt: Receipt, step: str) -> dict[str, str]:
    return {
        "receipt": receipt.number,
        "payment": receipt.payment.number,
        "amount": str(receipt.amount),
        "step": step,
        "text": f"{receipt.number} {STEPS[step]}",
    }


# --- What is not ours -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """How money leaves: cash, or a transfer with its reference."""

    method: str
    reference: str = ""


def remit(
    *, project: OrgUnit, customer: Customer, amount: Decimal, way: Way, by: Scope, at: datetime
) -> Remittance:
    """Pass on what was collected for a customer, never more than that (S2-A1-11d)."""
    _require_payment(amount, way.method, None)
    with noting(None, project, by, at, right="money.take"):
        account, source = locked(held(project, customer)), locked(purse(project, way.method))
        there = collected_for(project, customer)
        if amount > there:
            raise Refused("not-there", f"代收款只有 {yuan(there)} 元，不能多付。", field="amount")
        row = Remittance.objects.create(
            **place(project), number=number("RM", project, at), customer=customer, amount=amount,
            method=way.method, reference=way.reference[:80], by=by.staff, at=at,
        )  # fmt: skip
        if way.method == Method.CASH:
            require_in_till(project, amount)
        lines = {account: amount, source: -amount}
        post(project=project, what=f"转付代收款：{customer.name}", lines=lines, by=by, at=at)
    return row


def require_in_till(project: OrgUnit, amount: Decimal) -> None:
    """Nobody gives out of a drawer what is not in it."""
    there = account_balance(project, Kind.TILL)
    if amount > there:
        raise Refused(
            "till-too-low",
            f"收款台现金只有 {yuan(there)} 元，请改用转账，或先取款。",
            field="method",
        )
