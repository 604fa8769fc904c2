"""What somebody with access to the tables might do to the journal of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from datetime import timedelta
from random import Random

from shouwen.accounts.models import Staff
from shouwen.cases.actions.recording import GENESIS, entry_hash
from shouwen.cases.models import JournalEntry

Rows = list[JournalEntry]


def tampered(rows: Rows, dice: Random, forger: Staff) -> tuple[str, Rows]:
    """A copy of the journal of which one thing is not as it was written, and what was done."""
    what = dice.choice([name for name in WAYS if len(rows) > 1 or name not in ("reordered",)])
    forged = [copy(row) for row in rows]
    return what, WAYS[what](forged, dice, forger)


def _altered(rows: Rows, dice: Random, forger: Staff) -> Rows:
    row = dice.choice(rows)
    change = dice.choice(("verb", "at", "recorded_at", "by", "roles", "said_by", "data"))
    changed = {
        "verb": f"{row.verb}-",
        "at": row.at - timedelta(minutes=1),
        "recorded_at": row.recorded_at + timedelta(seconds=1),
        "by": None if row.by == forger else forger,
        "roles": [*row.roles, "auditor"],
        "said_by": f"{row.said_by}?",
        "data": {**row.data, "text": "没有这回事"},
    }
    setattr(row, change, changed[change])
    return rows


def _removed(rows: Rows, dice: Random, forger: Staff) -> Rows:
    del rows[dice.randrange(len(rows))]
    return rows


def _inserted(rows: Rows, dice: Random, forger: Staff) -> Rows:
    """One more entry, told by the forger, that fits onto the one before it."""
    place = dice.randint(0, len(rows))
    after = rows[place - 1] if place else None
    last = after or rows[0]
    new = JournalEntry(
        case=last.case, seq=place + 1, verb="noted", at=last.at, recorded_at=last.recorded_at,
        by=forger, roles=[], data={"text": "早就办好了"}, previous=after.hash if after else GENESIS,
    )  # fmt: skip
    new.hash = entry_hash(last.case.number, new)
    return [*rows[:place], new, *rows[place:]]


def _reordered(rows: Rows, dice: Random, forger: Staff) -> Rows:
    one, two = dice.sample(range(len(rows)), 2)
    rows[one], rows[two] = rows[two], rows[one]
    return rows


def _retold(rows: Rows, dice: Random, forger: Staff) -> Rows:
    """Altered, and every hash from there on made to fit: only the head of the case tells."""
    place = dice.randrange(len(rows))
    rows[place].data = {**rows[place].data, "text": "没有这回事"}
    for previous, row in zip([None, *rows], rows, strict=False):
        row.previous = previous.hash if previous else GENESIS
        row.hash = entry_hash(row.case.number, row)
    return rows


WAYS: Mapping[str, Callable[[Rows, Random, Staff], Rows]] = {
    "altered": _altered,
    "removed": _removed,
    "inserted": _inserted,
    "reordered": _reordered,
    "retold": _retold,
}
