"""What stands in a statement: counted, listed and worded from the records of the period."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.actions.linking import merge
from shouwen.cases.actions.working import verify
from shouwen.cases.models import Case
from shouwen.figures.actions.keeping import rejudge
from shouwen.rules.figure_kinds import SECTIONS, StatementRule
from shouwen.rules.periods import read_period
from shouwen.statements.content import build
from tests.cast import Cast
from tests.followup.conftest import FINISHED, OPENED, S2, S4, Desk
from tests.moments import SetClock, moment
from tests.registers.conftest import Clerk
from tests.services.conftest import Desk as Shop

NOVEMBER = read_period("2026-11")
FIFTH = moment("2026-12-04 18:00", "周五")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def closed(desk: Desk) -> Case:
    """A repair from the call to the closing."""
    case = desk.finished("换角阀", kind="repair")
    by = desk.of(desk.cast.liuqiang, FINISHED)
    verify(case=case, by=by, at=FINISHED, ok=True, opinion="试水正常")
    return desk.closes(desk.feeds_back(case))


def section(name: str, unit: OrgUnit, period: str = "2026-11", at: Any = FIFTH) -> dict[str, Any]:
    """One section as it is stored."""
    rule = StatementRule(id="any", title="任意报表", sections=(name,))
    content = build(rule, unit, read_period(period), at)
    found: dict[str, Any] = content["sections"][0]
    return found


def lines(found: dict[str, Any]) -> dict[str, list[Any]]:
    """The cells of a table by the first of each row."""
    return {row["cells"][0]: row["cells"][1:] for row in found["rows"]}


def test_every_kind_is_counted_and_those_without_any_too(desk: Desk, cast: Cast) -> None:
    closed(desk)
    desk.registers("楼道灯不亮", kind="repair")
    desk.registers("夜里装修太吵", kind="complaint")
    found = section("kinds", cast.cuihu)
    repairs, complaints = (lines(found)[kind] for kind in ("报修", "投诉"))
    assert repairs[:4] == [2, 1, 1, 0]
    assert complaints[:4] == [1, 0, 1, 0]
    assert lines(found)["安全"][:4] == [0, 0, 0, 0]
    assert found["total"][:4] == ["合计", 3, 1, 2]


def test_a_count_leads_to_exactly_the_cases_that_it_counts(
    desk: Desk, cast: Cast, client: Client, sign_in: Any, clock: SetClock
) -> None:
    desk.registers("楼道灯不亮", kind="repair")
    desk.registers("门禁坏了", kind="repair")
    desk.registers("夜里装修太吵", kind="complaint")
    desk.registers("后来的事", kind="repair", at=moment("2026-12-01 10:00", "周二"))
    clock("2026-12-04 18:00", "周五")
    for unit, who in ((cast.cuihu, cast.zhoumin), (cast.jinxiu, cast.zhengjie)):
        rows = {row["cells"][0]: row for row in section("kinds", unit)["rows"]}
        sign_in(client, who)
        page = client.get(rows["报修"]["url"]).content.decode()
        assert f"共 {rows['报修']['cells'][1]} 件" in page
        assert "后来的事" not in page


def test_what_was_not_closed_stands_with_the_promise_that_is_due_next(
    desk: Desk, cast: Cast
) -> None:
    closed(desk)
    case = desk.registers("夜里装修太吵", kind="complaint")
    [row] = section("open", cast.cuihu)["rows"]
    assert (row["case"], row["open"]) == (case.number, True)
    assert row["url"].endswith(case.number)
    assert all(row["cells"][6:9])


def test_a_case_of_another_project_is_in_the_statement_of_the_company_alone(
    desk: Desk, cast: Cast
) -> None:
    desk.registers("夜里装修太吵", kind="complaint")
    numbers = [
        len(section("open", unit)["rows"]) for unit in (cast.jinxiu, cast.group, cast.jingui)
    ]
    assert numbers == [1, 1, 0]


def test_what_broke_a_promise_is_listed_though_it_was_done_later(desk: Desk, cast: Cast) -> None:
    desk.registers("厨房漏水", kind="repair")
    [row] = section("late", cast.cuihu)["rows"]
    assert row["cells"][3] == "厨房漏水"


def test_a_visit_that_found_the_customer_dissatisfied_is_listed(desk: Desk, cast: Cast) -> None:
    case = desk.finished("夜里装修太吵", kind="complaint")
    desk.asks(desk.visit(desk.feeds_back(case)), "unsatisfied", opinion="第二天又吵")
    [row] = section("unsatisfied", cast.cuihu)["rows"]
    assert "第二天又吵" in row["cells"]


def test_the_month_after_knows_what_it_is_compared_with(desk: Desk, cast: Cast) -> None:
    desk.registers("夜里装修太吵", kind="complaint")
    found = section("kinds", cast.cuihu, "2026-12", moment("2027-01-04 18:00", "周一"))
    assert lines(found)["投诉"][0] == 0
    assert lines(found)["投诉"][-2:] == [1, -1]


def test_the_ledger_masks_nothing_but_has_no_phone(desk: Desk, cast: Cast) -> None:
    desk.registers("夜里装修太吵", kind="complaint", at=OPENED)
    found = section("ledger", cast.cuihu)
    assert "13900000421" not in json.dumps(found)
    assert "王女士" in found["rows"][0]["cells"]


def test_every_section_that_a_regulation_may_name_is_built(desk: Desk, cast: Cast) -> None:
    desk.registers("夜里装修太吵", kind="complaint")
    rule = StatementRule(id="all", title="全部", sections=tuple(SECTIONS))
    for unit in (cast.cuihu, cast.jinxiu, cast.group):
        content = build(rule, unit, NOVEMBER, FIFTH)
        built = [(one["id"], one["title"]) for one in content["sections"]]
        assert built == list(SECTIONS.items())


@pytest.mark.peers("T18")
def test_a_void_and_a_merged_case_are_counted_apart_and_never_missing(
    desk: Desk, cast: Cast
) -> None:
    kept, twin, wrong = (desk.registers(text, kind="complaint") for text in ("吵", "也吵", "误登"))
    clerk, head = desk.of(cast.limin), desk.of(cast.zhoumin)
    merge(case=twin, into=kept, by=clerk, at=FINISHED, reason="同一件事")
    request_void(case=wrong, by=clerk, at=FINISHED, reason="测试误登")
    decide_void(case=wrong, by=head, at=FINISHED, approve=True)
    registered, closed, unclosed, void, *_rest = lines(section("kinds", cast.cuihu))["投诉"]
    assert (registered, closed, unclosed, void) == (3, 0, 1, 2)
    assert [row["case"] for row in section("open", cast.cuihu)["rows"]] == [kept.number]
    assert len(section("ledger", cast.cuihu)["rows"]) == 3


@pytest.mark.clause("S1-4.2-1")
def test_the_message_of_the_day_counts_its_complaints_and_names_nobody(
    desk: Desk, cast: Cast
) -> None:
    desk.registers("昨天的事", kind="complaint", at=moment("2026-11-18 10:00", "周三"))
    desk.registers("夜里装修太吵，3栋2单元501 王女士要求处理", kind="complaint", at=OPENED)
    desk.registers("楼道灯不亮", kind="repair", at=OPENED)
    at = moment("2026-11-19 17:15", "周四")
    text = section("message", cast.jinxiu, "2026-11-19", at)["draft"]
    head = "【锦绣物业】2026年11月19日投诉情况：当天登记 1 件，重大 0 件，累计未关闭 2 件。"
    assert text.startswith(head)
    assert "13900000421" not in text
    assert "楼道灯" not in text


@pytest.mark.clause("S1-4.1-1")
def test_the_ledger_lists_complaints_and_suggestions_of_its_day_alone(
    desk: Desk, cast: Cast
) -> None:
    desk.registers("夜里装修太吵", kind="complaint", at=OPENED)
    desk.registers("增加充电桩", kind="suggestion", at=OPENED)
    desk.registers("楼道灯不亮", kind="repair", at=OPENED)
    desk.registers("次日的事", kind="complaint", at=moment("2026-11-20 10:00", "周五"))
    found = section("ledger", cast.cuihu, "2026-11-19")
    assert [row["cells"][6] for row in found["rows"]] == ["夜里装修太吵", "增加充电桩"]


@pytest.mark.clause("S2-A18-8a")
def test_visits_are_counted_by_type_with_rate_late_and_dissatisfied(desk: Desk, cast: Cast) -> None:
    asked, late = (
        desk.visit(desk.feeds_back(desk.finished(text, kind="complaint")))
        for text in ("装修太吵", "电梯脏")
    )
    desk.asks(asked, "satisfied")
    desk.asks(late, "unsatisfied", at=moment("2026-11-27 10:00", "周五"))
    desk.visit(desk.finished("楼道灯不亮", kind="complaint"))
    found = section("visits", cast.cuihu)
    told = dict(zip([c["title"] for c in found["columns"]], found["rows"][0]["cells"], strict=True))
    assert (told["完成"], told["已回访"], told["回访率"]) == (3, 2, [2, 3])
    assert (told["超期未访"], told["超期回访"], told["不满意"]) == (1, 1, 1)
    assert told["满意率"] == [1, 2]


@pytest.mark.clause("S4-4.3.6c-1b")
def test_companies_and_projects_are_ranked_by_the_targets_that_they_reached(
    desk: Desk, cast: Cast
) -> None:
    desk.registers("没有人管的投诉", kind="complaint")
    for project in (cast.cuihu, cast.jingui, cast.jiangnan):
        rejudge(project=project, month=NOVEMBER, at=FIFTH)
    found = section("ranking", cast.group)
    units = [row["cells"][1] for row in found["rows"]]
    assert sorted(units) == sorted(
        ["锦绣物业（公司）", "安和物业（公司）", "翠湖花园", "金桂苑", "江南里"]
    )
    reached = [row["cells"][2] for row in found["rows"]]
    assert reached[units.index("翠湖花园")] == reached[units.index("锦绣物业（公司）")]
    below = section("ranking", cast.jinxiu)
    assert sorted(row["cells"][1] for row in below["rows"]) == ["翠湖花园", "金桂苑"]


def test_a_missed_target_is_explained_and_wants_measures(desk: Desk, cast: Cast) -> None:
    desk.registers("没有人管的投诉", kind="complaint")
    rejudge(project=cast.cuihu, month=NOVEMBER, at=FIFTH)
    rows = {row["title"]: row for row in section("figures", cast.cuihu)["rows"]}
    response = rows["投诉响应及时率"]
    assert (response["value"], response["met"], response["gap"]) == ([0, 1], False, 1)
    assert response["url"]
    assert "投诉响应及时率 0%（0/1），未达到目标" in section("weak", cast.cuihu)["draft"]
    wanted = section("improvements", cast.cuihu)
    assert wanted["draft"] == ""
    assert "投诉响应及时率" in wanted["hint"]


@pytest.mark.clause("S4-4.4.3e-1")
def test_services_are_summed_with_amount_and_satisfaction(shop: Shop, cast: Cast) -> None:
    shop.adopts(S4)
    shop.finishes(shop.paid("120.00"), "已办妥")
    shop.orders("T01", area="89", appointment=OPENED.isoformat(), note="擦窗")
    found = section("services", cast.cuihu)
    [row] = found["rows"]
    assert row["cells"][1:6] == [2, 1, 0, 1, "120.00"]
    assert found["total"][0] == "合计"


@pytest.mark.clause("S2-A17-1")
def test_a_survey_says_how_many_were_returned_and_how_many_are_satisfied(cast: Cast) -> None:
    cast.follows(S2)
    clerk = Clerk(cast)
    clerk.survey(5)
    clerk.survey(4, 2)
    found = lines_of_survey(section("survey", cast.cuihu))
    assert found["总体"][:1] == [2]
    assert found["供电管理"] == [2, 2, [2, 2], "4.50"]
    assert found["供水管理"][2] == [1, 2]


def lines_of_survey(found: dict[str, Any]) -> dict[str, list[Any]]:
    return {row["cells"][1]: row["cells"][2:] for row in found["rows"]}


def test_more_cases_take_no_more_queries(desk: Desk, cast: Cast) -> None:
    names = tuple(name for name in SECTIONS if name not in ("weak", "analysis", "causes"))
    rule = StatementRule(id="all", title="全部", sections=names)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            build(rule, cast.cuihu, NOVEMBER, FIFTH)
        return len(captured)

    def month(*texts: str) -> None:
        for text in texts:
            desk.registers(text, kind="complaint")
            done = desk.visit(desk.finished(text, kind="complaint"))
            desk.asks(done, "unsatisfied", opinion="又吵")

    month("夜里装修太吵")
    queries()
    one = queries()
    month("电梯里太脏", "门禁坏了")
    assert queries() == one
