"""Reads of the books. Every list starts from `visible_…(scope)`; sums come from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, found
from shouwen.billing.models import (
    Account,
    Bill,
    Charge,
    Checkout,
    HandIn,
    Payment,
    PostingLine,
    Receipt,
    Refund,
    TillCount,
    WriteOff,
)
from shouwen.cases.models import Case, Placed
from shouwen.estate.models import Customer, Unit
from shouwen.rules.money import ZERO, cents

Row = TypeVar("Row", bound=Placed)


# --- What somebody may see ------------------------------------------------------------------------


def _visible(rows: type[Row], scope: Scope) -> QuerySet[Row]:
    found: QuerySet[Row] = rows._default_manager.filter(scope.inside(), scope.on("money.view"))
    return found


def visible_charges(scope: Scope) -> QuerySet[Charge]:
    return _visible(Charge, scope)


def visible_payments(scope: Scope) -> QuerySet[Payment]:
    """Of the projects whose money one sees, and the cash that one carries oneself."""
    seen = scope.on("money.view") | Q(held_by=scope.staff)
    return Payment.objects.filter(scope.inside(), seen)


def visible_receipts(scope: Scope) -> QuerySet[Receipt]:
    seen = scope.on("money.view") | Q(payment__held_by=scope.staff)
    return Receipt.objects.filter(scope.inside(), seen)


def visible_bills(scope: Scope) -> QuerySet[Bill]:
    return _visible(Bill, scope)


def visible_refunds(scope: Scope) -> QuerySet[Refund]:
    return _visible(Refund, scope)


def visible_write_offs(scope: Scope) -> QuerySet[WriteOff]:
    return _visible(WriteOff, scope)


def visible_hand_ins(scope: Scope) -> QuerySet[HandIn]:
    return _visible(HandIn, scope)


def visible_counts(scope: Scope) -> QuerySet[TillCount]:
    return _visible(TillCount, scope)


def visible_checkouts(scope: Scope) -> QuerySet[Checkout]:
    return _visible(Checkout, scope)


def get(rows: QuerySet[Row], number: str) -> Row:
    """The row of this number, or the same refusal whether it is unknown or not theirs to see."""
    return found(rows, "没有找到这张单，请核对编号。", number=number)


# --- Sums of the ledger ---------------------------------------------------------------------------


def ledger_sum(lines: QuerySet[PostingLine]) -> Decimal:
    """SQLite sums decimals as floats: the cents are exact, what comes after them is noise."""
    return cents(lines.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def balance(unit: Unit) -> Decimal:
    """What a home owes."""
    return ledger_sum(
        PostingLine.objects.filter(account__unit=unit, account__kind=Account.Kind.RECEIVABLE)
    )


def due_back(unit: Unit) -> Decimal:
    """What we owe a home: paid too much, or a refund that is approved and not paid out."""
    return -ledger_sum(
        PostingLine.objects.filter(account__unit=unit, account__kind=Account.Kind.REFUND_DUE)
    )


def in_hand(staff: Staff, project: OrgUnit | None = None) -> Decimal:
    """The cash that an engineer carries, in one project or in all."""
    where: dict[str, Any] = {"account__project": project} if project else {}
    return ledger_sum(
        PostingLine.objects.filter(account__staff=staff, account__kind=Account.Kind.HAND, **where)
    )


def collected_for(project: OrgUnit, customer: Customer) -> Decimal:
    """What came in for a customer whose money we collect, and was not passed on yet. What the
    tenant was asked for and has not paid stands in the same account, and is not there."""
    kept = PostingLine.objects.filter(
        account__project=project, account__kind=Account.Kind.HELD, account__customer=customer
    )
    asked = Charge.objects.filter(project=project, held_for=customer, state__in=Charge.OWED)
    return -ledger_sum(kept) - owed(asked)


def account_balance(project: OrgUnit, kind: Account.Kind) -> Decimal:
    """All accounts of a kind together: the till, the bank, the income of a project."""
    return ledger_sum(PostingLine.objects.filter(account__project=project, account__kind=kind))


def refundable(payment: Payment, charge: Charge | None) -> Decimal:
    """What may still go back of what a payment paid for a charge, or of its excess. What is asked
    for and not decided is spoken for."""
    rows = payment.refunds.filter(charge=charge).exclude(state=Refund.State.REFUSED)
    if charge is None:
        came = payment.excess
    else:
        came = payment.allocations.filter(charge=charge).aggregate(sum=Sum("amount"))["sum"] or ZERO
    return cents(came - (rows.aggregate(sum=Sum("amount"))["sum"] or ZERO))


def forgivable(charge: Charge) -> Decimal:
    """What of a charge may still be given up: owed, and not asked for yet."""
    waiting = charge.write_offs.filter(state=WriteOff.State.ASKED).aggregate(sum=Sum("amount"))
    return cents(charge.owed - (waiting["sum"] or ZERO))


# --- Charges --------------------------------------------------------------------------------------


def open_charges(unit: Unit) -> QuerySet[Charge]:
    """What a home has still to pay, the oldest first."""
    return unit.charges.filter(state__in=Charge.OWED).order_by("at", "pk")


def charges_of(case: Case, subject: str = "") -> QuerySet[Charge]:
    """The charges of a case, or of one of its orders."""
    rows = case.charges.order_by("at", "pk")
    return rows.filter(subject=subject) if subject else rows


def owed(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.owed for charge in charges), ZERO)


# --- Cash -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hand:
    """An engineer and the cash of one day: taken, handed in, and what he carries now."""

    staff: Staff
    taken: Decimal
    handed_in: Decimal
    carries: Decimal


def hands(project: OrgUnit, day: date) -> list[Hand]:
    """Everybody who took or handed in cash on a day, or carries some still."""
    since = datetime.combine(day, time(), get_current_timezone())
    of_day = {"at__gte": since, "at__lt": since + timedelta(days=1)}
    taken = _by_staff(
        Payment.objects.filter(project=project, **of_day).exclude(held_by=None), "held_by"
    )
    handed_in = _by_staff(HandIn.objects.filter(project=project, day=day), "engineer", "counted")
    lines = PostingLine.objects.filter(account__project=project, account__kind=Account.Kind.HAND)
    carried = _by_staff(lines, "account__staff")
    people = Staff.objects.filter(pk__in={*taken, *handed_in, *carried}).order_by("number")
    return [
        Hand(
            person, taken.get(person.pk, ZERO), handed_in.get(person.pk, ZERO),
            carried.get(person.pk, ZERO),
        )
        for person in people
    ]  # fmt: skip


def _by_staff(rows: QuerySet[Any], key: str, what: str = "amount") -> dict[int, Decimal]:
    found = rows.order_by().values_list(key).annotate(sum=Sum(what))
    return {pk: amount for pk, total in found if (amount := cents(total))}
