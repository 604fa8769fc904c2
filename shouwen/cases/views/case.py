"""The page of a case, its verbs, and the fragments that other pages show of cases."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.cases.actions.once import once
from shouwen.cases.actions.recording import require_unchanged
from shouwen.cases.case_page import CasePage, cases_of
from shouwen.cases.files import attach
from shouwen.cases.forms.asking import VerbForm
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.cases.standing import Standing
from shouwen.cases.verbs import VERBS, Verb
from shouwen.estate.phones import mask_phone
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

#: A panel on another page shows so many and then says how many more there are.
PANEL_ROWS = 20


@require_safe
def case(request: SignedInRequest, number: str) -> HttpResponse:
    """The story, the promises, and what to do next."""
    return _page(request, get_case(request.scope, number))


def _page(request: SignedInRequest, found: Case, phone: str = "") -> HttpResponse:
    shown = CasePage(found, request.scope, request.at)
    about = {
        "case": found,
        "page": shown,
        "phone": phone,
        "masked_phone": mask_phone(found.customer_phone),
        "may_unmask": request.scope.can("personal.unmask", found.project),
    }
    return render(request, "cases/case.html", about)


@require_POST
def phone(request: SignedInRequest, number: str) -> HttpResponse:
    """The whole number, once, and written down who looked."""
    found = get_case(request.scope, number)
    request.scope.require("personal.unmask", found.project)
    disclose(
        by=request.user, at=request.at, record="case", record_id=found.pk, project=found.project
    )
    if request.htmx:
        return render(request, "cases/case_phone.html", {"phone": found.customer_phone})
    return _page(request, found, phone=found.customer_phone)


# --- Verbs ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: SignedInRequest, number: str, verb: str) -> HttpResponse:
    """The form of any verb, and the verb itself; what was typed survives every refusal."""
    if verb not in VERBS:
        raise Http404
    asked, found = VERBS[verb], get_case(request.scope, number)
    request.scope.require(asked.right, found.project)
    if request.method == "POST":
        return _do(request, asked, found)
    standing = Standing(found, request.scope, request.at)
    asked.require(standing)
    given = {name: value for name, value in request.GET.items() if name in asked.form.base_fields}
    return _form(request, asked, asked.form(initial=given, standing=standing))


def _form(
    request: SignedInRequest, asked: Verb, form: VerbForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    template = "cases/verb_form.html" if request.htmx else "cases/verb.html"
    about = {"form": form, "verb": asked, "case": form.standing.case}
    return render(request, template, about, status=status)


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


def _do(request: SignedInRequest, asked: Verb, found: Case) -> HttpResponse:
    """Once for a key: a double click, or a page sent again by the browser, finds it done."""
    standing = Standing(found, request.scope, request.at)
    form = asked.form(request.POST, request.FILES, standing=standing)
    try:
        once(
            actor=request.user.number,
            key=f"verb:{(request.POST.get('key') or form['key'].initial)[:64]}",
            request=[found.number, asked.name, _said(request)],
            at=request.at,
            act=lambda: _act(asked, form),
        )
    except _Unfinished:
        return _form(request, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Refused as refused:
        if refused.code == "not-allowed":
            raise
        return _refused(request, asked, form, refused)
    done(request, str(asked.done), form=f"{asked.name}-{found.number}")
    address = reverse("cases:case", args=[found.number])
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _said(request: SignedInRequest) -> list[tuple[str, list[str]]]:
    """What the form says, without what differs from one sending to the next."""
    aside = ("csrfmiddlewaretoken", "version")
    files = [(name, [f.name or "" for f in request.FILES.getlist(name)]) for name in request.FILES]
    return sorted([*((k, v) for k, v in request.POST.lists() if k not in aside), *files])


def _act(asked: Verb, form: VerbForm) -> tuple[int, dict[str, Any]]:
    standing = form.standing
    if asked.careful:
        require_unchanged(standing.case, _version(form))
    asked.require(standing)
    if not form.is_valid():
        raise _Unfinished
    asked.act(case=standing.case, by=standing.scope, at=standing.at, **form.arguments())
    _attach(form)
    return HTTPStatus.OK, {"case": standing.case.number}


def _version(form: VerbForm) -> int:
    text = str(form.data.get("version", ""))
    return int(text) if text.isdecimal() else -1


def _attach(form: VerbForm) -> None:
    """The files of a form hang on the entry that it wrote."""
    uploads = form.files_given()
    if not uploads:
        return
    case = form.standing.case
    entry = case.journal.order_by("-seq").first()
    for upload in uploads:
        attach(upload=upload, by=form.standing.scope, at=form.standing.at, case=case, entry=entry)


def _refused(
    request: SignedInRequest, asked: Verb, form: VerbForm, refused: Refused
) -> HttpResponse:
    """The sentence at its field or on top, over what was typed, on the case as it is now:
    whoever sends it again has seen that."""
    now = Standing(get_case(request.scope, form.standing.case.number), request.scope, request.at)
    typed = request.POST.copy()
    typed["version"] = str(now.case.version)
    again = asked.form(typed, request.FILES, standing=now)
    again.full_clean()
    add_refusal(again, refused)
    return _form(request, asked, again, HTTPStatus.UNPROCESSABLE_ENTITY)


# --- What other pages show ------------------------------------------------------------------------


@require_safe
def unit_panel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cases of a unit, for the page of the estate."""
    return _panel(request, unit_id=pk)


@require_safe
def customer_history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cases of a customer, for whoever asks about him."""
    return _panel(request, customer_id=pk)


def _panel(request: SignedInRequest, **about: int) -> HttpResponse:
    request.scope.require("case.view")
    found = list(cases_of(request.scope, **about)[: PANEL_ROWS + 1])
    more = len(found) > PANEL_ROWS
    shown = {"cases": found[:PANEL_ROWS], "more": more, "none": _("没有登记过事项")}
    return render(request, "cases/case_panel.html", shown)
