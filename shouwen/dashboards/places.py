"""Of which place and period a dashboard is: only of places that somebody sees whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import line_above
from shouwen.accounts.scope import Scope
from shouwen.figures.counting import at_place
from shouwen.figures.measures import end_of, midnight
from shouwen.figures.queries import SEE, get_place
from shouwen.rules.periods import Period, period, read_period
from shouwen.rules.refused import Refused
from shouwen.web.pieces import Choice

#: Of what a place is compared: of a group its companies, of a company its projects.
BELOW = {"group": "company", "company": "project"}


class Page:
    """One of the dashboards: its name, what stands in its path, and what is asked besides."""

    def __init__(self, name: str, *arguments: str, **asked: str) -> None:
        self.name, self.arguments, self.asked = name, arguments, asked

    def of(self, view: View) -> str:
        """Its address."""
        return view.address(self.name, *self.arguments, **self.asked)


@dataclass(frozen=True)
class View:
    """What one dashboard is about: a place, a period, and the moment at which it is looked at."""

    place: OrgUnit
    period: Period
    at: datetime

    @property
    def here(self) -> Q:
        """The condition for the records of the place."""
        return at_place(self.place)

    @cached_property
    def today(self) -> datetime:
        """The midnight with which today began."""
        return midnight(localdate(self.at))

    def within(self, field: str) -> Q:
        """The condition that a moment lies in the period."""
        began, ends = midnight(self.period.first), end_of(self.period)
        return Q(**{f"{field}__gte": began, f"{field}__lt": ends})

    def address(self, page: str, *arguments: str, **more: object) -> str:
        """A page of this place and period, with more in its address."""
        asked = {"place": self.place.code, "period": self.period.key, **more}
        told = {name: value for name, value in asked.items() if value != ""}
        return f"{reverse(f'dashboards:{page}', args=arguments)}?{urlencode(told)}"

    def of(self, place: OrgUnit) -> View:
        return replace(self, place=place)

    def during(self, other: Period) -> View:
        return replace(self, period=other)

    @cached_property
    def below(self) -> list[OrgUnit]:
        """The places by which it is compared; a project is compared by none."""
        kind = BELOW.get(self.place.kind, "")
        units = OrgUnit.objects.filter(path__startswith=self.place.path, kind=kind, closed_at=None)
        return list(units.order_by("path"))


def levels(scope: Scope, project: OrgUnit | None) -> list[OrgUnit]:
    """The open project and what is above it, as far as somebody sees each whole; the nearest
    first."""
    wide = scope.wide(SEE)
    line = line_above(project) if project else wide[:1]
    seen = [unit for unit in line if any(unit.path.startswith(one.path) for one in wide)]
    if not seen:
        raise Refused("not-allowed", _("看板按整个项目统计，请向项目经理了解。"))
    return seen


def asked_view(request: SignedInRequest) -> View:
    """What the address asks for; without it the highest level that somebody has, this month."""
    request.scope.require(SEE)
    own = levels(request.scope, request.project)
    code = request.GET.get("place", "")
    place = get_place(request.scope, code) if code else own[-1]
    return View(place, _period(request), request.at)


def _period(request: SignedInRequest) -> Period:
    """The period asked for; this month for none, for one that is none, and for the future."""
    today = localdate(request.at)
    try:
        asked = read_period(request.GET.get("period", ""))
    except (ValueError, OverflowError):
        return period("month", today)
    return asked if asked.first <= today else period("month", today)


def level_tabs(request: SignedInRequest, view: View, page: Page) -> list[Choice]:
    """The levels to choose from; another place that was asked for stands before them."""
    own: Sequence[OrgUnit] = levels(request.scope, request.project)
    shown = own if view.place in own else [view.place, *own]
    return [Choice(unit.name, page.of(view.of(unit)), unit == view.place) for unit in shown]


def period_tabs(view: View, page: Page) -> list[Choice]:
    """The period before, the one shown, and the next if it has begun."""
    after = view.period.after()
    shown = [view.period.before(), view.period]
    shown += [after] if after.first <= localdate(view.at) else []
    return [Choice(one.words, page.of(view.during(one)), one == view.period) for one in shown]
