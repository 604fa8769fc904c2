"""Complaints as people see them: one of our own making to its close, and one of five households."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.cases.models import Case
from shouwen.cases.queries import journal
from shouwen.cases.verifying import verify
from shouwen.followup.actions.following import follow
from shouwen.followup.models import Visit
from shouwen.groups.actions.noticing import notice
from shouwen.groups.models import GroupMatter
from shouwen.notify.actions import deliver
from shouwen.notify.models import OutboxMessage
from tests.browser.test_walk import AsStaff, Shot, Walk
from tests.cast import Cast
from tests.groups.conftest import Estate
from tests.supervision.conftest import S2, Levels

HOMES = ("1栋1单元101", "1栋2单元302", "2栋1单元401", "2栋3单元602", "3栋2单元501")
SMOKE = (
    "投诉楼下饭店油烟太大，开窗就呛",
    "投诉底商饭店油烟太大，熏得受不了",
    "投诉饭店油烟飘进家里，开窗就呛",
    "投诉一楼饭店油烟扰民，油烟太大",
    "投诉饭店油烟太大，孩子开窗就咳嗽",
)
#: What others complain about meanwhile.
ELSE = ("小区路灯不亮，晚上看不清路", "门岗不登记外来车辆", "三栋垃圾桶满了没清运", "车位总被占")
STATEMENT = "已约谈商户，本周五前加装油烟净化器"


class Desk(Walk):
    """What people do about a complaint on the pages above it."""

    def opens(self, who: Staff, path: str) -> None:
        self.as_staff(who)
        self.page.goto(f"{self.url}{path}")

    def steps(self, who: Staff, path: str, title: str, said: str, **fields: str) -> None:
        """Opens a page, takes the step that it offers, and reads what is said then."""
        self.opens(who, path)
        self.page.locator("main").get_by_role("link", name=title, exact=True).first.click()
        self._fill(fields)
        self.page.locator("form[data-once]").get_by_role("button", name=title).click()
        expect(self.page.get_by_text(said).first, self._said()).to_be_visible()

    def fills(self, **fields: str) -> None:
        self._fill(fields)

    def wanted_refusal(self, sentence: str) -> None:
        """What was refused on purpose is told to the console, too."""
        expect(self.page.get_by_text(sentence).first).to_be_visible()
        self.page.troubles.clear()  # type: ignore[attr-defined] # put there by the fixture

    def is_refused(self, who: Staff, case: Case, verb: str, sentence: str, **fields: str) -> None:
        self.opens(who, f"/cases/{case.number}/{verb}")
        if self.page.locator("form[data-once] .act-primary").count():
            self._fill(fields)
            self.page.locator("form[data-once] .act-primary").first.click()
        self.wanted_refusal(sentence)

    def notes(self, who: Staff, case: Case, tag: str, text: str) -> None:
        self.does(who, case, "note", tag=tag, text=text)


class Many(Desk):
    """Five households, one restaurant."""

    def hears_others(self) -> None:
        estate, at = Estate(self.cast), clock.now()
        for n, text in enumerate(ELSE):
            estate.tells(text, 3 * n, at=at)
        notice(at=at)

    def complains(self, n: int) -> Case:
        case = self.call(SMOKE[n], "tick-read-back", home=HOMES[n])
        notice(at=clock.now())
        return case


@pytest.fixture
def desk(
    transactional_db: None, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot,
    cast: Cast,
) -> Desk:  # fmt: skip
    """翠湖花园 follows the fifteenth article."""
    Levels(cast).adopts(S2)
    return Desk(page, live_server, as_staff, shot, cast)


def test_a_complaint_of_our_own_making_is_put_right_by_its_department(
    desk: Desk, cast: Cast
) -> None:
    """一类: 李敏 hears it, 孙丽 says whose cause it is, 吴强 says by when and puts it right."""
    case = desk.call("投诉保洁三天没有打扫楼道，垃圾没人收")
    desk.does(cast.sunli, case, "classify", cause="class-1", reason="排班漏了")
    if case.status == "registered":
        desk.does(cast.limin, case, "dispatch", lead="CH-environment")
    desk.does(cast.wuqiang, case, "accept")
    desk.notes(cast.limin, case, "investigate", "到现场看过，确实没有打扫")
    desk.notes(cast.sunli, case, "opinion", "属实，请环境部补扫")
    until = localtime(clock.now() + timedelta(days=2))
    desk.steps(
        cast.wuqiang, f"/cases/{case.number}", "填处理方法、完成期限", "已签字传回客服",
        cause="排班漏了三栋", method="当天补扫，重新排班", until=f"{until:%Y-%m-%dT%H:%M}",
    )  # fmt: skip
    desk.shot("own-remedy")
    desk.does(cast.wuqiang, case, "report-done", text="已补扫，排班已改")
    desk.does(cast.sunli, case, "verify", ok="yes", opinion="现场干净")
    desk.notes(cast.limin, case, "explain", "说明原因并致歉")
    desk.notes(cast.limin, case, "report-director", "已回复主任")
    desk.does(cast.limin, case, "feed-back", text="已告知补扫")
    desk.does(cast.limin, case, "close")
    desk.shot("own-closed")
    assert (case.status, list(verify())) == ("closed", [])
    follow(at=clock.now())
    assert Visit.objects.get(case=case, rule="visit-general-complaint").state == "planned"


@pytest.fixture
def many(
    transactional_db: None, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot,
    cast: Cast,
) -> Many:  # fmt: skip
    return Many(page, live_server, as_staff, shot, cast)


@pytest.mark.clause("S4-4.4.1a-1f", "S4-4.4.1c-11", "S4-4.4.1c-12")
def test_five_households_get_one_statement_from_one_voice(many: Many, cast: Cast) -> None:
    """李敏 hears them, 孙丽 makes them one, 郑洁 and 赵刚 agree on the wording, 孙丽 tells it."""
    page = many.page
    many.hears_others()
    cases = [many.complains(n) for n in range(4)]
    assert {case.kind for case in cases} == {"complaint"}
    many.opens(cast.sunli, f"/cases/{cases[3].number}")
    alike = page.locator("#panel-groups")
    expect(alike).to_contain_text("1幢1单元101室")
    expect(alike).to_contain_text("都说到“饭店油烟”")
    many.shot("group-case-alike")
    many.opens(cast.sunli, "/groups/offers")
    expect(page.locator(".box", has_text="4 户")).to_contain_text("油烟")
    many.shot("group-offers")
    page.get_by_role("link", name="建立群体事项").click()
    page.get_by_label("什么问题").fill("楼下饭店油烟扰民")
    many.shot("group-open")
    page.get_by_role("button", name="建立群体事项").click()
    expect(page.get_by_text("已建立群体事项").first).to_be_visible()
    matter = GroupMatter.objects.get()
    assert (matter.complaining, matter.major_at) == (4, None)
    at = f"/groups/{matter.number}"

    cases.append(many.complains(4))
    many.opens(cast.sunli, "/groups/offers")
    many.shot("group-joining")
    page.get_by_role("link", name="归入诉求").click()
    page.get_by_role("button", name="归入诉求").click()
    expect(page.get_by_text("已归入").first).to_be_visible()
    expect(page.get_by_text("重大").first).to_be_visible()
    many.shot("group-major")
    matter.refresh_from_db()
    assert matter.major_at
    assert matter.statement_due_at == matter.major_at + timedelta(hours=24)
    page.get_by_role("link", name="重大事件 ZD-").click()
    many.shot("group-event")
    told = OutboxMessage.objects.filter(event=f"groups:{matter.pk}:major")
    assert {one.staff for one in told} == {cast.zhengjie, cast.zhoumin, cast.zhaogang}
    deliver(at=clock.now())
    many.opens(cast.zhaogang, "/inbox")
    expect(page.get_by_text("群体投诉 5 户，已转为重大").first).to_be_visible()

    many.steps(
        cast.zhengjie, at, "拟定统一口径", "已送审批", text=STATEMENT, measures="约谈商户，报城管"
    )
    many.steps(cast.zhaogang, at, "审批口径", "已审批", approve="yes", opinion="同意")
    many.opens(cast.zhoumin, f"{at}/do/speaker")
    page.get_by_label("回复专人").select_option(label="孙丽")
    page.get_by_role("button", name="指定回复专人").click()
    expect(page.get_by_text("已指定回复专人").first).to_be_visible()
    many.shot("group-agreed")
    many.is_refused(cast.limin, cases[0], "contact-customer", "指定专人回复客户", text="我来说")
    many.shot("group-not-the-speaker")
    many.steps(cast.sunli, at, "统一回复", "已回复", channel="sms")
    many.shot("group-answered")
    for case in cases:
        last = journal(case)[-1]
        assert (last.verb, last.by, last.data["text"]) == (
            "customer-contacted", cast.sunli, STATEMENT,
        )  # fmt: skip
        assert Case.objects.get(pk=case.pk).facts["grade"] == "group"
    assert list(verify()) == []
