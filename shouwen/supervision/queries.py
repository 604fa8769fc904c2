"""Reads of what the levels owe each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.rules.lifecycle import CLOSED, OPEN
from shouwen.rules.matters import LEVELS, level_above
from shouwen.rules.vocabulary import LEVELS as NAMES
from shouwen.supervision.models import Matter, RegionAction

#: Where the answer is owed no more: the case was merged or voided.
ALIVE = Q(case__status__in=OPEN | {CLOSED})


def visible_matters(scope: Scope, right: str = "case.view") -> QuerySet[Matter]:
    """Those of the units reached whole, one's own, and those of cases one may see."""
    if not scope.can(right):
        return Matter.objects.none()
    condition = scope.on(right) | Q(by=scope.staff)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return Matter.objects.filter(scope.inside(), condition)


def get_matter(scope: Scope, number: str) -> Matter:
    """The matter, or the same refusal whether it is unknown or not theirs to see."""
    related = ("case__project", "from_unit", "to_unit", "department", "by", "answered_by")
    rows = visible_matters(scope).select_related(*related)
    return found(rows, "没有找到这件督办或请示，请从清单打开。", number=number)


def matters_of(case: Case) -> QuerySet[Matter]:
    """Everything between the levels about a case, what is open first."""
    related = ("from_unit", "to_unit", "department", "by", "answered_by")
    return case.matters.select_related(*related).order_by("answered_at", "due_at", "-pk")


def open_matters(scope: Scope) -> QuerySet[Matter]:
    return visible_matters(scope).filter(ALIVE, reply_owed=True, answered_at=None)


def levels_of(scope: Scope, right: str = "case.view") -> list[OrgUnit]:
    """The units that somebody stands for: their project, company or group, the highest first."""
    units = {unit.pk: unit for unit in scope.wide(right)}
    return sorted(units.values(), key=lambda unit: unit.path)


def level_on(scope: Scope, case: Case) -> OrgUnit:
    """The unit for which somebody speaks about a case: the highest of theirs above it."""
    above = [unit for unit in levels_of(scope) if case.project.path.startswith(unit.path)]
    return above[0] if above else case.project


@dataclass(frozen=True)
class Levels:
    """二级受理三级处理: who took a case, who handles it, who watches over that."""

    took: str
    handles: str
    supervises: str


def levels_of_case(case: Case) -> Levels:
    """By name of the level; the highest watches over itself."""
    took = str(case.facts.get("level") or LEVELS[0])
    handles = str(case.facts.get("handle_level") or LEVELS[0])
    above = level_above(handles) or handles
    watches = max(took, above, key=LEVELS.index)
    return Levels(*(NAMES[level] for level in (took, handles, watches)))


def visible_region_actions(scope: Scope) -> QuerySet[RegionAction]:
    """What concerns the companies that are seen whole."""
    companies = Q(pk__in=())
    for unit in scope.wide("case.view"):
        companies |= Q(company__path__startswith=unit.path)
    related = ("company", "by", "responded_by")
    return RegionAction.objects.filter(companies).select_related(*related)


def get_region_action(scope: Scope, pk: int) -> RegionAction:
    return found(visible_region_actions(scope), "没有找到这次监督，请从清单打开。", pk=pk)
