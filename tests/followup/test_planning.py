"""Which visits are planned when work is done, for whom, and when they are called off."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shouwen.accounts.actions import record_absence
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import decide_void, reopen, request_void
from shouwen.cases.actions.working import report_done, verify
from shouwen.cases.models import Case
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.planning import choose_visitor, draw_more, plan_visit
from shouwen.followup.models import Cursor, Visit
from shouwen.followup.queries import coverage, sample
from shouwen.notify.models import OutboxMessage
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.followup.conftest import FINISHED, NEXT_DAY, OPENED, S0, S2, S3, Desk
from tests.moments import moment

clause = pytest.mark.clause
RUDE = "投诉保安态度差"
PLANNED, NOT_DRAWN = Visit.State.PLANNED, Visit.State.NOT_DRAWN
CANCELLED, DONE = Visit.State.CANCELLED, Visit.State.DONE


def names(visit: Visit) -> list[str]:
    return sorted(person.name for person in visit.visitors.all())


def told(visit: Visit) -> set[str]:
    messages = OutboxMessage.objects.filter(url=f"/visits/{visit.pk}")
    return {message.staff.name for message in messages.select_related("staff")}


# --- When and by whom -----------------------------------------------------------------------------


@clause("S0-3.1-11")
def test_when_work_is_done_a_clerk_who_did_not_do_it_is_asked_to_visit(desk: Desk) -> None:
    desk.adopts(S0)
    visit = desk.visit(desk.finished("想问物业费怎么交", kind="inquiry"))
    assert (visit.state, names(visit), told(visit)) == (PLANNED, ["李敏"], {"李敏"})
    assert visit.due_at == moment("2026-11-25 00:00", "周三")


def test_the_promise_on_the_case_and_the_visit_say_the_same_times(desk: Desk) -> None:
    case = desk.finished(RUDE, kind="complaint")
    visit = desk.visit(case, "complaint-visit")
    promise = case.commitments.get(rule="visit:complaint-visit")
    assert (promise.due_at, promise.started_at) == (visit.due_at, visit.after_at)


@pytest.mark.peers("T25")
def test_who_settled_it_at_the_desk_is_not_the_one_who_asks(desk: Desk, cast: Cast) -> None:
    case = desk.finishes(desk.registers("投诉电话没人接", kind="complaint"), who=cast.limin)
    assert names(desk.visit(case, "complaint-visit")) == ["王芳"]


def test_who_is_away_is_not_sent(desk: Desk, cast: Cast) -> None:
    record_absence(
        staff=cast.limin, starts_at=OPENED, ends_at=FINISHED + timedelta(days=5), deputy=None
    )  # fmt: skip
    case = desk.finished(RUDE, kind="complaint")
    assert names(desk.visit(case, "complaint-visit")) == ["王芳"]


def test_an_engineer_who_stands_in_for_a_clerk_is_not_sent_to_ask_about_repairs(
    desk: Desk, cast: Cast
) -> None:
    for person in (cast.limin, cast.wangfang):
        record_absence(
            staff=person, starts_at=OPENED, ends_at=FINISHED + timedelta(days=5),
            deputy=cast.hewei,
        )  # fmt: skip
    case = desk.finished(RUDE, kind="complaint")
    assert names(desk.visit(case, "complaint-visit")) == ["孙丽"]


@clause("S2-A18-1a", "S2-A18-1d", "S2-A15-24")
def test_a_major_complaint_is_visited_by_the_manager_within_three_days(desk: Desk) -> None:
    desk.adopts(S2)
    case = desk.finished("投诉电梯困人", kind="complaint", grade="major")
    visit = desk.visits(case)["visit-major-complaint"]
    assert names(visit) == ["周敏"]
    assert visit.due_at == moment("2026-11-23 00:00", "周一")


@clause("S2-A18-1a")
def test_another_visits_for_a_major_complaint_only_when_the_manager_sends_him(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    case = desk.finished("投诉电梯困人", kind="complaint", grade="major")
    visit = desk.visits(case)["visit-major-complaint"]
    said: dict[str, Any] = {"mode": "meet", "scores": FIVE, "no_signature": "不便签名"}
    with pytest.raises(Refused, match="制度规定的回访人不在其中"):
        desk.asks(visit, by=cast.wangfang, **said)
    with pytest.raises(Refused, match="制度规定的回访人不在其中"):
        choose_visitor(visit=visit, people=[cast.wangfang], by=desk.of(cast.sunli), at=NEXT_DAY)
    choose_visitor(visit=visit, people=[cast.wangfang], by=desk.of(cast.zhoumin), at=NEXT_DAY)
    assert desk.asks(visit, by=cast.wangfang, **said).state == DONE
    assert "王芳" in told(visit)


FIVE: dict[str, Any] = {
    "quality": "5", "effect": "5", "satisfaction": "5", "shortcomings": "无", "suggestions": "无",
}  # fmt: skip


@clause("S2-A18-1b")
def test_a_general_complaint_is_visited_by_the_head_of_the_department_and_a_clerk_together(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    case = desk.finished("投诉维修态度差", kind="complaint")
    visit = desk.visits(case)["visit-general-complaint"]
    assert names(visit) == ["刘强", "李敏"]
    said: dict[str, Any] = {"mode": "meet", "scores": FIVE, "no_signature": "不便签名"}
    with pytest.raises(Refused, match="2 人共同"):
        desk.asks(visit, visitors=[cast.liuqiang], **said)
    with pytest.raises(Refused, match="制度规定的回访人不在其中"):
        desk.asks(visit, visitors=[cast.limin, cast.wangfang], **said)
    assert desk.asks(visit, visitors=[cast.wangfang, cast.liuqiang], **said).state == DONE


@clause("S2-A14-10")
def test_after_a_complaint_those_who_handled_it_call_at_home_within_a_week(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    visit = desk.visits(desk.finished("投诉维修态度差", kind="complaint"))["home-visit-by-handlers"]
    assert names(visit) == ["陈建国"]
    assert visit.due_at == moment("2026-11-27 00:00", "周五")
    scores: dict[str, Any] = {"satisfaction": "5"}
    with pytest.raises(Refused, match="上门"):
        desk.asks(visit, visitors=[cast.chenjianguo], mode="phone", scores=scores)
    with pytest.raises(Refused, match="制度规定的回访人不在其中"):
        desk.asks(visit, visitors=[cast.wangfang], mode="home", scores=scores)
    desk.asks(visit, visitors=[cast.chenjianguo], mode="home", scores=scores)


@clause("S2-A18-2a", "S2-A18-2c")
def test_an_engineering_repair_is_visited_by_a_clerk_between_one_and_two_months_later(
    desk: Desk, drawn: Callable[..., Case]
) -> None:
    desk.adopts(S2)
    visit = desk.visit(drawn(origin="engineering"), "visit-engineering-repair")
    assert names(visit) == ["李敏"]
    assert visit.not_before == moment("2026-12-19 00:00")
    assert visit.due_at == moment("2027-01-19 16:30")
    said: dict[str, Any] = {"mode": "site", "scores": FIVE, "no_signature": "不便签名"}
    with pytest.raises(Refused, match="在此之前的回访不算数"):
        desk.asks(visit, at=moment("2026-12-18 17:00"), **said)
    desk.asks(visit, at=moment("2026-12-19 09:00"), **said)


@clause("S2-A18-3a", "S2-A18-3b", "S2-RP-14")
def test_every_repair_is_visited_in_three_days_and_a_sample_of_them_in_person(
    desk: Desk, drawn: Callable[..., Case]
) -> None:
    desk.adopts(S2)
    visits = desk.visits(drawn(origin="daily"))
    sampled, every = visits["visit-resident-repair"], visits["visit-every-repair"]
    assert sampled.due_at == every.due_at == moment("2026-11-23 00:00", "周一")
    assert names(sampled) == ["李敏"]
    assert names(every) == ["高飞"]


@clause("S2-A18-4a", "S2-A18-4b")
def test_whoever_was_given_first_aid_is_visited_by_a_clerk_within_a_week(desk: Desk) -> None:
    desk.adopts(S2)
    visit = desk.visit(desk.finished("老人在花园晕倒", kind="emergency-aid"))
    assert names(visit) == ["李敏"]
    assert visit.due_at == moment("2026-11-27 00:00", "周五")


@clause("S2-A18-5a", "S2-A18-5c")
def test_after_an_activity_the_director_sends_whom_he_likes_within_a_month(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    visits = [desk.visit(desk.finished(f"重阳节活动 {n}", kind="activity")) for n in range(12)]
    visit = next(v for v in visits if v.state == PLANNED)
    assert names(visit) == ["孙丽"]
    assert visit.due_at == moment("2026-12-19 16:30")
    choose_visitor(visit=visit, people=[cast.wuqiang], by=desk.of(cast.sunli), at=NEXT_DAY)
    assert names(visit) == ["吴强"]


def test_every_finished_matter_is_rated_under_the_complaint_procedure(desk: Desk) -> None:
    desk.adopts(S3)
    visit = desk.visit(desk.finished("投诉维修态度差", kind="complaint"), "rating-asked")
    assert names(visit) == ["李敏"]


@clause("S4-4.4.1c-8", "S4-4.4.2b-11", "S4-4.4.3d-1")
@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("complaint", "complaint-visit"),
        ("repair", "repair-visit"),
        ("special-service", "special-service-visit"),
    ],
)
def test_complaints_repairs_and_services_are_visited_within_three_working_days(
    desk: Desk, kind: str, rule: str
) -> None:
    """Friday, Monday, Tuesday: until the end of Tuesday."""
    visit = desk.visit(desk.finished("请处理一下", kind=kind), rule)
    assert visit.due_at == moment("2026-11-25 00:00", "周三")
    assert visit.rate == (0.3 if kind == "repair" else 1)


def test_a_complaint_passed_down_to_the_project_is_visited_by_its_manager(desk: Desk) -> None:
    case = desk.finishes(desk.sends_to(desk.registers(RUDE, kind="complaint"), "project"))
    assert names(desk.visit(case)) == ["周敏"]


@clause("S4-4.4.1c-4")
def test_a_complaint_of_the_hotline_is_visited_a_second_time_by_the_company(desk: Desk) -> None:
    case = desk.registers(RUDE, kind="complaint", source="hotline-400")
    visits = desk.visits(desk.finishes(desk.sends_to(case, "company")))
    assert names(visits["complaint-visit"]) == ["李敏"]
    assert names(visits["complaint-visit-400"]) == ["郑洁"]


# --- Following the journal ------------------------------------------------------------------------


def test_reading_on_plans_once_however_often_it_is_done(desk: Desk) -> None:
    case = desk.finished(RUDE, kind="complaint")
    for _ in range(3):
        follow(at=FINISHED)
    Cursor.objects.update(last=0)
    follow(at=FINISHED)
    assert case.visits.count() == 1
    assert OutboxMessage.objects.filter(url__startswith="/visits/").count() == 1


def test_a_matter_not_yet_done_is_not_visited(desk: Desk) -> None:
    case = desk.registers(RUDE, kind="complaint")
    assert desk.visits(case) == {}


def reopened(desk: Desk, case: Case) -> None:
    reopen(
        case=case, by=desk.of(desk.cast.limin), at=NEXT_DAY, reason="又漏了", channel="phone"
    )  # fmt: skip


def not_verified(desk: Desk, case: Case) -> None:
    verify(case=case, by=desk.of(desk.cast.sunli), at=NEXT_DAY, ok=False, opinion="没修好")


def reclassed(desk: Desk, case: Case) -> None:
    classify(case=case, by=desk.of(desk.cast.limin), at=NEXT_DAY, facts={"kind": "inquiry"})


@pytest.mark.parametrize("change", [reopened, not_verified, reclassed])
def test_a_visit_is_called_off_when_the_work_is_taken_up_again(
    desk: Desk, change: Callable[[Desk, Case], Any]
) -> None:
    case = desk.finished(RUDE, kind="complaint")
    visit = desk.visit(case, "complaint-visit")
    change(desk, case)
    follow(at=NEXT_DAY)
    visit.refresh_from_db()
    assert visit.state == CANCELLED
    assert not case.commitments.filter(rule="visit:complaint-visit", outcome="").exists()
    with pytest.raises(Refused, match="不再回访"):
        desk.asks(visit)


def test_a_visit_is_called_off_with_a_case_that_is_voided(desk: Desk, cast: Cast) -> None:
    case = desk.finished(RUDE, kind="complaint")
    visit = desk.visit(case, "complaint-visit")
    request_void(case=case, by=desk.of(cast.limin), at=NEXT_DAY, reason="登记错了")
    decide_void(case=case, by=desk.of(cast.sunli), at=NEXT_DAY, approve=True)
    follow(at=NEXT_DAY)
    visit.refresh_from_db()
    assert visit.state == CANCELLED


def test_work_done_again_after_it_did_not_stand_is_visited_with_new_times(
    desk: Desk, cast: Cast
) -> None:
    case = desk.finished(RUDE, kind="complaint")
    first = desk.visit(case, "complaint-visit").due_at
    not_verified(desk, case)
    later = moment("2026-11-23 09:00", "周一")
    report_done(case=case, by=desk.of(cast.chenjianguo, later), at=later, text="重做了")
    visit = desk.visit(case, "complaint-visit", at=later)
    promise = case.commitments.get(rule="visit:complaint-visit", outcome="")
    assert visit.state == PLANNED
    assert visit.due_at == promise.due_at
    assert visit.due_at > first


def test_who_reads_late_plans_nothing_that_is_over(desk: Desk) -> None:
    """The worker was down: the case was done, reopened and done again before it read."""
    case = desk.finished(RUDE, kind="complaint")
    reopened(desk, case)
    desk.finishes(case, at=NEXT_DAY)
    follow(at=NEXT_DAY)
    assert [(v.round, v.state) for v in case.visits.all()] == [(2, PLANNED)]


# --- The draw -------------------------------------------------------------------------------------


def test_anybody_can_compute_again_who_was_drawn_and_nobody_can_choose(desk: Desk) -> None:
    for number in range(30):
        desk.finished(f"水龙头滴水 {number}", kind="repair")
    follow(at=FINISHED)
    visits = Visit.objects.filter(rule="repair-visit").select_related("case")
    assert len(visits) == 30
    for visit in visits:
        text = f"{visit.case.number}|repair-visit|1"
        lot = int(hashlib.sha256(text.encode()).hexdigest()[:14], 16) / 16**14
        assert visit.state == (PLANNED if lot < 0.30 else NOT_DRAWN)
        promised = visit.case.commitments.filter(rule="visit:repair-visit").exists()
        assert promised == (visit.state == PLANNED)


@pytest.mark.parametrize(
    ("origin", "rule"),
    [
        pytest.param("engineering", "visit-engineering-repair", marks=clause("S2-A18-2b")),
        pytest.param("daily", "visit-resident-repair", marks=clause("S2-A18-3c")),
    ],
)
def test_more_are_drawn_lowest_lot_first_until_thirty_in_a_hundred_can_be_reached(
    desk: Desk, cast: Cast, origin: str, rule: str
) -> None:
    desk.adopts(S2)
    every = Visit.objects.filter(rule=rule)
    row = None
    while row is None or not row.missing_draws:  # the lot falls on 30 in 100 only on average
        desk.finished(f"水龙头滴水 {every.count()}", kind="repair", origin=origin)
        follow(at=FINISHED)
        [row] = coverage(every, OPENED, NEXT_DAY, NEXT_DAY)
    added = draw_more(
        visits=sample(every, rule), needed=row.missing_draws, by=desk.of(cast.sunli), at=NEXT_DAY
    )
    assert max(v.draw for v in added) < min(v.draw for v in every.filter(state=NOT_DRAWN))
    [after] = coverage(every, OPENED, NEXT_DAY, NEXT_DAY)
    assert after.drawn / after.finished >= 0.3
    assert (after.missing_draws, after.drawn) == (0, row.drawn + len(added))


def test_who_is_drawn_later_is_promised_like_the_others_and_counts_from_the_work(
    desk: Desk, cast: Cast, drawn: Callable[..., Case]
) -> None:
    case = drawn(wanted=False)
    visit = desk.visit(case, "repair-visit")
    with pytest.raises(Refused, match="没有抽中"):
        desk.asks(visit)
    plan_visit(visit=visit, by=desk.of(cast.sunli), at=NEXT_DAY)
    visit.refresh_from_db()
    promise = case.commitments.get(rule="visit:repair-visit")
    assert (visit.state, visit.topped_up, visit.form_number != "") == (PLANNED, True, True)
    assert promise.due_at == visit.due_at == moment("2026-11-25 00:00", "周三")
    desk.asks(visit)
    promise.refresh_from_db()
    assert promise.outcome == "met"


def test_who_may_not_assign_may_not_draw(
    desk: Desk, cast: Cast, drawn: Callable[..., Case]
) -> None:
    visit = desk.visit(drawn(wanted=False), "repair-visit")
    with pytest.raises(Refused, match="没有这项权限"):
        draw_more(visits=[visit], needed=1, by=desk.of(cast.limin), at=NEXT_DAY)


@clause("S2-A18-5b")
def test_after_an_activity_no_more_than_sixty_in_a_hundred_are_drawn(
    desk: Desk, cast: Cast
) -> None:
    desk.adopts(S2)
    for number in range(20):
        desk.finished(f"重阳节活动 {number}", kind="activity")
    follow(at=FINISHED)
    visits = sample(Visit.objects.all(), "visit-activity")
    assert all((v.state == PLANNED) == (v.draw < 0.3) for v in visits)
    drawn = sum(v.state == PLANNED for v in visits)
    with pytest.raises(Refused, match="最多抽 60%"):
        draw_more(visits=visits, needed=13 - drawn, by=desk.of(cast.sunli), at=NEXT_DAY)
    assert Visit.objects.filter(state=PLANNED).count() == drawn
    draw_more(visits=visits, needed=12 - drawn, by=desk.of(cast.sunli), at=NEXT_DAY)
    assert Visit.objects.filter(state=PLANNED).count() == 12


@clause("S2-A18-6a")
def test_each_visit_that_is_given_out_has_a_record_form_with_its_own_number(desk: Desk) -> None:
    desk.adopts(S2)
    visits = desk.visits(desk.finished("投诉维修态度差", kind="complaint"))
    numbers = {visit.form_number for visit in visits.values()}
    assert numbers == {"H-CH-261119-001", "H-CH-261119-002"}
