"""《领料单》: asked for, issued, signed for, called off; what was drawn against what was used."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.queries import get_case
from shouwen.stores.actions import drawing
from shouwen.stores.forms import CancelForm, IssueForm, RequestForm
from shouwen.stores.models import Requisition
from shouwen.stores.queries import (
    get_requisition,
    reconcile,
    reconcile_all,
    visible_moves,
    visible_requisitions,
)
from shouwen.stores.views.common import about_stores, done_once, here, page_of, pager_of
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, sent
from shouwen.web.pieces import Choice

State = Requisition.State


@require_safe
def requisitions(request: SignedInRequest) -> HttpResponse:
    """Those that wait, the last one first; and those that were served."""
    project = here(request)
    state = request.GET.get("state", State.ASKED)
    state = state if state in State else State.ASKED
    rows = visible_requisitions(request.scope).filter(project=project, state=state)
    related = rows.select_related("engineer", "case").prefetch_related("lines__material")
    found, more = page_of(related, "pk", request.GET.get("after", ""), newest_first=True)
    about = {
        **about_stores(request, project, "stores:requisitions"),
        "rows": found,
        "state": state,
        "states": [Choice(str(one.label), f"?state={one.value}", one == state) for one in State],
        "pager": pager_of(request, more),
    }
    return render(request, "stores/requisitions.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest) -> HttpResponse:
    """A new one, for the work order in the address, or for what one carries with him."""
    number, subject = request.GET.get("case", ""), request.GET.get("order", "")[:40]
    case = get_case(request.scope, number) if number else None
    project = case.project if case else here(request)
    request.scope.require("stores.view", project)
    form = RequestForm(sent(request), project=project, me=request.user, at=request.at)
    made: list[Requisition] = []

    def act() -> None:
        engineer = form.cleaned_data["engineer"]
        made.append(
            drawing.request(
                case=case, subject=subject, lines=form.told, by=request.scope, at=request.at,
                engineer=engineer, project=project,
            )
        )  # fmt: skip

    if done_once(request, form, "ask", act):
        done(request, _("已开领料单，等库房发料"), form="ask")
        return redirect("stores:requisition", made[0].number) if made else _to_list()
    about = {"title": _("开领料单"), "keep": "ask", "subject": subject, "case": case}
    return form_page(request, "stores/lines_form.html", form, **about)


def _to_list() -> HttpResponse:
    return redirect("stores:requisitions")


@require_http_methods(["GET", "HEAD", "POST"])
def requisition(request: SignedInRequest, number: str) -> HttpResponse:
    """One of them; the storekeeper hands out from here."""
    found = get_requisition(request.scope, number)
    form = IssueForm(sent(request), project=found.project, lines=_lines(found))
    if request.method == "POST":
        request.scope.require("stores.issue", found.project)

    def act() -> None:
        drawing.issue(
            requisition=found, issued=form.issued(), by=request.scope, at=request.at,
            store=form.cleaned_data["store"],
        )  # fmt: skip

    if done_once(request, form, f"issue-{number}", act):
        done(request, _("已发料，请领料人签收第二联"))
        return redirect("stores:requisition", number)
    return _page(request, found, form=form)


def _lines(found: Requisition) -> Any:
    return found.lines.select_related("material")


def _page(request: SignedInRequest, found: Requisition, **forms: Any) -> HttpResponse:
    asked = found.state == State.ASKED
    mine = request.user in (found.engineer, found.asked_by)
    may_issue = request.scope.can("stores.issue", found.project)
    about = {
        **about_stores(request, found.project),
        "found": found,
        "lines": list(_lines(found)),
        "may_issue": asked and may_issue,
        "may_sign": found.state == State.ISSUED
        and not found.acknowledged_at
        and request.user == found.engineer,
        "may_cancel": asked and (mine or may_issue),
        "cancel_form": CancelForm(prefix="cancel"),
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "stores/requisition.html", about, status=status)


@require_POST
def acknowledge(request: SignedInRequest, number: str) -> HttpResponse:
    """The engineer has the goods and the second copy."""
    found = get_requisition(request.scope, number)
    drawing.acknowledge(requisition=found, by=request.scope, at=request.at)
    done(request, _("已签收第二联"))
    return redirect("stores:requisition", number)


@require_POST
def cancel(request: SignedInRequest, number: str) -> HttpResponse:
    found = get_requisition(request.scope, number)
    form = CancelForm(request.POST, prefix="cancel")

    def act() -> None:
        reason = form.cleaned_data["reason"]
        drawing.cancel(requisition=found, reason=reason, by=request.scope, at=request.at)

    if done_once(request, form, f"cancel-{number}", act):
        done(request, _("已取消领料单"))
        return redirect("stores:requisition", number)
    blank = IssueForm(project=found.project, lines=_lines(found))
    return _page(request, found, form=blank, cancel_form=form)


# --- drawn against used ---------------------------------------------------------------------------


@require_safe
def reconciled(request: SignedInRequest) -> HttpResponse:
    """对料: what was drawn for each order, used on it and given back, the last order first."""
    project = here(request)
    asked = request.GET.get("order", "").strip()
    rows = visible_moves(request.scope).filter(project=project).exclude(subject="")
    if asked:
        rows = rows.filter(subject__icontains=asked)
    orders = rows.values("subject").annotate(last=Max("pk"), at=Max("at")).order_by("-last")
    found, more = page_of(orders, "last", request.GET.get("after", ""), newest_first=True)
    compared = reconcile_all([row["subject"] for row in found])
    about = {
        **about_stores(request, project, "stores:reconcile"),
        "orders": [(row["subject"], row["at"], compared.get(row["subject"], ())) for row in found],
        "order": asked,
        "pager": pager_of(request, more),
    }
    return render(request, "stores/reconcile.html", about)


@require_safe
def panel(request: SignedInRequest, subject: str) -> HttpResponse:
    """The materials of a work order, as a fragment for its page; nothing when it has none."""
    request.scope.require("stores.view")
    seen = visible_requisitions(request.scope).filter(subject=subject)
    found = list(seen.select_related("engineer").prefetch_related("lines__material"))
    drawn = visible_moves(request.scope).filter(subject=subject).exists()
    about = {"requisitions": found, "rows": reconcile(subject) if drawn else ()}
    return render(request, "stores/panel.html", about)
