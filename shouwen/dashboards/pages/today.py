"""Today: what is open and late, since when, where, and who keeps their promises."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shouwen.dashboards.heaps import AGES, HEAPS, counted_by_day
from shouwen.dashboards.pages.counting import count_all, opens, share
from shouwen.dashboards.pages.heat import Heat
from shouwen.dashboards.pages.promises import promises_by
from shouwen.dashboards.pieces import Chart, Column, Line, number
from shouwen.dashboards.places import View


@dataclass(frozen=True)
class Counted:
    """A place and what is counted there at first sight, on the desk and on the wall."""

    view: View

    @cached_property
    def counts(self) -> dict[str, int]:
        return count_all(
            self.view, "open", "late", "urgent", "opened-today", "closed-today", "due-today",
            "majors", "kept", "missed",
        )  # fmt: skip


@dataclass(frozen=True)
class Today(Counted):
    """The first dashboard of a place."""

    @property
    def tiles(self) -> list[tuple[Any, Any, str, str, str]]:
        """Title, value, note, tone, and the list that it opens."""
        n = self.counts
        late = "late" if n["late"] else "neutral"
        return [
            self._tile(_("未关闭"), "open", _("其中紧急 {n} 件").format(n=n["urgent"])),
            self._tile(_("超时"), "late", self._share_late(), late),
            self._tile(_("今天登记"), "opened-today"),
            self._tile(_("今天关闭"), "closed-today"),
            self._tile(_("今天还到期"), "due-today", _("到 24:00 为止")),
            self._tile(_("重大事件"), "majors", tone="warn" if n["majors"] else "neutral"),
            (
                _("本月按时"), share(n["kept"], n["missed"]),
                _("按时 {kept}，超时 {missed}").format(kept=n["kept"], missed=n["missed"]),
                "neutral", opens(self.view, "judged"),
            ),
        ]  # fmt: skip

    def _tile(
        self, title: str, heap: str, note: str = "", tone: str = "neutral"
    ) -> tuple[Any, Any, str, str, str]:
        return title, self.counts[heap], note, tone, opens(self.view, heap)

    def _share_late(self) -> str:
        n = self.counts
        return _("占未关闭 {share}").format(share=share(n["late"], n["open"] - n["late"]))

    @property
    def ageing(self) -> Chart:
        """Since when they have been open, and how many of these are late."""
        columns = [Column(_("未关闭"), "bar"), Column(_("其中超时"), "bar", "late")]
        every, late = (aged(self.view, name) for name in ("open", "late"))
        lines = [
            Line(words, [
                number(every[age], opens(self.view, "open", "age", age)),
                number(late[age], opens(self.view, "late", "age", age), "late"),
            ])
            for age, (words, _since, _until) in AGES.items()
        ]  # fmt: skip
        return Chart("ageing", _("未关闭多久了"), _("已登记"), columns, lines, "bars")

    @property
    def flow(self) -> Chart:
        """What came in and what went out, day by day."""
        view = self.view
        opened, closed = (counted_by_day(HEAPS[name], view) for name in ("opened", "closed"))
        days = [day for day in view.period.parts("day") if day.first <= localdate(view.at)]
        columns = [Column(_("登记"), "bar"), Column(_("关闭"), "bar", "met")]
        lines = [
            Line(f"{day.first.day}日", [
                number(opened.get(day.first, 0), opens(view, "opened", "day", day.key)),
                number(closed.get(day.first, 0), opens(view, "closed", "day", day.key)),
            ])
            for day in days
        ]  # fmt: skip
        title = _("每天登记和关闭")
        return Chart(
            "flow", title, _("日期"), columns, lines, "bars", note=view.period.words, folded=True
        )

    @property
    def departments(self) -> Chart:
        return promises_by(self.view)

    @property
    def heat(self) -> Heat:
        return Heat(self.view)


def aged(view: View, name: str) -> dict[str, int]:
    """How many of a heap have been open for how long."""
    heap = HEAPS[name]
    told = {f"age_{age}": Count("pk", filter=heap.aged(age, view)) for age in AGES}
    return {key.removeprefix("age_"): n for key, n in heap.rows(view).aggregate(**told).items()}
