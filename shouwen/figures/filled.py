"""Filled forms: a survey, an inspection, each with the marks that it gave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import get_current_timezone

from shouwen.accounts.models import OrgUnit
from shouwen.figures.knowing import Subject
from shouwen.registers.models import Record
from shouwen.rules.forms import marks
from shouwen.rules.measures import Known
from shouwen.rules.periods import Period


def of_month(project: OrgUnit, month: Period, _at: datetime) -> Iterator[Subject]:
    """Those that are complete, and those that were and are void now: they count no more."""
    rows = Record.objects.filter(
        project=project, on__range=(month.first, month.last), signed_at__isnull=False
    )
    rows = rows.select_related("unit").order_by("on", "pk")
    for record in rows.iterator(chunk_size=1000):
        yield Subject(
            f"record:{record.pk}", f"{record.number} {record.title}"[:60],
            reverse("registers:record", args=[record.number]), _known(record), record.project_id,
            record.company_id, record.group_id, case_id=record.case_id,
            department_id=record.department_id, staff_id=record.staff_id or record.filled_by_id,
            building_id=record.unit.building_id if record.unit else None,
        )  # fmt: skip


def _known(record: Record) -> Known:
    zone = get_current_timezone()
    return Known(
        record="record", zone=zone, rule=record.form, scores=marks(record.values),
        moments={"at": datetime.combine(record.on, time(12), zone)},
        left_out="已作废" if record.state == Record.State.VOID else "",
    )  # fmt: skip
