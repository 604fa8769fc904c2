"""How often an address, a link or a code may try something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from shouwen.portal.models import Tally
from shouwen.rules.refused import Refused

CODE = "too-many"
SENTENCE = "操作太频繁，请过一会儿再试；紧急的事请直接打服务中心电话。"


@dataclass(frozen=True)
class Limit:
    """So many times within so long, of one sort. Estates share addresses: they are generous."""

    sort: str
    most: int
    within: timedelta


#: Links that nobody was given: by the same address.
GUESSES = Limit("guess", 20, timedelta(minutes=10))
#: Whatever is sent by one address, through one link, at one code.
FROM_ADDRESS = Limit("address", 60, timedelta(hours=1))
FROM_LINK = Limit("link", 30, timedelta(hours=1))
REPORTS_FROM_ADDRESS = Limit("reports", 20, timedelta(hours=1))
REPORTS_AT_CODE = Limit("code", 60, timedelta(hours=1))
LONGEST = timedelta(hours=1)


def require_within(limit: Limit, who: str, at: datetime) -> None:
    """Refuse once the limit has been reached; counts nothing."""
    tally = Tally.objects.filter(key=_key(limit, who), since__gt=at - limit.within).first()
    if tally and tally.count >= limit.most:
        raise Refused(CODE, SENTENCE)


def count(limit: Limit, who: str, at: datetime) -> None:
    """One more try; refuse what is beyond the limit. What was tried counts even if it is undone
    afterwards: it is kept before, in a transaction of its own."""
    with transaction.atomic():
        rows = Tally.objects.select_for_update()
        tally, _ = rows.get_or_create(key=_key(limit, who), defaults={"since": at})
        if tally.since <= at - limit.within:
            tally.since, tally.count = at, 0
        tally.count += 1
        tally.save(update_fields=["since", "count"])
    if tally.count > limit.most:
        raise Refused(CODE, SENTENCE)


def _key(limit: Limit, who: str) -> str:
    """A hash under our own key: the addresses of visitors are not kept."""
    return salted_hmac(f"portal:{limit.sort}", who, algorithm="sha256").hexdigest()


def purge_tallies(at: datetime) -> int:
    """Forgets who tried what longer ago than any limit looks."""
    return Tally.objects.filter(since__lt=at - LONGEST).delete()[0]
