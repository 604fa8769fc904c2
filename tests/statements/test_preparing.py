"""Statements prepare themselves: each for every unit that owes it, once, on its date."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.adoption.actions import adopt
from shouwen.learning.actions.collecting import choose
from shouwen.statements.models import Statement
from shouwen.statements.owing import owed
from tests.moments import moment
from tests.statements.conftest import FIRST, S1, S2, S3, S4, Office

clause = pytest.mark.clause
FIFTH = moment("2026-12-06 00:00", "周日")
"""24:00 of the 5th."""


def of_month(month: str = "2026-11") -> set[tuple[str, str]]:
    rows = Statement.objects.filter(period=month).select_related("unit")
    return {(row.unit.name, row.rule) for row in rows}


@clause("S4-5.1-1")
@clause("S4-4.3.6c-1")
def test_the_month_is_reported_at_three_levels(office: Office) -> None:
    office.prepares()
    assert {name for name, rule in of_month() if rule == "month-project"} == {
        "翠湖花园", "金桂苑", "江南里",
    }  # fmt: skip
    assert ("锦绣物业", "month-company") in of_month()
    assert ("锦绣集团", "month-group") in of_month()


def test_a_period_that_is_not_over_is_not_reported(office: Office) -> None:
    owed_then = {one.period.key for one in owed(FIRST - timedelta(seconds=1))}
    assert "2026-11" not in owed_then
    assert "2026-11" in {one.period.key for one in owed(FIRST)}


def test_what_was_prepared_is_not_prepared_again(office: Office) -> None:
    assert office.prepares() > 0
    assert office.prepares(FIRST + timedelta(minutes=1)) == 0


def test_a_worker_that_was_down_prepares_what_it_missed(office: Office) -> None:
    office.prepares(moment("2026-12-04 09:00", "周五"))
    assert ("翠湖花园", "month-project") in of_month()


def test_who_follows_another_regulation_owes_what_that_one_asks(office: Office) -> None:
    office.adopts(S3)
    office.prepares()
    assert of_month() == {("翠湖花园", "complaint-statistics")}


def test_a_company_owes_what_a_regulation_asks_of_companies_once_a_project_follows_it(
    office: Office,
) -> None:
    office.cast.follows(S1, since=moment("2026-11-30 22:00", "周一"))
    office.prepares()
    assert ("锦绣物业", "month-analysis") in of_month()
    assert ("安和物业", "month-analysis") not in of_month()


def test_a_project_that_keeps_a_regulation_alone_still_makes_its_company_report(
    office: Office,
) -> None:
    office.cast.follows(S4, since=moment("2026-11-20 08:00", "周五"))
    office.prepares()
    assert ("锦绣物业", "month-company") in of_month()
    assert ("金桂苑", "month-project") not in of_month()


def test_before_it_was_adopted_nothing_was_owed(office: Office) -> None:
    office.cast.follows()
    since = moment("2026-12-02 08:00", "周三")
    adopt(unit=office.cast.cuihu, regulation=S2, position=0, since=since)
    office.prepares(moment("2026-12-03 08:00", "周四"))
    assert not of_month()


@clause("S4-4.3.6a-3")
def test_the_project_reports_by_the_end_of_the_fifth(office: Office) -> None:
    assert office.prepared().due_at == FIFTH


@clause("S4-4.3.6b-2")
def test_the_company_reports_by_the_end_of_the_tenth(office: Office) -> None:
    row = office.prepared("month-company", office.cast.jinxiu)
    assert row.due_at == moment("2026-12-11 00:00", "周五")
    assert row.deliveries.get().name == "总部客户服务管理部门"


@clause("S4-4.3.6c-1")
def test_headquarters_reports_the_quarter_too(office: Office) -> None:
    row = office.prepared("quarter-group", office.cast.group, moment("2027-01-01 00:00", "周五"))
    assert row.spans.words == "2026年第四季度"
    assert row.due_words == "次月 15 日前（含当日） · 系统默认，非制度规定"


@clause("S1-4.2-1")
def test_the_days_complaints_go_out_by_half_past_five(office: Office) -> None:
    office.cast.follows(S1, since=moment("2026-12-01 08:00", "周二"))
    office.complains_at("2026-12-01 11:00")
    office.prepares(moment("2026-12-01 17:14", "周二"))
    assert not Statement.objects.filter(rule="day-message", period="2026-12-01").exists()
    office.prepares(moment("2026-12-01 17:15", "周二"))
    row = office.statement("day-message", office.cast.jinxiu, "2026-12-01")
    assert (row.state, row.is_late) == ("sent", False)
    assert any("当天客户投诉情况" in words for words in office.told(office.cast.zhaogang))
    assert any("当天客户投诉情况" in words for words in office.told(office.cast.qianhong))


@clause("S1-4.2-2")
@clause("S1-4.1-3")
def test_yesterdays_report_is_due_at_nine_with_its_ledger(office: Office) -> None:
    office.adopts(S1)
    office.complains_at("2026-12-01 11:00")
    at = moment("2026-12-02 00:00", "周三")
    row = office.prepared("day-report", office.cast.jinxiu, at)
    assert row.due_at == moment("2026-12-02 09:00", "周三")
    ledger = next(one for one in row.content["sections"] if one["id"] == "ledger")
    assert len(ledger["rows"]) == 1


@clause("S1-4.2-5")
def test_typical_cases_are_gathered_every_quarter_for_the_groups_centre(office: Office) -> None:
    office.adopts(S1)
    case = office.complains_at("2026-11-19 11:00")
    by = office.of(office.cast.zhoumin, FIRST)
    choose(case=case, title="墙面开裂", story="交楼时发现", lesson="交楼前逐户查", by=by, at=FIRST)
    at = moment("2027-01-01 00:00", "周五")
    row = office.prepared("quarter-cases", office.cast.jinxiu, at)
    [typical] = (one["items"] for one in row.content["sections"] if one["id"] == "typical")
    assert [item["case"] for item in typical] == [case.number]
    assert row.due_at == moment("2027-01-11 00:00", "周一")
    office.acts("submit", row, office.cast.zhengjie, at=at)
    delivery = row.deliveries.get()
    assert (delivery.name, delivery.role, delivery.sent_at) == ("集团售后服务中心", "hq_cs", at)


@clause("S2-A14-11")
def test_the_months_complaints_are_summed_up_on_their_form(office: Office) -> None:
    office.adopts(S2)
    row = office.prepared("complaint-month")
    assert row.title == "投诉情况月度汇总单"
    assert "causes" in row.written.required


@clause("S2-A18-8a")
def test_the_clerk_analyses_the_visits_at_the_end_of_the_month(office: Office) -> None:
    office.adopts(S2)
    row = office.prepared("visit-analysis")
    assert row.turn == "csr"
    assert office.told(office.cast.limin) == ["请编制：翠湖花园 2026年11月《回访统计分析》"]


def test_the_document_of_a_statement_stays_as_it_was_when_it_was_prepared(office: Office) -> None:
    row = office.prepared()
    assert row.written.signed_by == ("project_manager",)
    assert Statement.objects.get(pk=row.pk).law["due"] == "day 5 of next month"


def test_its_number_says_whose_it_is_and_when_it_was_drawn_up(office: Office) -> None:
    assert office.prepared().number == "B-CH-261201-001"
