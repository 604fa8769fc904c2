"""Handovers with their defects, and patrols: what is found is registered there and then."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions.once import once
from shouwen.repairs.actions.finding import checklists, record_handover, record_patrol
from shouwen.repairs.forms.finding import HandoverForm, PatrolForm
from shouwen.repairs.models import Patrol
from shouwen.repairs.queries import arrangements, visible_checks, visible_patrols
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

#: Of older ones the newest so many are listed.
SHOWN = 50


def _project(request: SignedInRequest) -> OrgUnit:
    if request.project is None:
        raise Refused("not-a-project", _("请先选一个项目。"))
    return request.project


def _keep(
    request: SignedInRequest, form: forms.Form, name: str, act: Callable[[], int]
) -> int | None:
    """The key of what was recorded, once; None while the form lacks something."""
    if request.method != "POST" or not form.is_valid():
        return None
    said = sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    try:
        _status, answer = once(
            actor=request.user.number,
            key=f"{name}:{form.cleaned_data['key']}",
            request=said,
            at=request.at,
            act=lambda: (HTTPStatus.CREATED, {"pk": act()}),
        )
    except Refused as refused:
        add_refusal(form, refused)
        return None
    return int(answer["pk"])


def _status(form: forms.Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


# --- Handovers ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def handovers(request: SignedInRequest) -> HttpResponse:
    """A form for the defects of one home, and the handovers so far."""
    request.scope.require("case.dispatch", request.project)
    project = _project(request)
    form = HandoverForm(request.POST or None, project=project)
    kept = _keep(
        request, form, "handover",
        lambda: record_handover(
            unit=form.cleaned_data["room"], with_whom=form.cleaned_data["with_whom"],
            found=form.found(), happened=form.cleaned_data["happened"], by=request.scope,
            at=request.at,
        ).pk,
    )  # fmt: skip
    if kept:
        done(request, _("已登记，每项缺陷都开了维修单"), form="handover")
        return redirect("repairs:handover", pk=kept)
    rows = visible_checks(request.scope).filter(project=project).select_related("unit", "by")
    about = {"form": form, "checks": rows[:SHOWN]}
    return render(request, "repairs/handovers.html", about, status=_status(form))


@require_safe
def handover(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form of a handover: of each defect class, owner, due time, and how far it is."""
    found = get_object_or_404(visible_checks(request.scope).select_related("unit", "by"), pk=pk)
    about = {"check": found, "rows": arrangements(found)}
    return render(request, "repairs/handover.html", about)


# --- Patrols --------------------------------------------------------------------------------------


@require_safe
def patrols(request: SignedInRequest) -> HttpResponse:
    """The checklists to go by, and the rounds so far."""
    request.scope.require("contact.register", request.project)
    project = _project(request)
    rows: QuerySet[Patrol] = visible_patrols(request.scope).filter(project=project)
    about = {
        "lists": checklists(project, request.at),
        "patrols": rows.select_related("by").prefetch_related("items__case")[:SHOWN],
    }
    return render(request, "repairs/patrols.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def patrol(request: SignedInRequest, checklist: str) -> HttpResponse:
    """One round: every line is looked at, what is amiss becomes a case."""
    request.scope.require("contact.register", request.project)
    project = _project(request)
    rule = next((r for _, r in checklists(project, request.at) if r.id == checklist), None)
    if rule is None:
        raise Http404
    form = PatrolForm(request.POST or None, rule=rule)
    kept = _keep(request, form, "patrol", lambda: _walked(request, project, checklist, form).pk)
    if kept:
        amiss = Patrol.objects.get(pk=kept).items.filter(ok=False).count()
        done(request, _("已记录巡查，登记了 {n} 件").format(n=amiss), form=f"patrol-{checklist}")
        return redirect("repairs:patrols")
    about: dict[str, Any] = {"form": form, "rule": rule}
    return render(request, "repairs/patrol.html", about, status=_status(form))


def _walked(request: SignedInRequest, project: OrgUnit, checklist: str, form: PatrolForm) -> Patrol:
    return record_patrol(
        project=project, checklist=checklist, looked=form.looked(), by=request.scope,
        at=request.at, area=form.cleaned_data["area"], happened=form.cleaned_data["happened"],
    )  # fmt: skip
