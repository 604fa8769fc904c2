"""The storekeeper's own work: what comes in, what is low, what is found by whom, the count."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shouwen.stores.actions import counting, keeping
from shouwen.stores.models import Material, Move, Stock, StockCount
from shouwen.stores.queries import find_material, low_stock, visible_materials
from tests.stores.conftest import LATER, Shop, refused


def test_a_scanned_barcode_finds_one_material(shop: Shop) -> None:
    assert find_material(shop.cast.cuihu, "6901234567892") == [shop.valve]
    assert find_material(shop.cast.cuihu, " sl-002 ") == [shop.hose]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("角阀", ["角阀"]), ("软管", ["不锈钢软管"]), ("SL-00", ["角阀", "不锈钢软管", "生料带"]),
     ("角阀 DN15", ["角阀"]), ("DN15", ["角阀"]), ("水泵", []), ("角", []), ("", [])],
)  # fmt: skip
def test_two_characters_find_a_material(shop: Shop, typed: str, found: list[str]) -> None:
    assert [row.name for row in find_material(shop.cast.cuihu, typed)] == found


def test_what_is_no_longer_used_is_not_offered(shop: Shop) -> None:
    keeping.change_material(material=shop.valve, by=shop.of(shop.cast.zhoumin), active=False)
    assert find_material(shop.cast.cuihu, "角阀") == []


def test_another_project_has_other_materials(shop: Shop) -> None:
    assert find_material(shop.cast.jingui, "角阀") == []
    assert not visible_materials(shop.of(shop.cast.jingui_manager)).exists()
    assert visible_materials(shop.of(shop.cast.tangli)).count() == 3, "财务 sees her company's"


def test_below_its_mark_a_material_stands_on_the_list_of_what_to_buy(shop: Shop) -> None:
    assert [row.name for row in low_stock(shop.cast.cuihu)] == ["生料带"]
    shop.draws(None, (shop.valve, Decimal(11)))
    low = {row.name: row for row in low_stock(shop.cast.cuihu)}
    assert set(low) == {"角阀", "生料带"}
    assert (low["角阀"].in_rooms, low["角阀"].carried) == (Decimal(9), Decimal(11))  # type: ignore[attr-defined] # annotated


def test_a_code_and_a_barcode_belong_to_one_material(shop: Shop) -> None:
    by = shop.of(shop.cast.zhoumin)
    new: dict[str, Any] = {"project": shop.cast.cuihu, "by": by, "name": "球阀", "unit": "只"}
    with refused("taken"):
        keeping.add_material(code="SL-001", **new)
    with refused("taken"):
        keeping.add_material(code="SL-009", barcode=shop.valve.barcode, **new)
    with refused("band"):
        keeping.add_material(code="SL-009", sold_from=Decimal(9), sold_to=Decimal(8), **new)
    assert Material.objects.count() == 3


def test_a_move_keeps_the_price_of_its_day(shop: Shop) -> None:
    shop.draws(None, (shop.valve, Decimal(1)))
    by = shop.of(shop.cast.zhoumin)
    keeping.change_material(material=shop.valve, by=by, price=Decimal("20.00"))
    assert Move.objects.get(kind=Move.Kind.DRAW).price == Decimal("18.50")


def test_the_database_itself_lets_no_stock_fall_below_nothing(shop: Shop) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(store=shop.room, material=shop.valve).update(quantity=-1)


def test_a_count_that_agrees_is_settled_at_once(shop: Shop) -> None:
    made = counting.count(
        store=shop.room, counted={shop.valve: Decimal(20), shop.tape: Decimal(0)},
        by=shop.keeper, at=LATER,
    )  # fmt: skip
    assert made.state == StockCount.State.APPROVED
    assert made.number == "I-CH-261119-001"
    assert not Move.objects.filter(kind=Move.Kind.COUNT).exists()


def test_a_difference_waits_for_somebody_else_and_then_moves_the_books(shop: Shop) -> None:
    made = counting.count(
        store=shop.room, counted={shop.valve: Decimal(18), shop.tape: Decimal(3)},
        by=shop.keeper, at=LATER, note="季度盘点",
    )  # fmt: skip
    assert made.state == StockCount.State.COUNTED
    assert shop.lies(shop.valve) == "20", "nothing moves before it is approved"
    with refused("not-allowed"):
        counting.approve_count(count=made, by=shop.keeper, at=LATER)
    shop.draws(None, (shop.valve, Decimal(5)))
    made = counting.approve_count(count=made, by=shop.of(shop.cast.liuqiang), at=LATER)
    assert made.decided_by == shop.cast.liuqiang
    assert (shop.lies(shop.valve), shop.lies(shop.tape)) == ("13", "3")
    assert made.moves.count() == 2
    with refused("decided"):
        counting.approve_count(count=made, by=shop.of(shop.cast.zhoumin), at=LATER)


def test_nobody_approves_the_difference_that_he_counted_himself(shop: Shop) -> None:
    head = shop.of(shop.cast.liuqiang)
    made = counting.count(store=shop.room, counted={shop.valve: Decimal(18)}, by=head, at=LATER)
    with refused("own-count"):
        counting.approve_count(count=made, by=head, at=LATER)


def test_a_count_sent_back_says_why_and_books_nothing(shop: Shop) -> None:
    made = counting.count(
        store=shop.room, counted={shop.valve: Decimal(2)}, by=shop.keeper, at=LATER
    )
    by = shop.of(shop.cast.zhoumin)
    with refused("no-opinion"):
        counting.refuse_count(count=made, by=by, at=LATER, opinion="")
    made = counting.refuse_count(count=made, by=by, at=LATER, opinion="漏点了二层货架")
    assert made.state == StockCount.State.REFUSED
    assert shop.lies(shop.valve) == "20"


def test_material_is_carried_over_to_another_store_room(shop: Shop) -> None:
    by = shop.of(shop.cast.zhoumin)
    second = keeping.add_store(project=shop.cast.cuihu, name="二号库", by=by)
    with refused("taken"):
        keeping.add_store(project=shop.cast.cuihu, name="二号库", by=by)
    moved: dict[str, Any] = {"source": shop.room, "lines": [(shop.valve, Decimal(8))], "at": LATER}
    with refused("same-store"):
        keeping.transfer(target=shop.room, by=shop.keeper, **moved)
    keeping.transfer(target=second, by=shop.keeper, **moved)
    assert (shop.lies(shop.valve), shop.lies(shop.valve, second)) == ("12", "8")
