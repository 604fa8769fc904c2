"""A quotation on its case: told, agreed to, declined."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.actions.once import once
from shouwen.cases.files import attach
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.estate.views.common import address
from shouwen.pricing.actions import quoting
from shouwen.pricing.forms import ConsentForm, DeclineForm, OnceForm, QuoteForm
from shouwen.pricing.models import PriceItem, Quotation
from shouwen.pricing.queries import (
    effective_edition,
    get_quotation,
    paid_work_rule,
    quotations_of,
)
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

#: Where the orders have their pages, by the first letter of their number.
PAGES = {"W": "repairs:order", "F": "services:order"}


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: SignedInRequest, number: str) -> HttpResponse:
    """What the work costs, from the list in force."""
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    form = _quote_form(request, case)
    act = lambda: quoting.quote(case=case, by=request.scope, at=request.at, **form.told())  # noqa: E731 - one act, tried below
    if request.method == "POST" and _did(request, form, act):
        done(request, _("已报价，等客户答复"), form=f"quote-{case.number}")
        return redirect(_back(case, form.cleaned_data["subject"]))
    rule = paid_work_rule(case)
    clause = rule[1].clause if rule else ""
    return _page(request, "pricing/quote.html", form, case=case, clause=clause)


def _quote_form(request: SignedInRequest, case: Case) -> QuoteForm:
    rule = paid_work_rule(case)
    kind = (rule and rule[1].prices) or ("special" if case.kind == "special-service" else "repair")
    edition = effective_edition(case.project, kind, request.at)
    return QuoteForm(
        request.POST or None,
        items=edition.items.order_by("code") if edition else PriceItem.objects.none(),
        free=rule is None or rule[1].negotiated,
        initial={"subject": request.GET.get("subject", "")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: SignedInRequest, number: str) -> HttpResponse:
    """The customer said yes; who puts it on record is recorded with it."""
    quotation = get_quotation(request.scope, number)
    case = quotation.case
    request.scope.require("case.work", case.project)
    form = ConsentForm(request.POST or None, request.FILES or None, case=case)
    if request.method == "POST" and _did(request, form, lambda: _agree(request, quotation, form)):
        done(request, _("已记下客户同意"), form=f"consent-{number}")
        return redirect(_back(case, quotation.subject))
    return _page(request, "pricing/consent.html", form, quotation=quotation, case=case)


def _agree(request: SignedInRequest, quotation: Quotation, form: ConsentForm) -> Quotation:
    told = form.told()
    upload = told.pop("proof")
    by, at = request.scope, request.at
    proof = attach(upload=upload, by=by, at=at, case=quotation.case) if upload else None
    return quoting.consent(quotation=quotation, by=by, at=at, attachment=proof, **told)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, number: str) -> HttpResponse:
    """The customer said no; the paid work is not done."""
    quotation = get_quotation(request.scope, number)
    case = quotation.case
    request.scope.require("case.work", case.project)
    form = DeclineForm(request.POST or None, case=case)
    act = lambda: quoting.decline(  # noqa: E731 - one act, tried below
        quotation=quotation, by=request.scope, at=request.at, **form.told()
    )
    if request.method == "POST" and _did(request, form, act):
        done(request, _("已记下客户不同意"), form=f"decline-{number}")
        return redirect(_back(case, quotation.subject))
    return _page(request, "pricing/decline.html", form, quotation=quotation, case=case)


def _did(request: SignedInRequest, form: OnceForm, act: Callable[[], object]) -> bool:
    """Whether it is done: now, or when the same form arrived before."""
    said = [pair for pair in sorted(request.POST.lists()) if pair[0] != "csrfmiddlewaretoken"]

    def keep() -> tuple[int, dict[str, Any]]:
        if not form.is_valid():
            raise _Unfinished
        act()
        return HTTPStatus.OK, {}

    try:
        once(
            actor=request.user.number,
            key=f"price:{(request.POST.get('key') or form['key'].initial)[:64]}",
            request=[request.path, said],
            at=request.at,
            act=keep,
        )
    except _Unfinished:
        return False
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return form.is_valid()


def _back(case: Case, subject: str) -> str:
    """To the order that it is about, else to the case."""
    page = PAGES.get(subject[:1], "")
    return (page and address(page, subject)) or address("cases:case", case.number)


def _page(request: SignedInRequest, template: str, form: OnceForm, **about: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **about}, status=status)


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The quotations of a case for its page; nothing for who sees no prices, or where there are
    none and none is wanted."""
    case = get_case(request.scope, number)
    scope = request.scope
    if not scope.can("price.view", case.project):
        return HttpResponse()
    found = list(quotations_of(case))
    works = case.is_open and not case.done_at and scope.can("case.work", case.project)
    wanted = works and paid_work_rule(case) is not None
    if not found and not wanted:
        return HttpResponse()
    about = {"case": case, "quotations": found, "may_quote": wanted, "may_answer": works}
    return render(request, "pricing/panel.html", about)
