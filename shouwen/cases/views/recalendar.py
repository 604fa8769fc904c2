"""What an edited calendar would move, and moving it, some cases at a time."""

from __future__ import annotations

from itertools import islice

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from shouwen.accounts.context import SignedInRequest
from shouwen.adoption.queries import VIEW, current_calendar, visible_calendars
from shouwen.cases.actions.recalendar import preview, recalendar, waiting_cases

RIGHT = "regulation.adopt"
#: Moves that are shown; how many cases there are is said beside them.
SHOWN = 50
#: Cases looked through for the preview, and moved by one request.
AT_ONCE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_moves(request: SignedInRequest, pk: int) -> HttpResponse:
    """Running promises before and after; a POST moves a part, and the page asks for the next."""
    request.scope.require(VIEW)
    row = get_object_or_404(visible_calendars(request.scope), pk=pk)
    request.scope.require(RIGHT, row.unit)
    moved = 0
    if request.method == "POST":
        moved = recalendar(calendar=row, by=request.scope, at=request.at, limit=AT_ONCE)
    left = waiting_cases(row).count()
    before = _number(request.POST.get("total", ""))
    about = {
        "row": row,
        "moves": [] if moved and left else list(islice(preview(row, AT_ONCE), SHOWN)),
        "shown": SHOWN,
        "looked_at": min(left, AT_ONCE),
        "left": left,
        "total": max(before, left + moved),
        "done": max(before, left + moved) - left,
        "moved": moved,
        "holds": current_calendar(row.unit, request.at) == row,
    }
    template = "cases/calendar_moves.html" if request.htmx else "cases/calendar_moves_page.html"
    return render(request, template, about)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
