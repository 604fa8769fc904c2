"""Rows of a floor that ring by a ladder of their own: with `ring_at`, the moment of their next
step, and `rung`, how many steps have rung."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shouwen.cases.one_by_one import summed
from shouwen.rules.ladders import Ladder, Rung, next_ring, ready

BATCH = 200
#: Tells of the step with this number.
Tell = Callable[[Any, int, Rung, datetime], object]


def climb(
    rows: QuerySet[Any], course: Callable[[Any], tuple[datetime | None, Ladder]], tell: Tell,
    at: datetime,
) -> int:  # fmt: skip
    """Ring every row whose moment has come; after a stop of any length each missed step rings once.
    `course` is the time that a row is held to, and its ladder. Returns how many steps rang."""

    def ring(pk: int) -> int:
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",))
            row = locked.filter(pk=pk, ring_at__lte=at).first()
            return _ring(row, *course(row), tell, at) if row else 0

    due = rows.filter(ring_at__lte=at).order_by("ring_at").values_list("pk", flat=True)
    return summed(due[:BATCH], ring)


def _ring(row: Any, due: datetime | None, ladder: Ladder, tell: Tell, at: datetime) -> int:
    if due is None:
        return 0
    steps = ready(ladder, due, row.rung, at)
    for number, step in enumerate(steps, start=row.rung):
        tell(row, number, step, at)
    row.rung += len(steps)
    row.ring_at = next_ring(ladder, due, row.rung)
    row.save(update_fields=["rung", "ring_at"])
    return len(steps)
