"""定期工作: what is owed now, what was missed, what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.accounts.models import OrgUnit
from shouwen.figures.duties import Owed, owed
from shouwen.web.pieces import Choice

SEE, FILLS = "case.view", "contact.register"
#: How far back the page looks; figures tell of the rest.
BACK = timedelta(days=92)
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Line:
    """One time that something is owed, as the page shows it."""

    owed: Owed
    state: str

    @property
    def url(self) -> str:
        """The form that proves it, filled or to be filled."""
        one = self.owed
        if one.record:
            return f"/registers/records/{one.record.number}"
        return f"/registers/{one.rule.form}/new" if one.rule.form else ""


STATES: dict[str, tuple[object, Callable[[str], bool]]] = {
    "now": (_("现在要做"), lambda state: state == "running"),
    "late": (_("没做到"), lambda state: state == "late"),
    "done": (_("已做"), lambda state: state == "done"),
    "excused": (_("不计"), lambda state: state == "excused"),
}


@require_safe
def duties(request: SignedInRequest) -> HttpResponse:
    """Everybody's where somebody sees the project whole, else his own."""
    request.scope.require(SEE)
    project = project_of(request)
    state = request.GET.get("state", "now")
    state = state if state in STATES else "now"
    lines = _lines(request, project)
    shown = [line for line in lines if STATES[state][1](line.state)]
    about = {
        "project": project,
        "state": state,
        "states": [
            Choice(str(title), f"?state={name}", name == state, _count(lines, name))
            for name, (title, _where) in STATES.items()
        ],
        "rows": shown if state == "now" else shown[::-1],
        "may_fill": request.scope.can(FILLS, project),
    }
    return render(request, "figures/duties.html", about)


def _lines(request: SignedInRequest, project: OrgUnit) -> list[Line]:
    today = localdate(request.at)
    found = owed(project, today - BACK, today + AHEAD, request.at)
    if not any(project.path.startswith(unit.path) for unit in request.scope.wide(SEE)):
        found = [one for one in found if one.staff == request.user]
    return [Line(one, _state(one, request.at)) for one in found]


def _state(one: Owed, at: datetime) -> str:
    if one.record:
        return "done"
    if one.excused:
        return "excused"
    return "late" if one.is_late(at) else "running"


def _count(lines: list[Line], name: str) -> int:
    """What is still to be done is counted on its tab."""
    return sum(STATES[name][1](line.state) for line in lines) if name in ("now", "late") else 0
