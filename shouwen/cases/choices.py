"""What a person may choose from above a list, and what they are: read in one question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from shouwen.accounts.models import OrgUnit, Post
from shouwen.accounts.queries import departments_of, people_below, projects_for
from shouwen.accounts.scope import Scope, held_at
from shouwen.adoption.models import PinnedRulebook
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.estate.models import Building
from shouwen.rules.regulation import Rulebook

#: A list to choose from is not for scrolling through hundreds of projects.
MOST = 400
Rows = QuerySet[Any, Any]


@dataclass
class Choices:
    mine: list[int] = field(default_factory=list)
    """The departments and teams in which the person has a post."""
    project: list[tuple[int, str]] = field(default_factory=list)
    department: list[tuple[int, str]] = field(default_factory=list)
    owner: list[tuple[int, str]] = field(default_factory=list)
    building: list[tuple[int, str]] = field(default_factory=list)
    rules: Rulebook | None = None
    """Those that the project's last case was opened under: for the words of its axes."""

    @property
    def source(self) -> list[tuple[str, str]]:
        found = self.rules.axis("source") if self.rules else None
        return [(value.code, value.name) for value in found[1].values] if found else []

    def offered(self) -> dict[str, list[Any]]:
        several = self.project[:MOST] if len(self.project) > 1 else []
        names = ("department", "owner", "building", "source")
        return {"project": several, **{name: getattr(self, name) for name in names}}


def choices_for(scope: Scope, project: OrgUnit | None, at: datetime) -> Choices:
    """What the filters offer: of the current project, and which projects there are."""
    parts = [_named("mine", _my_departments(scope, at), "unit_id", "unit__name")]
    parts.append(_named("project", projects_for(scope), "pk", "name"))
    if project:
        parts += _of_project(project, at)
    found = Choices()
    for name, pk, words in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: row[1]):
        if name == "mine":
            found.mine.append(pk)
        elif name == "rules":
            found.rules = rulebook(pk)
        else:
            getattr(found, name).append((pk, words))
    return found


def _my_departments(scope: Scope, at: datetime) -> QuerySet[Post]:
    below = (OrgUnit.Kind.DEPARTMENT, OrgUnit.Kind.TEAM)
    return Post.objects.filter(held_at(at), staff=scope.staff, unit__kind__in=below)


def _of_project(project: OrgUnit, at: datetime) -> Iterable[Rows]:
    last = Case.objects.filter(project=project).order_by("-opened_at").values("rulebook_id")[:1]
    yield _named("department", departments_of(project), "pk", "name")
    yield _named("owner", people_below(project, at), "pk", "name")
    yield _named("building", Building.objects.filter(project=project), "pk", "name")
    yield _named("rules", PinnedRulebook.objects.filter(pk__in=last), "pk", "digest")


def _named(name: str, rows: QuerySet[Any], pk: str, words: str) -> Rows:
    text = CharField()
    named: Rows = rows.order_by().annotate(
        choice_of=Value(name, output_field=text), choice_key=F(pk), choice_words=F(words)
    )
    return named.values_list("choice_of", "choice_key", "choice_words")
