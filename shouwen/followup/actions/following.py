"""Reading the journal: the visits of every case in which something changed are brought up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model

from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.one_by_one import raise_all, tried
from shouwen.followup.actions.planning import VISITS, locked_cursor, plan_visits
from shouwen.followup.models import Cursor

#: Entries after which other visits may be wanted than before.
WATCHED = (
    "done", "fed-back", "closed", "reopened", "voided", "merged", "verified", "classified",
    "marked-urgent",
)  # fmt: skip
#: An id that has not shown itself for so long was never committed.
PATIENCE = timedelta(hours=1)
BATCH = 200


def follow(*, at: datetime) -> int:
    """Read on in the journal. Returns how many entries were read."""

    def plan(entries: list[int]) -> list[Exception]:
        return tried(_cases(entries), lambda case: plan_visits(case=case, at=at))

    return read_on(VISITS, plan, at=at)


def read_on(
    name: str,
    take: Callable[[list[int]], list[Exception]],
    *,
    at: datetime,
    of: type[Model] = JournalEntry,
    after: str = "",
) -> int:
    """Hand the entries that the reader of this name has not read yet to `take`, in the order of
    recording, in one transaction. Returns how many they were. `of` is the journal, or the steps
    of another record that are never changed; `after`: only what this other reader has read.

    Ids are not commit order on PostgreSQL: gaps are remembered and looked at again until they
    appear or are too old to. So an entry may be handed over late, and whoever takes it must not
    mind reading one twice. What failed there is returned by `take`, read past with the rest of the
    batch, and raised after it is committed: it stands in the log of the worker.
    """
    with transaction.atomic():
        cursor = locked_cursor(name)
        late = {int(pk): since for pk, since in cursor.behind.items()}
        found = _ids(of, pk__gt=cursor.last, **_read_by(after))
        appeared = _ids(of, pk__in=list(late)) if late else []
        failed = take([*appeared, *found])
        _remember(cursor, late, found, appeared, at)
    raise_all(failed)
    return len(found) + len(appeared)


def _read_by(reader: str) -> dict[str, int]:
    if not reader:
        return {}
    ahead = Cursor.objects.filter(name=reader).first()
    return {"pk__lte": ahead.last if ahead else 0}


def _ids(of: type[Model], **which: object) -> list[int]:
    rows = of._default_manager.filter(**which).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _cases(entries: list[int]) -> list[Case]:
    """Those in which something happened that concerns visits."""
    watched = JournalEntry.objects.filter(pk__in=entries, verb__in=WATCHED).values("case")
    return list(Case.objects.filter(pk__in=watched).select_related("project").order_by("pk"))


def _remember(
    cursor: Cursor, late: dict[int, str], found: list[int], appeared: list[int], at: datetime
) -> None:
    top = max(found, default=cursor.last)
    begin = cursor.last or max(0, min(found, default=0) - BATCH)
    gaps = set(range(begin + 1, top + 1)) - set(found)
    waiting = {pk: since for pk, since in late.items() if pk not in appeared}
    waiting |= dict.fromkeys(gaps, at.isoformat())
    still = {
        str(pk): since
        for pk, since in waiting.items()
        if at - datetime.fromisoformat(since) < PATIENCE
    }
    if (cursor.last, cursor.behind) != (top, still):
        cursor.last, cursor.behind = top, still
        cursor.save()
