"""What is owed and what was sent, by level; and how punctually."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.rules.periods import Period, read_period
from shouwen.statements.keeping import kept, this_month
from shouwen.statements.listing import Listing, turn_of
from shouwen.statements.queries import require_whole
from shouwen.web.pieces import Choice


def sections(here: str) -> list[Choice]:
    titles = {"statements": _("报表"), "calendar": _("报送情况")}
    return [
        Choice(title, reverse(f"statements:{name}"), name == here) for name, title in titles.items()
    ]


@require_safe
def statements(request: SignedInRequest) -> HttpResponse:
    """What is owed, the most urgent first; what is out; what came back acknowledged."""
    require_whole(request.scope)
    listing = Listing(request)
    rows, pager = listing.page()
    about = {
        **listing.about(),
        "sections": sections("statements"),
        "rows": [(row, turn_of(row)) for row in rows],
        "pager": pager,
    }
    return render(request, "statements/statements.html", about)


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """Of every unit and statement, how many are due in a month, were sent in time, late, or not."""
    require_whole(request.scope)
    listing, month = Listing(request), _month(request)
    place = listing.place or project_of(request)
    rows = kept(place, month, request.at)
    about = {
        **listing.about(),
        "sections": sections("calendar"),
        "levels": [level for level in listing.about()["levels"] if "of=mine" not in level.url],
        "place": place,
        "month": month,
        "months": [
            Choice(one.words, f"?of={listing.level}&month={one.key}", one == month)
            for one in (month.before(), month, month.after())
        ],
        "rows": [(row, row.is_overdue(request.at)) for row in rows],
        "in_time": sum(len(row.in_time) for row in rows),
        "late": sum(len(row.late) for row in rows),
        "overdue": sum(row.is_overdue(request.at) for row in rows),
        "open": sum(row.owing for row in rows),
    }
    return render(request, "statements/calendar.html", about)


def _month(request: SignedInRequest) -> Period:
    """The month that is asked for; this one for none, or one that is no month."""
    try:
        asked = read_period(request.GET.get("month", ""))
    except ValueError:
        return this_month(request.at)
    return asked if asked.kind == "month" else this_month(request.at)
