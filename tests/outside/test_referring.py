"""A matter that somebody outside must settle goes step by step, each hop with its own time."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils.timezone import localtime

from shouwen.cases.actions.closing import close
from shouwen.notify.models import OutboxMessage
from shouwen.outside.actions.referring import remind, withdraw
from shouwen.outside.models import Referral
from shouwen.outside.queries import legs_of
from shouwen.rules.refused import Refused
from tests.outside.conftest import Outside

pytestmark = pytest.mark.django_db
PATH = "developer-negotiation"


def when(at: datetime | None) -> str:
    return f"{localtime(at):%m-%d %H:%M}"


# --- Second class: the developer --------------------------------------------------------------


@pytest.mark.clause("S2-A15-7", "S2-A15-16")
def test_two_opinions_are_signed_before_the_developer_gets_it(outside: Outside) -> None:
    cast = outside.cast
    referral = outside.refers(outside.classed("class-2"), PATH, outside.party())
    with pytest.raises(Refused, match="现场核实"):
        outside.takes(referral, "send", cast.limin)
    outside.takes(referral, "check", cast.chenjianguo, text="外墙裂缝，雨水渗入")
    with pytest.raises(Refused, match="工程部经理签署意见"):
        outside.takes(referral, "send", cast.limin)
    outside.takes(referral, "advise", cast.liuqiang, text="属保修范围")
    with pytest.raises(Refused, match="管理处主任签署意见"):
        outside.takes(referral, "send", cast.limin)
    outside.takes(referral, "approve", cast.zhoumin, text="同意呈送")
    assert outside.takes(referral, "send", cast.limin, text="专人送达").sent_at == outside.now


@pytest.mark.clause("S2-A15-16")
def test_nobody_else_signs_for_the_head_of_engineering_or_the_director(outside: Outside) -> None:
    cast = outside.cast
    referral = outside.refers(outside.classed("class-2"), PATH, outside.party())
    outside.takes(referral, "check", cast.chenjianguo)
    for stranger in (cast.chenjianguo, cast.sunli, cast.zhoumin):
        with pytest.raises(Refused, match="制度指定的岗位"):
            outside.takes(referral, "advise", stranger)
    outside.takes(referral, "advise", cast.liuqiang)
    for stranger in (cast.liuqiang, cast.sunli):
        with pytest.raises(Refused, match="制度指定的岗位"):
            outside.takes(referral, "approve", stranger)


@pytest.mark.clause("S2-A15-7")
def test_every_hop_has_its_own_due_time_and_is_timed(outside: Outside) -> None:
    cast, case = outside.cast, outside.classed("class-2")
    referral = outside.refers(case, PATH, outside.party())
    rule = f"referral:{PATH}"
    assert when(outside.promise(case, f"{rule}:check").due_at) == "11-21 00:00"
    outside.until("2026-11-19 15:12", "周四")
    outside.takes(referral, "check", cast.chenjianguo)
    outside.until("2026-11-23 10:00", "周一")
    outside.takes(referral, "advise", cast.liuqiang)
    assert outside.promise(case, f"{rule}:check").outcome == "met"
    assert outside.promise(case, f"{rule}:advise").outcome == "late"
    assert outside.promise(case, f"{rule}:approve").outcome == ""
    assert [leg.took for leg in legs_of(referral)][:3] == ["用时 6 时", "用时 3 天 18 时", ""]


@pytest.mark.clause("S2-A15-22")
def test_the_record_needs_both_signatures_and_its_copy_stays(outside: Outside) -> None:
    referral = outside.sent()
    outside.takes(referral, "answer", outside.cast.limin, text="同意维修，12 月 5 日前完成")
    paper = outside.paper(referral.case)
    with pytest.raises(Refused, match="双方签字"):
        outside.takes(referral, "countersign", outside.cast.limin, copy=paper)
    with pytest.raises(Refused, match="留底"):
        outside.takes(referral, "countersign", outside.cast.limin, said_by="锦绣地产 刘工")
    outside.takes(referral, "countersign", outside.cast.limin, said_by="锦绣地产 刘工", copy=paper)
    kept = referral.hops.get(step="countersign")
    assert (kept.by, kept.said_by, kept.copy) == (outside.cast.limin, "锦绣地产 刘工", paper)
    assert referral.case.journal.get(verb="referral-cosigned").attachments.get() == paper


@pytest.mark.clause("S2-A15-22")
def test_the_case_stays_open_until_both_have_signed(outside: Outside) -> None:
    referral = outside.sent()
    case = referral.case
    assert case.holds.get(lifted_at=None).key == referral.hold
    outside.takes(referral, "answer", outside.cast.limin)
    assert case.holds.filter(lifted_at=None).exists()
    with pytest.raises(Refused, match="还不能关闭"):
        close(case=case, **outside.acts(outside.cast.limin))
    paper = outside.paper(case)
    said = {"said_by": "刘工", "copy": paper}
    ended = outside.takes(referral, "countersign", outside.cast.limin, **said)
    assert ended.state == Referral.State.ENDED
    assert not case.holds.filter(lifted_at=None).exists()


# --- The clock of the party -------------------------------------------------------------------


def test_each_party_answers_by_its_own_time(outside: Outside) -> None:
    slow = outside.sent(outside.party("锦绣地产", days=10))
    quick = outside.sent(outside.party("宏远建筑", "builder", days=2))
    assert [when(r.due_at) for r in (slow, quick)] == ["12-04 00:00", "11-24 00:00"]
    for referral in (slow, quick):
        promise = outside.promise(referral.case, f"referral:{PATH}:answer")
        assert promise.due_at == referral.due_at


def test_two_referrals_of_one_case_are_timed_apart(outside: Outside) -> None:
    first = outside.sent(outside.party("锦绣地产", days=2))
    second = outside.sent(outside.party("宏远建筑", "builder", days=9), case=first.case)
    outside.takes(first, "answer", outside.cast.limin)
    rows = first.case.commitments.filter(rule=f"referral:{PATH}:answer").order_by("due_at")
    assert [(row.key.rpartition("/")[2], row.outcome) for row in rows] == [
        (first.number, "met"), (second.number, ""),
    ]  # fmt: skip


def test_what_was_agreed_with_the_party_goes_before_its_usual_time(outside: Outside) -> None:
    referral = outside.refers(outside.complains(), "outside", outside.party("街道", "street"))
    outside.until("2026-11-19 10:00", "周四")
    agreed = outside.now.replace(day=25)
    sent = outside.takes(referral, "send", outside.cast.limin, due_at=agreed)
    assert sent.due_at == agreed


def test_a_party_that_is_late_is_reminded_and_its_due_time_stays(outside: Outside) -> None:
    referral = outside.sent(outside.party(days=1))
    due = referral.due_at
    outside.until("2026-11-24 09:00", "周二")
    reminded = remind(
        referral=referral, text="电话催，答应明天", **outside.acts(outside.cast.limin)
    )
    assert (reminded.reminded_at, reminded.due_at) == (outside.now, due)
    outside.takes(reminded, "answer", outside.cast.limin)
    promise = outside.promise(referral.case, f"referral:{PATH}:answer")
    assert promise.outcome == "late"


def test_what_is_taken_back_is_waited_for_no_more(outside: Outside) -> None:
    referral = outside.sent()
    limin = outside.acts(outside.cast.limin)
    with pytest.raises(Refused, match="原因"):
        withdraw(referral=referral, reason=" ", **limin)
    gone = withdraw(referral=referral, reason="自行修好", **limin)
    promise = outside.promise(referral.case, f"referral:{PATH}:answer")
    assert (gone.state, promise.outcome, promise.why) == ("withdrawn", "waived", "已撤回")
    assert not referral.case.holds.filter(lifted_at=None).exists()
    with pytest.raises(Refused, match="已经办结或撤回"):
        outside.takes(gone, "answer", outside.cast.limin)


def test_a_step_is_not_told_before_the_one_that_it_follows(outside: Outside) -> None:
    referral = outside.refers(outside.classed("class-2"), PATH, outside.party())
    outside.until("2026-11-19 14:00", "周四")
    outside.takes(referral, "check", outside.cast.chenjianguo)
    earlier = outside.now.replace(hour=2)
    with pytest.raises(Refused, match="不能早于"):
        outside.takes(referral, "advise", outside.cast.liuqiang, happened=earlier)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"problem": " "}, "请写明问题"),
        ({"wanted": ""}, "建议或要求"),
    ],
)
def test_nothing_goes_out_without_its_problem_and_what_is_wanted(
    outside: Outside, said: dict[str, str], sentence: str
) -> None:
    case, party = outside.classed("class-2"), outside.party()
    with pytest.raises(Refused, match=sentence):
        outside.refers(case, PATH, party, **said)


def test_a_path_is_only_for_the_class_that_the_clause_names(outside: Outside) -> None:
    case, street = outside.classed("class-2"), outside.party("街道", "street")
    with pytest.raises(Refused, match="不走这个流程"):
        outside.refers(case, "topic-report", street, severity="全小区")
    with pytest.raises(Refused, match="开发商"):
        outside.refers(case, PATH, street)


# --- Legacy defects: 物管中心 → 总办 → 开发商 -------------------------------------------------


@pytest.mark.clause("S2-A15-19")
def test_a_legacy_defect_goes_through_the_general_managers_office(outside: Outside) -> None:
    cast, case = outside.cast, outside.classed("class-2")
    referral = outside.refers(case, "legacy-report", outside.party(), households=36)
    with pytest.raises(Refused, match="报总经理办公室"):
        outside.takes(referral, "send", cast.zhaogang)
    outside.takes(referral, "forward", cast.zhoumin, text="三栋外墙整体渗水")
    with pytest.raises(Refused, match="制度指定的岗位"):
        outside.takes(referral, "send", cast.zhoumin)
    outside.until("2026-11-20 11:00", "周五")
    outside.takes(referral, "send", cast.zhaogang, text="呈报 2026-17 号")
    hops = {hop.step: hop.at for hop in referral.hops.all()}
    assert [when(hops[step]) for step in ("forward", "send")] == ["11-19 09:12", "11-20 11:00"]
    assert outside.promise(case, "referral:legacy-report:send").outcome == "met"


@pytest.mark.clause("S2-A15-20")
def test_the_opinion_of_the_office_becomes_a_task_to_explain_it(outside: Outside) -> None:
    cast, case = outside.cast, outside.classed("class-2")
    referral = outside.refers(case, "legacy-report", outside.party(), households=36)
    outside.takes(referral, "forward", cast.zhoumin)
    outside.takes(referral, "send", cast.zhaogang)
    assert not case.commitments.filter(rule="opinion-explained").exists()
    outside.takes(referral, "answer", cast.zhaogang, text="开发商明年春天整体翻修")
    task = outside.promise(case, "opinion-explained")
    assert (task.holder, task.outcome) == (cast.limin, "")
    told = OutboxMessage.objects.filter(event=f"referral:{referral.pk}:answered")
    assert {message.staff for message in told} == {cast.limin, cast.sunli}


# --- Third class: the surroundings ------------------------------------------------------------


@pytest.mark.clause("S2-A15-8", "S2-A15-21")
def test_the_result_of_a_topic_report_is_published(outside: Outside) -> None:
    limin, case = outside.cast.limin, outside.classed("class-3", "门口马路夜里施工")
    street, police = outside.party("翠湖街道办", "street"), outside.party("城管中队", "authority")
    with pytest.raises(Refused, match="影响程度"):
        outside.refers(case, "topic-report", street)
    referral = outside.refers(case, "topic-report", street, severity="约 200 户", also=[police])
    outside.takes(referral, "send", limin, text="专题报告第 3 号")
    outside.takes(referral, "answer", limin, text="22 时后停工")
    assert case.holds.filter(lifted_at=None).exists()
    with pytest.raises(Refused, match="公布在哪里"):
        outside.takes(referral, "publish", limin, text="22 时后停工")
    ended = outside.takes(referral, "publish", limin, text="22 时后停工", where="各单元公告栏")
    assert ended.state == Referral.State.ENDED
    assert list(ended.also.all()) == [police]
    assert not case.holds.filter(lifted_at=None).exists()


@pytest.mark.clause("S2-A15-8")
def test_a_complaint_of_the_third_class_rings_until_it_is_reported(outside: Outside) -> None:
    case = outside.classed("class-3", "门口马路夜里施工")
    promise = outside.promise(case, "class-3-reported")
    assert when(promise.due_at) == "11-25 00:00"
    street = outside.party("翠湖街道办", "street")
    referral = outside.refers(case, "topic-report", street, severity="约 200 户")
    outside.takes(referral, "send", outside.cast.limin)
    promise.refresh_from_db()
    assert promise.outcome == "met"
