"""One walk in a real browser: the case, a new order, its steps to the signature, and the lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.repairs.models import WorkOrder
from tests.permissions_world import PNG
from tests.repairs.conftest import Shop


def test_an_order_is_written_sent_and_signed_on_its_pages(
    shop: Shop, page: Page, as_staff: Callable[[Staff], None], live_server: LiveServer,
    shot: Callable[[str], None], tmp_path: Path,
) -> None:  # fmt: skip
    now, cast = clock.now(), shop.cast
    dark = shop.registers("三楼楼道灯不亮，有老人摸黑上下楼", at=now, urgent=True)
    shop.issues(dark, range="public", at=now, title="更换楼道声控灯", trade="power",
                materials="声控灯 2 只")  # fmt: skip
    case = shop.registers("厨房水槽下面漏水，已用盆接着，下午三点以后在家", at=now)

    as_staff(cast.limin)
    page.goto(f"{live_server.url}/cases/{case.number}")
    page.get_by_role("link", name="开维修单").click()
    page.get_by_label("维修项目").fill("更换厨房角阀")
    page.locator("label.pick", has_text="小修").click()
    page.locator("label.pick", has_text="给排水管道").click()
    shot("new-order")
    page.get_by_role("button", name="开维修单").click()
    order = WorkOrder.objects.get(case=case)
    expect(page.get_by_role("heading", name="更换厨房角阀")).to_be_visible()
    page.get_by_role("link", name="派工", exact=True).click()
    shot("dispatch")
    page.locator("label.pick", has_text="陈建国").click()
    page.get_by_role("button", name="派工").click()
    expect(page.get_by_text("已派工")).to_be_visible()
    page.goto(f"{live_server.url}/cases/{case.number}")
    expect(page.locator("#panel-repairs")).to_contain_text(order.number)
    shot("case-with-order")
    page.goto(f"{live_server.url}/orders")
    shot("orders")

    as_staff(cast.chenjianguo)
    page.goto(f"{live_server.url}/orders/{order.number}")
    page.get_by_role("link", name="接单").click()
    page.get_by_role("button", name="接单").click()
    page.get_by_role("link", name="我已出发").click()
    page.get_by_role("button", name="出发").click()
    page.get_by_role("link", name="我已到场").click()
    page.get_by_role("button", name="到场").click()
    page.goto(f"{live_server.url}/cases/{case.number}")
    page.get_by_role("link", name="看维修单").click()
    page.get_by_role("link", name="确定费用承担").click()
    shot("payer")
    page.locator("label.pick", has_text="物业承担").click()
    page.get_by_role("button", name="费用承担").click()
    expect(page.get_by_text("改为别的请写明理由")).to_be_visible()
    page.get_by_label("改为别的，理由").fill("上次维修的返工，免费")
    page.get_by_role("button", name="费用承担").click()
    page.get_by_role("link", name="完工，请客户签字").click()
    page.get_by_label("处理情况").fill("更换 DN15 角阀一只，试水十分钟不漏")
    page.get_by_role("button", name="完工").click()
    expect(page.get_by_text("还不能报完工")).to_be_visible()
    shot("finish-refused")
    signature = tmp_path / "签名.png"
    signature.write_bytes(PNG)
    page.get_by_label("客户签名").set_input_files(signature)
    for name in ("quality", "attitude"):
        page.locator(f"label.pick:has(input[name={name}][value='5'])").click()
    page.get_by_role("button", name="完工").click()
    expect(page.get_by_text("已报完工")).to_be_visible()
    shot("order-done")
    page.troubles.clear()  # type: ignore[attr-defined] # the two refusals that were wanted
    order.refresh_from_db()
    assert (order.state, order.case.status) == (
        "done",
        "accepted" if not order.work_class else "done",
    )

    as_staff(cast.zhoumin)
    for name, address in {
        "register": "/orders/registers/daily", "workload": "/orders/registers/workload",
        "roster": "/orders/roster", "handovers": "/handovers", "patrols": "/patrols",
        "orders-empty": "/orders?state=ended",
    }.items():  # fmt: skip
        page.goto(f"{live_server.url}{address}")
        shot(name)
