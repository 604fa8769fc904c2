"""Whose work a list shows: mine, my department's, the project's, the company's, the group's.

A level narrows what somebody may see anyway (`cases.queries.visible_…`), and gives the database one
range of an index to walk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit, Post
from shouwen.accounts.scope import Scope, held_at
from shouwen.web.pieces import Choice, Pager

M = TypeVar("M", bound=Model)
SEE = "case.view"
TITLES = {
    "mine": _("我的"),
    "department": _("本部门"),
    "project": _("本项目"),
    "company": _("公司"),
    "group": _("集团"),
}
WIDE = ("company", "group")


@dataclass(frozen=True)
class Level:
    """One of the levels, as somebody stands in it. `departments` are the ids of their own."""

    name: str
    scope: Scope
    project: OrgUnit | None
    departments: Collection[int]
    at: datetime

    def of_commitments(self) -> Q:
        """On whose board they stand."""
        return self._place() or Q(holder=self.scope.staff)

    def of_cases(self) -> Q:
        if place := self._place("owner", "assignee"):
            return place
        me = self.scope.staff
        return Q(owner=me) | Q(delegate=me) | Q(assignee=me)

    def _place(self, *people: str) -> Q | None:
        if self.name == "mine" or self.project is None:
            return None
        if self.name == "department":
            return self._department(people or ("holder",))
        place = {"project": self.project.pk, "company": self.project.company_id}
        return Q(**{f"{self.name}_id": place.get(self.name, self.project.group_id)})

    def _department(self, people: Collection[str]) -> Q:
        """What was handed to my department, and what its people hold."""
        posts = Post.objects.filter(held_at(self.at), unit__in=self.departments)
        found = Q(department__in=self.departments)
        for person in people:
            found |= Q(**{f"{person}__in": posts.values("staff")})
        return found


def level_names(
    scope: Scope, project: OrgUnit | None, departments: Collection[int]
) -> tuple[str, ...]:
    """The levels that somebody has, the narrowest first."""
    names = ["mine", *(["department"] if departments else [])]
    if project is None:
        return ("mine",)
    wide = [unit for unit in scope.wide(SEE) if project.path.startswith(unit.path)]
    kinds = {unit.kind for unit in wide}
    if wide:
        names.append("project")
    if kinds & {OrgUnit.Kind.COMPANY, OrgUnit.Kind.GROUP}:
        names.append("company")
    if OrgUnit.Kind.GROUP in kinds:
        names.append("group")
    return tuple(names)


@dataclass(frozen=True)
class ByLevel:
    """Whose rows a list shows, as its address asks: the project's, where somebody has it whole."""

    request: SignedInRequest

    @cached_property
    def levels(self) -> tuple[str, ...]:
        return level_names(self.request.scope, self.request.project, ())

    @property
    def level(self) -> str:
        asked = self.request.GET.get("of", "")
        wide = "project" if "project" in self.levels else "mine"
        return asked if asked in self.levels else wide

    def placed(self, rows: QuerySet[M], mine: Q) -> QuerySet[M]:
        """Those of the level; one's own are `mine`."""
        project = self.request.project
        if self.level == "mine" or project is None:
            return rows.filter(mine)
        place = {"project": project.pk, "company": project.company_id}
        return rows.filter(**{f"{self.level}_id": place.get(self.level, project.group_id)})


@dataclass(frozen=True)
class Tabbed(ByLevel):
    """A list with a tab for each level and each state, and pages that do not shift."""

    @property
    def tabs(self) -> Mapping[str, tuple[Any, Q]]:
        """What each state is called, and which rows it shows; the first is shown unasked."""
        raise NotImplementedError

    def link(self, **changed: str) -> str:
        """The address of the same list, with something else asked for."""
        raise NotImplementedError

    @property
    def state(self) -> str:
        asked = self.request.GET.get("state", "")
        return asked if asked in self.tabs else next(iter(self.tabs), "")

    def newest(self, rows: QuerySet[M], size: int) -> tuple[list[M], Pager]:
        """One page, the last first, by a key that does not shift."""
        after = self.request.GET.get("after", "")
        if after.isdecimal() and len(after) < 19:
            rows = rows.filter(pk__lt=int(after))
        found = list(rows.order_by("-pk")[: size + 1])
        older = self.link(after=str(found[size - 1].pk)) if len(found) > size else ""
        return found[:size], Pager(newer=self.link() if after else "", older=older)

    def about(self) -> dict[str, Any]:
        """What the head of the page shows."""
        return {
            "levels": [
                Choice(str(TITLES[name]), self.link(of=name), name == self.level)
                for name in self.levels
            ],
            "states": [
                Choice(str(title), self.link(state=name), name == self.state)
                for name, (title, _where) in self.tabs.items()
            ],
            "level": self.level,
            "state": self.state,
            "wide": self.level in WIDE,
        }
