"""The dashboards of a place, and the screen on the wall."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.dashboards.pages.comparing import Comparison
from shouwen.dashboards.pages.departments import Departments
from shouwen.dashboards.pages.month import Month
from shouwen.dashboards.pages.today import Today
from shouwen.dashboards.pages.trend import BYS, Trend
from shouwen.dashboards.pages.wall import Wall
from shouwen.dashboards.places import Page, View, asked_view, level_tabs, period_tabs
from shouwen.figures.queries import By
from shouwen.web.pieces import Choice

#: The dashboards, in the order of their tabs.
SECTIONS = {
    "today": _("今天"),
    "month": _("指标"),
    "departments": _("部门考核"),
    "compare": _("比较"),
}


def _frame(request: SignedInRequest, view: View, page: Page, tab: str = "") -> dict[str, Any]:
    """What the head of every dashboard shows."""
    return {
        "view": view,
        "levels": level_tabs(request, view, page),
        "periods": period_tabs(view, page),
        "sections": [
            Choice(str(title), view.address(name), name == (tab or page.name))
            for name, title in SECTIONS.items()
            if name != "compare" or not view.place.is_project
        ],
    }


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """What is open and late now, since when and where."""
    view = asked_view(request)
    about = {**_frame(request, view, Page("today")), "page": Today(view)}
    return render(request, "dashboards/today.html", about)


@require_safe
def month(request: SignedInRequest) -> HttpResponse:
    """Every measure against its target."""
    view = asked_view(request)
    about = {**_frame(request, view, Page("month")), "page": Month(view)}
    return render(request, "dashboards/month.html", about)


@require_safe
def trend(request: SignedInRequest, regulation: str, rule: str) -> HttpResponse:
    """One measure over time, and by whom and where."""
    view, by = asked_view(request), request.GET.get("by", "department")
    page = Trend(view, regulation, rule, cast("By", by))
    if by not in BYS or not page.shown:
        raise Http404
    about = {**_frame(request, view, page.here(by), "month"), "page": page}
    return render(request, "dashboards/trend.html", about)


@require_safe
def departments(request: SignedInRequest) -> HttpResponse:
    """The score of each department."""
    view = asked_view(request)
    about = {**_frame(request, view, Page("departments")), "page": Departments(view)}
    return render(request, "dashboards/departments.html", about)


@require_safe
def compare(request: SignedInRequest) -> HttpResponse:
    """Companies or projects side by side, and ranked by a measure."""
    view, measure = asked_view(request), request.GET.get("measure", "")
    if view.place.is_project:
        return redirect(view.address("today"))
    about = {
        **_frame(request, view, Page("compare", measure=measure)),
        "page": Comparison(view, measure),
    }
    return render(request, "dashboards/compare.html", about)


@require_safe
def wall(request: SignedInRequest) -> HttpResponse:
    """The big dark screen, which asks again by itself."""
    view = asked_view(request)
    return render(request, "dashboards/wall.html", {"view": view, "page": Wall(view)})
