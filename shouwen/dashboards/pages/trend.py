"""One measure: period by period with the limits of chance, and by whom and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from shouwen.dashboards.pages.counting import MOST
from shouwen.dashboards.pages.history import back_from, kind_of, points, sigmas_at
from shouwen.dashboards.pieces import Cell, Chart, Column, Line
from shouwen.dashboards.places import Page, View
from shouwen.figures.queries import By, Shown, figure_by, figures_over
from shouwen.rules.control import LEAST, Limits, Swing, explained, limits, swing
from shouwen.rules.figures import Figure
from shouwen.web.pieces import Choice

#: Two years of months: as many as the test for eight in a row needs, and some.
PERIODS = 24
#: So many of these are drawn.
DRAWN = 13
BYS: dict[By, str] = {
    "department": "部门", "building": "楼栋", "kind": "类别", "staff": "人员", "project": "项目",
}  # fmt: skip


def in_unit(figure: Figure, value: float) -> float:
    """As it is drawn: shares in percent."""
    return round(value if figure.measure.value != "rate" else 100 * value, 1)


def url_of(shown: Shown) -> str:
    """The records of a figure; nowhere if it has none."""
    return shown.url if shown.figure.counts.listed else ""


@dataclass(frozen=True)
class Trend:
    """The dashboard of one measure."""

    view: View
    regulation: str
    rule: str
    by: By

    @property
    def measure(self) -> str:
        return f"{self.regulation}/{self.rule}"

    def here(self, by: str) -> Page:
        return Page("trend", self.regulation, self.rule, by=by)

    @cached_property
    def shown(self) -> Sequence[Shown]:
        view, periods = self.view, back_from(self.view.period, PERIODS)
        return figures_over(view.place, periods, view.at, self.measure).get(self.measure, [])

    @property
    def now(self) -> Shown:
        """Of the period that is looked at, or the last in which it held."""
        return self.shown[-1]

    @cached_property
    def _sigmas(self) -> float:
        return sigmas_at(self.view.place, self.view.at)

    @cached_property
    def swing(self) -> Swing | None:
        if self.now.figure.measure.value == "mean":
            return None
        return swing(points(self.shown), kind_of(self.now.figure), self._sigmas)

    @property
    def swing_words(self) -> str:
        if self.swing is None:
            return ""
        return explained(self.swing, points(self.shown)[-1], kind_of(self.now.figure))

    @cached_property
    def _limits(self) -> list[Limits | None]:
        """Of each period drawn, by what was before the last one."""
        figure, known = self.now.figure, points(self.shown)
        if figure.measure.value == "mean":
            return [None] * len(known)
        kind = kind_of(figure)
        before = [point for point in known[:-1] if point.n or kind == "count"]
        return [
            limits(before, point, kind, self._sigmas) if point.n or kind == "count" else None
            for point in known
        ]

    @property
    def chart(self) -> Chart:
        figure = self.now.figure
        columns = [
            Column(_("本期"), "line"), Column("n"), Column(_("目标"), "limit", "met"),
            Column(_("正常上限"), "limit", "warn"), Column(_("正常下限"), "limit", "warn"),
        ]  # fmt: skip
        shown = columns if any(self._limits) else columns[:3]
        lines = [
            Line(one.period.words, self._cells(one, bounds)[: len(shown)])
            for one, bounds in self._drawn
        ]
        unit = "%" if figure.measure.value == "rate" else ""
        return Chart(
            "trend", figure.measure.title, _("期间"), shown, lines, "line", unit, self._note
        )

    @property
    def _drawn(self) -> list[tuple[Shown, Limits | None]]:
        """The last thirteen, without those before anything was recorded."""
        rows = list(zip(self.shown, self._limits, strict=True))[-DRAWN:]
        filled = [at for at, (one, _bounds) in enumerate(rows) if one.figure.counts.listed]
        return rows[min(filled, default=len(rows) - 1) :]

    @property
    def _note(self) -> str:
        if any(self._limits):
            return _("虚线之间的上下，多半是偶然")
        return _("满 {n} 期以后才算得出正常范围").format(n=LEAST)

    def _cells(self, shown: Shown, bounds: Limits | None) -> list[Cell]:
        figure = shown.figure
        value = None if figure.value is None else in_unit(figure, float(figure.value))
        target = figure.measure.bound
        return [
            Cell(figure.words, value, url_of(shown), "late" if figure.is_met is False else ""),
            Cell(figure.counts.n),
            self._bound(figure, float(target[1]) if target else None),
            self._bound(figure, bounds.high if bounds else None),
            self._bound(figure, bounds.low if bounds else None),
        ]

    def _bound(self, figure: Figure, value: float | None) -> Cell:
        if value is None:
            return Cell("—")
        shown = in_unit(figure, value)
        return Cell(f"{shown:g}%" if figure.measure.value == "rate" else f"{shown:g}", shown)

    @property
    def parts(self) -> Chart:
        """The measure of this period, line by line."""
        view = self.view
        rows = figure_by(view.place, view.period, self.measure, self.by, view.at)
        columns = [
            Column(_("本期"), "bar"), Column("n"), Column(_("未定")), Column(_("不计")),
        ]  # fmt: skip
        unit = "%" if self.now.figure.measure.value == "rate" else ""
        return Chart(
            "parts", _("{period} 分{by}").format(period=view.period.words, by=BYS[self.by]),
            BYS[self.by], columns, [_part(row) for row in rows[:MOST]], "across", unit,
            left_out=len(rows[MOST:]),
        )  # fmt: skip

    @property
    def bys(self) -> list[Choice]:
        shown = [by for by in BYS if by != "project" or not self.view.place.is_project]
        return [Choice(BYS[by], self.here(by).of(self.view), by == self.by) for by in shown]


def _part(shown: Shown) -> Line:
    figure = shown.figure
    value = None if figure.value is None else in_unit(figure, float(figure.value))
    tone = "late" if figure.is_met is False else ""
    cells = [
        Cell(figure.words, value, url_of(shown), tone), Cell(figure.counts.n),
        Cell(figure.counts.open or ""), Cell(figure.counts.out or ""),
    ]  # fmt: skip
    return Line(shown.label, cells, note=_("件数少") if figure.is_small else "")
