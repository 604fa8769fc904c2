"""Reads of statements: who sees which, what waits for somebody, what is out with whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Absence, Staff
from shouwen.accounts.scope import Reach, Scope, found, scope_of
from shouwen.figures.models import MonthLock, Restatement
from shouwen.rules.refused import Refused
from shouwen.statements.content import build
from shouwen.statements.models import Statement
from shouwen.statements.standing import signatures

SEE = "case.view"


def require_whole(scope: Scope) -> None:
    """Statements are of a whole place: who sees single cases only sees none of them."""
    scope.require(SEE)
    if not scope.wide(SEE):
        raise Refused(
            "not-allowed",
            "报表写的是整个项目，您的岗位只看交给本部门的事；需要时请向客服负责人要。",
        )


def visible_statements(scope: Scope) -> QuerySet[Statement]:
    return Statement.objects.filter(scope.on(SEE))


def get_statement(scope: Scope, number: str) -> Statement:
    """The statement, or the same refusal whether it is unknown or not theirs to see."""
    require_whole(scope)
    rows = visible_statements(scope).select_related(
        "unit", "project", "company", "group", "replaces"
    )
    return found(rows, "没有找到这份报表，请核对编号。", number=number)


def waiting_for(scope: Scope, at: datetime) -> Q:
    """The condition for statements that this person, or one for whom they stand in, must go on
    with or acknowledge."""
    condition = Q(pk__in=())
    for reach in (*scope.reaches, *_stood_in_for(scope.staff, at)):
        condition |= Q(turn=reach.role, unit__path__startswith=reach.unit.path)
        condition |= _to_acknowledge(reach)
    return condition


def _to_acknowledge(reach: Reach) -> Q:
    return Q(
        deliveries__role=reach.role,
        deliveries__unit__path__startswith=reach.unit.path,
        deliveries__sent_at__isnull=False,
        deliveries__received_at=None,
    ) & ~Q(state=Statement.State.REPLACED)


def _stood_in_for(staff: Staff, at: datetime) -> list[Reach]:
    away = Absence.objects.filter(deputy=staff, starts_at__lte=at, ends_at__gt=at)
    people = [row.staff for row in away.select_related("staff")]
    return [reach for person in people for reach in scope_of(person, at).reaches]


def _months(row: Statement) -> Q:
    """The condition for what is kept of the months of a statement, at its unit and below."""
    months = Q(month__gte=row.first.replace(day=1), month__lte=row.last)
    return months & Q(**{f"{row.unit.kind}_id": row.unit_id})


def is_of_a_month(row: Statement) -> bool:
    """Whether it shows the figures of a month: its first signature locks them."""
    return row.spans.kind == "month" and "figures" in row.written.sections


def locked_since(row: Statement) -> bool:
    """Whether figures that it shows were locked after they were taken, or after who signed first
    found them to be still so."""
    if "figures" not in row.written.sections:
        return False
    stood_at = max([row.prepared_at, *(step.at for step in signatures(row)[:1])])
    return MonthLock.objects.filter(_months(row), at__gt=stood_at).exists()


def moved(row: Statement, at: datetime) -> bool:
    """Whether its figures are others by now, so that nobody signs it first."""
    live = is_of_a_month(row) and row.unit.is_project
    return (live or locked_since(row)) and _differs(row, at)


def differs_from_lock(row: Statement, at: datetime) -> bool:
    """Whether the figures that it went out with are not those that were locked afterwards: a reason
    for another edition."""
    return row.state in Statement.OUT and locked_since(row) and _differs(row, at)


def _differs(row: Statement, at: datetime) -> bool:
    figures = row.written.model_copy(update={"sections": ("figures",)})
    [now] = build(figures, row.unit, row.spans, at)["sections"]
    return now not in row.content["sections"]


def restated_since(row: Statement) -> list[Restatement]:
    """Restatements of its months that were approved after it was drawn up: a reason for another
    edition."""
    approved = Restatement.objects.filter(_months(row), approved=True)
    return list(approved.filter(decided_at__gt=row.prepared_at).order_by("decided_at"))
