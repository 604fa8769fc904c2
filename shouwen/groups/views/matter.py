"""One group: its members, its statement, who speaks, what was answered; and the box on the page of
a case."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case, visible_cases
from shouwen.groups.index import Found, likest
from shouwen.groups.models import GroupMatter
from shouwen.groups.queries import get_matter, matter_of, members, statement_of
from shouwen.groups.steps import STEPS, offered
from shouwen.majors.queries import group_event
from shouwen.services.views.stepping import Stepping, run


@require_safe
def matter(request: SignedInRequest, number: str) -> HttpResponse:
    """Everything about one group, as far as its cases may be seen."""
    found = get_matter(request.scope, number)
    everybody = members(found)
    gone = list(found.members.exclude(left_at=None).select_related("case", "left_by", "moved_to"))
    seen = _seen(request, [member.case_id for member in (*everybody, *gone)])
    steps = offered(found, request.scope)
    about = {
        "matter": found,
        "members": [member for member in everybody if member.case_id in seen],
        "hidden": sum(member.case_id not in seen for member in everybody),
        "gone": [member for member in gone if member.case_id in seen],
        "statements": found.statements.select_related("drafted_by", "approved_by", "returned_by"),
        "statement": statement_of(found),
        "answers": found.answers.select_related("by").prefetch_related("cases"),
        "event": group_event(found.number),
        "steps": steps[:1],
        "more": steps[1:],
    }
    return render(request, "groups/matter.html", about)


def _seen(request: SignedInRequest, ids: list[int]) -> set[int]:
    return set(visible_cases(request.scope).filter(pk__in=ids).values_list("pk", flat=True))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """One thing done with a group."""
    found = get_matter(request.scope, number)
    if step not in STEPS:
        raise Http404
    back = reverse("groups:matter", args=[found.number])
    asked = Stepping(
        STEPS[step], found, found.project, back, sub=_("{n} 户").format(n=found.households),
        crumb=f"{found.number} {found.title}",
    )  # fmt: skip
    return run(request, asked)


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The group of a case, and the cases like it, as a fragment for its page."""
    case = get_case(request.scope, number)
    about = {
        "case": case,
        "matter": _shown(request, case),
        "alike": _alike(request, case),
        "may_sort": request.scope.can("case.classify", case.project),
    }
    return render(request, "groups/panel.html", about)


def _shown(request: SignedInRequest, case: Case) -> GroupMatter | None:
    return matter_of(case) if request.scope.can("case.view", case.project) else None


def _alike(request: SignedInRequest, case: Case) -> list[Found]:
    """The likest, of those that may be seen."""
    found = likest(case.project, case.text, kind=case.kind, unit=case.unit, before=case, most=8)
    seen = _seen(request, [one.case.pk for one in found])
    return [one for one in found if one.case.pk in seen][:4]
