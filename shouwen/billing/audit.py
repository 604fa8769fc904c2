"""Whether the books agree with themselves: what the rows say against what was posted.

Nothing that a user can do makes a disagreement; one that is found was made by hand in the database,
or is a mistake of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone

from shouwen.accounts.models import OrgUnit
from shouwen.billing.models import (
    Account,
    Allocation,
    Charge,
    HandIn,
    Method,
    Payment,
    PostingLine,
    Refund,
    Remittance,
    TillCount,
    WriteOff,
)
from shouwen.rules.money import ZERO, cents

Kind = Account.Kind
GRANTED = Q(state__in=(Refund.State.APPROVED, Refund.State.PAID))
Sums = dict[Any, Decimal]
Span = tuple[datetime, datetime]
ALWAYS: Span = (datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def disagreements(project: OrgUnit) -> list[str]:
    """Sentences about what does not agree in the books of a project; empty when all does."""
    return _sentences(_pairs(project))


def _sentences(pairs: Iterable[tuple[str, Sums, Sums]]) -> list[str]:
    return [
        f"{what} {key or ''}：账上 {posted}，单据 {told}"
        for what, ledger, rows in pairs
        for key in ledger.keys() | rows.keys()
        if (posted := ledger.get(key, ZERO)) != (told := rows.get(key, ZERO))
    ]


def cash_disagreements(project: OrgUnit, day: date) -> list[str]:
    """The same of one day and its cash alone: what was written on that day, and no other row is
    read, however old the books are."""
    return _sentences(_cash_pairs(project, day))


def _cash_pairs(project: OrgUnit, day: date) -> Iterator[tuple[str, Sums, Sums]]:
    zone = get_current_timezone()
    of_day = datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)
    lines = PostingLine.objects.filter(posting__project=project, posting__recorded_at__range=of_day)
    payments = Payment.objects.filter(project=project, recorded_at__range=of_day)
    yield "凭证不平", _by(lines, "posting"), {}
    yield "收款分配", *_shares(Allocation.objects.filter(payment__in=payments), payments)
    yield "在途现金", _of(lines, Kind.HAND, "staff"), _carried(project, payments, of_day)
    yield "收款台", _of(lines, Kind.TILL), _till(project, payments, of_day)


def _pairs(project: OrgUnit) -> Iterator[tuple[str, Sums, Sums]]:
    lines = PostingLine.objects.filter(account__project=project)
    charges = Charge.objects.filter(project=project)
    payments = Payment.objects.filter(project=project)
    refunds = Refund.objects.filter(GRANTED, project=project)
    given_up = WriteOff.objects.filter(project=project, state=WriteOff.State.APPROVED)
    allocations = Allocation.objects.filter(charge__project=project)
    yield "凭证不平", _by(lines, "posting"), {}
    yield "费用已收", _by(allocations, "charge"), _by(charges, "pk", "paid")
    yield "费用已退", _by(refunds.exclude(charge=None), "charge"), _by(charges, "pk", "refunded")
    yield "费用减免", _by(given_up, "charge"), _by(charges, "pk", "written_off")
    yield "收款分配", *_shares(allocations, payments)
    yield "应收", _of(lines, Kind.RECEIVABLE, "unit"), _owed(charges)
    yield "应退", _minus(_of(lines, Kind.REFUND_DUE, "unit")), _due_back(payments, refunds)
    yield "收入", _minus(_of(lines, Kind.INCOME)), _earned(charges.filter(held_for=None), refunds)
    yield "减免", _of(lines, Kind.WRITE_OFF), _all(given_up.filter(charge__held_for=None))
    yield "代收", _minus(_of(lines, Kind.HELD, "customer")), _held(project, charges, refunds)
    yield "在途现金", _of(lines, Kind.HAND, "staff"), _carried(project, payments)
    yield "收款台", _of(lines, Kind.TILL), _till(project, payments)


# --- What the rows say ----------------------------------------------------------------------------


def _owed(charges: QuerySet[Charge]) -> Sums:
    left = F("amount") - F("paid") - F("written_off")
    return _by(charges.filter(state__in=Charge.OWED), "unit", left)


def _due_back(payments: QuerySet[Payment], refunds: QuerySet[Refund]) -> Sums:
    """Paid too much, and granted for a charge, less what was paid out."""
    granted = _by(refunds.exclude(charge=None), "payment__unit")
    paid_out = _by(refunds.filter(state=Refund.State.PAID), "payment__unit")
    return _add(_by(payments, "unit", "excess"), granted, _minus(paid_out))


def _earned(charges: QuerySet[Charge], refunds: QuerySet[Refund]) -> Sums:
    asked = _all(charges.exclude(state=Charge.State.CANCELLED))
    return _add(asked, _minus(_all(refunds.filter(charge__in=charges))))


def _held(project: OrgUnit, charges: QuerySet[Charge], refunds: QuerySet[Refund]) -> Sums:
    theirs = charges.exclude(held_for=None).exclude(state=Charge.State.CANCELLED)
    given_up = _by(theirs, "held_for", "written_off")
    passed_on = _by(Remittance.objects.filter(project=project), "customer")
    given_back = _by(refunds.filter(charge__in=theirs), "charge__held_for")
    return _add(_by(theirs, "held_for"), _minus(given_up), _minus(passed_on), _minus(given_back))


def _shares(allocations: QuerySet[Allocation], payments: QuerySet[Payment]) -> tuple[Sums, Sums]:
    told = _add(_by(allocations, "payment"), _by(payments, "pk", "excess"))
    return told, _by(payments, "pk")


def _carried(project: OrgUnit, payments: QuerySet[Payment], when: Span = ALWAYS) -> Sums:
    handed_in = _by(HandIn.objects.filter(project=project, at__range=when), "engineer", "counted")
    return _add(_by(payments.exclude(held_by=None), "held_by"), _minus(handed_in))


def _till(project: OrgUnit, payments: QuerySet[Payment], when: Span = ALWAYS) -> Sums:
    cash = payments.filter(method=Method.CASH, held_by=None)
    counts = TillCount.objects.filter(project=project, at__range=when)
    paid_out = Refund.objects.filter(
        project=project, state=Refund.State.PAID, method=Method.CASH, paid_at__range=when
    )
    passed_on = Remittance.objects.filter(project=project, method=Method.CASH, at__range=when)
    return _add(
        _all(cash),
        _all(HandIn.objects.filter(project=project, at__range=when), "counted"),
        _minus(_all(paid_out)),
        _minus(_all(passed_on)),
        _all(counts, F("difference") - F("deposited")),
    )


# --- Sums -----------------------------------------------------------------------------------------


def _by(rows: QuerySet[Any], key: str, what: Any = "amount") -> Sums:
    """Sums by key, without those that are nothing."""
    found = rows.order_by().values_list(key).annotate(sum=Sum(what))
    return {key: amount for key, total in found if (amount := cents(total))}


def _all(rows: QuerySet[Any], what: Any = "amount") -> Sums:
    return {None: cents(rows.aggregate(sum=Sum(what))["sum"] or ZERO)}


def _of(lines: QuerySet[PostingLine], kind: Account.Kind, owner: str = "") -> Sums:
    of_kind = lines.filter(account__kind=kind)
    return _by(of_kind, f"account__{owner}") if owner else _all(of_kind)


def _minus(sums: Sums) -> Sums:
    return {key: -amount for key, amount in sums.items()}


def _add(*several: Sums) -> Sums:
    keys: Iterable[Any] = {key for sums in several for key in sums}
    return {key: sum((sums.get(key, ZERO) for sums in several), ZERO) for key in keys}
