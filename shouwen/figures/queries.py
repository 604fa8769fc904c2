"""Figures as they are asked for: of a place and a period, whole or by department, building, person,
kind; and the verdicts behind each.

Screen, export, API and statement all ask here, so that they agree to the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.figures.models import Verdict
from shouwen.rules.figures import Figure
from shouwen.rules.periods import Period

By = Literal["department", "building", "staff", "kind", "project"]


@dataclass(frozen=True)
class Shown:
    """A figure of one place and period, as it stands and as it was locked."""

    place: OrgUnit
    period: Period
    figure: Figure
    locked: Figure | None = None
    """As it was locked, where a restatement changed it since."""
    is_locked: bool = False
    label: str = ""
    """Of a line of a table: the department, the building, the person, the kind, the project."""
    url: str = ""
    """The list of exactly the records that it counts."""


def figures(place: OrgUnit, period: Period, at: datetime) -> list[Shown]:
    """Every measure that holds at this place (a project, company or group) in this period, in the
    order of the regulations. Locked months by their tallies, others by their verdicts."""
    raise NotImplementedError


def figure(place: OrgUnit, period: Period, measure: str, at: datetime) -> Shown:
    """One of them, by its key "customer-communication/complaint-closed"."""
    raise NotImplementedError


def figure_by(place: OrgUnit, period: Period, measure: str, by: By, at: datetime) -> list[Shown]:
    """The same measure, line by line; the lines add up to the whole."""
    raise NotImplementedError


def trend(
    place: OrgUnit, period: Period, measure: str, at: datetime, *, back: int = 12
) -> Sequence[Shown]:
    """The measure in this period and as many before it, the oldest first."""
    raise NotImplementedError


def visible_verdicts(scope: Scope) -> QuerySet[Verdict]:
    """Those of the places that somebody sees whole."""
    return Verdict.objects.filter(scope.on("case.view"))


def behind(
    place: OrgUnit, period: Period, measure: str, at: datetime, outcome: str = ""
) -> QuerySet[Verdict]:
    """The records that a figure counts, all of them or those of one outcome (hit, miss, open, out):
    as many as the figure says."""
    raise NotImplementedError
