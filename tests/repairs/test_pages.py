"""The pages and the API of orders, as they are asked for without a browser."""

from __future__ import annotations

import json
from copy import copy
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.actions import issue_token
from shouwen.accounts.rights import RIGHTS
from shouwen.billing.models import Payment
from shouwen.billing.queries import in_hand
from shouwen.repairs.listing import PAGE
from shouwen.repairs.models import Roster, Skill, WorkOrder
from tests.cast import FOUNDED
from tests.moments import SetClock
from tests.permissions_world import PNG
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import SENT, THERE, Shop
from tests.repairs.test_payment import agreed, quoted


def test_the_list_asks_as_much_for_many_orders_as_for_one(
    shop: Shop, clock: SetClock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clock("2026-11-19 09:30", "周四")
    client = shop.client(shop.cast.limin)
    case = shop.registers()
    for n in range(6):
        shop.sends(shop.issues(case, title=f"第 {n} 处"))
    address = reverse("repairs:orders")
    client.get(address)
    with django_assert_max_num_queries(16):
        page = client.get(f"{address}?state=all")
    assert page.content.decode().count("第 ") >= 6


def test_an_order_is_looked_for_by_place_trade_and_person(shop: Shop, clock: SetClock) -> None:
    clock("2026-11-19 09:30", "周四")
    shop.sends(shop.issues(title="换灯", trade="power"))
    shop.sends(shop.issues(title="通下水", trade="water"), shop.cast.hewei)
    client = shop.client(shop.cast.limin)

    def listed(**asked: str) -> str:
        return client.get(reverse("repairs:orders"), asked).content.decode()

    assert "换灯" in listed(trade="power")
    assert "通下水" not in listed(trade="power")
    assert "换灯" not in listed(who="何伟")
    assert "通下水" not in listed(room="1栋")
    assert "没有列出任何维修单" in listed(since="2026-11-20", until="2026-11-19")


def like(order: WorkOrder, number: str) -> WorkOrder:
    made = copy(order)
    made.pk, made.number = None, number
    return made


@pytest.mark.peers("T17")
def test_the_export_has_every_row_of_the_list_and_no_other(shop: Shop, clock: SetClock) -> None:
    clock("2026-11-19 12:00", "周四")
    order = shop.issues()
    copies = range(2 * PAGE)
    WorkOrder.objects.bulk_create(like(order, f"W-{n:04}") for n in copies)
    client = shop.client(shop.cast.limin)
    asked, shown = {"of": "project", "state": "waiting"}, []
    while asked:
        page = client.get(reverse("repairs:orders"), asked).context
        shown += [row.number for row in page["rows"]]
        asked = dict(parse_qsl(page["pager"].older.removeprefix("?")))
    answer: Any = client.get(
        reverse("repairs:export", args=["csv"]), {"of": "project", "state": "waiting"}
    )
    _head, *rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == shown
    assert len(shown) == 1 + len(copies)


def test_the_export_tells_an_order_with_its_phones_masked(shop: Shop, clock: SetClock) -> None:
    clock("2026-11-19 12:00", "周四")
    order = shop.done()
    client = shop.client(shop.cast.limin)
    answer: Any = client.get(reverse("repairs:export", args=["csv"]), {"state": "done"})
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("单号,项目,编号,房号")
    assert row.startswith(f"{order.number},翠湖花园,{order.case.number}")
    assert "13900000421" not in row, "phones are masked"


def test_what_was_sent_twice_is_done_once(shop: Shop, clock: SetClock) -> None:
    clock("2026-11-19 09:20", "周四")
    case = shop.registers()
    client = shop.client(shop.cast.limin)
    address = reverse("repairs:new", args=[case.number])
    said = {"key": "abc", "title": "换角阀", "range": "home",
            "department": shop.cast.department("engineering").code}  # fmt: skip
    for _ in range(2):
        assert client.post(address, said).status_code == 302
    order = WorkOrder.objects.get(case=case)
    verb = reverse("repairs:verb", args=[order.number, "dispatch"])
    said = {"key": "def", "mode": "assign", "to": shop.cast.chenjianguo.number}
    for _ in range(2):
        assert client.post(verb, said).status_code == 302
    assert case.journal.filter(verb="order-sent").count() == 1


def test_what_was_typed_survives_a_refusal(shop: Shop, clock: SetClock) -> None:
    clock("2026-11-19 10:30", "周四")
    order = shop.on_site(payer="company")
    client = shop.client(shop.cast.chenjianguo)
    address = reverse("repairs:verb", args=[order.number, "finish"])
    answer = client.post(address, {"key": "k", "text": "换了角阀", "result": "repaired"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "换了角阀" in page
    assert "还不能报完工，还差：客户签名、服务质量评分、服务态度评分" in page


def test_the_phone_of_the_visit_may_be_that_of_the_report_and_stays_masked(
    shop: Shop, clock: SetClock
) -> None:
    clock("2026-11-19 10:30", "周四")
    order = shop.on_site(payer="company")
    client = shop.client(shop.cast.chenjianguo)
    address = reverse("repairs:verb", args=[order.number, "finish"])
    page = client.get(address).content.decode()
    assert "139 **** 0421" in page
    assert "13900000421" not in page
    said = {"key": "k", "result": "repaired", "text": "换了角阀", "same_phone": "on",
            "quality": "5", "attitude": "5", "signed_name": "王女士",
            "signature": SimpleUploadedFile("签名.png", PNG, "image/png")}  # fmt: skip
    assert client.post(address, said).status_code == 302
    order.refresh_from_db()
    assert order.phone_for_visit == "13900000421"


def test_who_reports_paid_work_done_says_whether_he_took_the_cash(
    shop: Shop, clock: SetClock
) -> None:
    shop.adopts("service-centre")
    free = shop.on_site(payer="company")
    order = shop.on_site(payer="owner")
    item = repair_prices(shop.cast)["JS-01"]
    agreed(shop, quoted(shop, order, item))
    clock("2026-11-19 10:30", "周四")
    client = shop.client(shop.cast.chenjianguo)
    shop.photographs(order)
    assert (
        "已收现金"
        not in client.get(reverse("repairs:verb", args=[free.number, "finish"])).content.decode()
    )
    address = reverse("repairs:verb", args=[order.number, "finish"])
    assert "已收现金 70.00 元" in client.get(address).content.decode()
    said = {
        "key": "c-1", "text": "换了角阀", "result": "repaired", "quality": "5", "attitude": "5",
        "signed_name": "王女士", "opinion": "满意", "phone": "13900000421",
    }  # fmt: skip
    open_ = client.post(address, {**said, "signature": SimpleUploadedFile("签名.png", PNG)})
    assert "请选现在收现金" in open_.content.decode()
    told = {**said, "cash": "now", "signature": SimpleUploadedFile("签名.png", PNG, "image/png")}
    assert client.post(address, told).status_code == 302
    order.refresh_from_db()
    assert order.state == "done"
    assert in_hand(shop.cast.chenjianguo) == Decimal("70.00")
    assert Payment.objects.get().payer == "王女士"


def test_the_head_keeps_the_roster_and_the_trades(shop: Shop, clock: SetClock) -> None:
    clock("2026-11-19 09:30", "周四")
    client, cast = shop.client(shop.cast.liuqiang), shop.cast
    address = reverse("repairs:roster")
    said = {"staff": cast.chenjianguo.pk, "starts": "2026-11-19T08:00",
            "ends": "2026-11-19T18:00", "head": "on"}  # fmt: skip
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 422, "twice at the same time"
    skills = reverse("repairs:skills", args=[cast.chenjianguo.pk])
    assert client.post(skills, {"trades": ["water", "power"]}).status_code == 302
    assert Skill.objects.filter(staff=cast.chenjianguo).count() == 2
    row = Roster.objects.get()
    assert client.post(reverse("repairs:off-duty", args=[row.pk])).status_code == 302
    assert not Roster.objects.exists()


@pytest.fixture
def engineer(shop: Shop) -> Client:
    """陈建国's own integration."""
    staff, unit = shop.cast.chenjianguo, shop.cast.cuihu
    token = issue_token(name="手持机", staff=staff, unit=unit, rights=list(RIGHTS), at=FOUNDED)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_an_order_is_worked_on_through_the_api(
    shop: Shop, engineer: Client, clock: SetClock
) -> None:
    clock("2026-11-19 10:00", "周四")
    order = shop.sent(payer="company")

    def post(verb: str, **said: Any) -> dict[str, Any]:
        address = f"/api/orders/{order.number}/{verb}"
        answer = engineer.post(address, json.dumps(said), content_type="application/json")
        return {"status": answer.status_code, **answer.json()}

    assert engineer.get("/api/orders").json()["items"][0]["number"] == order.number
    assert post("depart", happened=THERE.isoformat())["next"] == "arrive"
    early = post("arrive", happened=SENT.isoformat())
    assert (early["status"], early["code"]) == (409, "before-last-step")
    assert post("arrive", happened=THERE.isoformat())["arrived_at"] == "2026-11-19T01:40:00Z"
    refused = post("finish", text="修好了")
    assert (refused["status"], refused["code"]) == (409, "finish-incomplete")
    picture = shop.picture(order.case)
    done = post(
        "finish", text="换了角阀", signature=picture.pk, signed_name="王女士", quality=5, attitude=4
    )
    assert (done["state"], done["score_attitude"]) == ("done", 4)
    assert "signature" in done["needs"]
