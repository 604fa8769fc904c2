"""Praise, typical cases, the quality of the product, and the archive of complaints."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.learning.listing import Listing
from shouwen.learning.queries import (
    by_part,
    holds,
    visible_archive,
    visible_feedback,
    visible_praises,
    visible_typical,
)
from shouwen.learning.steps import DEFECT_STEPS, NOTE_DEFECT, ON_PATROL, SUBMIT, may
from shouwen.rules.vocabulary import HOUSE_PARTS
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run

SEE = "case.view"


def _offers(request: SignedInRequest, step: Step) -> bool:
    return request.project is not None and request.scope.can(step.right, request.project)


def _on_project(request: SignedInRequest, step: Step, page: str, crumb: str) -> HttpResponse:
    project = project_of(request)
    back = reverse(f"learning:{page}")
    return run(request, Stepping(step, project, project, back, sub=project.name, crumb=crumb))


# --- Praise ---------------------------------------------------------------------------------------

SAID = {
    "all": (gettext_lazy("全部"), Q()),
    "praise": (gettext_lazy("表扬"), Q(kind="praise")),
    "criticism": (gettext_lazy("批评"), Q(kind="criticism")),
}


@require_safe
def praises(request: SignedInRequest) -> HttpResponse:
    """What residents said of our people, with a name to narrow it to one of them."""
    request.scope.require(SEE)
    q = request.GET.get("q", "").strip()[:40]
    seen, mine = visible_praises(request.scope), Q(staff=request.user) | Q(recorded_by=request.user)
    listing = Listing(request, "praises", seen, mine, SAID, {"q": q})
    found = listing.rows
    if q:
        found = found.filter(Q(staff__name__icontains=q) | Q(department__name__icontains=q))
    related = ("staff", "department", "case", "unit", "project", "recorded_by")
    rows, pager = listing.page(found.select_related(*related))
    about = {
        **listing.about(), "rows": rows, "pager": pager, "q": q,
        "may_record": _offers(request, ON_PATROL),
    }  # fmt: skip
    return render(request, "learning/praises.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def on_patrol(request: SignedInRequest) -> HttpResponse:
    return _on_project(request, ON_PATROL, "praises", _("表扬批评"))


# --- Typical cases --------------------------------------------------------------------------------


@require_safe
def typical(request: SignedInRequest) -> HttpResponse:
    """The collection of each quarter."""
    request.scope.require(SEE)
    seen = visible_typical(request.scope)
    quarters = sorted(set(seen.order_by().values_list("quarter", flat=True)), reverse=True)[:12]
    states = {quarter: (quarter, Q(quarter=quarter)) for quarter in quarters}
    listing = Listing(request, "typical", seen, Q(chosen_by=request.user), states, {})
    rows, pager = listing.page(listing.rows.select_related("case", "project", "chosen_by"))
    about = {
        **listing.about(), "rows": rows, "pager": pager, "may_submit": _offers(request, SUBMIT),
    }  # fmt: skip
    return render(request, "learning/typical.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: SignedInRequest) -> HttpResponse:
    return _on_project(request, SUBMIT, "typical", _("典型案例"))


# --- Quality of the product -----------------------------------------------------------------------

QUALITY = {
    "new": (gettext_lazy("待反馈"), Q(sent_at=None)),
    "sent": (gettext_lazy("待结论"), Q(sent_at__isnull=False, decision__in=["", "watched"])),
    "settled": (gettext_lazy("有结论"), Q(decision__in=["adopted", "declined"])),
}


@require_safe
def quality(request: SignedInRequest) -> HttpResponse:
    """Defects by part, how many, and each with what the developer made of it."""
    request.scope.require(SEE)
    seen, mine = visible_feedback(request.scope), Q(found_by=request.user)
    listing = Listing(request, "quality", seen, mine, QUALITY, {})
    rows, pager = listing.page(listing.rows.select_related("project"))
    about = {
        **listing.about(),
        "rows": [
            (row, may(DEFECT_STEPS.values(), row, request.scope, row.project)) for row in rows
        ],
        "pager": pager,
        "parts": [
            {**row, "part": HOUSE_PARTS.get(row["part"], row["part"])}
            for row in by_part(listing.of_level)[:20]
        ],
        "may_note": _offers(request, NOTE_DEFECT),
    }
    return render(request, "learning/quality.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def note_defect(request: SignedInRequest) -> HttpResponse:
    return _on_project(request, NOTE_DEFECT, "quality", _("产品质量"))


@require_http_methods(["GET", "HEAD", "POST"])
def defect_step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in DEFECT_STEPS:
        raise Http404
    rows = visible_feedback(request.scope).select_related("project")
    found = get_object_or_404(rows, number=number)
    asked = Stepping(
        DEFECT_STEPS[step], found, found.project, reverse("learning:quality"),
        sub=f"{found.get_part_display()} {found.defect}", crumb=_("产品质量"),
    )  # fmt: skip
    return run(request, asked)


# --- The archive ----------------------------------------------------------------------------------


@require_safe
def archive(request: SignedInRequest) -> HttpResponse:
    """Closed complaints by class, to be looked up by number, room, customer or word."""
    request.scope.require(SEE)
    q, stage = (request.GET.get(name, "").strip()[:40] for name in ("q", "stage"))
    seen = visible_archive(request.scope).exclude(archived_at=None)
    mine = Q(case__owner=request.user)
    listing = Listing(request, "archive", seen, mine, {}, {"q": q, "stage": stage})
    classes = listing.of_level.order_by().values_list("stage_name").annotate(n=Count("pk"))
    found = listing.rows.filter(stage_name=stage) if stage else listing.rows
    found = found.filter(holds(q)) if q else found
    rows, pager = listing.page(found.select_related("case", "project"))
    about = {
        **listing.about(), "rows": rows, "pager": pager, "q": q, "stage": stage,
        "classes": sorted(classes), "today": localdate(request.at),
    }  # fmt: skip
    return render(request, "learning/archive.html", about)
