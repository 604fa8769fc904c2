"""The list of groups and what is offered to become one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.cases.levels import TITLES, WIDE, level_names
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.groups.actions.noticing import hold_apart
from shouwen.groups.forms import Proposed
from shouwen.groups.models import GroupMatter
from shouwen.groups.queries import offers, visible_matters
from shouwen.groups.steps import OPEN, SORT
from shouwen.services.views.stepping import Stepping, run
from shouwen.web.done import done
from shouwen.web.pieces import Choice

#: So many groups are shown, the last opened first.
SHOWN = 100
STATES = {"open": "进行中", "ended": "已结束"}


@require_safe
def matters(request: SignedInRequest) -> HttpResponse:
    """The groups of a level."""
    request.scope.require("case.view")
    levels = [name for name in level_names(request.scope, request.project, ()) if name != "mine"]
    level = request.GET.get("of", "") if request.GET.get("of", "") in levels else "project"
    state = "ended" if request.GET.get("state") == "ended" else "open"
    rows = _of_level(request, level).filter(closed_at__isnull=state == "open")
    about = {
        "rows": rows.select_related("project", "speaker")[:SHOWN],
        "wide": level in WIDE,
        "state": state,
        "levels": [
            Choice(str(TITLES[name]), _link(of=name, state=state), name == level) for name in levels
        ],
        "states": [
            Choice(_(word), _link(of=level, state=name), name == state)
            for name, word in STATES.items()
        ],
        "may_sort": request.scope.can(SORT),
    }
    return render(request, "groups/matters.html", about)


def _of_level(request: SignedInRequest, level: str) -> QuerySet[GroupMatter]:
    rows = visible_matters(request.scope)
    project = request.project
    if project is None:
        return rows
    place = {"project": project.pk, "company": project.company_id}
    return rows.filter(**{f"{level}_id": place.get(level, project.group_id)})


def _link(**asked: str) -> str:
    return f"?{urlencode(asked)}"


@require_safe
def offered(request: SignedInRequest) -> HttpResponse:
    """Complaints that look like one matter, with the reason."""
    request.scope.require(SORT)
    project = project_of(request)
    found = offers(request.scope, project, request.at)
    about = {
        "project": project,
        "joining": [offer for offer in found if offer.matter],
        "new": [(offer, _opening(offer.cases, offer.title)) for offer in found if not offer.matter],
    }
    return render(request, "groups/offers.html", about)


def _opening(cases: list[Case], title: str) -> str:
    numbers = " ".join(case.number for case in cases)
    return f"{reverse('groups:open')}?{urlencode({'cases': numbers, 'title': title})}"


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: SignedInRequest) -> HttpResponse:
    """A group from some cases."""
    project = project_of(request)
    proposed = Proposed(
        project, request.GET.get("cases", "")[:6000], request.GET.get("title", "")[:80]
    )
    back = reverse("groups:matters")
    return run(
        request, Stepping(OPEN, proposed, project, back, sub=project.name, crumb=_("群体事项"))
    )


@require_POST
def apart(request: SignedInRequest) -> HttpResponse:
    """Not one matter: these are not offered together again."""
    request.scope.require(SORT)
    numbers = request.POST.get("cases", "")[:6000].split()
    cases = list(visible_cases(request.scope).filter(number__in=numbers).select_related("project"))
    hold_apart(cases=cases, by=request.scope, at=request.at)
    done(request, _("不再提示为同一件事"))
    return redirect("groups:offers")
