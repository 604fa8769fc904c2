"""The part of the export that is counted by days and not by cases: calls, filled forms, and what
decides how often something is owed (posts, absences, working days)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Min
from django.utils.timezone import localdate

from shouwen.accounts.models import Absence, OrgUnit, Post
from shouwen.adoption.actions import footing
from shouwen.adoption.library import from_content, load
from shouwen.adoption.models import RegulationEdition
from shouwen.cases.models import Contact
from shouwen.figures.exported import Codes, Line, day, read
from shouwen.registers.models import Call, Record

#: So many days after the export a week or month that has begun may still end.
AHEAD = timedelta(days=31)
WEEK = timedelta(days=7)
#: Fields of a form that hold nobody's own words.
PLAIN = ("choice", "yes", "number", "money", "scores", "date", "time")


def days(codes: Codes, at: datetime) -> Iterator[Line]:
    yield from _posts(codes)
    yield from _absences(codes)
    yield from _working_days(at)
    yield from _calls(codes)
    yield from _records(codes)


def _posts(codes: Codes) -> Iterator[Line]:
    for row in read(Post.objects.filter(staff__is_active=True).select_related("unit")):
        yield {
            "is": "post", "id": row.staff_id, "staff": codes.staff[row.staff_id],
            "role": row.role, "project": codes.unit[row.unit.project_id], "since": row.since,
            "until": row.until,
        }  # fmt: skip


def _absences(codes: Codes) -> Iterator[Line]:
    for row in read(Absence.objects.all()):
        yield {
            "is": "absence", "staff": codes.staff[row.staff_id], "since": row.starts_at,
            "until": row.ends_at,
        }  # fmt: skip


def _working_days(at: datetime) -> Iterator[Line]:
    """When work begins and ends on each day that is worked, from the week in which the month of the
    first contact began."""
    for project in read(OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT, closed_at=None)):
        first = Contact.objects.filter(project=project).aggregate(first=Min("at"))["first"]
        calendar = footing(project, at).calendars.duty
        on = localdate(first or at).replace(day=1) - WEEK
        while on <= localdate(at + AHEAD):
            if hours := calendar.periods_on(on):
                since, until = hours[0][0], hours[-1][1]
                yield {
                    "is": "workday", "project": project.code, "on": day(on), "since": since,
                    "until": until,
                }  # fmt: skip
            on += timedelta(days=1)


def _calls(codes: Codes) -> Iterator[Line]:
    for row in read(Call.objects.filter(inbound=True)):
        yield {
            "is": "call", "id": row.pk, "project": codes.unit[row.project_id], "at": row.at,
            "answered": row.answered_at, "ended": row.ended_at,
        }  # fmt: skip


def _records(codes: Codes) -> Iterator[Line]:
    kept = _kept()
    for row in read(Record.objects.select_related("case")):
        fields = kept[row.regulation, row.form] & row.values.keys()
        yield {
            "is": "record", "id": row.pk, "number": row.number, "form": row.form,
            "regulation": row.regulation, "project": codes.unit[row.project_id],
            "on": day(row.on), "state": row.state, "department": codes.unit[row.department_id],
            "staff": codes.staff[row.staff_id or row.filled_by_id], "home": row.unit_id,
            "case": row.case.number if row.case else "", "filled": row.filled_at,
            "signed": row.signed_at,
            "values": {key: row.values[key] for key in sorted(fields)},
        }  # fmt: skip


def _kept() -> dict[tuple[str, str], set[str]]:
    """{(regulation, form): the fields that are exported}, of every edition and our own defaults."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    stored = (from_content(row.content) for row in read(RegulationEdition.objects.all()))
    for regulation in chain(stored, [load("defaults")]):
        for form in regulation.form:
            plain = {field.id for field in form.fields if field.kind in PLAIN}
            found[regulation.id, form.id] |= plain
    return found
