"""What a resident says to somebody on patrol: a case, and the supervisor knows of it at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.notify.actions import tell
from shouwen.rules.matters import rules_of
from shouwen.supervision.actions.asking import ask


def hear(
    *, project: OrgUnit, told: Told, by: Scope, at: datetime, happened: datetime | None = None
) -> Case:
    """Registered as it was heard, and reported (S2-STD5-2). Who heard it owns it."""
    with transaction.atomic():
        case = register(project=project, told=told, by=by, at=at, happened=happened)
        if "patrol" in rules_of(rulebook(case.rulebook_id), case.facts):
            ask(case=case, kind="patrol", text=told.text, by=by, at=at)
        else:
            _tell(case, by, at)
    return case


def _tell(case: Case, by: Scope, at: datetime) -> None:
    """Where no clause asks for it, the supervisor still hears of it."""
    tell(
        people=[person for person in reach_role("cs_head", case.project, at) if person != by.staff],
        event=f"case:{case.pk}:patrol",
        at=at,
        subject=f"巡视听到的投诉：{case.address} {case.title}",
        body=case.text,
        url=f"/cases/{case.number}",
    )
