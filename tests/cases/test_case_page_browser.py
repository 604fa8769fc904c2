"""The page of a case in a real browser: dialogs, the phone, nothing cut off."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from tests.cases.pages import LEAK, NOISE, Day
from tests.cast import Cast

LONG = "702 施工队确在午间作业，已当面制止，并向装修负责人说明装修时间。" * 14


@pytest.fixture
def day(transactional_db: None, cast: Cast, clock: Callable[..., datetime]) -> Day:
    day = Day(cast, clock)
    day.at("2026-11-19 09:12", "周四")
    return day


def photo(name: str) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (400, 300), (120, 150, 170)).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue())


def a_long_story(day: Day) -> None:
    """A complaint with everything that can hang on one."""
    cast = day.cast
    day.registers(
        NOISE, name="赵先生", phone="13800007710", unit=cast.neighbour, customer=cast.mrzhao
    )
    day.at("2026-11-19 09:18")
    day.does(cast.limin, "dispatch", lead="CH-engineering", assist=["CH-security"])
    day.at("2026-11-19 09:40")
    day.does(cast.chenjianguo, "refuse", department="CH-engineering", reason="午间巡查不属工程")
    day.at("2026-11-19 09:55")
    day.does(
        cast.zhoumin,
        "rule",
        department="CH-engineering",
        refusal_stands="no",
        reason="装修守则第 7 条",
    )
    day.at("2026-11-19 11:35")
    day.does(
        cast.chenjianguo, "note", text=LONG, tag="investigate", happened="2026-11-19T11:20",
        said_by="吴师傅", files=[photo("702-门口.jpg"), photo("702-电钻.jpg")],
    )  # fmt: skip
    day.at("2026-11-19 14:05")
    day.does(
        cast.limin, "contact-customer", reached="yes", channel="phone", text="先看两天",
        tag="explain", said_by="赵先生",
    )  # fmt: skip
    day.at("2026-11-20 12:40", "周五")
    day.does(cast.wangfang, "urge", by_customer="yes", text="今天中午又施工 20 分钟。")
    day.at("2026-11-20 15:00")
    keys = [row.key for row in day.case.commitments.filter(rule="complaint-same-day", outcome="")]
    day.does(cast.limin, "agree-promise", until="2026-11-23T20:00", consent_by="赵先生", keys=keys)
    for number in range(30):
        day.at(f"2026-11-21 09:{number:02}")
        day.does(cast.limin, "note", text=f"第 {number + 1} 次巡查，无人施工。")
    day.does(cast.limin, "mark-urgent", reason="老人心脏不好")


@pytest.mark.browser
def test_a_long_story_stands_beside_its_promises(
    day: Day, cast: Cast, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    a_long_story(day)
    as_staff(cast.limin)
    page.goto(f"{live_server.url}/cases/{day.case.number}")
    expect(page.get_by_text("未被改动")).to_be_visible()
    shot("case-long")
    page.get_by_text("中间", exact=False).first.click()
    expect(page.get_by_text("第 5 次巡查")).to_be_visible()
    page.locator(".case-more > summary").click()
    shot("case-more")


@pytest.mark.browser
def test_a_verb_opens_over_the_page_and_keeps_what_was_typed_when_refused(
    day: Day, cast: Cast, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    day.registers(LEAK, facts={"urgent": "", "scope": "home"})
    as_staff(cast.limin)
    page.goto(f"{live_server.url}/cases/{day.case.number}")
    shot("case-new")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="派单").first.click()
    dialog = page.locator("#verb-dialog")
    expect(dialog.get_by_role("radio", name="工程部")).to_be_checked()
    dialog.locator("textarea").first.fill("先关总阀")
    shot("case-dispatch")
    day.does(cast.limin, "note", text="客户又来电")
    dialog.get_by_role("button", name="派单").click()
    expect(dialog.get_by_text("别人刚刚改过这件事")).to_be_visible()
    expect(dialog.locator("textarea").first).to_have_value("先关总阀")
    shot("case-refused")
    page.troubles.clear()  # type: ignore[attr-defined] # the 422 that this test wanted
    dialog.get_by_role("button", name="派单").click()
    expect(page.get_by_text("已派单").first).to_be_visible()
    assert day.case.journal.filter(verb="dispatched").count() == 1


@pytest.mark.browser
def test_an_engineer_does_a_repair_with_a_thumb(
    day: Day, cast: Cast, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    day.registers("卫生间天花板滴水，地面积水，近电箱。楼上 601 无人。")
    day.at("2026-11-19 09:15")
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    as_staff(cast.chenjianguo)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/cases/{day.case.number}")
    expect(page.get_by_text("独居老人，敲门后请稍候")).to_be_visible()
    shot("case-engineer")
    page.set_viewport_size({"width": 390, "height": 844})
    for button, done in (("接单", "已接单"), ("我已到场", "已记到场")):
        page.locator(".case-next", has_text=button).click()
        page.locator("#verb-dialog button[type=submit]").click()
        expect(page.locator(".note-success", has_text=done)).to_be_visible()
    shot("case-engineer-next")


@pytest.mark.browser
def test_looking_behind_the_mask_needs_one_click(
    day: Day, cast: Cast, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None]
) -> None:
    day.registers()
    as_staff(cast.limin)
    page.goto(f"{live_server.url}/cases/{day.case.number}")
    expect(page.get_by_text("139 **** 0421")).to_be_visible()
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("link", name="13900000421")).to_be_visible()
