"""The archive of complaints: a file for each that is closed, by class, kept so long (S1-4.2-7)."""

from __future__ import annotations

from django.utils.timezone import localdate

from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.intake import next_number
from shouwen.cases.models import Case
from shouwen.estate.queries import place_of
from shouwen.learning.models import ArchiveFile
from shouwen.rules.due import month_later

UNCLASSED = "未分环节"


def file_away(case: Case) -> ArchiveFile | None:
    """Bring the file of a complaint to where the case is: closed, it stands in its class until its
    time is over; opened again, it waits. Its number stays."""
    row = ArchiveFile.objects.filter(case=case).first()
    if case.closed_at is None or case.kind != "complaint":
        if row and row.archived_at:
            row.archived_at = row.keep_until = None
            row.save(update_fields=["archived_at", "keep_until"])
        return row
    row = row or ArchiveFile(case=case, **place_of(case.project), number=_number(case))
    row.stage = str(case.facts.get("stage", ""))
    value = rulebook(case.rulebook_id).value("stage", row.stage) if row.stage else None
    row.stage_name = value.name if value else UNCLASSED
    row.archived_at = case.closed_at
    _keep(row, case)
    row.save()
    return row


def _number(case: Case) -> str:
    return next_number("DA", case.project, localdate(case.closed_at))


def _keep(row: ArchiveFile, case: Case) -> None:
    """The longest that any regulation in force wants."""
    found = rulebook(case.rulebook_id).all("retention", case.facts)
    rules = [rule for _, rule in found if rule.of == "case"]
    longest = max(rules, key=lambda rule: rule.months, default=None)
    day = localdate(case.closed_at)
    row.keep_until = month_later(day, longest.months)[0] if longest else None
    row.clause = longest.clause if longest else ""
