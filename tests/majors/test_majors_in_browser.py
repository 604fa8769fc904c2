"""Grading and one major event, walked in the browser, and looked at."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.majors.actions.following import meet, plan, record_opinion
from shouwen.majors.actions.foreseeing import register_risk, warn
from shouwen.majors.actions.grading import answer
from shouwen.majors.actions.reporting import add_line
from shouwen.majors.models import EarlyWarning
from tests.majors.conftest import LATER, NEXT_DAY, Scene
from tests.moments import SetClock


def test_a_complaint_is_ruled_major_and_its_event_followed(
    page: Page,
    live_server: LiveServer,
    scene: Scene,
    as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
    clock: SetClock,
) -> None:
    clock("2026-11-19 11:00", "周四")
    by = scene.of(scene.cast.zhengjie)
    case = scene.complains("电梯突然坠落，老人受惊，要找记者曝光")
    answer(case=case, judged={"major-by-accident": True}, by=by, at=LATER)
    as_staff(scene.cast.zhengjie)
    page.goto(f"{live_server.url}/cases/{case.number}")
    box = page.locator("section.box", has_text="投诉程度").first
    expect(box.get_by_text("4.4.1a1").first).to_be_visible()
    shot("majors-case")
    box.get_by_role("link", name="核对定级情形").click()
    shot("majors-judge")
    page.goto(f"{live_server.url}/majors/of-case/{case.number}/rule")
    page.get_by_label("裁定意见").fill("核实属实")
    shot("majors-rule")
    page.get_by_role("button", name="裁定投诉程度").click()
    expect(page.get_by_text("已裁定")).to_be_visible()

    event = scene.reported()
    scene.forms_task_force(event)
    meet(event=event, held_at=LATER, attendees="赵刚、郑洁、周敏", decision="全部停梯加检，逐户上门致歉", by=by, at=LATER)  # fmt: skip  # noqa: E501
    opinion = record_opinion(event=event, said_by="总部客服", text="更换维保单位，一个月内报结果", by=by, at=LATER)  # fmt: skip  # noqa: E501
    plan(event=event, opinion=opinion, text="招标更换维保单位", owner=scene.cast.liuqiang, due_at=NEXT_DAY, by=by, at=LATER)  # fmt: skip  # noqa: E501
    plan(event=event, text="停梯期间安排人员帮老人上下楼", owner=scene.cast.zhoumin, due_at=NEXT_DAY, by=by, at=LATER)  # fmt: skip  # noqa: E501
    page.goto(f"{live_server.url}/majors/{event.number}")
    expect(page.get_by_text("招标更换维保单位")).to_be_visible()
    shot("majors-event")
    page.goto(f"{live_server.url}/majors/{event.number}/do/close")
    page.get_by_label("事件怎样结束").fill("客户认可")
    page.get_by_role("button", name="结束事件").click()
    expect(page.get_by_text("措施都已完成").first).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # the refusal was wanted
    shot("majors-refused")
    page.goto(f"{live_server.url}/majors/{event.number}/do/plan")
    shot("majors-plan")
    page.goto(f"{live_server.url}/majors")
    shot("majors-events")

    add_line(unit=scene.cast.jinxiu, grade="major", to="company_leader", hours=2, by=by, at=LATER)
    add_line(unit=scene.cast.jinxiu, grade="group", body="区住建局物业科", hours=4, by=by, at=LATER)
    page.goto(f"{live_server.url}/majors/matrix")
    shot("majors-matrix")
    risk = register_risk(
        unit=scene.cast.cuihu, title="3 栋集中交楼", trigger="12 月交付，部分房屋渗漏未修完",
        level="high", owner=scene.cast.liuqiang, plan="分批预约\n专人接待\n渗漏户先修后交",
        by=by, at=LATER, next_drill_at=NEXT_DAY,
    )  # fmt: skip
    page.goto(f"{live_server.url}/majors/risks")
    shot("majors-risks")
    page.goto(f"{live_server.url}/majors/risks/{risk.pk}")
    shot("majors-risk")
    page.goto(f"{live_server.url}/majors/warnings")
    shot("majors-no-warnings")
    warn(case=case, at=LATER)
    page.goto(f"{live_server.url}/majors/warnings")
    shot("majors-warnings")
    page.goto(f"{live_server.url}/majors/warnings/{EarlyWarning.objects.all()[0].pk}")
    shot("majors-warning")
