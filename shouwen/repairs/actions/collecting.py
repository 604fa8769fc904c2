"""Cash at the door: reported done and paid for in one form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.scope import Scope
from shouwen.billing.actions.paying import take_payment
from shouwen.billing.models import Charge, Method
from shouwen.billing.queries import charges_of, owed
from shouwen.repairs.actions import working
from shouwen.repairs.models import WorkOrder
from shouwen.rules.refused import Refused


def finish(
    *,
    order: WorkOrder,
    by: Scope,
    at: datetime,
    cash: bool = False,
    happened: datetime | None = None,
    **told: Any,
) -> WorkOrder:
    """Done, as `working.finish` says; with `cash`, what it costs is in the hands of who was sent
    until he hands it in (S2-RP-7, S2-RP-9). Who types it sees at once what does not go together."""
    with transaction.atomic():
        working.finish(order=order, by=by, at=at, happened=happened, **told)
        if cash:
            _collect(order, by, at, happened)
    return order


def _collect(order: WorkOrder, by: Scope, at: datetime, happened: datetime | None) -> None:
    charges = list(charges_of(order.case, order.number).filter(state__in=Charge.OWED))
    if not charges:
        raise Refused(
            "nothing-owed", "这张维修单没有要收的费用，请选“业户到前台付”。", field="cash"
        )
    take_payment(
        charges=charges, amount=owed(charges), method=Method.CASH,
        payer=order.signed_name or order.case.customer_name, in_hand=order.assignee or by.staff,
        by=by, at=at, happened=happened,
    )  # fmt: skip
