"""退款、减免: what waits for a decision, what was decided, and what is still to be paid out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.billing import queries
from shouwen.billing.actions.paying import Way
from shouwen.billing.actions.returning import approve_refund, approve_write_off, refuse
from shouwen.billing.actions.returning import pay_out as pay_out_
from shouwen.billing.forms import DecisionForm, PayOutForm
from shouwen.billing.models import Refund, WriteOff
from shouwen.billing.views.counter import here
from shouwen.billing.views.doing import acted
from shouwen.rules.refused import Refused
from shouwen.web.done import done

#: Of what was decided, the page shows so many, the latest first.
SHOWN = 30


@require_safe
def approvals(request: SignedInRequest) -> HttpResponse:
    return _page(request)


def _page(request: SignedInRequest, sent: Any = None, about: str = "") -> HttpResponse:
    """`sent` is a form that came back, `about` the number of the request that it was for."""
    project = here(request)
    refunds = queries.visible_refunds(request.scope).filter(project=project).select_related(
        "asked_by", "decided_by", "charge__unit", "payment__unit"
    )  # fmt: skip
    write_offs = queries.visible_write_offs(request.scope).filter(project=project).select_related(
        "asked_by", "decided_by", "charge__unit"
    )  # fmt: skip
    state = Refund.State
    told = {
        "waiting": [
            (row, kind, sent if row.number == about else DecisionForm())
            for kind, rows in (("refund", refunds), ("write-off", write_offs))
            for row in rows.filter(state=state.ASKED)
        ],
        "to_pay": [
            (row, sent if row.number == about else PayOutForm())
            for row in refunds.filter(state=state.APPROVED)
        ],
        "decided": [
            *refunds.exclude(state__in=(state.ASKED, state.APPROVED))[:SHOWN],
            *write_offs.exclude(state=state.ASKED)[:SHOWN],
        ],
        "may_decide": request.scope.can("money.approve", project),
        "may_pay": request.scope.can("money.take", project),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, "billing/approvals.html", told, status=status)


@require_POST
def decide(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """Approve or refuse; which button was pressed says which."""
    row = _asked(request, kind, number)
    request.scope.require("money.approve", row.project)
    _require(row, Refund.State.ASKED, "这项申请已经审批过了。")
    form = DecisionForm(request.POST)

    def act() -> None:
        said = {**form.said, "by": request.scope, "at": request.at}
        if request.POST.get("answer") != "yes":
            refuse(request=row, **said)
        elif isinstance(row, Refund):
            approve_refund(refund=row, **said)
        else:
            approve_write_off(write_off=row, **said)

    if acted(request, form, act):
        done(request, _("已审批 {number}").format(number=row.number))
        return redirect("billing:approvals")
    return _page(request, form, row.number)


def _asked(request: SignedInRequest, kind: str, number: str) -> Refund | WriteOff:
    if kind == "refund":
        return queries.get(queries.visible_refunds(request.scope), number)
    if kind == "write-off":
        return queries.get(queries.visible_write_offs(request.scope), number)
    raise Http404


def _require(row: Refund | WriteOff, state: str, sentence: str) -> None:
    """What is not in this state has no form here that could show a refusal."""
    if row.state != state:
        raise Refused("not-now", sentence)


@require_POST
def pay_out(request: SignedInRequest, number: str) -> HttpResponse:
    """The customer gets his money."""
    row = queries.get(queries.visible_refunds(request.scope), number)
    request.scope.require("money.take", row.project)
    _require(row, Refund.State.APPROVED, "这笔退款还没有批准，或者已经退了。")
    form = PayOutForm(request.POST)

    def act() -> None:
        way = Way(form.cleaned_data["method"], form.cleaned_data["reference"])
        pay_out_(refund=row, way=way, by=request.scope, at=request.at)

    if acted(request, form, act):
        done(request, _("已退款 {number}").format(number=row.number))
        return redirect("billing:approvals")
    return _page(request, form, row.number)
