"""Lists of statements as an address asks for them: whose, in which state, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.rights import ROLES
from shouwen.cases.levels import Tabbed
from shouwen.statements.models import Statement
from shouwen.statements.queries import visible_statements, waiting_for
from shouwen.web.pieces import Pager

PAGE = 50
_STATE = Statement.State
STATES = {
    "open": (_("未报送"), Q(state__in=Statement.OPEN)),
    "sent": (_("待签收"), Q(state=_STATE.SENT)),
    "done": (_("已签收"), Q(state=_STATE.RECEIVED)),
    "replaced": (_("已更正"), Q(state=_STATE.REPLACED)),
    "all": (_("全部"), Q()),
}


@dataclass(frozen=True)
class Listing(Tabbed):
    """What is owed stands by its time, the most urgent first; the rest by its period."""

    @property
    def tabs(self) -> Mapping[str, tuple[Any, Q]]:
        return STATES

    @property
    def place(self) -> OrgUnit | None:
        """The project, company or group whose statements are shown; none for one's own."""
        project = self.request.project
        if self.level == "mine" or project is None:
            return None
        units = {"project": project, "company": project.company, "group": project.group}
        return units[self.level]

    @cached_property
    def of_level(self) -> QuerySet[Statement]:
        seen = visible_statements(self.request.scope)
        if self.place is None:
            mine = waiting_for(self.request.scope, self.request.at)
            return seen.filter(pk__in=seen.filter(mine).values("pk"))
        return seen.filter(**{f"{self.level}_id": self.place.pk})

    @property
    def rows(self) -> QuerySet[Statement]:
        if self.level == "mine":
            return self.of_level
        return self.of_level.filter(STATES[self.state][1])

    def page(self) -> tuple[list[Statement], Pager]:
        """One page; statements are few enough to be counted off."""
        start = self._start()
        rows = self.rows.select_related("unit").defer("content", "texts", "law")
        rows = rows.order_by(*self._order())
        found = list(rows[start : start + PAGE + 1])
        older = self.link(start=str(start + PAGE)) if len(found) > PAGE else ""
        newer = self.link(start=str(max(0, start - PAGE))) if start else ""
        return found[:PAGE], Pager(newer=newer, older=older)

    def _start(self) -> int:
        asked = self.request.GET.get("start", "")
        return int(asked) if asked.isdecimal() and len(asked) < 7 else 0

    def _order(self) -> tuple[Any, ...]:
        if self.level == "mine" or self.state == "open":
            return F("due_at").asc(nulls_last=True), "unit__path", "pk"
        return "-last", "unit__path", "rule", "-edition"

    def link(self, **changed: str) -> str:
        asked = {"of": self.level, "state": self.state, **changed}
        return f"?{urlencode(asked)}"

    def about(self) -> dict[str, Any]:
        """One's own are those that wait, whatever their state."""
        told = super().about()
        return {**told, "states": [] if self.level == "mine" else told["states"]}


def turn_of(row: Statement) -> str:
    """In whose hands it is, in words."""
    return ROLES[row.turn].name if row.turn in ROLES else ""
