"""What a return visit leads to: a record, a new round, further matters, or another try."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from shouwen.cases.actions.contacting import reply_to_sender
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.models import Case
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.recording import Said, attempt, open_item, visit_during
from shouwen.followup.models import Visit
from shouwen.followup.queries import coverage
from shouwen.notify.models import OutboxMessage
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.followup.conftest import FINISHED, NEXT_DAY, OPENED, S0, S2, Desk
from tests.moments import moment

clause = pytest.mark.clause
peers = pytest.mark.peers
RUDE = "投诉保安态度差"


@pytest.fixture
def visited(desk: Desk) -> Callable[..., Case]:
    """A complaint that was done, told to the customer, and asked about."""

    def make(result: str, **said: Any) -> Case:
        case = desk.feeds_back(desk.finished(RUDE, kind="complaint"))
        desk.asks(desk.visit(case, "complaint-visit"), result, **said)
        case.refresh_from_db()
        return case

    return make


@clause("S0-3.1-12", "S2-A17-6", "S2-HF1-2")
def test_a_visit_is_not_over_without_a_result_and_an_unhappy_one_not_without_words(
    desk: Desk,
) -> None:
    visit = desk.visit(desk.finished(RUDE, kind="complaint"), "complaint-visit")
    with pytest.raises(Refused, match="请选客户的评价"):
        desk.asks(visit, "")
    with pytest.raises(Refused, match="写下还有什么没解决"):
        desk.asks(visit, "unsatisfied", opinion=" ")
    visit.refresh_from_db()
    assert (visit.state, visit.attempts.count()) == (Visit.State.PLANNED, 0)


def test_a_satisfied_customer_ends_the_promise_and_leaves_the_case_as_it_is(
    visited: Callable[..., Case],
) -> None:
    case = visited("satisfied", opinion="很快")
    promise = case.commitments.get(rule="visit:complaint-visit")
    assert (promise.outcome, promise.ended_at, case.status) == ("met", NEXT_DAY, "fed-back")
    entry = case.journal.get(verb="visited")
    assert (entry.said_by, entry.data["text"], entry.data["result"]) == (
        "王女士", "很快", "satisfied",
    )  # fmt: skip


@clause("S0-3.1-13")
@peers("T16", "T23")
@pytest.mark.parametrize(("result", "word"), [("partly", "部分解决"), ("unsatisfied", "不满意")])
def test_who_is_not_or_only_partly_satisfied_has_the_matter_opened_again_with_new_times(
    visited: Callable[..., Case], cast: Cast, result: str, word: str
) -> None:
    case = visited(result, opinion="保安又骂人")
    assert (case.status, case.round) == ("registered", 2)
    reopened = case.journal.get(verb="reopened")
    assert reopened.data["reason"] == f"回访{word}：保安又骂人"
    first, second = case.commitments.filter(rule="complaint-first-response").order_by("started_at")
    assert second.key != first.key
    assert second.started_at == NEXT_DAY
    assert second.due_at is not None
    assert second.outcome == ""
    told = OutboxMessage.objects.get(event__contains=":reopened:")
    assert (told.staff, told.urgent) == (cast.limin, True)


@peers("T16")
def test_an_unhappy_visit_opens_a_closed_matter_again_and_the_second_round_is_visited_too(
    desk: Desk,
) -> None:
    desk.adopts(S0)
    case = desk.closes(desk.feeds_back(desk.finished("想问物业费", kind="inquiry")))
    desk.asks(desk.visit(case), "unsatisfied")
    case.refresh_from_db()
    assert case.is_open
    desk.finishes(case, at=NEXT_DAY)
    second = desk.visit(case, at=NEXT_DAY)
    assert (second.round, second.state) == (2, Visit.State.PLANNED)
    desk.asks(second, at=NEXT_DAY + timedelta(hours=1))
    assert case.visits.filter(state="done").count() == 2


def test_two_answers_to_one_visit_are_not_kept(visited: Callable[..., Case], desk: Desk) -> None:
    case = visited("satisfied")
    with pytest.raises(Refused, match="已经有结果"):
        desk.asks(case.visits.get(), "unsatisfied")
    case.refresh_from_db()
    assert case.round == 1


@peers("T25")
def test_who_did_the_work_neither_visits_nor_types_it_in_under_anothers_name(
    desk: Desk, cast: Cast
) -> None:
    case = desk.finishes(desk.registers(RUDE, kind="complaint"), who=cast.limin)
    visit = desk.visit(case, "complaint-visit")
    with pytest.raises(Refused, match="处理人不能回访"):
        desk.asks(visit, visitors=[cast.limin], by=cast.wangfang)
    with pytest.raises(Refused, match="处理人不能录入"):
        desk.asks(visit, visitors=[cast.wangfang], by=cast.limin)
    assert desk.asks(visit, visitors=[cast.wangfang], by=cast.sunli).typed_by == cast.sunli


@peers("T25")
def test_who_worked_in_an_earlier_round_may_ask_about_a_later_one(desk: Desk, cast: Cast) -> None:
    case = desk.finishes(desk.registers(RUDE, kind="complaint"), who=cast.wangfang)
    desk.asks(desk.visit(case, "complaint-visit"), "unsatisfied", by=cast.limin)
    case.refresh_from_db()
    desk.finishes(case, at=NEXT_DAY)
    visit = desk.visit(case, "complaint-visit", at=NEXT_DAY)
    desk.asks(visit, by=cast.wangfang, at=NEXT_DAY + timedelta(hours=1))


@clause("S2-A18-1d")
def test_a_visit_after_its_window_is_kept_and_counts_as_late(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    case = desk.finished(RUDE, kind="complaint")
    visit = desk.visits(case)["home-visit-by-handlers"]
    late = moment("2026-11-27 00:01", "周五")
    said: dict[str, Any] = {"mode": "home", "scores": {"satisfaction": "4"}}
    made = desk.asks(visit, at=late, visitors=[cast.chenjianguo], **said)
    assert made.is_late
    promise = case.commitments.get(rule="visit:home-visit-by-handlers")
    assert promise.outcome == "late"
    [row] = coverage(Visit.objects.filter(rule=visit.rule), OPENED, NEXT_DAY, late)
    assert (row.visited, row.late, row.percent) == (1, 1, "100.0%")


def test_a_visit_typed_in_later_counts_from_when_it_was_made(desk: Desk) -> None:
    visit = desk.visit(desk.finished(RUDE, kind="complaint"), "complaint-visit")
    typed, made = moment("2026-11-26 09:00"), moment("2026-11-24 17:00", "周二")
    assert not desk.asks(visit, at=typed, happened=made).is_late
    assert visit.case.commitments.get(rule="visit:complaint-visit").outcome == "met"


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [(NEXT_DAY + timedelta(hours=1), "不能晚于现在"), (OPENED, "不算数")],
)
def test_a_visit_is_neither_in_the_future_nor_before_the_work(
    desk: Desk, happened: datetime, sentence: str
) -> None:
    visit = desk.visit(desk.finished(RUDE, kind="complaint"), "complaint-visit")
    with pytest.raises(Refused, match=sentence):
        desk.asks(visit, happened=happened)


FIVE = {
    "quality": "5", "effect": "4", "satisfaction": "3", "shortcomings": "慢", "suggestions": "无",
}  # fmt: skip


@clause("S2-A18-6a", "S2-A18-6b")
@pytest.mark.parametrize("missing", FIVE)
def test_the_record_form_asks_five_things_in_person(desk: Desk, cast: Cast, missing: str) -> None:
    desk.adopts(S2)
    visit = desk.visits(desk.finished(RUDE, kind="complaint"))["visit-general-complaint"]
    both = [cast.limin, cast.liuqiang]
    with pytest.raises(Refused, match="面谈或现场查看"):
        desk.asks(visit, visitors=both, scores=FIVE, mode="phone", no_signature="出差")
    four = {name: mark for name, mark in FIVE.items() if name != missing}
    with pytest.raises(Refused, match="请填"):
        desk.asks(visit, visitors=both, scores=four, mode="meet", no_signature="出差")


@clause("S2-A18-6c", "S2-RP-15")
def test_the_customer_signs_or_it_is_said_why_not(desk: Desk, cast: Cast) -> None:
    desk.adopts(S2)
    case = desk.finished("水龙头滴水", kind="repair", origin="daily")
    visit = desk.visits(case)["visit-every-repair"]
    with pytest.raises(Refused, match="没有签名要写明原因"):
        desk.asks(visit, by=cast.gaofei)
    assert desk.asks(visit, by=cast.gaofei, no_signature="客户在外地").no_signature


@clause("S2-A17-9")
def test_what_a_visit_finds_wrong_reaches_the_repairers_in_writing_within_a_day(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    case = desk.finished("水龙头滴水", kind="repair", origin="daily")
    visit = desk.visits(case)["visit-every-repair"]
    desk.asks(visit, "unsatisfied", by=cast.gaofei, no_signature="电话回访")
    notice = case.commitments.get(title="回访发现的问题 24 小时内书面通知维修")
    assert notice.due_at == NEXT_DAY + timedelta(hours=24)
    soon = NEXT_DAY + timedelta(hours=2)
    by = desk.of(cast.limin, soon)
    dispatch(case=case, lead=cast.department("engineering"), by=by, at=soon)
    notice.refresh_from_db()
    assert notice.outcome == "met"


@clause("S4-4.4.1c-4")
def test_the_hotline_is_answered_only_after_the_company_has_asked_again(
    desk: Desk, cast: Cast
) -> None:
    case = desk.registers(RUDE, kind="complaint", source="hotline-400")
    desk.feeds_back(desk.finishes(desk.sends_to(case, "company")))
    visits = desk.visits(case)
    desk.asks(visits["complaint-visit"])
    answer: dict[str, Any] = {"case": case, "by": desk.of(cast.zhengjie), "text": "已处理"}
    with pytest.raises(Refused, match="还差"):
        reply_to_sender(**answer, at=NEXT_DAY)
    later = NEXT_DAY + timedelta(hours=1)
    with pytest.raises(Refused, match="制度规定的回访人不在其中"):
        desk.asks(visits["complaint-visit-400"], at=later)
    desk.asks(visits["complaint-visit-400"], by=cast.zhengjie, at=later)
    reply_to_sender(**answer, at=later)


# --- Tries ----------------------------------------------------------------------------------------


def test_nobody_answering_is_written_down_and_the_visit_is_still_owed(
    desk: Desk, cast: Cast
) -> None:
    case = desk.finished(RUDE, kind="complaint")
    visit, by = desk.visit(case, "complaint-visit"), desk.of(cast.wangfang)
    for hours in (0, 1, 2):
        attempt(visit=visit, by=by, at=NEXT_DAY + timedelta(hours=hours), outcome="no-answer")
    again = NEXT_DAY + timedelta(hours=8)
    with pytest.raises(Refused, match="约定的时间"):
        attempt(visit=visit, by=by, at=NEXT_DAY, outcome="later")
    attempt(visit=visit, by=by, at=NEXT_DAY + timedelta(hours=3), outcome="later", again_at=again)
    visit.refresh_from_db()
    assert (visit.state, visit.attempts.count()) == (Visit.State.PLANNED, 4)
    assert case.journal.filter(verb="visit-attempted").count() == 4
    assert case.commitments.get(rule="visit:complaint-visit").outcome == ""


# --- What was said besides ------------------------------------------------------------------------


@clause("S2-A17-7", "S2-HF1-3")
def test_a_question_that_waits_for_its_answer_is_promised_by_a_time_that_rings(
    visited: Callable[..., Case],
) -> None:
    reply_by = moment("2026-11-23 15:00", "周一")
    case = visited("satisfied", items=[Said("什么时候换电梯？", reply_by=reply_by)])
    item = case.visits.get().items.get()
    assert item.case is not None
    promise = item.case.commitments.get(rule="visit-question-answered")
    assert (promise.due_at, promise.outcome) == (reply_by, "")
    assert item.case.source == "visit"
    assert item.case.customer_name == "王女士"
    assert promise.next_ring_at is not None


@clause("S2-HF1-4a")
def test_each_opinion_has_its_own_outcome_and_may_become_a_matter_of_its_own(
    visited: Callable[..., Case], desk: Desk, cast: Cast
) -> None:
    case = visited(
        "satisfied", items=[Said("快递柜太少", answer="年底加装一组"), Said("花坛的灯不亮")]
    )
    answered, left = case.visits.get().items.all()
    assert (answered.is_open, left.is_open) == (False, True)
    opened = open_item(item=left, by=desk.of(cast.wangfang), at=NEXT_DAY)
    left.refresh_from_db()
    assert (left.case, left.is_open, opened.text) == (opened, False, "花坛的灯不亮")
    assert case.journal.filter(verb="linked", data__to=opened.number).exists()
    with pytest.raises(Refused, match="已经有着落"):
        open_item(item=left, by=desk.of(cast.wangfang), at=NEXT_DAY)


def test_nothing_is_kept_when_one_of_the_opinions_is_refused(desk: Desk) -> None:
    visit = desk.visit(desk.finished(RUDE, kind="complaint"), "complaint-visit")
    with pytest.raises(Refused, match="约定答复的时间要晚于现在"):
        desk.asks(visit, items=[Said("什么时候换电梯？", reply_by=FINISHED)])
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED
    assert not visit.items.exists()


# --- While the work goes on -----------------------------------------------------------------------


@clause("S4-3.7-1")
def test_asking_while_the_work_goes_on_is_kept_and_counts_in_no_rate(
    desk: Desk, cast: Cast
) -> None:
    case = desk.registers(RUDE, kind="complaint")
    visit_during(case=case, by=desk.of(cast.wangfang), at=FINISHED, opinion="催得紧")
    assert case.journal.get(verb="visited").data["phase"] == "during"
    later = FINISHED + timedelta(minutes=5)
    desk.finishes(case, at=later)
    follow(at=later)
    [row] = coverage(Visit.objects.all(), OPENED, NEXT_DAY, NEXT_DAY)
    assert (row.finished, row.visited, row.rate) == (1, 0, 0.0)
    assert case.commitments.get(rule="visit:complaint-visit").outcome == ""
    with pytest.raises(Refused, match="从回访清单中记录"):
        visit_during(case=case, by=desk.of(cast.wangfang), at=NEXT_DAY, opinion="满意")


# --- Against the target ---------------------------------------------------------------------------


@clause("S2-A18-1c", "S2-A18-4c")
@pytest.mark.parametrize(
    ("kind", "rule"),
    [("complaint", "home-visit-by-handlers"), ("emergency-aid", "visit-emergency-aid")],
)
def test_the_rate_is_visited_of_finished_and_says_what_is_missing_and_how_long_is_left(
    desk: Desk, cast: Cast, kind: str, rule: str
) -> None:
    desk.adopts(S2)
    visits = [desk.visits(desk.finished(f"{n}", kind=kind))[rule] for n in range(4)]
    mode = "home" if kind == "complaint" else "meet"
    who = cast.chenjianguo if kind == "complaint" else cast.wangfang
    said: dict[str, Any] = {"mode": mode, "scores": {"satisfaction": "5"}, "no_signature": "不便"}
    desk.asks(visits[0], visitors=[who], **said)
    [row] = coverage(Visit.objects.filter(rule=rule), OPENED, NEXT_DAY, NEXT_DAY)
    assert (row.finished, row.visited, row.percent, row.wanted) == (4, 1, "25.0%", "100%")
    assert (row.missing_visits, row.missing_draws, row.still_open) == (3, 0, 3)
    assert row.days_left(NEXT_DAY) == 6
