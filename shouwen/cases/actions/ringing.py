"""Commitments that ring: warnings, lateness, and the climb up the reporting line.

Due is a question to the rows, asked again and again; nothing is ever scheduled. A ring rings once
because
its number on the row is raised by the same statement that checks that it has not rung and still
may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.queries import calendars
from shouwen.cases.models import Commitment
from shouwen.cases.one_by_one import summed
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.commitments import Calendars

BATCH = 200


def ring_due(*, at: datetime, limit: int = BATCH) -> int:
    """Ring everything whose moment has come, the oldest first. Returns how many rings rang.

    After a stop of any length this catches up: each missed ring rings once, none twice.
    """
    due = Commitment.objects.filter(outcome="", next_ring_at__lte=at).order_by("next_ring_at")
    return summed(due.values_list("pk", flat=True)[:limit], lambda pk: _ring(pk, at))


def _ring(pk: int, at: datetime) -> int:
    """All rings of one commitment that are due, in one transaction of its own."""
    with transaction.atomic():
        row = (
            Commitment.objects.select_for_update(of=("self",))
            .select_related("case__project__company", "case__owner", "case__delegate", "holder")
            .select_related("case__assignee", "case__department", "department")
            .filter(pk=pk, outcome="", next_ring_at__lte=at)
            .first()
        )
        if row is None:
            return 0
        rings = [(datetime.fromisoformat(when), to, kind) for when, to, kind in row.rings]
        ready = [(n, *ring) for n, ring in enumerate(rings) if n >= row.rung and ring[0] <= at]
        for number, when, to, kind in ready:
            _tell(row, number, when, to, kind, at)
        _mark(row, len(ready), any(kind == "late" for *_, kind in ready), rings)
        return len(ready)


def _mark(row: Commitment, rung: int, late: bool, rings: list[tuple[datetime, str, str]]) -> None:
    done = row.rung + rung
    Commitment.objects.filter(pk=row.pk, outcome="", rung=row.rung).update(
        rung=F("rung") + rung,
        next_ring_at=rings[done][0] if done < len(rings) else None,
        late_at=row.late_at or (row.due_at if late else None),
    )


def _tell(row: Commitment, number: int, when: datetime, to: str, kind: str, at: datetime) -> None:
    case = row.case
    where = case.address or case.customer_name or case.number
    tell(
        people=people_for(to, case, at, row),
        at=at,
        urgent=row.urgent,
        event=f"ring:{row.pk}:{row.generation}:{number}",
        subject=f"{_word(row, kind, at)}：{row.title} · {where} {case.title}",
        body=f"{row.words}\n{row.clause}".strip(),
        url=f"/cases/{case.number}",
        not_before=quiet_until(calendars(case.calendar_id), case.facts, at, urgent=row.urgent),
    )


def _word(row: Commitment, kind: str, at: datetime) -> str:
    if row.due_at and at > row.due_at:
        return f"超时 {short(at - row.due_at)}"
    return "快到期" if kind == "warn" else "到期"


def short(span: timedelta) -> str:
    """ "42 分", "3 时 5 分", "2 天 4 时"."""
    minutes = int(span.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days} 天 {hours} 时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 时 {minutes} 分" if minutes else f"{hours} 时"
    return f"{minutes} 分"


def quiet_until(
    found: Calendars, facts: dict[str, str | bool], at: datetime, *, urgent: bool
) -> datetime:
    """When an ordinary message may be delivered: in working time. Urgent ones go at once (Zammad
    #4432)."""
    return at if urgent else found.for_case(facts).next_working_time(at)


def ring_in_the_past(*, project: OrgUnit, until: datetime) -> tuple[int, int]:
    """Let history ring as it would have rung, without telling anybody today about a warning of
    years ago.

    Returns how many warnings rang and how many promises fell late. What is still running when it
    is over
    goes on ringing from there.
    """
    warned = late = 0
    missed = Commitment.objects.filter(project=project, rung=0).exclude(rings=[])
    for batch in _in_batches(missed.order_by("pk").iterator(chunk_size=BATCH)):
        for row in batch:
            kinds = [kind for when, _, kind in row.rings if _rang(when, row, until)]
            row.rung = len(kinds)
            rest = [when for when, _, _ in row.rings[row.rung :]]
            row.next_ring_at = datetime.fromisoformat(rest[0]) if rest and not row.outcome else None
            row.late_at = row.due_at if "late" in kinds else None
            warned, late = warned + kinds.count("warn"), late + ("late" in kinds)
        Commitment.objects.bulk_update(batch, ["rung", "next_ring_at", "late_at"])
    return warned, late


def _rang(when: str, row: Commitment, until: datetime) -> bool:
    moment = datetime.fromisoformat(when)
    return moment <= until and (row.ended_at is None or moment < row.ended_at)


def _in_batches(rows: Iterable[Commitment]) -> Iterator[list[Commitment]]:
    batch: list[Commitment] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
