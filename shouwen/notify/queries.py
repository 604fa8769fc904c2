"""Reads of the inbox, always one's own, and whether the worker lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.notify.models import Heartbeat, Notice

ROWS_A_PAGE = 30
#: Counts stop here: "99+" says all that there is to say.
MOST = 99
#: Nobody is reminded of anything while the worker is silent for so long.
SILENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class InboxPage:
    """Some notices, and where the next ones begin. Empty `older` means that there are no more."""

    notices: list[Notice]
    older: str = ""


def inbox(staff: Staff) -> QuerySet[Notice]:
    return Notice.objects.filter(staff=staff)


def unread(staff: Staff) -> list[Notice]:
    """What is not read yet, urgent first; as many as a page holds twice over."""
    return list(
        inbox(staff).filter(read_at=None).order_by("-urgent", "-at", "-pk")[: 2 * ROWS_A_PAGE]
    )


def read(staff: Staff, after: str = "") -> InboxPage:
    """What was read, newest first, from a key on: "moment|id" of the last one shown."""
    rows = inbox(staff).exclude(read_at=None)
    if key := _key(after):
        at, pk = key
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows.order_by("-at", "-pk")[: ROWS_A_PAGE + 1])
    shown = found[:ROWS_A_PAGE]
    more = len(found) > ROWS_A_PAGE
    return InboxPage(shown, f"{shown[-1].at.isoformat()}|{shown[-1].pk}" if more else "")


def _key(text: str) -> tuple[datetime, int] | None:
    """Nothing for an address that somebody cut or made up."""
    moment, _, pk = text.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(pk)) if pk.isdecimal() and at.tzinfo else None


def unread_count(staff: Staff) -> int | str:
    """How many are unread, up to 99; then "99+". Never counts more rows than that."""
    found = inbox(staff).filter(read_at=None).order_by()[: MOST + 1].count()
    return f"{MOST}+" if found > MOST else found


def is_silent(at: datetime) -> bool:
    """Whether no worker said within the last minute that it lives."""
    return not Heartbeat.objects.filter(at__gte=at - SILENCE).exists()
