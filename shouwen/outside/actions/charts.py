"""The flow charts that a regulation refers to and leaves out (略): the company's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.files import keep
from shouwen.estate.queries import place_of
from shouwen.outside.models import Chart
from shouwen.outside.queries import chart_slots
from shouwen.rules.refused import Refused


def keep_chart(
    *, project: OrgUnit, clause: str, upload: UploadedFile[Any], by: Scope, at: datetime
) -> Chart:
    """Put a chart where the clause has a place for one; earlier ones stay on record."""
    by.require("regulation.adopt", project)
    if clause not in {slot.id for _, slot in chart_slots(project, at)}:
        raise Refused("no-slot", "本项目采用的制度中没有这张流程图，请从页面选择。", field="clause")
    kept = keep(upload)
    return Chart.objects.create(
        **place_of(project), clause=clause, label=kept.label, sha256=kept.sha256, size=kept.size,
        media_type=kept.media_type, at=at, by=by.staff,
    )  # fmt: skip
