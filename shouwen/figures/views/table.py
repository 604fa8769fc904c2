"""The table of figures: every measure of a place and a period, against its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.adoption.models import RegulationEdition
from shouwen.figures.asked import Asked, asked_of
from shouwen.figures.queries import Shown
from shouwen.figures.queries import figures as figures_of


@dataclass(frozen=True)
class Row:
    """One measure: as it is, and as it was in the period before."""

    shown: Shown
    before: str

    @property
    def tone(self) -> str:
        met = self.shown.figure.is_met
        return "info" if met is None else "met" if met else "late"


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    asked = asked_of(request)
    rows = _rows(asked)
    about = {
        "asked": asked,
        "places": asked.places(request),
        "groups": _by_regulation(rows),
        "is_locked": bool(rows) and rows[0].shown.is_locked,
        "met": sum(row.shown.figure.is_met is True for row in rows),
        "missed": sum(row.shown.figure.is_met is False for row in rows),
    }
    return render(request, "figures/figures.html", about)


def _rows(asked: Asked) -> list[Row]:
    before = {
        shown.figure.key: shown.figure.words
        for shown in figures_of(asked.place, asked.period.before(), asked.at)
    }
    told = figures_of(asked.place, asked.period, asked.at)
    return [Row(shown, before.get(shown.figure.key, "—")) for shown in told]


def _by_regulation(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    editions = RegulationEdition.objects.order_by("pk").values_list("regulation", "title")
    titles = dict(editions)
    return [
        (titles.get(regulation, regulation), list(group))
        for regulation, group in groupby(rows, key=lambda row: row.shown.figure.regulation)
    ]
