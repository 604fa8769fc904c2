"""Reads of contacts, cases and commitments. Every list starts from `visible_…(scope)`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.cases.models import Case, CasePart, Commitment, Contact, JournalEntry
from shouwen.rules.journal import Entry


def visible_cases(scope: Scope, right: str = "case.view") -> QuerySet[Case]:
    """Cases that somebody may see: of the units reached whole; for narrow roles those handed to
    their
    department; and for everybody those owned, delegated to or handled by them."""
    me = scope.staff
    mine = Q(owner=me) | Q(delegate=me) | Q(assignee=me)
    if not scope.can(right):
        return Case.objects.none()
    condition = scope.on(right) | mine
    departments = scope.departments(right)
    if departments:
        handed = CasePart.objects.filter(
            case=OuterRef("pk"), department__in=_with_teams(departments)
        ).exclude(state=CasePart.State.WITHDRAWN)
        condition |= Q(Exists(handed))
    return Case.objects.filter(scope.inside(), condition)


def _with_teams(departments: Sequence[OrgUnit]) -> QuerySet[OrgUnit]:
    """The departments and the teams below them: a head sees the work of his teams."""
    below = [Q(path__startswith=unit.path) for unit in departments]
    return OrgUnit.objects.filter(reduce(or_, below)).order_by()


def may_see(scope: Scope, case: Case) -> bool:
    """Whether a case is among `visible_cases`; who sees its whole project needs no question."""
    whole = any(case.project.path.startswith(unit.path) for unit in scope.wide("case.view"))
    return whole or visible_cases(scope).filter(pk=case.pk).exists()


def visible_contacts(scope: Scope, right: str = "case.view") -> QuerySet[Contact]:
    """Contacts of the units reached whole, those received oneself, and those of cases one may
    see."""
    if not scope.can(right):
        return Contact.objects.none()
    condition = scope.on(right) | Q(received_by=scope.staff)
    if scope.departments(right):
        condition |= Q(pk__in=visible_cases(scope, right).values("contact_id"))
    return Contact.objects.filter(scope.inside(), condition)


def visible_commitments(scope: Scope, right: str = "case.view") -> QuerySet[Commitment]:
    """Commitments of the cases that somebody may see."""
    if not scope.can(right):
        return Commitment.objects.none()
    condition = scope.on(right) | Q(holder=scope.staff)
    departments = scope.departments(right)
    if departments:
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return Commitment.objects.filter(scope.inside(), condition)


def get_case(scope: Scope, number: str) -> Case:
    """The case with this number, or the same refusal whether it is unknown or not theirs to see."""
    related = ("project", "owner", "delegate", "assignee", "department", "contact", "unit",
               "customer", "merged_into")  # fmt: skip
    rows = visible_cases(scope).select_related(*related)
    return found(rows, "没有找到这件事，请核对编号。", number=number)


def journal(case: Case) -> list[JournalEntry]:
    """The story of a case, in the order of recording."""
    return list(case.journal.select_related("by").order_by("seq"))


def as_entries(rows: Sequence[JournalEntry]) -> list[Entry]:
    """The journal as the rules read it."""
    return [
        Entry(
            row.seq, row.verb, row.at, row.by.number if row.by else "", tuple(row.roles), row.data
        )
        for row in rows
    ]
