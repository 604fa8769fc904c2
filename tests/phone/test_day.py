"""What a phone takes along: one's own orders in the order of the way, and a key of one's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.estate.queries import place_of
from shouwen.phone import bundle
from shouwen.phone.route import Stop, route
from shouwen.stores.actions import drawing
from shouwen.stores.models import Material, Requisition, Stock, Store
from tests.cast import Cast
from tests.moments import moment
from tests.phone.conftest import Phone, PhoneOf, said
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import FINISHED, THERE, Shop

NOON = moment("2026-11-19 12:00", "周四")


def stop(place: str, due: datetime | None = None, **about: Any) -> Stop:
    building = place.partition("-")[0]
    return Stop(**{"urgent": False, "building": building, "place": place, "due": due, **about})


def test_one_goes_to_emergencies_first_and_then_building_by_building() -> None:
    urgent = stop("9-101", NOON + timedelta(hours=3), urgent=True)
    in_hand = stop("5-101", NOON + timedelta(hours=5), under_way=True)
    third = [stop("3-201", NOON + timedelta(hours=2)), stop("3-902", NOON + timedelta(hours=9))]
    first = [stop("1-101", NOON + timedelta(hours=4)), stop("1-302")]
    assert route([*first, *reversed(third), in_hand, urgent]) == [urgent, in_hand, *third, *first]


def test_a_phone_takes_along_its_own_orders_prices_and_no_whole_number(
    shop: Shop, phone: Phone, phone_of: PhoneOf
) -> None:
    repair_prices(shop.cast)
    order = shop.sent()
    day = phone.day()
    assert [each["number"] for each in day["orders"]] == [order.number]
    assert day["orders"][0]["care"] == "独居老人，敲门后请稍候"
    assert day["prices"][0].keys() >= {"code", "name", "low", "high"}
    assert "13900000421" not in str(day)
    assert phone_of(shop.cast.hewei).day()["orders"] == []


def test_an_order_that_may_be_taken_is_on_every_phone_of_the_department(
    shop: Shop, phone_of: PhoneOf
) -> None:
    shop.sends(shop.issues(), mode="grab")
    for engineer in (shop.cast.chenjianguo, shop.cast.hewei):
        assert [each["free"] for each in phone_of(engineer).day()["orders"]] == [True]


def test_the_key_is_the_same_at_every_sign_in_and_another_for_everybody(
    cast: Cast, phone_of: PhoneOf
) -> None:
    assert phone_of().day()["key"] == phone_of().day()["key"]
    assert phone_of().day()["key"] != phone_of(cast.hewei).day()["key"]


def test_eight_orders_are_read_with_as_many_queries_as_two(
    shop: Shop, phone: Phone, django_assert_max_num_queries: Any
) -> None:
    shop.adopts("customer-communication")
    for _ in range(2):
        shop.sent(payer="company")
    phone.day()
    with django_assert_max_num_queries(30) as two:
        phone.day()
    for _ in range(6):
        shop.sent(payer="company")
    with django_assert_max_num_queries(len(two)):
        assert len(phone.day()["orders"]) == 8


def test_the_program_of_the_phone_is_under_150_kilobytes_and_its_worker_keeps_all_of_it(
    cast: Cast, phone: Phone
) -> None:
    sizes = [len(bundle.read(name)) for name in (bundle.SCRIPT, bundle.STYLE, bundle.WORKER)]
    assert all(sizes), "frontend/build has not made it"
    assert sum(sizes) < 150_000
    worker, shell = phone.gets("worker"), phone.gets("shell")
    for name in (bundle.SCRIPT, bundle.STYLE):
        assert f"{name}?v={bundle.version()}" in worker
        assert f"{name}?v={bundle.version()}" in shell


@pytest.mark.parametrize("name", ["shell", "day", "worker", "manifest"])
def test_nothing_of_it_is_given_to_who_has_not_signed_in(cast: Cast, name: str) -> None:
    assert Client().get(reverse(f"phone:{name}")).status_code == 302


def test_the_shell_names_nobody(phone: Phone, cast: Cast) -> None:
    assert cast.chenjianguo.name not in phone.gets("shell")


def test_the_second_copy_of_a_requisition_is_signed_for_on_the_phone(
    shop: Shop, phone: Phone
) -> None:
    """S2-RP-5: goods and second copy are fetched at the store, and are his from then on."""
    cast, order = shop.cast, shop.on_site()
    valve = Material.objects.create(
        **place_of(cast.cuihu), code="SL-001", name="角阀", unit="只", price=Decimal(18)
    )
    room = Store.objects.create(**place_of(cast.cuihu), name="工程部库房")
    Stock.objects.create(store=room, material=valve, quantity=Decimal(20))
    asked = phone.act("request", order, THERE, lines=[{"code": "SL-001", "quantity": "2"}])
    assert said(phone.sends(asked, phone.act("fetched", order, THERE))) == ["ok", "nothing-to-sign"]
    assert not phone.day()["orders"][0]["to_sign"]
    requisition = Requisition.objects.get()
    drawing.issue(
        requisition=requisition, issued={requisition.lines.get().pk: Decimal(2)},
        by=shop.of(cast.machao, FINISHED), at=FINISHED,
    )  # fmt: skip
    assert phone.day()["orders"][0]["to_sign"]
    assert said(phone.sends(phone.act("fetched", order, FINISHED))) == ["ok"]
    requisition.refresh_from_db()
    assert requisition.acknowledged_at == FINISHED
    assert not phone.day()["orders"][0]["to_sign"]
