"""Statements that ring: whose turn it is before and at the time, then up the line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import reach_role
from shouwen.cases.one_by_one import summed
from shouwen.rules.corrections import Rung
from shouwen.rules.statements import TURN, ladder, places
from shouwen.statements.actions.telling import log, tell_of, words_of
from shouwen.statements.models import Statement
from shouwen.statements.standing import turn

BATCH = 200


def ring_late(*, at: datetime) -> int:
    """Ring every statement whose moment has come; after a stop of any length each missed step
    rings once. Returns how many steps rang."""
    due = Statement.objects.filter(ring_at__lte=at).order_by("ring_at")
    return summed(due.values_list("pk", flat=True)[:BATCH], lambda pk: _ring(pk, at))


def _ring(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = Statement.objects.select_for_update(of=("self",)).select_related("unit")
        row = rows.filter(pk=pk, ring_at__lte=at).first()
        if row is None or row.due_at is None:
            return 0
        steps = ladder(row.written)
        ready = [step for step in steps[row.rung :] if row.due_at + step.after <= at]
        for number, step in enumerate(ready, start=row.rung):
            _tell(row, number, step, at)
        row.rung += len(ready)
        row.ring_at = row.due_at + steps[row.rung].after if row.rung < len(steps) else None
        row.save(update_fields=["rung", "ring_at"])
        return len(ready)


def _tell(row: Statement, number: int, step: Rung, at: datetime) -> None:
    late = row.due_at is not None and at >= row.due_at
    word = "超时未报" if late and step.to != TURN else "到期" if late else "快到期"
    people = _people(row, step, at)
    tell_of(row, people, f"ring:{number}", f"{word}：{words_of(row)}", at)
    if late and step.to != TURN:
        log(row, "rang", None, at, f"已报到{'、'.join(person.name for person in people)}")


def _people(row: Statement, step: Rung, at: datetime) -> list[Staff]:
    """Whose turn it is; who drew it up, where it is signed and waits to be sent."""
    place = turn(row)
    role = step.to if step.to != TURN else (place or places(row.written)[0]).role
    return reach_role(role, row.unit, at)
