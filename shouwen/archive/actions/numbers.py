"""Telephone numbers on orders that the customer's file does not have (S2-RP-16)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from shouwen.accounts.scope import Scope
from shouwen.archive.models import NumberChange
from shouwen.estate.actions import add_phone, remove_phone
from shouwen.estate.phones import digits
from shouwen.estate.queries import place_of
from shouwen.repairs.models import WorkOrder
from shouwen.rules.refused import Refused

EDIT = "estate.edit"
LABEL = "维修单"
_STATE = NumberChange.State


def note_number(order: WorkOrder, at: datetime) -> None:
    """A number that is new to the customer's file waits to be taken over."""
    customer, number = order.case.customer, digits(order.phone_for_visit)
    if customer is None or not number or not 7 <= len(number) <= 15:
        return
    known = list(customer.phones.order_by("pk").values_list("number", flat=True))
    if number in known:
        return
    NumberChange.objects.get_or_create(
        order=order.number,
        defaults={
            **place_of(order.project), "customer": customer, "new": number, "found_at": at,
            "old": " ".join(known)[:200],
        },
    )  # fmt: skip


def take(*, change: NumberChange, by: Scope, at: datetime, remove: str = "") -> NumberChange:
    """Into the file; one that is no longer right may go out of it."""
    with _on(change, by, at) as row:
        add_phone(customer=row.customer, number=row.new, by=by, at=at, label=LABEL)
        if remove:
            phone = row.customer.phones.filter(number=remove).first()
            if phone is None:
                raise Refused(
                    "no-such-number", "客户资料里没有这个旧号码，请选资料里有的。", field="remove"
                )
            remove_phone(phone=phone, by=by, at=at)
        row.state, row.removed = _STATE.TAKEN, remove
    return change


def leave(*, change: NumberChange, note: str, by: Scope, at: datetime) -> NumberChange:
    """It is somebody else's, or a mistake."""
    if not note.strip():
        raise Refused("no-note", "请写不更新的原因。", field="note")
    with _on(change, by, at) as row:
        row.state, row.note = _STATE.LEFT, note.strip()[:120]
    return change


@contextmanager
def _on(change: NumberChange, by: Scope, at: datetime) -> Iterator[NumberChange]:
    by.require(EDIT, change.project)
    with transaction.atomic():
        rows = NumberChange.objects.select_for_update(of=("self",)).select_related("customer")
        row = rows.get(pk=change.pk)
        if row.state != _STATE.FOUND:
            raise Refused("settled-already", "这条联系方式变更已经处理过，不用再处理。")
        yield row
        row.settled_at, row.settled_by = at, by.staff
        row.save()
    change.__dict__.update(row.__dict__)
