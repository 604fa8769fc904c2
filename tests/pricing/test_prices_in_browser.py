"""The pages of prices in a real browser, wide and on a phone: one walk of each."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.pricing.models import PriceEdition, Quotation
from tests.pricing.conftest import Shop
from tests.pricing.prices import SPECIAL

Shot = Callable[[str], None]
ROWS = [
    f"{row.code}\t{row.name}\t{row.unit}\t{row.low}-{row.high}\t\t{'上门服务，自带工具' * 3}"
    for row in SPECIAL
]


def test_a_list_is_pasted_sent_up_and_put_up(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], shop: Shop, shot: Shot
) -> None:
    as_staff(shop.cast.sunli)
    page.goto(f"{live_server.url}/prices")
    expect(page.get_by_text("还没有现行的标准")).to_be_visible()
    shot("prices-one-empty")
    special = page.locator("section").filter(has_text="特约服务项目及收费标准").last
    page.locator("form[action$='/special']").get_by_role("button").click()
    page.get_by_label("收费项目").fill("\n".join([*ROWS, "T10\t擦玻璃\t平方米\t面议"]))
    page.get_by_role("button", name=re.compile("保存")).click()
    expect(page.get_by_text("第 10 行：“面议”不是价格")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal that is wanted
    shot("prices-rows-wrong")
    page.get_by_label("收费项目").fill("\n".join(ROWS))
    page.get_by_role("button", name=re.compile("保存")).click()
    shot("prices-draft")
    page.get_by_role("button", name="送审").click()
    edition = PriceEdition.objects.get(price_list__kind="special")
    as_staff(shop.cast.tangli)
    page.goto(f"{live_server.url}/prices/editions/{edition.pk}")
    page.get_by_role("button", name="同意").click()
    shot("prices-outside")
    page.get_by_label("备案").check()
    page.get_by_label("文号").fill("沪价备〔2026〕12号")
    page.get_by_label("批准日期").fill("2026-11-18")
    page.get_by_role("button", name="登记答复").click()
    as_staff(shop.cast.sunli)
    page.goto(f"{live_server.url}/prices/editions/{edition.pk}")
    page.get_by_label("公示地点").fill("服务中心公告栏、各楼大堂")
    page.get_by_role("button", name="已公示").click()
    expect(page.get_by_text("现行")).to_be_visible()
    shot("prices-in-force")
    page.goto(f"{live_server.url}/prices")
    expect(special).to_be_visible()
    shot("prices-both")


def test_a_price_is_looked_up_told_and_agreed_to(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], shop: Shop, shot: Shot
) -> None:
    case = shop.sent(shop.leak())
    as_staff(shop.cast.limin)
    page.goto(f"{live_server.url}/prices/find")
    page.get_by_placeholder(re.compile("疏通")).press_sequentially("疏通")
    expect(page.get_by_text("60.00–120.00")).to_be_visible()
    shot("prices-found")
    page.get_by_placeholder(re.compile("疏通")).fill("电梯")
    expect(page.get_by_text("现行标准中没有“电梯”")).to_be_visible()
    page.goto(f"{live_server.url}/prices/quote/{case.number}")
    page.get_by_label("收费项目").nth(0).select_option(label="JS-01 更换角阀（35.00 元/个）")
    page.get_by_label("收费项目").nth(1).select_option(index=3)
    page.get_by_role("button", name=re.compile("报价")).click()
    expect(page.get_by_text("请填单价。")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal that is wanted
    shot("quote-wrong")
    page.get_by_label("单价（元）").nth(1).fill("80")
    page.get_by_role("button", name=re.compile("报价")).click()
    expect(page.get_by_text("待客户答复")).to_be_visible()
    shot("quote-on-the-case")
    page.get_by_role("link", name="客户同意", exact=True).click()
    shot("quote-consent")
    page.get_by_label("本人").check()
    page.get_by_role("button", name=re.compile("记下同意")).click()
    expect(page.get_by_text("李敏代记")).to_be_visible()
    shot("quote-agreed")
    assert Quotation.objects.get().is_agreed
