"""The score of each responsible department for a month."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from shouwen.dashboards.heaps import HEAPS, counted_by
from shouwen.dashboards.pages.counting import MOST, opens, share, unit_names
from shouwen.dashboards.pieces import Cell, Chart, Column, Line
from shouwen.dashboards.places import View
from shouwen.rules.scores import TITLES, WEIGHTS, Part, score

#: Of each part: the heap of successes, and the heap that they are a part of.
PARTS = {
    "timeliness": ("kept", "judged"),
    "closure": ("settled", "opened"),
    "satisfaction": ("satisfied", "visited"),
    "calm": ("urged", "opened"),
}


@dataclass(frozen=True)
class Departments:
    """The dashboard of assessed departments."""

    view: View

    @property
    def weights(self) -> str:
        return "、".join(f"{TITLES[name]} {weight}" for name, weight in WEIGHTS.items())

    @property
    def chart(self) -> Chart:
        told = self._parts()
        names = unit_names(told, self.view.place)
        scored = [(score(parts), pk, parts) for pk, parts in told.items()]
        rows = [(points, pk, parts) for points, pk, parts in scored if points is not None]
        rows.sort(key=lambda row: -row[0])
        lines = [
            Line(names[pk], [_points(points), *self._cells(pk, parts)])
            for points, pk, parts in rows[:MOST]
        ]
        columns = [
            Column(_("得分"), "bar"),
            *(Column(title) for title in (_("承诺按时"), _("关闭"), _("回访满意"), _("被催办"))),
        ]
        return Chart(
            "scores", _("责任部门考核"), _("部门"), columns, lines, "across",
            note=self.view.period.words, left_out=len(rows[MOST:]),
        )  # fmt: skip

    def _parts(self) -> dict[int, dict[str, Part]]:
        heaps = {name for pair in PARTS.values() for name in pair}
        counts = {name: counted_by(HEAPS[name], self.view, "department") for name in heaps}
        known = {pk for found in counts.values() for pk in found if pk}
        return {pk: {name: _part(name, counts, pk) for name in PARTS} for pk in known}

    def _cells(self, pk: int, parts: dict[str, Part]) -> list[Cell]:
        return [self._cell(name, pk, part) for name, part in parts.items()]

    def _cell(self, name: str, pk: int, part: Part) -> Cell:
        """The share and its numbers; of urges how many, for these are to be read."""
        hits, whole = PARTS[name]
        if name == "calm":
            pressed = part.n - part.hit
            url = opens(self.view, hits, "department", pk) if pressed else ""
            return Cell(f"{pressed}/{part.n}" if part.n else "—", None, url)
        words = f"{share(part.hit, part.n - part.hit)}（{part.hit}/{part.n}）" if part.n else "—"
        return Cell(words, None, opens(self.view, whole, "department", pk) if part.n else "")


def _part(name: str, counts: dict[str, dict[Any, int]], pk: int) -> Part:
    hits, whole = (counts[heap].get(pk, 0) for heap in PARTS[name])
    return Part(whole - hits if name == "calm" else hits, whole)


def _points(points: Fraction) -> Cell:
    shown = round(float(points), 1)
    return Cell(f"{shown:g}", shown)
