"""One form filled, one record with its story, its steps and its files."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.cases.downloads import as_data
from shouwen.cases.files import keep
from shouwen.registers.actions.filling import Blank
from shouwen.registers.actions.signing import unsigned
from shouwen.registers.models import Record
from shouwen.registers.queries import form_in_force, form_of, get_record, visible_records
from shouwen.registers.showing import parts_of, story_of
from shouwen.registers.steps import FILL, RECORD_STEPS, offered
from shouwen.rules.forms import digest
from shouwen.services.views.stepping import Stepping, run

FILLING = "registers/fill.html"
TEMPLATES = {"change": FILLING, "sign": "registers/sign.html"}
#: Boxes of floors above, which the page of a record of this form fetches by their address.
PANELS = {"visit-plan": "figures:coverage"}


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: SignedInRequest, form: str) -> HttpResponse:
    """A new record: handed over, or kept as a draft."""
    project = project_of(request)
    blank = Blank(project, form_in_force(project, form, request.at))
    asked = Stepping(
        FILL, blank, project, reverse("registers:form", args=[form]), sub=_sub(blank),
        crumb=blank.found.rule.title, keep=keep, template=FILLING, ahead=_page_of,
    )  # fmt: skip
    return run(request, asked)


def _sub(blank: Blank) -> str:
    rule = blank.found.rule
    return " · ".join(filter(None, (blank.project.name, rule.number, rule.clause)))


def _panel(found: Record) -> str:
    return reverse(PANELS[found.form], args=[found.number]) if found.form in PANELS else ""


def _page_of(number: str) -> str:
    return reverse("registers:record", args=[number])


@require_safe
def record(request: SignedInRequest, number: str) -> HttpResponse:
    """What is written, who signed, what happened."""
    found = get_record(request.scope, number)
    form = form_of(found)
    steps = offered(found, request.scope)
    signed = list(found.signatures.select_related("picture"))
    about = {
        "record": found,
        "form": form,
        "parts": parts_of(form.rule, found),
        "signed": signed,
        "waiting": unsigned(found, form.rule) if found.state == Record.State.FILLED else [],
        "untouched": all(each.digest == digest(found.values) for each in signed),
        "story": story_of(found),
        "first": steps[0] if steps else None,
        "steps": steps[1:],
        "replaced_by": visible_records(request.scope).filter(replaces=found).first(),
        "panel": _panel(found),
    }
    return render(request, "registers/record.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    if step not in RECORD_STEPS:
        raise Http404
    found = get_record(request.scope, number)
    asked = Stepping(
        RECORD_STEPS[step], found, found.project, _page_of(found.number), sub=found.title,
        crumb=found.number, keep=keep, template=TEMPLATES.get(step, "services/step.html"),
        ahead=_page_of,
    )  # fmt: skip
    return run(request, asked)


@require_safe
def file(request: SignedInRequest, number: str, pk: int) -> FileResponse:
    """A photo, or a signature that was drawn."""
    found = get_object_or_404(get_record(request.scope, number).files, pk=pk)
    return as_data(found.sha256, found.media_type, found.label)
