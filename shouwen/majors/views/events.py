"""Major events: the list, one event, and each step on it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.majors.event_page import EventPage
from shouwen.majors.listing import page_of
from shouwen.majors.models import EventAction, MajorEvent, Sending
from shouwen.majors.queries import get_event, visible_events
from shouwen.majors.steps import EVENT_STEPS, FINISH, OF_COMPANY, SENDING_STEPS, asked_step
from shouwen.majors.views.places import places
from shouwen.services.steps import Step
from shouwen.services.views.stepping import Stepping, run
from shouwen.web.pieces import Choice, Pager


@require_safe
def events(request: SignedInRequest) -> HttpResponse:
    """Open ones, or those that are over; the newest on top."""
    request.scope.require("case.view")
    state = "closed" if request.GET.get("state") == "closed" else "open"
    before = request.GET.get("before", "")
    rows, older = page_of(visible_events(request.scope).filter(state=state), before)
    titles = (("open", _("处理中")), ("closed", _("已结束")))
    about = {
        "rows": rows,
        "state": state,
        "states": [Choice(title, f"?state={code}", code == state) for code, title in titles],
        "places": places("events"),
        "pager": Pager(
            newer=f"?state={state}" if before else "",
            older=f"?state={state}&before={older}" if older else "",
        ),
    }
    return render(request, "majors/events.html", about)


@require_safe
def event(request: SignedInRequest, number: str) -> HttpResponse:
    """All that an event has set in motion, and what it still lacks."""
    page = EventPage(get_event(request.scope, number), request.scope, request.at)
    return render(request, "majors/event.html", {"page": page, "event": page.event})


@require_http_methods(["GET", "HEAD", "POST"])
def event_step(request: SignedInRequest, number: str, name: str) -> HttpResponse:
    """One step on an event."""
    found = get_event(request.scope, number)
    step = asked_step(EVENT_STEPS, name)
    place = found.company if name in OF_COMPANY else found.project
    if EventPage(found, request.scope, request.at).may(step):
        step = replace(step, right="case.view")
    return run(request, _stepping(step, found, found, place))


def _stepping(step: Step, record: object, of: MajorEvent, place: OrgUnit | None = None) -> Stepping:
    return Stepping(
        step=step,
        record=record,
        place=place or of.project,
        back=reverse("majors:event", args=[of.number]),
        sub=of.title,
        crumb=of.number,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sending_step(request: SignedInRequest, number: str, pk: int, name: str) -> HttpResponse:
    """Somebody outside was told, or a receipt came."""
    of = get_event(request.scope, number)
    step = asked_step(SENDING_STEPS, name)
    sending = get_object_or_404(Sending.objects.select_related("event__project"), pk=pk, event=of)
    return run(request, _stepping(step, sending, of))


@require_http_methods(["GET", "HEAD", "POST"])
def action_step(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """A measure is done: by its owner, or by who may rule."""
    of = get_event(request.scope, number)
    action = get_object_or_404(EventAction.objects.select_related("event"), pk=pk, event=of)
    step = replace(FINISH, right="case.view") if action.owner_id == request.user.pk else FINISH
    return run(request, _stepping(step, action, of))
