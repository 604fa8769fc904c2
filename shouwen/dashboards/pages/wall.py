"""The screen on the wall: numbers only, nobody's name, room or words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from shouwen.dashboards.heaps import AGES
from shouwen.dashboards.pages.counting import share
from shouwen.dashboards.pages.promises import promises_by
from shouwen.dashboards.pages.today import Counted, aged
from shouwen.dashboards.pieces import Line

#: What can be read from across a room.
LINES = 8


@dataclass(frozen=True)
class Wall(Counted):
    @property
    def tiles(self) -> list[tuple[Any, Any, str]]:
        n = self.counts
        return [
            (_("未关闭"), n["open"], ""),
            (_("超时"), n["late"], "late" if n["late"] else ""),
            (_("紧急"), n["urgent"], "warn" if n["urgent"] else ""),
            (_("重大事件"), n["majors"], "warn" if n["majors"] else ""),
            (_("今天登记"), n["opened-today"], ""),
            (_("今天关闭"), n["closed-today"], ""),
            (_("今天还到期"), n["due-today"], ""),
            (_("本月按时"), share(n["kept"], n["missed"]), ""),
        ]

    @cached_property
    def ageing(self) -> list[tuple[Any, int]]:
        counts = aged(self.view, "open")
        return [(words, counts[age]) for age, (words, _since, _until) in AGES.items()]

    @property
    def oldest(self) -> int:
        """The longest of the bars."""
        return max((n for _words, n in self.ageing), default=0)

    @property
    def departments(self) -> Sequence[Line]:
        return promises_by(self.view).lines[:LINES]
