"""What a form with marks has come to: how many were returned, the share of satisfied of each item
and of all, the mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from shouwen.registers.models import Record
from shouwen.registers.queries import COUNTS
from shouwen.rules.form_kinds import Form
from shouwen.rules.forms import marks

#: 满意 and 很满意.
SATISFIED = 4


@dataclass
class Tally:
    """The marks of one item, or of all."""

    title: str
    count: int = 0
    satisfied: int = 0
    total: int = 0

    def add(self, mark: int) -> None:
        self.count += 1
        self.satisfied += mark >= SATISFIED
        self.total += mark

    @property
    def rate(self) -> str:
        return f"{100 * self.satisfied / self.count:.1f}%" if self.count else "—"

    @property
    def mean(self) -> Decimal | None:
        return (Decimal(self.total) / self.count).quantize(Decimal("0.01")) if self.count else None


@dataclass
class Results:
    returned: int
    all: Tally
    items: list[Tally]


def results(rule: Form, rows: QuerySet[Record]) -> Results:
    """Of complete records: who has not signed it has not returned it."""
    values = rows.filter(state__in=COUNTS).values_list("values", flat=True)
    return tallied(rule, values.iterator(chunk_size=1000))


def tallied(rule: Form, returned: Iterable[dict[str, object]]) -> Results:
    items = {
        item.id: Tally(item.title)
        for one in rule.fields
        if one.kind == "scores"
        for item in one.items
    }
    found = Results(0, Tally("总体"), list(items.values()))
    for values in returned:
        found.returned += 1
        for item, mark in marks(values).items():
            for tally in (found.all, items.get(item)):
                if tally:
                    tally.add(mark)
    return found
