"""Another edition: what was signed never changes, a correction stands beside it with its reason."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.rules.refused import Refused
from shouwen.rules.statements import places
from shouwen.statements.actions.improving import want_measures
from shouwen.statements.actions.locking import changing
from shouwen.statements.actions.preparing import address, fill
from shouwen.statements.actions.telling import log, tell_turn
from shouwen.statements.models import Delivery, Statement
from shouwen.statements.standing import move, require_standing


def correct(*, statement: Statement, reason: str, by: Scope, at: datetime) -> Statement:
    """By who draws it up: figures were restated, or a mistake was found."""
    with changing(statement, "correct") as row:
        require_standing(places(row.written)[0].role, row.unit, by, at)
        return _another(row, reason, by, at)


def reject(*, delivery: Delivery, reason: str, by: Scope, at: datetime) -> Statement:
    """The recipient does not accept it: who drew it up makes another."""
    with changing(delivery.statement, "reject") as row:
        require_standing(delivery.role, delivery.unit or row.unit, by, at)
        log(row, "rejected", by, at, f"{delivery.name}：{reason}")
        return _another(row, reason, by, at)


def _another(row: Statement, reason: str, by: Scope, at: datetime) -> Statement:
    if not reason.strip():
        raise Refused("no-reason", "请写为什么要更正。", field="reason")
    row.state, row.ring_at, row.turn = Statement.State.REPLACED, None, ""
    log(row, "replaced", by, at, reason)
    new = _copy(row, reason, at)
    log(new, "prepared", by, at, f"更正 {row.number}：{reason.strip()}")
    tell_turn(new, at)
    return new


def _copy(row: Statement, reason: str, at: datetime) -> Statement:
    """With what was written, and the tables as the records say now. It has no time of its own: the
    first edition had."""
    same = ("unit", "project", "company", "group", "regulation", "rule", "law", "title", "clause")
    new = Statement(
        **{name: getattr(row, name) for name in (*same, "period", "first", "last")},
        number=next_number("B", row.unit, localdate(at)),
        edition=row.edition + 1,
        replaces=row,
        reason=reason.strip()[:300],
        texts=dict(row.texts),
        due_words="更正版，没有另定期限",
    )
    fill(new, at)
    move(new, 0)
    new.save(force_insert=True)
    address(new)
    _keep_measures(row, new)
    want_measures(new)
    return new


def _keep_measures(row: Statement, new: Statement) -> None:
    for line in row.actions.all():
        line.pk, line.statement = None, new
        line.save(force_insert=True)
