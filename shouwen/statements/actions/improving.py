"""Measures (改善措施) for what is not closed and not satisfied: wanted before anybody signs
(S4-4.3.6a-2), reported on afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import people_below
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.rules.refused import Refused
from shouwen.rules.statements import places
from shouwen.statements.actions.locking import changing
from shouwen.statements.actions.telling import log, tell_of
from shouwen.statements.models import Statement, StatementAction
from shouwen.statements.standing import require_standing


@dataclass(frozen=True)
class Measure:
    """What is done about one matter, by whom, until when."""

    measure: str
    owner: Staff | None = None
    due_on: date | None = None


def want_measures(row: Statement) -> None:
    """One line for each case that its rule wants a measure for, and one for those that a long list
    left out; what was written stays."""
    wanted = dict.fromkeys(_numbers(row))
    row.actions.filter(measure="", case__isnull=False).exclude(case__number__in=wanted).delete()
    known = set(row.actions.values_list("case__number", flat=True))
    cases = Case.objects.filter(number__in=[number for number in wanted if number not in known])
    StatementAction.objects.bulk_create(
        StatementAction(statement=row, case=case, subject=case.title[:120])
        for case in cases.order_by("opened_at", "pk")
    )
    _want_for_the_rest(row)


def _want_for_the_rest(row: Statement) -> None:
    """Of a list that names so many cases and counts the others: one measure for all of these."""
    lines = {line.subject.split("：")[0]: line for line in row.actions.filter(case=None)}
    for section in row.content["sections"]:
        if section["id"] in row.written.improves and section.get("more"):
            title = section["title"]
            line = lines.pop(title, StatementAction(statement=row))
            line.subject = f"{title}：没有逐件列出的其余 {section['more']} 件"
            line.save()
    for line in lines.values():
        line.delete()


def _numbers(row: Statement) -> Iterable[str]:
    for section in row.content["sections"]:
        if section["id"] in row.written.improves:
            yield from (line["case"] for line in section.get("rows", ()) if line["case"])


def lacking(row: Statement) -> int:
    """How many lines still have no measure, nobody who carries it out, or no day."""
    rows = row.actions.all()
    return rows.count() - rows.exclude(measure="").exclude(owner=None).exclude(due_on=None).count()


def write_measures(
    *,
    statement: Statement,
    measures: Mapping[int, Measure],
    version: int | None = None,
    by: Scope,
    at: datetime,
) -> Statement:
    """What is done about each of these lines, named by their ids."""
    with changing(statement, "measures", version) as row:
        require_standing(places(row.written)[0].role, row.unit, by, at)
        lines = {line.pk: line for line in row.actions.all()}
        for pk, said in measures.items():
            if pk not in lines:
                raise Refused("not-found", "没有找到这一行改善措施，请刷新后再填。")
            _write(lines[pk], said, row, at)
        log(row, "measures", by, at, f"{len(measures)} 项")
    return statement


def _write(line: StatementAction, said: Measure, row: Statement, at: datetime) -> None:
    company = row.company or row.group
    if said.owner and not people_below(company, at).filter(pk=said.owner.pk).exists():
        raise Refused("not-found", "这个人不在本公司，请另选一位责任人。", field="owner")
    line.measure = said.measure.strip()[:300]
    line.owner, line.due_on = said.owner, said.due_on
    line.save(update_fields=["measure", "owner", "due_on"])


def tell_owners(row: Statement, at: datetime) -> None:
    """Who carries out a measure learns of it when the statement is signed."""
    for line in row.actions.exclude(measure="").select_related("owner"):
        if line.owner:
            words = f"请落实改善措施（{line.due_on:%m-%d} 前）：{line.subject}"
            tell_of(row, [line.owner], f"measure:{line.pk}", words, at, line.measure)


def report(
    *, action: StatementAction, progress: str, done: bool, by: Scope, at: datetime
) -> StatementAction:
    """How far its owner has come."""
    if not progress.strip():
        raise Refused("empty-text", "请写进展。", field="progress")
    row = action.statement
    if action.owner != by.staff:
        require_standing(places(row.written)[0].role, row.unit, by, at)
    action.progress = progress.strip()[:300]
    action.done_at = at if done else None
    action.save(update_fields=["progress", "done_at"])
    return action


def as_signed(row: Statement) -> list[list[Any]]:
    """The measures as plain values, for the digest of what was signed."""
    lines = row.actions.select_related("owner", "case").order_by("pk")
    return [
        [
            line.case.number if line.case else line.subject,
            line.measure,
            line.owner.number if line.owner else "",
            line.due_on.isoformat() if line.due_on else "",
        ]
        for line in lines
    ]
