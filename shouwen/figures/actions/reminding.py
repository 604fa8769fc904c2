"""Duties ring: on the last working day of their period who owes them, then up the line."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import present, reach_role
from shouwen.adoption.actions import footing
from shouwen.cases.one_by_one import summed
from shouwen.figures.duties import Owed, owed
from shouwen.notify.actions import tell
from shouwen.rules.case_kinds import Late
from shouwen.rules.due import after

#: Who owes it is told in the morning of the last working day. Ours: no clause names a reminder.
MORNING = time(9)
#: What was missed longer ago is on record, and nothing for anybody to act on now.
FRESH = timedelta(days=14)
#: Where the regulation names nobody.
LATE = (Late(after="0 minutes", to="project_manager"),)


def ring_duties(*, at: datetime) -> int:
    """Every duty that is not done and whose moment has come. Told once, however often it is asked.
    Returns how many duties rang or had rung."""
    projects = OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT, closed_at=None)
    rows = projects.select_related("company", "group").order_by("pk")
    return summed(rows, lambda project: _ring(project, at))


def _ring(project: OrgUnit, at: datetime) -> int:
    today = localdate(at)
    undone = [
        one
        for one in owed(project, today - FRESH, today + timedelta(days=366), at)
        if one.record is None and not one.excused
    ]
    return sum(_tell_late(one, at) if one.until <= at else _warn(one, at) for one in undone)


def _warn(one: Owed, at: datetime) -> int:
    if at < _last_morning(one, at):
        return 0
    people = [one.staff] if one.staff else reach_role(one.rule.by[0], one.project, at)
    _tell(one, present(people, at), "warn", f"今天到期还没做：{one.label}", at)
    return 1


def _last_morning(one: Owed, at: datetime) -> datetime:
    calendar, day = footing(one.project, at).calendars.duty, one.span.last
    while day > one.span.first and not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, MORNING, get_current_timezone())


def _tell_late(one: Owed, at: datetime) -> int:
    steps = [step for step in one.rule.late or LATE if after(one.until, step.after) <= at]
    for step in steps:
        people = reach_role(step.to, one.project, at)
        _tell(one, people, f"late:{step.to}", f"没有做到：{one.label}", at)
    return bool(steps)


def _tell(one: Owed, people: list[Staff], what: str, words: str, at: datetime) -> None:
    tell(people=people, event=f"{one.key}:{what}", at=at, subject=words, url="/duties")
