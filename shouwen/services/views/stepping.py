"""The form of any step, and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions.once import once
from shouwen.cases.files import attach
from shouwen.cases.models import Case
from shouwen.rules.refused import Refused
from shouwen.services.forms.asking import StepForm
from shouwen.services.steps import Step
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

Keep = Callable[["UploadedFile[Any]"], Any]


@dataclass(frozen=True)
class Stepping:
    """A step on one record: where it comes from and goes back to, and what becomes of files."""

    step: Step
    record: Any
    place: OrgUnit
    """The project that it belongs to."""
    back: str
    sub: str
    crumb: str
    keep: Keep = lambda upload: upload
    hidden: Mapping[str, object] = field(default_factory=dict)
    """What the form sends along besides."""
    template: str = "services/step.html"
    ahead: Callable[[str], str] | None = None
    """Where it leads, by the number of what the act made; nothing: back."""


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


def attaching(request: SignedInRequest, case: Case) -> Keep:
    """Files hang on the case."""
    return lambda upload: attach(upload=upload, by=request.scope, at=request.at, case=case)


def run(request: SignedInRequest, asked: Stepping) -> HttpResponse:
    """GET asks, POST does it once."""
    request.scope.require(asked.step.right, asked.place)
    if not asked.step.when(asked.record):
        raise Refused(
            "not-now", _("现在不能“{step}”，请看最新情况。").format(step=asked.step.title)
        )
    form = form_of(request, asked.step, asked.record, posted=request.method == "POST")
    if request.method != "POST":
        return _page(request, asked, form)
    form.keep = asked.keep
    try:
        answer = act_once(request, asked.step, form, asked.record)
    except _Unfinished:
        return _page(request, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Refused as refused:
        if refused.code == "not-allowed":
            raise
        add_refusal(form, refused)
        return _page(request, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    done(request, str(asked.step.done), form=f"{asked.step.name}-{asked.record.pk}")
    return redirect(asked.ahead(answer["made"]) if asked.ahead else asked.back)


def form_of(request: SignedInRequest, step: Step, record: Any, *, posted: bool = False) -> StepForm:
    about = {"about": record, "scope": request.scope, "at": request.at}
    if posted:
        return step.form(request.POST, request.FILES, **about)
    return step.form(**about)


def act_once(request: SignedInRequest, step: Step, form: StepForm, record: Any) -> dict[str, Any]:
    """Once for a key: a double click, or a page sent again by the browser, finds it done."""
    return once(
        actor=request.user.number,
        key=f"service:{(request.POST.get('key') or form['key'].initial)[:64]}",
        request=[record.pk, step.name, _said(request)],
        at=request.at,
        act=lambda: _act(request, step, form, record),
    )[1]


def _act(
    request: SignedInRequest, step: Step, form: StepForm, record: Any
) -> tuple[int, dict[str, Any]]:
    if not form.is_valid():
        raise _Unfinished
    given = {step.about: record, **form.arguments()}
    made = step.act(by=request.scope, at=request.at, **given)
    return HTTPStatus.OK, {"record": record.pk, "made": getattr(made, "number", "")}


def _said(request: SignedInRequest) -> list[tuple[str, list[str]]]:
    files = [(name, [f.name or "" for f in request.FILES.getlist(name)]) for name in request.FILES]
    fields = [(k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken"]
    return sorted([*fields, *files])


def _page(
    request: SignedInRequest, asked: Stepping, form: StepForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    about = {"asked": asked, "step": asked.step, "form": form}
    return render(request, asked.template, about, status=status)
