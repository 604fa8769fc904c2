"""Letting and selling: the listings, one with its viewings, reports and rents."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.billing.models import Method
from shouwen.cases.story import file_link
from shouwen.services.models import HouseReport, Mandate, RentDue
from shouwen.services.queries import SEE, get_mandate, visible_mandates
from shouwen.services.steps import ISSUE, MANDATE_STEPS, PASS_ON, RECEIVE, Step
from shouwen.services.views.stepping import Stepping, attaching, run
from shouwen.web.pieces import Choice

MOST = 200
STATES = {
    "open": gettext_lazy("挂牌中"),
    "closed": gettext_lazy("已结束"),
    "rents": gettext_lazy("租金"),
}


@require_safe
def mandates(request: SignedInRequest) -> HttpResponse:
    """What is listed, what has ended, and which rents are due."""
    request.scope.require(SEE)
    project = project_of(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    seen = visible_mandates(request.scope).filter(project=project)
    about = {
        "state": state,
        "states": [
            Choice(str(title), f"?state={name}", name == state) for name, title in STATES.items()
        ],
        "rows": _listed(seen, state),
        "rents": _rents(seen) if state == "rents" else [],
        "today": localdate(request.at),
    }
    return render(request, "services/mandates.html", about)


def _listed(seen: Any, state: str) -> list[Mandate]:
    if state == "rents":
        return []
    rows = seen.filter(closed_at__isnull=state == "open").select_related("unit", "owner", "by")
    return list(rows.order_by("-opened_at", "-pk")[:MOST])


def _rents(seen: Any) -> list[RentDue]:
    """Not yet passed on, the oldest first."""
    rows = RentDue.objects.filter(mandate__in=seen.values("pk"), remitted_at=None)
    related = rows.select_related("mandate__unit", "mandate__owner")
    return list(related.order_by("due_on", "pk")[:MOST])


@require_safe
def mandate(request: SignedInRequest, number: str) -> HttpResponse:
    """The file of one home: mandate, viewings, deal, reports, rents (F-45)."""
    found = get_mandate(request.scope, number)
    reports = found.reports.select_related("made_by").prefetch_related("rows__photo")
    about = {
        "mandate": found,
        "viewings": found.viewings.select_related("by"),
        "reports": [(r, [(row, _photo(row)) for row in r.rows.all()]) for r in reports],
        "rents": [
            (rent, Method(rent.method).label if rent.method else "") for rent in found.rents.all()
        ],
        "steps": _steps(request, found),
        "may_report": request.scope.can(ISSUE.right, found.project),
        "may_take": request.scope.can(RECEIVE.right, found.project),
        "today": localdate(request.at),
    }
    return render(request, "services/mandate.html", about)


def _photo(row: Any) -> list[Any]:
    return [file_link(row.photo)] if row.photo else []


def _steps(request: SignedInRequest, found: Mandate) -> list[Step]:
    return [
        step
        for step in MANDATE_STEPS.values()
        if step.when(found) and request.scope.can(step.right, found.project)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in MANDATE_STEPS:
        raise Http404
    found = get_mandate(request.scope, number)
    return run(request, _stepping(request, MANDATE_STEPS[step], found, found))


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """《房屋健康报告》 goes to owner or tenant."""
    found = get_mandate(request.scope, number)
    rows = HouseReport.objects.select_related("mandate__project", "mandate__owner")
    report = get_object_or_404(rows, pk=pk, mandate=found)
    return run(request, _stepping(request, ISSUE, report, found))


@require_http_methods(["GET", "HEAD", "POST"])
def rent(request: SignedInRequest, number: str, pk: int, step: str) -> HttpResponse:
    """A rent has come, or goes on to the owner."""
    steps = {RECEIVE.name: RECEIVE, PASS_ON.name: PASS_ON}
    if step not in steps:
        raise Http404
    found = get_mandate(request.scope, number)
    rows = RentDue.objects.select_related("mandate__project")
    due = get_object_or_404(rows, pk=pk, mandate=found)
    return run(request, _stepping(request, steps[step], due, found))


def _stepping(request: SignedInRequest, step: Step, record: Any, found: Mandate) -> Stepping:
    return Stepping(
        step, record, found.project, reverse("services:mandate", args=[found.number]),
        sub=f"{found.unit.label} {found.get_deal_display()}", crumb=found.number,
        keep=attaching(request, found.order.case),
    )  # fmt: skip
