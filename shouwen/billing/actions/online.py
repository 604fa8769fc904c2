"""Paying online: a code that the customer scans, and what the provider tells us of it.

Messages come twice, late, and in any order. Each is taken once (`ProviderEvent`); money that is
there is booked whatever came before it, and nothing else moves money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import locked, noting
from shouwen.billing.actions.paying import take_payment
from shouwen.billing.actions.posting import number
from shouwen.billing.models import Charge, Checkout, Payment, ProviderEvent, place
from shouwen.billing.providers import Notice, Provider
from shouwen.billing.providers.notices import CLOSED, PAID
from shouwen.billing.queries import owed
from shouwen.rules.refused import Refused

State = Checkout.State


def open_checkout(
    *,
    charges: Sequence[Charge],
    name: str,
    provider: Provider,
    notify_url: str,
    payer: str,
    by: Scope | None,
    at: datetime,
) -> Checkout:
    """Ask a provider for a code that pays what these charges still ask for. The row stands before
    the provider is asked: its answer may be lost, and the payment come all the same."""
    row = _created(charges, name, payer, by, at)
    title = charges[0].title if len(charges) == 1 else f"{charges[0].title}等 {len(charges)} 项"
    try:
        row.code_url = provider.open(
            number=row.number, amount=row.amount, title=title, notify_url=notify_url
        )
    except Refused:
        row.state = State.CLOSED
        raise
    finally:
        row.save(update_fields=["code_url", "state"])
    return row


def _created(
    charges: Sequence[Charge], name: str, payer: str, by: Scope | None, at: datetime
) -> Checkout:
    if not charges or len({charge.project_id for charge in charges}) != 1:
        raise Refused("no-charge", "请选要收的费用；一次只收一个项目的。", field="charges")
    project = charges[0].project
    with noting(None, project, by, at, right="money.take"):
        debt = owed(Charge.objects.filter(pk__in=[charge.pk for charge in charges]))
        if not debt:
            raise Refused("nothing-owed", "这些费用已经收清、减免或撤销，不用再收。")
        row = Checkout.objects.create(
            **place(project), number=number("N", project, at), provider=name, amount=debt,
            payer=payer.strip()[:60], by=by.staff if by else None, at=at,
        )  # fmt: skip
        row.charges.set(charges)
    return row


def receive(*, name: str, place: OrgUnit, notice: Notice, at: datetime) -> ProviderEvent:
    """Take a message of a provider, once. It speaks of codes that were opened in `place`, whose
    account signed it, and of no others: the money went to that account."""
    with transaction.atomic():
        event, is_new = ProviderEvent.objects.get_or_create(
            provider=name,
            event_id=notice.event_id,
            defaults={
                "kind": notice.kind,
                "amount": notice.amount,
                "at": notice.at,
                "received_at": at,
                "outcome": "noted",
            },
        )
        if is_new:
            event.checkout = Checkout.objects.filter(
                number=notice.number, provider=name, project=place
            ).first()
            event.outcome = _take(event.checkout, notice, at)
            event.save(update_fields=["checkout", "outcome"])
    return event


def _take(checkout: Checkout | None, notice: Notice, at: datetime) -> str:
    """What came of it. A number that is not ours is kept for a person to look at."""
    if checkout is None:
        return "unknown-number"
    row = locked(checkout)
    if notice.kind == PAID:
        return _paid(row, notice, at)
    if notice.kind == CLOSED and row.state == State.WAITING:
        row.state = State.CLOSED
        row.save(update_fields=["state"])
    return "noted"


def _paid(row: Checkout, notice: Notice, at: datetime) -> str:
    """Also after it was closed, and also when the charges were paid in cash meanwhile: the money is
    there, and what nobody owes is owed back."""
    known = Payment.objects.filter(method=row.provider, provider_ref=notice.reference)
    if notice.amount <= Decimal(0) or known.exists():
        return "known-already"
    payment = take_payment(
        charges=list(row.charges.order_by("at", "pk")),
        amount=notice.amount,
        method=row.provider,
        payer=row.payer,
        by=None,
        at=at,
        provider_ref=notice.reference,
        happened=min(notice.at, at),
    )
    row.state, row.payment = State.PAID, row.payment or payment
    row.save(update_fields=["state", "payment"])
    return "taken"
