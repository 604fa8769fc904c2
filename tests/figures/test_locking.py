"""A locked month stands; what is learnt later stands beside it until it is approved."""

from datetime import datetime

import pytest

from shouwen.accounts.scope import scope_of
from shouwen.adoption.actions import adopt
from shouwen.cases.actions import contacting
from shouwen.cases.models import Case
from shouwen.figures.actions.excluding import (
    ask_exclusion,
    decide_exclusion,
    withdraw_exclusion,
)
from shouwen.figures.actions.locking import lock, lock_due, lock_what_is_due
from shouwen.figures.actions.restating import ask, decide, differences
from shouwen.figures.models import MonthLock, Tally, Verdict
from shouwen.figures.queries import behind, figure_by, figures, missed
from shouwen.rules.refused import Refused
from tests.figures.conftest import NOVEMBER, S4, Desk
from tests.moments import moment

FIRST = moment("2026-12-01 09:00", "周二")
SIXTH = moment("2026-12-06 00:00", "周日")
LATER = moment("2026-12-10 09:00", "周四")


@pytest.fixture
def told(desk: Desk) -> Case:
    """One complaint closed, one not: the month is locked on its date."""
    desk.closes(desk.ends(desk.registers()))
    case = desk.registers()
    desk.counts()
    desk.now = SIXTH
    lock_what_is_due(at=desk.now)
    return case


def closes(desk: Desk, case: Case) -> None:
    desk.now = LATER
    desk.ends(case)
    desk.closes(case)
    desk.counts()


def test_a_month_is_locked_when_the_fifth_of_the_next_is_over(desk: Desk) -> None:
    assert lock_due(desk.cast.cuihu, NOVEMBER, FIRST) == SIXTH
    desk.counts()
    lock_what_is_due(at=moment("2026-12-05 23:59", "周六"))
    assert not MonthLock.objects.filter(month=NOVEMBER.first).exists()
    lock_what_is_due(at=SIXTH)
    lock_what_is_due(at=SIXTH)
    held = MonthLock.objects.get(project=desk.cast.cuihu, month=NOVEMBER.first)
    assert (held.at, held.by) == (SIXTH, None)


def test_who_signs_locks_it_earlier_but_not_before_it_is_over(desk: Desk) -> None:
    by, month = scope_of(desk.cast.zhoumin, desk.now), NOVEMBER
    with pytest.raises(Refused, match="还没有结束"):
        lock(project=desk.cast.cuihu, month=month, by=by, at=desk.now)
    assert lock(project=desk.cast.cuihu, month=month, by=by, at=FIRST).by == by.staff
    with pytest.raises(Refused, match="已经锁定"):
        lock(project=desk.cast.cuihu, month=month, by=by, at=FIRST)


def test_the_sums_of_a_locked_month_are_those_of_its_records(desk: Desk, told: Case) -> None:
    for shown in figures(desk.cast.cuihu, NOVEMBER, desk.now):
        assert shown.is_locked
        rows = behind(desk.cast.cuihu, NOVEMBER, shown.figure.key, desk.now)
        assert rows.count() == shown.figure.counts.listed
    assert desk.sums("complaint-closed") == (1, 1, 0, 0)
    key = f"{S4}/complaint-closed"
    assert missed(desk.cast.cuihu, NOVEMBER, key, LATER) == {"期间结束时仍未关闭": 1}
    lines = figure_by(desk.cast.cuihu, NOVEMBER, key, "department", desk.now)
    assert {line.label: line.figure.counts.listed for line in lines} == {"工程部": 1, "未派部门": 1}


@pytest.mark.peers("T10")
def test_another_regulation_today_changes_nothing_of_last_month(desk: Desk, told: Case) -> None:
    before = figures(desk.cast.cuihu, NOVEMBER, LATER)
    adopt(unit=desk.cast.cuihu, regulation="service-centre", position=0, since=SIXTH)
    closes(desk, told)
    assert [(s.figure.key, s.figure.counts) for s in figures(desk.cast.cuihu, NOVEMBER, LATER)] == [
        (shown.figure.key, shown.figure.counts) for shown in before
    ]


def test_what_happens_after_the_lock_stands_beside_it_and_counts_nothing(
    desk: Desk, told: Case
) -> None:
    closes(desk, told)
    assert desk.sums("complaint-closed") == (1, 1, 0, 0)
    row = desk.verdict(told, "complaint-closed")
    assert (row.verdict, row.later) == ("miss", "hit")


def test_what_is_registered_for_a_locked_month_does_not_count_in_it(desk: Desk, told: Case) -> None:
    desk.now = LATER
    row = desk.verdict(told, "complaint-closed")
    Verdict.objects.filter(pk=row.pk).delete()
    contacting.contact_customer(case=told, text="补记", **desk.acts("csr"))
    desk.counts()
    row = desk.verdict(told, "complaint-closed")
    assert (row.verdict, row.later, row.locked) == ("", "miss", True)
    rows = behind(desk.cast.cuihu, NOVEMBER, f"{S4}/complaint-closed", desk.now)
    assert row not in rows


def restated(desk: Desk, at: datetime) -> None:
    asked = ask(
        project=desk.cast.cuihu, month=NOVEMBER, reason="11 月已关闭，系统补录晚了",
        by=scope_of(desk.cast.sunli, at), at=at,
    )  # fmt: skip
    with pytest.raises(Refused, match="不能批准自己"):
        decide(restatement=asked, approve=True, by=scope_of(desk.cast.sunli, at), at=at)
    decide(restatement=asked, approve=True, by=scope_of(desk.cast.zhoumin, at), at=at)


def test_a_correction_that_somebody_else_approved_counts_and_both_figures_are_shown(
    desk: Desk, told: Case
) -> None:
    closes(desk, told)
    desk.told(desk.cast.zhoumin)
    restated(desk, LATER)
    shown = desk.figure("complaint-closed")
    assert (shown.figure.words, shown.locked and shown.locked.words) == ("100%", "50%")
    assert behind(desk.cast.cuihu, NOVEMBER, shown.figure.key, LATER, "hit").count() == 2
    assert not differences(desk.cast.cuihu, NOVEMBER).filter(case=told).exists()
    key = f"{S4}/complaint-closed"
    assert missed(desk.cast.cuihu, NOVEMBER, key, LATER) == {}
    lines = figure_by(desk.cast.cuihu, NOVEMBER, key, "department", desk.now)
    assert sum(line.figure.counts.hit for line in lines) == 2
    locked = Tally.objects.get(project=desk.cast.cuihu, month=NOVEMBER.first, measure=key, by="")
    assert locked.hit == 1


def test_nothing_is_corrected_without_a_reason_or_a_difference(desk: Desk, told: Case) -> None:
    by = scope_of(desk.cast.sunli, LATER)
    asked = {"project": desk.cast.cuihu, "month": NOVEMBER, "by": by, "at": LATER}
    with pytest.raises(Refused, match="写明"):
        ask(reason=" ", **asked)  # type: ignore[arg-type] # as they are named
    with pytest.raises(Refused, match="一致"):
        ask(reason="核对", **asked)  # type: ignore[arg-type] # as they are named


def test_a_refused_correction_changes_nothing_and_says_why(desk: Desk, told: Case) -> None:
    closes(desk, told)
    asked = ask(
        project=desk.cast.cuihu, month=NOVEMBER, reason="请更正",
        by=scope_of(desk.cast.sunli, LATER), at=LATER,
    )  # fmt: skip
    boss = scope_of(desk.cast.zhoumin, LATER)
    with pytest.raises(Refused, match="理由"):
        decide(restatement=asked, approve=False, by=boss, at=LATER)
    decide(restatement=asked, approve=False, note="12 月才关闭", by=boss, at=LATER)
    assert desk.sums("complaint-closed") == (1, 1, 0, 0)


def test_what_was_undecided_at_the_lock_stays_so_until_it_is_restated(desk: Desk) -> None:
    desk.now = moment("2026-11-30 17:50", "周一")
    case = desk.registers()
    desk.later(minutes=5)
    desk.ends(case)
    desk.counts()
    lock(project=desk.cast.cuihu, month=NOVEMBER, by=scope_of(desk.cast.zhoumin, FIRST), at=FIRST)
    desk.now = LATER
    lock_what_is_due(at=LATER)
    assert desk.sums("complaint-visited") == (0, 0, 1, 0)
    row = desk.verdict(case, "complaint-visited")
    assert (row.verdict, row.later) == ("open", "miss")
    restated(desk, LATER)
    assert desk.sums("complaint-visited") == (0, 1, 0, 0)
    assert missed(desk.cast.cuihu, NOVEMBER, f"{S4}/complaint-visited", LATER).total() == 1


def test_a_record_that_was_excused_with_approval_is_listed_and_does_not_count(desk: Desk) -> None:
    case = desk.registers()
    desk.counts()
    row = desk.verdict(case, "complaint-closed")
    asked = ask_exclusion(
        verdict=row, reason="开发商停工，法院已受理", by=desk.scope("csr"), at=desk.now
    )
    assert desk.sums("complaint-closed") == (0, 0, 1, 0)
    with pytest.raises(Refused, match="已经申请过"):
        ask_exclusion(verdict=row, reason="再来一次", by=desk.scope("csr"), at=desk.now)
    decide_exclusion(exclusion=asked, approve=True, by=desk.scope("cs_head"), at=desk.now)
    assert desk.sums("complaint-closed") == (0, 0, 0, 1)
    assert "开发商停工" in desk.verdict(case, "complaint-closed").why
    assert f"申请不计：{case.number}" in desk.told(desk.cast.zhoumin)
    assert f"批准不计：{case.number}" in desk.told(asked.asked_by)


def test_what_was_approved_is_taken_back_with_a_reason_and_in_a_locked_month_by_restatement(
    desk: Desk,
) -> None:
    case, other = desk.registers(), desk.registers()
    desk.counts()
    rows = [desk.verdict(one, "complaint-closed") for one in (case, other)]
    by, boss = desk.scope("csr"), desk.scope("cs_head")
    asked = [ask_exclusion(verdict=row, reason="停工", by=by, at=desk.now) for row in rows]
    for one in asked:
        decide_exclusion(exclusion=one, approve=True, by=boss, at=desk.now)
    with pytest.raises(Refused, match="写明"):
        withdraw_exclusion(exclusion=asked[0], reason=" ", by=boss, at=desk.now)
    withdraw_exclusion(exclusion=asked[0], reason="已复工", by=boss, at=desk.now)
    assert desk.sums("complaint-closed") == (0, 0, 1, 1)
    assert f"撤回不计：{case.number}" in desk.told(by.staff)
    lock(project=desk.cast.cuihu, month=NOVEMBER, by=boss, at=FIRST)
    withdraw_exclusion(exclusion=asked[1], reason="已复工", by=boss, at=LATER)
    row = desk.verdict(other, "complaint-closed")
    assert (row.verdict, row.later) == ("out", "miss")
    with pytest.raises(Refused, match="已经撤回"):
        withdraw_exclusion(exclusion=asked[1], reason="再撤", by=boss, at=LATER)


def test_nobody_excuses_what_he_asked_for_himself(desk: Desk) -> None:
    case = desk.registers()
    desk.counts()
    row = desk.verdict(case, "complaint-closed")
    by = desk.scope("cs_head")
    asked = ask_exclusion(verdict=row, reason="不算", by=by, at=desk.now)
    with pytest.raises(Refused, match="不能批准自己"):
        decide_exclusion(exclusion=asked, approve=True, by=by, at=desk.now)
