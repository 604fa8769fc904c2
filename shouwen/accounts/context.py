"""What a signed-in request carries, and what the frame of every page says about who is here."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import projects_reached
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope, scope_of
from shouwen.rules.refused import Refused
from shouwen.web.pieces import Choice, NavItem

#: The switcher is a menu; whoever reaches more projects chooses on the organisation page.
MOST_CHOICES = 20


class SignedInRequest(HttpRequest):
    """A request behind SignedInMiddleware. `at` is its one moment."""

    user: Staff
    scope: Scope
    at: datetime
    projects: list[OrgUnit]
    """What the post reaches, as many as the switcher shows and one."""
    project: OrgUnit | None
    htmx: HtmxDetails


def carry(request: SignedInRequest, at: datetime) -> None:
    """Puts the moment, the scope and the current project on the request."""
    request.at = at
    request.scope = scope_of(request.user, at)
    reached = projects_reached(request.scope).select_related("company", "group")
    request.projects = list(reached[: MOST_CHOICES + 1])
    request.project = current_project(request, request.session.get("project"))


def current_project(request: SignedInRequest, chosen: int | None) -> OrgUnit | None:
    """The chosen one while it is reached, else the first: where cases may be seen, if anywhere."""
    scope, projects = request.scope, request.projects
    found = [project for project in projects if project.pk == chosen]
    if chosen and not found and len(projects) > MOST_CHOICES:
        reached = projects_reached(scope).select_related("company", "group")
        found = list(reached.filter(pk=chosen))
    found += [project for project in projects if scope.can("case.view", project)]
    return next(iter([*found, *projects]), None)


def project_of(request: SignedInRequest) -> OrgUnit:
    """The project that the page is about."""
    if request.project is None:
        raise Refused("no-project", _("请先选一个项目。"))
    return request.project


def who_is_here(request: SignedInRequest) -> dict[str, object]:
    """For the frame: who, with which menu; and which project, with which others to change to."""
    choices = request.projects
    return {
        "user_name": request.user.name,
        "user_role": _first_role(request.scope),
        "user_menu": (
            Choice(_("我的资料"), reverse("accounts:person", args=[request.user.pk])),
            Choice(_("修改密码"), reverse("accounts:password")),
        ),
        "logout_url": reverse("accounts:sign-out"),
        "project_title": request.project.name if request.project else "",
        "project_choices": _switches(choices, request.project) if len(choices) > 1 else (),
    }


def _first_role(scope: Scope) -> str:
    return ROLES[scope.reaches[0].role].name if scope.reaches else ""


def _switches(projects: list[OrgUnit], current: OrgUnit | None) -> tuple[Choice, ...]:
    switches = tuple(
        Choice(
            project.name,
            reverse("accounts:choose-project", args=[project.pk]),
            active=project == current,
            post=True,
        )
        for project in projects[:MOST_CHOICES]
    )
    if len(projects) <= MOST_CHOICES:
        return switches
    return (*switches, Choice(_("更多项目…"), reverse("accounts:organisation")))


def organisation_nav(request: SignedInRequest) -> tuple[NavItem, ...]:
    """The lines of the main menu that lead to this app, as far as the posts allow."""
    lines = (
        ("org.view", _("组织"), "accounts:organisation"),
        ("token.manage", _("接口令牌"), "accounts:tokens"),
        ("audit.view", _("留痕"), "accounts:trace"),
    )
    return tuple(
        NavItem(
            title, reverse(name), active=request.path.startswith(reverse(name)), group=_("公司")
        )
        for right, title, name in lines
        if request.scope.can(right)
    )
