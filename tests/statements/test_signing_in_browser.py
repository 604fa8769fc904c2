"""December under all the regulations, reported at three levels: the worker prepares each statement
on its date, its people put their names to it in the browser, and it goes to whom it is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.adoption.library import load
from shouwen.rules.statements import places
from shouwen.statements.actions.sending import send_outside
from shouwen.statements.actions.writing import renew
from shouwen.statements.models import Statement
from shouwen.statements.reading import drafts
from shouwen.statements.standing import signatures
from shouwen.worker import STEPS
from tests.moments import moment
from tests.statements.conftest import S1, S2, S3, S4, Office

REGULATIONS = (S4, S2, S3, S1)
#: What of the worker's round has to do with statements.
ROUND = [step for step in STEPS if step.name in ("figures", "duties and calls", "reports")]
#: Of each signature the step that gives it, and the word on its button.
GIVEN = {"submitted": ("submit", "签名提交"), "checked": ("check", "审核通过"),
         "signed": ("sign", "签字报送")}  # fmt: skip
WORDS = "夜间加派一名秩序员，当晚劝停，逐户回访。"


@dataclass(frozen=True)
class Wanted:
    """What a regulation says of one statement."""

    of: str
    due: str
    signed: str
    to: str


#: By rule; the signatures in their order, the recipients by name.
WANTED = {
    "day-message": Wanted("锦绣物业", "2026-12-31 17:30", "", "地区主管领导 集团售后服务中心"),
    "day-report": Wanted("锦绣物业", "2027-01-01 09:00", "郑洁", "集团售后服务中心"),
    "visit-analysis": Wanted("翠湖花园", "2027-01-02 00:00", "李敏 孙丽", "管理处主任"),
    "month-project": Wanted(
        "翠湖花园", "2027-01-06 00:00", "孙丽 周敏", "公司运营管理部/客户服务组"
    ),
    "service-quality": Wanted("翠湖花园", "2027-01-06 00:00", "孙丽", "项目负责人"),
    "complaint-month": Wanted("翠湖花园", "2027-01-06 00:00", "孙丽", "管理处主任"),
    "complaint-statistics": Wanted("翠湖花园", "2027-01-06 00:00", "孙丽", "公司经理"),
    "month-analysis": Wanted(
        "锦绣物业", "2027-01-06 00:00", "郑洁 赵刚", "地区公司负责人 集团售后服务中心"
    ),
    "month-company": Wanted(
        "锦绣物业", "2027-01-11 00:00", "郑洁 赵刚", "总部客户服务管理部门"
    ),
    "quarter-cases": Wanted("锦绣物业", "2027-01-11 00:00", "郑洁", "集团售后服务中心"),
    "month-group": Wanted("锦绣集团", "2027-01-16 00:00", "钱红", "公司经营分析会 客户服务专题会"),
    "quarter-group": Wanted(
        "锦绣集团", "2027-01-16 00:00", "钱红", "公司经营分析会 客户服务专题会"
    ),
    "survey-year": Wanted("翠湖花园", "2027-01-16 00:00", "孙丽", "住户服务中心主任 业主委员会"),
    "half-year-survey": Wanted("锦绣物业", "2027-01-16 00:00", "郑洁", "集团售后服务中心"),
}  # fmt: skip
#: Those due on New Year's Day are signed that morning, the others on the first working day.
MORNING = ("day-report", "visit-analysis")


@dataclass
class Browser:
    """What is done before it, by one person after another."""

    page: Page
    host: str
    monkeypatch: pytest.MonkeyPatch
    sign_in: Callable[[Staff], None]

    def is_at(self, at: datetime) -> None:
        """For the thread that serves the pages too: the fixture `clock` sets that of one thread."""
        self.monkeypatch.setattr(clock, "now", lambda: at)

    def opens(self, row: Statement, *step: object) -> None:
        self.page.goto("/".join(map(str, (f"{self.host}/statements/{row.number}", *step))))

    def signs(self, row: Statement, names: list[str]) -> None:
        """One after the other, each in his place."""
        for place, name in zip(places(row.written), names, strict=True):
            step, word = GIVEN[place.verb]
            self.sign_in(person(name))
            self.opens(row, step)
            self.page.get_by_role("button", name=word).click()
            expect(self.page.locator("ol.story").first).to_contain_text(name)

    def sends(self, row: Statement) -> None:
        """To a body outside, with proof."""
        self.opens(row, "deliveries", row.deliveries.get(role="").pk, "send")
        self.page.get_by_label("凭证").fill("例会当面递交，李主任签收")
        self.page.get_by_role("button", name="记录报送").click()
        expect(self.page.get_by_text("例会当面递交").first).to_be_visible()


@pytest.fixture
def browser_of(
    page: Page,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    as_staff: Callable[[Staff], None],
) -> Browser:
    return Browser(page, live_server.url, monkeypatch, as_staff)


def person(name: str) -> Staff:
    return Staff.objects.get(name=name)


def works(at: datetime) -> None:
    """The worker's round."""
    for step in ROUND:
        step.run(at)


def writes(office: Office, row: Statement, who: Staff, at: datetime) -> None:
    """What must stand in it before anybody signs, on the figures of now."""
    if "figures" in row.written.sections:
        renew(statement=row, by=office.of(who, at), at=at)
    texts = {name: drafts(row)[name] or WORDS for name in row.written.required}
    office.writes(row, who, texts, at)
    office.improves(row, who, at)


def test_every_statement_of_the_regulations_is_prepared_on_its_date_signed_and_sent_in_time(
    office: Office, browser_of: Browser, shot: Callable[[str], None]
) -> None:
    office.cast.follows(*REGULATIONS, since=moment("2026-12-31 08:00", "周四"))
    assert WANTED.keys() == {rule.id for name in REGULATIONS for rule in load(name).statement}
    at = moment("2026-12-31 10:00", "周四")
    office.registers("夜里装修太吵，保安没有劝阻", kind="complaint", at=at)
    office.registers("楼道灯不亮", kind="repair", at=at)

    works(moment("2026-12-31 17:15", "周四"))
    assert [row.rule for row in Statement.objects.all()] == ["day-message"]
    works(moment("2027-01-01 00:00", "周五"))
    rows = {row.rule: row for row in Statement.objects.select_related("unit")}
    assert {rule: (row.unit.name, row.due_at) for rule, row in rows.items()} == {
        rule: (wanted.of, moment(wanted.due)) for rule, wanted in WANTED.items()
    }

    for at, rules in (
        (moment("2027-01-01 08:30", "周五"), MORNING),
        (moment("2027-01-04 09:30", "周一"), [rule for rule in WANTED if rule not in MORNING]),
    ):
        browser_of.is_at(at)
        for rule in filter(lambda rule: WANTED[rule].signed, rules):
            names = WANTED[rule].signed.split()
            writes(office, rows[rule], person(names[0]), at)
            browser_of.signs(rows[rule], names)
    browser_of.sign_in(office.cast.sunli)
    browser_of.sends(rows["survey-year"])
    shot("statement-sent")
    for rule in ("month-group", "quarter-group"):
        for meeting in rows[rule].deliveries.all():
            by = office.of(office.cast.qianhong, at)
            send_outside(delivery=meeting, proof="会议纪要 2027-01-04", by=by, at=at)

    for rule, wanted in WANTED.items():
        row = Statement.objects.get(pk=rows[rule].pk)
        assert (row.state, row.is_late) == ("sent", False), rule
        assert [step.by.name for step in signatures(row) if step.by] == wanted.signed.split()
        in_time = row.deliveries.filter(sent_at__lte=row.due_at)
        assert set(in_time.values_list("name", flat=True)) == set(wanted.to.split()), rule
