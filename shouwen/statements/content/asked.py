"""What is asked for: a statement of a unit and a period, at a moment; and what lies inside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.actions import footing
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.figures.queries import By, Shown, figures, figures_by, missed
from shouwen.followup.forms import midnight
from shouwen.followup.models import Visit
from shouwen.rules.commentary import Spoken
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.figures import Figure
from shouwen.rules.periods import Period
from shouwen.rules.regulation import Rulebook

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

    def about(self, path: str = "") -> Q:
        """The condition on cases of the kinds that the statement is about; `path` leads to them."""
        return Q(**{f"{path}kind__in": self.rule.kinds}) if self.rule.kinds else Q()

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """Registered in the period, void and merged too."""
        return self.of(Case.objects.filter(self.about()), "opened_at")

    @cached_property
    def visits(self) -> QuerySet[Visit]:
        """Made in the period about such cases."""
        return self.of(Visit.objects.filter(self.about("case__")), "visited_at")

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

    @property
    def own(self) -> list[Shown]:
        """As the documents define them; a corrected variant stands in the table alone."""
        return [row for row in self.figures if not row.figure.measure.beside]

    @cached_property
    def aimed(self) -> list[Spoken]:
        """Those with a target; of those that missed it also where and why."""
        before = {row.figure.key: row.figure for row in self.before.figures}
        figures = [row.figure for row in self.own if row.figure.measure.target]
        return [
            Spoken(one, before.get(one.key), self._parts(one), self._reasons(one))
            for one in figures
        ]

    @cached_property
    def lines(self) -> dict[str, list[Shown]]:
        """Each measure by department in a project, by project above it; what is of none left
        out."""
        by: By = "department" if self.is_one_project else "project"
        found = figures_by(self.unit, self.period, by, self.at)
        return {key: [line for line in lines if line.key] for key, lines in found.items()}

    def _parts(self, figure: Figure) -> tuple[tuple[str, Figure], ...]:
        if figure.is_met is not False:
            return ()
        return tuple((line.label, line.figure) for line in self.lines[figure.key])

    def _reasons(self, figure: Figure) -> Counter[str]:
        """Why records failed."""
        if figure.is_met is not False:
            return Counter()
        return missed(self.unit, self.period, figure.key, self.at)

    @cached_property
    def rulebook(self) -> Rulebook:
        return footing(self.unit, self.at).rulebook

    @property
    def unclosed(self) -> QuerySet[Case]:
        """Registered by the end of the period and not closed then, whenever it was registered."""
        by_then = Case.objects.filter(self.place, self.about(), opened_at__lt=self.until)
        still = Q(closed_at=None) | Q(closed_at__gte=self.until)
        return by_then.filter(still).exclude(status__in=VOID)

    @cached_property
    def rulebooks(self) -> list[Rulebook]:
        """Our own, then those that the cases were opened under."""
        pinned = self.cases.order_by().values_list("rulebook", flat=True).distinct()
        return [self.rulebook, *map(rulebook, sorted(pinned))]

    def names(self, axis: str) -> dict[str, str]:
        """The values of an axis in the words of the regulations, in their order."""
        found: dict[str, str] = {}
        for book in self.rulebooks:
            known = book.axis(axis)
            for value in known[1].values if known else ():
                found.setdefault(value.code, value.name)
        return found

    def case_list(self, **filters: str) -> str:
        """The list of the cases registered in the period, narrowed. Who works for the company may
        be at another of its projects."""
        place = {"of": str(self.unit.kind)}
        if self.is_one_project:
            place = {"of": "company", "project": str(self.unit.pk)}
        span = {"since": self.period.first.isoformat(), "until": self.period.last.isoformat()}
        kind = {"kind": self.rule.kinds[0]} if len(self.rule.kinds) == 1 else {}
        asked = {name: value for name, value in (place | span | kind | filters).items() if value}
        return f"{reverse('cases:list')}?{urlencode(asked)}"
