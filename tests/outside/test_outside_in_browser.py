"""A complaint of each cause class goes its own way to the close, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.cases.actions.working import note, report_done, verify
from shouwen.cases.models import Case
from tests.cast import Cast
from tests.outside.conftest import S2, Outside
from tests.permissions_world import PNG

Shot = Callable[[str], None]
As = Callable[[Staff], None]


@pytest.fixture
def present(cast: Cast, settings: Settings, tmp_path: Path) -> Outside:
    """The server of the browser tests lives in the present."""
    settings.MEDIA_ROOT = tmp_path
    desk = Outside(cast, clock.now())
    desk.adopts(S2)
    desk.party("锦绣地产工程部", contact="刘工", phone="021-55501234", days=7)
    desk.party("翠湖街道办事处", "street", contact="何主任", days=10)
    return desk


def opens(page: Page, server: LiveServer, case: Case) -> None:
    page.goto(f"{server.url}/cases/{case.number}")


def does(page: Page, button: str, field: str = "", text: str = "") -> None:
    """Fills the form of the next step and sends it."""
    if field:
        page.get_by_label(field).fill(text)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("已记录").first).to_be_visible()


def closes(page: Page, server: LiveServer, outside: Outside, case: Case) -> None:
    """What is asked of every complaint besides, and then the button."""
    outside.now = clock.now()
    limin = outside.acts(outside.cast.limin)
    if not case.done_at:
        note(case=case, tag="investigate", text="到现场核实", **limin)
        report_done(case=case, text="已处理", **limin)
    note(case=case, tag="explain", text="已解释", **limin)
    note(case=case, tag="report-director", text="已回复主任", **limin)
    outside.tells_customer(case)
    opens(page, server, case)
    page.get_by_role("link", name="关闭").first.click()
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_text("已关闭").first).to_be_visible()


def test_the_second_class_goes_through_engineering_and_the_developer(
    page: Page, live_server: LiveServer, as_staff: As, present: Outside, shot: Shot, tmp_path: Path
) -> None:
    cast, case = present.cast, present.classed("class-2", "外墙渗水，北卧室墙面发霉")
    as_staff(cast.limin)
    opens(page, live_server, case)
    page.get_by_role("link", name="提出外部协商").click()
    shot("outside-choose")
    page.get_by_role("link", name="需开发商协商处理问题").click()
    page.get_by_label("呈送单位").select_option(index=1)
    page.get_by_label("建议或要求").fill("请安排外墙检测，冬季前完成防水维修")
    shot("outside-new")
    page.get_by_role("button", name="需开发商协商处理问题").click()
    expect(page.get_by_text("已提出")).to_be_visible()
    number = case.referrals.get().number
    address = f"{live_server.url}/outside/referrals/{number}"
    for who, button, field, text in (
        (cast.chenjianguo, "现场核实", "核实的情况", "外墙裂缝约 2 米，雨水由此渗入"),
        (cast.liuqiang, "工程部经理签署意见", "工程部经理意见", "属保修范围"),
        (cast.zhoumin, "管理处主任签署意见", "管理处主任意见", "同意呈送"),
        (cast.limin, "呈送发展商", "呈送方式、文号", "专人送达，函 2026-17 号"),
        (cast.limin, "发展商处理意见", "对方意见", "同意维修，两周内进场"),
    ):
        as_staff(who)
        page.goto(address)
        if who == cast.zhoumin:
            shot("outside-referral")
        does(page, button, field, text)
    copy = tmp_path / "记录表.png"
    copy.write_bytes(PNG)
    page.get_by_label("对方签字人").fill("锦绣地产 刘工")
    page.get_by_label("双方签字的记录表").set_input_files(copy)
    does(page, "双方签字确认并留底", "确认的内容", "两周内进场，完工后共同验收")
    shot("outside-ended")
    closes(page, live_server, present, case)


def test_the_first_and_the_third_class_go_their_ways(
    page: Page, live_server: LiveServer, as_staff: As, present: Outside, shot: Shot
) -> None:
    cast = present.cast
    own = present.classed("class-1", "保洁三天没有打扫楼道")
    present.settled(own)
    as_staff(cast.zhoumin)
    opens(page, live_server, own)
    page.get_by_role("link", name="填处理方法、完成期限").click()
    page.get_by_label("事件经过及原因").fill("排班漏了三栋；环境部开会核对过")
    page.get_by_label("处理方法及措施").fill("当天补扫，重新排班")
    page.get_by_label("完成期限").fill(f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}")
    shot("outside-remedy")
    page.get_by_role("button", name="填处理方法、完成期限").click()
    expect(page.get_by_text("已签字传回客服")).to_be_visible()
    present.now = clock.now()
    report_done(case=own, text="已补扫", **present.acts(cast.limin))
    verify(case=own, ok=True, opinion="现场干净", **present.acts(cast.sunli))
    as_staff(cast.limin)
    closes(page, live_server, present, own)
    road = present.classed("class-3", "门口马路夜里施工")
    opens(page, live_server, road)
    page.get_by_role("link", name="提出外部协商").click()
    page.get_by_role("link", name="专题报告").click()
    page.get_by_label("呈送单位").select_option(label="翠湖街道办事处（街道、居委会）")
    page.get_by_label("影响程度").fill("临街两栋约 200 户夜间不能休息")
    page.get_by_label("建议或要求").fill("请协调 22 时后停工")
    page.get_by_role("button", name="专题报告").click()
    expect(page.get_by_text("已提出")).to_be_visible()
    page.goto(f"{live_server.url}/outside/referrals/{road.referrals.get().number}")
    does(page, "转呈相关部门", "呈送方式、文号", "专题报告第 3 号")
    does(page, "处理结果", "对方意见", "施工单位同意 22 时后停工")
    page.get_by_label("公布在哪里").fill("各单元公告栏、业主群")
    does(page, "公布处理结果", "公布的内容", "自今日起 22 时后停工，如有违反请致电客服。")
    for name in ("referrals", "parties", "results", "charts"):
        page.goto(f"{live_server.url}/outside/{name}")
        shot(f"outside-{name}")
    page.goto(f"{live_server.url}/outside/referrals?state=ended")
    shot("outside-register")
    closes(page, live_server, present, road)
