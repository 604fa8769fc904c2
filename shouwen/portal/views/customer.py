"""The pages that a customer opens by a link or a code. They work without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwen.cases.actions.once import once
from shouwen.cases.models import Case
from shouwen.portal.actions.agreeing import agree, decline, offers_of, require_consent_link
from shouwen.portal.actions.answering import ANSWERS, add_words, ask_again, rate
from shouwen.portal.actions.limiting import REPORTS_AT_CODE, REPORTS_FROM_ADDRESS, count
from shouwen.portal.actions.linking import mark_opened, new_link
from shouwen.portal.actions.reporting import report
from shouwen.portal.forms import OfferForm, ReportForm, SayForm, SentOnce
from shouwen.portal.models import BuildingCode, CustomerLink
from shouwen.portal.progress import Progress
from shouwen.portal.queries import code_at, homes_at
from shouwen.portal.views.opening import (
    address_of,
    for_customers,
    link_of,
    may_act,
    require_customer,
)
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

READ_AND_SEND = ["GET", "HEAD", "POST"]


# --- At the entrance ------------------------------------------------------------------------------


@require_http_methods(READ_AND_SEND)
@for_customers
def at_code(request: HttpRequest, at: datetime, code: str) -> HttpResponse:
    """Report what is broken, with photos; then the page of one's own matter."""
    found = code_at(code)
    if request.method != "POST":
        return _report_page(request, found, ReportForm(homes_at(found)))
    require_customer(request)
    count(REPORTS_FROM_ADDRESS, address_of(request), at)
    count(REPORTS_AT_CODE, code, at)
    form = ReportForm(homes_at(found), request.POST, request.FILES)
    case = _reported(found, form, at) if form.is_valid() else None
    if case is None:
        return _report_page(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    _link, token = new_link(case=case, purpose=CustomerLink.Purpose.OWN, at=at, code=found)
    done(
        request,
        _("已收到，编号 %(number)s。请收藏这个页面，随时看进展。") % {"number": case.number},
    )
    return redirect("portal:progress", token=token)


def _reported(code: BuildingCode, form: ReportForm, at: datetime) -> Case | None:
    """The case; sent twice, the same one. Nothing, and the refusal at its field, when refused."""
    try:
        _status, answer = once(
            actor=f"code:{code.pk}",
            key=form.cleaned_data["key"],
            request=form.asked,
            at=at,
            act=lambda: (HTTPStatus.OK, {"case": report(code=code, said=form.report, at=at).pk}),
        )
    except Refused as refused:
        add_refusal(form, refused)
        return None
    return Case.objects.get(pk=answer["case"])


def _report_page(
    request: HttpRequest, code: BuildingCode, form: ReportForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    about = {"code": code, "project": code.project, "form": form}
    return render(request, "portal/report.html", about, status=status)


# --- Behind a link --------------------------------------------------------------------------------


@require_http_methods(READ_AND_SEND)
@for_customers
def progress(request: HttpRequest, at: datetime, token: str) -> HttpResponse:
    """How far it is; and the place to ask again or to add something."""
    link = link_of(request, at, token)
    if request.method == "POST":
        return _say(request, at, link, token)
    mark_opened(link=link, at=at)
    return _progress_page(request, at, link, token, SayForm())


def _say(request: HttpRequest, at: datetime, link: CustomerLink, token: str) -> HttpResponse:
    may_act(request, at, link)
    form = SayForm(request.POST, request.FILES)
    again = request.POST.get("do") == "again"
    act = ask_again if again else add_words
    if form.is_valid() and _done_once(
        form, link, at, lambda: act(link=link, words=form.words, at=at)
    ):
        done(request, _("已转给负责的人，会尽快处理。") if again else _("已收到，谢谢。"))
        return redirect("portal:progress", token=token)
    return _progress_page(request, at, link, token, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _done_once(form: SentOnce, link: CustomerLink, at: datetime, act: Callable[[], object]) -> bool:
    """Whether it was done, now or at its first sending."""

    def acted() -> tuple[int, dict[str, object]]:
        act()
        return HTTPStatus.OK, {}

    try:
        key = form.cleaned_data["key"]
        once(actor=f"link:{link.pk}", key=key, request=form.asked, at=at, act=acted)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True


def _progress_page(
    request: HttpRequest,
    at: datetime,
    link: CustomerLink,
    token: str,
    form: SayForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    page = Progress(link, at)
    about = {
        "page": page,
        "case": page.case,
        "project": page.case.project,
        "token": token,
        "form": form,
        "answers": ANSWERS,
    }
    return render(request, "portal/progress.html", about, status=status)


@require_http_methods(READ_AND_SEND)
@for_customers
def rated(request: HttpRequest, at: datetime, token: str, answer: str) -> HttpResponse:
    """One click in the message. Programs that look at links before their reader does only GET, and
    a GET records nothing: the page sends itself on; without a script it takes one more tap."""
    link = link_of(request, at, token)
    if request.method != "POST":
        about = {
            "link": link,
            "project": link.case.project,
            "answer": answer,
            "word": ANSWERS.get(answer, ""),
            "token": token,
        }
        return render(request, "portal/rate.html", about)
    may_act(request, at, link)
    try:
        rate(link=link, result=answer, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        done(request, _("谢谢，已记下：%(word)s。") % {"word": ANSWERS[answer]})
    return redirect("portal:progress", token=token)


# --- What it will cost ----------------------------------------------------------------------------


@require_http_methods(READ_AND_SEND)
@for_customers
def offers(request: HttpRequest, at: datetime, token: str) -> HttpResponse:
    """What it will cost, line by line, to agree to or not."""
    link = link_of(request, at, token)
    require_consent_link(link)
    if request.method != "POST":
        return _offers_page(request, link, token, None)
    may_act(request, at, link)
    form = OfferForm(request.POST)
    agreed = request.POST.get("do") == "agree"
    if form.is_valid() and _done_once(form, link, at, lambda: _answer(form, link, at, agreed)):
        done(request, _("已记下您的同意，谢谢。") if agreed else _("已记下，我们会再与您联系。"))
        return redirect("portal:progress", token=token)
    return _offers_page(request, link, token, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _answer(form: OfferForm, link: CustomerLink, at: datetime, agreed: bool) -> None:
    told = form.cleaned_data
    number, name = told["number"], told["name"]
    if agreed:
        agree(link=link, number=number, name=name, relation=told["relation"], at=at)
    else:
        decline(link=link, number=number, name=name, reason=told["reason"], at=at)


def _offers_page(
    request: HttpRequest,
    link: CustomerLink,
    token: str,
    wrong: OfferForm | None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Each offer with a form of its own; the one that was sent comes back as it was typed."""
    offers = offers_of(link.case)
    typed = {str(wrong["number"].value()): wrong} if wrong else {}
    rows = [
        (each, typed.pop(each.number) if each.number in typed else _form_of(each.number))
        for each in offers
    ]
    about = {
        "rows": rows,
        "stray": next(iter(typed.values()), None),
        "case": link.case,
        "project": link.case.project,
        "token": token,
    }
    return render(request, "portal/offers.html", about, status=status)


def _form_of(number: str) -> OfferForm:
    return OfferForm(initial={"number": number}, auto_id=f"{number}-%s")
