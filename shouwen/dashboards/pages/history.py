"""The measures of a place over several periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.figures.queries import Shown, figure
from shouwen.rules.control import SIGMAS, Kind, Point
from shouwen.rules.figures import Figure
from shouwen.rules.periods import Period
from shouwen.rules.refused import Refused


def back_from(period: Period, count: int) -> list[Period]:
    """The period and those before it, the oldest first."""
    found = [period]
    while len(found) < count:
        found.append(found[-1].before())
    return found[::-1]


def held_figure(place: OrgUnit, period: Period, measure: str, at: datetime) -> Shown | None:
    """One measure; None where it does not hold at this place in this period."""
    try:
        return figure(place, period, measure, at)
    except Refused:
        return None


def kind_of(figure: Figure) -> Kind:
    """How the control chart reads a measure."""
    return "count" if figure.measure.value == "count" else "share"


def points(shown: Sequence[Shown]) -> list[Point]:
    counts = [one.figure.counts for one in shown]
    return [Point(min(c.hit, c.n) if c.n else c.hit, c.n) for c in counts]


def sigmas_at(place: OrgUnit, at: datetime) -> float:
    """How far from its mean a measure must come to swing: as a regulation says."""
    return float(rulebook(pin(place, at).pk).term("swing_sigmas", str(SIGMAS)))
