"""Reads of what phones have sent."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.phone.models import Conflict


def visible_conflicts(scope: Scope) -> QuerySet[Conflict]:
    """Of the projects where one dispatches, and one's own."""
    reached = scope.below("case.dispatch", "project__path")
    return Conflict.objects.filter(scope.inside(), reached | Q(staff=scope.staff))


def on_the_phone(staff: Staff) -> QuerySet[Conflict]:
    """What an engineer has not yet read and put away."""
    return Conflict.objects.filter(staff=staff, seen_at=None)
