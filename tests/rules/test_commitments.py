"""What a journal commits us to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.rules.case_kinds import Commitment
from shouwen.rules.commitments import Calendars, earliest
from shouwen.rules.worktime import Calendar
from tests.moments import moment
from tests.rules.story import CALENDARS, Story, due_of, small


def test_what_is_met_exactly_at_its_due_time_is_met() -> None:
    story = Story("2026-11-19 09:12").then("dispatched", "09:22", departments=["eng"], lead="eng")
    assert story.promise("dispatch").outcome == "met"


def test_one_second_after_the_due_time_is_late() -> None:
    story = Story("2026-11-19 09:12").then(
        "dispatched", "2026-11-19 09:22:01", departments=["eng"], lead="eng"
    )
    assert story.promise("dispatch").outcome == "late"


@pytest.mark.peers("T1")
@pytest.mark.deadline("D2")
def test_raising_the_urgency_after_a_pause_of_two_days_counts_the_two_days() -> None:
    story = (
        Story("2026-11-16 09:00")
        .then("waiting", "09:30", reason="等配件", approved=True)
        .then("resumed", "2026-11-18 09:30")
        .then("marked-urgent", "2026-11-18 09:40", urgent=True)
    )
    urgent = story.promise("urgent-contact")
    assert urgent.started_at == moment("2026-11-16 09:00")
    assert due_of(urgent) == moment("2026-11-18 10:00", "周三")
    assert story.promise("first-contact").outcome == "waived"


@pytest.mark.peers("T2")
@pytest.mark.deadline("D3")
def test_a_paused_promise_has_no_due_time_and_nothing_to_ring() -> None:
    story = Story("2026-11-16 09:00").then("waiting", "09:30", reason="等业主", approved=True)
    fix = story.promise("fix")
    assert fix.due.at is None
    assert fix.rings() == []
    assert fix.late_by(moment("2027-01-01 00:00")) is None


def test_a_wait_that_nobody_approved_stops_the_clock_for_a_day_and_no_longer() -> None:
    story = Story("2026-11-16 09:00").then("waiting", "09:30", reason="等业主")
    assert due_of(story.promise("first-contact")) == moment("2026-11-17 17:00")
    story.then("wait-approved", "2026-11-16 12:00")
    assert story.promise("first-contact").due.at is None


@pytest.mark.peers("T3")
@pytest.mark.deadline("D7")
def test_an_agreed_time_moves_its_own_promise_and_no_other() -> None:
    story = Story("2026-11-16 09:00")
    first = due_of(story.promise("first-contact"))
    key = story.promise("fix").key
    story.then("promise-agreed", "09:20", keys=[key], until="2026-11-16T10:00:00+08:00")
    assert due_of(story.promise("fix")) == moment("2026-11-16 10:00")
    assert due_of(story.promise("first-contact")) == first
    # Eight working hours from Monday 09:00: seven on Monday, the last on Tuesday until 09:30.
    assert story.promise("fix").first_due == moment("2026-11-17 09:30", "周二")
    assert "客户同意改到 11-16（一）10:00" in story.promise("fix").due.words


def test_a_promise_that_may_not_be_moved_stays_although_it_was_named() -> None:
    story = Story("2026-11-16 09:00")
    key = story.promise("dispatch").key
    story.then("promise-agreed", "09:05", keys=[key], until="2026-11-17T15:00:00+08:00")
    assert due_of(story.promise("dispatch")) == moment("2026-11-16 09:10")


@pytest.mark.deadline("D4")
def test_a_time_agreed_with_the_customer_is_not_moved_by_waiting() -> None:
    story = Story("2026-11-16 09:00")
    key = story.promise("fix").key
    story.then("promise-agreed", "09:20", keys=[key], until="2026-11-17T15:00:00+08:00")
    story.then("waiting", "10:00", reason="等配件", approved=True).then("resumed", "17:00")
    assert due_of(story.promise("fix")) == moment("2026-11-17 15:00")


@pytest.mark.peers("T4")
def test_waiting_for_the_customer_is_not_counted_against_us() -> None:
    story = (
        Story("2026-11-16 09:00")
        .then("customer-contacted", "09:30", text="请问哪天在家")
        .then("waiting", "09:31", reason="等业主", approved=True)
        .then("resumed", "2026-11-19 09:31")
        .then("done", "2026-11-19 11:00", text="修好")
    )
    assert story.promise("fix").outcome == "met"
    assert story.promise("first-contact").outcome == "met"


@pytest.mark.peers("T8")
@pytest.mark.deadline("D1")
def test_a_pause_over_the_weekend_gains_and_costs_nothing() -> None:
    plain = Story("2026-11-20 17:00")
    paused = (
        Story("2026-11-20 17:00")
        .then("waiting", "18:00", reason="等业主", approved=True)
        .then("resumed", "2026-11-23 08:30")
    )
    assert due_of(paused.promise("fix")) == due_of(plain.promise("fix"))


@pytest.mark.peers("T11")
def test_the_second_department_gets_its_own_full_time_and_the_customers_clock_runs_on() -> None:
    story = (
        Story("2026-11-19 09:00")
        .then("dispatched", "09:05", departments=["eng"], lead="eng")
        .then("transferred", "09:30", **{"from": "eng", "to": "sec"})
    )
    assert due_of(story.promise("taken", "sec")) == moment("2026-11-19 10:00")
    assert story.promise("taken", "eng").outcome == "waived"
    assert due_of(story.promise("fix")) == due_of(Story("2026-11-19 09:00").promise("fix"))


@pytest.mark.peers("T12")
def test_finished_late_stays_late_whatever_happens_afterwards() -> None:
    story = (
        Story("2026-11-19 09:00")
        .then("dispatched", "10:00", departments=["eng"], lead="eng")
        .then("classified", "10:05", facts={"kind": "complaint"})
        .then("classified", "10:06", facts={"kind": "repair"})
        .then("reopened", "2026-11-20 09:00", reason="又坏了", channel="电话")
    )
    assert story.outcomes()["dispatch/1"] == "late"


@pytest.mark.deadline("D6")
def test_a_reopened_case_gets_new_times_and_keeps_the_old_judgement() -> None:
    story = (
        Story("2026-11-19 09:00")
        .then("dispatched", "09:05", departments=["eng"], lead="eng")
        .then("arrived", "09:20")
        .then("done", "10:00", text="修好")
        .then("fed-back", "10:10", text="好了")
        .then("closed", "10:20")
        .then("reopened", "2026-11-23 09:00", reason="又漏", channel="电话")
    )
    keys = story.outcomes()
    assert (keys["fix/1"], keys["fix/2"]) == ("met", "")
    assert due_of(story.promise("first-contact")) == moment("2026-11-23 17:00", "周一")


def test_the_age_of_a_case_runs_on_through_waiting_and_reopening() -> None:
    story = (
        Story("2026-11-19 09:00")
        .then("waiting", "09:30", reason="等开发商", approved=True)
        .then("resumed", "2026-11-25 09:30")
        .then("done", "2026-11-25 10:00", text="好了")
        .then("reopened", "2026-11-26 10:00", reason="没好", channel="电话")
    )
    assert due_of(story.promise("age")) == moment("2026-12-19 09:00")
    assert [key for key in story.outcomes() if key.startswith("age")] == ["age/1"]


@pytest.mark.deadline("D9")
@pytest.mark.parametrize(("verb", "why"), [("voided", "已作废"), ("merged", "已并入")])
def test_a_case_that_ended_owes_nothing_more(verb: str, why: str) -> None:
    story = Story("2026-11-19 09:00").then(verb, "09:05", into="S-2", reason="重复")
    assert {p.outcome for p in story.promises()} == {"waived"}
    assert {p.why for p in story.promises()} == {why}


def test_what_was_late_already_when_the_case_ended_is_late_and_not_excused() -> None:
    story = Story("2026-11-19 09:00").then("voided", "11:00", reason="重复")
    assert story.promise("dispatch").outcome == "late"


@pytest.mark.deadline("D11")
def test_lateness_is_a_comparison_of_times_and_needs_nobody_to_mark_it() -> None:
    fix = Story("2026-11-19 09:00").promise("dispatch")
    assert fix.outcome == ""
    assert fix.late_by(moment("2026-11-19 09:11")) == timedelta(minutes=1)
    assert fix.late_by(moment("2026-11-19 09:10")) is None


def test_a_change_of_class_judges_what_has_happened_already() -> None:
    story = (
        Story("2026-11-19 09:00", kind="inquiry")
        .then("customer-contacted", "09:10", text="已答复")
        .then("classified", "09:30", facts={"kind": "repair"})
    )
    contact = story.promise("first-contact")
    assert contact.outcome == "met"
    assert contact.ended_at == moment("2026-11-19 09:10")


def test_a_return_visit_is_promised_the_moment_that_the_work_is_done() -> None:
    story = Story("2026-11-19 09:00").then("done", "2026-11-19 17:00", text="好了")
    visit = story.promise("visit:after-repair")
    assert due_of(visit) == moment("2026-11-25 00:00", "周三")
    story.then("visited", "2026-11-20 10:00", rule="after-repair", result="satisfied")
    assert story.promise("visit:after-repair").outcome == "met"


def test_a_visit_before_its_window_opens_does_not_count() -> None:
    story = Story("2026-11-19 09:00", kind="leak").then("done", "2026-11-19 17:00", text="好了")
    assert story.promise("visit:after-leak").not_before == moment("2026-12-19 00:00")
    story.then("visited", "2026-11-30 10:00", rule="after-leak", result="satisfied", too_early=True)
    assert story.promise("visit:after-leak").outcome == ""


def test_a_return_visit_outlives_the_closing_of_its_case() -> None:
    story = (
        Story("2026-11-19 09:00")
        .then("done", "17:00", text="好")
        .then("fed-back", "17:05", text="好")
        .then("closed", "17:10")
    )
    assert story.promise("visit:after-repair").outcome == ""


def test_who_is_told_when_is_known_beforehand() -> None:
    rings = Story("2026-11-19 09:00").promise("dispatch").rings()
    assert [(ring.at, ring.to, ring.kind) for ring in rings] == [
        (moment("2026-11-19 09:07"), "holder", "warn"),
        (moment("2026-11-19 09:10"), "holder", "late"),
        (moment("2026-11-19 10:10"), "project_manager", "late"),
    ]


def test_an_ordinary_reminder_waits_for_working_time_and_an_urgent_case_does_not() -> None:
    calendars = Calendars(CALENDARS.duty, ({"urgent": True},))
    night = moment("2026-11-20 23:00", "周五")
    assert calendars.for_case({"urgent": False}).next_working_time(night) == moment(
        "2026-11-23 08:30", "周一"
    )
    assert calendars.for_case({"urgent": True}).next_working_time(night) == night


def test_the_displayed_due_time_is_the_earliest_that_runs() -> None:
    story = Story("2026-11-19 09:00")
    assert earliest(story.promises()) == moment("2026-11-19 09:10")
    story.then("dispatched", "09:05", departments=["eng"], lead="eng")
    assert earliest(story.promises()) == moment("2026-11-19 09:35")


@pytest.mark.deadline("D8")
def test_another_calendar_moves_what_runs_and_leaves_what_has_ended() -> None:
    story = Story("2026-11-19 09:00").then("dispatched", "09:05", departments=["eng"], lead="eng")
    before = story.promise("dispatch")
    story.calendars = Calendars(Calendar.always("Asia/Shanghai"))
    assert story.promise("dispatch") == before
    assert due_of(story.promise("fix")) == moment("2026-11-19 17:00")


_steps = st.lists(
    st.tuples(
        st.integers(1, 3000), st.sampled_from(["waiting", "resumed", "urgent", "calm", "note"])
    ),
    max_size=12,
)


@pytest.mark.deadline("D2")
@given(_steps)
def test_any_interleaving_of_pauses_and_urgency_equals_a_reading_from_the_beginning(
    steps: list[tuple[int, str]],
) -> None:
    """What was promised after each entry, read once at the end, equals what a fresh reading
    gives: nothing
    is carried from one reading to the next. And a pause never makes anything due earlier."""
    story = Story("2026-11-16 09:00")
    at, waiting = moment("2026-11-16 09:00"), False
    for minutes, step in steps:
        at += timedelta(minutes=minutes)
        when = f"{at.astimezone(CALENDARS.duty.zone):%Y-%m-%d %H:%M}"
        if step == "waiting" and not waiting:
            story.then("waiting", when, reason="等业主", approved=True)
            waiting = True
        elif step == "resumed" and waiting:
            story.then("resumed", when)
            waiting = False
        elif step in ("urgent", "calm"):
            story.then("marked-urgent", when, urgent=step == "urgent")
    once = story.promises()
    assert once == story.promises()
    plain = due_of(Story("2026-11-16 09:00").promise("fix"))
    moved = story.promise("fix").due.at
    assert moved is None or moved >= plain


def test_what_was_done_before_the_promise_began_and_typed_after_keeps_it() -> None:
    story = (
        Story("2026-11-19 09:00")
        .then("dispatched", "09:20", departments=["eng"], lead="eng")
        .then("accepted", "09:10", department="eng")
    )
    taken = story.promise("taken", "eng")
    assert (taken.outcome, taken.ended_at) == ("met", moment("2026-11-19 09:20"))


def test_a_rule_is_found_by_all_its_axes() -> None:
    rule = Commitment(
        id="x",
        title="x",
        met_by=("done",),
        due="1 hour",
        applies={"kind": ("repair",), "urgent": True},
        unless={"source": ("visit",)},
    )
    assert rule.matches({"kind": "repair", "urgent": True})
    assert not rule.matches({"kind": "repair", "urgent": True, "source": "visit"})
    assert not rule.matches({"kind": "repair"})
    assert small().regulations[0].commitment[0].matches({"kind": "repair"})
