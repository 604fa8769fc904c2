"""Corrections that ring: the owner before and at the time, then up the line (S3-4.5-4c)."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import present, reach_role
from shouwen.cases.climbing import climb
from shouwen.learning.actions.proposing import log, tell_of
from shouwen.learning.models import Correction
from shouwen.rules.corrections import LADDER
from shouwen.rules.ladders import Rung


def ring_corrections(*, at: datetime) -> int:
    """Ring every correction whose moment has come. Returns how many steps rang."""
    rows = Correction.objects.select_related("project", "owner")
    return climb(rows, lambda row: (row.waits_until, LADDER), _tell, at)


def _tell(row: Correction, number: int, step: Rung, at: datetime) -> None:
    due = cast(datetime, row.waits_until)  # ring_at comes from it
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
