"""Complaints that somebody above us passes on: by the 400 hotline, and by an authority."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.models import Case
from shouwen.cases.queries import journal
from shouwen.cases.verifying import verify
from shouwen.majors.actions.grading import look_at_all
from shouwen.notify.models import OutboxMessage
from shouwen.supervision.models import Matter
from tests.browser.test_complaints import Desk
from tests.browser.test_walk import AsStaff, Shot
from tests.cast import Cast
from tests.majors.conftest import Scene
from tests.supervision.conftest import S1, Levels

NOISE = "投诉楼上装修，中午一直用电钻，老人没法休息"
RENT = "投诉停车费乱涨价，业主到市里反映"


def typed(moment: datetime) -> str:
    """As a field for a moment takes it."""
    return f"{localtime(moment):%Y-%m-%dT%H:%M}"


class Above(Desk):
    @cached_property
    def levels(self) -> Levels:
        return Levels(self.cast)

    def settles(self, case: Case) -> None:
        """The department does it, 李敏 tells the customer, 孙丽 rules on it."""
        for part in case.parts.filter(state="sent").order_by("lead"):
            self.does(self.cast.zhoumin, case, "accept", department=part.department.code)
            if not part.lead:
                self.does(
                    self.cast.zhoumin, case, "report-part-done", text="已配合劝阻",
                    department=part.department.code,
                )  # fmt: skip
        self.does(self.cast.zhoumin, case, "report-done", text="已上门制止，约定午休时间不施工")
        self.does(self.cast.limin, case, "feed-back", text="已告知处理结果")


@pytest.fixture
def above(
    transactional_db: None, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot,
    cast: Cast,
) -> Above:  # fmt: skip
    return Above(page, live_server, as_staff, shot, cast)


@pytest.mark.clause("S4-4.4.1c-3", "S4-4.4.1c-4")
def test_a_400_complaint_goes_down_and_comes_back_with_a_second_visit(
    above: Above, cast: Cast
) -> None:
    """冯娟 hears it, 郑洁 hands it down, 周敏 settles it, 郑洁 asks the customer again."""
    page, due = above.page, clock.now() + timedelta(days=2)
    case = above.call(
        NOISE, "source-hotline-400", "tick-read-back", by=cast.fengjuan,
        sender="400 服务监督热线", sender_number="400-1129-0007", sender_due=typed(due),
    )  # fmt: skip
    assert (case.kind, case.source, case.facts["level"]) == ("complaint", "hotline-400", "company")
    assert case.contact.sender_number == "400-1129-0007"
    above.opens(cast.zhengjie, f"/cases/{case.number}")
    expect(page.locator("#panel-supervision")).to_contain_text("公司受理")
    above.shot("400-case")
    page.get_by_role("link", name="交办下级").click()
    above.fills(
        to="CH", text="请今天上门核实，制止并报结果", sender_number="JXWY-KF-118",
        due=typed(clock.now() + timedelta(days=1)),
    )  # fmt: skip
    above.shot("400-hand")
    page.get_by_role("button", name="交办").click()
    expect(page.get_by_text("已交办").first).to_be_visible()
    matter = Matter.objects.get()
    above.opens(cast.zhoumin, "/supervision")
    expect(page.locator("tr", has_text="请今天上门核实")).to_be_visible()
    above.shot("400-owe")

    case.refresh_from_db()
    if case.status == "registered":
        above.does(cast.limin, case, "dispatch", lead="CH-engineering")
    above.is_refused(cast.zhengjie, case, "reply-to-sender", "有了处理结果才能回复转办单位")
    above.settles(case)
    above.does(
        cast.sunli, case, "classify", validity="valid", grade="general", nature="demand",
        business="decoration", reason="巡查不到位，属我方责任",
    )  # fmt: skip
    above.opens(cast.zhoumin, f"/supervision/{matter.number}")
    above.fills(text="已制止，业主认可")
    page.get_by_role("button", name="答复").click()
    expect(page.get_by_text("已答复").first).to_be_visible()
    above.shot("400-answered")
    above.is_refused(
        cast.zhengjie, case, "reply-to-sender", "公司再次回访后方可向 400 反馈", text="已处理"
    )
    above.shot("400-not-before-the-visit")
    above.visits(cast.zhoumin, case, rule="complaint-visit-passed-down", result="satisfied")
    above.visits(cast.zhengjie, case, rule="complaint-visit-400", result="satisfied")
    above.does(cast.zhengjie, case, "reply-to-sender", text="已制止，两次回访业主均满意")
    above.does(cast.limin, case, "close")
    above.shot("400-closed")
    told = [entry.verb for entry in journal(case)]
    assert told.index("handed") < told.index("handed-replied") < told.index("replied-sender")
    assert told[: told.index("replied-sender")].count("visited") == 2
    assert (case.status, list(verify())) == ("closed", [])


@pytest.mark.clause("S1-2.4-1", "S1-2.4-2", "S1-2.4-4", "S1-2.4-5", "S1-2.4-6")
def test_an_authority_is_answered_after_a_resolution_and_by_nobody_who_may_not_speak(
    above: Above, cast: Cast
) -> None:
    """What an authority passes on: told at once, the press to the brand department alone, a clock
    of 24 hours that warns, and no reply before the meeting."""
    above.levels.adopts(S1)
    liangjing = Scene(cast).brand()
    page = above.page
    case = above.call(
        RENT, "source-consumer-association", sender="市消费者委员会",
        sender_number="消委〔2026〕311 号",
    )  # fmt: skip
    assert (case.source, case.urgent) == ("consumer-association", True)
    assert case.contact.sender_number == "消委〔2026〕311 号"
    assert above.levels.heard(cast.zhaogang, "政府转达投诉")
    look_at_all(at=clock.now())  # as the worker does
    path = f"/cases/{case.number}"
    above.opens(cast.sunli, path)
    expect(page.locator("#panel-majors")).to_contain_text("待裁定")
    above.shot("authority-case")
    above.steps(cast.sunli, path, "裁定投诉程度", "已裁定", grade="major", reason="消委转来")
    above.steps(
        cast.limin, path, "媒体来访，通知品牌部", "已通知品牌部和领导", medium="市晚报",
        text="问涨价依据，记者在大堂",
    )  # fmt: skip
    assert above.levels.heard(liangjing, "媒体采访")
    above.opens(cast.limin, f"/majors/of-case/{case.number}/speak")
    above.fills(medium="市晚报", text="我来说两句")
    page.get_by_role("button", name="记录对外发言").click()
    above.wanted_refusal("品牌部")
    above.shot("authority-not-to-speak")

    case.refresh_from_db()
    if case.status == "registered":
        above.does(cast.limin, case, "dispatch", lead="CH-service")
    promise = case.commitments.get(rule="progress-told-major")
    assert promise.due_at
    assert promise.due_at - promise.started_at == timedelta(hours=24)
    OutboxMessage.objects.all().delete()
    ring_due(at=promise.due_at - timedelta(hours=4))
    assert OutboxMessage.objects.filter(subject__contains=promise.title).exists()
    above.opens(cast.sunli, path)
    expect(page.get_by_text(promise.title).first).to_be_visible()
    above.shot("authority-clock")

    above.does(cast.limin, case, "note", tag="investigate", text="查了收费公示和合同")
    above.settles(case)
    above.is_refused(
        cast.zhengjie, case, "reply-to-sender", "内部会议决议后方可回复政府部门", text="已处理"
    )
    above.shot("authority-no-resolution")
    above.steps(
        cast.zhengjie, path, "记录会议决议", "已记录会议决议", attendees="赵刚、郑洁、周敏",
        held_at=typed(clock.now() - timedelta(hours=1)), decision="恢复原价，多收的退还",
    )  # fmt: skip
    above.does(cast.zhengjie, case, "reply-to-sender", text="会议决定恢复原价，多收部分已退")
    above.opens(cast.zhengjie, path)
    above.shot("authority-answered")
    assert list(verify()) == []
