"""Regulations adopted together: the demo company has S4, S0 beneath it, the defaults under both."""

from typing import Any

import pytest

from shouwen.adoption.examples import sample_calendar
from shouwen.rules.closing import checklist
from shouwen.rules.commitments import Calendars, preview
from shouwen.rules.intake import suggest
from shouwen.rules.journal import Entry
from shouwen.rules.visits import visit_rules
from tests.regulations.stories import MORNING, book

Facts = dict[str, Any]
TOGETHER = book("customer-communication", "first-contact", "defaults")
COMPLAINT: Facts = {"kind": "complaint", "source": "phone", "level": "project", "night": False}
URGENT: Facts = {"kind": "repair", "source": "phone", "urgent": True, "night": False}


def promised(facts: Facts) -> set[str]:
    calendars = Calendars(sample_calendar())
    return {promise.rule_id for promise in preview(TOGETHER, facts, MORNING, calendars)}


def test_the_promises_of_all_of_them_hold_side_by_side() -> None:
    assert promised(COMPLAINT) >= {
        "complaint-same-day",
        "complaint-one-month",
        "complaint-first-response",
    }
    assert promised(URGENT) >= {
        "repair-dispatch",
        "repair-first-contact",
        "urgent-repair-told",
        "urgent-on-site",
        "urgent-dispatched",
    }


def test_the_first_regulation_with_a_word_on_visits_decides_who_is_visited() -> None:
    assert {rule.id for _, rule in visit_rules(TOGETHER, COMPLAINT)} == {"complaint-visit"}
    assert {rule.id for _, rule in visit_rules(TOGETHER, {"kind": "suggestion"})} == {
        "visit-by-service"
    }


def test_where_another_regulation_decides_who_is_visited_its_visit_completes_the_line() -> None:
    """Else such a complaint could never be closed: the visit that the line names is never made."""
    both = book("first-contact", "complaint-procedure", "defaults")
    opened = Entry(1, "opened", MORNING, data={"owner": "0001", "facts": COMPLAINT})
    (visit,) = [rule.id for _, rule in visit_rules(both, COMPLAINT)]

    def is_done(made: str) -> bool:
        entries = [opened, Entry(2, "visited", MORNING, data={"rule": made})]
        return next(line for line in checklist(both, entries) if line.id == "complaint-rated").done

    assert visit != "rating-asked"
    assert is_done(visit)
    assert not is_done("complaint-visit")


def test_the_first_list_of_kinds_holds_and_the_default_words_suggest_from_it() -> None:
    kinds = TOGETHER.axis("kind")
    assert kinds is not None
    assert kinds[0].id == "customer-communication"
    assert len(kinds[1].values) == 14
    found = {one.axis: one.value for one in suggest(TOGETHER, "厨房水龙头漏水，麻烦修一下")}
    assert found["kind"] == "repair"
    assert found["scope"] == "home"


@pytest.mark.parametrize(
    "regulation",
    [
        "first-contact",
        "developer-aftersales",
        "service-centre",
        "complaint-procedure",
        "customer-communication",
    ],
)
def test_a_case_opened_under_each_regulation_shows_its_promises_with_their_clauses(
    regulation: str,
) -> None:
    facts: Facts = {"kind": "complaint", "source": "government", "level": "project"}
    repair: Facts = {"kind": "repair", "urgent": True}
    calendars = Calendars(sample_calendar())
    made = [
        promise
        for case in (facts, repair)
        for promise in preview(book(regulation, "defaults"), case, MORNING, calendars)
        if promise.regulation.id == regulation
    ]
    assert made
    assert all(promise.rule.clause and promise.due.words for promise in made)
