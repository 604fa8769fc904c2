"""Verdicts follow what happens to the cases."""

from typing import get_args

import pytest

from shouwen.cases.actions import classifying, closing, contacting, linking, working
from shouwen.cases.models import Case
from shouwen.figures.actions.keeping import keep, rejudge
from shouwen.figures.models import Verdict
from shouwen.figures.queries import By, behind, figure, figure_by, figures
from shouwen.rules.periods import read_period
from tests.figures.conftest import NOVEMBER, S4, Desk
from tests.moments import moment

DECEMBER = moment("2026-12-01 09:00", "周二")


def answered(desk: Desk, *, minutes: int = 20) -> Case:
    case = desk.registers()
    desk.later(minutes=minutes)
    contacting.contact_customer(case=case, text="马上安排", **desk.acts("csr"))
    return case


@pytest.mark.clause("S4-4.3.5-1")
def test_complaints_answered_in_time_are_counted_of_all_complaints(desk: Desk) -> None:
    answered(desk)
    answered(desk, minutes=3 * 60)
    desk.registers()
    desk.registers("repair")
    desk.counts()
    assert desk.sums("complaint-response-on-time") == (1, 1, 1, 0)
    shown = desk.figure("complaint-response-on-time")
    assert (shown.figure.words, shown.figure.measure.target) == ("50%", ">= 95%")


@pytest.mark.clause("S4-4.3.5-2")
def test_a_complaint_that_is_open_when_its_month_is_over_was_not_closed(desk: Desk) -> None:
    desk.closes(desk.ends(desk.registers()))
    desk.registers()
    desk.counts()
    assert desk.sums("complaint-closed") == (1, 0, 1, 0)
    desk.now = DECEMBER
    assert desk.sums("complaint-closed") == (1, 1, 0, 0)


@pytest.mark.clause("S4-4.3.5-3")
def test_a_visit_whose_window_is_open_is_undecided_and_fails_when_it_closes(desk: Desk) -> None:
    asked, waiting = (desk.ends(desk.registers()) for _ in range(2))
    desk.registers()
    desk.later(days=1)
    desk.visits(asked, "complaint-visit")
    desk.counts()
    assert desk.sums("complaint-visited") == (1, 0, 2, 0)
    assert desk.verdict(waiting, "complaint-visited").why == "回访窗口未结束"
    desk.now = DECEMBER
    assert desk.sums("complaint-visited") == (1, 1, 1, 0)


@pytest.mark.clause("S4-4.3.5-4")
def test_who_did_not_say_that_he_is_satisfied_is_not_counted_as_such(desk: Desk) -> None:
    happy, unhappy, unasked = (desk.ends(desk.registers()) for _ in range(3))
    desk.later(days=1)
    desk.visits(happy, "complaint-visit")
    desk.visits(unhappy, "complaint-visit", result="unsatisfied", opinion="没弄好")
    desk.now = DECEMBER
    desk.counts()
    assert desk.sums("complaint-satisfied") == (1, 2, 0, 0)
    assert desk.sums("complaint-satisfied-of-rated") == (1, 1, 0, 0)
    key = f"{S4}/complaint-satisfied"
    missed = behind(desk.cast.cuihu, NOVEMBER, key, desk.now, "miss")
    assert {row.case for row in missed} == {unhappy, unasked}
    beside = desk.figure("complaint-satisfied-of-rated").figure.measure
    assert (beside.beside, beside.product_default) == ("complaint-satisfied", True)


@pytest.mark.peers("T18")
def test_merged_and_voided_complaints_stand_in_the_list_with_their_reason_and_do_not_count(
    desk: Desk,
) -> None:
    into, merged, voided = (desk.registers() for _ in range(3))
    linking.merge(case=merged, into=into, reason="同一件事", **desk.acts("csr"))
    closing.request_void(case=voided, reason="登记错了", **desk.acts("csr"))
    closing.decide_void(case=voided, approve=True, reason="核对过", **desk.acts("project_manager"))
    desk.counts()
    assert desk.sums("complaint-closed") == (0, 0, 1, 2)
    rows = behind(desk.cast.cuihu, NOVEMBER, f"{S4}/complaint-closed", desk.now, "out")
    assert {row.why for row in rows} == {f"已并入 {into.number}", "已作废：核对过"}


@pytest.mark.peers("T12")
def test_what_was_answered_late_stays_late_whatever_follows(desk: Desk) -> None:
    case = answered(desk, minutes=4 * 60)
    desk.closes(desk.ends(case))
    desk.counts()
    assert desk.sums("complaint-response-on-time") == (0, 1, 0, 0)
    desk.reopens(case)
    contacting.contact_customer(case=case, text="这次及时", **desk.acts("csr"))
    desk.counts()
    assert desk.sums("complaint-response-on-time") == (0, 1, 0, 0)


@pytest.mark.peers("T13")
def test_what_waits_or_was_broken_off_is_never_counted_as_kept(desk: Desk) -> None:
    desk.adopts("complaint-procedure")
    waiting, broken = desk.registers(), desk.registers()
    working.wait(case=waiting, reason="parts", text="没有现货", **desk.acts("csr"))
    working.approve_wait(case=waiting, **desk.acts("project_manager"))
    closing.request_void(case=broken, reason="登记错了", **desk.acts("csr"))
    closing.decide_void(case=broken, approve=True, reason="", **desk.acts("project_manager"))
    desk.counts()
    assert desk.sums("handled-in-time", "complaint-procedure") == (0, 0, 1, 1)
    verdict = desk.verdict(waiting, "handled-in-time", "complaint-procedure")
    assert (verdict.why, verdict.waited, verdict.decides_at) == ("暂停中", True, None)
    assert desk.figure("handled-in-time", "complaint-procedure").figure.counts.waited == 1


def test_a_case_of_another_kind_leaves_the_figures_of_its_first_kind(desk: Desk) -> None:
    case = desk.registers()
    desk.counts()
    facts = {"kind": "inquiry"}
    classifying.classify(case=case, facts=facts, reason="只是咨询", **desk.acts("csr"))
    desk.counts()
    assert desk.sums("complaint-closed") == (0, 0, 0, 0)


def test_keeping_twice_changes_nothing(desk: Desk) -> None:
    desk.closes(desk.ends(desk.registers()))
    desk.counts()
    rejudge(project=desk.cast.cuihu, month=NOVEMBER, at=desk.now)
    rows = list(Verdict.objects.order_by("pk").values())
    desk.later(minutes=1)
    rejudge(project=desk.cast.cuihu, month=NOVEMBER, at=desk.now)
    assert keep(at=desk.now) == 0
    assert list(Verdict.objects.order_by("pk").values()) == rows


@pytest.mark.peers("T17")
def test_a_figure_opens_into_as_many_records_as_it_counts(desk: Desk) -> None:
    for _ in range(3):
        desk.registers()
    desk.closes(desk.ends(desk.registers()))
    desk.counts()
    for shown in figures(desk.cast.cuihu, NOVEMBER, desk.now):
        rows = behind(desk.cast.cuihu, NOVEMBER, shown.figure.key, desk.now)
        counts = shown.figure.counts
        assert rows.count() == counts.listed
        for outcome in ("hit", "miss", "open", "out"):
            of_one = behind(desk.cast.cuihu, NOVEMBER, shown.figure.key, desk.now, outcome)
            assert of_one.count() == getattr(counts, outcome)


def test_the_lines_of_a_figure_add_up_to_the_whole(desk: Desk) -> None:
    desk.works(desk.registers())
    desk.registers()
    desk.counts()
    key = f"{S4}/complaint-closed"
    whole = figure(desk.cast.cuihu, NOVEMBER, key, desk.now).figure.counts
    for by in get_args(By):
        lines = figure_by(desk.cast.cuihu, NOVEMBER, key, by, desk.now)
        assert sum((line.figure.counts for line in lines), start=type(whole)()) == whole
        for line in lines:
            found = behind(desk.cast.cuihu, NOVEMBER, key, desk.now, by=by, key=line.key)
            assert found.count() == line.figure.counts.listed
    names = {
        line.label for line in figure_by(desk.cast.cuihu, NOVEMBER, key, "department", desk.now)
    }
    assert names == {"工程部", "未派部门"}


def test_a_company_counts_its_projects_and_no_others(desk: Desk) -> None:
    desk.registers()
    desk.counts()
    key = f"{S4}/complaint-closed"
    for place, n in ((desk.cast.jinxiu, 1), (desk.cast.group, 1), (desk.cast.anhe, 0)):
        assert figure(place, NOVEMBER, key, desk.now).figure.counts.listed == n
    quarter = figure(desk.cast.group, read_period("2026-Q4"), key, desk.now)
    assert quarter.figure.counts.listed == 1


def test_a_measure_of_half_a_year_is_not_shown_for_a_month(desk: Desk) -> None:
    keys = {shown.figure.key for shown in figures(desk.cast.cuihu, NOVEMBER, desk.now)}
    assert f"{S4}/customer-visit-coverage" not in keys
    half = figures(desk.cast.cuihu, read_period("2026-H2"), desk.now)
    assert f"{S4}/customer-visit-coverage" in {shown.figure.key for shown in half}
