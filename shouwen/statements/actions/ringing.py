"""Statements that ring: whose turn it is before and at the time, then up the line."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import reach_role
from shouwen.cases.climbing import climb
from shouwen.rules.ladders import Rung
from shouwen.rules.statements import TURN, ladder, places
from shouwen.statements.actions.telling import log, tell_of, words_of
from shouwen.statements.models import Statement
from shouwen.statements.standing import turn


def ring_late(*, at: datetime) -> int:
    """Ring every statement whose moment has come. Returns how many steps rang."""
    rows = Statement.objects.select_related("unit")
    return climb(rows, lambda row: (row.due_at, ladder(row.written)), _tell, at)


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
