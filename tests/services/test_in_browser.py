"""The pages of the services in a real browser: wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.services.actions.mandates import Outcome, Part, close_mandate, report_house, show
from shouwen.services.actions.parcels import notify, register_parcel, release
from shouwen.services.actions.rents import schedule
from tests.cast import Cast
from tests.services.conftest import S2, Desk

Shot = Callable[[str], None]


@pytest.fixture
def at() -> datetime:
    """The server of the browser tests lives in the present."""
    return clock.now()


@pytest.fixture
def busy(cast: Cast, at: datetime, settings: Settings, tmp_path: Path) -> Desk:
    """A desk in the middle of its day."""
    settings.MEDIA_ROOT = tmp_path
    desk = Desk(cast)
    desk.adopts(S2)
    early = at - timedelta(hours=5)
    by = desk.of(cast.limin, at)
    desk.orders(
        "11", items="大衣 1 件\n羊毛衫 2 件", pickup_at=early.isoformat(),
        return_at=(at - timedelta(hours=1)).isoformat(), at=early,
    )  # fmt: skip
    desk.orders("09", pickup_at=at.isoformat(), place="3栋门口", destination="火车站", at=early)
    asked = desk.orders(
        "K01", place="3栋大堂", begins_at=(at + timedelta(hours=1)).isoformat(),
        ends_at=(at + timedelta(hours=4)).isoformat(), at=early,
    )  # fmt: skip
    desk.plans(asked, "180.00", text="主机房延时供冷三小时，工程部值守", at=at)
    mandate = desk.lists(at=early)
    show(mandate=mandate, who="刘先生", said="觉得采光好，想要带家具", by=by, at=at)
    parts = [Part("门窗", "good"), Part("卫生间", "bad", "吊顶渗水，需要重做防水")]
    report_house(mandate=mandate, parts=parts, by=by, at=at)
    let = Outcome("let", "刘先生", Decimal(3300), "HT-2026-118")
    closed = close_mandate(mandate=mandate, outcome=let, by=by, at=at)
    schedule(mandate=closed, first_on=at.date() - timedelta(days=3), months=3, by=by, at=at)
    for n in range(4):
        parcel = register_parcel(
            project=cast.cuihu, unit=cast.home, person="王女士", carrier="顺丰",
            tracking=f"SF10023344556{n}", by=by, at=early,
        )  # fmt: skip
        if n:
            notify(parcel=parcel, how="phone", by=by, at=at)
        if n == 3:
            release(
                parcel=parcel, to="王女士", signature=desk.kept_signature(), by=by, at=at,
                difference="外箱一角压坏",
            )  # fmt: skip
    return desk


def test_the_desk_goes_from_a_request_to_its_result(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], busy: Desk, shot: Shot,
    at: datetime,
) -> None:  # fmt: skip
    as_staff(busy.cast.sunli)
    for name in ("orders", "catalogue", "parcels", "month", "hours", "mandates?state=closed"):
        page.goto(f"{live_server.url}/services/{name}")
        shot(f"services-{name.partition('?')[0]}")
    page.goto(f"{live_server.url}/services/mandates?state=closed")
    page.get_by_role("link", name="3幢2单元501室").click()
    expect(page.get_by_text("吊顶渗水")).to_be_visible()
    shot("services-mandate")
    as_staff(busy.cast.limin)
    page.goto(f"{live_server.url}/services/orders")
    page.get_by_role("link", name="加时空调").first.click()
    shot("services-order-planned")
    page.get_by_label("电话确认").check()
    page.get_by_role("button", name="记录客户确认").click()
    expect(page.get_by_text("已记录客户确认")).to_be_visible()
    case = busy.hears("代叫出租车", at=at)
    page.goto(f"{live_server.url}/cases/{case.number}")
    page.get_by_role("link", name="开服务需求单").click()
    shot("services-choose")
    page.get_by_role("link", name="09 租车服务").click()
    page.get_by_label("地点").fill("3栋门口")
    page.get_by_label("目的地").fill("市一医院")
    shot("services-new")
    page.get_by_role("button", name="服务需求单").click()
    expect(page.get_by_text("已登记服务需求单")).to_be_visible()
    page.get_by_role("link", name="租车服务").click()
    page.get_by_role("button", name="开始服务").click()
    page.get_by_label("已叫到").check()
    page.get_by_label("结果告知了谁").fill("王女士")
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_text("需求单还缺")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the 422 of the refusal
    shot("services-order-lacking")
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="补充内容").click()
    page.get_by_label("取件或上车时间").fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="补充内容").click()
    page.get_by_label("已叫到").check()
    page.get_by_label("结果告知了谁").fill("王女士")
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_text("已办结").first).to_be_visible()
    shot("services-order-done")


def test_an_empty_desk_says_what_to_do(
    page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None], cast: Cast, shot: Shot
) -> None:
    as_staff(cast.sunli)
    page.goto(f"{live_server.url}/services/catalogue")
    page.get_by_role("button", name="按制度建立目录").click()
    expect(page.get_by_text("目录已按制度更新")).to_be_visible()
    page.goto(f"{live_server.url}/services/parcels/register")
    page.get_by_label("房号").fill("99-9-999")
    page.get_by_role("button", name="登记信报").click()
    expect(page.get_by_text("没有找到这个房号")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the 422 of the refusal
    shot("services-parcel-wrong")
