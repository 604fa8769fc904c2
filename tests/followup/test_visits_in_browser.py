"""The pages of return visits in a real browser: wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.recording import Said, attempt
from shouwen.followup.models import Visit
from tests.cast import Cast
from tests.followup.conftest import S2, Desk

Shot = Callable[[str], None]


@pytest.fixture
def at() -> datetime:
    """The server of the browser tests lives in the present."""
    return clock.now()


@pytest.fixture
def busy(cast: Cast, at: datetime) -> Desk:
    desk = Desk(cast)
    desk.adopts(S2)
    done = at - timedelta(hours=30)
    for number in range(8):
        kind = "complaint" if number % 2 else "repair"
        text = "厨房水槽下面漏水，柜子湿了，已经是第三次报修，客户很着急" * (1 + number % 3)
        case = desk.registers(f"{number} {text}", kind=kind, at=done, origin="daily")
        desk.finishes(case, at=done)
    follow(at=done)
    Visit.objects.filter(pk=Visit.objects.filter(state="planned").order_by("pk")[0].pk).update(
        due_at=at - timedelta(hours=2)
    )
    return desk


def mine(desk: Desk, rule: str) -> Visit:
    return Visit.objects.filter(rule=rule, state="planned").order_by("-pk")[0]


def test_the_list_empty_long_and_wrong(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], busy: Desk, shot: Shot
) -> None:
    as_staff(busy.cast.jingui_clerk)
    page.goto(f"{live_server.url}/visits")
    expect(page.get_by_text("没有待办的回访")).to_be_visible()
    shot("visits-empty")
    as_staff(busy.cast.limin)
    page.goto(f"{live_server.url}/visits?of=project")
    shot("visits-long")
    page.goto(f"{live_server.url}/visits?of=project&since=2026-11-21&until=2026-11-20")
    expect(page.get_by_text("请对调")).to_be_visible()
    shot("visits-wrong")


def test_a_visit_is_recorded_with_the_keyboard_and_reopens_the_matter(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], busy: Desk,
    at: datetime, shot: Shot,
) -> None:  # fmt: skip
    as_staff(busy.cast.limin)
    visit = mine(busy, "visit-general-complaint")
    attempt(visit=visit, by=busy.of(busy.cast.limin, at), at=at, outcome="no-answer", note="忙")
    page.goto(f"{live_server.url}/visits/{visit.pk}")
    shot("visit-form")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("link", name="13900000421")).to_be_visible()
    page.get_by_role("button", name=re.compile("保存回访")).click()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal that is wanted
    for name in ("质量评价", "服务效果", "满意程度"):
        page.get_by_role("group", name=re.compile(name)).get_by_label("一般").check()
    page.get_by_label("缺点和不足").fill("来得慢")
    page.get_by_label("意见征集").fill("无")
    page.get_by_role("group", name=re.compile("客户评价")).get_by_label("不满意").check()
    page.get_by_role("button", name=re.compile("保存回访")).click()
    expect(page.get_by_text("写下还有什么没解决")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal that is wanted
    shot("visit-refused")
    page.get_by_label("客户意见").fill("还是漏")
    page.get_by_label("没有签名的原因").fill("客户在外地")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已记录回访")).to_be_visible()
    visit.case.refresh_from_db()
    assert visit.case.round == 2
    shot("visit-done")


def test_the_shares_and_the_lots(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], busy: Desk,
    at: datetime, shot: Shot,
) -> None:  # fmt: skip
    visit = mine(busy, "visit-every-repair")
    busy.asks(
        visit, by=busy.cast.wangfang, at=at, no_signature="不便",
        items=[Said("花坛的灯不亮"), Said("快递柜少", answer="年底加装"),
               Said("何时换电梯", reply_by=at + timedelta(days=2))],
    )  # fmt: skip
    as_staff(busy.cast.sunli)
    page.goto(f"{live_server.url}/visits/{visit.pk}")
    shot("visit-items")
    page.goto(f"{live_server.url}/visits/{visit.pk}/form")
    shot("visit-paper")
    page.goto(f"{live_server.url}/visits/coverage?month=2020-01")
    expect(page.get_by_text("还没有要回访的事项")).to_be_visible()
    shot("coverage-empty")
    page.goto(f"{live_server.url}/visits/coverage")
    shot("coverage")
    page.get_by_role("link", name="看名单").nth(2).click()
    page.wait_for_url("**/visits/coverage/*")
    shot("sample")
