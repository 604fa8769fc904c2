"""When a statement is due, from when on it can be prepared, who signs it, and who hears of a late
one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shouwen.rules.case_kinds import Late
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.periods import read_period
from shouwen.rules.statements import (
    TURN,
    due_of,
    due_words,
    ladder,
    next_place,
    periods_ready,
    places,
    read_due,
    ready_at,
    state_of,
)

NOVEMBER = read_period("2026-11")


def rule(**said: object) -> StatementRule:
    return StatementRule.model_validate({"id": "any", "title": "任意报表", "clause": "1", **said})


@pytest.mark.parametrize(
    ("text", "period", "due"),
    [
        ("day 5 of next month", "2026-11", datetime(2026, 12, 6)),
        ("day 5 of next month 17:30", "2026-11", datetime(2026, 12, 5, 17, 30)),
        ("day 10 of next month", "2026-12", datetime(2027, 1, 11)),
        ("day 15 of next month", "2026-Q4", datetime(2027, 1, 16)),
        ("09:00", "2026-11-30", datetime(2026, 12, 1, 9)),
        ("same day 17:30", "2026-11-30", datetime(2026, 11, 30, 17, 30)),
    ],
)
def test_a_time_to_report_is_read_as_the_document_means_it(
    text: str, period: str, due: datetime
) -> None:
    assert read_due(text).after(read_period(period)) == due


@pytest.mark.parametrize(
    "text", ["", "same day", "same day ", "day 31 of next month", "day 0 of next month", "9:00"]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="看不懂的报送期限"):
        read_due(text)


def test_the_words_say_where_the_time_comes_from() -> None:
    assert due_words(rule(due="day 5 of next month")) == "次月 5 日前（含当日） · 1"
    assert due_words(rule(default_due="09:00")) == "次日 09:00 前 · 系统默认，非制度规定"
    assert due_of(rule()) is None
    assert due_words(rule()) == ""


def test_it_is_prepared_when_its_period_is_over_and_that_of_a_day_in_time_before() -> None:
    assert ready_at(rule(due="day 5 of next month"), NOVEMBER) == datetime(2026, 12, 1)
    day = read_period("2026-11-30")
    assert ready_at(rule(period="day", due="09:00"), day) == datetime(2026, 12, 1)
    message = rule(period="day", due="same day 17:30")
    assert ready_at(message, day) == datetime(2026, 11, 30, 17, 15)


def test_after_a_stop_every_period_that_was_missed_is_ready() -> None:
    since, until = datetime(2026, 11, 27, 10), datetime(2026, 11, 30, 10)
    found = [one.key for one in periods_ready(rule(period="day", due="09:00"), since, until)]
    assert found == ["2026-11-29", "2026-11-28", "2026-11-27"]


def test_who_draws_it_up_signs_first_then_who_checks_then_who_signs() -> None:
    one = rule(checked_by=["cs_head"], signed_by=["project_manager"], prepared_by="csr")
    assert [place.role for place in places(one)] == ["csr", "cs_head", "project_manager"]
    states = [state_of(one, signed) for signed in range(4)]
    assert states == ["prepared", "submitted", "checked", "signed"]
    assert next_place(one, 3) is None


def test_one_that_nobody_else_signs_is_complete_with_one_name() -> None:
    assert state_of(rule(), 1) == "signed"


def test_a_late_one_climbs_as_its_rule_says_or_up_the_line() -> None:
    steps = ladder(rule())
    assert [(step.after, step.to) for step in steps] == [
        (timedelta(days=-1), TURN),
        (timedelta(0), TURN),
        (timedelta(days=1), "project_manager"),
        (timedelta(days=3), "company_cs"),
    ]
    daily = ladder(rule(period="day", level="company"))
    assert daily[2].after == timedelta(hours=1)
    own = ladder(rule(late=[Late(after="2 hours", to="hq_cs")]))
    assert own[-1].to == "hq_cs"
