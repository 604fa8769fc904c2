"""Corrections that ring: the owner before and at the time, then up the line (S3-4.5-4c)."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import present, reach_role
from shouwen.cases.one_by_one import summed
from shouwen.learning.actions.proposing import log, tell_of
from shouwen.learning.models import Correction
from shouwen.rules.corrections import Rung, next_ring, ready

BATCH = 200


def ring_corrections(*, at: datetime) -> int:
    """Ring every correction whose moment has come; after a stop of any length each missed step
    rings once. Returns how many steps rang."""
    due = Correction.objects.filter(ring_at__lte=at).order_by("ring_at")
    return summed(due.values_list("pk", flat=True)[:BATCH], lambda pk: _ring(pk, at))


def _ring(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = Correction.objects.select_for_update(of=("self",)).select_related("project", "owner")
        row = rows.filter(pk=pk, ring_at__lte=at).first()
        if row is None:
            return 0
        due = cast(datetime, row.waits_until)  # ring_at comes from it
        steps = ready(due, row.rung, at)
        for number, step in enumerate(steps, start=row.rung):
            _tell(row, number, step, due, at)
        row.rung += len(steps)
        row.ring_at = next_ring(due, row.rung)
        row.save(update_fields=["rung", "ring_at"])
        return len(steps)


def _tell(row: Correction, number: int, step: Rung, due: datetime, at: datetime) -> None:
    late = at >= due
    word = "超时" if late and step.to != "owner" else "到期" if late else "快到期"
    task = "检查效果" if row.state == Correction.State.VERIFIED else "整改"
    what = f"ring:{row.state}:{due.timestamp():.0f}:{number}"
    people = _people(row, step, at)
    tell_of(row, people, what, f"{task}{word}：{row.title}", at)
    if late and step.to != "owner":
        log(row, "rang", f"已报到{'、'.join(p.name for p in people)}", None, at)


def _people(row: Correction, step: Rung, at: datetime) -> list[Staff]:
    """Who owes it: the owner, or, where the effect is to be looked at, who verified; what waits to
    be verified is the supervisor's."""
    if step.to != "owner":
        return reach_role(step.to, row.project, at)
    owes = {Correction.State.RUNNING: row.owner, Correction.State.VERIFIED: row.verified_by}
    person = owes.get(Correction.State(row.state))
    found = present([person], at) if person else []
    return found or reach_role("cs_head", row.project, at)
