"""The inbox in a real browser."""

from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.notify.actions import deliver, tell
from tests.cast import Cast

LONG = "一般投诉当日事当日毕：1幢3单元602室 投诉楼上装修，连续三天中午用电锤，老人无法休息"


@pytest.mark.browser
def test_the_inbox_says_what_is_new_and_that_nobody_rings_at_the_moment(
    transactional_db: None, cast: Cast, page: Page, live_server: LiveServer,
    as_staff: Callable[[Staff], None], shot: Callable[[str], None],
) -> None:  # fmt: skip
    at = clock.now()
    as_staff(cast.limin)
    page.goto(f"{live_server.url}/inbox")
    expect(page.get_by_text("没有未读消息")).to_be_visible()
    shot("inbox-empty")
    with transaction.atomic():
        for number, subject in enumerate(
            (LONG, "派单：3幢2单元501室 厨房漏水", "已完成，请反馈客户")
        ):
            tell(
                people=[cast.limin], event=f"e{number}", subject=subject, at=at, url="/inbox",
                urgent=number == 1, body="还在漏，请尽快上门。" if number == 1 else "",
            )  # fmt: skip
    deliver(at=at)
    page.reload()
    expect(page.get_by_text("后台程序已超过 1 分钟没有响应")).to_be_visible()
    page.get_by_role("button", name="已完成，请反馈客户").click()
    expect(page.locator(".top-count")).to_contain_text("2")
    shot("inbox")
