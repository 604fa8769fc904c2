"""Reads of the organisation: the tree as somebody may see it, and who is to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Absence, ApiToken, Disclosure, OrgUnit, Post, Staff
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope, held_at

#: Who may write down that one of their people is away. Everybody may for themselves.
HEADS = frozenset({"cs_head", "project_manager", "admin"})


def projects_for(scope: Scope, right: str = "case.view") -> QuerySet[OrgUnit]:
    """The projects within somebody's reach under a right."""
    return OrgUnit.objects.filter(scope.below(right), kind=OrgUnit.Kind.PROJECT, closed_at=None)


def projects_reached(scope: Scope) -> QuerySet[OrgUnit]:
    """Every project that any post reaches: what the project switcher offers."""
    condition = Q(pk__in=())
    for reach in scope.reaches:
        condition |= Q(path__startswith=reach.unit.path)
    return OrgUnit.objects.filter(condition, kind=OrgUnit.Kind.PROJECT, closed_at=None)


def visible_units(scope: Scope, right: str = "org.view") -> QuerySet[OrgUnit]:
    """The part of the tree that a right reaches, in the order of the tree."""
    return OrgUnit.objects.filter(scope.below(right), closed_at=None).order_by("path")


def visible_staff(scope: Scope, at: datetime, right: str = "org.view") -> QuerySet[Staff]:
    """Oneself, everybody with a post that is reached, and those whose last post was."""
    posts = Post.objects.filter(scope.below(right, "unit__path"))
    reached = Q(pk__in=posts.filter(held_at(at)).values("staff"))
    gone = Q(pk__in=posts.values("staff")) & ~Q(
        pk__in=Post.objects.filter(held_at(at)).values("staff")
    )
    return Staff.objects.filter(Q(pk=scope.staff.pk) | reached | gone)


def posts_of(staff: Staff, at: datetime) -> list[Post]:
    """What somebody holds at a moment; for one who holds nothing, what they held last."""
    posts = list(staff.posts.select_related("unit").order_by("-main", "-since"))
    held = [p for p in posts if p.since <= at and (p.until is None or p.until > at)]
    return held or posts[:1]


def roles_to_give(scope: Scope, unit: OrgUnit) -> list[str]:
    """Roles to give on a unit: an administrator any, others none that can do more than they."""
    there = [reach for reach in scope.reaches if reach.covers(unit)]
    own = frozenset[str]().union(*(reach.rights for reach in there))
    if "org.manage" not in own:
        return []
    any_role = any(reach.role == "admin" for reach in there)
    return [code for code, role in ROLES.items() if any_role or role.rights <= own]


def may_manage(scope: Scope, staff: Staff, at: datetime) -> bool:
    """Whether somebody could have given every post of this person, who is not themselves."""
    posts = posts_of(staff, at)
    return (
        staff != scope.staff
        and bool(posts)
        and all(post.role in roles_to_give(scope, post.unit) for post in posts)
    )


def may_record_absence(scope: Scope, staff: Staff, at: datetime) -> bool:
    """Everybody for themselves, heads for their people."""
    return staff == scope.staff or any(
        HEADS.intersection(scope.roles(post.unit)) for post in posts_of(staff, at)
    )


def colleagues(staff: Staff, at: datetime) -> QuerySet[Staff]:
    """Who could stand in: those of the same projects, or of the same unit above projects."""
    places = Q(pk__in=())
    for post in posts_of(staff, at):
        top = post.unit.project_id
        places |= Q(unit__project=top) if top else Q(unit=post.unit_id)
    posts = Post.objects.filter(held_at(at) & places)
    return Staff.objects.filter(pk__in=posts.values("staff"), is_active=True).exclude(pk=staff.pk)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the tree as the organisation page shows it, with the posts held on it directly."""

    unit: OrgUnit
    depth: int
    posts: list[Post]

    @property
    def indent(self) -> str:
        """One wide space a level: it needs no style sheet, and can be copied."""
        return "\u3000" * self.depth


def tree(units: Iterable[OrgUnit], at: datetime) -> list[UnitRow]:
    """The units with who holds what there; `depth` counts from the highest of them."""
    units = list(units)
    held: dict[int, list[Post]] = {unit.pk: [] for unit in units}
    posts = Post.objects.filter(held_at(at), unit__in=units, staff__is_active=True)
    for post in posts.select_related("staff").order_by("pk"):
        held[post.unit_id].append(post)
    top = min((unit.path.count("/") for unit in units), default=0)
    return [UnitRow(unit, unit.path.count("/") - top, held[unit.pk]) for unit in units]


def away(people: QuerySet[Staff], at: datetime) -> QuerySet[Absence]:
    """Who of these is away at a moment, and who stands in."""
    return (
        Absence.objects.filter(staff__in=people, starts_at__lte=at, ends_at__gt=at)
        .filter(staff__is_active=True)
        .select_related("staff", "deputy")
        .order_by("ends_at", "pk")
    )


def away_among(staff_ids: Iterable[int], at: datetime) -> QuerySet[Absence, int]:
    """The ids of those who are away at a moment."""
    gone = Absence.objects.filter(staff__in=list(staff_ids), starts_at__lte=at, ends_at__gt=at)
    return gone.values_list("staff_id", flat=True)


def visible_tokens(scope: Scope) -> QuerySet[ApiToken]:
    """Tokens of integrations whose whole range is reached, newest first."""
    return (
        ApiToken.objects.filter(scope.below("token.manage", "unit__path"))
        .select_related("staff", "unit")
        .order_by("-pk")
    )


def visible_disclosures(scope: Scope) -> QuerySet[Disclosure]:
    """Who looked behind a mask in the projects reached, newest first.

    What belongs to no project is seen only by those who see a whole group.
    """
    condition = scope.below("audit.view", "project__path")
    if any(unit.kind == OrgUnit.Kind.GROUP for unit in scope.wide("audit.view")):
        condition |= Q(project=None)
    return Disclosure.objects.filter(condition).select_related("staff", "project").order_by("-pk")


def departments_of(project: OrgUnit) -> QuerySet[OrgUnit]:
    """Departments and teams of a project that work can be handed to."""
    return OrgUnit.objects.filter(
        project=project, kind__in=[OrgUnit.Kind.DEPARTMENT, OrgUnit.Kind.TEAM], closed_at=None
    ).order_by("path")


def department_for(project: OrgUnit, function: str) -> OrgUnit | None:
    """The project's department with this function, else the company's (brand, finance)."""
    return (
        OrgUnit.objects.filter(
            Q(project=project) | Q(project=None, company=project.company),
            function=function,
            kind=OrgUnit.Kind.DEPARTMENT,
            closed_at=None,
        )
        .order_by("-path")
        .first()
    )


def holders(units: Iterable[OrgUnit], roles: Iterable[str], at: datetime) -> list[Staff]:
    """Who holds one of these roles directly on one of these units at a moment, present or not."""
    return list(
        Staff.objects.filter(
            Q(posts__until=None) | Q(posts__until__gt=at),
            posts__unit__in=list(units),
            posts__role__in=list(roles),
            posts__since__lte=at,
            is_active=True,
        )
        .distinct()
        .order_by("number")
    )


def people_below(unit: OrgUnit, at: datetime, right: str = "") -> QuerySet[Staff]:
    """Who holds a post on the unit or below it at a moment; if asked, a post that gives a right."""
    return _holding(Q(unit__path__startswith=unit.path), at, right)


def people_reaching(
    project: OrgUnit, at: datetime, right: str = "", *, group: bool = False
) -> QuerySet[Staff]:
    """The same of a project and of its company's own offices, if asked of the group's as well, but
    of no other project."""
    offices = Q(unit__company=project.company_id)
    if group:
        offices |= Q(unit__company=None, unit__group=project.group_id)
    inside = Q(unit__path__startswith=project.path)
    return _holding(inside | (offices & Q(unit__project=None)), at, right)


def _holding(where: Q, at: datetime, right: str) -> QuerySet[Staff]:
    roles = [name for name, role in ROLES.items() if not right or right in role.rights]
    posts = Post.objects.filter(held_at(at), where, role__in=roles)
    return Staff.objects.filter(pk__in=posts.values("staff"), is_active=True).order_by("number")


def staff_of(unit: OrgUnit, at: datetime) -> list[Staff]:
    """Everybody with a post on the unit or below it."""
    return list(
        Staff.objects.filter(
            Q(posts__until=None) | Q(posts__until__gt=at),
            posts__unit__path__startswith=unit.path,
            posts__since__lte=at,
            is_active=True,
        )
        .distinct()
        .order_by("number")
    )


def present(people: Iterable[Staff], at: datetime) -> list[Staff]:
    """Those who are here, and for each who is away the deputy who is here; nobody twice."""
    people = list(people)
    deputies = _deputies(people, at)
    if not deputies:
        return list(dict.fromkeys(person for person in people if person.is_active))
    found = [deputies.get(person.pk, person) for person in people]
    here = [person for person in found if person is not None and person.is_active]
    gone = _deputies(here, at)
    return list(dict.fromkeys(person for person in here if person.pk not in gone))


def _deputies(people: Iterable[Staff], at: datetime) -> dict[int, Staff | None]:
    """Those of these who are away, and who stands in for each."""
    away = Absence.objects.filter(staff__in=people, starts_at__lte=at, ends_at__gt=at)
    named = dict(away.values_list("staff_id", "deputy_id"))
    deputies = Staff.objects.in_bulk(pk for pk in named.values() if pk) if named else {}
    return {pk: deputies.get(deputy) if deputy else None for pk, deputy in named.items()}


def line_above(unit: OrgUnit) -> list[OrgUnit]:
    """The unit and everything above it, nearest first."""
    ids = [int(part) for part in unit.path.strip("/").split("/")]
    found = {u.pk: u for u in OrgUnit.objects.filter(pk__in=ids)}
    return [found[pk] for pk in reversed(ids) if pk in found]


def people_with_role(role: str, project: OrgUnit, at: datetime) -> list[Staff]:
    """Who holds a role for a project and is here: in the project, else in its company, else in
    its group."""
    for place in (
        Q(posts__unit__path__startswith=project.path),
        Q(posts__unit__company=project.company, posts__unit__project=None),
        Q(posts__unit__group=project.group, posts__unit__company=None),
    ):
        found = present(
            Staff.objects.filter(
                place & (Q(posts__until=None) | Q(posts__until__gt=at)),
                posts__role=role,
                posts__since__lte=at,
                is_active=True,
            )
            .distinct()
            .order_by("number"),
            at,
        )
        if found:
            return found
    return []


#: Whom a reminder climbs to when nobody who holds the role is here.
REPORTING_LINE = ("cs_head", "project_manager", "company_cs", "company_leader", "hq_cs")


def reach_role(role: str, project: OrgUnit, at: datetime) -> list[Staff]:
    """The people with a role, or the next above them in the reporting line who are here."""
    above = (
        REPORTING_LINE[REPORTING_LINE.index(role) + 1 :]
        if role in REPORTING_LINE
        else REPORTING_LINE
    )
    for candidate in (role, *above):
        found = people_with_role(candidate, project, at)
        if found:
            return found
    return []
