"""The counter in a real browser: who pays, how much, and the paper for it; looked at, too."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.billing.models import Payment, Receipt
from shouwen.billing.queries import balance
from shouwen.rules.money import ZERO, Line
from tests.billing.conftest import Counter

LONG = "南侧主卧及客厅空调冷凝水立管堵塞疏通、更换破损弯头并恢复吊顶石膏板（含垃圾清运）"


def test_a_clerk_finds_the_home_takes_the_money_and_gives_the_receipt(
    counter: Counter, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    case = counter.case()
    counter.charges(case)
    counter.charges(case, lines=[Line(LONG, "项", Decimal(1), Decimal("1286.50"))])
    counter.pays_on_site(counter.charges(case), amount="40.00")
    as_staff(counter.cast.xuqin)
    page.goto(f"{live_server.url}/money")
    shot("money-desk")
    page.get_by_label("谁来缴费").fill("3栋2单元501")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("501")
    shot("money-unit")
    page.get_by_label("实收金额（元）").fill("9999")
    page.get_by_role("button", name="收款").click()
    expect(page.get_by_text("不能多收")).to_be_visible()
    shot("money-too-much")
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal was wanted
    page.get_by_label("实收金额（元）").fill("")
    page.get_by_label("付款人").fill("王女士")
    page.get_by_role("button", name="收款").click()
    expect(page.get_by_text("已收款")).to_be_visible()
    page.get_by_role("button", name="开收据").click()
    expect(page.get_by_text("待送交")).to_be_visible()
    page.get_by_role("button", name="已交给业户").click()
    expect(page.get_by_text("已记录收据交给业户")).to_be_visible()
    shot("money-payment")
    page.goto(f"{live_server.url}/money/cash")
    shot("money-cash")
    for name in ("bills", "approvals"):
        page.goto(f"{live_server.url}/money/{name}")
        shot(f"money-{name}")
    page.goto(f"{live_server.url}/cases/{case.number}")
    expect(page.get_by_text("现金在陈建国手里")).to_be_visible()
    shot("money-case")
    assert (balance(counter.cast.home), Payment.objects.count()) == (ZERO, 2)
    assert Receipt.objects.get().delivered_at is not None
