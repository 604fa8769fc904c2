"""On the page of a case: what stands between the levels, handing it over, asking about it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.rules.matters import KINDS, LEVEL_OF_UNIT, LEVELS, level_above, rules_of
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.asking import ask
from shouwen.supervision.actions.handing import RIGHT, hand_down, hand_up
from shouwen.supervision.actions.keeping import role_name
from shouwen.supervision.forms import AskForm, HandForm
from shouwen.supervision.queries import level_on, levels_of_case, matters_of
from shouwen.supervision.views.matters import READ_AND_SEND, sent_once
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent
from shouwen.web.pieces import Choice

WAYS = ("down", "up")


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """What the levels owe each other about this case, as a fragment for its page; nothing where
    there is nothing to see or to ask."""
    case = get_case(request.scope, number)
    matters = [(matter, role_name(matter)) for matter in matters_of(case)]
    ways, questions = _ways(request, case), _questions(request, case)
    if not (matters or ways or questions):
        return HttpResponse()
    about = {
        "case": case,
        "levels": levels_of_case(case),
        "matters": matters,
        "ways": ways,
        "questions": questions,
    }
    return render(request, "supervision/panel.html", about)


def _ways(request: SignedInRequest, case: Case) -> list[Choice]:
    """Down to who handles it, up to who decides: where there is such a level."""
    if not (case.is_open and request.scope.can(RIGHT, case.project)):
        return []
    giver = level_on(request.scope, case)
    found = [("down", _("交办下级"))] if _below(case, giver) else []
    if level_above(LEVEL_OF_UNIT[giver.kind]):
        found.append(("up", _("上报上级")))
    return [Choice(title, f"/supervision/of-case/{case.number}/hand/{way}") for way, title in found]


def _below(case: Case, giver: OrgUnit) -> list[OrgUnit]:
    """The levels below who could handle it, the nearest to the customer first."""
    rank = LEVELS.index(LEVEL_OF_UNIT[giver.kind])
    units = [case.project, case.project.company]
    return [unit for unit in units[:rank] if unit is not None]


def _questions(request: SignedInRequest, case: Case) -> list[Choice]:
    """The kinds of question that the case's regulations know and this person may ask."""
    if not case.is_open:
        return []
    known = rules_of(rulebook(case.rulebook_id), case.facts)
    roles = set(request.scope.roles(case.project))
    return [
        Choice(KINDS[code].title, f"/supervision/of-case/{case.number}/ask/{code}")
        for code in known
        if KINDS[code].offered
        and request.scope.can(KINDS[code].right, case.project)
        and (not KINDS[code].roles or roles & set(KINDS[code].roles))
    ]


@require_http_methods(READ_AND_SEND)
def hand(request: SignedInRequest, number: str, way: str) -> HttpResponse:
    """Give the case to a level below, or to the one above."""
    case = get_case(request.scope, number)
    request.scope.require(RIGHT, case.project)
    if way not in WAYS:
        raise Http404
    giver = level_on(request.scope, case)
    below = _below(case, giver) if way == "down" else []
    if way == "down" and not below:
        raise Refused("not-below", "下面没有更低一级，请直接处理或上报上级。")
    form = HandForm(sent(request), below=below)

    def handed() -> None:
        act = hand_down if below else hand_up
        act(case=case, by=request.scope, at=request.at, **form.said)

    if saved(request, form, lambda: sent_once(request, form, f"hand:{case.pk}:{way}", handed)):
        done(request, _("已交办") if below else _("已上报"), form=f"hand-{case.number}")
        return redirect("cases:case", number=case.number)
    about = {"case": case, "way": way, "giver": giver}
    return form_page(request, "supervision/hand.html", form, **about)


@require_http_methods(READ_AND_SEND)
def question(request: SignedInRequest, number: str, kind: str) -> HttpResponse:
    """督办, 请示 and whatever else the regulations know."""
    case = get_case(request.scope, number)
    if kind not in KINDS:
        raise Http404
    request.scope.require(KINDS[kind].right, case.project)
    form = AskForm(sent(request), kind=kind, case=case)
    known = rules_of(rulebook(case.rulebook_id), case.facts).get(kind)

    def asked() -> None:
        ask(case=case, kind=kind, by=request.scope, at=request.at, **form.said)

    if saved(request, form, lambda: sent_once(request, form, f"ask:{case.pk}:{kind}", asked)):
        done(request, _("已提出，等答复"), form=f"ask-{case.number}")
        return redirect("cases:case", number=case.number)
    about = {"case": case, "kind": KINDS[kind], "rule": known[1] if known else None}
    return form_page(request, "supervision/ask.html", form, **about)
