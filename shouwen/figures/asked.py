"""Of which place and which period a page of figures is, as its address asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.figures.queries import get_place, require_whole, visible_places
from shouwen.rules.periods import Period, PeriodKind, period, read_period
from shouwen.web.pieces import Choice

KINDS: dict[PeriodKind, object] = {
    "week": gettext_lazy("周"),
    "month": gettext_lazy("月"),
    "quarter": gettext_lazy("季度"),
    "half-year": gettext_lazy("半年"),
    "year": gettext_lazy("年"),
}


@dataclass(frozen=True)
class Asked:
    """A place that somebody sees whole, and a period that has begun."""

    place: OrgUnit
    period: Period
    at: datetime
    page: str = "figures"

    @cached_property
    def today(self) -> Period:
        return period(self.period.kind, localdate(self.at))

    def link(self, **changed: str) -> str:
        asked = {"place": self.place.code, "period": self.period.key, **changed}
        return f"{reverse(f'figures:{self.page}')}?{urlencode(asked)}"

    @property
    def earlier(self) -> str:
        return self.link(period=self.period.before().key)

    @property
    def later(self) -> str:
        """Nothing, where it has not yet begun."""
        after = self.period.after()
        return self.link(period=after.key) if after <= self.today else ""

    @property
    def kinds(self) -> list[Choice]:
        """The same stretch of time as a week, a month, …"""
        day = min(self.period.last, localdate(self.at))
        return [
            Choice(str(title), self.link(period=period(kind, day).key), kind == self.period.kind)
            for kind, title in KINDS.items()
        ]

    def places(self, request: SignedInRequest) -> list[Choice]:
        """What else somebody sees whole: what is above this place, beside it and below it."""
        seen = visible_places(request.scope)
        return [
            Choice(unit.name, replace(self, place=unit).link(), unit == self.place)
            for unit in seen[:MOST]
        ]


#: Places that a menu offers; a group has hundreds, which its table of projects leads to.
MOST = 60


def read_or_current(key: str, at: datetime) -> Period:
    """The period of an address; this month for none, for one that is none, and for the future."""
    today = period("month", localdate(at))
    try:
        asked = read_period(key)
    except (ValueError, OverflowError):
        return today
    return asked if asked.first <= localdate(at) else today


def asked_of(request: SignedInRequest, page: str = "figures") -> Asked:
    require_whole(request.scope)
    found = _place(request)
    return Asked(
        found, read_or_current(request.GET.get("period", ""), request.at), request.at, page
    )


def _place(request: SignedInRequest) -> OrgUnit:
    """The place of the address; without one the open project, or the first that is seen whole."""
    if code := request.GET.get("place", ""):
        return get_place(request.scope, code)
    seen = visible_places(request.scope)
    own = seen.filter(pk=request.project.pk).first() if request.project else None
    return own or seen[0]
