"""Reads of return visits: whose turn it is, by which rule, and how far the target is away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from shouwen.accounts.scope import Scope, found
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal, visible_cases
from shouwen.followup.models import Visit
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.lifecycle import fold
from shouwen.rules.visits import may_draw, rate, still_needed


def visible_visits(scope: Scope, right: str = "case.view") -> QuerySet[Visit]:
    """Visits of the units reached whole, those one makes oneself, and those of cases one may
    see."""
    if not scope.can(right):
        return Visit.objects.none()
    mine = Visit.visitors.through.objects.filter(staff_id=scope.staff.pk).values("visit_id")
    condition = scope.on(right) | Q(pk__in=mine)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return Visit.objects.filter(scope.inside(), condition)


def get_visit(scope: Scope, pk: int) -> Visit:
    """The visit, or the same refusal whether it is unknown or not theirs to see."""
    related = ("case__project", "case__owner", "project", "typed_by", "assigned_by", "signature")
    rows = visible_visits(scope).select_related(*related).prefetch_related("visitors")
    return found(rows, "没有找到这次回访，请从回访清单打开。", pk=pk)


def visits_of(case: Case) -> QuerySet[Visit]:
    """Every visit of a case that was asked for, the last round first."""
    rows = case.visits.exclude(state=Visit.State.NOT_DRAWN).prefetch_related("visitors")
    return rows.order_by("-round", "due_at", "pk")


def rule_of(visit: Visit) -> ReturnVisit:
    """The rule that asked for it, as it stood when the case was opened."""
    regulation = rulebook(visit.case.rulebook_id).by_id[visit.regulation]
    return next(rule for rule in regulation.return_visit if rule.id == visit.rule)


def handlers_of(visit: Visit) -> set[str]:
    """Who worked in the round that is asked about; a later round has other handlers."""
    entries = as_entries(journal(visit.case))
    ends = [entry.seq for entry in entries if entry.verb == "reopened"][visit.round - 1 :]
    return fold(entry for entry in entries if not ends or entry.seq < ends[0]).handlers


def undrawn(visits: Iterable[Visit]) -> list[Visit]:
    """Those that were not drawn, in the order in which they would be added: the lowest draw
    first."""
    rows = [visit for visit in visits if visit.state == Visit.State.NOT_DRAWN]
    return sorted(rows, key=lambda visit: (visit.draw, visit.pk))


# --- Against the target ---------------------------------------------------------------------------


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
    on_time: int
    target: float
    still_open: int
    """Drawn, not visited, and the window is still open: neither done nor failed."""
    last_due: datetime | None
    """When the last window of the period closes."""
    rulebook: int

    @property
    def rate(self) -> float | None:
        """Visited ÷ finished; None when nothing has finished."""
        return self.visited / self.finished if self.finished else None

    @property
    def percent(self) -> str:
        return f"{self.rate:.1%}" if self.rate is not None else "—"

    @property
    def wanted(self) -> str:
        return f"{self.target:.0%}"

    @property
    def missing_draws(self) -> int:
        """How many more must be drawn so that the target can be reached."""
        return still_needed(self.finished, self.drawn, self.target)

    @property
    def missing_visits(self) -> int:
        """How many more visits the target wants."""
        return still_needed(self.finished, self.visited, self.target)

    @property
    def late(self) -> int:
        """Visited after the window closed: it counts, and it counts as late."""
        return self.visited - self.on_time

    @property
    def most(self) -> str:
        """The regulation's upper limit, empty where it has none."""
        regulation = rulebook(self.rulebook).by_id[self.regulation]
        return next(rule.most for rule in regulation.return_visit if rule.id == self.rule)

    @property
    def may_draw(self) -> int:
        """How many more may be drawn by hand."""
        return may_draw(self.finished, self.drawn, rate(self.most) if self.most else 1)

    def days_left(self, at: datetime) -> int | None:
        """Whole days until the last window closes; None when it has closed."""
        return (self.last_due - at).days if self.last_due and self.last_due >= at else None


def of_period(visits: QuerySet[Visit], since: datetime, until: datetime) -> QuerySet[Visit]:
    """Visits about work finished in [since, until) that still count."""
    return visits.filter(after_at__gte=since, after_at__lt=until).exclude(
        state=Visit.State.CANCELLED
    )


def coverage(
    visits: QuerySet[Visit], since: datetime, until: datetime, at: datetime
) -> list[Coverage]:
    """For work finished in [since, until), per rule."""
    done = Q(state=Visit.State.DONE)
    rows = (
        of_period(visits, since, until)
        .order_by()
        .values("regulation", "rule", "title", "clause", "target")
        .annotate(
            finished=Count("pk"),
            drawn=Count("pk", filter=~Q(state=Visit.State.NOT_DRAWN)),
            visited=Count("pk", filter=done),
            satisfied=Count("pk", filter=done & Q(result="satisfied")),
            on_time=Count("pk", filter=done & Q(visited_at__lte=F("due_at"))),
            still_open=Count("pk", filter=Q(state=Visit.State.PLANNED, due_at__gte=at)),
            last_due=Max("due_at"),
            rulebook=Max("case__rulebook"),
        )
        .order_by("regulation", "rule")
    )
    return [Coverage(**row) for row in rows]


def sample(visits: QuerySet[Visit], rule: str) -> Sequence[Visit]:
    """All visits of a rule in the order of the draw: who was drawn, who comes next."""
    return list(visits.filter(rule=rule).select_related("case").order_by("draw", "pk"))
