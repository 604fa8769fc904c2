"""The list of major events: one page of rows, each with what is still to be sent and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from shouwen.majors.models import MajorEvent
from shouwen.majors.queries import grade_names

PAGE = 50


@dataclass(frozen=True)
class EventRow:
    """One event as the list shows it."""

    event: MajorEvent
    grade: str
    unsent: int
    undone: int
    next_due: datetime | None


def page_of(events: QuerySet[MajorEvent], before: str) -> tuple[list[EventRow], str]:
    """One page, the newest first, and the key of the next ("" at the end)."""
    if before.isdecimal():
        events = events.filter(pk__lt=int(before))
    unsent = Q(sendings__isnull=False, sendings__sent_at=None)
    undone = Q(actions__isnull=False, actions__done_at=None)
    found = events.select_related("project", "case").annotate(
        unsent=Count("sendings", filter=unsent, distinct=True),
        undone=Count("actions", filter=undone, distinct=True),
        send_by=Min("sendings__due_at", filter=unsent),
        do_by=Min("actions__due_at", filter=undone),
    )
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return [_row(row) for row in rows[:PAGE]], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _row(event: MajorEvent) -> EventRow:
    grade = grade_names(event.rulebook_id).get(event.grade, event.grade)
    due = min((at for at in (event.send_by, event.do_by) if at), default=None)  # type: ignore[attr-defined] # annotated
    return EventRow(event, grade, event.unsent, event.undone, due)  # type: ignore[attr-defined] # annotated
