"""One act of a phone while it is written, and what an act is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Attachment, Case
from shouwen.cases.queries import get_case
from shouwen.phone.files import hang
from shouwen.phone.said import Nothing
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import get_order


@dataclass(frozen=True)
class Doing:
    """Who, about what, when we heard of it and when it truly was."""

    by: Scope
    number: str
    """Of the work order, or of the case where there is no order."""
    project: OrgUnit | None
    """Where its engineer works: for what belongs to no order yet."""
    at: datetime
    happened: datetime

    @property
    def when(self) -> dict[str, Any]:
        """What every action asks for."""
        return {"by": self.by, "at": self.at, "happened": self.happened}

    @cached_property
    def order(self) -> WorkOrder:
        return get_order(self.by, self.number)

    @cached_property
    def case(self) -> Case:
        is_order = WorkOrder.objects.filter(number=self.number).exists()
        return self.order.case if is_order else get_case(self.by, self.number)

    def hang(self, hashes: Sequence[str], case: Case | None = None) -> list[Attachment]:
        """The files of the act, on its case."""
        place = case or self.case
        return [hang(sha256=each, case=place, by=self.by, at=self.at) for each in hashes]


@dataclass(frozen=True)
class Doable:
    """An act: the word that people read, what belongs to it, and how it is done."""

    word: str
    data: type[Nothing]
    do: Callable[[Doing, Any], object]
