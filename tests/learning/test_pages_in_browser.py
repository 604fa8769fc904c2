"""A walk through what is learned, as it looks on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.learning.actions import collecting, praising
from shouwen.learning.models import Correction
from tests.learning.conftest import NEXT_DAY, OPENED, PLAN, S2, School

LONG = "楼上装修公司连续三个晚上 23 点以后用电钻打墙，门岗说没有办法，物业服务中心没有人回电话"


def test_from_two_complaints_to_a_correction_with_its_measures(
    school: School,
    page: Page,
    live_server: LiveServer,
    as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:
    """The clerk's two complaints become a correction; 孙丽 reviews it, 周敏 opens it, and 吴强
    writes why it happened."""
    school.adopts(S2)
    school.complains(LONG)
    case = school.complains(LONG, at=OPENED + timedelta(minutes=1))
    school.registers("建议在大堂加一张长椅", kind="suggestion")
    school.learns()
    by = school.of(school.cast.zhoumin)
    collecting.note_defect_on(
        case=case, part="waterproof", defect="卫生间渗漏", quantity=3, by=by, at=NEXT_DAY
    )
    collecting.choose(
        case=case, title="夜间装修噪音", story=LONG, lesson="装修期每晚巡查", by=by, at=NEXT_DAY
    )
    praising.record_praise(
        project=school.cast.cuihu, staff=school.cast.wuqiang, text="绿化越来越好", by=by,
        at=NEXT_DAY, said_by="赵先生",
    )  # fmt: skip
    at = live_server.url
    as_staff(school.cast.sunli)
    page.goto(f"{at}/learning")
    shot("corrections")
    page.locator("a.row-title").first.click()
    page.get_by_role("link", name="审核", exact=True).click()
    page.get_by_label("审核意见").fill("两次都属实，建议立项")
    page.get_by_role("button", name="审核").click()
    expect(page.locator(".story")).to_contain_text("两次都属实")
    as_staff(school.cast.zhoumin)
    page.reload()
    page.get_by_role("link", name="立项", exact=True).click()
    page.get_by_label("责任人").select_option(label=f"吴强 {school.cast.wuqiang.number}")
    page.get_by_label("整改期限").fill("2036-11-27T18:00")
    shot("correction-open")
    page.get_by_role("button", name="立项").click()
    as_staff(school.cast.wuqiang)
    page.reload()
    page.get_by_role("link", name="写原因和措施").click()
    for name, text in PLAN.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="写原因和措施").click()
    expect(page.locator(".facts").first).to_contain_text(PLAN["prevention"])
    shot("correction")
    assert Correction.objects.get().owner == school.cast.wuqiang
    as_staff(school.cast.zhoumin)
    for name in ("suggestions", "praises", "typical", "quality", "archive"):
        page.goto(f"{at}/learning/{name}")
        shot(f"learning-{name}")
    page.goto(f"{at}/cases/{case.number}")
    expect(page.locator("#panel-learning")).to_contain_text("典型案例")
    shot("case-learning")
