"""Calls to the hotline: answered within so many rings or not (S0-3.4-1, S2-A8-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import get_current_timezone, localtime

from shouwen.accounts.models import OrgUnit
from shouwen.estate.phones import mask_phone
from shouwen.figures.knowing import Subject
from shouwen.figures.measures import end_of, midnight
from shouwen.registers.models import Call
from shouwen.rules.calls import gave_up, rings
from shouwen.rules.measures import Known
from shouwen.rules.periods import Period


def of_month(project: OrgUnit, month: Period, _at: datetime) -> Iterator[Subject]:
    """Every call that came in."""
    rows = Call.objects.filter(
        project=project, inbound=True, at__gte=midnight(month.first), at__lt=end_of(month)
    ).order_by("at", "pk")
    for call in rows.iterator(chunk_size=1000):
        yield Subject(
            f"call:{call.pk}", f"{localtime(call.at):%m-%d %H:%M} {mask_phone(call.caller)}",
            f"/calls?day={localtime(call.at):%Y-%m-%d}", _known(call), call.project_id,
            call.company_id, call.group_id,
        )  # fmt: skip


def _known(call: Call) -> Known:
    rang = (call.answered_at or call.ended_at) - call.at
    return Known(
        record="call", zone=get_current_timezone(), moments={"at": call.at},
        rings=rings(rang) if call.answered_at else None,
        left_out="三声之内主叫已挂断" if call.answered_at is None and gave_up(rang) else "",
    )  # fmt: skip
