"""Calls: taken in from the exchange, and called back when nobody answered (S0-3.4-1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.cases.importing.contacts import Outcome
from shouwen.cases.one_by_one import summed
from shouwen.estate.phones import mask_phone
from shouwen.estate.queries import place_of
from shouwen.notify.actions import tell
from shouwen.registers.cdr import Line, read
from shouwen.registers.models import Call
from shouwen.rules.calls import BACK, back_by
from shouwen.rules.refused import Refused

FILLS = "contact.register"
BATCH = 500
#: What was missed longer ago is on record, and nobody is told of it now.
FRESH = timedelta(days=1)
THROUGH = "客户再次来电，已接通"
RETURNED = "已回电接通（话机记录）"


def take_in(
    path: Path, *, project: OrgUnit, hotlines: Collection[str] = (), by: Scope, at: datetime
) -> Outcome:
    """Every row of the exchange's file ends as a call or as a rejected row. `hotlines`: only calls
    to these numbers are calls to us; without any, all are."""
    by.require(FILLS, project)
    outcome, rows = Outcome(), read(path)
    while some := list(islice(rows, BATCH)):
        with transaction.atomic():
            lines = list(_accepted(some, outcome))
            _create(project, lines, hotlines, outcome)
            _settle(project, lines)
    return outcome


def _accepted(
    rows: Collection[tuple[int, dict[str, str], Line | str]], outcome: Outcome
) -> Iterator[Line]:
    for number, cells, found in rows:
        outcome.read += 1
        if isinstance(found, str):
            outcome.rejected.append((number, "", found, cells))
        else:
            yield found


def _create(
    project: OrgUnit, lines: list[Line], hotlines: Collection[str], outcome: Outcome
) -> None:
    """A call is taken in once: the exchange writes a transferred one again under the same id."""
    known: dict[str, Line] = {}
    for line in lines:
        known.setdefault(line.key, line)
    there = set(Call.objects.filter(project=project, key__in=known).values_list("key", flat=True))
    new = [line for key, line in known.items() if key not in there]
    Call.objects.bulk_create(
        Call(
            **place_of(project), key=line.key, caller=line.caller, called=line.called, at=line.at,
            answered_at=line.answered_at, ended_at=line.ended_at, cause=line.cause,
            inbound=line.inbound and (not hotlines or line.called in hotlines),
        )
        for line in new
    )  # fmt: skip
    outcome.imported += len(new)
    outcome.there += len(lines) - len(new)


# --- Calling back ---------------------------------------------------------------------------------


def waiting(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Nobody answered, nobody called back, and there is a number to call."""
    return calls.filter(
        inbound=True, answered_at=None, called_back_at=None, caller__regex=r"[0-9]{3}"
    )


def _settle(project: OrgUnit, taken: Collection[Line]) -> None:
    """Missed calls whose caller was spoken to within a day wait for nobody: he came through, or we
    rang him up."""
    spoken = sorted((line for line in taken if line.answered_at), key=lambda line: line.at)
    for line in spoken:
        number = line.caller if line.inbound else line.called
        missed = Call.objects.filter(
            project=project, caller=number, at__range=(line.at - FRESH, line.at)
        )
        note = THROUGH if line.inbound else RETURNED
        waiting(missed).update(called_back_at=line.answered_at, note=note)


def call_back(*, call: Call, note: str, by: Scope, at: datetime) -> Call:
    """Somebody rang the caller up, and what came of it."""
    by.require(FILLS, call.project)
    if not note.strip():
        raise Refused("no-note", "请写回电结果：谁接的、什么事、登记了没有。", field="note")
    with transaction.atomic():
        row = Call.objects.select_for_update().get(pk=call.pk)
        if row.answered_at or not row.inbound:
            raise Refused("not-missed", "这个电话已经接通，不用回电。")
        if row.called_back_at:
            raise Refused("called-already", "已经回过电话，不用再回。")
        row.called_back_at, row.called_back_by, row.note = at, by.staff, note.strip()[:120]
        row.save(update_fields=["called_back_at", "called_back_by", "note"])
    call.__dict__.update(row.__dict__)
    return call


def ring_missed(*, at: datetime) -> int:
    """A missed call is told at once to who answers, and to the head when it was not returned in
    time; each once. Returns how many were looked at."""
    fresh = waiting(Call.objects.filter(at__gte=at - FRESH, at__lte=at))
    rows = fresh.select_related("project__company", "project__group").order_by("pk")
    return summed(rows[:BATCH], lambda call: _tell(call, at))


def _tell(call: Call, at: datetime) -> int:
    when = f"{localtime(call.at):%H:%M} {mask_phone(call.caller)}"
    steps = [("csr", "missed", f"未接来电，请回电：{when}")]
    if back_by(call.ended_at) <= at:
        late = f"未接来电超过 {BACK.seconds // 60} 分钟没有回电：{when}"
        steps.append(("cs_head", "late", late))
    for role, what, words in steps:
        tell(
            people=reach_role(role, call.project, at), event=f"call:{call.pk}:{what}", at=at,
            subject=words, url="/calls", urgent=what == "late",
        )  # fmt: skip
    return 1
