"""A calendar was edited after cases began: see what would move, then move it, on the record.

What has ended never moves. Running it again goes on where it stopped: a case that already follows
the
calendar is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from shouwen.accounts.scope import Scope
from shouwen.adoption.models import WorkCalendar
from shouwen.adoption.queries import calendar_row, calendars, rulebook
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.rules.commitments import promises
from shouwen.rules.refused import Refused


@dataclass(frozen=True)
class Move:
    """A running promise that the calendar would move."""

    case: Case
    title: str
    clause: str
    before: datetime | None
    after: datetime | None


def waiting_cases(calendar: WorkCalendar) -> QuerySet[Case]:
    """Open cases below the calendar's unit that follow another calendar of the same unit."""
    older = WorkCalendar.objects.filter(unit=calendar.unit).exclude(pk=calendar.pk)
    return Case.objects.filter(calendar__in=older, status__in=Case.OPEN).order_by("pk")


def preview(calendar: WorkCalendar, cases: int | None = None) -> Iterator[Move]:
    """What following this calendar would move, before anybody decides; of so many cases."""
    for case in waiting_cases(calendar)[:cases].iterator(chunk_size=200):
        entries = as_entries(journal(case))
        found = promises(rulebook(case.rulebook_id), entries, calendars(calendar.pk), case.number)
        running = {row.key: row.due_at for row in case.commitments.filter(outcome="")}
        for promise in found:
            if promise.key in running and promise.due.at != running[promise.key]:
                yield Move(
                    case,
                    promise.rule.title,
                    promise.rule.clause,
                    running[promise.key],
                    promise.due.at,
                )


def recalendar(*, calendar: WorkCalendar, by: Scope, at: datetime, limit: int = 1000) -> int:
    """Let open cases follow an approved calendar. Returns how many did; call again until none is
    left."""
    by.require("regulation.adopt", calendar.unit)
    if calendar.approved_at is None:
        raise Refused("not-approved", "日历还没有批准，先批准再调整在办事项。")
    if calendar_row(calendar.unit, at) != calendar:
        raise Refused("not-current", "这份日历已经被代替，在办事项只能改用在用的那一份。")
    moved = 0
    for case in list(waiting_cases(calendar)[:limit]):
        with acting(case, by=None, right="", at=at) as act:
            act.write(
                "recalendared",
                {"calendar": calendar.pk, "name": calendar.name, "decided_by": by.staff.number},
            )
            act.case.calendar = calendar
            act.calendars = calendars(calendar.pk)
        moved += 1
    return moved
