"""Signatures, one after the other: who drew it up, who checks, who signs. The last one sends it."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.scope import Scope
from shouwen.figures.actions.locking import lock_with_signature
from shouwen.rules.refused import Refused
from shouwen.rules.statements import Sign, next_place
from shouwen.statements.actions.improving import as_signed, lacking, tell_owners
from shouwen.statements.actions.locking import changing
from shouwen.statements.actions.sending import hand_out
from shouwen.statements.actions.telling import log, tell_of, tell_turn, words_of
from shouwen.statements.models import Statement
from shouwen.statements.queries import is_of_a_month, moved
from shouwen.statements.reading import digest_of, missing
from shouwen.statements.standing import move, require_standing, signatures

ACTS: dict[Sign, str] = {"submitted": "submit", "checked": "check", "signed": "sign"}


def submit(*, statement: Statement, by: Scope, at: datetime, note: str = "") -> Statement:
    """Who drew it up puts his name to it."""
    return _put_name(statement, "submitted", by, at, note)


def check(*, statement: Statement, by: Scope, at: datetime, note: str = "") -> Statement:
    return _put_name(statement, "checked", by, at, note)


def sign(*, statement: Statement, by: Scope, at: datetime, note: str = "") -> Statement:
    return _put_name(statement, "signed", by, at, note)


def _put_name(statement: Statement, verb: Sign, by: Scope, at: datetime, note: str) -> Statement:
    with changing(statement, ACTS[verb]) as row:
        before = signatures(row)
        place = next_place(row.written, len(before))
        if place is None or place.verb != verb:
            raise Refused("not-now", "这份报表现在不在这一步，请看最新情况。")
        acting = require_standing(place.role, row.unit, by, at)
        if any(step.by_id == by.staff.pk for step in before):
            raise Refused("signed-already", "编制、审核、签字要由不同的人，请转下一位。")
        if row.digest:
            _require_unchanged(row)
        else:
            _require_whole(row)
            _freeze(row, by, at)
        log(row, verb, by, at, note, role=place.role, for_whom=acting.for_whom)
        move(row, len(before) + 1)
        if row.state == Statement.State.SIGNED:
            tell_owners(row, at)
            hand_out(row, at)
        else:
            tell_turn(row, at)
    return statement


def _require_whole(row: Statement) -> None:
    """All that must stand in it does."""
    if lack := missing(row):
        raise Refused("no-words", f"还没有写：{'、'.join(lack)}。写了才能签。", row.clause)
    if n := lacking(row):
        raise Refused(
            "no-measure", f"还有 {n} 件没有改善措施、责任人或期限，写了才能签。", row.clause
        )


def _freeze(row: Statement, by: Scope, at: datetime) -> None:
    """The first signature locks the month, so that what is signed is what was locked, to the
    record."""
    if is_of_a_month(row):
        lock_with_signature(place=row.unit, month=row.spans, by=by, at=at)
    if moved(row, at):
        raise Refused("figures-moved", "取数以后数字有变，请先“重新取数”，看过再签。")
    row.digest = digest_of(row, as_signed(row))


def _require_unchanged(row: Statement) -> None:
    """It is what was signed before."""
    if row.digest != digest_of(row, as_signed(row)):
        raise Refused("not-what-was-signed", "内容与上一位签字时不同，请退回重新编制。")


def give_back(*, statement: Statement, reason: str, by: Scope, at: datetime) -> Statement:
    """Whoever's turn it is sends it back with a reason; the signatures given fall."""
    if not reason.strip():
        raise Refused("no-reason", "请写退回的理由。", field="reason")
    with changing(statement, "return") as row:
        before = signatures(row)
        place = next_place(row.written, len(before))
        if place is not None:
            require_standing(place.role, row.unit, by, at)
        move(row, 0)
        row.digest = ""
        log(row, "returned", by, at, reason)
        people = [step.by for step in before[:1] if step.by]
        tell_of(row, people, f"returned:{row.version}", f"退回：{words_of(row)}", at, reason)
    return statement
