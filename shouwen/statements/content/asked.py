"""What is asked for: a statement of a unit and a period, at a moment; and what lies inside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.actions import footing
from shouwen.cases.models import Case
from shouwen.figures.queries import Shown, figures
from shouwen.followup.forms import midnight
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.periods import Period
from shouwen.rules.regulation import Rulebook
from shouwen.rules.vocabulary import KINDS

M = TypeVar("M", bound=Model)
#: What is no matter of its own, or none at all: shown apart, never silently missing.
VOID = (Case.Status.VOID, Case.Status.MERGED)


@dataclass(frozen=True)
class Asked:
    rule: StatementRule
    unit: OrgUnit
    period: Period
    at: datetime

    @cached_property
    def since(self) -> datetime:
        return midnight(self.period.first)

    @cached_property
    def until(self) -> datetime:
        """Just after the period; of one that has not ended, the moment itself."""
        return min(midnight(self.period.last + timedelta(days=1)), self.at)

    @cached_property
    def before(self) -> Asked:
        """The same of the period before."""
        return replace(self, period=self.period.before())

    @property
    def is_one_project(self) -> bool:
        return self.unit.is_project

    @cached_property
    def place(self) -> Q:
        """The condition on records of this unit."""
        return Q(**{f"{self.unit.kind}_id": self.unit.pk})

    def during(self, field: str) -> Q:
        """The condition that a moment lies in the period."""
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})

    def of(self, rows: QuerySet[M], field: str) -> QuerySet[M]:
        """Those of this unit whose moment lies in the period."""
        return rows.filter(self.place, self.during(field))

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """Registered in the period, all of them."""
        return self.of(Case.objects.all(), "opened_at")

    @cached_property
    def matters(self) -> QuerySet[Case]:
        """Those that are matters of their own."""
        return self.cases.exclude(status__in=VOID)

    @cached_property
    def figures(self) -> list[Shown]:
        """The measures that the statement is about, as they stand."""
        wanted = self.rule.measures
        found = figures(self.unit, self.period, self.at)
        return [row for row in found if not wanted or row.figure.measure.id in wanted]

    @cached_property
    def rulebook(self) -> Rulebook:
        return footing(self.unit, self.at).rulebook

    @property
    def unclosed(self) -> QuerySet[Case]:
        """Registered by the end of the period and not closed then, whenever it was registered."""
        by_then = Case.objects.filter(self.place, opened_at__lt=self.until)
        still = Q(closed_at=None) | Q(closed_at__gte=self.until)
        return by_then.filter(still).exclude(status__in=VOID)

    def names(self, axis: str) -> dict[str, str]:
        """The values of an axis in the words of the regulation, in its order."""
        found = self.rulebook.axis(axis)
        said = {value.code: value.name for value in found[1].values} if found else {}
        return said | {code: name for code, name in KINDS.items() if axis == "kind" and not said}

    def case_list(self, **filters: str) -> str:
        """The list of the cases registered in the period, narrowed."""
        asked = {"of": str(self.unit.kind), "since": self.period.first.isoformat()}
        asked |= {"until": self.period.last.isoformat(), **filters}
        return f"{reverse('cases:list')}?{urlencode(asked)}"
