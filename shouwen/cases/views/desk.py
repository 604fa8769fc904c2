"""The desk: one page to find who is calling, write down what they say, and promise what follows.

It works as one plain form. HTMX only asks for parts of the same page while one types.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases import registering
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.intake import add_details, tick
from shouwen.cases.actions.once import once
from shouwen.cases.callers import Card, card
from shouwen.cases.context import address
from shouwen.cases.desk import SOURCES_AT_ONCE, Desk, Reading
from shouwen.cases.forms.desk import DeskForm
from shouwen.cases.models import Case, Contact
from shouwen.cases.queries import get_case, visible_contacts
from shouwen.cases.similar import similar_cases
from shouwen.rules.closing import checklist
from shouwen.rules.intake import DETAILS
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

#: What a form answers when it comes back with errors.
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
#: Who is neither at the desk nor has matters in hand begins where this right is used.
_OWN_WORK = (("money.take", "billing:desk"), ("stores.issue", "stores:stock"))
#: Buttons that do not save: they look something up and show the form again.
LOOKS = ("find", "look")


def home(request: SignedInRequest) -> HttpResponse:
    """The first page: the desk for who receives customers, else what waits for them; who makes no
    promises to customers has a place of work of his own."""
    can = request.scope.can
    if can("contact.register"):
        return redirect("cases:desk")
    if not (can("case.work") or can("case.rule")):
        for right, name in _OWN_WORK:
            if can(right) and address(name):
                return redirect(name)
    return redirect(address("cases:board") or "accounts:organisation")


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest) -> HttpResponse:
    """The page. A POST that cannot be saved shows it again, with everything typed."""
    project = _project(request)
    if request.method != "POST":
        form = DeskForm(initial=_initial(request))
        return _page(request, project, form)
    form = DeskForm(request.POST, request.FILES)
    if request.POST.get("do") in LOOKS or "pick" in request.POST:
        form.errors.clear()
        return _page(request, project, form)
    saved = _saved(request, project, form) if form.is_valid() else None
    return saved or _page(request, project, form, UNPROCESSABLE)


def _project(request: SignedInRequest) -> OrgUnit:
    """Whoever may register nowhere is told so; the current project need not be one of theirs."""
    request.scope.require("contact.register", request.project)
    if request.project is None:
        raise Refused("not-allowed", _("您还没有任职的项目，请联系项目经理。"))
    return request.project


def _initial(request: SignedInRequest) -> dict[str, Any]:
    """What a link brings along: who, a walk-in, or the contact that goes on."""
    given = {name: request.GET[name] for name in ("who", "source", "text") if name in request.GET}
    before = _before(request, request.GET.get("after", ""))
    if before:
        given |= registering.again(before)
    return {"source": "phone", **given}


def _before(request: SignedInRequest, number: str) -> Contact | None:
    """The contact that goes on, if it is one that they may see."""
    return visible_contacts(request.scope).filter(number=number).first() if number else None


def _saved(request: SignedInRequest, project: OrgUnit, form: DeskForm) -> HttpResponse | None:
    """Where to go when it is saved; nothing, and the refusal at its field, when it is not."""
    entry = registering.Entry(
        request.scope, project, request.at, form, _before(request, form.cleaned_data["after"])
    )
    try:
        _status, answer = once(
            actor=request.scope.staff.number,
            key=form.cleaned_data["key"] or form.fields["key"].initial,
            request=form.asked,
            at=request.at,
            act=entry.save,
        )
    except Refused as refused:
        add_refusal(form, refused)
        if refused.code == "key-reused":
            form.data = _with_new_key(request.POST, form)
        return None
    done(request, answer["said"], form="desk")
    return redirect("cases:desk-saved", number=answer["number"])


def _with_new_key(typed: QueryDict, form: DeskForm) -> QueryDict:
    """Sent once more, it is another matter."""
    fresh = typed.copy()
    fresh["key"] = form.fields["key"].initial
    return fresh


# --- The page and its parts -----------------------------------------------------------------------


def _page(
    request: SignedInRequest, project: OrgUnit, form: DeskForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    found = _card(request, project, form)
    about = _parts(request, project, form, found) | {
        "card": found,
        "form": form,
        "fields": registering.caller_fields(form, found),
        "before": _before(request, str(form["after"].value() or "")),
        "answering": bool(form["answer"].value() or form["answer"].errors),
    }
    return render(request, "cases/desk.html", about, status=status)


def _card(request: SignedInRequest, project: OrgUnit, form: DeskForm) -> Card:
    """Who is calling, by what was picked, found before, or is asked for."""
    unit, customer = request.POST.get("unit", ""), request.POST.get("customer", "")
    if request.POST.get("do") == "find":
        unit = customer = ""
    if "pick" in request.POST:
        unit, _dash, customer = request.POST["pick"].partition("-")
    return card(
        request.scope,
        project,
        request.at,
        who=str(form["who"].value() or ""),
        unit_id=_id(unit or str(form.initial.get("unit") or "")),
        customer_id=_id(customer or str(form.initial.get("customer") or "")),
    )


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _parts(
    request: SignedInRequest, project: OrgUnit, form: DeskForm, found: Card
) -> dict[str, Any]:
    """What depends on the text: script, chips, promises, similar cases."""
    here = Desk(request.scope, project, request.at)
    told, happened = registering.told_so_far(form, found.unit)
    reading = Reading(here, told, form.by_hand, happened)
    sources = here.sources()
    return {
        "reading": reading,
        "form": form,
        "details": [form[name] for name in reading.details],
        "rest": [form[name] for name in registering.DETAILS if name not in reading.details],
        "sources": sources[:SOURCES_AT_ONCE],
        "more_sources": sources[SOURCES_AT_ONCE:],
        "similar": similar_cases(request.scope, project, told.text, request.at, unit=found.unit),
        "may_dispatch": request.scope.can("case.dispatch", project),
        "may_reveal": request.scope.can("personal.unmask", project),
    }


@require_POST
def preview(request: SignedInRequest) -> HttpResponse:
    """What the text suggests, promises and resembles, for the places on the open page."""
    project = _project(request)
    form = DeskForm(request.POST)
    found = Card("", unit=registering.unit_of(request.scope, project, request.POST.get("unit")))
    about = _parts(request, project, form, found)
    shown = request.POST.get("shown", "").split(",")
    about["new_details"] = about["reading"].details != [name for name in shown if name]
    return render(request, "cases/desk_preview.html", about)


@require_safe
def caller(request: SignedInRequest) -> HttpResponse:
    """Who a number, a room or a name is; `pick` is one of those found before: unit-customer."""
    project = _project(request)
    form = DeskForm(request.GET)
    unit, _dash, customer = request.GET.get("pick", "").partition("-")
    found = card(
        request.scope, project, request.at, who=request.GET.get("who", ""),
        unit_id=_id(unit), customer_id=_id(customer),
    )  # fmt: skip
    about = {
        "card": found,
        "form": form,
        "fields": registering.caller_fields(form, found),
        "may_reveal": request.scope.can("personal.unmask", project),
    }
    return render(request, "cases/desk_caller.html", about)


# --- After saving ---------------------------------------------------------------------------------


@require_safe
def saved(request: SignedInRequest, number: str) -> HttpResponse:
    """The number, what is still missing, and whether there is anything else."""
    contact, case = _of_number(request, number)
    here = Desk(request.scope, contact.project, request.at)
    facts = case.facts if case else {}
    about = {
        "contact": contact,
        "case": case,
        "commitments": case.commitments.filter(outcome="") if case else (),
        "parts": case.parts.exclude(state="withdrawn").select_related("department") if case else (),
        "missing": _missing(request, case) if case else (),
        "departments": here.departments,
        "lead": Reading(here, registering.told_of(contact, case), {}).lead,
        "anything_else": here.script("anything-else", facts, contact.name),
        "end_call": here.script("end-call", facts, contact.name),
        "may_dispatch": request.scope.can("case.dispatch", contact.project),
    }
    return render(request, "cases/desk_saved.html", about)


def _of_number(request: SignedInRequest, number: str) -> tuple[Contact, Case | None]:
    if number.startswith("S-"):
        case = get_case(request.scope, number)
        return case.contact, case
    contact = visible_contacts(request.scope).filter(number=number).first()
    if contact is None:
        raise Refused("not-found", _("没有找到这次来电，请核对编号。"))
    return contact, None


def _missing(request: SignedInRequest, case: Case) -> list[Any]:
    """What the regulation wants before it is dispatched, while it is not."""
    if case.status != Case.Status.REGISTERED:
        return []
    entries, rules = registering.journal_and_rules(case)
    return [line for line in checklist(rules, entries, "dispatched") if not line.done]


@require_POST
def dispatch_saved(request: SignedInRequest, number: str) -> HttpResponse:
    """Confirms what was missing and dispatches, in one go."""
    case = get_case(request.scope, number)
    here = Desk(request.scope, case.project, request.at)
    lead = here.department(request.POST.get("lead", ""))
    ticks = [one for one in request.POST.getlist("ticks") if one]
    details = {name: request.POST[name].strip() for name in DETAILS if request.POST.get(name)}
    with transaction.atomic():
        if ticks:
            tick(case=case, ticks=ticks, by=request.scope, at=request.at)
        if details:
            add_details(case=case, by=request.scope, at=request.at, details=details)
        dispatch(case=case, lead=lead, by=request.scope, at=request.at)
    done(request, _("已派单：%(lead)s") % {"lead": lead.name if lead else ""})
    return redirect(reverse("cases:desk-saved", args=[number]))
