"""What a level owes and is owed: 我欠的、欠我的, and what was answered."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.supervision.models import Matter
from shouwen.supervision.queries import open_matters, visible_matters

#: The most urgent so many are listed; who owes more must answer before he reads on.
MOST = 200
SIDES = {"owe": _("我欠的"), "owed": _("欠我的"), "answered": _("已答复")}
RELATED = ("case", "project", "from_unit", "to_unit", "department", "by", "answered_by")


def of_side(
    scope: Scope, side: str, level: str, project: OrgUnit | None, kind: str = ""
) -> QuerySet[Matter]:
    """The matters of one side of a level, of one kind if asked, the most urgent first; answered
    ones the last first."""
    chosen = Q(kind=kind) if kind else Q()
    mine, others = _ends(scope, level, project)
    if side == "answered":
        rows = visible_matters(scope).exclude(answered_at=None).filter(chosen, mine | others)
        return rows.select_related(*RELATED).order_by("-answered_at", "-pk")
    rows = open_matters(scope).filter(chosen, mine if side == "owe" else others)
    return rows.select_related(*RELATED).order_by(F("due_at").asc(nulls_last=True), "pk")


def _ends(scope: Scope, level: str, project: OrgUnit | None) -> tuple[Q, Q]:
    """What this level must answer, and what others must answer to it."""
    if level == "mine" or project is None:
        return _my_own(scope), Q(by=scope.staff)
    unit = {"project": project.pk, "company": project.company_id, "group": project.group_id}[level]
    return Q(to_unit=unit), Q(from_unit=unit)


def _my_own(scope: Scope) -> Q:
    """What is asked of a role that I hold there, or of my department."""
    found = Q(pk__in=())
    for reach in scope.reaches:
        found |= Q(role=reach.role, to_unit=reach.unit, department=None)
        if reach.department:
            found |= Q(department=reach.department)
    return found & ~Q(by=scope.staff)
