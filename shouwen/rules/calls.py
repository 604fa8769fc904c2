"""Answering the telephone: how many rings it took, and when nobody could have answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

#: One ring: a second of tone and four of silence, as telephone networks in China ring.
RING = timedelta(seconds=5)
#: Who hangs up before so many rings are over gave nobody the time that the clause gives.
GRACE = 3
#: A missed call is called back within. Ours: the clause says that it must be answered, not what
#: follows when it was not.
BACK = timedelta(minutes=30)


def rings(rang: timedelta) -> int:
    """How often it has rung; the first ring begins at once."""
    return max(1, ceil(rang / RING))


def gave_up(rang: timedelta) -> bool:
    """Whether the caller hung up before anybody had to answer."""
    return rang < GRACE * RING


def back_by(ended_at: datetime) -> datetime:
    return ended_at + BACK
