"""A clerk prints an order, and brings the signed copy back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from tests.cast import Cast
from tests.moments import SetClock
from tests.papers.paper import codes, picture
from tests.repairs.conftest import Shop


@pytest.fixture
def shop(cast: Cast, settings: Settings, tmp_path: Path, clock: SetClock) -> Shop:
    settings.MEDIA_ROOT = tmp_path
    return Shop(cast)


def test_an_order_is_printed_and_its_signed_copy_brought_back(
    page: Page,
    live_server: LiveServer,
    shop: Shop,
    as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
    tmp_path: Path,
) -> None:
    order = shop.done()
    as_staff(shop.cast.limin)
    page.goto(f"{live_server.url}/cases/{order.case.number}")
    box = page.locator("section, .box", has_text="上传签字的纸").first
    address = box.get_by_role("link", name="打印").first.get_attribute("href")
    pdf = page.request.get(f"{live_server.url}{address}").body()
    assert codes(pdf)[1].startswith(live_server.url)
    picture(pdf, 1).save(tmp_path / "回单.jpg", "JPEG")

    page.goto(f"{live_server.url}/papers")
    shot("papers")
    page.get_by_role("link", name="上传签字的纸").click()
    page.set_input_files("input[type=file]", tmp_path / "回单.jpg")
    shot("papers-scan")
    page.get_by_role("button", name="上传").click()
    page.get_by_text("已收回维修单").wait_for()
    page.get_by_text("第 2 联已收回").wait_for()
    shot("papers-case")
    order.refresh_from_db()
    assert order.copy2_at
