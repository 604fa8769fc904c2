"""What belongs to no case rings here: reports and notices not sent, actions not done, warnings
nobody responded to, drills that come up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shouwen.accounts.queries import present, reach_role
from shouwen.cases.one_by_one import summed
from shouwen.majors.actions.reporting import addressees
from shouwen.majors.models import EarlyWarning, EventAction, MajorEvent, Risk, Sending
from shouwen.notify.actions import tell

#: So long before the due time whoever must act is warned.
WARN = timedelta(hours=4)
DRILL = timedelta(days=3)
BATCH = 200

#: What rings, and the row.
Ring = tuple[Callable[[int, datetime], int], int]


def ring(*, at: datetime) -> int:
    """Everything of this floor whose moment has come, each once. Returns how many rang."""
    due = [*_sendings(at), *_actions(at), *_warnings(at), *_drills(at)]
    return summed(due, lambda one: one[0](one[1], at))


def _waits(at: datetime) -> Q:
    warned = Q(warned_at=None, due_at__lte=at + WARN)
    return warned | Q(late_told_at=None, due_at__lte=at)


def _sendings(at: datetime) -> list[Ring]:
    rows = Sending.objects.filter(_waits(at), sent_at=None, event__state=MajorEvent.State.OPEN)
    return [(_ring_sending, pk) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def _ring_sending(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = Sending.objects.select_for_update(of=("self",))
        row = rows.select_related("event__project", "event__case__project").get(pk=pk)
        late = row.due_at <= at
        if row.sent_at or (row.late_told_at if late else row.warned_at):
            return 0
        tell(
            people=addressees(row.event, "company_leader" if late else "company_cs", at),
            event=f"sending:{pk}:{'late' if late else 'warn'}",
            at=at,
            urgent=True,
            subject=f"{'超时未报送' if late else '快到报送时限'}：{row.name} · {row.event.title}",
            url=f"/majors/{row.event.number}",
        )
        _mark(row, late, at)
    return 1


def _mark(row: Sending | EventAction, late: bool, at: datetime) -> None:
    """A late ring speaks for the warning too: after a stop nobody is warned of the past."""
    row.warned_at = row.warned_at or at
    row.late_told_at = at if late else None
    row.save(update_fields=["warned_at", "late_told_at"])


def _actions(at: datetime) -> list[Ring]:
    rows = EventAction.objects.filter(_waits(at), done_at=None, event__state=MajorEvent.State.OPEN)
    return [(_ring_action, pk) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def _ring_action(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = EventAction.objects.select_for_update(of=("self",))
        row = rows.select_related("event__project", "event__case__project", "owner").get(pk=pk)
        late = row.due_at <= at
        if row.done_at or (row.late_told_at if late else row.warned_at):
            return 0
        above = addressees(row.event, "company_cs", at) if late else []
        tell(
            people=dict.fromkeys([*present([row.owner], at), *above]),
            event=f"event-action:{pk}:{'late' if late else 'warn'}",
            at=at,
            urgent=late,
            subject=f"{'超时' if late else '快到期'}：{row.text}"[:200],
            url=f"/majors/{row.event.number}",
        )
        _mark(row, late, at)
    return 1


def _warnings(at: datetime) -> list[Ring]:
    rows = EarlyWarning.objects.filter(answered_at=None, late_told_at=None, due_at__lte=at)
    return [(_ring_warning, pk) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def _ring_warning(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = EarlyWarning.objects.select_for_update(of=("self",)).select_related("project")
        row = rows.get(pk=pk)
        if row.answered_at or row.late_told_at:
            return 0
        tell(
            people=reach_role("company_cs", row.project, at),
            event=f"warning:{pk}:late",
            at=at,
            urgent=True,
            subject=f"预警无人应对：{row.title}",
            body=row.words,
            url=f"/majors/warnings/{pk}",
        )
        row.late_told_at = at
        row.save(update_fields=["late_told_at"])
    return 1


def _drills(at: datetime) -> list[Ring]:
    rows = Risk.objects.filter(closed_at=None, told_at=None, next_drill_at__lte=at + DRILL)
    return [(_ring_drill, pk) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def _ring_drill(pk: int, at: datetime) -> int:
    with transaction.atomic():
        row = Risk.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)
        if row.told_at:
            return 0
        tell(
            people=present([row.owner], at),
            event=f"risk:{pk}:drill:{row.next_drill_at:%Y%m%d}",
            at=at,
            subject=f"预案该演练了：{row.title}",
            url=f"/majors/risks/{pk}",
        )
        row.told_at = at
        row.save(update_fields=["told_at"])
    return 1
