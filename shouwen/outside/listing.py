"""The register of what lies outside: by state, level and party, the last on top."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.outside.models import Referral

PAGE = 50
STATES = {
    "open": _("进行中"),
    "waiting": _("等外单位答复"),
    "overdue": _("外单位超时"),
    "ended": _("已办结"),
    "withdrawn": _("已撤回"),
}


def of_state(rows: QuerySet[Referral], state: str, at: datetime) -> QuerySet[Referral]:
    """The rows under one of the tabs."""
    waiting = Q(state=Referral.State.OPEN, sent_at__isnull=False, answered_at=None)
    match state:
        case "waiting":
            return rows.filter(waiting)
        case "overdue":
            return rows.filter(waiting, due_at__lt=at)
        case "ended" | "withdrawn":
            return rows.filter(state=state)
        case _:
            return rows.filter(state=Referral.State.OPEN)


def of_level(
    rows: QuerySet[Referral], name: str, scope: Scope, project: OrgUnit | None
) -> QuerySet[Referral]:
    """Mine are those that I opened, and those of the cases that I own."""
    if name == "mine" or project is None:
        return rows.filter(Q(opened_by=scope.staff) | Q(case__owner=scope.staff))
    place: dict[str, Any] = {"project": project.pk, "company": project.company_id}
    return rows.filter(**{f"{name}_id": place.get(name, project.group_id)})


def page_of(rows: QuerySet[Referral], after: str) -> tuple[list[Referral], str]:
    """One page, the last opened first, and the key of the next ("" at the end)."""
    text, _underscore, pk = after.partition("_")
    if (at := _moment(text)) and pk.isdecimal():
        rows = rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=int(pk)))
    related = rows.select_related("case", "party", "project").prefetch_related("hops")
    found = list(related.order_by("-opened_at", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.opened_at.timestamp():.6f}_{last.pk}" if last else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None
