"""One repair and one complaint, from the call to the closed return visit, as three people do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.cases.models import Case
from shouwen.cases.verifying import verify
from shouwen.followup.actions.following import follow
from shouwen.followup.models import Visit
from tests.cast import Cast

HOME = "3栋2单元501"
AsStaff = Callable[[Staff], None]
Shot = Callable[[str], None]


class Walk:
    """What people do in the browser, one page after the other."""

    def __init__(
        self, page: Page, server: LiveServer, as_staff: AsStaff, shot: Shot, cast: Cast
    ) -> None:
        self.page, self.url, self.as_staff, self.shot = page, server.url, as_staff, shot
        self.cast = cast

    def call(
        self, text: str, *marks: str, home: str = HOME, by: Staff | None = None, **said: str
    ) -> Case:
        """李敏 takes the call at the desk, with the keyboard, and the marks that the page wants."""
        self.as_staff(by or self.cast.limin)
        self.page.goto(f"{self.url}/desk")
        expect(self.page.locator("#id_who")).to_be_focused()
        self.page.keyboard.type(home)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#id_text")).to_be_focused()
        self.page.keyboard.type(text)
        expect(self.page.locator("#desk-promises")).to_contain_text("承诺")
        for mark in marks:
            self._marks(self.page.locator(f"label:has(#{mark})"))
        for name in said:
            expect(self.page.locator(f"[name='{name}']:not([type=hidden])")).to_be_visible()
        self._fill(said)
        self.page.keyboard.press("Control+Enter")
        expect(self.page.locator("h1")).to_contain_text("S-CH-")
        self._forgive()
        return Case.objects.latest("pk")

    def _marks(self, label: Locator) -> None:
        """What is asked for rarely is folded away."""
        folded = self.page.locator("details:not([open])", has=label)
        if folded.count():
            folded.locator("summary").click()
        label.click()

    def _forgive(self) -> None:
        """HTMX calls it an error when a newer preview replaces one under way."""
        seen: list[str] = self.page.troubles  # type: ignore[attr-defined] # put there by the fixture
        seen[:] = [one for one in seen if "htmx:" not in one]

    def does(self, who: Staff, case: Case, verb: str, **fields: str) -> None:
        self.as_staff(who)
        opened = self.page.goto(f"{self.url}/cases/{case.number}/{verb}")
        assert opened is not None
        assert opened.ok, self._said()
        self._fill(fields)
        self.page.locator("form[data-once] .act-primary").first.click()
        expect(self.page, self._said()).to_have_url(f"{self.url}/cases/{case.number}")
        case.refresh_from_db()

    def _said(self) -> str:
        """What the page says, for whoever reads a failure."""
        return " ".join(self.page.locator("main").inner_text().split())[:400]

    def visits(self, who: Staff, case: Case, *, rule: str = "", **fields: str) -> None:
        """The worker has planned it; the visitor records what the customer said. `rule`: which
        visit, where the case has several."""
        follow(at=clock.now())
        which = {"rule": rule} if rule else {}
        visit = Visit.objects.get(case=case, round=case.round, **which)
        if visit.state == Visit.State.NOT_DRAWN:
            self.as_staff(self.cast.zhoumin)
            self.page.goto(f"{self.url}/visits/{visit.pk}")
            self.page.locator("form[action$='/plan'] button").first.click()
        self.as_staff(who)
        self.page.goto(f"{self.url}/visits/{visit.pk}")
        self.shot(f"walk-{case.kind}-visit")
        self._fill(fields)
        record = self.page.locator("form", has=self.page.locator("[name='result']"))
        record.locator(".act-primary").first.click()
        expect(self.page.get_by_text("已回访").first).to_be_visible()

    def _fill(self, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            # Counting does not wait: the click before may not have brought the form yet.
            self.page.locator(f"[name='{name}']").first.wait_for(state="attached")
            choice = self.page.locator(f"[name='{name}'][value='{value}']:not([type=hidden])")
            if choice.count():
                choice.first.check(force=True)
            elif self.page.locator(f"[name='{name}'][type=hidden]").count() == 0:
                self.page.locator(f"[name='{name}']").first.fill(value)


@pytest.fixture
def walk(
    transactional_db: None, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot,
    cast: Cast,
) -> Walk:  # fmt: skip
    return Walk(page, live_server, as_staff, shot, cast)


def test_a_repair_from_the_call_to_the_closed_return_visit(walk: Walk, cast: Cast) -> None:
    case = walk.call("厨房水槽下面的水管漏水，麻烦派人来看看", "tick-read-back")
    assert (case.kind, case.owner, case.status) == ("repair", cast.limin, "dispatched")
    walk.does(cast.limin, case, "classify", repair_class="general-fault")
    walk.does(cast.chenjianguo, case, "accept")
    walk.does(cast.chenjianguo, case, "contact-customer", reached="yes", text="十分钟后到")
    walk.does(cast.chenjianguo, case, "arrive")
    walk.does(cast.chenjianguo, case, "report-done", text="更换角阀，试水无渗漏")
    walk.does(cast.liuqiang, case, "verify", ok="yes", opinion="已看过现场，合格")
    walk.does(cast.limin, case, "feed-back", text="已告知修好，请观察两天")
    walk.shot("walk-repair-ready-to-close")
    walk.does(cast.limin, case, "close")
    assert case.status == "closed"
    walk.visits(cast.wangfang, case, result="satisfied", opinion="师傅很快")
    assert Visit.objects.get(case=case).result == "satisfied"
    walk.page.goto(f"{walk.url}/cases/{case.number}")
    walk.shot("walk-repair-end")
    assert list(verify()) == []


def test_a_complaint_that_is_not_settled_comes_back_and_is_settled(walk: Walk, cast: Cast) -> None:
    case = walk.call("投诉楼上装修，中午一直用电钻，老人没法休息", "tick-read-back")
    assert case.kind == "complaint"
    for round_ in (1, 2):
        if case.status == "registered":
            walk.does(cast.limin, case, "dispatch", lead="CH-engineering")
        sent = case.parts.filter(state="sent")
        lead, helping = sent.get(lead=True), sent.filter(lead=False)
        walk.does(cast.zhoumin, case, "accept", department=lead.department.code)
        for part in helping:
            walk.does(
                cast.zhoumin, case, "report-part-done", department=part.department.code,
                text="已配合劝阻",
            )  # fmt: skip
        walk.does(cast.zhoumin, case, "report-done", text=f"第 {round_} 次上门，已当面制止")
        walk.does(cast.limin, case, "feed-back", text="已告知处理结果")
        if round_ == 1:
            walk.does(
                cast.sunli, case, "classify", validity="valid", grade="general", nature="demand",
                business="decoration", reason="巡查不到位，属我方责任",
            )  # fmt: skip
        walk.does(cast.limin, case, "close")
        answer = "unsatisfied" if round_ == 1 else "satisfied"
        walk.visits(cast.wangfang, case, result=answer, opinion="中午又响了" if round_ == 1 else "")
        case.refresh_from_db()
        assert (case.round, case.is_open) == ((2, True) if round_ == 1 else (2, False))
    assert list(verify()) == []
