"""One return visit: to be made, recorded, given to somebody, printed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.cases.actions.once import once
from shouwen.cases.files import attach
from shouwen.cases.queries import get_case
from shouwen.estate.phones import mask_phone
from shouwen.followup.actions.planning import choose_visitor, plan_visit
from shouwen.followup.actions.recording import attempt, open_item, record, visit_during
from shouwen.followup.forms import AttemptForm, DuringForm, RecordForm
from shouwen.followup.models import Visit, VisitItem
from shouwen.followup.queries import get_visit, visits_of
from shouwen.followup.visit_page import VisitPage
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom to ring up about what, and the record of what was said."""
    page = VisitPage(get_visit(request.scope, pk), request.scope, request.at)
    if request.method == "POST":
        return _record(request, page)
    return _page(request, page)


def _page(
    request: SignedInRequest, page: VisitPage, status: int = HTTPStatus.OK, **forms: Any
) -> HttpResponse:
    about = {
        "page": page,
        "visit": page.visit,
        "case": page.visit.case,
        "phone": mask_phone(page.visit.case.customer_phone),
        "form": page.record_form() if page.may_record else None,
        "attempt": AttemptForm(prefix="try"),
        "visitors_form": page.visitors_form() if page.may_assign else None,
        **forms,
    }
    return render(request, "followup/visit.html", about, status=status)


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


def _record(request: SignedInRequest, page: VisitPage) -> HttpResponse:
    """Once for a key: a double click, or a page sent again by the phone, finds it done."""
    request.scope.require("visit.make", page.visit.project)
    form = page.record_form(request.POST, request.FILES)
    try:
        once(
            actor=request.user.number,
            key=f"visit:{request.POST.get('key', '')[:64] or form['key'].initial}",
            request=[page.visit.pk, sorted(request.POST.lists(), key=lambda pair: pair[0])],
            at=request.at,
            act=lambda: _keep(request, page.visit, form),
        )
    except _Unfinished:
        return _page(request, page, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    except Refused as refused:
        add_refusal(form, refused)
        return _page(request, page, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    done(request, _("已记录回访"), form=f"visit-{page.visit.pk}")
    return redirect("followup:visit", pk=page.visit.pk)


def _keep(request: SignedInRequest, found: Visit, form: RecordForm) -> tuple[int, dict[str, Any]]:
    if not form.is_valid():
        raise _Unfinished
    upload = form.cleaned_data.get("signature")
    signature = (
        attach(upload=upload, by=request.scope, at=request.at, case=found.case) if upload else None
    )
    record(
        visit=found,
        answer=form.answer(signature),
        by=request.scope,
        at=request.at,
        happened=form.cleaned_data["happened"],
    )
    return HTTPStatus.OK, {"visit": found.pk}


# --- Around the visit -----------------------------------------------------------------------------


@require_POST
def try_(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nobody answered, or nobody was at home: one more attempt on record."""
    page = VisitPage(get_visit(request.scope, pk), request.scope, request.at)
    request.scope.require("visit.make", page.visit.project)
    form = AttemptForm(request.POST, prefix="try")
    act = lambda: attempt(  # noqa: E731 - one act, tried below
        visit=page.visit, by=request.scope, at=request.at, **form.cleaned_data
    )
    return _tried(request, page, form, act, "attempt", _("已记录未访成"))


@require_POST
def visitors(request: SignedInRequest, pk: int) -> HttpResponse:
    """Gives the visit to somebody."""
    page = VisitPage(get_visit(request.scope, pk), request.scope, request.at)
    request.scope.require("visit.assign", page.visit.project)
    form = page.visitors_form(request.POST)
    act = lambda: choose_visitor(  # noqa: E731 - one act, tried below
        visit=page.visit, people=list(form.cleaned_data["visitors"]), by=request.scope,
        at=request.at,
    )  # fmt: skip
    return _tried(request, page, form, act, "visitors_form", _("已指定回访人"))


def _tried(
    request: SignedInRequest,
    page: VisitPage,
    form: Any,
    act: Callable[[], object],
    name: str,
    sentence: str,
) -> HttpResponse:
    """Does it, or shows the form again with what was wrong beside what was typed."""
    if not form.is_valid():
        return _page(request, page, HTTPStatus.UNPROCESSABLE_ENTITY, **{name: form})
    try:
        act()
    except Refused as refused:
        add_refusal(form, refused)
        return _page(request, page, HTTPStatus.UNPROCESSABLE_ENTITY, **{name: form})
    done(request, sentence)
    return redirect("followup:visit", pk=page.visit.pk)


@require_POST
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Takes a visit that was not drawn into the sample."""
    found = get_visit(request.scope, pk)
    plan_visit(visit=found, by=request.scope, at=request.at)
    done(request, _("已加入回访名单"))
    return redirect("followup:visit", pk=found.pk)


@require_POST
def phone(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole number, once, and written down who looked."""
    found = get_visit(request.scope, pk)
    request.scope.require("personal.unmask", found.project)
    disclose(
        by=request.user, at=request.at, record="case", record_id=found.case_id,
        project=found.project, purpose="回访",
    )  # fmt: skip
    if request.htmx:
        return render(request, "followup/visit_phone.html", {"number": found.case.customer_phone})
    page = VisitPage(found, request.scope, request.at)
    return _page(request, page, number=found.case.customer_phone)


@require_POST
def item(request: SignedInRequest, pk: int) -> HttpResponse:
    """An opinion from a visit becomes a case of its own."""
    found = get_object_or_404(VisitItem.objects.select_related("visit__case"), pk=pk)
    get_visit(request.scope, found.visit_id)
    opened = open_item(item=found, by=request.scope, at=request.at)
    done(request, _("已登记 {number}").format(number=opened.number))
    return redirect("cases:case", number=opened.number)


@require_safe
def form(request: SignedInRequest, pk: int) -> HttpResponse:
    """《回访记录表》, to be signed: empty before the visit, filled in after it."""
    page = VisitPage(get_visit(request.scope, pk), request.scope, request.at)
    return render(request, "followup/form.html", {"page": page, "visit": page.visit})


# --- On the page of a case ------------------------------------------------------------------------


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The visits of a case, as a fragment for its page."""
    case = get_case(request.scope, number)
    about = {
        "case": case,
        "visits": list(visits_of(case)),
        "during": case.journal.filter(verb="visited", data__phase="during").order_by("seq"),
        "may_ask": case.is_open
        and not case.done_at
        and request.scope.can("visit.make", case.project),
    }
    return render(request, "followup/panel.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def during(request: SignedInRequest, number: str) -> HttpResponse:
    """Asked while the work goes on: on record, and in no rate."""
    case = get_case(request.scope, number)
    request.scope.require("visit.make", case.project)
    asked = DuringForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if asked.is_valid():
            try:
                visit_during(case=case, by=request.scope, at=request.at, **asked.cleaned_data)
            except Refused as refused:
                add_refusal(asked, refused)
            else:
                done(request, _("已记录过程回访"), form=f"during-{case.number}")
                return redirect(reverse("cases:case", args=[case.number]))
    return render(request, "followup/during.html", {"case": case, "form": asked}, status=status)
