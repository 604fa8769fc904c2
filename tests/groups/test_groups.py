"""A matter of many households: who belongs to it, when it is major, who answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.actions.contacting import contact_customer
from shouwen.cases.actions.recording import acting
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.models import Case, Commitment, JournalEntry
from shouwen.cases.queries import as_entries, journal
from shouwen.cases.standing import Standing
from shouwen.groups.actions.answering import (
    answer_all,
    draft_statement,
    name_speaker,
    ring_statements,
    rule_on_statement,
)
from shouwen.groups.actions.grouping import (
    close_matter,
    join,
    leave,
    open_matter,
    recount_changed,
    split,
)
from shouwen.groups.models import GroupMatter, GroupMember
from shouwen.groups.queries import members, statement_promises
from shouwen.majors.queries import group_event
from shouwen.notify.models import OutboxMessage
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused
from tests.groups.conftest import NOW, SMOKE, Estate

LATER = NOW + timedelta(hours=3)


def verbs(case: Case) -> list[str]:
    return [entry.verb for entry in journal(case)]


def speaker(case: Case) -> str:
    return fold(as_entries(journal(case))).speaker


# --- Members --------------------------------------------------------------------------------------


def test_a_group_keeps_every_case_with_its_own_record(estate: Estate) -> None:
    cases = estate.complaints(3)
    matter = estate.group(cases)
    assert [member.case for member in members(matter)] == cases
    assert all(verbs(case)[-1] == "grouped" for case in cases)
    assert (matter.households, matter.major_at) == (3, None)


def test_a_case_is_in_one_group(estate: Estate) -> None:
    cases = estate.complaints(3)
    estate.group(cases)
    with pytest.raises(Refused, match="已经在一个群体事项中"):
        estate.group(cases[:1], "另一件")
    assert GroupMatter.objects.count() == 1


def test_a_case_of_a_group_that_is_over_may_enter_another(estate: Estate) -> None:
    """The customer comes again: the old group stays as it was, the case says where it went."""
    cases = estate.complaints(3)
    old, by = estate.group(cases), estate.of(estate.cast.sunli, LATER)
    chief = estate.of(estate.cast.zhengjie, LATER)
    close_matter(matter=old, result="已加装净化器", by=chief, at=LATER)
    new = open_matter(cases=cases[:2], title="净化器停用，又有油烟", by=by, at=LATER)
    assert [member.case for member in members(new)] == cases[:2]
    gone = GroupMember.objects.get(matter=old, case=cases[0])
    assert (gone.left_at, gone.left_by, gone.moved_to) == (LATER, estate.cast.sunli, new)
    old.refresh_from_db()
    assert old.households == 3


def test_who_left_stays_on_record_and_may_join_again(estate: Estate) -> None:
    cases = estate.complaints(3)
    matter = estate.group(cases)
    by = estate.of(estate.cast.sunli)
    leave(matter=matter, case=cases[2], why="是自家灶台倒烟", by=by, at=LATER)
    matter.refresh_from_db()
    assert matter.households == 2
    gone = GroupMember.objects.get(case=cases[2])
    assert (gone.left_by, gone.left_why) == (estate.cast.sunli, "是自家灶台倒烟")
    join(matter=matter, cases=[cases[2]], by=by, at=LATER)
    assert len(members(matter)) == 3


def test_a_split_says_where_they_went(estate: Estate) -> None:
    cases = estate.complaints(4)
    matter = estate.group(cases)
    by = estate.of(estate.cast.sunli)
    new = split(matter=matter, cases=cases[2:], title="烟道破损", why="另一家店", by=by, at=LATER)
    assert new.split_from == matter
    assert [member.case for member in members(new)] == cases[2:]
    moved = GroupMember.objects.filter(matter=matter, moved_to=new)
    assert {member.case for member in moved} == set(cases[2:])
    matter.refresh_from_db()
    assert (matter.households, new.households) == (2, 2)


def test_a_group_is_of_one_project_and_opened_by_who_may_classify(estate: Estate) -> None:
    cases = estate.complaints(2)
    with pytest.raises(Refused):
        open_matter(cases=cases, title="油烟", by=estate.of(estate.cast.dingyi), at=LATER)
    with pytest.raises(Refused, match="至少选一件"):
        open_matter(cases=[], title="油烟", by=estate.of(estate.cast.sunli), at=LATER)


# --- Many households ------------------------------------------------------------------------------


@pytest.mark.clause("S4-4.4.1a-1f")
def test_the_fifth_household_makes_it_major_by_itself(estate: Estate) -> None:
    cases = estate.complaints(4)
    again = estate.tells("饭店油烟还是很大", 0)
    matter = estate.group([*cases, again])
    assert (matter.households, matter.major_at) == (4, None)
    fifth = estate.tells("楼下饭店油烟太大", 45)
    join(matter=matter, cases=[fifth], by=estate.of(estate.cast.sunli), at=LATER)
    matter.refresh_from_db()
    assert (matter.households, matter.major_at, matter.clause) == (5, LATER, "4.4.1a1")
    event = group_event(matter.number)
    assert event is not None
    assert event.clause == "4.4.1a1"
    for case in Case.objects.all():
        assert case.facts["grade"] == "group"
    told = OutboxMessage.objects.filter(event=f"groups:{matter.pk}:major")
    assert {message.staff for message in told} == {
        estate.cast.zhengjie, estate.cast.zhoumin, estate.cast.zhaogang,
    }  # fmt: skip


def test_what_is_no_complaint_counts_for_no_threshold(estate: Estate) -> None:
    cases = estate.complaints(4)
    asked = estate.tells("请问楼下饭店什么时候整改油烟", 45, kind="inquiry")
    matter = estate.group([*cases, asked])
    assert (matter.households, matter.complaining, matter.major_at) == (5, 4, None)


def test_a_member_that_turns_out_to_be_a_complaint_makes_it_major(estate: Estate) -> None:
    cases = [*estate.complaints(4), estate.tells(SMOKE[4], 28, kind="inquiry")]
    matter = estate.group(cases)
    recount_changed(at=LATER)
    facts: dict[str, str | bool] = {"kind": "complaint", "business": "environment"}
    by = estate.of(estate.cast.sunli, LATER)
    classify(case=cases[4], facts=facts, reason="是投诉", by=by, at=LATER)
    matter.refresh_from_db()
    assert group_event(matter.number) is None
    recount_changed(at=LATER)
    matter.refresh_from_db()
    assert (matter.complaining, matter.major_at) == (5, LATER)
    assert group_event(matter.number) is not None
    cases[4].refresh_from_db()
    assert cases[4].facts["grade"] == "group"
    late = estate.tells(SMOKE[5], 35, kind="inquiry")
    join(matter=matter, cases=[late], by=by, at=LATER)
    classify(case=late, facts=facts, reason="也是投诉", by=by, at=LATER)
    recount_changed(at=LATER)
    late.refresh_from_db()
    assert late.facts["grade"] == "group"
    assert recount_changed(at=LATER) > 0, "what that wrote"
    assert recount_changed(at=LATER) == 0


def test_a_member_that_was_voided_counts_no_more(estate: Estate) -> None:
    cases = estate.complaints(4)
    matter = estate.group(cases)
    limin, sunli = (estate.of(who, LATER) for who in (estate.cast.limin, estate.cast.sunli))
    request_void(case=cases[0], by=limin, at=LATER, reason="登记错了")
    decide_void(case=cases[0], by=sunli, at=LATER, approve=True)
    recount_changed(at=LATER)
    matter.refresh_from_db()
    assert (matter.households, matter.complaining) == (3, 3)


def test_cases_are_locked_in_one_order_whatever_the_order_they_are_named_in(
    estate: Estate,
) -> None:
    cases = estate.complaints(4)
    ids = [case.pk for case in cases]
    since = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def written() -> list[int]:
        """The cases in the order of what was written on them, and so locked."""
        nonlocal since
        rows = list(JournalEntry.objects.filter(pk__gt=since).order_by("pk"))
        since = rows[-1].pk
        return [row.case_id for row in rows]

    matter = estate.group([cases[2], cases[0]])
    assert written() == [ids[0], ids[2]]
    by = estate.of(estate.cast.sunli, LATER)
    join(matter=matter, cases=[cases[3], cases[1]], by=by, at=LATER)
    assert written() == [ids[1], ids[3]]
    answer_all(matter=matter, cases=cases[::-1], text="在查", channel="phone", by=by, at=LATER)
    assert written() == ids
    close_matter(matter=matter, result="好了", by=estate.of(estate.cast.zhengjie, LATER), at=LATER)


def test_major_stays_major_when_somebody_leaves(estate: Estate) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    leave(matter=matter, case=cases[0], why="另一回事", by=estate.of(estate.cast.sunli), at=LATER)
    matter.refresh_from_db()
    assert matter.complaining == 4
    assert matter.major_at is not None


# --- The statement --------------------------------------------------------------------------------


@pytest.mark.clause("S4-4.4.1c-11")
def test_the_statement_is_owed_within_24_hours_and_kept_by_one_approval(estate: Estate) -> None:
    matter = estate.group(estate.complaints(5))
    cases = [member.case for member in members(matter)]
    owed = statement_promises(cases)
    assert len(owed) == 5
    assert {row.due_at for row in owed} == {NOW + timedelta(hours=25)} == {matter.statement_due_at}
    estate.agrees(matter)
    assert statement_promises(cases) == []
    kept = Commitment.objects.filter(pk__in=[row.pk for row in owed])
    assert {row.outcome for row in kept} == {"met"}


@pytest.mark.clause("S4-4.4.1c-11")
def test_a_statement_that_is_late_rings_on_the_cases_and_not_twice(estate: Estate) -> None:
    estate.group(estate.complaints(5))
    late = NOW + timedelta(hours=26)
    assert ring_due(at=late) > 0
    assert OutboxMessage.objects.filter(subject__contains="统一口径", staff=estate.cast.zhaogang)
    assert ring_statements(at=late) == 0


def test_where_no_promise_stands_on_the_cases_the_group_rings_itself(estate: Estate) -> None:
    matter = estate.group(estate.complaints(5))
    Commitment.objects.all().delete()
    assert ring_statements(at=NOW + timedelta(hours=20)) == 0
    assert ring_statements(at=NOW + timedelta(hours=22)) == 1
    assert ring_statements(at=NOW + timedelta(hours=22)) == 0
    assert ring_statements(at=NOW + timedelta(hours=30)) == 2
    told = OutboxMessage.objects.filter(event__startswith=f"groups:{matter.pk}:ring:")
    assert {m.staff for m in told} == {
        estate.cast.zhengjie, estate.cast.zhaogang, estate.cast.qianhong,
    }  # fmt: skip


def test_nobody_approves_what_he_drafted(estate: Estate) -> None:
    matter = estate.group(estate.complaints(5))
    by = estate.of(estate.cast.zhengjie)
    drafted = draft_statement(matter=matter, text="口径", measures="措施", by=by, at=LATER)
    with pytest.raises(Refused, match="拟定人不能自己审批"):
        rule_on_statement(statement=drafted, approve=True, opinion="", by=by, at=LATER)
    leader = estate.of(estate.cast.zhaogang)
    with pytest.raises(Refused, match="退回的理由"):
        rule_on_statement(statement=drafted, approve=False, opinion=" ", by=leader, at=LATER)


def test_who_joins_later_finds_the_statement_and_the_speaker(estate: Estate) -> None:
    matter = estate.group(estate.complaints(5))
    estate.agrees(matter)
    name_speaker(matter=matter, to=estate.cast.sunli, by=estate.of(estate.cast.zhoumin), at=LATER)
    late = estate.tells("饭店油烟很大", 45)
    join(matter=matter, cases=[late], by=estate.of(estate.cast.sunli), at=LATER)
    late.refresh_from_db()
    assert statement_promises([late]) == []
    assert speaker(late) == estate.cast.sunli.number


# --- The one who speaks ---------------------------------------------------------------------------


@pytest.mark.clause("S4-4.4.1c-12")
def test_while_one_speaks_nobody_else_answers_these_customers(estate: Estate) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    by = estate.of(estate.cast.zhoumin)
    name_speaker(matter=matter, to=estate.cast.sunli, by=by, at=LATER)
    limin, sunli = estate.of(estate.cast.limin, LATER), estate.of(estate.cast.sunli, LATER)
    with pytest.raises(Refused, match="指定专人回复客户") as refused:
        contact_customer(case=cases[0], by=limin, at=LATER, text="我来说两句")
    assert refused.value.clause == "4.4.1c"
    for verb in ("customer-contacted", "fed-back", "replied-sender"):
        with pytest.raises(Refused, match="指定专人回复客户"):
            Standing(cases[0], limin, LATER).require_permitted(verb)
    contact_customer(case=cases[0], by=sunli, at=LATER, text="已约谈商户")
    assert verbs(cases[0])[-1] == "customer-contacted"


def test_when_the_group_is_over_everybody_may_answer_again(estate: Estate) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    by = estate.of(estate.cast.zhoumin, LATER)
    name_speaker(matter=matter, to=estate.cast.sunli, by=by, at=LATER)
    with pytest.raises(Refused, match="统一口径"):
        close_matter(matter=matter, result="已加装净化器", by=by, at=LATER)
    estate.agrees(matter)
    close_matter(matter=matter, result="已加装净化器", by=by, at=LATER)
    assert {speaker(case) for case in cases} == {""}
    contact_customer(case=cases[0], by=estate.of(estate.cast.limin), at=LATER, text="已处理")


def test_who_left_the_group_is_answered_by_anybody(estate: Estate) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    by = estate.of(estate.cast.zhoumin, LATER)
    name_speaker(matter=matter, to=estate.cast.sunli, by=by, at=LATER)
    leave(matter=matter, case=cases[0], why="另一回事", by=by, at=LATER)
    assert speaker(cases[0]) == ""


def test_only_who_may_feed_back_is_named(estate: Estate) -> None:
    matter = estate.group(estate.complaints(5))
    with pytest.raises(Refused, match="没有向客户反馈的权限"):
        name_speaker(
            matter=matter, to=estate.cast.chenjianguo, by=estate.of(estate.cast.zhoumin), at=LATER
        )


# --- The answer to all ----------------------------------------------------------------------------


def test_one_answer_to_all_leaves_a_record_on_each_case(estate: Estate) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    estate.agrees(matter)
    name_speaker(matter=matter, to=estate.cast.sunli, by=estate.of(estate.cast.zhoumin), at=LATER)
    outcome = answer_all(
        matter=matter, cases=cases, text="周五前加装净化器", channel="sms",
        by=estate.of(estate.cast.sunli, LATER), at=LATER,
    )  # fmt: skip
    assert len(outcome.told) == 5
    for case in cases:
        last = journal(case)[-1]
        assert (last.verb, last.data["group"], last.by) == (
            "customer-contacted", matter.number, estate.cast.sunli,
        )  # fmt: skip
    assert outcome.answer is not None
    assert outcome.answer.cases.count() == 5


def test_what_one_case_refuses_holds_up_no_other(estate: Estate) -> None:
    cases = estate.complaints(3)
    matter = estate.group(cases)
    with acting(cases[1], by=None, right="", at=LATER) as act:
        act.write("voided", {"reason": "误录"})
    outcome = answer_all(
        matter=matter, cases=cases, text="正在整改", channel="phone",
        by=estate.of(estate.cast.sunli, LATER), at=LATER,
    )  # fmt: skip
    assert outcome.told == [cases[0], cases[2]]
    assert [case for case, _ in outcome.refused] == [cases[1]]


def test_a_major_group_is_not_answered_before_its_statement_and_its_speaker(
    estate: Estate,
) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    sunli = estate.of(estate.cast.sunli, LATER)

    def answers() -> None:
        answer_all(matter=matter, cases=cases, text="在办", channel="phone", by=sunli, at=LATER)

    with pytest.raises(Refused, match="先指定回复专人"):
        answers()
    name_speaker(matter=matter, to=estate.cast.sunli, by=estate.of(estate.cast.zhoumin), at=LATER)
    with pytest.raises(Refused, match="统一口径批准之后"):
        answers()
