"""What the lists of this floor have in common: whose, in which state, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwen.cases.levels import Tabbed
from shouwen.web.pieces import Choice, Pager

PAGE = 50
#: The pages of this floor, in the order of their tabs.
SECTIONS = {
    "corrections": _("纠正预防"),
    "suggestions": _("建议"),
    "praises": _("表扬批评"),
    "typical": _("典型案例"),
    "quality": _("产品质量"),
    "archive": _("投诉档案"),
}


@dataclass(frozen=True)
class Listing(Tabbed):
    """One list as the address asks for it. `seen` is what somebody may see, `mine` what of it is
    his own, `states` what each tab shows."""

    section: str
    seen: QuerySet[Any]
    mine: Q
    states: Mapping[str, tuple[Any, Q]]
    extra: Mapping[str, str]
    """Further filters, as the address says them."""

    @property
    def tabs(self) -> Mapping[str, tuple[Any, Q]]:
        return self.states

    @cached_property
    def of_level(self) -> QuerySet[Any]:
        return self.placed(self.seen, self.mine)

    @property
    def rows(self) -> QuerySet[Any]:
        return self.of_level.filter(self.states[self.state][1]) if self.states else self.of_level

    def page(self, rows: QuerySet[Any]) -> tuple[list[Any], Pager]:
        return self.newest(rows, PAGE)

    def link(self, **changed: str) -> str:
        asked = {"of": self.level, "state": self.state, **self.extra, **changed}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    def about(self) -> dict[str, Any]:
        return {**super().about(), "sections": sections(self.section)}


def sections(here: str) -> list[Choice]:
    return [
        Choice(str(title), reverse(f"learning:{name}"), name == here)
        for name, title in SECTIONS.items()
    ]
