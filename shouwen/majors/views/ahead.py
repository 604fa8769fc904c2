"""Beforehand: the reporting matrix, risks with their plans and drills, early warnings."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import FUNCTIONS, ROLES
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.adoption.words import Reader, length
from shouwen.majors.actions.reporting import end_line
from shouwen.majors.queries import (
    get_risk,
    get_warning,
    grade_names,
    visible_matrix,
    visible_risks,
    visible_warnings,
)
from shouwen.majors.steps import ADD_LINE, REGISTER_RISK, RESPOND, RISK_STEPS, Writing, asked_step
from shouwen.majors.views.places import places
from shouwen.rules.refused import Refused
from shouwen.services.views.stepping import Stepping, run
from shouwen.web.done import done
from shouwen.web.pieces import Choice, Pager

PAGE = 50


# --- The matrix -----------------------------------------------------------------------------------


@require_safe
def matrix(request: SignedInRequest) -> HttpResponse:
    """Who is told of which grade within what time: by the regulations, and by our own lines."""
    request.scope.require("case.view")
    grades = _grades(request)
    lines = [
        (line, grades.get(line.grade, line.grade), line.body or _office(line.to))
        for line in visible_matrix(request.scope)
    ]
    ends = {line.pk for line, *_ in lines if request.scope.can("case.rule", line.unit)}
    about = {
        "lines": lines,
        "ends": ends,
        "rules": _by_rule(request),
        "may_add": _where_to_write(request, OrgUnit.Kind.COMPANY, OrgUnit.Kind.GROUP).exists(),
        "places": places("matrix"),
    }
    return render(request, "majors/matrix.html", about)


def _office(code: str) -> str:
    role = ROLES.get(code)
    return role.name if role else FUNCTIONS.get(code, code)


def _grades(request: SignedInRequest) -> dict[str, str]:
    return grade_names(pin(request.project, request.at).pk) if request.project else {}


def _by_rule(request: SignedInRequest) -> list[tuple[str, str, str, str, bool]]:
    """Of every rule in force for the project: for what, to whom, in what time, clause, ours."""
    if request.project is None:
        return []
    rules = rulebook(pin(request.project, request.at).pk)
    reader = Reader(rules.regulations)
    return [
        (
            reader.facts(rule.applies),
            rule.body or reader.person(rule.to),
            length(rule.within),
            rule.clause,
            rule.product_default or regulation.product_default,
        )
        for regulation, rule in rules.all("reporting")
    ]


def _where_to_write(request: SignedInRequest, *kinds: OrgUnit.Kind) -> QuerySet[OrgUnit]:
    """The units of these kinds that somebody may rule in."""
    found = OrgUnit.objects.filter(request.scope.below("case.rule"), closed_at=None)
    return found.filter(kind__in=kinds).order_by("path")


def _writing(request: SignedInRequest, *kinds: OrgUnit.Kind) -> Writing:
    units = _where_to_write(request, *kinds)
    people = Staff.objects.filter(
        request.scope.below("case.rule", "posts__unit__path"), posts__until=None, is_active=True
    )
    return Writing(units, people.distinct().order_by("number"), _grades(request))


@require_http_methods(["GET", "HEAD", "POST"])
def matrix_new(request: SignedInRequest) -> HttpResponse:
    """One more line, by the company or the group."""
    writing = _writing(request, OrgUnit.Kind.COMPANY, OrgUnit.Kind.GROUP)
    if not writing.units.exists():
        raise Refused("not-allowed", "分级报送由公司或集团的客服负责人规定，请向他们提出。")
    asked = Stepping(
        step=ADD_LINE, record=writing, place=writing.units[0], back=reverse("majors:matrix"),
        sub=_("制度以外，公司自己规定的报送"), crumb=_("分级报送"),
    )  # fmt: skip
    return run(request, asked)


@require_POST
def matrix_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """A line out of the matrix."""
    line = get_object_or_404(visible_matrix(request.scope), pk=pk)
    end_line(line=line, by=request.scope, at=request.at)
    done(request, _("已停用"))
    return redirect("majors:matrix")


# --- Risks ----------------------------------------------------------------------------------------

UNITS = (OrgUnit.Kind.PROJECT, OrgUnit.Kind.COMPANY, OrgUnit.Kind.GROUP)


@require_safe
def risks(request: SignedInRequest) -> HttpResponse:
    """The register: open risks first, each with its owner and its next drill."""
    request.scope.require("case.view")
    about = {
        "rows": visible_risks(request.scope)[:200],
        "may_add": request.scope.can("case.rule"),
        "places": places("risks"),
    }
    return render(request, "majors/risks.html", about)


@require_safe
def risk(request: SignedInRequest, pk: int) -> HttpResponse:
    """One risk, its plan, its drills."""
    found = get_risk(request.scope, pk)
    mine = found.owner_id == request.user.pk or request.scope.can("case.rule", found.unit)
    steps = [step for step in RISK_STEPS.values() if mine and step.when(found)]
    about = {"risk": found, "drills": found.drills.select_related("by"), "steps": steps}
    return render(request, "majors/risk.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_new(request: SignedInRequest) -> HttpResponse:
    """A risk is registered with its plan."""
    request.scope.require("case.rule")
    writing = _writing(request, *UNITS)
    asked = Stepping(
        step=REGISTER_RISK, record=writing, place=writing.units[0], back=reverse("majors:risks"),
        sub=_("没有预案的风险不算登记"), crumb=_("风险"),
    )  # fmt: skip
    return run(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_step(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Drilled, carried out, or gone: by its owner or who may rule there."""
    found = get_risk(request.scope, pk)
    step = asked_step(RISK_STEPS, name)
    if found.owner_id == request.user.pk:
        step = replace(step, right="case.view")
    asked = Stepping(
        step=step, record=found, place=found.unit, back=reverse("majors:risk", args=[pk]),
        sub=found.title, crumb=_("风险"),
    )  # fmt: skip
    return run(request, asked)


# --- Warnings -------------------------------------------------------------------------------------


@require_safe
def warnings(request: SignedInRequest) -> HttpResponse:
    """Those that nobody has responded to, or all the others; the newest on top."""
    request.scope.require("case.view")
    answered = request.GET.get("state") == "answered"
    before = request.GET.get("before", "")
    found = visible_warnings(request.scope).filter(answered_at__isnull=not answered)
    if before.isdecimal():
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    state = "answered" if answered else "open"
    titles = (("open", _("待应对")), ("answered", _("已应对")))
    older = f"?state={state}&before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    about = {
        "rows": rows[:PAGE],
        "states": [Choice(title, f"?state={code}", code == state) for code, title in titles],
        "places": places("warnings"),
        "pager": Pager(newer=f"?state={state}" if before else "", older=older),
    }
    return render(request, "majors/warnings.html", about)


@require_safe
def warning(request: SignedInRequest, pk: int) -> HttpResponse:
    """What announced itself, by which complaints, and what was done about it."""
    found = get_warning(request.scope, pk)
    mine = found.responder_id == request.user.pk or request.scope.can("case.rule", found.project)
    about = {"warning": found, "may_respond": mine and found.answered_at is None}
    return render(request, "majors/warning.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def warning_respond(request: SignedInRequest, pk: int) -> HttpResponse:
    """The person who must, or somebody who may rule there, says what is done."""
    found = get_warning(request.scope, pk)
    step = replace(RESPOND, right="case.view") if found.responder_id == request.user.pk else RESPOND
    asked = Stepping(
        step=step, record=found, place=found.project, back=reverse("majors:warning", args=[pk]),
        sub=f"{found.project.name} · {found.words}", crumb=found.title,
    )  # fmt: skip
    return run(request, asked)
