"""Suggestions from the day they are made to the award at the end of the year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.contacting import contact_customer
from shouwen.cases.actions.working import report_up
from shouwen.cases.models import Case
from shouwen.estate.models import Building, Unit
from shouwen.estate.queries import place_of
from shouwen.learning.actions import rolls, suggesting
from shouwen.learning.models import Roll, Suggestion
from shouwen.learning.queries import taken_up
from tests.learning.conftest import FINISHED, NEXT_DAY, OPENED, S2, School, refused
from tests.moments import moment

clause = pytest.mark.clause
NEW_YEAR = moment("2026-12-30 10:00", "周三")
HALL = "一楼大堂、通知栏"


def suggests(school: School, text: str = "建议在大堂加一张长椅", at: datetime = OPENED) -> Case:
    return school.registers(text, at=at, kind="suggestion")


def decided(school: School, decision: str = "planned", **said: str) -> Suggestion:
    case = suggests(school)
    school.learns()
    words = {"plan": "12 月前在三个大堂各放一张长椅", **said}
    return suggesting.decide(
        suggestion=case.suggestion, decision=decision, by=school.of(school.cast.zhoumin),
        at=NEXT_DAY, **words,
    )  # fmt: skip


@clause("S2-A14-4a", "S2-JD-4a")
def test_a_suggestion_is_on_the_register_with_the_time_it_was_told(school: School) -> None:
    school.adopts(S2)
    case = suggests(school)
    school.learns()
    assert Suggestion.objects.get().told_at is None
    by = school.of(school.cast.limin, FINISHED)
    report_up(case=case, by=by, at=FINISHED, question="住户建议加长椅")
    school.learns()
    case.suggestion.refresh_from_db()
    assert (case.suggestion.received_at, case.suggestion.told_at) == (OPENED, FINISHED)
    kept = case.commitments.get(rule="suggestion-before-leaving")
    assert kept.outcome == "met"


@clause("S2-A14-4b")
def test_whatever_is_decided_the_resident_is_to_be_told_by_phone(school: School) -> None:
    """The task stands on the board until he was told."""
    school.adopts(S2)
    suggestion = decided(school, "declined", plan="", reason="大堂通道宽度不够")
    task = suggestion.case.commitments.get(rule="suggestion-answered")
    assert task.outcome == ""
    assert task.holder == school.cast.limin
    by = school.of(school.cast.limin)
    at = NEXT_DAY + timedelta(hours=2)
    contact_customer(case=suggestion.case, by=by, at=at, text="电话说明了理由", channel="phone")
    school.learns(at)
    task.refresh_from_db()
    suggestion.refresh_from_db()
    assert (task.outcome, suggestion.answered_at) == ("met", at)


@clause("S2-JD-4b")
def test_the_director_decides_and_nobody_else(school: School) -> None:
    school.adopts(S2)
    case = suggests(school)
    school.learns()
    with refused("regulation-forbids"):
        suggesting.decide(
            suggestion=case.suggestion, decision="adopted", by=school.of(school.cast.sunli),
            at=NEXT_DAY,
        )  # fmt: skip


@clause("S2-JD-4b")
def test_a_plan_is_put_up_where_everybody_reads_it_until_a_day(school: School) -> None:
    school.adopts(S2)
    suggestion = decided(school)
    by = school.of(school.cast.zhoumin)
    with refused("in-the-past"):
        suggesting.post_plan(
            suggestion=suggestion, where=HALL, until=date(2026, 11, 1), by=by, at=NEXT_DAY
        )
    suggesting.post_plan(
        suggestion=suggestion, where=HALL, until=date(2026, 12, 20), by=by, at=NEXT_DAY
    )
    assert (suggestion.posted_where, suggestion.posted_at) == (HALL, NEXT_DAY)


def test_a_refusal_needs_its_reason_and_a_plan_its_words(school: School) -> None:
    with refused("no-reason"):
        decided(school, "declined", plan="")
    with refused("no-plan"):
        decided(school, "planned", plan="")


def test_what_was_not_taken_up_is_not_put_up(school: School) -> None:
    suggestion = decided(school, "declined", plan="", reason="不安全")
    with refused("no-plan"):
        suggesting.post_plan(
            suggestion=suggestion, where=HALL, by=school.of(school.cast.zhoumin), at=NEXT_DAY
        )


def test_a_case_that_is_classed_otherwise_is_no_suggestion_any_more(school: School) -> None:
    from_desk = suggests(school)
    school.learns()
    by = school.of(school.cast.limin)
    classify(case=from_desk, facts={"kind": "inquiry"}, by=by, at=NEXT_DAY, reason="是问题")
    school.learns()
    assert not Suggestion.objects.exists()


# --- Lists ----------------------------------------------------------------------------------------


@clause("S2-JD-4c")
def test_the_list_of_those_who_love_their_home_comes_from_what_was_taken_up(
    school: School,
) -> None:
    """Approved by another than who drew it up, and put up after that."""
    school.adopts(S2)
    decided(school)
    decided(school, "declined", plan="", reason="没有地方")
    by, director = school.of(school.cast.sunli), school.of(school.cast.zhoumin)
    roll = rolls.draw_up(project=school.cast.cuihu, kind="honour", year=2026, by=by, at=NEXT_DAY)
    (line,) = roll.lines.all()
    assert (line.name, line.suggestions.count()) == ("王女士", 1)
    with refused("not-approved"):
        rolls.post(roll=roll, where=HALL, by=by, at=NEXT_DAY)
    with refused("own-roll"):
        rolls.approve(roll=roll, by=by, at=NEXT_DAY)
    rolls.approve(roll=roll, by=director, at=NEXT_DAY)
    rolls.post(roll=roll, where=HALL, by=by, at=NEXT_DAY)
    assert roll.posted_where == HALL
    with refused("approved-already"):
        rolls.draw_up(project=school.cast.cuihu, kind="honour", year=2026, by=by, at=NEXT_DAY)


def test_two_households_are_two_lines_whatever_their_numbers(school: School) -> None:
    """A home and a nameless case without one may have the same number in their tables."""
    at_home, nameless = decided(school), decided(school)
    home, _ = Unit.objects.get_or_create(
        pk=nameless.case_id,
        defaults={
            **place_of(school.cast.cuihu), "building": Building.objects.all()[0],
            "room": "9", "key": "9", "label": "9室",
        },
    )  # fmt: skip
    Case.objects.filter(pk=at_home.case_id).update(customer_name="", unit=home)
    Case.objects.filter(pk=nameless.case_id).update(customer_name="", customer_phone="", unit=None)
    by = school.of(school.cast.sunli)
    roll = rolls.draw_up(project=school.cast.cuihu, kind="honour", year=2026, by=by, at=NEXT_DAY)
    assert roll.lines.count() == 2


@clause("S2-A14-12b")
def test_at_the_end_of_the_year_awards_are_decided_and_the_residents_told(school: School) -> None:
    """Who had the most taken up stands first."""
    school.adopts(S2)
    decided(school)
    decided(school)
    by, director = school.of(school.cast.sunli), school.of(school.cast.zhoumin)
    roll = rolls.draw_up(project=school.cast.cuihu, kind="award", year=2026, by=by, at=NEW_YEAR)
    (line,) = roll.lines.all()
    assert line.suggestions.count() == 2
    with refused("no-award"):
        rolls.approve(roll=roll, by=director, at=NEW_YEAR)
    rolls.award(line=line, award="减免一个月车位费", by=by, at=NEW_YEAR)
    with refused("not-approved"):
        rolls.told(line=line, by=by, at=NEW_YEAR)
    rolls.approve(roll=roll, by=director, at=NEW_YEAR)
    rolls.told(line=line, by=by, at=NEW_YEAR)
    assert (line.award, line.told_by) == ("减免一个月车位费", school.cast.sunli)


def test_a_list_is_drawn_up_anew_until_it_is_approved(school: School) -> None:
    by = school.of(school.cast.sunli)
    about: dict[str, Any] = {"project": school.cast.cuihu, "kind": "honour", "year": 2026, "by": by}
    rolls.draw_up(**about, at=NEXT_DAY)
    decided(school)
    assert rolls.draw_up(**about, at=NEXT_DAY).lines.count() == 1
    assert Roll.objects.count() == 1
    assert taken_up(school.cast.cuihu, 2025).count() == 0
