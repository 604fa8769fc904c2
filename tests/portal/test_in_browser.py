"""The customer's phone: from the code at the entrance to the answer; and our side of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.contacting import agree_promise, contact_customer
from shouwen.cases.models import Case
from shouwen.portal.actions.coding import make_code
from shouwen.portal.actions.linking import issue_link
from shouwen.pricing.actions.quoting import QuoteLine, quote
from tests.cast import Cast
from tests.permissions_world import PNG
from tests.portal.conftest import Portal

Shot = Callable[[str], None]
LONG = "卫生间天花板滴水，地面已经积水，快到电箱了，楼上 601 敲门没人应，昨天也滴过一次。" * 3
PHOTO: FilePayload = {"name": "漏水.png", "mimeType": "image/png", "buffer": PNG}


@pytest.fixture
def at() -> datetime:
    """The server of the browser tests lives in the present."""
    return clock.now()


@pytest.fixture
def portal(cast: Cast, settings: Any, tmp_path: Path) -> Portal:
    settings.MEDIA_ROOT = tmp_path
    return Portal(cast)


def test_from_the_code_at_the_entrance_to_the_answer(
    page: Page, live_server: LiveServer, portal: Portal, at: datetime, shot: Shot
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    by = scope_of(portal.cast.zhoumin, at)
    code = make_code(building=portal.cast.home.building, place="2单元大堂", by=by, at=at)
    page.goto(f"{live_server.url}/c/at/{code.code}")
    page.get_by_role("button", name="提交").click()
    page.wait_for_load_state()
    page.get_by_label("在哪里").select_option(label="3幢2单元501室")
    page.get_by_label("什么事").fill(LONG)
    page.get_by_label("照片").set_input_files([PHOTO])
    page.get_by_label("怎么称呼您").fill("王女士")
    page.get_by_label("电话", exact=True).fill("不告诉你")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("电话只能是数字")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal is a console line of its own
    shot("report-wrong")
    page.get_by_label("电话", exact=True).fill("13900000421")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到，编号")).to_be_visible()
    case = Case.objects.get()
    assert case.urgent
    shot("progress-new")
    own = page.url

    by = scope_of(portal.cast.limin, clock.now())
    contact_customer(case=case, by=by, at=clock.now(), text="已联系")
    until = clock.now() + timedelta(hours=3)
    agree_promise(case=case, by=by, at=clock.now(), until=until, consent_by="王女士")
    portal.finishes(case, at=clock.now())
    page.goto(own)
    page.get_by_label("写在这里").fill("师傅还没走，地上还有水")
    page.get_by_role("button", name="只是补充").click()
    expect(page.get_by_text("已收到，谢谢。")).to_be_visible()
    shot("progress-done")

    page.goto(f"{own}/rate/partly")  # the click in the message sends itself on
    expect(page.get_by_text("谢谢，已记下：部分解决。")).to_be_visible()
    shot("progress-again")
    case.refresh_from_db()
    assert (case.round, case.status) == (2, "registered")

    page.goto(f"{live_server.url}/c/nobody-was-given-this")
    page.troubles.clear()  # type: ignore[attr-defined] # 404 was wanted
    expect(page.get_by_text("这个链接不存在或已经失效")).to_be_visible()
    shot("problem")


def test_a_price_is_agreed_to_and_a_click_answers_without_any_script(
    browser: Browser, page: Page, live_server: LiveServer, portal: Portal, at: datetime, shot: Shot
) -> None:
    case, by = portal.registers(kind="repair", at=at), scope_of(portal.cast.wangfang, at)
    lines = [
        QuoteLine(None, "不锈钢角阀（含拆装，质保十二个月）", "个", Decimal(2), Decimal(43), True),
        QuoteLine(None, "软管", "根", Decimal("1.5"), Decimal("18.80"), True),
    ]  # fmt: skip
    quote(case=case, subject="", lines=lines, by=by, at=at)
    _link, token = issue_link(case=case, purpose="consent", by=by, at=at)
    page.goto(f"{live_server.url}/c/{token}")
    shot("progress-price")
    page.goto(f"{live_server.url}/c/{token}/offers")
    page.get_by_text("不同意", exact=True).click()
    shot("offers")
    page.get_by_label("您的姓名").fill("王女士")
    page.get_by_label("业主", exact=True).check()
    page.get_by_role("button", name="同意，共 114.20 元").click()
    expect(page.get_by_text("已记下您的同意")).to_be_visible()

    portal.finishes(case, at=clock.now())
    _link, token = issue_link(case=case, purpose="rate", by=by, at=clock.now())
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain = context.new_page()
    plain.goto(f"{live_server.url}/c/{token}/rate/satisfied")
    plain.get_by_role("button", name="已解决").click()
    assert "谢谢，已记下：已解决" in plain.content()
    context.close()


def test_our_side_sends_links_and_posts_codes(
    page: Page, live_server: LiveServer, portal: Portal, at: datetime, shot: Shot,
    as_staff: Callable[[Staff], None],
) -> None:  # fmt: skip
    case = portal.registers(kind="repair", at=at)
    as_staff(portal.cast.zhoumin)
    page.goto(f"{live_server.url}/cases/{case.number}")
    page.get_by_role("link", name="发链接").click()
    page.get_by_label("请评价：已解决").check()
    shot("issue")
    page.get_by_role("button", name="生成链接").click()
    expect(page.get_by_text("链接只显示这一次")).to_be_visible()
    shot("issued")
    page.goto(f"{live_server.url}/cases/{case.number}")
    expect(page.get_by_text("未打开")).to_be_visible()
    page.locator("#panel-portal").screenshot(path=_kept("panel"))
    page.goto(f"{live_server.url}/building-codes")
    page.get_by_role("link", name="加一个").first.click()
    page.get_by_label("张贴处").fill("2单元大堂")
    page.get_by_label("楼栋管家").select_option(label="王芳")
    shot("make-code")
    page.get_by_role("button", name="制作").click()
    expect(page.get_by_text("二维码已做好")).to_be_visible()
    shot("codes")
    page.get_by_role("link", name="打印").click()
    expect(page.get_by_alt_text("报修二维码")).to_be_visible()
    shot("sheet")


def _kept(name: str) -> str | None:
    folder = os.environ.get("SHOUWEN_SCREENSHOTS")
    return f"{folder}/{name}.png" if folder else None
