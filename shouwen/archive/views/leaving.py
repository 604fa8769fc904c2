"""What is to come into the archive, and what is to leave it."""

from __future__ import annotations

from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.accounts.models import OrgUnit
from shouwen.archive.listing import WAITING, Shelf
from shouwen.archive.queries import (
    SEE,
    get_deposit,
    get_disposal,
    may_go,
    require_whole,
    visible_deposits,
    visible_disposals,
)
from shouwen.archive.steps import DECIDE, DEPOSIT_STEPS, PROPOSE, may_decide, next_of
from shouwen.cases.levels import ByLevel
from shouwen.services.views.stepping import Stepping, run

# --- Papers that wait to be handed over -----------------------------------------------------------


@require_safe
def deposits(request: SignedInRequest) -> HttpResponse:
    """The papers of the quarter and the copies of orders: who has them, who is to keep them."""
    request.scope.require(SEE)
    seen = visible_deposits(request.scope)
    mine = Q(keeper__in=request.scope.departments(SEE))
    listing = Shelf(request, "deposits", seen, mine, WAITING, {})
    related = ("project", "keeper", "handed_by", "received_by", "folder")
    rows, pager = listing.page(listing.rows.select_related(*related))
    about = {
        **listing.about(),
        "rows": [(row, next_of(row, request.scope)) for row in rows],
        "pager": pager,
    }
    return render(request, "archive/deposits.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def deposit_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    if step not in DEPOSIT_STEPS:
        raise Http404
    found = get_deposit(request.scope, pk)
    asked = Stepping(
        DEPOSIT_STEPS[step], found, found.project, reverse("archive:deposits"), sub=found.title,
        crumb=_("待交存"),
    )  # fmt: skip
    return run(request, asked)


# --- Disposal -------------------------------------------------------------------------------------

STATES = {
    "asked": (gettext_lazy("待批准"), Q(approved=None)),
    "decided": (gettext_lazy("已决定"), ~Q(approved=None)),
}


def _unit_of(request: SignedInRequest) -> OrgUnit:
    """The place whose own folders are meant: the project, or its company or group."""
    project = project_of(request)
    level = ByLevel(request).level
    above = {"company": project.company, "group": project.group}
    return above.get(level) or project


@require_safe
def disposals(request: SignedInRequest) -> HttpResponse:
    """Lists of folders whose time is over: proposed by one, approved by another."""
    require_whole(request.scope)
    seen = visible_disposals(request.scope)
    listing = Shelf(request, "disposals", seen, Q(asked_by=request.user), STATES, {})
    related = ("unit", "asked_by", "decided_by")
    rows, pager = listing.page(listing.rows.select_related(*related).prefetch_related("folders"))
    unit = _unit_of(request) if request.project else None
    about = {
        **listing.about(),
        "rows": rows,
        "pager": pager,
        "over": may_go(unit, localdate(request.at)).count() if unit else 0,
        "may_propose": unit is not None and request.scope.can(PROPOSE.right, unit),
    }
    return render(request, "archive/disposals.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest) -> HttpResponse:
    unit = _unit_of(request)
    back = reverse("archive:disposals")
    return run(request, Stepping(PROPOSE, unit, unit, back, sub=unit.name, crumb=_("销毁清单")))


@require_safe
def disposal(request: SignedInRequest, number: str) -> HttpResponse:
    """One list, and what became of it."""
    found = get_disposal(request.scope, number)
    about = {
        "disposal": found,
        "folders": found.folders.order_by(F("keep_until").asc(nulls_last=True), "pk"),
        "may_decide": may_decide(found, request.scope),
        "step": DECIDE,
    }
    return render(request, "archive/disposal.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, number: str) -> HttpResponse:
    found = get_disposal(request.scope, number)
    back = reverse("archive:disposal", args=[found.number])
    return run(request, Stepping(DECIDE, found, found.unit, back, found.number, _("销毁清单")))
