"""What the dashboards have in common: counts, the lists that they open, and names."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.board import Count
from shouwen.dashboards.heaps import HEAPS
from shouwen.dashboards.pieces import Cell
from shouwen.dashboards.places import View
from shouwen.rules.figures import percent

#: The most lines of a table; what is less is left out, and said to be.
MOST = 30


def count_all(view: View, *names: str) -> dict[str, int]:
    """How many each heap holds, in one question."""
    counts = [Count(HEAPS[name].rows(view).order_by().values("pk")) for name in names]
    return dict(zip(names, Staff.objects.values_list(*counts)[:1][0], strict=True))


def opens(view: View, heap: str, by: str = "", key: object = "", kind: str = "") -> str:
    """The list of exactly the records that a number counts."""
    return view.address("records", heap, by=by, key=key, kind=kind)


def share(kept: int, missed: int) -> str:
    return f"{percent(Fraction(kept, kept + missed))}%" if kept + missed else "—"


def rate(kept: int, missed: int, url: str) -> Cell:
    """The share of those kept, which leads to all of them."""
    return Cell(share(kept, missed), None, url if kept + missed else "")


def unit_names(ids: Iterable[int | None], place: OrgUnit) -> dict[int | None, str]:
    """Names of units as they are told apart at a place: above a project a department is named with
    where it belongs."""
    units = OrgUnit.objects.filter(pk__in={pk for pk in ids if pk})
    found = units.select_related("project", "company")
    return {unit.pk: unit.name if place.is_project else _named(unit) for unit in found}


def _named(unit: OrgUnit) -> str:
    home = unit.project or unit.company
    return f"{home.name} {unit.name}" if home and home != unit else unit.name
