"""The pages of the services: the register, one order to its result, mail, mandates."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.billing.models import Account, Charge, PostingLine
from shouwen.notify.models import OutboxMessage
from shouwen.pricing.actions.listing import Row
from shouwen.rules.refused import Refused
from shouwen.services.actions.mandates import Part, issue_report, report_house
from shouwen.services.actions.rents import remind_due
from shouwen.services.models import (
    CatalogueItem,
    HouseReport,
    Mandate,
    Parcel,
    Partner,
    RentDue,
    ServiceOrder,
    SupplyHours,
)
from tests.cast import Cast
from tests.pricing.prices import in_force, special_prices
from tests.services.conftest import MORNING, NEXT_DAY, S2, S4, Desk, drawn

clause = pytest.mark.clause
MOST_QUERIES = 18
KEYS = count()


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-20 10:00", "周五")


def sees(desk: Desk, who: Staff, page: str, /, *args: object, **asked: Any) -> str:
    response = desk.client(who).get(reverse(f"services:{page}", args=args), asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(desk: Desk, who: Staff, page: str, /, *args: object, **fields: Any) -> Any:
    address = reverse(f"services:{page}", args=args)
    return desk.client(who).post(address, {"key": f"k{next(KEYS)}", **fields})


def does(desk: Desk, who: Staff, page: str, /, *args: object, **fields: Any) -> None:
    response = sends(desk, who, page, *args, **fields)
    assert response.status_code == 302, re.findall(
        r"<p[^>]*>([^<]+)</p>", response.content.decode()
    )


def refused(response: Any) -> str:
    assert response.status_code in (409, 422), response.status_code
    return str(response.content.decode())


# --- The catalogue --------------------------------------------------------------------------------


@clause("S2-A2-00")
def test_the_head_of_the_desk_takes_the_catalogue_from_the_manual(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    CatalogueItem.objects.all().delete()
    assert "按制度建立目录" in sees(desk, cast.sunli, "catalogue")
    does(desk, cast.sunli, "seed")
    page = sees(desk, cast.limin, "catalogue")
    for word in ("24", "应急用车", "委托设点", "委托代办", "维修班", "电话预约", "煤气公司委托点"):
        assert word in page
    assert "按制度建立目录" not in page
    assert sends(desk, cast.limin, "seed").status_code == 403


@clause("S4-3.4-1", "S4-3.4-2")
def test_the_nine_special_services_stand_there_with_what_they_cost(desk: Desk, cast: Cast) -> None:
    desk.adopts(S4)
    special_prices(cast)
    page = sees(desk, cast.limin, "catalogue")
    for word in (
        "室内保洁", "代客购物", "加时空调", "家政维修", "代管代租房屋", "代购车、船、机票",
        "会务策划", "礼仪接待", "其他服务",
    ):  # fmt: skip
        assert word in page
    assert "4.00–6.00" in page
    assert "有偿" in page


def test_a_partner_is_named_for_a_service_and_a_service_is_closed(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    does(desk, cast.sunli, "partner", name="甘泉水站", does="桶装水", phone="63210000")
    station, water = Partner.objects.get(), desk.item("07")
    does(desk, cast.sunli, "item", water.pk, active="on", partner=station.pk)
    assert "甘泉水站" in sees(desk, cast.limin, "catalogue")
    does(desk, cast.sunli, "item", water.pk, partner=station.pk)
    assert "水站服务" not in sees(desk, cast.limin, "new", desk.hears().number)


# --- An order -------------------------------------------------------------------------------------


@clause("S4-4.4.3b-1", "S4-4.4.3b-2")
def test_a_paid_service_goes_from_the_desk_to_its_charge_and_starts_only_when_confirmed(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S4)
    prices = special_prices(cast)
    case, cleaning = desk.hears("想请人打扫"), desk.item("T01")
    assert "开服务需求单" in sees(desk, cast.limin, "panel", case.number)
    assert "室内保洁" in sees(desk, cast.limin, "new", case.number)
    does(
        desk, cast.limin, "new", case.number, service=cleaning.pk,
        **{"detail-area": "89", "detail-note": "擦窗"},
    )  # fmt: skip
    order = ServiceOrder.objects.get()
    page = sees(desk, cast.limin, "order", order.number)
    assert "还缺：预约时间" in page
    assert "拟定方案和价格" in page
    assert "现在不能" in refused(sends(desk, cast.limin, "step", order.number, "start"))
    does(
        desk, cast.limin, "step", order.number, "plan", text="两名保洁员",
        **{"item-0": prices["T01"].pk, "quantity-0": "30", "price-0": "6"},
    )  # fmt: skip
    assert "现在不能" in refused(sends(desk, cast.limin, "step", order.number, "start"))
    assert "记录客户确认" in sees(desk, cast.limin, "order", order.number)
    does(
        desk, cast.limin, "step", order.number, "confirm", name="王女士", means="call",
        relation="本人",
    )  # fmt: skip
    lacking = refused(sends(desk, cast.limin, "step", order.number, "start"))
    assert "预约时间" in lacking
    when = {"detail-appointment": "2026-11-20T14:00", "detail-area": "89"}
    does(desk, cast.limin, "step", order.number, "fill-in", **when)
    does(desk, cast.limin, "step", order.number, "start")
    does(desk, cast.limin, "step", order.number, "finish", result="已办妥")
    order.refresh_from_db()
    assert (order.state, order.price, order.confirmed_name) == ("done", 180, "王女士")
    charge = Charge.objects.get(subject=order.number)
    assert (charge.amount, charge.collect, charge.case) == (Decimal(180), "monthly-bill", case)
    page = sees(desk, cast.limin, "order", order.number)
    assert "180.00" in page
    assert "180.00" in sees(desk, cast.limin, "month")


def test_what_was_typed_survives_a_refusal_and_the_same_act_twice_is_done_once(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    order = desk.orders("09", pickup_at=MORNING.isoformat(), place="南门", destination="火车站")
    desk.starts(order)
    page = refused(
        sends(desk, cast.limin, "step", order.number, "finish", result="已叫到", note="蓝色车")
    )
    assert "蓝色车" in page
    for _twice in range(2):
        does(desk, cast.limin, "step", order.number, "progress", text="已打电话", key="same")
    assert [e.data.get("text") for e in order.case.journal.all()].count("已打电话") == 1


def test_clothes_are_taken_and_given_back_on_the_page_with_both_signatures(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    order = desk.orders(
        "11", items="大衣", pickup_at=MORNING.isoformat(), return_at=MORNING.isoformat()
    )
    late = sees(desk, cast.limin, "orders", state="overdue")
    assert order.number in late
    assert "is-late" in late
    taken = {"name": "大衣", "quantity": "1", "taken_from": "王女士"}
    assert "签名" in refused(sends(desk, cast.limin, "step", order.number, "take", **taken))
    does(desk, cast.limin, "step", order.number, "take", signature=drawn(), **taken)
    kept = order.keepsakes.get()
    assert "归还客户" in sees(desk, cast.limin, "order", order.number)
    does(
        desk, cast.limin, "give-back", order.number, kept.pk, returned_to="王女士",
        signature=drawn(),
    )  # fmt: skip
    page = sees(desk, cast.limin, "order", order.number)
    assert page.count("签名.png") == 2


# --- The register ---------------------------------------------------------------------------------


def test_the_register_is_narrowed_and_exported_with_every_column_of_the_form(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S4)
    order = desk.finishes(desk.paid("120.00", "30.50"), "已办妥")
    other = desk.orders("T02", items="米", quantity="1", deliver_at=NEXT_DAY.isoformat())
    done = sees(desk, cast.limin, "orders", state="done")
    assert order.number in done
    assert other.number not in done
    found = {"state": "done", "item": order.item_id, "room": "501", "since": "2026-11-19"}
    assert order.number in sees(desk, cast.limin, "orders", **found)
    assert order.number not in sees(desk, cast.limin, "orders", **{**found, "room": "999"})
    response = desk.client(cast.limin).get(
        reverse("services:export", args=["csv"]), {"state": "done"}
    )
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["单号"], row["价格"], row["费用"], row["结果"]) for row in rows] == [
        (order.number, "150.50", "150.50", "已办妥")
    ]
    assert {"方案", "确认时间", "服务人员", "完成时间", "账单号", "回访时间", "满意度"} <= set(
        rows[0]
    )


def test_orders_and_mail_of_another_project_are_not_found(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    order = desk.orders("08", sub="出租", need="三居")
    for who in (cast.jingui_clerk, cast.jiangnan_manager):
        assert order.number not in sees(desk, who, "orders", of="project")
        address = reverse("services:order", args=[order.number])
        assert desk.client(who).get(address).status_code == 404
        assert sends(desk, who, "step", order.number, "progress", text="看看").status_code == 404


def test_a_list_of_many_asks_no_more_than_a_list_of_few(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    case = desk.hears()
    for _n in range(12):
        desk.orders("07", case, quantity="1", deliver_at=NEXT_DAY.isoformat())
    client = desk.client(cast.limin)
    client.get(reverse("services:orders"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(reverse("services:orders"))
    assert len(asked) <= MOST_QUERIES, [query["sql"][:90] for query in asked]


# --- Mail -----------------------------------------------------------------------------------------


@clause("S2-A2-01")
def test_mail_is_registered_by_room_announced_and_given_out_against_a_signature(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    came = {"outgoing": "in", "kind": "parcel", "copies": "1", "person": "王女士"}
    wrong = refused(sends(desk, cast.limin, "register-parcel", room="99-9-999", **came))
    assert "没有找到这个房号" in wrong
    does(
        desk, cast.limin, "register-parcel", room="3栋2单元501", carrier="顺丰", tracking="SF100",
        **came,
    )  # fmt: skip
    parcel = Parcel.objects.get()
    assert parcel.unit == cast.home
    assert "未通知" in sees(desk, cast.limin, "parcels")
    does(desk, cast.limin, "parcel-step", parcel.number, "notify", how="phone")
    assert parcel.number in sees(desk, cast.limin, "parcels", q="501")
    assert parcel.number not in sees(desk, cast.limin, "parcels", state="unsaid")
    assert "必填" in refused(
        sends(desk, cast.limin, "parcel-step", parcel.number, "release", to="王女士")
    )
    does(
        desk, cast.limin, "parcel-step", parcel.number, "release", to="王女士",
        signature=drawn(),
    )  # fmt: skip
    parcel.refresh_from_db()
    assert parcel.released_to == "王女士"
    picture = desk.client(cast.limin).get(reverse("services:signature", args=[parcel.number]))
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.getvalue()
    assert parcel.number in sees(desk, cast.limin, "parcels", state="settled")


@clause("S2-A2-01")
def test_outgoing_mail_has_our_number_as_its_receipt_and_then_that_of_the_carrier(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    does(
        desk, cast.limin, "register-parcel", room="3栋2单元501", outgoing="out", kind="letter",
        copies="1", person="王女士",
    )  # fmt: skip
    parcel = Parcel.objects.get()
    assert parcel.number.startswith("X-CH-261120-")
    assert "收据号" in sees(desk, cast.limin, "parcel", parcel.number)
    does(desk, cast.limin, "parcel-step", parcel.number, "send", tracking="EMS77")
    parcel.refresh_from_db()
    assert (parcel.tracking, parcel.released_at) == ("EMS77", NEXT_DAY)


# --- Letting and selling --------------------------------------------------------------------------


@clause("S2-A2-08", "S2-A1-11a", "S2-A1-11c")
def test_a_home_is_listed_shown_and_taken_from_the_list_only_with_a_result(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    order = desk.orders("08", sub="出售", need="急售")
    desk.starts(order)
    early = sends(
        desk, cast.limin, "step", order.number, "finish", result="已挂牌", told_to="王女士"
    )
    assert "租售委托" in refused(early)
    does(desk, cast.limin, "step", order.number, "list", deal="sale", price="2600000")
    mandate = Mandate.objects.get()
    assert (mandate.owner, mandate.unit, mandate.order) == (cast.mswang, cast.home, order)
    does(
        desk,
        cast.limin,
        "step",
        order.number,
        "finish",
        result="已挂牌",
        told_to="王女士",
    )
    does(desk, cast.limin, "mandate-step", mandate.number, "show", who="刘先生", said="嫌贵")
    assert "嫌贵" in sees(desk, cast.limin, "mandate", mandate.number)
    assert mandate.number in sees(desk, cast.limin, "mandates")
    refused(sends(desk, cast.limin, "mandate-step", mandate.number, "close"))
    deal = refused(sends(desk, cast.limin, "mandate-step", mandate.number, "close", result="sold"))
    assert "成交" in deal
    does(
        desk, cast.limin, "mandate-step", mandate.number, "close", result="sold", party="刘先生",
        price="2550000", contract="HT-1",
    )  # fmt: skip
    page = sees(desk, cast.limin, "mandates", state="closed")
    assert mandate.number in page
    assert "已出售" in page


@clause("S2-A1-11b")
def test_the_state_of_a_home_is_reported_part_by_part_and_handed_over(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    mandate = desk.lists()
    said: dict[str, Any] = {
        "part-0": "门窗", "state-0": "good", "part-1": "卫生间", "state-1": "bad",
    }  # fmt: skip
    vague = refused(sends(desk, cast.limin, "mandate-step", mandate.number, "report", **said))
    assert "请写明问题" in vague
    said |= {"problem-1": "吊顶渗水", "photo-1": drawn("吊顶.png")}
    does(desk, cast.limin, "mandate-step", mandate.number, "report", **said)
    report = HouseReport.objects.get()
    page = sees(desk, cast.limin, "mandate", mandate.number)
    assert "吊顶渗水" in page
    assert "吊顶.png" in page
    does(desk, cast.limin, "issue-report", mandate.number, report.pk, to="王女士", as_="owner")
    report.refresh_from_db()
    assert (report.issued_to, report.issued_as) == ("王女士", "owner")


def test_a_report_is_made_once_and_handed_over_once(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    mandate, by = desk.lists(), desk.of(cast.limin)
    parts = [Part("门窗", "good"), Part("卫生间", "bad", "吊顶渗水")]
    report = report_house(mandate=mandate, parts=parts, by=by, at=NEXT_DAY)
    with pytest.raises(Refused, match=report.number):
        report_house(mandate=mandate, parts=parts, by=by, at=NEXT_DAY)
    issue_report(report=report, to="王女士", as_="owner", by=by, at=NEXT_DAY)
    with pytest.raises(Refused, match="已经交给王女士"):
        issue_report(report=report, to="刘先生", as_="tenant", by=by, at=NEXT_DAY)
    report.refresh_from_db()
    assert report.issued_to == "王女士"


@clause("S2-A1-11d")
def test_rent_is_due_collected_and_passed_on_through_the_books(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    mandate = desk.lists()
    does(
        desk, cast.limin, "mandate-step", mandate.number, "close", result="let", party="刘先生",
        price="3200",
    )  # fmt: skip
    does(
        desk, cast.limin, "mandate-step", mandate.number, "schedule", first_on="2026-10-31",
        months="3",
    )  # fmt: skip
    rents = list(RentDue.objects.order_by("due_on"))
    assert [rent.due_on for rent in rents] == [
        date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31),
    ]  # fmt: skip
    assert "逾期未收" in sees(desk, cast.limin, "mandates", state="rents")
    assert remind_due(at=NEXT_DAY) == 1
    assert remind_due(at=NEXT_DAY) == 0
    reminder = OutboxMessage.objects.get(event=f"rent:{rents[0].pk}")
    assert reminder.staff == mandate.by
    first = rents[0]
    does(
        desk, cast.limin, "rent", mandate.number, first.pk, "receive", method="transfer",
        payer="刘先生",
    )  # fmt: skip
    assert balance("held") == -3200
    assert balance("income") == 0
    assert balance("receivable") == 0
    does(
        desk, cast.xuqin, "rent", mandate.number, first.pk, "pass-on", method="transfer",
        reference="NO.9",
    )  # fmt: skip
    assert balance("held") == 0
    assert balance("bank") == 0
    first.refresh_from_db()
    assert (first.reference, first.remitted_at) == ("NO.9", NEXT_DAY)


def balance(kind: str) -> Any:
    accounts = Account.objects.filter(kind=kind)
    return sum(line.amount for line in PostingLine.objects.filter(account__in=accounts))


# --- The air conditioning -------------------------------------------------------------------------


@clause("S2-W-5")
def test_hours_beyond_the_supply_are_a_paid_service_at_the_price_of_an_hour(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    row = Row("K01", "加时空调", "小时", Decimal(60), Decimal(60))
    in_force(cast.cuihu, "special", (row,), cast.sunli, [cast.tangli])
    does(
        desk, cast.sunli, "add-hours", weekdays=["1", "2", "3", "4", "5"], since="08:00",
        until="18:00",
    )  # fmt: skip
    page = sees(desk, cast.limin, "hours")
    for word in ("08:00–18:00", "周一", "加时空调", "60.00"):
        assert word in page
    order = desk.orders(
        "K01", place="3栋", begins_at="2026-11-20T16:00:00+08:00",
        ends_at="2026-11-20T20:30:00+08:00",
    )  # fmt: skip
    page = sees(desk, cast.limin, "order", order.number)
    assert "加时 2.50 小时" in page
    assert 'value="2.50"' in page
    desk.confirms(desk.plans(order, "150.00", text="16:00 至 20:30 供冷"))
    desk.finishes(order, "已供应")
    assert Charge.objects.get().amount == 150
    does(desk, cast.sunli, "drop-hours", SupplyHours.objects.get().pk)
