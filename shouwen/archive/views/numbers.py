"""Telephone numbers that customers wrote on orders and that their files do not have."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.archive.listing import CHANGES, Shelf
from shouwen.archive.queries import get_change, require_whole, visible_changes
from shouwen.archive.steps import CHANGE_STEPS
from shouwen.learning.steps import may
from shouwen.services.views.stepping import Stepping, run


@require_safe
def numbers(request: SignedInRequest) -> HttpResponse:
    """Old and new, who took it over or left it, and when."""
    require_whole(request.scope)
    seen = visible_changes(request.scope)
    listing = Shelf(request, "numbers", seen, Q(settled_by=request.user), CHANGES, {})
    rows, pager = listing.page(listing.rows.select_related("project", "customer", "settled_by"))
    steps = CHANGE_STEPS.values()
    about = {
        **listing.about(),
        "rows": [(row, may(steps, row, request.scope, row.project)) for row in rows],
        "pager": pager,
    }
    return render(request, "archive/numbers.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    if step not in CHANGE_STEPS:
        raise Http404
    found = get_change(request.scope, pk)
    asked = Stepping(
        CHANGE_STEPS[step], found, found.project, reverse("archive:numbers"),
        sub=f"{found.customer.name} {found.masked_old} → {found.masked}", crumb=_("联系方式"),
    )  # fmt: skip
    return run(request, asked)
