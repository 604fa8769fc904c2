"""The month of a project in services (4.4.3e): how often each was asked for, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone

from shouwen.billing.models import Charge
from shouwen.rules import services as rules
from shouwen.rules.money import ZERO
from shouwen.services.listing import with_outcome
from shouwen.services.models import Parcel, ServiceOrder


@dataclass(frozen=True)
class Row:
    """One service in the month. Money in yuan."""

    code: str
    title: str
    paid: bool
    asked: int
    done: int
    cancelled: int
    visited: int
    satisfied: int
    charged: Decimal
    received: Decimal

    @property
    def still_open(self) -> int:
        return self.asked - self.done - self.cancelled


class Span(Protocol):
    """Any stretch of time that orders may fall into."""

    def during(self, field: str) -> Q: ...


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def asked(cls, text: str, today: date) -> Month:
        """The month that is asked for; this one for none, or one that is no month."""
        try:
            return cls(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return cls(today.replace(day=1))

    def _moved(self, months: int) -> date:
        year, month = divmod(self.first.year * 12 + self.first.month - 1 + months, 12)
        return date(year, month + 1, 1)

    @property
    def next(self) -> date:
        return self._moved(1)

    @property
    def before(self) -> date:
        return self._moved(-1)

    @property
    def words(self) -> str:
        return f"{self.first:%Y-%m}"

    def during(self, field: str) -> Q:
        since, until = (
            datetime(on.year, on.month, on.day, tzinfo=get_current_timezone())
            for on in (self.first, self.next)
        )
        return Q(**{f"{field}__gte": since, f"{field}__lt": until})


def summary(orders: QuerySet[ServiceOrder], month: Span) -> list[Row]:
    """Orders asked for in that time, by service, in the order of the catalogue."""
    inside = orders.filter(month.during("asked_at"))
    money = _money(inside)
    visits = _visits(inside)
    counted = (
        inside.order_by()
        .values("item", "item__code", "item__title", "item__paid", "item__position")
        .annotate(
            asked=Count("pk"),
            done=Count("pk", filter=Q(state=rules.DONE)),
            cancelled=Count("pk", filter=Q(state=rules.CANCELLED)),
        )
        .order_by("item__position", "item__code")
    )
    return [
        Row(
            row["item__code"], row["item__title"], row["item__paid"], row["asked"], row["done"],
            row["cancelled"], *visits.get(row["item"], (0, 0)),
            *money.get(row["item"], (ZERO, ZERO)),
        )
        for row in counted
    ]  # fmt: skip


def _money(inside: QuerySet[ServiceOrder]) -> dict[int, tuple[Decimal, Decimal]]:
    """By service, what was charged and what of it has come in."""
    items = dict(inside.values_list("number", "item_id"))
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    rows = Charge.objects.filter(subject__in=list(items)).exclude(state=Charge.State.CANCELLED)
    for subject, charged, paid in rows.values_list("subject").annotate(Sum("amount"), Sum("paid")):
        before = sums.get(items[subject], (ZERO, ZERO))
        sums[items[subject]] = (before[0] + charged, before[1] + paid)
    return sums


def _visits(inside: QuerySet[ServiceOrder]) -> dict[int, tuple[int, int]]:
    """By service, how many were visited, and how many of these were satisfied."""
    found: dict[int, tuple[int, int]] = {}
    visited = with_outcome(inside).filter(visited_at__isnull=False)
    for item, result in visited.values_list("item_id", "visit_result"):
        many, satisfied = found.get(item, (0, 0))
        found[item] = (many + 1, satisfied + (result == "satisfied"))
    return found


def mail(parcels: QuerySet[Parcel], month: Month) -> dict[str, int]:
    """How much mail came and went: the first of the free services is recorded piece by piece."""
    inside = parcels.filter(month.during("received_at"))
    return inside.aggregate(
        came=Count("pk", filter=Q(outgoing=False)),
        sent=Count("pk", filter=Q(outgoing=True)),
        fetched=Count("pk", filter=Q(outgoing=False, released_at__isnull=False)),
    )
