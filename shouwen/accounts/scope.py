"""Who may see and do what: one scope for list, detail, count, search, export and file.

Every model that is listed carries `project`, `company` and `group`: `Scope.on()` is the condition
on these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q, QuerySet

from shouwen.accounts.models import ApiToken, OrgUnit, Post, Staff
from shouwen.accounts.rights import ROLES
from shouwen.rules.refused import Refused

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Reach:
    """One post: what it may do, and where. `unit` is the project, company or group that it reaches;
    `department` is set for a narrow role, which sees only what was handed there."""

    role: str
    rights: frozenset[str]
    unit: OrgUnit
    department: OrgUnit | None

    def covers(self, place: OrgUnit) -> bool:
        return place.path.startswith(self.unit.path)


@dataclass(frozen=True)
class Scope:
    """What somebody may see and do at a moment."""

    staff: Staff
    reaches: tuple[Reach, ...]
    within: OrgUnit | None = None
    """Through a token: nothing outside of this unit, not even what is one's own."""

    def inside(self) -> Q:
        """The condition that a token puts on records of which one is owner, holder or visitor."""
        if self.within is None:
            return Q()
        return Q(project__path__startswith=(self.within.project or self.within).path)

    def can(self, right: str, place: OrgUnit | None = None) -> bool:
        """Whether any post gives this right, at this unit of the tree if one is named."""
        return any(
            right in reach.rights and (place is None or reach.covers(place))
            for reach in self.reaches
        )

    def require(self, right: str, place: OrgUnit | None = None) -> None:
        if not self.can(right, place):
            raise Refused("not-allowed", "您的岗位没有这项权限，请联系项目经理或系统管理员。")

    def below(self, right: str, path: str = "path") -> Q:
        """The condition for nodes of the tree that a right reaches; `path` leads to their path."""
        condition = Q(pk__in=())
        for reach in self.reaches:
            if right in reach.rights:
                condition |= Q(**{f"{path}__startswith": reach.unit.path})
        return condition

    def roles(self, place: OrgUnit | None = None) -> tuple[str, ...]:
        """Roles held where they reach this unit."""
        return tuple(
            dict.fromkeys(r.role for r in self.reaches if place is None or r.covers(place))
        )

    def wide(self, right: str) -> list[OrgUnit]:
        """Units that are seen whole under this right."""
        return [r.unit for r in self.reaches if r.department is None and right in r.rights]

    def departments(self, right: str) -> list[OrgUnit]:
        """Departments whose work a narrow role sees under this right."""
        return [r.department for r in self.reaches if r.department and right in r.rights]

    def on(self, right: str) -> Q:
        """The condition for records seen whole: of the projects, companies, groups reached."""
        condition = Q(pk__in=())
        for kind in ("group", "company", "project"):
            ids = [unit.pk for unit in self.wide(right) if unit.kind == kind]
            if ids:
                condition |= Q(
                    **{f"{kind}_id__in": ids} if len(ids) > 1 else {f"{kind}_id": ids[0]}
                )
        return condition


def scope_of(staff: Staff, at: datetime, token: ApiToken | None = None) -> Scope:
    """The posts held at `at`; through a token, only inside its unit and its rights."""
    posts = (
        Post.objects.filter(held_at(at), staff=staff)
        .select_related("unit__project", "unit__company", "unit__group")
        .order_by("-main", "pk")
    )
    reaches = tuple(_reach(post) for post in posts) if staff.is_active else ()
    if token:
        reaches = tuple(
            _narrowed(reach, token)
            for reach in reaches
            if _meet(reach.department or reach.unit, token.unit)
        )
    return Scope(staff, reaches, token.unit if token else None)


def _reach(post: Post) -> Reach:
    role = ROLES[post.role]
    unit = post.unit
    if unit.kind in (OrgUnit.Kind.DEPARTMENT, OrgUnit.Kind.TEAM):
        unit = unit.project or unit.company or unit.group or unit
    return Reach(post.role, role.rights, unit, post.unit if role.narrow else None)


def held_at(at: datetime) -> Q:
    """The condition for posts held at a moment."""
    return Q(until=None, since__lte=at) | Q(until__gt=at, since__lte=at)


def _narrowed(reach: Reach, token: ApiToken) -> Reach:
    """What is left of a reach through a token: its rights and places, both cut down."""
    department = reach.department and _smaller(reach.department, token.unit)
    return Reach(
        reach.role,
        reach.rights & frozenset(token.rights),
        _smaller(reach.unit, token.unit),
        department,
    )


def _meet(a: OrgUnit, b: OrgUnit) -> bool:
    return a.path.startswith(b.path) or b.path.startswith(a.path)


def _smaller(a: OrgUnit, b: OrgUnit) -> OrgUnit:
    return a if a.path.startswith(b.path) else b


def found(rows: QuerySet[M], sentence: str, **wanted: Any) -> M:
    """The one row among those that somebody may see, or the same refusal whether it is unknown or
    not theirs to see."""
    try:
        return rows.get(**wanted)
    except ObjectDoesNotExist:
        raise Refused("not-found", sentence) from None
