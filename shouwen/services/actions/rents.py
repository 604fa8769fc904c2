"""Helping an owner to his rent (S2-A1-11d): due, reminded of, received, passed on.

The money goes through the books as somebody else's: a charge held for the owner.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import charge
from shouwen.billing.actions.paying import Way, remit, take_payment
from shouwen.notify.actions import tell
from shouwen.rules.money import Line
from shouwen.rules.refused import Refused
from shouwen.services.models import Mandate, RentDue

RIGHT = "case.feed-back"
MONTHS = 60


def schedule(
    *, mandate: Mandate, first_on: date, months: int, by: Scope, at: datetime
) -> list[RentDue]:
    """The rents of a home that was let: one a month, on the day of the first."""
    by.require(RIGHT, mandate.project)
    if mandate.result != Mandate.Result.LET or mandate.deal_price is None:
        raise Refused("not-let", "房屋出租成交以后才能排租金。")
    if mandate.owner is None:
        raise Refused("no-owner", "请先补上业主，代收的租金要付给他。")
    if not 1 <= months <= MONTHS:
        raise Refused("months", f"月数在 1 到 {MONTHS} 之间。", field="months")
    days = [_months_later(first_on, n) for n in range(months)]
    with transaction.atomic():
        if RentDue.objects.filter(mandate=mandate, due_on__in=days).exists():
            raise Refused("scheduled-already", "其中有的租期已经排过，请核对首期日期。")
        return RentDue.objects.bulk_create(
            RentDue(mandate=mandate, due_on=day, amount=mandate.deal_price) for day in days
        )


def _months_later(first: date, months: int) -> date:
    """The same day of a later month, or its last day where there is none."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    for day in range(first.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def remind_due(*, at: datetime) -> int:
    """Tell whoever looks after the mandate of each rent that is due today or overdue, once. Returns
    how many."""
    due = RentDue.objects.filter(due_on__lte=localdate(at), received_at=None, reminded_at=None)
    return sum(_remind(pk, at) for pk in due.values_list("pk", flat=True)[:200])


def _remind(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        rent = _locked(pk)
        if rent.reminded_at or rent.received_at:
            return False
        mandate = rent.mandate
        tell(
            people=[mandate.by],
            event=f"rent:{rent.pk}",
            at=at,
            subject=f"代收租金到期：{mandate.unit.label} {rent.due_on} {rent.amount} 元",
            url=f"/services/mandates/{mandate.number}",
        )
        rent.reminded_at = at
        rent.save(update_fields=["reminded_at"])
    return True


def receive(*, rent: RentDue, method: str, payer: str, by: Scope, at: datetime) -> RentDue:
    """The tenant has paid: charged for the owner and paid in one, so that the home owes nothing."""
    by.require("money.take", rent.mandate.project)
    with transaction.atomic():
        found = _locked(rent.pk)
        if found.received_at:
            raise Refused("received-already", "这期租金已经收到。")
        mandate = found.mandate
        owed = charge(
            case=None, project=mandate.project, unit=mandate.unit, held_for=mandate.owner,
            subject=mandate.number, title=f"代收租金 {found.due_on}",
            lines=[Line("租金", "月", Decimal(1), found.amount)], collect="cash", by=by, at=at,
        )  # fmt: skip
        take_payment(charges=[owed], amount=owed.amount, method=method, payer=payer, by=by, at=at)
        found.received_at, found.method = at, method
        found.save(update_fields=["received_at", "method"])
    return found


def pass_on(*, rent: RentDue, way: Way, by: Scope, at: datetime) -> RentDue:
    """Remitted to the owner, with the reference of the transfer."""
    by.require("money.take", rent.mandate.project)
    if not way.reference.strip():
        raise Refused("no-reference", "请填转付的凭证号。", field="reference")
    with transaction.atomic():
        found = _locked(rent.pk)
        if not found.received_at or found.remitted_at:
            raise Refused("not-there", "这期租金还没有收到，或已经转付。")
        owner = found.mandate.owner
        if owner is None:
            raise Refused("no-owner", "请先补上业主，代收的租金要付给他。")
        remit(
            project=found.mandate.project, customer=owner, amount=found.amount, way=way, by=by,
            at=at,
        )  # fmt: skip
        found.remitted_at, found.reference = at, way.reference.strip()[:60]
        found.save(update_fields=["remitted_at", "reference"])
    return found


def _locked(pk: int) -> RentDue:
    rows = RentDue.objects.select_for_update(of=("self",))
    return rows.select_related("mandate__project", "mandate__unit", "mandate__owner").get(pk=pk)
