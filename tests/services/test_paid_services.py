"""Paid services: plan and price first, then the work, then the month's bill (S4 4.4.3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from shouwen.billing.actions.bills import run_bills
from shouwen.billing.models import Bill, Charge
from shouwen.cases.actions.closing import close
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.queries import visible_cases
from shouwen.followup.actions.following import follow
from shouwen.pricing.queries import agreed_quotation
from shouwen.rules import services as rules
from shouwen.rules.refused import Refused
from shouwen.rules.services import Supply, overtime
from shouwen.services.actions import ordering, serving
from shouwen.services.models import ServiceOrder
from shouwen.services.summary import Month, summary
from tests.cast import Cast
from tests.moments import moment
from tests.services.conftest import AFTERNOON, MORNING, NEXT_DAY, NOON, S2, S4, Desk

clause = pytest.mark.clause


@pytest.fixture
def centre(desk: Desk) -> Desk:
    """翠湖花园 follows the regulation on customer communication."""
    desk.adopts(S4)
    return desk


# --- Before it begins -----------------------------------------------------------------------------


@clause("S4-4.4.3b-2")
def test_nothing_begins_before_plan_and_price_are_confirmed(centre: Desk) -> None:
    order = centre.orders("T01", area="89", appointment=AFTERNOON.isoformat(), note="擦窗")
    with pytest.raises(Refused, match="还没有经客户确认"):
        centre.starts(order)
    planned = centre.plans(order, "120.00")
    assert (planned.state, planned.price) == ("planned", Decimal("120.00"))
    with pytest.raises(Refused, match="还没有经客户确认"):
        centre.starts(order)
    confirmed = centre.confirms(planned)
    assert (confirmed.confirmed_name, confirmed.confirmed_at) == ("王女士", NOON)
    with pytest.raises(Refused) as early:
        centre.starts(order, at=AFTERNOON, happened=MORNING)
    assert early.value.code == "before-confirmation"
    assert centre.starts(order).state == "started"


@clause("S4-4.4.3b-2")
def test_a_new_plan_is_to_be_confirmed_anew(centre: Desk) -> None:
    order = centre.paid("120.00")
    again = centre.plans(order, "150.00", text="加做厨房")
    assert (again.state, again.confirmed_at, again.price) == ("planned", None, 150)
    assert agreed_quotation(order.case, order.number) is None
    with pytest.raises(Refused):
        centre.starts(order)


def test_a_plan_has_words_and_a_paid_one_a_price(centre: Desk) -> None:
    order = centre.orders("T01")
    by = centre.of(centre.cast.limin)
    for text, field in (("", "text"), ("两名保洁员", "lines")):
        with pytest.raises(Refused) as refused:
            ordering.plan(order=order, text=text, lines=[], by=by, at=NOON)
        assert refused.value.field == field


def test_the_customer_confirms_by_his_link_and_nobody_of_ours_stands_for_it(
    centre: Desk,
) -> None:
    order = centre.confirms(centre.plans(centre.orders("T01")), means="link")
    assert (order.confirmed_means, order.confirmed_by) == ("link", None)
    entry = order.case.journal.get(verb="service-confirmed")
    assert (entry.by, entry.said_by) == (None, "王女士")
    with pytest.raises(Refused):
        ordering.confirm(
            order=order, name="李敏", means="link", by=centre.of(centre.cast.limin), at=NOON
        )


@clause("S4-4.4.3b-1")
def test_an_order_that_lacks_a_field_is_neither_begun_nor_billed(centre: Desk) -> None:
    order = centre.confirms(centre.plans(centre.orders("T01", area="89"), "120.00"))
    with pytest.raises(Refused, match="预约时间"):
        centre.starts(order)
    assert not Charge.objects.exists()
    ordering.fill_in(
        order=order, details={"appointment": AFTERNOON.isoformat()},
        by=centre.of(centre.cast.limin), at=NOON,
    )  # fmt: skip
    centre.finishes(order, "已办妥")
    assert Charge.objects.get().subject == order.number


# --- The money ------------------------------------------------------------------------------------


@clause("S4-3.4-1")
def test_a_free_service_is_an_order_without_a_charge_and_is_visited_all_the_same(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S4)
    item = desk.item("T09")
    item.paid = False
    item.save()
    order = desk.finishes(desk.orders("T09", need="代填表格"), "已办妥")
    assert (order.price, order.confirmed_means) == (0, "request")
    assert not Charge.objects.exists()
    follow(at=AFTERNOON)
    assert order.case.visits.get(rule="special-service-visit").state == "planned"


@clause("S4-4.4.3c-1")
def test_the_month_is_billed_from_what_was_agreed_and_how_much_came_in_is_seen(
    centre: Desk, cast: Cast
) -> None:
    first, second = centre.paid("120.00", "30.50"), centre.paid("80.00")
    for order in (first, second):
        centre.finishes(order, "已办妥")
    bills = run_bills(
        project=cast.cuihu, period="2026-11", kind="monthly", by=centre.of(cast.zhoumin),
        at=NEXT_DAY,
    )  # fmt: skip
    bill = Bill.objects.get()
    assert bills == [bill]
    assert (bill.unit, bill.total) == (cast.home, Decimal("230.50"))
    assert {charge.bill for charge in Charge.objects.all()} == {bill}
    row = next(iter(summary(ServiceOrder.objects.all(), Month(date(2026, 11, 1)))))
    assert (row.asked, row.done, row.charged, row.received) == (
        2, 2, Decimal("230.50"), Decimal(0),
    )  # fmt: skip


def test_what_did_not_succeed_or_is_forgiven_is_not_charged(centre: Desk) -> None:
    centre.finishes(centre.paid(), "未办成")
    forgiven = centre.finishes(centre.paid(), "已办妥", unbilled="上次没擦干净，补做")
    assert not Charge.objects.exists()
    assert "不计费：上次没擦干净，补做" in [
        entry.data.get("text") for entry in forgiven.case.journal.all()
    ]


def test_a_cancelled_order_costs_nothing_and_lets_its_case_go(centre: Desk) -> None:
    order = centre.paid()
    by = centre.of(centre.cast.limin)
    with pytest.raises(Refused):
        ordering.cancel(order=order, reason=" ", by=by, at=NOON)
    ordering.cancel(order=order, reason="客户改期", by=by, at=NOON)
    assert not Charge.objects.exists()
    assert not order.case.holds.filter(lifted_at=None).exists()


# --- The case -------------------------------------------------------------------------------------


def test_a_case_closes_only_when_its_last_order_has_a_result(centre: Desk) -> None:
    case = centre.hears("打扫和购物")
    first = centre.orders("T01", case, area="60", appointment=NOON.isoformat(), note="客厅")
    second = centre.orders("T02", case, items="米", quantity="1", deliver_at=NOON.isoformat())
    for order in (first, second):
        centre.confirms(centre.plans(order))
    centre.finishes(first, "已办妥")
    case.refresh_from_db()
    assert case.status == "registered"
    centre.finishes(second, "已办妥")
    case.refresh_from_db()
    assert case.status == "done"
    by = centre.of(centre.cast.limin, AFTERNOON)
    feed_back(case=case, by=by, at=AFTERNOON, text="都办好了", said_by="王女士")
    assert visible_cases(by).filter(pk=case.pk).exists()


def test_an_open_order_keeps_its_case_from_closing(centre: Desk) -> None:
    order = centre.orders("T01")
    with pytest.raises(Refused, match="需求单"):
        close(case=order.case, by=centre.of(centre.cast.limin), at=NOON)


def test_free_repairs_of_the_team_need_no_plan_of_their_own(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    order = desk.orders("16", appointment=NEXT_DAY.isoformat())
    assert order.state == "started"
    with pytest.raises(Refused):
        serving.start(order=order, by=desk.of(cast.limin), at=NOON)


@pytest.mark.parametrize(
    ("name", "value"),
    [("quantity", "两桶"), ("quantity", "nan"), ("begins_at", "2026-11-20 16:00"), ("end", "下月")],
)
def test_a_detail_that_is_not_what_it_should_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.require_shape(name, value)
    assert refused.value.field == "details"


# --- The rules ------------------------------------------------------------------------------------

OFFICE = [Supply((0, 1, 2, 3, 4), datetime(2026, 1, 1, 8).time(), datetime(2026, 1, 1, 18).time())]


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2026-11-20 16:00", "2026-11-20 20:30", "2.50"),
        ("2026-11-20 08:00", "2026-11-20 18:00", "0.00"),
        ("2026-11-21 09:00", "2026-11-21 12:20", "3.33"),
        ("2026-11-20 17:00", "2026-11-23 09:00", "62.00"),
        ("2026-11-20 18:00", "2026-11-20 18:00", "0.00"),
    ],
)
def test_overtime_is_what_lies_outside_the_supply(begins: str, ends: str, hours: str) -> None:
    since, until = localtime(moment(begins)), localtime(moment(ends))
    assert overtime(since, until, OFFICE) == Decimal(hours)


MINUTES = st.integers(0, 14 * 24 * 60)


@given(begins=MINUTES, length=MINUTES, cut=MINUTES)
def test_overtime_of_two_parts_is_that_of_the_whole_in_minutes(
    begins: int, length: int, cut: int
) -> None:
    start = datetime(2026, 11, 16, 0, 0) + timedelta(minutes=begins)
    middle = start + timedelta(minutes=min(cut, length))
    end = start + timedelta(minutes=length)
    parts = overtime(start, middle, OFFICE) + overtime(middle, end, OFFICE)
    assert abs(parts - overtime(start, end, OFFICE)) <= Decimal("0.01")
    assert 0 <= overtime(start, end, OFFICE) <= Decimal(length) / 60 + Decimal("0.01")


def test_every_step_that_follows_is_named_and_every_state_leads_somewhere() -> None:
    for state, follows in rules.FOLLOWS.items():
        assert state in rules.STATE_NAMES
        assert all(step in rules.STEP_NAMES for step in follows)
    for step in ("plan", "confirm", "start", "finish", "cancel"):
        with pytest.raises(Refused):
            rules.require_step("done", step)
