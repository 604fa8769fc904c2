"""What stands in a statement: counted, listed and worded from the records of the period."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions.working import verify
from shouwen.cases.models import Case
from shouwen.rules.figure_kinds import SECTIONS, StatementRule
from shouwen.rules.periods import read_period
from shouwen.statements.content import build
from tests.cast import Cast
from tests.followup.conftest import FINISHED, OPENED, Desk
from tests.moments import moment

NOVEMBER = read_period("2026-11")
FIFTH = moment("2026-12-04 18:00", "周五")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


def closed(desk: Desk) -> Case:
    """A repair from the call to the closing."""
    case = desk.finished("换角阀", kind="repair")
    by = desk.of(desk.cast.liuqiang, FINISHED)
    verify(case=case, by=by, at=FINISHED, ok=True, opinion="试水正常")
    return desk.closes(desk.feeds_back(case))


def section(name: str, unit: OrgUnit, period: str = "2026-11", at: Any = FIFTH) -> dict[str, Any]:
    """One section as it is stored: what JSON gives back."""
    rule = StatementRule(id="any", title="任意报表", sections=(name,))
    content = build(rule, unit, read_period(period), at)
    found: dict[str, Any] = json.loads(json.dumps(content))["sections"][0]
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
        content = json.loads(json.dumps(build(rule, unit, NOVEMBER, FIFTH)))
        built = [(one["id"], one["title"]) for one in content["sections"]]
        assert built == list(SECTIONS.items())
