"""One figure: what it is made of, line by line and record by record."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.cases.export import lines
from shouwen.figures.actions.excluding import ASKS
from shouwen.figures.listing import (
    COLUMNS,
    LINES,
    Records,
    how_of,
    outcome_words,
    read_by,
    read_outcome,
    why_of,
)
from shouwen.figures.models import Exclusion
from shouwen.figures.queries import NONE, SEE, By, Shown, figure_by, get_place
from shouwen.figures.queries import figure as figure_of
from shouwen.rules.periods import Period, read_period
from shouwen.web.pieces import Choice


@require_safe
def figure(
    request: SignedInRequest, place: str, period: str, regulation: str, rule: str
) -> HttpResponse:
    records = _records(request, place, period, f"{regulation}/{rule}")
    shown = records.shown
    by = records.by or _first_lines(shown)
    rows, pager = records.page(request.GET.get("after", ""))
    words = outcome_words(shown)
    lines = figure_by(shown.place, shown.period, shown.figure.key, by, request.at)
    about = {
        "shown": shown,
        "records": records,
        "measure": shown.figure.measure,
        "about": _about(shown),
        "tone": {True: "met", False: "late", None: "neutral"}[shown.figure.is_met],
        "words": words,
        "rows": [(row, words[how_of(row)], why_of(row)) for row in rows],
        "pager": pager,
        "lines": lines,
        "line_title": str(LINES[by])[1:],
        "line_name": next((line.label for line in lines if records.key == (line.key or NONE)), ""),
        "line_tabs": [
            Choice(str(title), records.link(by=name, key=""), name == by)
            for name, title in LINES.items()
            if name != "project" or not shown.place.is_project
        ],
        "whole": records.link(key=""),
        "back": f"{reverse('figures:figures')}?place={place}&period={period}",
        "exports": _exports(request, records),
        "may_ask": request.scope.can(ASKS, shown.place),
        "asked_for": _asked_for(records),
    }
    return render(request, "figures/figure.html", about)


def _about(shown: Shown) -> list[tuple[str, object]]:
    """How it is counted, and by which clause."""
    measure, counts = shown.figure.measure, shown.figure.counts
    return [
        (_("条款"), measure.clause),
        (_("公式"), measure.formula),
        (_("目标"), measure.wanted),
        (_("说明"), measure.reading),
        (_("来历"), _("系统默认，非制度规定") if measure.product_default else ""),
        (_("分母"), counts.n or ""),
        (_("还差"), shown.figure.gap or ""),
        (_("曾暂停"), counts.waited or ""),
    ]


def _first_lines(shown: Shown) -> By:
    """By what it is told apart where nobody asked for anything."""
    return "department" if shown.place.is_project else "project"


def _records(
    request: SignedInRequest, place: str, period: str, measure: str, right: str = SEE
) -> Records:
    unit = get_place(request.scope, place)
    request.scope.require(right, unit)
    shown = figure_of(unit, _period(period), measure, request.at)
    asked = request.GET
    outcome, by = read_outcome(asked.get("outcome", "")), read_by(asked.get("by", ""))
    return Records(shown, request.at, outcome, by, asked.get("key", "")[:24])


def _period(key: str) -> Period:
    try:
        return read_period(key)
    except (ValueError, OverflowError):
        raise Http404 from None


def _asked_for(records: Records) -> set[str]:
    """Records that somebody asked to leave out."""
    shown = records.shown
    waiting = Exclusion.objects.filter(measure=shown.figure.key, approved=None)
    return set(waiting.values_list("record", flat=True))


def _exports(request: SignedInRequest, records: Records) -> list[Choice]:
    shown = records.shown
    if not request.scope.can("export", shown.place):
        return []
    regulation, _slash, rule = shown.figure.key.partition("/")
    at = [shown.place.code, shown.period.key, regulation, rule]
    asked = records.link().partition("?")[2]
    return [
        Choice(title, f"{reverse('figures:export', args=[*at, kind])}{'?' if asked else ''}{asked}")
        for title, kind in (("Excel", "xlsx"), ("CSV", "csv"))
    ]


@require_safe
def export(
    request: SignedInRequest, place: str, period: str, regulation: str, rule: str, kind: str
) -> HttpResponseBase:
    """The same records in the same order as on the page."""
    records = _records(request, place, period, f"{regulation}/{rule}", "export")
    shown = records.shown
    reader = Reader(request.scope, (), request.at)
    name = f"{shown.figure.measure.title} {shown.place.name} {shown.period.key}"
    cells = lines(records.rows, COLUMNS, reader)
    return as_file(kind, cells, COLUMNS, name, f"{localtime(request.at):%Y-%m-%d %H%M}")
