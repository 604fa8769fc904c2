"""The roster of a department, and what its people have learnt."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import department_for, people_below
from shouwen.repairs.actions.rostering import put_on_duty, set_skills, take_off_duty
from shouwen.repairs.forms.finding import DutyForm, SkillsForm
from shouwen.repairs.models import TRADES
from shouwen.repairs.queries import (
    KEEPS_ROSTER,
    open_orders_of,
    repairer,
    visible_duty,
)
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.form_pages import saved, sent


def _department(request: SignedInRequest) -> OrgUnit:
    """Repairs are the business of 工程部."""
    request.scope.require(KEEPS_ROSTER, request.project)
    found = department_for(request.project, "engineering") if request.project else None
    if found is None or found.project is None:
        raise Refused("no-department", _("本项目没有工程部，不能排班。"))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: SignedInRequest) -> HttpResponse:
    """Who is on duty from yesterday on, and who may be sent to what."""
    department = _department(request)
    people = list(people_below(department, request.at).prefetch_related("skills"))
    form = DutyForm(sent(request), people=people)

    def add() -> object:
        return put_on_duty(
            department=department, by=request.scope, at=request.at, **form.cleaned_data
        )

    if saved(request, form, add):
        done(request, _("已排班"), form="roster")
        return redirect("repairs:roster")
    since = request.at - timedelta(days=1)
    rows = department.roster.filter(ends_at__gt=since).select_related("staff")
    held = open_orders_of(people)
    about = {
        "department": department,
        "form": form,
        "rows": rows,
        "people": [
            (person, [TRADES[skill.trade] for skill in person.skills.all()], held.get(person.pk, 0))
            for person in people
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "repairs/roster.html", about, status=status)


@require_POST
def off_duty(request: SignedInRequest, pk: int) -> HttpResponse:
    take_off_duty(row=get_object_or_404(visible_duty(request.scope), pk=pk), by=request.scope)
    done(request, _("已取消这一班"))
    return redirect("repairs:roster")


@require_http_methods(["GET", "HEAD", "POST"])
def skills(request: SignedInRequest, pk: int) -> HttpResponse:
    """What somebody has learnt."""
    person, place = repairer(request.scope, pk, request.at)
    learnt = list(person.skills.values_list("trade", flat=True))
    form = SkillsForm(sent(request), initial={"trades": learnt})

    def keep() -> None:
        trades = form.cleaned_data["trades"]
        set_skills(staff=person, trades=trades, by=request.scope, project=place)

    if saved(request, form, keep):
        done(request, _("已保存工种"))
        return redirect("repairs:roster")
    return render(request, "repairs/skills.html", {"form": form, "person": person})
