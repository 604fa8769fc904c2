"""Calls to the hotline: what was missed and waits to be called back, and all of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.scope import Scope
from shouwen.cases.forms.asking import words
from shouwen.estate.models import Phone
from shouwen.estate.phones import mask_phone
from shouwen.learning.listing import Listing
from shouwen.registers.actions.calling import FILLS, call_back, waiting
from shouwen.registers.models import Call
from shouwen.rules.calls import back_by, rings
from shouwen.rules.refused import Refused
from shouwen.services.forms.asking import StepForm
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run

SEE = "case.view"
STATES = {
    "missed": (gettext_lazy("待回电"), Q()),
    "all": (gettext_lazy("全部来电"), Q(inbound=True)),
}


class BackForm(StepForm):
    note = words(
        gettext_lazy("回电结果"), rows=2, help_text=gettext_lazy("谁接的、什么事、登记了没有")
    )


CALL_BACK = Step(
    "back", gettext_lazy("记录回电"), BackForm, call_back, "call",
    lambda call: call.answered_at is None and call.called_back_at is None,
    gettext_lazy("已记录回电"), FILLS,
)  # fmt: skip


def visible_calls(scope: Scope) -> QuerySet[Call]:
    """Those of the places seen whole."""
    return Call.objects.filter(scope.inside(), scope.on(SEE))


@require_safe
def calls(request: SignedInRequest) -> HttpResponse:
    """What waits for a call back first."""
    request.scope.require(SEE)
    day = _day(request.GET.get("day", ""))
    extra = {"day": day.isoformat() if day else ""}
    listing = Listing(request, "calls", visible_calls(request.scope), Q(pk=None), STATES, extra)
    rows = waiting(listing.rows) if listing.state == "missed" else listing.rows
    found, pager = listing.page(
        (rows.filter(at__date=day) if day else rows).select_related("project", "called_back_by")
    )
    about = {
        **listing.about(),
        "rows": _told(found),
        "pager": pager,
        "day": day,
        "may_call": request.scope.can(FILLS, request.project),
        "may_reveal": request.scope.can("personal.unmask", request.project),
    }
    return render(request, "registers/calls.html", about)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _told(calls: list[Call]) -> list[dict[str, object]]:
    """Each with who the caller is, as far as the number is known, and how often it rang."""
    numbers = {call.caller for call in calls if call.caller}
    known = {
        (phone.project_id, phone.number): phone.customer.name
        for phone in Phone.objects.filter(number__in=numbers).select_related("customer")
    }
    return [
        {
            "call": call,
            "who": known.get((call.project_id, call.caller), ""),
            "masked": mask_phone(call.caller),
            "rings": rings((call.answered_at or call.ended_at) - call.at),
            "due": back_by(call.ended_at),
            "may_back": CALL_BACK.when(call),
        }
        for call in calls
    ]


@require_POST
def number(request: SignedInRequest, pk: int) -> HttpResponse:
    """The number to call back. It is written down who looked."""
    found = _call(request, pk)
    request.scope.require("personal.unmask", found.project)
    disclose(by=request.user, at=request.at, record="call", record_id=pk, project=found.project)
    template = "registers/call_number.html" if request.htmx else "registers/call_number_page.html"
    return render(request, template, {"call": found, "number": found.caller})


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _call(request, pk)
    asked = Stepping(
        CALL_BACK, found, found.project, reverse("registers:calls"),
        sub=f"{found.at:%m-%d} {mask_phone(found.caller)}", crumb=_("来电"),
    )  # fmt: skip
    return run(request, asked)


def _call(request: SignedInRequest, pk: int) -> Call:
    if not request.scope.wide(SEE):
        raise Refused("not-allowed", _("您的岗位看不到热线来电，请联系客服负责人。"))
    return get_object_or_404(visible_calls(request.scope).select_related("project"), pk=pk)
