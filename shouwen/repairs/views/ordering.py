"""One order: its page, everything that is done with it, a new one of a case, the box of a case."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.cases.actions.once import once
from shouwen.cases.files import attach
from shouwen.cases.models import Attachment, Case
from shouwen.cases.queries import get_case
from shouwen.estate.phones import mask_phone
from shouwen.repairs.actions.issuing import issue
from shouwen.repairs.forms.doing import OrderForm
from shouwen.repairs.forms.issuing import IssueForm
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.order_page import OrderPage
from shouwen.repairs.queries import get_order, orders_of
from shouwen.repairs.standing import OrderStanding
from shouwen.repairs.verbs import VERBS, OrderVerb
from shouwen.rules.lifecycle import IN_WORK
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal


@require_safe
def order(request: SignedInRequest, number: str) -> HttpResponse:
    """Where it stands, the one thing to do now, what it costs and what was used."""
    return _page(request, get_order(request.scope, number))


def _page(request: SignedInRequest, found: WorkOrder, phone: str = "") -> HttpResponse:
    about = {
        "order": found,
        "case": found.case,
        "page": OrderPage(found, request.scope, request.at),
        "phone": phone,
        "masked_phone": mask_phone(found.phone_for_visit or found.case.customer_phone),
        "may_unmask": request.scope.can("personal.unmask", found.project),
    }
    return render(request, "repairs/order.html", about)


@require_POST
def phone(request: SignedInRequest, number: str) -> HttpResponse:
    """The whole number, once, and written down who looked."""
    found = get_order(request.scope, number)
    request.scope.require("personal.unmask", found.project)
    disclose(
        by=request.user,
        at=request.at,
        record="case",
        record_id=found.case_id,
        project=found.project,
    )
    return _page(request, found, found.phone_for_visit or found.case.customer_phone)


# --- Verbs ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: SignedInRequest, number: str, verb: str) -> HttpResponse:
    """The form of any verb, and the verb itself; what was typed survives every refusal."""
    if verb not in VERBS:
        raise Http404
    asked, found = VERBS[verb], get_order(request.scope, number)
    request.scope.require(asked.right, found.project)
    standing = OrderStanding(found, request.scope, request.at)
    if request.method == "POST":
        return _do(request, asked, standing)
    asked.require(standing)
    return _form(request, asked, asked.form(standing=standing))


def _form(
    request: SignedInRequest, asked: OrderVerb, form: OrderForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    about = {"form": form, "verb": asked, "order": form.standing.order}
    return render(request, "repairs/verb.html", about, status=status)


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


def _do(request: SignedInRequest, asked: OrderVerb, standing: OrderStanding) -> HttpResponse:
    """Once for a key: a double click, or a page sent again by the browser, finds it done."""
    form = asked.form(request.POST, request.FILES, standing=standing)
    try:
        once(
            actor=request.user.number,
            key=f"order:{(request.POST.get('key') or form['key'].initial)[:64]}",
            request=[standing.order.number, asked.name, _said(request)],
            at=request.at,
            act=lambda: _act(request, asked, form),
        )
    except _Unfinished:
        return _form(request, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Refused as refused:
        if refused.code == "not-allowed":
            raise
        add_refusal(form, refused)
        return _form(request, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    done(request, str(asked.done), form=f"{asked.name}-{standing.order.number}")
    return redirect("repairs:order", number=standing.order.number)


def _said(request: SignedInRequest) -> list[tuple[str, list[str]]]:
    files = [(name, [f.name or "" for f in request.FILES.getlist(name)]) for name in request.FILES]
    said = ((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    return sorted([*said, *files])


def _act(request: SignedInRequest, asked: OrderVerb, form: OrderForm) -> tuple[int, dict[str, Any]]:
    order = form.standing.order
    asked.require(form.standing)
    if not form.is_valid():
        raise _Unfinished
    said = form.arguments(_attacher(request, order.case))
    asked.act(order=order, by=request.scope, at=request.at, **said)
    return HTTPStatus.OK, {"order": order.number}


def _attacher(request: SignedInRequest, case: Case) -> Callable[[UploadedFile[Any]], Attachment]:
    return lambda upload: attach(upload=upload, by=request.scope, at=request.at, case=case)


# --- A new one ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, number: str) -> HttpResponse:
    """One more order of a case, most of it known from the case."""
    case = get_case(request.scope, number)
    request.scope.require("case.dispatch", case.project)
    form = IssueForm(request.POST or None, case=case, at=request.at)
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            return _issue(request, case, form)
        except _Unfinished:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except Refused as refused:
            add_refusal(form, refused)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    about = {"case": case, "form": form, "orders": list(orders_of(case))}
    return render(request, "repairs/new.html", about, status=status)


def _issue(request: SignedInRequest, case: Case, form: IssueForm) -> HttpResponse:
    if not form.is_valid():
        raise _Unfinished

    def act() -> tuple[int, dict[str, Any]]:
        issued = issue(case=case, by=request.scope, at=request.at, **form.arguments())
        return HTTPStatus.CREATED, {"order": issued.number}

    _status, answer = once(
        actor=request.user.number,
        key=f"issue:{form.cleaned_data['key']}",
        request=[case.number, _said(request)],
        at=request.at,
        act=act,
    )
    done(request, _("已开维修单 {number}").format(number=answer["order"]), f"issue-{case.number}")
    return redirect("repairs:order", number=answer["order"])


# --- On the page of a case ------------------------------------------------------------------------


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The orders of a case, as a fragment for its page; nothing where none is wanted."""
    case = get_case(request.scope, number)
    found = list(orders_of(case))
    may_issue = (
        case.status in IN_WORK
        and case.kind in ("repair", "facility")
        and request.scope.can("case.dispatch", case.project)
    )
    about = {"case": case, "orders": found, "may_issue": may_issue}
    return render(request, "repairs/panel.html", about) if found or may_issue else HttpResponse()
