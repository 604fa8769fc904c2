"""What the program finds in the journal by itself, once, and says why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import reopen
from shouwen.followup.models import Cursor
from shouwen.learning.actions import correcting
from shouwen.learning.actions.detecting import FRESH, learn
from shouwen.learning.models import ArchiveFile, Correction
from shouwen.notify.models import OutboxMessage
from tests.learning.conftest import FINISHED, NEXT_DAY, OPENED, S2, School
from tests.moments import moment
from tests.repairs.conftest import Shop

clause = pytest.mark.clause
NOISE = "楼上深夜装修电钻噪音太大"


@clause("S2-A18-8b")
def test_the_second_complaint_of_the_same_matter_by_the_same_home_is_brought_up(
    school: School,
) -> None:
    school.adopts(S2)
    first = school.complains(NOISE, at=moment("2026-10-12 09:00", "周一"))
    assert school.learns(OPENED) == []
    second = school.complains("楼上装修噪音又来了，深夜还在打电钻")
    (correction,) = school.learns()
    assert correction.trigger == Correction.Trigger.COMPLAINTS
    assert set(correction.cases.all()) == {first, second}
    assert correction.clause == "第十八条"
    assert "投诉 2 次" in correction.problem
    assert "装修" in correction.problem
    assert correction.found_by is None
    told = OutboxMessage.objects.get(event__startswith=f"correction:{correction.pk}")
    assert told.staff == school.cast.sunli


def test_another_matter_of_the_same_home_is_no_repetition(school: School) -> None:
    school.complains(NOISE)
    school.complains("保安态度恶劣", at=OPENED + timedelta(hours=1))
    assert school.learns() == []


def test_a_third_complaint_joins_the_correction_that_runs(school: School) -> None:
    for n in range(2):
        school.complains(NOISE, at=OPENED + timedelta(minutes=n))
    (correction,) = school.learns()
    third = school.complains(NOISE, at=OPENED + timedelta(hours=1))
    assert school.learns() == [correction]
    assert third in correction.cases.all()
    assert correction.steps.filter(what="joined").count() == 1


def test_after_it_was_decided_the_same_again_is_brought_up_anew(school: School) -> None:
    for n in range(2):
        school.complains(NOISE, at=OPENED + timedelta(minutes=n))
    (correction,) = school.learns()
    by = school.of(school.cast.sunli)
    correcting.dismiss(correction=correction, text="已和装修户谈妥", by=by, at=NEXT_DAY)
    school.complains(NOISE, at=OPENED + timedelta(hours=1))
    assert len(school.learns()) == 2


def test_a_complaint_classed_anew_after_the_decision_brings_up_nothing_again(
    school: School,
) -> None:
    cases = [school.complains(NOISE, at=OPENED + timedelta(minutes=n)) for n in range(2)]
    (correction,) = school.learns()
    by = school.of(school.cast.sunli)
    correcting.dismiss(correction=correction, text="已谈妥", by=by, at=NEXT_DAY)
    for case in cases:
        classify(case=case, facts={"business": "vehicle"}, by=by, at=NEXT_DAY, reason="核对")
    assert school.learns() == [correction]


@clause("S2-A18-8b")
def test_the_third_repair_of_the_same_kind_is_brought_up(shop: Shop, school: School) -> None:
    shop.adopts(S2)
    orders = [shop.issues(part="plumbing") for _ in range(2)]
    assert school.learns() == []
    orders.append(shop.issues(part="plumbing"))
    (correction,) = school.learns()
    assert correction.trigger == Correction.Trigger.REPAIRS
    assert all(order.number in correction.problem for order in orders)
    assert set(correction.cases.all()) == {order.case for order in orders}


@clause("S2-A18-8b")
def test_a_visit_that_found_the_customer_dissatisfied_is_brought_up(school: School) -> None:
    school.adopts(S2)
    case = school.finished("投诉保安态度差", kind="complaint")
    visit = school.visits(case)["visit-general-complaint"]
    pair = list(visit.visitors.all())
    marks = {"quality": "2", "effect": "2", "satisfaction": "1", "shortcomings": "无人道歉"}
    school.asks(
        visit, "unsatisfied", by=pair[0], visitors=pair, opinion="没人道歉", mode="meet",
        no_signature="住户不愿签", scores={**marks, "suggestions": "道歉"},
    )  # fmt: skip
    (correction,) = school.learns()
    assert correction.trigger == Correction.Trigger.VISIT
    assert "没人道歉" in correction.problem


def test_who_is_partly_satisfied_brings_up_nothing(school: School) -> None:
    case = school.finished("投诉保安态度差", kind="complaint")
    school.asks(school.visit(case, "complaint-visit"), "partly", opinion="还差一点")
    assert school.learns() == []


def test_the_journal_read_again_brings_up_nothing_twice(school: School) -> None:
    for n in range(2):
        school.complains(NOISE, at=OPENED + timedelta(minutes=n))
    school.learns()
    Cursor.objects.filter(name="learning").update(last=0)
    assert len(school.learns()) == 1
    assert Correction.objects.get().steps.count() == 1


def test_history_is_on_record_and_asks_nobody_to_act(school: School) -> None:
    for n in range(2):
        school.complains(NOISE, at=OPENED + timedelta(minutes=n))
    assert school.learns(OPENED + FRESH + timedelta(hours=1)) == []
    assert learn(at=NEXT_DAY) == 0


# --- The archive ----------------------------------------------------------------------------------


@clause("S1-4.2-7", "S1-1.2-6a")
def test_a_closed_complaint_stands_in_the_archive_of_its_stage_until_its_time_is_over(
    school: School,
) -> None:
    case = school.archived()
    file = ArchiveFile.objects.get(case=case)
    assert (file.stage, file.stage_name) == ("handover", "交楼")
    assert file.archived_at == FINISHED
    assert f"{file.keep_until}" == "2031-11-19"
    assert file.number.startswith("DA-CH-")


def test_a_complaint_that_is_opened_again_leaves_the_archive_and_keeps_its_number(
    school: School,
) -> None:
    case = school.archived()
    number = ArchiveFile.objects.get(case=case).number
    by = school.of(school.cast.limin)
    reopen(case=case, by=by, at=NEXT_DAY, reason="又裂开了", channel="phone")
    school.learns()
    file = ArchiveFile.objects.get(case=case)
    assert (file.archived_at, file.keep_until, file.number) == (None, None, number)


def test_a_question_is_no_complaint_and_is_not_archived_as_one(school: School) -> None:
    school.closes(school.feeds_back(school.finished("问停车费怎么交", kind="inquiry")))
    school.learns()
    assert not ArchiveFile.objects.exists()
