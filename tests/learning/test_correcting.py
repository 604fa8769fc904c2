"""Corrections from review to the look at their effect, and who hears of what is late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.learning.actions.ringing import ring_corrections
from shouwen.learning.models import Correction
from shouwen.notify.models import OutboxMessage
from shouwen.rules.corrections import CHECK_AFTER, FOLLOWS
from tests.learning.conftest import DUE, NEXT_DAY, OPENED, PLAN, S2, School, refused

clause = pytest.mark.clause
LATER = DUE + timedelta(days=40)


@clause("S2-A18-8c")
def test_the_supervisor_reviews_in_writing_before_the_director_acts(school: School) -> None:
    school.adopts(S2)
    for n in range(2):
        school.complains("楼上深夜装修噪音", at=OPENED + timedelta(minutes=n))
    (correction,) = school.learns()
    with refused("not-reviewed"):
        school.opened(correction)
    school.acts("review", correction, school.cast.sunli, text="属实，建议立项")
    with refused("same-person"):
        school.acts(
            "open_correction", correction, school.cast.sunli, owner=school.cast.wuqiang, due=DUE
        )
    school.opened(correction)
    assert correction.state == Correction.State.RUNNING
    assert correction.reviewed_by == school.cast.sunli


@clause("S2-A18-8d")
def test_a_correction_runs_from_cause_and_prevention_to_the_look_at_its_effect(
    school: School,
) -> None:
    """Its cases say in their own journals when it began and how it ended."""
    school.adopts(S2)
    cases = [
        school.complains("楼上深夜装修噪音", at=OPENED + timedelta(minutes=n)) for n in range(2)
    ]
    (correction,) = school.learns()
    school.acts("review", correction, school.cast.sunli, text="属实")
    school.opened(correction)
    with refused("no-plan"):
        school.acts("finish", correction, school.cast.wuqiang, text="好了")
    school.acts("plan", correction, school.cast.wuqiang, **PLAN)
    school.acts("finish", correction, school.cast.wuqiang, text="已加派")
    school.acts("verify", correction, school.cast.sunli, ok=True, text="现场看过，属实")
    assert correction.check_due_at == NEXT_DAY + timedelta(hours=1) + CHECK_AFTER
    school.acts("check", correction, school.cast.zhoumin, effective=True, text="一月内无投诉")
    assert correction.state == Correction.State.CLOSED
    assert correction.ring_at is None
    for case in cases:
        verbs = list(case.journal.values_list("verb", flat=True))
        assert verbs[-2:] == ["correction-opened", "correction-closed"]
    words = list(correction.steps.values_list("what", flat=True))
    assert words == [
        "proposed", "reviewed", "opened", "planned", "finished", "verified", "effective",
    ]  # fmt: skip


@clause("S3-4.5-4c")
def test_what_is_overdue_climbs_and_each_step_rings_once(school: School) -> None:
    correction = school.opened()
    climbed = {
        DUE - timedelta(days=1): {"吴强"},
        DUE: {"吴强", "孙丽"},
        DUE + timedelta(days=1): {"周敏"},
        DUE + timedelta(days=3): {"郑洁"},
        DUE + timedelta(days=7): {"赵刚"},
    }
    for moment, names in climbed.items():
        OutboxMessage.objects.all().delete()
        assert ring_corrections(at=moment - timedelta(seconds=1)) == 0
        assert ring_corrections(at=moment) == len(names)
        assert ring_corrections(at=moment) == 0
        assert {message.staff.name for message in OutboxMessage.objects.all()} == names
    assert ring_corrections(at=LATER) == 0
    assert correction.steps.filter(what="rang").count() == 4


def test_a_worker_that_stood_still_rings_every_missed_step_once(school: School) -> None:
    school.opened()
    assert ring_corrections(at=LATER) == 6
    assert ring_corrections(at=LATER) == 0


def test_what_is_done_but_not_verified_still_climbs(school: School) -> None:
    """The time stops when somebody else has seen that it is done."""
    school.finished_correction()
    assert ring_corrections(at=DUE) == 3
    told = {message.staff for message in OutboxMessage.objects.filter(subject__contains="整改超时")}
    assert told == {school.cast.sunli}


def test_the_look_at_the_effect_is_owed_by_who_verified(school: School) -> None:
    correction = school.finished_correction()
    school.acts("verify", correction, school.cast.sunli, ok=True, text="属实", check_due=LATER)
    OutboxMessage.objects.all().delete()
    assert ring_corrections(at=LATER - timedelta(days=1)) == 1
    message = OutboxMessage.objects.get()
    assert (message.staff, message.subject[:6]) == (school.cast.sunli, "检查效果快到")


def test_nobody_verifies_or_judges_his_own_measures(school: School) -> None:
    correction = school.finished_correction()
    with refused("own-measure"):
        school.acts("verify", correction, school.cast.wuqiang, ok=True, text="很好")
    school.acts("verify", correction, school.cast.sunli, ok=True, text="属实")
    with refused("own-measure"):
        school.acts("check", correction, school.cast.wuqiang, effective=True, text="很好")


def test_what_was_not_done_as_written_goes_back_with_the_time_that_it_has(school: School) -> None:
    correction = school.finished_correction()
    school.acts("verify", correction, school.cast.sunli, ok=False, text="昨晚没有巡查记录")
    assert (correction.state, correction.due_at) == (Correction.State.RUNNING, DUE)
    assert correction.cause


def test_what_did_not_help_begins_another_round_with_a_new_cause(school: School) -> None:
    correction = school.finished_correction()
    school.acts("verify", correction, school.cast.sunli, ok=True, text="属实")
    with refused("no-due"):
        school.acts("check", correction, school.cast.zhoumin, effective=False, text="又投诉")
    school.acts("check", correction, school.cast.zhoumin, effective=False, text="又投诉", due=LATER)
    assert (correction.state, correction.round) == (Correction.State.RUNNING, 2)
    assert (correction.cause, correction.due_at) == ("", LATER)
    assert ring_corrections(at=LATER - timedelta(days=1)) == 1


def test_a_time_is_moved_by_who_leads_for_a_reason_and_the_old_one_stays(school: School) -> None:
    correction = school.opened()
    ring_corrections(at=DUE)
    with refused("not-allowed"):
        school.acts("move", correction, school.cast.wuqiang, due=LATER, text="来不及")
    with refused("no-text"):
        school.acts("move", correction, school.cast.zhoumin, due=LATER, text=" ")
    school.acts("move", correction, school.cast.zhoumin, due=LATER, text="等材料")
    assert "2026-11-27 18:00" in correction.steps.get(what="moved").text
    assert ring_corrections(at=LATER - timedelta(days=1)) == 1


def test_every_act_is_refused_where_it_does_not_follow(school: School) -> None:
    correction = school.opened()
    for act in {"review", "open", "dismiss", "verify", "check"} - set(FOLLOWS[correction.state]):
        name = "open_correction" if act == "open" else act
        said = {
            "open": {"owner": school.cast.wuqiang, "due": LATER},
            "verify": {"ok": True, "text": "好"},
            "check": {"effective": True, "text": "好"},
        }.get(act, {"text": "好"})
        with refused(f"{act}-not-now"):
            school.acts(name, correction, school.cast.zhoumin, **said)


@clause("S1-1.2-5")
def test_complaints_of_one_cause_become_one_order_to_put_it_right(school: School) -> None:
    """Cause, measure, owner, time and verification, each with its name."""
    correction = school.finished_correction()
    school.acts("verify", correction, school.cast.sunli, ok=True, text="属实")
    assert correction.trigger == Correction.Trigger.CLUSTER
    assert correction.cause == PLAN["cause"]
    assert (correction.owner, correction.due_at) == (school.cast.wuqiang, DUE)
    assert correction.verified_by == school.cast.sunli


@clause("S3-4.5-4b")
def test_a_swing_of_a_measure_opens_an_order_without_review(school: School) -> None:
    correction = school.opened(school.brought_up("swing", by=school.cast.zhengjie))
    assert correction.state == Correction.State.RUNNING


def test_nobody_answers_who_is_not_of_the_company(school: School) -> None:
    with refused("not-found"):
        school.acts(
            "open_correction", school.brought_up(), school.cast.zhoumin,
            owner=school.cast.jiangnan_manager, due=DUE,
        )  # fmt: skip
