"""The archive as it looks: a walk through its pages, and those of duties and calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.archive.actions import lending
from shouwen.archive.models import Deposit, Folder
from shouwen.estate.queries import place_of
from shouwen.registers.models import Call
from tests.archive.conftest import NOW, Keeper
from tests.cast import Cast

LONG = "《月度客户信息统计分析表》翠湖花园 2026年10月（第 2 版，更正了回访率和未关闭清单）"


def fill(keeper: Keeper, cast: Cast) -> None:
    """What a few months leave behind."""
    for n in range(12):
        keeper.files(f"回访记录表 2026-11-{n + 1:02}", months=36)
    keeper.files(LONG, months=60, clause="4.3.6")
    keeper.expired()
    folder = keeper.files("来访接待记录 2025年")
    lending.lend(
        folder=folder, to="审计部 张工", back_by=date(2026, 11, 20), reason="年审",
        by=keeper.of(cast.limin), at=NOW - timedelta(days=3),
    )  # fmt: skip
    place = place_of(cast.cuihu)
    Deposit.objects.create(
        **place, subject="visits:CH:2026-Q3", kind="visits", title="2026年第三季度回访资料",
        clause="第十八条", papers=42, opened_at=NOW, due_at=NOW - timedelta(days=2),
    )  # fmt: skip
    Deposit.objects.create(
        **place, subject="order:W-CH-261119-001:engineering", kind="order", opened_at=NOW,
        title="维修单 W-CH-261119-001 工程部留存联", clause="4.2-1)A",
        keeper=cast.department("engineering"), handed_at=NOW, handed_by=cast.limin,
    )  # fmt: skip
    for minute, number in ((5, "13900000421"), (25, "057188886666")):
        at = NOW - timedelta(minutes=60 - minute)
        Call.objects.create(
            **place, key=number, caller=number, called="4001", at=at,
            ended_at=at + timedelta(seconds=32),
        )  # fmt: skip


def test_the_archive_keeps_lends_and_lets_go_in_the_browser(
    page: Page, live_server: LiveServer, keeper: Keeper, cast: Cast,
    as_staff: Callable[[Staff], None], shot: Callable[[str], None],
) -> None:  # fmt: skip
    fill(keeper, cast)
    as_staff(cast.sunli)
    page.goto(f"{live_server.url}/archive")
    expect(page.get_by_text(LONG)).to_be_visible()
    shot("archive")
    page.goto(f"{live_server.url}/archive/deposits")
    shot("archive-deposits")
    page.goto(f"{live_server.url}/archive/disposals")
    shot("archive-disposals-empty")
    page.get_by_role("link", name="提请销毁").click()
    page.get_by_label("销毁理由").fill("保管期满")
    shot("archive-propose")
    page.get_by_role("button", name="提请销毁").click()
    shot("archive-disposals")
    as_staff(cast.zhoumin)
    page.goto(f"{live_server.url}/archive/disposals")
    page.get_by_role("link", name="保管期满").first.click()
    shot("archive-disposal")
    page.get_by_role("link", name="批准销毁清单").click()
    page.get_by_label("同意销毁").check()
    shot("archive-decide")
    page.get_by_role("button", name="批准销毁清单").click()
    expect(page.get_by_text("已批准")).to_be_visible()
    gone = Folder.objects.get(state="disposed")
    page.goto(f"{live_server.url}/archive/{gone.number}")
    shot("archive-folder")
    page.goto(f"{live_server.url}/duties")
    shot("duties")
    page.goto(f"{live_server.url}/duties?state=late")
    shot("duties-late")
    page.goto(f"{live_server.url}/calls")
    shot("calls")
