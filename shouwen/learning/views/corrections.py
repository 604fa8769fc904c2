"""The register of corrections, one with its story, and its steps; what a case shows of it all."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.cases.queries import get_case, visible_cases
from shouwen.learning.actions.proposing import WORDS
from shouwen.learning.listing import Listing
from shouwen.learning.models import Correction
from shouwen.learning.queries import (
    get_correction,
    prevented,
    visible_corrections,
    visible_feedback,
)
from shouwen.learning.steps import BRING_UP, CASE_STEPS, CORRECTION_STEPS, may, offered
from shouwen.services.views.stepping import Stepping, run

SEE = "case.view"
_STATE = Correction.State
STATES = {
    "live": (gettext_lazy("未结案"), Q(state__in=Correction.LIVE)),
    "proposed": (gettext_lazy("待审核"), Q(state=_STATE.PROPOSED)),
    "running": (gettext_lazy("整改中"), Q(state__in=[_STATE.RUNNING, _STATE.DONE])),
    "verified": (gettext_lazy("待检查效果"), Q(state=_STATE.VERIFIED)),
    "closed": (gettext_lazy("已结案"), Q(state__in=[_STATE.CLOSED, _STATE.DISMISSED])),
}


@require_safe
def corrections(request: SignedInRequest) -> HttpResponse:
    """What goes wrong again and again, who puts it right, until when."""
    request.scope.require(SEE)
    listing = Listing(
        request, "corrections", visible_corrections(request.scope), Q(owner=request.user), STATES,
        {},
    )  # fmt: skip
    rows, pager = listing.page(listing.rows.select_related("owner", "project"))
    project = request.project
    counted = prevented(request.scope, project, localdate(request.at)) if project else []
    about = {
        **listing.about(),
        "rows": rows,
        "pager": pager,
        "may_bring_up": project is not None and request.scope.can(BRING_UP.right, project),
        "prevented": counted if any(n for _month, n in counted) else [],
    }
    return render(request, "learning/corrections.html", about)


@require_safe
def correction(request: SignedInRequest, number: str) -> HttpResponse:
    """One correction: why it was brought up, what is done, what became of it."""
    found = get_correction(request.scope, number)
    seen = visible_cases(request.scope).filter(corrections=found).order_by("pk")
    steps = offered(found, request.scope)
    about = {
        "correction": found,
        "cases": seen,
        "hidden": found.cases.count() - len(seen),
        "story": [
            (WORDS.get(row.what, row.what), row)
            for row in found.steps.select_related("by").order_by("pk")
        ],
        "first": steps[0] if steps else None,
        "steps": steps[1:],
    }
    return render(request, "learning/correction.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in CORRECTION_STEPS:
        raise Http404
    found = get_correction(request.scope, number)
    back = reverse("learning:correction", args=[found.number])
    asked = Stepping(
        CORRECTION_STEPS[step], found, found.project, back, sub=found.title, crumb=found.number
    )
    return run(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_up(request: SignedInRequest) -> HttpResponse:
    project = project_of(request)
    back = reverse("learning:corrections")
    asked = Stepping(BRING_UP, project, project, back, sub=project.name, crumb=_("纠正预防"))
    return run(request, asked)


# --- On the page of a case ------------------------------------------------------------------------


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """What was made of a case, as a fragment for its page; nothing where there is nothing."""
    case = get_case(request.scope, number)
    seen = {
        "corrections": list(visible_corrections(request.scope).filter(cases=case).order_by("pk")),
        "defects": list(visible_feedback(request.scope).filter(cases=case).order_by("pk")),
        "praises": list(case.praises.select_related("staff", "department").order_by("pk")),
        "suggestion": getattr(case, "suggestion", None),
        "typical": getattr(case, "typical", None),
        "file": getattr(case, "archive_file", None),
        "steps": may(CASE_STEPS.values(), case, request.scope, case.project),
    }
    if not any(seen.values()):
        return HttpResponse()
    return render(request, "learning/panel.html", {"case": case, **seen})


@require_http_methods(["GET", "HEAD", "POST"])
def on_case(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """Something is made of a case."""
    if step not in CASE_STEPS:
        raise Http404
    case = get_case(request.scope, number)
    back = f"{reverse('cases:case', args=[case.number])}#panel-learning"
    sub = f"{case.address} {case.title}"
    asked = Stepping(CASE_STEPS[step], case, case.project, back, sub=sub, crumb=case.number)
    return run(request, asked)
