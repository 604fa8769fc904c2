"""The two sentences of S4 that can be read in two ways at one minute of the day."""

from datetime import datetime, timedelta

import pytest

from shouwen.adoption.examples import sample_calendar
from shouwen.rules.case_kinds import Commitment
from shouwen.rules.due import due
from tests.moments import moment
from tests.regulations.stories import book


def limit(rule_id: str) -> Commitment:
    (regulation,) = book("customer-communication").regulations
    return next(rule for rule in regulation.commitment if rule.id == rule_id)


def due_at(rule_id: str, start: datetime) -> datetime:
    found = due(limit(rule_id).due, start, sample_calendar()).at
    assert found is not None
    return found


@pytest.mark.deadline("D1")
@pytest.mark.clause("S4-4.4.2b-3", "S4-4.4.2b-4")
@pytest.mark.parametrize(
    ("opened", "answered_by"),
    [
        ("2026-11-19 07:59:59", "2026-11-19 09:00"),
        ("2026-11-19 08:00", "2026-11-19 09:00"),
        ("2026-11-19 17:59:59", "2026-11-19 18:59:59"),
        ("2026-11-19 18:00", "2026-11-20 09:00"),
        ("2026-11-19 18:00:01", "2026-11-20 09:00"),
        ("2026-11-20 00:00", "2026-11-20 09:00"),
    ],
)
def test_18_o_clock_belongs_to_the_evening(opened: str, answered_by: str) -> None:
    assert due_at("repair-first-contact", moment(opened)) == moment(answered_by)
    assert "18:00 整起算作" in limit("repair-first-contact").reading


@pytest.mark.clause("S4-4.4.2b-7")
@pytest.mark.parametrize(
    ("opened", "done_by"),
    [
        ("2026-11-19 23:59:59", "2026-11-20 00:00"),
        ("2026-11-20 00:00", "2026-11-21 00:00"),
        ("2026-11-20 00:00:01", "2026-11-21 00:00"),
    ],
)
def test_midnight_belongs_to_the_new_day(opened: str, done_by: str) -> None:
    assert due_at("repair-small-public", moment(opened)) == moment(done_by)
    assert "零点登记的到新一日 24:00" in limit("repair-small-public").reading


@pytest.mark.parametrize("rule_id", ["repair-first-contact", "repair-dispatch-night"])
def test_nobody_who_calls_later_is_served_earlier(rule_id: str) -> None:
    first = moment("2026-11-19 00:00", "周四")
    dues = [due_at(rule_id, first + timedelta(minutes=minutes)) for minutes in range(2 * 1440)]
    assert dues == sorted(dues)
