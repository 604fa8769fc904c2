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

from shouwen.cases.levels import TITLES, WIDE, ByLevel
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
class Listing(ByLevel):
    """One list as the address asks for it. `seen` is what somebody may see, `mine` what of it is
    his own, `states` what each tab shows."""

    section: str
    seen: QuerySet[Any]
    mine: Q
    states: Mapping[str, tuple[Any, Q]]
    extra: Mapping[str, str]
    """Further filters, as the address says them."""

    @property
    def state(self) -> str:
        asked = self.request.GET.get("state", "")
        return asked if asked in self.states else next(iter(self.states), "")

    @cached_property
    def of_level(self) -> QuerySet[Any]:
        project = self.request.project
        if self.level == "mine" or project is None:
            return self.seen.filter(self.mine)
        place = {"project": project.pk, "company": project.company_id}
        return self.seen.filter(**{f"{self.level}_id": place.get(self.level, project.group_id)})

    @property
    def rows(self) -> QuerySet[Any]:
        return self.of_level.filter(self.states[self.state][1]) if self.states else self.of_level

    def page(self, rows: QuerySet[Any]) -> tuple[list[Any], Pager]:
        """One page, the last first, by a key that does not shift."""
        after = self.request.GET.get("after", "")
        if after.isdecimal() and len(after) < 19:
            rows = rows.filter(pk__lt=int(after))
        found = list(rows.order_by("-pk")[: PAGE + 1])
        older = self.link(after=str(found[PAGE - 1].pk)) if len(found) > PAGE else ""
        return found[:PAGE], Pager(newer=self.link() if after else "", older=older)

    def link(self, **changed: str) -> str:
        asked = {"of": self.level, "state": self.state, **self.extra, **changed}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    def about(self) -> dict[str, Any]:
        """What the head of the page shows."""
        return {
            "sections": sections(self.section),
            "levels": [
                Choice(str(TITLES[name]), self.link(of=name), name == self.level)
                for name in self.levels
            ],
            "states": [
                Choice(str(title), self.link(state=name), name == self.state)
                for name, (title, _where) in self.states.items()
            ],
            "level": self.level,
            "state": self.state,
            "wide": self.level in WIDE,
        }


def sections(here: str) -> list[Choice]:
    return [
        Choice(str(title), reverse(f"learning:{name}"), name == here)
        for name, title in SECTIONS.items()
    ]
