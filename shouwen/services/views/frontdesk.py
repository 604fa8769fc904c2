"""Mail at the front desk: what waits, what came, who fetched it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.cases.downloads import as_data
from shouwen.cases.files import keep
from shouwen.services.actions.parcels import WAYS
from shouwen.services.models import Parcel
from shouwen.services.queries import SEE, get_parcel, visible_parcels
from shouwen.services.steps import PARCEL_STEPS, REGISTER
from shouwen.services.views.stepping import Stepping, form_of, run
from shouwen.web.pieces import Choice, FileLink, Pager

PAGE = 50
STATES = {
    "waiting": gettext_lazy("待领"),
    "unsaid": gettext_lazy("待通知"),
    "outgoing": gettext_lazy("待寄"),
    "settled": gettext_lazy("已领、已寄"),
}
_IN_STATE = {
    "waiting": Q(released_at=None, outgoing=False),
    "unsaid": Q(released_at=None, outgoing=False, notified_at=None),
    "outgoing": Q(released_at=None, outgoing=True),
    "settled": Q(released_at__isnull=False),
}


@require_safe
def parcels(request: SignedInRequest) -> HttpResponse:
    """《信报收发记录》 (F-39, F-44): what is here, and what is to be done with it."""
    request.scope.require(SEE)
    project = project_of(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    q = request.GET.get("q", "").strip()[:40]
    seen = visible_parcels(request.scope).filter(_IN_STATE[state], project=project)
    rows, older = _page(_found(seen, q), request.GET.get("after", ""))
    asked = {"state": state, "q": q}
    may_register = request.scope.can(REGISTER.right, project)
    about = {
        "rows": [(row, WAYS.get(row.notified_how, ""), _steps(row)) for row in rows],
        "state": state,
        "q": q,
        "states": [
            Choice(str(title), f"?{urlencode({'state': name})}", name == state)
            for name, title in STATES.items()
        ],
        "form": form_of(request, REGISTER, project) if may_register else None,
        "may_act": may_register,
        "pager": Pager(
            newer=f"?{urlencode(asked)}" if request.GET.get("after") else "",
            older=f"?{urlencode({**asked, 'after': older})}" if older else "",
        ),
    }
    return render(request, "services/parcels.html", about)


def _found(rows: QuerySet[Parcel], q: str) -> QuerySet[Parcel]:
    """By room, person, tracking or our number."""
    if not q:
        return rows
    named = Q(person__icontains=q) | Q(tracking__icontains=q) | Q(number__icontains=q)
    return rows.filter(named | Q(unit__label__icontains=q) | Q(unit__key__icontains=q))


def _page(rows: QuerySet[Parcel], after: str) -> tuple[list[Parcel], str]:
    """The last registered first; numbers are given in order."""
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    related = rows.select_related("unit", "received_by", "released_by")
    found = list(related.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _steps(parcel: Parcel) -> list[Any]:
    return [step for step in PARCEL_STEPS.values() if step.when(parcel)]


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest) -> HttpResponse:
    project = project_of(request)
    back = reverse("services:parcels")
    return run(request, Stepping(REGISTER, project, project, back, project.name, _("信报收发")))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """Announced, fetched or sent."""
    if step not in PARCEL_STEPS:
        raise Http404
    found = get_parcel(request.scope, number)
    asked = Stepping(
        PARCEL_STEPS[step], found, found.project, reverse("services:parcels"),
        sub=f"{found.unit.label} {found.person} {found.number}", crumb=_("信报收发"), keep=keep,
    )  # fmt: skip
    return run(request, asked)


@require_safe
def parcel(request: SignedInRequest, number: str) -> HttpResponse:
    """One piece of mail, with the signature of who fetched it."""
    found = get_parcel(request.scope, number)
    address = reverse("services:signature", args=[found.number])
    signature = [FileLink(_("领取签名"), address, thumb=address)] if found.signature else []
    steps = _steps(found) if request.scope.can(REGISTER.right, found.project) else []
    about = {
        "parcel": found,
        "signature": signature,
        "steps": steps,
        "notified": WAYS.get(found.notified_how, ""),
    }
    return render(request, "services/parcel.html", about)


@require_safe
def signature(request: SignedInRequest, number: str) -> FileResponse:
    """The picture of a signature."""
    found = get_parcel(request.scope, number)
    if not found.signature:
        raise Http404
    return as_data(found.signature, "image/png")
