"""Telling people: written into the outbox in the transaction of what is told, delivered by the
worker."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q

from shouwen.accounts.models import Staff
from shouwen.notify.models import Heartbeat, Notice, OutboxMessage

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
#: After so many attempts a message is given up; it stays in the outbox with its error.
TRIES = 8


def tell(
    *,
    people: Iterable[Staff],
    event: str,
    subject: str,
    at: datetime,
    body: str = "",
    url: str = "",
    urgent: bool = False,
    not_before: datetime | None = None,
) -> None:
    """Put a message to each of these people into the outbox; the same event twice is told once.

    Needs an open transaction: a message without its fact, or a fact without its message, must not
    be.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("tell() belongs into the transaction of what it tells")
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                event=event,
                staff=person,
                subject=subject[:200],
                body=body,
                url=url,
                urgent=urgent,
                created_at=at,
                not_before=not_before or at,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


def deliver(*, at: datetime, limit: int = 200) -> int:
    """Deliver what is due, one transaction a message. Returns how many were delivered.

    The attempt is counted before it is made, so that a message that kills the worker cannot do so
    for ever. One that cannot be delivered holds back no other.
    """
    return sum(_try(pk, fence, at) for pk, fence in _claim(at, limit))


def _waiting(at: datetime) -> Q:
    return Q(delivered_at=None, failed_at=None, not_before__lte=at) & (
        Q(claimed_until=None) | Q(claimed_until__lt=at)
    )


def _claim(at: datetime, limit: int) -> list[tuple[int, str]]:
    fence = secrets.token_hex(8)
    due = OutboxMessage.objects.filter(_waiting(at)).order_by("-urgent", "not_before")
    found = list(due.values_list("pk", "attempts")[:limit])
    _give_up([pk for pk, attempts in found if attempts >= TRIES], at)
    ids = [pk for pk, attempts in found if attempts < TRIES]
    if not ids:
        return []
    OutboxMessage.objects.filter(_waiting(at), pk__in=ids).update(
        fence=fence, claimed_until=at + LEASE, attempts=F("attempts") + 1
    )
    mine = OutboxMessage.objects.filter(pk__in=ids, fence=fence, delivered_at=None)
    return [(pk, fence) for pk in mine.values_list("pk", flat=True)]


def _give_up(ids: list[int], at: datetime) -> None:
    """Whoever tried these did not live to say why."""
    if ids:
        log.error("messages %s are given up after %s attempts", ids, TRIES)
        OutboxMessage.objects.filter(pk__in=ids, delivered_at=None).update(failed_at=at)


def _try(pk: int, fence: str, at: datetime) -> int:
    try:
        return _deliver_one(pk, fence, at)
    except DatabaseError as error:
        log.exception("message %s could not be delivered", pk)
        mine = OutboxMessage.objects.filter(pk=pk, fence=fence, delivered_at=None)
        mine.update(error=str(error)[:300])
        mine.filter(attempts__gte=TRIES).update(failed_at=at)
        return 0


def _deliver_one(pk: int, fence: str, at: datetime) -> int:
    with transaction.atomic():
        mine = OutboxMessage.objects.filter(pk=pk, fence=fence, delivered_at=None)
        if not mine.update(delivered_at=at):
            return 0
        message = OutboxMessage.objects.get(pk=pk)
        notice = Notice(
            message=message,
            staff_id=message.staff_id,
            subject=message.subject,
            body=message.body,
            url=message.url,
            urgent=message.urgent,
            at=at,
        )
        Notice.objects.bulk_create([notice], ignore_conflicts=True)
    return 1


def settle_as_history(*, urls: Iterable[str], at: datetime) -> None:
    """Messages about matters of the past that were only now taken in: kept, and told to nobody."""
    OutboxMessage.objects.filter(url__in=list(urls), delivered_at=None).update(
        delivered_at=at, error="历史导入，不再通知"
    )


def mark_read(*, staff: Staff, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark somebody's own notices as read: these, or all."""
    notices = Notice.objects.filter(staff=staff, read_at=None)
    return (notices if ids is None else notices.filter(pk__in=list(ids))).update(read_at=at)


def beat(*, worker: str, at: datetime) -> None:
    """The worker lives."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"at": at})
