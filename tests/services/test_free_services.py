"""The twenty-four free services of the manual (S2 第二条), each as it is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouwen.billing.models import Charge
from shouwen.notify.models import OutboxMessage
from shouwen.repairs.actions import issuing
from shouwen.repairs.models import WorkOrder
from shouwen.rules.refused import Refused
from shouwen.services.actions import keeping, ordering
from shouwen.services.actions.catalogue import add_partner
from shouwen.services.models import CatalogueItem, ServiceOrder
from shouwen.services.queries import overdue, papers_of, subscriptions, visible_orders
from tests.repairs.conftest import Shop
from tests.services.conftest import AFTERNOON, MORNING, NEXT_DAY, NOON, S2, Desk

clause = pytest.mark.clause


@pytest.fixture
def centre(desk: Desk) -> Desk:
    """翠湖花园 follows the manual of the service centre."""
    desk.adopts(S2)
    return desk


@clause("S2-A2-00")
def test_the_catalogue_holds_all_twenty_four_with_number_way_provider_and_price_nought(
    centre: Desk,
) -> None:
    free = CatalogueItem.objects.filter(project=centre.cast.cuihu, paid=False)
    assert [item.code for item in free] == [f"{n:02}" for n in range(1, 25)]
    assert all(item.title and item.provider and item.way for item in free)
    ways = {item.code: item.get_way_display() for item in free}
    assert ways["06"] == "电话预约"
    assert ways["12"] == ways["13"] == "委托设点"
    assert ways["15"] == "委托代办"
    assert ways["16"] == "维修班"
    used = centre.orders("07", quantity="2", deliver_at=AFTERNOON.isoformat())
    assert used.price == 0
    assert list(free.get(code="07").orders.all()) == [used]


def test_seeding_again_adds_nothing_and_keeps_what_was_decided_here(centre: Desk) -> None:
    CatalogueItem.objects.filter(code="07").update(active=False, title="旧名")
    centre.seeds()
    assert CatalogueItem.objects.filter(paid=False).count() == 24
    water = centre.item("07")
    assert (water.active, water.title) == (False, "水站服务")
    with pytest.raises(Refused) as refused:
        centre.orders("07")
    assert refused.value.code == "not-offered"


@clause("S2-A2-02")
def test_the_car_club_offers_ten_services_of_which_one_is_chosen(centre: Desk) -> None:
    assert len(centre.item("02").sub) == 10
    with pytest.raises(Refused) as refused:
        centre.orders("02", need="年检")
    assert refused.value.field == "sub"
    assert centre.orders("02", sub="年检", need="周六年检").sub == "年检"


@clause("S2-A2-03")
def test_a_hotel_is_settled_only_with_its_number_and_when_the_guest_was_told(
    centre: Desk,
) -> None:
    order = centre.orders(
        "03", sub="酒店", need="两晚", arrive_on="2026-12-01", leave_on="2026-12-03"
    )
    with pytest.raises(Refused, match="预订号"):
        centre.finishes(order, "已订到", told_to="王女士")
    with pytest.raises(Refused) as refused:
        centre.finishes(order, "已订到", booking="H20261201")
    assert refused.value.field == "told_to"
    done = centre.finishes(order, "已订到", booking="H20261201", told_to="王女士")
    assert done.details == {
        "need": "两晚", "arrive_on": "2026-12-01", "leave_on": "2026-12-03",
        "booking": "H20261201",
    }  # fmt: skip
    assert (done.told_to, done.told_at) == ("王女士", AFTERNOON)


@clause("S2-A2-04")
def test_papers_taken_for_a_title_are_given_back_before_it_is_settled(centre: Desk) -> None:
    order = centre.orders("04", sub="产权")
    deed = centre.takes(order, "购房合同")
    keeping.progress(order=order, text="已递交登记中心", by=centre.of(centre.cast.limin), at=NOON)
    with pytest.raises(Refused, match="购房合同"):
        centre.finishes(order, "已办好", told_to="王女士")
    centre.gives_back(deed)
    assert centre.finishes(order, "已办好", told_to="王女士").state == "done"
    said = [entry.data.get("text") for entry in order.case.journal.all()]
    assert "已递交登记中心" in said
    assert "收到 购房合同 1 件" in said
    assert "归还 购房合同 1 件" in said


@clause("S2-A2-05")
def test_a_subscription_is_reminded_of_before_it_ends_to_us_and_to_the_resident(
    centre: Desk,
) -> None:
    ends = NEXT_DAY.date() + timedelta(days=30)
    order = centre.orders(
        "05", sub="报纸", title="晚报", quantity="1", start="2026-11-20", end=ends.isoformat()
    )
    centre.finishes(order, "已办妥")
    assert order in subscriptions(ServiceOrder.objects.all(), NEXT_DAY)
    assert keeping.remind_expiring(at=NEXT_DAY) == 0
    later = NEXT_DAY + timedelta(days=20)
    assert keeping.remind_expiring(at=later) == 1
    assert keeping.remind_expiring(at=later) == 0
    message = OutboxMessage.objects.get(event__startswith="service:")
    assert (message.staff, "到期" in message.subject) == (centre.cast.limin, True)
    keeping.remind_resident(
        order=order, told_to="王女士", by=centre.of(centre.cast.limin, later), at=later
    )
    order.refresh_from_db()
    assert order.resident_told_at == later
    assert order.case.journal.order_by("-seq")[0].said_by == "王女士"


@clause("S2-A2-06")
def test_a_ticket_is_booked_by_telephone_and_its_fare_passed_on_without_a_fee(
    centre: Desk,
) -> None:
    assert centre.item("06").get_way_display() == "电话预约"
    order = centre.orders("06", sub="飞机票", trip="上海到成都 12-01", passenger="王女士")
    done = centre.finishes(
        order, "已订到", booking="784-2401234567", passed_on="860", told_to="王女士"
    )
    assert (done.price, done.details["passed_on"], done.result) == (0, "860", "已订到")
    assert not Charge.objects.exists()


@clause("S2-A2-07")
def test_water_is_ordered_for_a_room_with_its_station_and_time(centre: Desk) -> None:
    order = centre.orders("07", quantity="2", deliver_at=AFTERNOON.isoformat())
    assert (order.unit, order.item.provider) == (centre.cast.home, "水站")
    assert order.due_at == AFTERNOON
    assert centre.finishes(order, "已办妥").done_at == AFTERNOON


@clause("S2-A2-09")
@pytest.mark.parametrize("result", ["已叫到", "未叫到"])
def test_a_taxi_has_time_place_and_destination_and_came_or_did_not(
    centre: Desk, result: str
) -> None:
    order = centre.orders(
        "09", pickup_at=AFTERNOON.isoformat(), place="3栋门口", destination="火车站"
    )
    with pytest.raises(Refused) as refused:
        centre.finishes(order, "已办妥", told_to="王女士")
    assert refused.value.field == "result"
    assert centre.finishes(order, result, told_to="王女士").result == result


@clause("S2-A2-10")
def test_a_gift_names_its_shop_and_when_it_is_delivered(centre: Desk) -> None:
    by = centre.of(centre.cast.sunli)
    shop = add_partner(
        project=centre.cast.cuihu, name="花语鲜花店", does="鲜花", phone="", by=by, at=MORNING
    )
    item = centre.item("10")
    order = ordering.order(
        case=centre.hears("订花"), item=item, sub="鲜花", partner=shop,
        details={"items": "玫瑰 11 枝", "deliver_at": NEXT_DAY.isoformat(), "place": "3栋2单元501"},
        by=centre.of(centre.cast.limin), at=NOON,
    )  # fmt: skip
    assert (order.partner, order.due_at) == (shop, NEXT_DAY)


@clause("S2-A2-11")
def test_clothes_go_and_come_back_against_two_signatures_and_are_missed_when_late(
    centre: Desk,
) -> None:
    order = centre.orders(
        "11", items="大衣 1 件", pickup_at=MORNING.isoformat(), return_at=AFTERNOON.isoformat()
    )
    with pytest.raises(Refused) as refused:
        centre.takes(order, "大衣", signed=False)
    assert refused.value.field == "signature"
    coat = centre.takes(order, "大衣")
    everything = visible_orders(centre.of(centre.cast.limin))
    assert not overdue(everything, AFTERNOON)
    assert list(overdue(everything, NEXT_DAY)) == [order]
    with pytest.raises(Refused) as unsigned:
        centre.gives_back(coat, signed=False)
    assert unsigned.value.field == "signature"
    coat = centre.gives_back(coat)
    assert coat.taken_signature
    assert coat.returned_signature
    centre.finishes(order, "已办妥", at=NEXT_DAY)
    assert not overdue(everything, NEXT_DAY)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("12", marks=clause("S2-A2-12")),
        pytest.param("13", marks=clause("S2-A2-13")),
        pytest.param("15", marks=clause("S2-A2-15")),
    ],
)
def test_an_account_is_opened_with_papers_progress_and_a_result(centre: Desk, code: str) -> None:
    order = centre.orders(code)
    assert order.item.get_way_display() == ("委托代办" if code == "15" else "委托设点")
    assert order.item.provider
    papers = list(papers_of(order))
    for paper in papers:
        with pytest.raises(Refused, match=f"资料还没有收齐：.*{paper}"):
            centre.finishes(order, "已开户", told_to="王女士")
        assert not papers_of(order)[paper]
        centre.gives_back(centre.takes(order, paper))
    assert papers_of(order) == {"身份证复印件": True} | dict.fromkeys(papers, True)
    keeping.progress(order=order, text="已到网点递交", by=centre.of(centre.cast.limin), at=NOON)
    with pytest.raises(Refused) as refused:
        centre.finishes(order, "已开户")
    assert refused.value.field == "told_to"
    assert centre.finishes(order, "已开户", told_to="王女士").result == "已开户"


@clause("S2-A2-14")
def test_no_number_of_an_account_is_kept_when_the_bank_is_visited(centre: Desk) -> None:
    order = centre.orders("14", appointment=NEXT_DAY.isoformat())
    by = centre.of(centre.cast.limin)
    for text in ("账号 6222 0212 3456 7890 123", "6222021234567890", "310101196001011234"):
        with pytest.raises(Refused) as refused:
            keeping.progress(order=order, text=text, by=by, at=NOON)
        assert refused.value.code == "account-number"
        with pytest.raises(Refused):
            centre.finishes(order, "已开户", told_to="王女士", note=text)
    done = centre.finishes(order, "已开户", told_to="王女士", note="柜台预约成功")
    assert (done.result, done.details) == ("已开户", {"appointment": NEXT_DAY.isoformat()})


@clause("S2-A2-16")
def test_tuning_a_television_opens_a_free_work_order_that_is_rated_at_its_end(
    centre: Desk,
) -> None:
    order = centre.orders("16", appointment=NEXT_DAY.isoformat())
    work = WorkOrder.objects.get(number=order.work_order)
    assert (work.case, work.paid) == (order.case, False)
    with pytest.raises(Refused) as refused:
        centre.finishes(order, "已调好")
    assert refused.value.code == "work-not-done"
    shop = Shop(centre.cast)
    issuing.decide_payer(
        order=work, payer="company", reason="便民服务", by=shop.of(centre.cast.limin), at=MORNING
    )
    shop.goes(shop.sends(work))
    for score in ("quality", "attitude"):
        with pytest.raises(Refused, match="评分"):
            shop.finishes(work, scores={score: 5})
    rated = shop.finishes(work, scores={"quality": 5, "attitude": 4})
    assert (rated.score_quality, rated.score_attitude) == (5, 4)
    assert centre.finishes(order, "已调好").state == "done"


@clause("S2-A2-17")
def test_milk_is_changed_and_stopped_from_a_day_on_as_it_was_asked(centre: Desk) -> None:
    order = centre.orders("17", items="鲜奶", quantity="1", start="2026-11-20", end="2027-05-20")
    centre.finishes(order, "已办妥")
    by = centre.of(centre.cast.limin)
    about: dict[str, Any] = {"order": order, "asked_by": "王女士", "by": by, "at": NEXT_DAY}
    more = keeping.change(from_on=date(2026, 12, 1), quantity="2", **about)
    stopped = keeping.change(from_on=date(2027, 1, 1), stop=True, **about)
    order.refresh_from_db()
    assert [(c.from_on, c.quantity, c.stop) for c in (more, stopped)] == [
        (date(2026, 12, 1), "2", False), (date(2027, 1, 1), "", True),
    ]  # fmt: skip
    assert order.ends_on == date(2026, 12, 31)
    assert keeping.remind_expiring(at=NEXT_DAY + timedelta(days=35)) == 0
    assert centre.verbs(order.case)[-2:] == ["service-changed", "service-changed"]
    with pytest.raises(Refused) as refused:
        keeping.change(from_on=date(2027, 2, 1), quantity="3", **about)
    assert refused.value.code == "ended"


@clause("S2-A2-18")
def test_a_tutor_is_introduced_and_asked_after_engaged_or_none(centre: Desk) -> None:
    order = centre.orders("18", need="初二数学，每周两次")
    with pytest.raises(Refused, match="候选人"):
        centre.finishes(order, "已聘请", told_to="王女士")
    done = centre.finishes(order, "已聘请", candidate="张老师、李老师", told_to="王女士")
    assert (done.details["candidate"], done.result) == ("张老师、李老师", "已聘请")
    none = centre.finishes(centre.orders("18", need="钢琴"), "未聘请", told_to="王女士")
    assert none.result == "未聘请"


@clause("S2-A2-19")
def test_a_housekeeper_was_checked_has_an_employer_and_is_asked_about(centre: Desk) -> None:
    order = centre.orders("19", need="住家，照顾老人")
    known: dict[str, Any] = {
        "candidate": "刘阿姨",
        "identity": "身份证已核对，李敏",
        "employer": "王女士",
    }
    for lacking, title in (("identity", "身份核实"), ("employer", "雇主")):
        part = {name: value for name, value in known.items() if name != lacking}
        with pytest.raises(Refused, match=title):
            centre.finishes(order, "已聘用", told_to="王女士", satisfaction="5", **part)
    with pytest.raises(Refused, match="满意程度"):
        centre.finishes(order, "已聘用", told_to="王女士", **known)
    done = centre.finishes(order, "已聘用", told_to="王女士", satisfaction="5", **known)
    assert done.details["satisfaction"] == "5"


@clause("S2-A2-24")
def test_an_emergency_car_leaves_at_once_and_ends_with_driver_and_kilometres(
    centre: Desk,
) -> None:
    order = centre.orders("24")
    centre.starts(order, at=MORNING)
    trip: dict[str, Any] = {
        "pickup_at": MORNING.isoformat(), "passenger": "王女士", "destination": "市一医院",
        "driver": "高飞", "kilometres": "12.5",
    }  # fmt: skip
    for lacking in trip:
        part = {name: value for name, value in trip.items() if name != lacking}
        with pytest.raises(Refused) as refused:
            centre.finishes(order, "已送达", told_to="家属", **part)
        assert refused.value.code == "details-missing"
    done = centre.finishes(order, "已送达", told_to="家属", **trip)
    assert (done.details, done.result) == (trip, "已送达")
