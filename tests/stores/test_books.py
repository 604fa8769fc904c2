"""The books of the stores: whatever is moved in whatever order, stock is the sum of its moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shouwen.cases.models import Case
from shouwen.rules.refused import Refused
from shouwen.stores.actions import counting, drawing, keeping
from shouwen.stores.models import Move, Stock, Store
from shouwen.stores.queries import reconcile
from tests.stores.conftest import LATER, ORDER, Shop

quantities = st.decimals("0.01", "12", places=2)
things = st.sampled_from(["valve", "hose", "tape"])


class Books(RuleBasedStateMachine):
    """A store room, a second one, an engineer and an order; what is refused leaves no trace."""

    shop: Shop

    def __init__(self) -> None:
        super().__init__()
        self.case: Case = self.shop.case()
        self.second = keeping.add_store(
            project=self.shop.cast.cuihu, name=f"二号库 {Store.objects.count()}",
            by=self.shop.of(self.shop.cast.zhoumin),
        )  # fmt: skip

    def _try(self, act: Callable[..., Any], **arguments: Any) -> None:
        before = (Move.objects.count(), _stock())
        try:
            act(at=LATER, **arguments)
        except Refused:
            assert (Move.objects.count(), _stock()) == before, "a refused act moved something"

    def _line(self, thing: str, quantity: Decimal) -> list[tuple[Any, Decimal]]:
        return [(getattr(self.shop, thing), quantity)]

    @rule(thing=things, quantity=quantities)
    def receive(self, thing: str, quantity: Decimal) -> None:
        lines = self._line(thing, quantity)
        self._try(keeping.receive, store=self.shop.room, lines=lines, by=self.shop.keeper)

    @rule(thing=things, asked=quantities, issued=quantities, for_order=st.booleans())
    def draw(self, thing: str, asked: Decimal, issued: Decimal, for_order: bool) -> None:
        made = self.shop.asks(self.case if for_order else None, *self._line(thing, asked))
        given = {made.lines.get().pk: issued}
        self._try(drawing.issue, requisition=made, issued=given, by=self.shop.keeper)

    @rule(thing=things, quantity=quantities)
    def use(self, thing: str, quantity: Decimal) -> None:
        lines, by = self._line(thing, quantity), self.shop.engineer
        self._try(drawing.use, case=self.case, subject=ORDER, lines=lines, by=by)

    @rule(thing=things, quantity=quantities, for_order=st.booleans())
    def give_back(self, thing: str, quantity: Decimal, for_order: bool) -> None:
        self._try(
            drawing.give_back, lines=self._line(thing, quantity), by=self.shop.engineer,
            case=self.case, subject=ORDER if for_order else "",
        )  # fmt: skip

    @rule(thing=things, quantity=quantities, back=st.booleans())
    def transfer(self, thing: str, quantity: Decimal, back: bool) -> None:
        source, target = self.shop.room, self.second
        if back:
            source, target = target, source
        lines, by = self._line(thing, quantity), self.shop.keeper
        self._try(keeping.transfer, source=source, target=target, lines=lines, by=by)

    @rule(thing=things, found=st.decimals(0, 12, places=2), moved=quantities)
    def count(self, thing: str, found: Decimal, moved: Decimal) -> None:
        """Something may be issued between the count and its approval."""
        material = getattr(self.shop, thing)
        made = counting.count(
            store=self.shop.room, counted={material: found}, by=self.shop.keeper, at=LATER
        )
        self.draw(thing, moved, moved, for_order=False)
        by = self.shop.of(self.shop.cast.zhoumin)
        self._try(counting.approve_count, count=made, by=by)

    @invariant()
    def stock_is_the_sum_of_its_moves_and_never_below_nothing(self) -> None:
        stock = _stock()
        assert all(quantity >= 0 for quantity in stock.values())
        assert stock == _moved()

    @invariant()
    def no_more_comes_back_for_an_order_than_was_drawn_for_it(self) -> None:
        assert all(row.returned <= row.drawn for row in reconcile(ORDER))


def _stock() -> dict[tuple[int, int], Decimal]:
    rows = Stock.objects.exclude(quantity=0)
    return {(row.store_id, row.material_id): row.quantity for row in rows}


def _moved() -> dict[tuple[int, int], Decimal]:
    """What comes of adding up every move."""
    totals: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for side, sign in (("source", -1), ("target", 1)):
        rows = Move.objects.filter(**{f"{side}__isnull": False}).values(f"{side}_id", "material_id")
        for row in rows.annotate(total=Sum("quantity")).order_by():
            totals[row[f"{side}_id"], row["material_id"]] += sign * row["total"]
    return {place: total for place, total in totals.items() if total}


def test_stock_is_always_the_sum_of_its_moves(shop: Shop) -> None:
    Books.shop = shop
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=10, stateful_step_count=12, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
