"""Reads of return visits: whose turn it is, and how far the target is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from shouwen.accounts.scope import Scope
from shouwen.cases.queries import visible_cases
from shouwen.followup.models import Visit
from shouwen.rules.visits import still_needed


def visible_visits(scope: Scope, right: str = "case.view") -> QuerySet[Visit]:
    """Visits of the units reached whole, those one makes oneself, and those of cases one may
    see."""
    if not scope.can(right):
        return Visit.objects.none()
    mine = Visit.visitors.through.objects.filter(staff_id=scope.staff.pk).values("visit_id")
    condition = scope.on(right) | Q(pk__in=mine)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return Visit.objects.filter(condition)


@dataclass(frozen=True)
class Coverage:
    """How far the visits of one rule have come in a period."""

    regulation: str
    rule: str
    title: str
    clause: str
    finished: int
    """Matters that the rule speaks about."""
    drawn: int
    visited: int
    satisfied: int
    target: float
    still_open: int
    """Drawn, not visited, and the window is still open: neither done nor failed."""

    @property
    def rate(self) -> float | None:
        """Visited ÷ finished; None when nothing has finished."""
        return self.visited / self.finished if self.finished else None

    @property
    def missing_draws(self) -> int:
        """How many more must be drawn so that the target can be reached."""
        return still_needed(self.finished, self.drawn, self.target)

    @property
    def missing_visits(self) -> int:
        """How many more visits the target wants."""
        return still_needed(self.finished, self.visited, self.target)


def coverage(
    visits: QuerySet[Visit], since: datetime, until: datetime, at: datetime
) -> list[Coverage]:
    """For work finished in [since, until), per rule."""
    done = Q(state=Visit.State.DONE)
    drawn = ~Q(state=Visit.State.NOT_DRAWN)
    rows = (
        visits.filter(after_at__gte=since, after_at__lt=until)
        .exclude(state=Visit.State.CANCELLED)
        .values("regulation", "rule", "title", "clause", "target")
        .annotate(
            finished=Count("pk"),
            drawn=Count("pk", filter=drawn),
            visited=Count("pk", filter=done),
            satisfied=Count("pk", filter=done & Q(result="satisfied")),
            still_open=Count("pk", filter=Q(state=Visit.State.PLANNED, due_at__gte=at)),
        )
        .order_by("regulation", "rule")
    )
    return [Coverage(**row) for row in rows]
