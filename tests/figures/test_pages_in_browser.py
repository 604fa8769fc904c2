"""The pages of figures as people see them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.figures.actions.locking import lock
from tests.figures.conftest import NOVEMBER, Desk
from tests.moments import moment

FIRST = moment("2026-12-01 09:00", "周二")


@pytest.fixture
def month(desk: Desk) -> Desk:
    """Some complaints and repairs; the month is locked, and one more is closed."""
    for _ in range(3):
        desk.closes(desk.ends(desk.registers()))
    late = desk.registers()
    desk.registers("repair")
    desk.counts()
    desk.now = FIRST
    lock(project=desk.cast.cuihu, month=NOVEMBER, by=scope_of(desk.cast.zhoumin, FIRST), at=FIRST)
    desk.closes(desk.ends(late))
    desk.counts()
    return desk


def test_from_the_table_to_the_records_and_the_lock(
    month: Desk, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    as_staff(month.cast.zhoumin)
    page.goto(f"{live_server.url}/figures?place=CH&period=2026-11")
    expect(page.get_by_text("75%").first).to_be_visible()
    shot("figures")
    page.get_by_role("link", name="投诉关闭率", exact=True).click()
    expect(page.get_by_role("heading", name="投诉关闭率")).to_be_visible()
    shot("figure")
    page.goto(f"{live_server.url}/figures/months?place=CH")
    shot("months")
    page.goto(f"{live_server.url}/figures/months/CH/2026-11")
    expect(page.get_by_text("与现在的记录不一致")).to_be_visible()
    shot("month")
    page.get_by_role("link", name="申请更正").click()
    page.get_by_label("更正理由").fill("11 月底已关闭，12 月 1 日才录入")
    shot("restate")
    page.get_by_role("button", name="申请更正").click()
    expect(page.get_by_text("待批准", exact=True)).to_be_visible()
    page.locator("a", has_text="GZ-CH").click()
    shot("restatement")
