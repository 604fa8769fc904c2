"""Measures of a period against their targets: how far each is, in records, and whereto it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Min
from django.utils.translation import gettext as _

from shouwen.dashboards.pages.history import back_from
from shouwen.dashboards.places import View
from shouwen.figures.models import Verdict
from shouwen.figures.queries import Shown, figures_over
from shouwen.rules.figures import Figure
from shouwen.rules.gaps import gap
from shouwen.web.words import moment

#: So many periods are drawn in the small line.
PERIODS = 6


@dataclass(frozen=True)
class MeasureLine:
    """One measure as the table shows it."""

    shown: Shown
    before: Sequence[Shown]
    gap: str
    trend_url: str

    @property
    def figure(self) -> Figure:
        return self.shown.figure

    @property
    def target(self) -> str:
        return target_words(self.figure)

    @property
    def tone(self) -> str:
        met = self.figure.is_met
        return "neutral" if met is None else "met" if met else "late"

    @property
    def word(self) -> str:
        met = self.figure.is_met
        return "" if met is None else _("达标") if met else _("未达标")

    @property
    def values(self) -> list[float]:
        found = [one.figure.value for one in self.before]
        return [float(value) for value in found if value is not None]

    @property
    def spark_label(self) -> str:
        told = "、".join(one.figure.words for one in self.before)
        return _("近 {n} 期：{values}").format(n=len(self.before), values=told)


@dataclass(frozen=True)
class Month:
    """The dashboard of measures."""

    view: View

    @cached_property
    def lines(self) -> list[MeasureLine]:
        view = self.view
        told = figures_over(view.place, back_from(view.period, PERIODS), view.at)
        return [
            MeasureLine(
                shown[-1],
                shown,
                self._gap(shown[-1].figure),
                view.address("trend", *key.split("/")),
            )
            for key, shown in told.items()
            if shown[-1].period == view.period
        ]

    @property
    def tiles(self) -> list[tuple[str, int, str, str]]:
        """How many are met, missed, and without a verdict."""
        met = [line.figure.is_met for line in self.lines]
        return [
            (_("达标"), met.count(True), "", "met"),
            (_("未达标"), met.count(False), "", "late" if met.count(False) else "neutral"),
            (_("没有目标或没有记录"), met.count(None), "", "neutral"),
        ]

    @cached_property
    def _deciding(self) -> dict[str, datetime | None]:
        """When the first undecided record of each measure is decided by its time alone."""
        rows = Verdict.objects.filter(
            self.view.here, on__range=(self.view.period.first, self.view.period.last),
            verdict="open", decides_at__gt=self.view.at,
        )  # fmt: skip
        return dict(rows.order_by().values_list("measure").annotate(first=Min("decides_at")))

    def _gap(self, figure: Figure) -> str:
        first = self._deciding.get(figure.key)
        if first is None or gap(figure).standing != "needed":
            return gap_words(figure)
        when = _("（最早 {time} 到期）").format(time=moment(first, self.view.at))
        return gap_words(figure) + when


def target_words(figure: Figure) -> str:
    return figure.measure.target.replace(">=", "≥").replace("<=", "≤")


def gap_words(figure: Figure) -> str:
    """How far it is from its target, as people say it."""
    found = gap(figure)
    sentences = {
        "none": "",
        "spare": _("余量 {n} 件") if found.records else _("没有余量"),
        "needed": _("未定 {open} 件中再有 {n} 件达标即可"),
        "short": _("还差 {n} 件"),
        "over": _("超出 {n} 件"),
    }
    return sentences[found.standing].format(n=found.records, open=figure.counts.open)
