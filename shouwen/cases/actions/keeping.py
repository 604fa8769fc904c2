"""Keeping the rows of commitments equal to what the rules promise, and telling whom that
concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, Commitment
from shouwen.cases.people import Holders, people_for
from shouwen.notify.actions import tell
from shouwen.rules.commitments import Promise


def keep_commitments(case: Case, found: Iterable[Promise], at: datetime) -> None:
    """Create what is new, move what runs, end what ended. A row that has ended is never touched
    again."""
    rows = {row.key: row for row in case.commitments.order_by()} if case.version > 1 else {}
    holders = Holders(case, at)
    new = []
    for promise in found:
        row = rows.get(promise.key)
        if row is None:
            new.append((_new(case, promise, holders), promise.rule.tells))
        elif row.outcome == "":
            _update(row, promise, case, holders)
    Commitment.objects.bulk_create([row for row, _ in new])
    _tell_started(case, new, at)


def _new(case: Case, promise: Promise, holders: Holders) -> Commitment:
    rule = promise.rule
    row = Commitment(
        project_id=case.project_id,
        company_id=case.company_id,
        group_id=case.group_id,
        case=case,
        key=promise.key,
        rule=rule.id,
        regulation=promise.regulation.id,
        title=rule.title,
        clause=rule.clause,
        default=promise.regulation.product_default,
        customer_facing=rule.to == "customer",
        urgent=rule.urgent or case.urgent,
        started_at=promise.started_at,
        not_before=promise.not_before,
        first_due_at=promise.first_due,
    )
    _fill(row, promise, case, holders)
    return row


def _update(row: Commitment, promise: Promise, case: Case, holders: Holders) -> None:
    before = (row.due_at, row.ended_at, row.holder_id, row.department_id, row.words, row.paused)
    if row.due_at != promise.due.at and promise.outcome == "":
        row.generation, row.rung = row.generation + 1, 0
    _fill(row, promise, case, holders)
    if before != (
        row.due_at,
        row.ended_at,
        row.holder_id,
        row.department_id,
        row.words,
        row.paused,
    ):
        row.save()


def _fill(row: Commitment, promise: Promise, case: Case, holders: Holders) -> None:
    row.due_at = promise.due.at
    row.provisional = promise.due.provisional
    row.words = promise.due.words
    row.paused = promise.due.at is None and promise.outcome == ""
    row.outcome, row.ended_at, row.why = promise.outcome, promise.ended_at, promise.why
    row.department = _department(promise, case)
    row.holder = holders.of(promise.rule.holder) if promise.outcome == "" else row.holder
    rings = promise.rings()
    row.rings = [[ring.at.isoformat(), ring.to, ring.kind] for ring in rings]
    silent = promise.outcome != "" or row.rung >= len(rings)
    row.next_ring_at = None if silent else rings[row.rung].at


def _department(promise: Promise, case: Case) -> OrgUnit | None:
    if promise.department:
        lead = case.department
        if lead and lead.code == promise.department:
            return lead
        return OrgUnit.objects.filter(code=promise.department).first()
    return (
        case.department if promise.rule.holder in ("department", "assignee", "dept_head") else None
    )


def _tell_started(
    case: Case, rows: Iterable[tuple[Commitment, Iterable[str]]], at: datetime
) -> None:
    """What a clause wants somebody to know at once."""
    for row, tells in rows:
        for name in tells if row.outcome == "" else ():
            tell(
                people=people_for(name, case, at, row),
                at=at,
                urgent=row.urgent,
                event=f"started:{case.pk}:{row.key}",
                url=f"/cases/{case.number}",
                subject=f"{row.title}：{case.address or case.customer_name} {case.title}"[:200],
            )
