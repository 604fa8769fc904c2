"""The measures of the five regulations, each by what people do."""

from typing import Any

import pytest

from shouwen.cases.actions import contacting, dispatching
from shouwen.cases.models import Case
from shouwen.figures.queries import behind, figure_by
from shouwen.followup.actions.recording import Said
from shouwen.followup.models import Visit
from tests.figures.conftest import NOVEMBER, Desk
from tests.moments import moment

S0, S1, S2, S3 = (
    "first-contact", "developer-aftersales", "service-centre", "complaint-procedure",
)  # fmt: skip
MONTH_OVER = moment("2026-12-01 09:00", "周二")


def asked(desk: Desk, case: Case, result: str = "satisfied", **said: Any) -> None:
    """Every visit that is due, the next day."""
    desk.later(days=1)
    desk.counts()
    due = Visit.objects.filter(case=case, state="planned", not_before__lte=desk.now)
    for visit in due.order_by("pk")[:1]:
        opinion = "" if result == "satisfied" else "还是不行"
        desk.visits(case, visit.rule, result=result, opinion=opinion, **said)


# --- 客户沟通管理规定 -----------------------------------------------------------------------------


@pytest.mark.clause("S4-4.3.5-5")
def test_repairs_contacted_within_the_hour_are_counted_of_all_repairs(desk: Desk) -> None:
    for minutes in (20, 90):
        case = desk.registers("repair")
        desk.later(minutes=minutes)
        contacting.contact_customer(case=case, text="已约上门", **desk.acts("csr"))
    desk.counts()
    assert desk.sums("repair-response-on-time") == (1, 1, 0, 0)


@pytest.mark.clause("S4-4.3.5-6")
def test_small_repairs_are_shown_beside_all_repairs(desk: Desk) -> None:
    desk.closes(desk.ends(desk.registers("repair", repair_class="small")))
    desk.registers("repair", repair_class="medium")
    desk.counts()
    desk.now = MONTH_OVER
    assert desk.sums("repair-closed") == (1, 1, 0, 0)
    assert desk.sums("repair-closed-small") == (1, 0, 0, 0)


@pytest.mark.clause("S4-4.3.5-7", "S4-4.3.5-8")
def test_repairs_that_were_not_drawn_are_neither_visited_nor_satisfied(desk: Desk) -> None:
    cases = [desk.ends(desk.registers("repair")) for _ in range(2)]
    desk.later(days=1)
    desk.visits(cases[0], "repair-visit")
    desk.now = MONTH_OVER
    desk.counts()
    assert desk.sums("repair-visited") == (1, 1, 0, 0)
    assert desk.sums("repair-satisfied") == (1, 1, 0, 0)
    assert desk.sums("repair-satisfied-of-rated") == (1, 0, 0, 0)
    assert desk.figure("repair-visited").figure.is_met
    assert desk.figure("repair-satisfied").figure.gap == 1


@pytest.mark.clause("S4-4.3.5-9")
def test_special_services_are_counted_by_visits(desk: Desk) -> None:
    case = desk.ends(desk.registers("special-service"))
    asked(desk, case)
    desk.registers("special-service")
    desk.counts()
    assert desk.sums("special-service-visited") == (1, 0, 1, 0)


@pytest.mark.clause("S4-4.4.5b-6")
def test_what_a_visit_brought_counts_in_the_month_like_everything_else(desk: Desk) -> None:
    desk.registers("complaint", source="visit", told={"heard_by": "李敏"})
    desk.registers("complaint")
    desk.counts()
    assert desk.figure("collected-by-visits").figure.words == "1"
    assert desk.figure("complaint-closed").figure.counts.listed == 2


# --- 客户投诉处理工作规程 -------------------------------------------------------------------------


@pytest.mark.clause("S3-4.5-3b", "S3-4.5-1c")
def test_complaints_and_repairs_done_in_their_promised_time_by_department(desk: Desk) -> None:
    desk.adopts(S3)
    late = desk.registers()
    desk.later(days=4)
    desk.works(late)
    desk.works(desk.registers("repair"))
    desk.counts()
    assert desk.sums("handled-in-time", S3) == (1, 1, 0, 0)
    key = f"{S3}/handled-in-time"
    lines = figure_by(desk.cast.cuihu, NOVEMBER, key, "department", desk.now)
    assert [(line.label, line.figure.words) for line in lines] == [("工程部", "50%")]
    rows = behind(desk.cast.cuihu, NOVEMBER, key, desk.now, "miss")
    assert [row.label for row in rows] == [late.number]


@pytest.mark.clause("S3-1-1")
def test_in_time_right_and_reasonable_are_three_marks_of_each_closed_complaint(desk: Desk) -> None:
    desk.adopts(S3)
    straight, passed_on = desk.registers(), desk.registers()
    desk.completes(passed_on, "dispatched")
    desk.dispatches(passed_on)
    acts = desk.acts("repair_head")
    first, to = desk.cast.department("engineering"), desk.cast.department("environment")
    dispatching.refuse(case=passed_on, department=first, reason="不归我们", **acts)
    dispatching.rule(
        case=passed_on, department=first, refusal_stands=True, to=to, reason="归环境部",
        **desk.acts("project_manager"),
    )  # fmt: skip
    desk.completes(passed_on, "done")
    desk.does(passed_on)
    desk.feeds_back(passed_on)
    desk.completes(passed_on, "closed")
    desk.ends(straight)
    for case in (straight, passed_on):
        asked(desk, case)
        desk.closes(case)
    desk.counts()
    marks = ("handled-in-time", "routed-rightly", "settled-reasonably")
    assert [desk.sums(mark, S3) for mark in marks] == [(2, 0, 0, 0), (1, 1, 0, 0), (2, 0, 0, 0)]


# --- 服务中心制度 ---------------------------------------------------------------------------------


@pytest.mark.clause("S2-P-3", "S2-STD3-3")
def test_what_is_done_after_its_promise_is_counted_as_failed_by_person(desk: Desk) -> None:
    desk.adopts(S2)
    desk.registers()
    desk.later(days=9)
    desk.counts()
    key = f"{S2}/tasks-in-time"
    missed = behind(desk.cast.cuihu, NOVEMBER, key, desk.now, "miss")
    assert missed.exists()
    assert all(row.record.startswith("promise:") for row in missed)
    lines = figure_by(desk.cast.cuihu, NOVEMBER, key, "staff", desk.now)
    assert "李敏" in {line.label for line in lines}


@pytest.mark.clause("S2-P-4")
def test_the_effect_is_how_many_are_satisfied_and_how_many_were_settled_at_once(
    desk: Desk,
) -> None:
    desk.adopts(S2)
    first, second = desk.ends(desk.registers()), desk.ends(desk.registers())
    asked(desk, first)
    asked(desk, second, "unsatisfied")
    desk.ends(second)
    desk.counts()
    assert desk.sums("effect-satisfied", S2) == (1, 1, 0, 0)
    assert desk.sums("effect-once", S2) == (1, 1, 0, 0)


@pytest.mark.clause("S2-HF1-4c", "S2-HF1-4e", "S2-A17-8b")
def test_everything_raised_in_a_visit_is_answered_or_stands_on_the_list(desk: Desk) -> None:
    desk.adopts(S2)
    case = desk.ends(desk.registers())
    asked(desk, case, items=(Said("希望多打扫"), Said("门禁坏了吗", answer="已换新")))
    desk.counts()
    assert desk.sums("visit-issues-handled", S2) == (1, 0, 1, 0)
    desk.now = MONTH_OVER
    assert desk.sums("visit-issues-handled", S2) == (1, 1, 0, 0)
    rows = behind(desk.cast.cuihu, NOVEMBER, f"{S2}/visit-issues-handled", desk.now, "miss")
    assert [row.label for row in rows] == [f"{case.number} 希望多打扫"]


@pytest.mark.clause("S2-HF1-4d")
def test_the_rate_of_complaints_divides_by_the_homes_of_the_project(desk: Desk) -> None:
    desk.adopts(S2)
    desk.registers()
    desk.counts()
    figure = desk.figure("complaint-rate", S2).figure
    assert (figure.counts.hit, figure.counts.n) == (1, desk.cast.cuihu.units.count())
    assert (figure.words, figure.is_met) == ("0.9%", True)


# --- 首问责任制、售后服务 -------------------------------------------------------------------------


@pytest.mark.clause("S0-1-3", "S0-3.3.2-3", "S1-3.1-1")
def test_satisfaction_and_promises_kept_are_the_headline_of_a_service_office(desk: Desk) -> None:
    desk.adopts(S0, S1)
    case = desk.registers()
    desk.later(minutes=10)
    desk.ends(case, leave=[])
    asked(desk, case)
    desk.counts()
    assert desk.sums("overall-satisfied", S0) == (1, 0, 0, 0)
    assert desk.sums("aftersales-satisfied", S1) == (1, 0, 0, 0)
    kept = desk.figure("promises-kept", S0).figure.counts
    assert kept.hit > 0


@pytest.mark.peers("T15")
def test_a_score_is_the_true_mean_of_all_that_were_given_with_their_number(desk: Desk) -> None:
    desk.adopts(S3)
    for attitude in ("5", "5", "2"):
        scores = {"quality": "4", "attitude": attitude}
        desk.visits(desk.works(desk.registers()), "rating-asked", scores=scores)
    unasked = desk.works(desk.registers())
    desk.counts()
    score = desk.figure("attitude-score", S3).figure
    assert (score.words, score.counts.n) == ("4.00", 3)
    key = f"{S3}/attitude-score"
    (line,) = figure_by(desk.cast.cuihu, NOVEMBER, key, "staff", desk.now)
    assert (line.figure.words, line.figure.counts.n) == ("4.00", 3)
    rows = behind(desk.cast.cuihu, NOVEMBER, key, desk.now)
    assert sorted(row.score or 0 for row in rows) == [2, 5, 5]
    assert unasked not in {row.case for row in rows}
