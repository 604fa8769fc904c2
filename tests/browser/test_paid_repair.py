"""A paid repair from the call to the receipt, as 李敏 at the desk and 陈建国 in a basement do it:
once paid for, once refused, and once an emergency that nobody can pay (S2 第五节)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.billing.models import Charge
from shouwen.billing.queries import balance, in_hand
from shouwen.cases.models import Case
from shouwen.cases.verifying import verify
from shouwen.followup.actions.following import follow
from shouwen.followup.models import Visit
from shouwen.phone.models import Conflict
from shouwen.repairs.models import WorkOrder
from shouwen.rules.money import ZERO
from shouwen.stores.queries import own_stock
from tests.browser.test_walk import AsStaff, Shot, Walk
from tests.cast import Cast
from tests.phone.test_offline import Basement, carry
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import Shop

LEAK = "厨房水槽下面的水管漏水，麻烦派人来看看"
BURST = "厨房水管爆裂，水喷得到处都是，已经漏到楼下"


class Repair(Walk):
    """One work order, on the pages of the desk and on the phone."""

    @cached_property
    def phone(self) -> Basement:
        return Basement(self.page, self.url)

    # --- The desk ---------------------------------------------------------------------------------

    def sends(self, text: str, title: str) -> WorkOrder:
        """李敏 takes the call, opens the order, decides who pays, and sends 陈建国."""
        case = self.call(text)
        self.page.get_by_role("link", name="打开这一件").click()
        self.page.get_by_role("link", name="开维修单").click()
        self.page.get_by_label("维修项目").fill(title)
        self.page.locator("label.pick", has_text="给排水管道").click()
        self.saves("开维修单", "已开维修单")
        self.page.get_by_role("link", name="确定费用承担").click()
        self.shot("paid-payer")
        self.saves("费用承担", "已确定费用承担")  # what the warranty says is chosen already
        self.page.get_by_role("link", name="派工", exact=True).click()
        self.page.locator("label.pick", has_text="陈建国").click()
        self.saves("派工", "已派工")
        self.shot("paid-sent")
        return WorkOrder.objects.get(case=case)

    def saves(self, button: str, said: str) -> None:
        self.page.locator("main").get_by_role("button", name=button).click()
        expect(self.page.get_by_text(said).first).to_be_visible()

    def opens(self, who: Staff, order: WorkOrder) -> None:
        self.as_staff(who)
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.goto(f"{self.url}/orders/{order.number}")

    def more(self, word: str) -> None:
        """What an order offers beside its next step."""
        self.page.locator("main summary", has_text="更多").click()
        self.page.get_by_role("link", name=word, exact=True).click()

    def prints(self) -> None:
        """The button “打印” answers with a sheet of paper."""
        address = self.page.get_by_role("link", name="打印").first.get_attribute("href")
        answer = self.page.request.get(f"{self.url}{address}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")

    def takes_the_cash(self, amount: str) -> None:
        """陈建国 lays it on the counter; 李敏 counts it."""
        self.page.goto(f"{self.url}/money")
        self.page.get_by_role("link", name="维修工手里").click()
        self.page.get_by_label("实点金额（元）").fill(amount)
        self.shot("paid-hand-in")
        self.saves("收缴", "已收缴")
        assert in_hand(self.cast.chenjianguo) == ZERO

    def gives_the_receipt(self, order: WorkOrder) -> None:
        """From the order to its charge, and from there to what was paid."""
        self.opens(self.cast.limin, order)
        self.page.get_by_role("link", name="维修 更换厨房角阀").click()
        self.shot("paid-charge")
        self.page.get_by_role("link", name="P-CH-").click()
        self.saves("开收据", "待送交")
        self.prints()
        self.saves("已交给业户", "已记录收据交给业户")
        self.shot("paid-receipt")

    def checks(self, order: WorkOrder) -> None:
        """The paper is back, and 刘强, who did not do the work, has looked at it."""
        self.opens(self.cast.limin, order)
        self.more("沟通情况")
        self.page.get_by_label("与业户沟通情况").fill("业主问了保修，已说明")
        self.saves("沟通情况", "已记下沟通情况")
        self.more("收回联单")
        self.saves("收回联单", "已收回")
        self.opens(self.cast.liuqiang, order)
        self.page.get_by_role("link", name="验收", exact=True).click()
        self.page.locator("label.pick", has_text="通过").first.click()
        self.page.get_by_label("验收意见").fill("现场看过，合格")
        self.saves("验收", "已验收")

    def closes(self, case: Case) -> None:
        """Told, closed, and the return visit of three days stands in somebody's list."""
        self.does(self.cast.limin, case, "feed-back", text="已告知处理结果")
        self.does(self.cast.limin, case, "close")
        assert case.status == "closed"
        follow(at=clock.now())
        visit = Visit.objects.get(case=case, rule="visit-every-repair")
        assert visit.state == "planned"
        assert visit.due_at - visit.after_at <= timedelta(days=4)
        assert self.cast.chenjianguo not in visit.visitors.all()
        assert list(verify()) == []

    # --- The basement -----------------------------------------------------------------------------

    def goes_down(self) -> datetime:
        """陈建国 has his orders on the phone, and from now on no signal; he goes there."""
        self.as_staff(self.cast.chenjianguo)
        self.phone.opens()
        expect(self.page.get_by_text("3幢2单元501室").first).to_be_visible()
        self.phone.goes_down()
        left = clock.now()
        self.phone.presses("接单", "我已出发", "我已到场")
        return left

    def quotes(self) -> None:
        self.phone.presses("向客户报价")
        self.page.get_by_label("找项目").fill("更换")
        self.page.get_by_text("更换角阀").click()
        self.shot("paid-quote")
        self.phone.presses("报价")

    def consents(self) -> None:
        self.phone.presses("请客户同意并签字")
        self.phone.signs()
        self.shot("paid-consent")
        self.phone.presses("客户同意")

    def uses(self, material: str) -> None:
        self.phone.presses("领料")
        self.page.get_by_text(material).click()
        self.phone.presses("记下用料")

    def declines(self, reason: str) -> None:
        self.more_on_the_phone("客户不同意")
        self.page.get_by_label("客户怎么说").fill(reason)
        self.phone.presses("保存")

    def makes_safe(self, text: str) -> None:
        self.shot("emergency-there")
        self.phone.presses("先应急处置")
        self.page.get_by_label("做了什么").fill(text)
        self.phone.presses("保存")

    def more_on_the_phone(self, word: str) -> None:
        self.page.locator("main summary", has_text="更多").click()
        self.phone.presses(word)

    def finishes(self, text: str, picture: str) -> None:
        """With a photo and the signature of the customer."""
        self.page.get_by_label("做了什么").fill(text)
        self.phone.photographs()
        self.page.get_by_label("客户意见").fill("满意")
        self.page.get_by_label("回访电话").fill("13900000421")
        self.phone.signs()
        self.shot(picture)
        self.phone.presses("完工")
        expect(self.page.get_by_text("手里没有未完工的维修单")).to_be_visible()

    def comes_up(self, order: WorkOrder, left: datetime) -> None:
        """Everything that waited is with the server, at the times at which it truly happened."""
        there = clock.now()
        self.phone.comes_up()
        assert not Conflict.objects.exists()
        order.refresh_from_db()
        told = order.case.journal.filter(by=self.cast.chenjianguo)
        steps = told.filter(verb__in=["order-departed", "order-arrived", "order-done"])
        assert [each.verb for each in steps.order_by("at")] == [
            "order-departed", "order-arrived", "order-done",
        ]  # fmt: skip
        assert all(left <= each.at <= there <= each.recorded_at for each in steps)


@pytest.fixture
def repair(
    transactional_db: None, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot,
    cast: Cast, settings: Settings, tmp_path: Path,
) -> Repair:  # fmt: skip
    """翠湖花园 follows 第五节; prices are in force, the warranty is over, he carries two valves."""
    settings.MEDIA_ROOT = tmp_path
    shop = Shop(cast)
    shop.adopts("service-centre")
    repair_prices(cast)
    carry(shop, clock.now() - timedelta(minutes=15))
    cast.home.handed_over_on = date(2010, 6, 1)
    cast.home.save()
    return Repair(page, live_server, as_staff, shot, cast)


@pytest.mark.clause("S2-RP-7", "S2-RP-9", "S2-RP-14")
def test_a_paid_repair_is_done_without_a_signal_paid_at_the_door_and_receipted_at_the_desk(
    repair: Repair, cast: Cast
) -> None:
    order = repair.sends(LEAK, "更换厨房角阀")
    left = repair.goes_down()
    repair.quotes()
    repair.consents()
    repair.uses("角阀 DN15")
    repair.phone.presses("完工，请客户签字", "收现金 35.00 元")
    repair.finishes("换了角阀，试水不漏", "paid-finish")
    repair.comes_up(order, left)
    assert (order.result, order.signed_name) == ("repaired", "王女士")
    assert carried(cast) == 1
    assert (Charge.objects.get().amount, balance(cast.home)) == (Decimal(35), ZERO)
    repair.opens(cast.limin, order)
    repair.shot("paid-done")
    repair.prints()
    repair.takes_the_cash("35.00")
    repair.gives_the_receipt(order)
    repair.checks(order)
    repair.closes(order.case)


def test_who_refuses_the_price_has_nothing_repaired_and_nothing_to_pay(
    repair: Repair, cast: Cast
) -> None:
    order = repair.sends(LEAK, "更换厨房角阀")
    left = repair.goes_down()
    repair.quotes()
    repair.declines("太贵了，自己找人修")
    repair.phone.presses("完工，请客户签字")
    repair.finishes("业主不同意报价，未维修，已告知先关角阀", "refused-finish")
    repair.comes_up(order, left)
    assert (order.result, carried(cast), Charge.objects.count()) == ("declined", Decimal(2), 0)
    repair.opens(cast.limin, order)
    repair.shot("refused-done")
    repair.prints()
    repair.checks(order)
    repair.closes(order.case)


@pytest.mark.peers("T30")
def test_an_emergency_that_nobody_can_pay_is_sent_made_safe_reported_and_costs_nothing(
    repair: Repair, cast: Cast
) -> None:
    order = repair.sends(BURST, "厨房爆管止水")
    left = repair.goes_down()
    repair.makes_safe("关闭户内总阀，已止水")
    repair.more_on_the_phone("没有维修，直接完工")
    repair.finishes("已止水，业主无力承担维修费，待另修", "emergency-finish")
    repair.comes_up(order, left)
    assert (order.urgent, order.paid, order.result) == (True, True, "made-safe")
    assert order.made_safe_at
    assert left <= order.made_safe_at
    repair.opens(cast.limin, order)
    repair.shot("emergency-done")
    repair.checks(order)
    repair.does(cast.chenjianguo, order.case, "report-done", text="已止水，业主另行找人维修")
    repair.closes(order.case)
    assert Charge.objects.count() == 0


def carried(cast: Cast) -> Decimal:
    """Valves in 陈建国's bag."""
    (stock,) = own_stock(cast.chenjianguo, cast.cuihu)
    return stock.quantity
