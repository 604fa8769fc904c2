"""Contacts: a day of them, one of them, the register on paper, the hand-over, and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import staff_of
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases import contacts as reads
from shouwen.cases.downloads import as_data
from shouwen.cases.models import Attachment, Contact
from shouwen.cases.queries import visible_cases, visible_contacts
from shouwen.cases.story import file_link
from shouwen.estate.phones import mask_phone
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook
from shouwen.web.pieces import Choice, Pager


def _project(request: SignedInRequest, right: str = "case.view") -> OrgUnit:
    request.scope.require(right, request.project)
    if request.project is None:
        raise Refused("not-allowed", _("您还没有任职的项目，请联系项目经理。"))
    return request.project


def _day(request: SignedInRequest) -> date:
    """The day asked for; today for none, or one that is no day."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return localdate(request.at)


def _rules(request: SignedInRequest, project: OrgUnit) -> Rulebook:
    return rulebook(pin(project, request.at).pk)


@require_safe
def contacts(request: SignedInRequest) -> HttpResponse:
    """The contacts of one day."""
    project, day = _project(request), _day(request)
    narrowed = request.GET.get("only", "")
    _title, condition = reads.FILTERS.get(narrowed, reads.FILTERS[""])
    found = reads.of_day(request.scope, project, day).filter(condition)
    if request.GET.get("source"):
        found = found.filter(source=request.GET["source"])
    rows, more = reads.page_of(found, request.GET.get("before", ""))
    rules = _rules(request, project)
    about = {
        "rows": _named(rows, rules),
        "day": day,
        "earlier": _link(request, day=day - timedelta(days=1), before=""),
        "later": _link(request, day=day + timedelta(days=1), before=""),
        "today": localdate(request.at),
        "filters": _filters(request, narrowed),
        "sources": _sources(rules),
        "source": request.GET.get("source", ""),
        "register": reads.register_form(rules),
        "pager": _pager(request, more),
    }
    return render(request, "cases/contacts.html", about)


def _link(request: SignedInRequest, **changed: object) -> str:
    asked = {**request.GET.dict(), **{name: str(value) for name, value in changed.items()}}
    return f"{request.path}?{urlencode({name: value for name, value in asked.items() if value})}"


def _filters(request: SignedInRequest, narrowed: str) -> list[Choice]:
    return [
        Choice(title, _link(request, only=code, before=""), code == narrowed)
        for code, (title, _condition) in reads.FILTERS.items()
    ]


def _sources(rules: Rulebook) -> list[tuple[str, str]]:
    found = rules.axis("source")
    return [(value.code, value.name) for value in found[1].values] if found else []


def _named(rows: Sequence[Contact], rules: Rulebook) -> list[tuple[Contact, str]]:
    """Each with the name of its source, as the regulation calls it."""
    names = dict(_sources(rules))
    return [(row, names.get(row.source, row.source)) for row in rows]


def _pager(request: SignedInRequest, more: str) -> Pager:
    first = _link(request, before="") if request.GET.get("before") else ""
    return Pager(newer=first, older=_link(request, before=more) if more else "")


@require_safe
def register(request: SignedInRequest) -> HttpResponse:
    """《来电来访情况记录表》 of a day, to be printed: made of the contacts, typed by nobody."""
    project, day = _project(request), _day(request)
    found = reads.of_day(request.scope, project, day).order_by("at", "pk")[: reads.PRINTED]
    about = {
        "register": reads.register(list(found), _rules(request, project)),
        "project": project,
        "day": day,
    }
    return render(request, "cases/contact_register.html", about)


@require_safe
def contact(request: SignedInRequest, number: str) -> HttpResponse:
    """One conversation: what was said then, by whom, and what became of it."""
    found = _contact(request, number)
    rules = _rules(request, found.project)
    source = rules.value("source", found.source)
    about = {
        "contact": found,
        "phone": mask_phone(found.phone),
        "source": source.name if source else found.source,
        "cases": visible_cases(request.scope).filter(contact=found).select_related("department"),
        "joined": _joined(request, found),
        "ticks": _tick_titles(rules, found),
        "files": [file_link(file) for file in found.attachments.select_related("by")],
        "may_reveal": request.scope.can("personal.unmask", found.project),
        "may_register": request.scope.can("contact.register", found.project),
    }
    return render(request, "cases/contact.html", about)


def _contact(request: SignedInRequest, number: str) -> Contact:
    related = ("project", "received_by", "unit", "previous")
    rows = visible_contacts(request.scope).select_related(*related)
    return get_object_or_404(rows, number=number)


def _joined(request: SignedInRequest, found: Contact) -> Any:
    """The case that this contact pressed for or was joined to."""
    number = found.details.get("joined", "")
    return visible_cases(request.scope).filter(number=number).first() if number else None


def _tick_titles(rules: Rulebook, found: Contact) -> list[tuple[str, datetime]]:
    titles = {tick.id: tick.title for _, rule in rules.all("intake") for tick in rule.ticks}
    return [
        (titles.get(tick, tick), datetime.fromisoformat(at)) for tick, at in found.ticks.items()
    ]


@require_POST
def reveal_phone(request: SignedInRequest, number: str) -> HttpResponse:
    """The number that they called from. It is written down who looked."""
    found = _contact(request, number)
    request.scope.require("personal.unmask", found.project)
    disclose(
        by=request.user, at=request.at, record="contact", record_id=found.pk, project=found.project
    )
    template = "cases/contact_phone.html" if request.htmx else "cases/contact_phone_page.html"
    return render(request, template, {"contact": found})


@require_safe
def handover(request: SignedInRequest) -> HttpResponse:
    """What the next shift takes over: the contacts of the night, and the matters of who leaves."""
    project = _project(request, "contact.register")
    people = [person for person in staff_of(project, request.at) if person != request.user]
    who = _of(request, people)
    found = reads.handover(request.scope, project, who, request.at)
    about = {
        "handover": found,
        "contacts": _named(found.contacts, _rules(request, project)),
        "who": who,
        "people": [request.user, *people],
    }
    return render(request, "cases/contact_handover.html", about)


def _of(request: SignedInRequest, people: list[Staff]) -> Staff:
    asked = request.GET.get("who", "")
    return next((person for person in people if person.number == asked), request.user)


# --- Files ----------------------------------------------------------------------------------------


@require_safe
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """A file of a case or contact that one may see."""
    seen = Attachment.objects.filter(pk=pk)
    found = get_object_or_404(
        seen.filter(case__in=visible_cases(request.scope).values("pk"))
        | seen.filter(contact__in=visible_contacts(request.scope).values("pk"))
        | seen.filter(contact__in=visible_cases(request.scope).values("contact"))
        | seen.filter(case__merged_into__in=visible_cases(request.scope).values("pk"))
    )
    return as_data(found.sha256, found.media_type, found.label)
