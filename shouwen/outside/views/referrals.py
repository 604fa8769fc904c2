"""The register of referrals, one with its path, and what a case has of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.actions.working import WAITING_REASONS
from shouwen.cases.levels import TITLES, WIDE, level_names
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.outside import listing
from shouwen.outside.models import Nuisance, Referral
from shouwen.outside.queries import (
    get_referral,
    legs_of,
    open_paths,
    path_of,
    published,
    referrals_of,
    visible_referrals,
)
from shouwen.outside.steps import BESIDE, OWN, hop_step, in_work, onward, opening, own_steps
from shouwen.rules.referrals import next_step, title
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, attaching, form_of, run
from shouwen.web.pieces import Choice, Pager
from shouwen.web.pieces import steps as marks

BOTH = ["GET", "HEAD", "POST"]
#: The board of what was made known shows the last so many.
SHOWN = 100


@require_safe
def referrals(request: SignedInRequest) -> HttpResponse:
    """What lies outside, the last on top."""
    request.scope.require("case.view")
    levels = level_names(request.scope, request.project, ())
    wide = "project" if "project" in levels else "mine"
    level = request.GET.get("of", "") if request.GET.get("of", "") in levels else wide
    state = request.GET.get("state", "")
    state = state if state in listing.STATES else "open"
    seen = listing.of_level(visible_referrals(request.scope), level, request.scope, request.project)
    rows, more = listing.page_of(
        listing.of_state(seen, state, request.at), request.GET.get("after", "")
    )
    about = {
        "rows": [(row, _where(row)) for row in rows],
        "state": state,
        "wide": level in WIDE,
        "may_read_rules": request.scope.can("regulation.view"),
        "levels": [
            Choice(str(TITLES[name]), _link(of=name, state=state), name == level) for name in levels
        ],
        "states": [
            Choice(str(word), _link(of=level, state=name), name == state)
            for name, word in listing.STATES.items()
        ],
        "pager": Pager(
            newer=_link(of=level, state=state) if request.GET.get("after") else "",
            older=_link(of=level, state=state, after=more) if more else "",
        ),
    }
    return render(request, "outside/referrals.html", about)


def _link(**asked: str) -> str:
    return f"?{urlencode(asked)}"


def _where(referral: Referral) -> str:
    """The step that it waits for."""
    done = {hop.step for hop in referral.hops.all()}
    step = next_step(path_of(referral), done) if referral.is_open else None
    return title(step) if step else ""


@require_safe
def referral(request: SignedInRequest, number: str) -> HttpResponse:
    """One matter on its way outside: every hop with its time, and the next step."""
    found = get_referral(request.scope, number)
    step, legs = onward(found, request.scope), legs_of(found)
    may_act = request.scope.can("case.work", found.project)
    about = {
        "referral": found,
        "legs": legs,
        "steps": marks([title(leg.step) for leg in legs], sum(leg.hop is not None for leg in legs)),
        "next": next((leg for leg in legs if leg.is_next), None),
        "step": step,
        "form": form_of(request, step, found) if step else None,
        "beside": [each for each in BESIDE if may_act and each.when(found)],
        "also": list(found.also.all()),
    }
    return render(request, "outside/referral.html", about)


@require_http_methods(BOTH)
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """A step of its path, a reminder, or taking it back."""
    found = get_referral(request.scope, number)
    beside = {each.name: each for each in BESIDE}
    asked = beside.get(step) or hop_step(found, step)
    if asked is None:
        raise Http404
    return run(request, _stepping(request, asked, found))


def _stepping(request: SignedInRequest, step: Step, found: Referral) -> Stepping:
    return Stepping(
        step, found, found.project, reverse("outside:referral", args=[found.number]),
        sub=f"{found.title} · {found.party.name} · {found.case.title}", crumb=found.number,
        keep=attaching(request, found.case),
    )  # fmt: skip


@require_safe
def results(request: SignedInRequest) -> HttpResponse:
    """What became of matters outside, as it was made known (将处理结果予以公布)."""
    request.scope.require("case.view")
    return render(request, "outside/results.html", {"rows": published(request.scope)[:SHOWN]})


# --- For a case -----------------------------------------------------------------------------------


@require_http_methods(BOTH)
def new(request: SignedInRequest, number: str) -> HttpResponse:
    """Begin a path outside: first which, then what it asks."""
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    ways = {path.id: path for path in open_paths(case)}
    chosen = ways.get((request.POST or request.GET).get("path", ""))
    if chosen is None:
        return render(request, "outside/choose.html", {"case": case, "ways": ways.values()})
    asked = _of_case(request, opening(chosen), case, hidden={"path": chosen.id})
    return run(request, asked)


@require_http_methods(BOTH)
def own(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """What is settled on our own side."""
    if step not in OWN:
        raise Http404
    case = get_case(request.scope, number)
    return run(request, _of_case(request, OWN[step], case))


def _of_case(request: SignedInRequest, step: Step, case: Case, **more: Any) -> Stepping:
    return Stepping(
        step, case, case.project, f"{reverse('cases:case', args=[case.number])}#panel-outside",
        sub=f"{case.title} · {case.address} {case.customer_name}", crumb=case.number,
        keep=attaching(request, case), **more,
    )  # fmt: skip


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """What lies outside for a case, and what may be done; nothing where neither is wanted."""
    case = get_case(request.scope, number)
    found = list(referrals_of(case))
    source = Nuisance.objects.filter(case=case).select_related("unit", "party").first()
    steps = own_steps(case, request.scope)
    may_open = _wants_outside(case) and request.scope.can("case.work", case.project)
    if not found and not source and not steps and not may_open:
        return HttpResponse()
    about = {
        "case": case,
        "rows": [(row, _where(row)) for row in found],
        "source": source,
        "steps": steps,
        "may_open": may_open,
    }
    return render(request, "outside/panel.html", about)


def _wants_outside(case: Case) -> bool:
    """A complaint may lie outside; other work only once it waits for somebody there."""
    waits = case.waiting_for in (WAITING_REASONS["developer"], WAITING_REASONS["outside"])
    return in_work(case) and (case.kind == "complaint" or waits)
