"""Where it burns: what was registered in a period, by building and kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from shouwen.dashboards.heaps import HEAPS, NONE, counted_by
from shouwen.dashboards.pages.counting import MOST, opens, unit_names
from shouwen.dashboards.places import View
from shouwen.estate.models import Building
from shouwen.rules.vocabulary import KINDS

#: Shades of the table: the most is in the darkest.
SHADES = 5


@dataclass(frozen=True)
class HeatCell:
    count: int
    shade: int
    url: str


@dataclass(frozen=True)
class HeatLine:
    label: str
    cells: list[HeatCell]
    total: int
    url: str


@dataclass(frozen=True)
class Heat:
    """By building; above a project by project, above a company by company."""

    view: View

    @property
    def by(self) -> str:
        below = {"group": "company", "company": "project"}
        return below.get(self.view.place.kind, "building")

    @property
    def first(self) -> str:
        titles = {"company": _("公司"), "project": _("项目"), "building": _("楼栋")}
        return titles[self.by]

    @cached_property
    def _counts(self) -> dict[Any, dict[str, int]]:
        found: dict[Any, dict[str, int]] = defaultdict(dict)
        for (place, kind), n in counted_by(HEAPS["opened"], self.view, self.by, "kind").items():
            found[place][kind] = n
        return found

    @cached_property
    def kinds(self) -> list[tuple[str, Any]]:
        seen = {kind for row in self._counts.values() for kind in row}
        return [(kind, words) for kind, words in KINDS.items() if kind in seen]

    @cached_property
    def lines(self) -> list[HeatLine]:
        names = self._names()
        most = max((n for row in self._counts.values() for n in row.values()), default=1)
        rows = sorted(self._counts.items(), key=lambda item: -sum(item[1].values()))
        return [
            HeatLine(
                names.get(pk, _("未填房号")),
                [self._cell(pk, kind, row.get(kind, 0), most) for kind, _words in self.kinds],
                sum(row.values()),
                opens(self.view, "opened", self.by, pk or NONE),
            )
            for pk, row in rows[:MOST]
        ]

    @property
    def left_out(self) -> int:
        return max(0, len(self._counts) - MOST)

    def _cell(self, pk: int | None, kind: str, n: int, most: int) -> HeatCell:
        shade = -(-n * SHADES // most)
        return HeatCell(
            n, shade, opens(self.view, "opened", self.by, pk or NONE, kind) if n else ""
        )

    def _names(self) -> dict[Any, str]:
        if self.by != "building":
            return unit_names(list(self._counts), self.view.place)
        rows = Building.objects.filter(pk__in=[pk for pk in self._counts if pk])
        return dict(rows.values_list("pk", "name"))
