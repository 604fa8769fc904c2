"""The working calendars: look at a year, propose another, review it day by day, approve it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.adoption import actions, queries, year
from shouwen.adoption.forms import ApproveForm, CalendarForm, DayForm, put_day
from shouwen.adoption.hours_text import write_seasons, write_week
from shouwen.adoption.models import WorkCalendar
from shouwen.adoption.views.common import ADOPT, page, tabs, unit_to_adopt
from shouwen.rules.refused import Refused
from shouwen.rules.vocabulary import KINDS, YES_NO
from shouwen.rules.worktime import Calendar
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent
from shouwen.web.pieces import Choice

form_view = require_http_methods(["GET", "HEAD", "POST"])
#: Older calendars of a unit that are listed; the rest is history that cases refer to.
LISTED = 60
EARLIEST, LATEST = 2004, 2100


@require_safe
def calendars(request: SignedInRequest) -> HttpResponse:
    """The calendars by unit: what holds, what is proposed, what held before."""
    request.scope.require(queries.VIEW)
    rows = list(queries.visible_calendars(request.scope)[:LISTED])
    places = [reach.unit for reach in request.scope.reaches if ADOPT in reach.rights]
    about = {
        "rows": rows,
        "holding": {row.pk for row in queries.calendars_in_use(request.at)},
        "current": queries.current_calendar(request.project, request.at),
        "places": list(dict.fromkeys(places)),
        "warning": queries.calendar_warning(request.at, request.project) if request.project else "",
    }
    return page(request, "adoption/calendars.html", "calendars", **about)


@require_safe
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """A year of a calendar, month by month; of a proposal also what it would change."""
    return _calendar_page(request, _calendar(request, pk), DayForm(), ApproveForm())


def _calendar_page(
    request: SignedInRequest, row: WorkCalendar, day: DayForm, approve: ApproveForm
) -> HttpResponse:
    read = Calendar.from_json(row.content)
    shown = _year(request)
    before = _before(row, request)
    status = 422 if day.errors or approve.errors else 200
    about = {
        "row": row,
        "months": year.months(read, shown),
        "days": year.special_days(read, shown),
        "year": shown,
        "years": _years(request, shown),
        "about": _about(row),
        "day": day,
        "approve": approve,
        "may_adopt": request.scope.can(ADOPT, row.unit),
        "changes": list(year.changes(before, read)) if row.approved_at is None else [],
        "holds": row.pk in {each.pk for each in queries.calendars_in_use(request.at)},
        "moves_url": _moves(row),
        "warning": queries.calendar_warning(request.at, row.unit),
    }
    response = page(request, "adoption/calendar.html", "calendars", **about)
    response.status_code = status
    return response


def _year(request: SignedInRequest) -> int:
    asked = request.GET.get("year", "")
    this = localtime(request.at).year
    return min(max(int(asked), EARLIEST), LATEST) if asked.isdecimal() and len(asked) == 4 else this


def _years(request: SignedInRequest, shown: int) -> list[Choice]:
    this = localtime(request.at).year
    wanted = sorted({this - 1, this, this + 1, shown})
    return [Choice(f"{each} 年", f"?year={each}", active=each == shown) for each in wanted]


def _before(row: WorkCalendar, request: SignedInRequest) -> Calendar | None:
    """What the proposal would take the place of."""
    current = queries.current_calendar(row.unit, request.at)
    return queries.calendars(current.pk).duty if current else None


def _about(row: WorkCalendar) -> list[tuple[str, object]]:
    """The calendar in words, for the side of the page."""
    content = row.content
    return [
        (_("单位"), row.unit.name),
        (_("每周"), "；".join(write_week(content["hours"]))),
        (_("季节"), "；".join(write_seasons(content.get("seasons") or []).splitlines())),
        (_("昼夜计时"), "、".join(_served(facts) for facts in row.round_the_clock)),
        (_("放假已录至"), content.get("complete_until") or _("不限")),
        (_("依据"), row.source),
        (_("批准"), row.approved_by.name if row.approved_by else ""),
    ]


def _served(facts: dict[str, Any]) -> str:
    words: list[str] = []
    for axis, value in facts.items():
        if isinstance(value, list):
            words.append("、".join(KINDS.get(str(code), str(code)) for code in value))
        else:
            words.append(YES_NO.get(axis, axis))
    return "且".join(words)


def _moves(row: WorkCalendar) -> str:
    """The page of a floor above that says which running promises would move."""
    try:
        return reverse("cases:calendar-moves", args=[row.pk])
    except NoReverseMatch:
        return ""


@form_view
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another calendar for a unit, beginning from the one that holds there."""
    unit = unit_to_adopt(request, pk)
    base = queries.current_calendar(unit, request.at)
    form = CalendarForm.of(base, sent(request))
    made: list[WorkCalendar] = []
    if saved(request, form, lambda: made.append(_proposed(request, unit, form, base))):
        done(request, _("已存为建议，还没有生效。请逐日核对后批准。"), form="calendar")
        return redirect("adoption:calendar", made[0].pk)
    return _form(request, form, unit)


def _proposed(
    request: SignedInRequest, unit: OrgUnit, form: CalendarForm, base: WorkCalendar | None
) -> WorkCalendar:
    return actions.propose_calendar(
        unit=unit,
        name=form.cleaned_data["name"],
        source=form.cleaned_data["source"],
        content=form.content(base.content if base else None),
        round_the_clock=form.round_the_clock(base),
        at=request.at,
    )


@form_view
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """The hours of a proposal, put right before it is approved."""
    row = _proposal(request, pk)
    form = CalendarForm.of(row, sent(request))
    if saved(
        request,
        form,
        lambda: actions.revise_proposal(
            calendar=row,
            content=form.content(row.content),
            name=form.cleaned_data["name"],
            source=form.cleaned_data["source"],
            round_the_clock=form.round_the_clock(row),
        ),
    ):
        done(request, _("已保存。"), form="calendar")
        return redirect("adoption:calendar", row.pk)
    return _form(request, form, row.unit, row)


def _form(
    request: SignedInRequest, form: CalendarForm, unit: OrgUnit, row: WorkCalendar | None = None
) -> HttpResponse:
    about = {"unit": unit, "row": row, "tabs": tabs(request, "calendars")}
    return form_page(request, "adoption/calendar_form.html", form, **about)


@require_POST
def change_day(request: SignedInRequest, pk: int) -> HttpResponse:
    """One date of a proposal becomes a holiday, a make-up day, another day, or ordinary."""
    row = _proposal(request, pk)
    form = DayForm(request.POST)
    if not saved(request, form, lambda: _put_day(row, form)):
        return _calendar_page(request, row, form, ApproveForm())
    day = form.cleaned_data["day"]
    done(request, _("已改 %(day)s。") % {"day": day})
    return redirect(f"{reverse('adoption:calendar', args=[row.pk])}?year={day.year}")


def _put_day(row: WorkCalendar, form: DayForm) -> None:
    content = deepcopy(row.content)
    put_day(content, form.cleaned_data["day"], form.cleaned_data["kind"], form.special())
    actions.revise_proposal(calendar=row, content=content)


@require_POST
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """From now on new cases follow it."""
    row = _to_keep(request, pk)
    form = ApproveForm(request.POST)
    if not saved(
        request,
        form,
        lambda: actions.approve_calendar(calendar=row, by=request.user, at=request.at),
    ):
        return _calendar_page(request, row, DayForm(), form)
    done(request, _("已批准：新登记的事项从现在起照它推算。在办的事项见下方，确认后再调整。"))
    return redirect("adoption:calendar", row.pk)


@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """A proposal that nobody wants."""
    row = _to_keep(request, pk)
    actions.discard_proposal(calendar=row)
    done(request, _("已删去这份建议。"))
    return redirect("adoption:calendars")


def _calendar(request: SignedInRequest, pk: int) -> WorkCalendar:
    request.scope.require(queries.VIEW)
    return get_object_or_404(queries.visible_calendars(request.scope), pk=pk)


def _to_keep(request: SignedInRequest, pk: int) -> WorkCalendar:
    request.scope.require(ADOPT)
    row = _calendar(request, pk)
    request.scope.require(ADOPT, row.unit)
    return row


def _proposal(request: SignedInRequest, pk: int) -> WorkCalendar:
    row = _to_keep(request, pk)
    if row.approved_at:
        raise Refused("approved-already", _("这份日历已经批准；要修改请另建一份。"))
    return row
