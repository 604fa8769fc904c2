"""Clauses about repairs that a page or an action keeps: each breaks here when it is not kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse

from shouwen.estate.queries import place_of
from shouwen.notify.models import OutboxMessage
from shouwen.repairs.actions import working
from shouwen.repairs.actions.finding import (
    Found,
    Looked,
    checklists,
    record_handover,
    record_patrol,
)
from shouwen.repairs.actions.rostering import ring_unsent
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import arrangements, order_rule, repeats, visible_orders
from shouwen.repairs.registers import REGISTERS, rows_of, workload
from shouwen.stores.actions import drawing
from shouwen.stores.models import Material, Stock, Store
from shouwen.stores.queries import reconcile
from tests.repairs.conftest import EVENING, FINISHED, OPENED, SENT, THERE, Shop
from tests.repairs.test_orders import refused

S0, S2, S4 = "first-contact", "service-centre", "customer-communication"


@pytest.mark.clause("S0-3.4-14")
def test_a_repair_begins_the_workflow_of_repairs_on_its_page(shop: Shop) -> None:
    """《报修服务规程》: the case of a repair offers its work order; another matter does not."""
    shop.adopts(S0)
    repair = shop.registers()
    client = shop.client(shop.cast.limin)
    offered = client.get(reverse("repairs:panel", args=[repair.number])).content.decode()
    assert reverse("repairs:new", args=[repair.number]) in offered
    other = shop.registers("物业费多少钱", kind="inquiry")
    assert client.get(reverse("repairs:panel", args=[other.number])).content == b""


@pytest.mark.clause("S4-4.4.2b-1")
def test_a_repair_entered_once_becomes_its_order(shop: Shop) -> None:
    """录入平台，或打印派发《维修单》: from the same data, typed once."""
    shop.adopts(S4)
    case = shop.registers()
    order = shop.issues(case)
    assert (order.place, order.text, order.unit) == (case.address, case.text, case.unit)
    page = shop.client(shop.cast.limin).get(reverse("repairs:order", args=[order.number]))
    for word in (order.number, case.customer_name, case.address):
        assert word in page.content.decode()


@pytest.mark.clause("S2-RP-2")
def test_the_daily_register_writes_itself(shop: Shop) -> None:
    shop.adopts(S2)
    order = shop.sent()
    found = visible_orders(shop.of(shop.cast.limin))
    register = REGISTERS["daily"]
    (row,) = rows_of("daily", found, Q())
    cells = {str(c.title): c.read(row, None) for c in register.columns}  # type: ignore[arg-type] # no column here asks the reader
    assert cells["维修单号"] == order.number
    assert cells["内容"] == "厨房水槽下面漏水"
    assert cells["接收人"] == "李敏"
    assert (cells["时间"], cells["对讲通知时间"]) == (OPENED, SENT)


def drawn(shop: Shop, order: WorkOrder, quantity: int, used: int) -> None:
    """马超 issues angle valves out of the store room, 陈建国 uses some of them."""
    cast, case = shop.cast, order.case
    valve = Material.objects.create(
        **place_of(cast.cuihu), code="SL-001", name="角阀", unit="只", price=Decimal(18)
    )
    room = Store.objects.create(**place_of(cast.cuihu), name="工程部库房")
    Stock.objects.create(store=room, material=valve, quantity=Decimal(20))
    by = shop.of(cast.chenjianguo, THERE)
    asked = drawing.request(
        case=case, subject=order.number, lines=[(valve, Decimal(quantity))], by=by, at=THERE
    )
    line = asked.lines.get()
    keeper = shop.of(cast.machao, THERE)
    drawing.issue(requisition=asked, issued={line.pk: Decimal(quantity)}, by=keeper, at=THERE)
    drawing.acknowledge(requisition=asked, by=by, at=THERE)
    asked.refresh_from_db()
    assert asked.acknowledged_at == THERE, "the second copy is with the repairer"
    lines = [(valve, Decimal(used))]
    drawing.use(case=case, subject=order.number, lines=lines, by=by, at=THERE)


@pytest.mark.clause("S2-RP-5", "S2-RP-11")
def test_what_was_drawn_is_on_the_order_and_compared_when_the_second_copy_is_back(
    shop: Shop,
) -> None:
    shop.adopts(S2)
    order = shop.on_site(payer="company")
    drawn(shop, order, quantity=2, used=1)
    assert order.case.journal.filter(verb="material-drawn", data__order=order.number).exists()
    with refused("not-done-yet"):
        working.return_copy(order=order, copy=2, by=shop.of(shop.cast.limin, THERE), at=THERE)
    shop.finishes(order)
    working.return_copy(order=order, copy=2, by=shop.of(shop.cast.limin, EVENING), at=EVENING)
    (row,) = reconcile(order.number)
    assert order.copy2_at == EVENING
    assert [int(n) for n in (row.drawn, row.used, row.difference)] == [2, 1, 1]
    shown = shop.client(shop.cast.limin).get(
        reverse("stores:panel-of-order", args=[order.number]), headers={"HX-Request": "true"}
    )
    assert "角阀" in shown.content.decode()


@pytest.mark.clause("S2-RP-11b", "S2-RP-12")
def test_the_repairer_tells_how_it_went_before_the_order_is_checked(shop: Shop) -> None:
    shop.adopts(S2)
    order = shop.done()
    by = shop.of(shop.cast.sunli, EVENING)
    with refused("return-incomplete") as said:
        working.check(order=order, ok=True, opinion="合格", by=by, at=EVENING)
    assert "沟通情况" in str(said.value)
    working.record_communication(
        order=order, text="王女士说水压仍偏低，已解释是市政原因",
        by=shop.of(shop.cast.chenjianguo, EVENING), at=EVENING,
    )  # fmt: skip
    working.return_copy(order=order, copy=2, by=shop.of(shop.cast.limin, EVENING), at=EVENING)
    working.check(order=order, ok=True, opinion="合格", by=by, at=EVENING)
    (row,) = rows_of("communications", visible_orders(by), Q())
    cells = [c.read(row, None) for c in REGISTERS["communications"].columns]  # type: ignore[arg-type] # no column here asks the reader
    assert cells[1:] == [
        order.place, "王女士", "王女士说水压仍偏低，已解释是市政原因", order.number, "陈建国",
        "陈建国",
    ]  # fmt: skip


@pytest.mark.clause("S2-RP-13")
@pytest.mark.peers("T13")
def test_the_first_copy_counts_as_work_and_may_be_a_training_case(shop: Shop) -> None:
    shop.adopts(S2)
    order = shop.done()
    clerk = shop.of(shop.cast.limin, EVENING)
    working.record_communication(order=order, text="满意", by=clerk, at=EVENING)
    working.return_copy(order=order, copy=2, by=clerk, at=EVENING)
    working.return_copy(order=order, copy=1, by=clerk, at=EVENING)
    head = shop.of(shop.cast.liuqiang, EVENING)
    working.check(order=order, ok=True, opinion="漏点难找", training_case=True, by=head, at=EVENING)
    cancelled = shop.sent()
    working.cancel(order=cancelled, reason="重复", by=clerk, at=EVENING)
    waiting = shop.on_site()
    working.pause(order=waiting, reason="parts", text="缺件", by=head, at=EVENING)
    order.refresh_from_db()
    assert order.copy1_at == EVENING
    (row,) = workload(visible_orders(clerk), Q(done_at__gte=OPENED))
    assert (row.name, row.finished, row.training, row.open) == ("陈建国", 1, 1, 1)


@pytest.mark.clause("S2-A10r-6b")
def test_each_defect_of_a_handover_has_class_owner_and_due_time(shop: Shop) -> None:
    shop.adopts(S2)
    by = shop.of(shop.cast.limin)
    found = [
        Found("厨房", "水龙头滴水", "small"),
        Found("主卧", "墙面空鼓开裂", "larger"),
    ]
    check = record_handover(unit=shop.cast.home, with_whom="王女士", found=found, by=by, at=OPENED)
    small, larger = arrangements(check)
    assert [row.defect.size for row in (small, larger)] == ["small", "larger"]
    assert small.defect.case != larger.defect.case
    assert {row.defect.case.owner for row in (small, larger)} == {shop.cast.limin}
    assert small.due is not None
    assert larger.due is not None
    assert small.due.due_at is not None
    assert larger.due.due_at is not None
    assert small.due.due_at.date() == OPENED.date()
    assert larger.due.due_at > small.due.due_at + timedelta(days=5)
    assert all(row.order and row.order.mandatory for row in (small, larger))
    page = shop.client(shop.cast.limin).get(reverse("repairs:handover", args=[check.pk]))
    for word in ("水龙头滴水", "墙面空鼓开裂", "小型维修", "较大型维修", "李敏"):
        assert word in page.content.decode()


def test_a_patrol_goes_by_ours_only_where_no_regulation_has_a_list(shop: Shop) -> None:
    shop.adopts("complaint-procedure")
    ((ours, rule),) = checklists(shop.cast.cuihu, OPENED)
    assert (ours.product_default, len(rule.items)) == (True, 8)
    shop.adopts(S2)
    ((theirs, _),) = checklists(shop.cast.cuihu, OPENED)
    assert not theirs.product_default


@pytest.mark.clause("S2-W-10")
def test_what_a_patrol_finds_amiss_is_a_case_at_once(shop: Shop) -> None:
    shop.adopts(S2)
    by = shop.of(shop.cast.limin)
    ((_, rule),) = checklists(shop.cast.cuihu, OPENED)
    looked = [Looked(item.id, ok=True) for item in rule.items]
    with refused("not-whole"):
        record_patrol(
            project=shop.cast.cuihu, checklist=rule.id, looked=looked[1:], by=by, at=OPENED
        )
    looked[0] = Looked(rule.items[0].id, ok=False, note="2 栋大堂地面有油渍")
    looked[3] = Looked(rule.items[3].id, ok=False, note="地库 B 区三盏灯不亮")
    patrol = record_patrol(
        project=shop.cast.cuihu, checklist=rule.id, looked=looked, by=by, at=OPENED, area="2 栋"
    )
    amiss = [item.case for item in patrol.items.exclude(case=None).select_related("case")]
    assert [(case.text, case.address) for case in amiss if case] == [
        ("楼道、大堂、电梯轿厢清洁：2 栋大堂地面有油渍", "2 栋"),
        ("公共照明、开关：地库 B 区三盏灯不亮", "2 栋"),
    ]
    assert amiss[1] is not None
    assert (amiss[1].kind, amiss[1].source) == ("repair", "patrol")


def test_the_same_fault_three_times_in_a_month_is_flagged(shop: Shop) -> None:
    """S2-A18-8b: the third order of a part at a home within the regulation's months."""
    shop.adopts(S2)
    orders = [shop.issues(part="plumbing") for _ in range(3)]
    rule = order_rule(orders[0].case, "home")
    assert repeats(orders[-1], rule) == 3
    assert repeats(shop.issues(part="wiring"), rule) == 0
    row: Any
    (row,) = rows_of("repeats", visible_orders(shop.of(shop.cast.limin)), Q())
    assert (row.last, row.fault, row.times) == (orders[-1], "给排水管道", 3)
    page = shop.client(shop.cast.limin).get(reverse("repairs:register", args=["repeats"]))
    assert orders[-1].number in page.content.decode()


def test_an_order_that_found_nobody_in_ten_minutes_is_told_once(shop: Shop) -> None:
    order = shop.issues()
    assert ring_unsent(at=OPENED + timedelta(minutes=9)) == 0
    late = OPENED + timedelta(minutes=11)
    assert ring_unsent(at=late) == 1
    assert ring_unsent(at=late) == 0
    told = OutboxMessage.objects.filter(subject__contains="未在时限内派工")
    assert shop.cast.liuqiang in [message.staff for message in told]
    assert late < FINISHED
    shop.sends(order)
