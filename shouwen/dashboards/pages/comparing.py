"""The companies of a group, or the projects of a company, side by side and ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from shouwen.accounts.models import OrgUnit
from shouwen.dashboards.heaps import HEAPS, counted_by
from shouwen.dashboards.pages.counting import opens, rate
from shouwen.dashboards.pages.heat import Heat
from shouwen.dashboards.pages.history import held_figure
from shouwen.dashboards.pages.month import target_words
from shouwen.dashboards.pages.trend import in_unit, url_of
from shouwen.dashboards.pieces import Cell, Chart, Column, Line, number
from shouwen.dashboards.places import BELOW, View
from shouwen.figures.measures import Held
from shouwen.figures.queries import Shown, measures

#: What stands side by side; the tone is that of what should be nought.
SIDE_BY_SIDE = (
    ("open", ""), ("late", "late"), ("majors", "warn"), ("statements", ""),
    ("statements-late", "late"), ("opened", ""), ("complaints", ""), ("kept", ""), ("missed", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """The dashboard that compares the places below one."""

    view: View
    asked: str
    """The measure to rank by."""

    @property
    def by(self) -> str:
        return BELOW[self.view.place.kind]

    @property
    def first(self) -> str:
        return _("公司") if self.by == "company" else _("项目")

    @cached_property
    def _counts(self) -> dict[str, dict[Any, int]]:
        return {name: counted_by(HEAPS[name], self.view, self.by) for name, _tone in SIDE_BY_SIDE}

    @property
    def side_by_side(self) -> Chart:
        columns = [
            Column(_("未关闭"), "bar"), Column(_("其中超时"), "bar", "late"), Column(_("重大事件")),
            Column(_("应报报表")), Column(_("逾期未报")), Column(_("登记")), Column(_("其中投诉")),
            Column(_("承诺按时率")),
        ]  # fmt: skip
        lines = [
            Line(unit.name, self._cells(unit), self.view.of(unit).address("today"))
            for unit in self.view.below
        ]
        title = _("各{of}情况").format(of=self.first)
        return Chart(
            "side-by-side", title, self.first, columns, lines, "across", note=self.view.period.words
        )

    def _cells(self, unit: OrgUnit) -> list[Cell]:
        n = {name: counts.get(unit.pk, 0) for name, counts in self._counts.items()}
        cells = [
            number(n[name], opens(self.view, name, self.by, unit.pk), tone)
            for name, tone in SIDE_BY_SIDE[:-2]
        ]
        url = opens(self.view, "judged", self.by, unit.pk)
        kept = rate(n["kept"], n["missed"], url)
        return [*cells, kept]

    # --- the ranking ---

    @cached_property
    def measures(self) -> list[Held]:
        return measures(self.view.place, self.view.period, self.view.at)

    @cached_property
    def ranked_by(self) -> Held | None:
        """The measure that was asked for, else the first that has a target."""
        known = {held.key: held for held in self.measures}
        with_target = [held for held in self.measures if held.measure.target]
        return known.get(self.asked) or next(iter([*with_target, *self.measures]), None)

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return [(held.key, held.measure.title, held == self.ranked_by) for held in self.measures]

    @property
    def ranking(self) -> Chart | None:
        """The places in the order of the measure, the best first; those without a figure last."""
        held = self.ranked_by
        if held is None:
            return None
        period, at = self.view.period, self.view.at
        found = [held_figure(unit, period, held.key, at) for unit in self.view.below]
        columns = [
            Column(_("名次")), Column(_("本期"), "bar"), Column("n"), Column(_("目标")),
            Column(_("未定")),
        ]  # fmt: skip
        ranks = ranked([one for one in found if one])
        lines = [_ranked_line(rank, shown) for rank, shown in ranks]
        unit = "%" if held.measure.value == "rate" else ""
        return Chart(
            "ranking", held.measure.title, self.first, columns, lines, "across", unit,
            self.view.period.words,
        )  # fmt: skip

    @property
    def heat(self) -> Heat:
        """Problems that many have in common stand in a full column."""
        return Heat(self.view)


def ranked(shown: Sequence[Shown]) -> list[tuple[int, Shown]]:
    """Each with its rank; equals share one, and whoever has no figure has none (0)."""
    judged = [one for one in shown if one.figure.value is not None]
    lower_is_better = any(
        one.figure.measure.bound and one.figure.measure.bound[0] in ("<", "<=") for one in judged
    )
    judged.sort(key=lambda one: one.figure.value or 0, reverse=not lower_is_better)
    values = [one.figure.value for one in judged]
    ranks = [(values.index(one.figure.value) + 1, one) for one in judged]
    return [*ranks, *((0, one) for one in shown if one.figure.value is None)]


def _ranked_line(rank: int, shown: Shown) -> Line:
    found = shown.figure
    value = None if found.value is None else in_unit(found, float(found.value))
    tone = "late" if found.is_met is False else ""
    cells = [
        Cell(rank or "—"), Cell(found.words, value, url_of(shown), tone), Cell(found.counts.n),
        Cell(target_words(found) or "—"), Cell(found.counts.open or ""),
    ]  # fmt: skip
    return Line(shown.place.name, cells, note=_("件数少") if found.is_small else "")
