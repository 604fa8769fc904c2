"""The daily stock-take of a project's open cases (每日盘点)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.forms.filters import has_late
from shouwen.cases.models import Case, StockTake
from shouwen.rules.refused import Refused

RIGHT = "case.rule"


def confirm_stock_take(*, project: OrgUnit, notes: str, by: Scope, at: datetime) -> StockTake:
    """Written once a day: who went through the open cases, when, how many there were, and what is
    to be done."""
    by.require(RIGHT, project)
    still_open = Case.objects.filter(project=project, status__in=Case.OPEN)
    counts = {
        "open_cases": still_open.count(),
        "late_cases": still_open.filter(has_late(at)).count(),
    }
    try:
        with transaction.atomic():
            return StockTake.objects.create(
                project=project,
                day=localdate(at),
                by=by.staff,
                at=at,
                notes=notes.strip(),
                **counts,
            )
    except IntegrityError as taken:
        raise Refused(
            "already-taken", "今天已经盘点过了，请刷新查看是谁在什么时候盘点的。"
        ) from taken
