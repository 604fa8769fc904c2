"""A telephone number on an order that the customer's file does not have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from shouwen.archive.actions import numbers
from shouwen.archive.actions.collecting import collect
from shouwen.archive.models import NumberChange
from shouwen.cases.models import Case
from shouwen.repairs.models import WorkOrder
from tests.archive.conftest import NOW, Keeper, refused
from tests.cast import Cast
from tests.followup.conftest import FINISHED
from tests.repairs.conftest import Shop

NEW = "13800009999"


def finished(shop: Shop, phone: str) -> WorkOrder:
    """王女士 signs, and writes a number."""
    order = shop.on_site(payer="company")
    Case.objects.update(customer=shop.cast.mswang)
    order = shop.finishes(order, phone=phone)
    collect(at=FINISHED)
    return order


@pytest.mark.clause("S2-RP-16")
def test_a_new_number_on_an_order_goes_into_the_customers_file_with_old_and_new_on_record(
    shop: Shop, keeper: Keeper, cast: Cast
) -> None:
    order = finished(shop, NEW)
    change = NumberChange.objects.get()
    assert (change.order, change.old, change.new) == (order.number, "13900000421", NEW)
    with refused("not-allowed"):
        numbers.take(change=change, by=keeper.of(cast.chenjianguo), at=NOW)
    numbers.take(change=change, remove="13900000421", by=keeper.of(cast.sunli), at=NOW)
    assert [phone.number for phone in cast.mswang.phones.all()] == [NEW]
    change.refresh_from_db()
    assert (change.old, change.removed, change.settled_by) == (
        "13900000421", "13900000421", cast.sunli,
    )  # fmt: skip
    with refused("settled-already"):
        numbers.leave(change=change, note="不对", by=keeper.of(cast.sunli), at=NOW)


@pytest.mark.parametrize("phone", ["139 0000 0421", "打门铃", ""])
def test_a_known_number_and_what_is_none_change_nothing(shop: Shop, phone: str) -> None:
    finished(shop, phone)
    assert not NumberChange.objects.exists()


def test_a_number_that_is_another_s_is_left_with_a_reason(
    shop: Shop, keeper: Keeper, cast: Cast, clock: Callable[..., datetime]
) -> None:
    clock("2026-11-20 11:00", "周五")
    finished(shop, NEW)
    change = NumberChange.objects.get()
    client = keeper.client(cast.sunli)
    page = client.get("/archive/numbers").content.decode()
    assert "138 **** 9999" in page
    assert NEW not in page
    said = {"key": "k1", "note": "是邻居的电话"}
    assert client.post(f"/archive/numbers/{change.pk}/leave", said).status_code == 302
    assert "是邻居的电话" in client.get("/archive/numbers?state=settled").content.decode()
    assert [phone.number for phone in cast.mswang.phones.all()] == ["13900000421"]
