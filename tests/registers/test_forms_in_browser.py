"""The contact sheet of a home, filled at the desk, signed by the owner on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.registers.models import Record
from tests.cast import Cast
from tests.registers.conftest import S2, Clerk


@pytest.mark.clause("S2-A12-7-1")
def test_the_owner_signs_the_contact_sheet_on_the_screen(
    cast: Cast, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    cast.follows(S2, "staff-handbook")
    clerk = Clerk(cast)
    clerk.survey(5, 4, 3)
    clerk.contact()
    as_staff(cast.limin)
    page.goto(f"{live_server.url}/registers")
    shot("registers")
    page.goto(f"{live_server.url}/registers/contact-sheet")
    shot("register-list")
    page.get_by_role("link", name="填写", exact=True).click()
    page.locator("[name=unit]").fill("3-2-501")
    page.locator("[name=name]").fill("王女士")
    page.locator("[name=phone]").fill("13900000421")
    page.locator("[name=emergency]").fill("王先生")
    page.get_by_role("button", name="交出").click()
    expect(page.get_by_text("请填“紧急联系电话”")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal is a 422 in the console
    shot("register-fill")
    page.locator("[name=emergency_phone]").fill("13900000422")
    page.get_by_role("button", name="交出").click()
    page.get_by_role("link", name="签字", exact=True).click()
    page.locator("[name=name]").fill("王女士")
    pad = page.locator("canvas.pad")
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 20, steps=5)
    page.mouse.move(box["x"] + 260, box["y"] + 90, steps=5)
    page.mouse.up()
    picked = page.locator("[data-pad] input[type=file]")
    expect(picked).to_have_value(re.compile("签名.png"))
    shot("register-sign")
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_text("看签名")).to_be_visible()
    shot("register-record")
    record = Record.objects.get(signatures__name="王女士")
    assert (record.state, record.unit) == ("signed", cast.home)
    page.goto(f"{live_server.url}/registers/opinion-survey/results")
    shot("register-results")
    page.goto(f"{live_server.url}/registers/opinion-survey/new")
    shot("register-scores")
    as_staff(cast.zhoumin)
    page.goto(f"{live_server.url}/registers/contact-sheet/templates")
    shot("register-templates")
