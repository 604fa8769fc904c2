"""The one big button: whose turn it is, and for what."""

from datetime import datetime

import pytest

from shouwen.rules.closing import Line
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import Part, State
from shouwen.rules.next_step import STEPS, VERB_OF_ENTRY, Situation, next_verb, unanswered
from tests.moments import moment

NOW: datetime = moment("2026-11-19 10:00", "周四")
EVERYTHING = {verb for verb, _due in STEPS}
DESK = EVERYTHING - {"rule", "approve-wait", "answer-question", "verify", "decide-void"}
ENGINEER = {
    "accept",
    "arrive",
    "contact-customer",
    "report-done",
    "report-part-done",
    "resume",
    "note",
}


def state(status: str, **parts: str) -> State:
    """`state("accepted", engineering="accepted")`: the first department leads."""
    found = {
        code: Part(lead=place == 0, state=how, sent_at=NOW)
        for place, (code, how) in enumerate(parts.items())
    }
    return State(status=status, parts=found)


def line(entry: str) -> Line:
    return Line(entry, entry, "", "", False, entry)


CONTACT = frozenset({"customer-contacted"})
ENGINEERING = frozenset({"engineering"})
SECURITY = frozenset({"security"})


@pytest.mark.parametrize(
    ("who", "now", "verb"),
    [
        (DESK, Situation(state("registered")), "dispatch"),
        (DESK, Situation(state("registered"), missing={"dispatched": [line("ticked")]}), "tick"),
        (
            DESK,
            Situation(state("registered"), missing={"dispatched": [line("classified")]}),
            "classify",
        ),
        (ENGINEER, Situation(state("dispatched", engineering="sent"), mine=ENGINEERING), "accept"),
        (
            DESK,
            Situation(state("dispatched", engineering="sent"), promised=CONTACT),
            "contact-customer",
        ),
        (DESK, Situation(state("dispatched", engineering="sent"), department_late=True), "urge"),
        (EVERYTHING, Situation(state("dispatched", engineering="refused")), "rule"),
        (
            DESK,
            Situation(state("dispatched", engineering="refused"), promised=CONTACT),
            "contact-customer",
        ),
        (
            ENGINEER,
            Situation(
                state("accepted", engineering="accepted"),
                mine=ENGINEERING,
                promised=frozenset({"arrived"}),
            ),
            "arrive",
        ),
        (
            ENGINEER,
            Situation(state("accepted", engineering="accepted"), mine=ENGINEERING),
            "report-done",
        ),
        (
            ENGINEER,
            Situation(
                state("accepted", engineering="accepted", security="accepted"), mine=SECURITY
            ),
            "report-part-done",
        ),
        (
            ENGINEER,
            Situation(
                state("accepted", engineering="accepted"),
                mine=ENGINEERING,
                missing={"done": [line("noted")]},
            ),
            "note",
        ),
        (DESK, Situation(state("accepted", engineering="accepted")), "contact-customer"),
        (
            DESK,
            Situation(
                state("accepted", engineering="accepted"), missing={"done": [line("classified")]}
            ),
            "classify",
        ),
        (ENGINEER, Situation(state("waiting", engineering="accepted"), mine=ENGINEERING), "resume"),
        (EVERYTHING, Situation(state("waiting"), unapproved=True), "approve-wait"),
        (DESK, Situation(state("done")), "feed-back"),
        (EVERYTHING, Situation(state("accepted"), asked=True), "answer-question"),
        (DESK, Situation(state("fed-back"), missing={"closed": [line("classified")]}), "classify"),
        (
            EVERYTHING,
            Situation(state("fed-back"), missing={"closed": [line("verified")]}),
            "verify",
        ),
        (DESK, Situation(state("fed-back"), missing={"closed": [line("verified")]}), ""),
        (DESK, Situation(state("fed-back"), missing={"closed": []}), "close"),
        (EVERYTHING, Situation(State(status="registered", void_requested=True)), "decide-void"),
        (ENGINEER, Situation(state("done", engineering="done"), mine=ENGINEERING), ""),
        (EVERYTHING, Situation(state("closed")), ""),
        (set(), Situation(state("registered")), ""),
    ],
)
def test_the_next_right_action_is_one_and_depends_on_whose_turn_it_is(
    who: set[str], now: Situation, verb: str
) -> None:
    assert next_verb(now, who) == verb


def test_a_question_waits_until_it_is_answered() -> None:
    asked = Entry(1, "reported", NOW)
    assert unanswered([asked])
    assert not unanswered([asked, Entry(2, "answered", NOW)])
    assert not unanswered([])


def test_the_brand_department_is_told_of_the_press_and_not_asked() -> None:
    assert not unanswered([Entry(1, "reported", NOW, data={"to": "brand"})])


def test_every_line_of_a_checklist_leads_to_a_step_that_exists() -> None:
    assert set(VERB_OF_ENTRY.values()) - EVERYTHING == {"reopen"}
