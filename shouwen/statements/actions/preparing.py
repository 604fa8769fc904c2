"""Statements that prepare themselves: when their period is over, or in time before they are due."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.one_by_one import raise_all, tried
from shouwen.rules.ladders import next_ring
from shouwen.rules.statements import due_words, ladder, places
from shouwen.statements.actions.improving import want_measures
from shouwen.statements.actions.locking import changing
from shouwen.statements.actions.sending import hand_out
from shouwen.statements.actions.telling import log, tell_turn
from shouwen.statements.content import build
from shouwen.statements.models import Delivery, Statement
from shouwen.statements.owing import Owed, owed
from shouwen.statements.queries import locked_since
from shouwen.statements.standing import move


def prepare_due(*, at: datetime) -> int:
    """Prepare every statement whose time has come; take those figures anew that were locked since.
    Returns how many were prepared."""
    due = owed(at)
    failed = tried(due, lambda one: prepare(one, at))
    waiting = Statement.objects.filter(state=Statement.State.PREPARED).select_related("unit")
    raise_all([*failed, *tried(waiting.defer("content"), lambda row: _catch_up(row, at))])
    return len(due)


def _catch_up(row: Statement, at: datetime) -> None:
    if locked_since(row):
        with changing(row, "renew") as fresh:
            refill(fresh, None, at)


def prepare(one: Owed, at: datetime) -> Statement:
    """From the records, as they stand now. A short message that nobody must sign goes out."""
    with transaction.atomic():
        row = _draw_up(one, at)
        log(row, "prepared", None, at)
        if row.written.by_message and len(places(row.written)) == 1:
            move(row, 1)
            hand_out(row, at)
        else:
            tell_turn(row, at)
    return row


def _draw_up(one: Owed, at: datetime) -> Statement:
    row = Statement(
        **_place(one.unit),
        number=next_number("B", one.unit, localdate(at)),
        regulation=one.regulation,
        rule=one.rule.id,
        law=one.rule.model_dump(mode="json"),
        title=one.rule.title,
        clause=one.rule.clause,
        period=one.period.key,
        first=one.period.first,
        last=one.period.last,
        due_at=one.due_at,
        due_words=due_words(one.rule),
    )
    fill(row, at)
    move(row, 0)
    row.ring_at = next_ring(ladder(one.rule), row.due_at, 0)
    row.save(force_insert=True)
    address(row)
    want_measures(row)
    return row


def fill(row: Statement, at: datetime) -> None:
    """What stands in it, as the records say now."""
    row.content = build(row.written, row.unit, row.spans, at)
    row.prepared_at = at


def refill(row: Statement, by: Scope | None, at: datetime) -> None:
    """The tables anew; what was written stays."""
    fill(row, at)
    want_measures(row)
    log(row, "renewed", by, at)


def _place(unit: OrgUnit) -> dict[str, OrgUnit | None]:
    project = unit if unit.is_project else None
    return {"unit": unit, "project": project, "company": unit.company, "group": unit.group}


def address(row: Statement) -> None:
    """To whom it goes: roles of ours, where they stand, and bodies outside."""
    Delivery.objects.bulk_create(
        Delivery(
            statement=row,
            name=one.name,
            role=one.role,
            unit=getattr(row.unit, one.level) if one.role else None,
        )
        for one in row.written.to
    )
