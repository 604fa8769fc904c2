"""Reads of what is learned: who sees which, and what the detector counts."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone, localtime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, found
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.followup.models import Visit
from shouwen.learning.models import (
    ArchiveFile,
    Correction,
    Praise,
    ProductFeedback,
    Roll,
    Suggestion,
    TypicalCase,
)

SEE = "case.view"


# --- Who sees what --------------------------------------------------------------------------------


def visible_corrections(scope: Scope) -> QuerySet[Correction]:
    """Those of the units reached whole, those that one answers for, and those made of cases that
    one may see."""
    if not scope.can(SEE):
        return Correction.objects.none()
    condition = scope.on(SEE) | Q(owner=scope.staff)
    if scope.departments(SEE):
        of_cases = Correction.cases.through.objects.filter(
            case__in=visible_cases(scope).values("pk")
        )
        condition |= Q(pk__in=of_cases.values("correction"))
    return Correction.objects.filter(scope.inside(), condition)


def get_correction(scope: Scope, number: str) -> Correction:
    """The correction, or the same refusal whether it is unknown or not theirs to see."""
    rows = visible_corrections(scope).select_related(
        "project", "company", "owner", "department", "found_by", "reviewed_by", "verified_by"
    )
    return found(rows, "没有找到这项纠正预防，请核对编号。", number=number)


def visible_suggestions(scope: Scope, right: str = SEE) -> QuerySet[Suggestion]:
    """Those of the units reached whole, and those of cases one may see."""
    if not scope.can(right):
        return Suggestion.objects.none()
    condition = scope.on(right)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return Suggestion.objects.filter(scope.inside(), condition)


def get_suggestion(scope: Scope, number: str) -> Suggestion:
    """By the number of its case."""
    rows = visible_suggestions(scope).select_related("project", "case", "decided_by")
    return found(rows, "没有找到这条建议，请核对编号。", case__number=number)


def visible_praises(scope: Scope) -> QuerySet[Praise]:
    """Those of the units reached whole, those about oneself, and those one wrote down."""
    if not scope.can(SEE):
        return Praise.objects.none()
    own = Q(staff=scope.staff, kind="praise") | Q(recorded_by=scope.staff)
    return Praise.objects.filter(scope.inside(), scope.on(SEE) | own)


def visible_rolls(scope: Scope) -> QuerySet[Roll]:
    return Roll.objects.filter(scope.inside(), scope.on(SEE))


def visible_typical(scope: Scope) -> QuerySet[TypicalCase]:
    return TypicalCase.objects.filter(scope.inside(), scope.on(SEE))


def visible_feedback(scope: Scope) -> QuerySet[ProductFeedback]:
    """Those of the units reached whole, and those made of cases that one may see."""
    if not scope.can(SEE):
        return ProductFeedback.objects.none()
    condition = scope.on(SEE)
    if scope.departments(SEE):
        rows = ProductFeedback.cases.through.objects
        of_cases = rows.filter(case__in=visible_cases(scope).values("pk"))
        condition |= Q(pk__in=of_cases.values("productfeedback"))
    return ProductFeedback.objects.filter(scope.inside(), condition)


def visible_archive(scope: Scope) -> QuerySet[ArchiveFile]:
    return ArchiveFile.objects.filter(scope.inside(), scope.on(SEE))


def holds(q: str) -> Q:
    """The files of complaints with these words in their number, title, room or customer."""
    named = Q(number__icontains=q) | Q(case__number__icontains=q) | Q(case__title__icontains=q)
    return named | Q(case__address__icontains=q) | Q(case__customer_name__icontains=q)


# --- What is counted ------------------------------------------------------------------------------


def complaints_of_home(case: Case, since: datetime) -> QuerySet[Case]:
    """The other complaints of the same home, or of the same phone where no home is known, up to
    this one; the last first."""
    if case.unit_id:
        same = Q(unit=case.unit_id)
    elif case.customer_phone:
        same = Q(customer_phone=case.customer_phone, project=case.project_id)
    else:
        return Case.objects.none()
    return (
        Case.objects.filter(same, kind="complaint", opened_at__gt=since)
        .filter(Q(opened_at__lt=case.opened_at) | Q(opened_at=case.opened_at, pk__lt=case.pk))
        .exclude(status__in=(Case.Status.VOID, Case.Status.MERGED))
        .select_related("unit")
        .order_by("-opened_at", "-pk")
    )


def failed_visits(case: Case, since: datetime) -> int:
    """How often a visit found the customer of this case dissatisfied."""
    done = case.visits.filter(state=Visit.State.DONE, result="unsatisfied", visited_at__gt=since)
    return done.count()


def taken_up(project: OrgUnit, year: int) -> QuerySet[Suggestion]:
    """Suggestions taken up in a year, the first first."""
    zone = get_current_timezone()
    begins, ends = (datetime(y, 1, 1, tzinfo=zone) for y in (year, year + 1))
    return (
        Suggestion.objects.filter(
            project=project,
            decision__in=Suggestion.TAKEN_UP,
            decided_at__gte=begins,
            decided_at__lt=ends,
        )
        .exclude(case__status__in=(Case.Status.VOID, Case.Status.MERGED))
        .select_related("case")
        .order_by("decided_at", "pk")
    )


def praises_of(staff: Staff, since: datetime, until: datetime) -> dict[str, int]:
    """How often somebody was praised and criticised in [since, until): what his evaluation reads
    (S4-4.1-2)."""
    rows = Praise.objects.filter(staff=staff, at__gte=since, at__lt=until)
    counted = rows.order_by().values_list("kind").annotate(n=Count("pk"))
    return {"praise": 0, "criticism": 0} | dict(counted)


def by_part(found: QuerySet[ProductFeedback]) -> list[dict[str, Any]]:
    """Defects by part, how many and since when, the most frequent first (S1-1.1-4)."""
    rows = (
        found.order_by()
        .values("part", "defect")
        .annotate(quantity=Sum("quantity"), rows=Count("pk"), since=Min("found_at"))
        .annotate(projects=Count("project", distinct=True))
        .order_by("-quantity", "part", "defect")
    )
    return [dict(row) for row in rows]


def prevented(
    scope: Scope, project: OrgUnit, today: date, months: int = 6
) -> list[tuple[str, int]]:
    """How many small things were taken up before anybody complained, by month, the oldest first
    (S2-JD-6)."""
    first = today.replace(day=1)
    names = [f"{first:%Y-%m}"]
    while len(names) < months:
        first = (first - timedelta(days=1)).replace(day=1)
        names.append(f"{first:%Y-%m}")
    since = datetime(first.year, first.month, 1, tzinfo=get_current_timezone())
    rows = visible_corrections(scope).filter(
        project=project, trigger=Correction.Trigger.PATROL, found_at__gte=since
    )
    found = Counter(f"{localtime(at):%Y-%m}" for at in rows.values_list("found_at", flat=True))
    return [(name, found[name]) for name in reversed(names)]
