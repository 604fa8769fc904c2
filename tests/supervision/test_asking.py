"""督办 and 请示: who is asked, how long it may take, what the answer must say, where it leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shouwen.cases.actions.closing import close
from shouwen.cases.actions.contacting import contact_customer, feed_back
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.actions.working import answer_question, report_done, report_up
from shouwen.cases.queries import as_entries, journal
from shouwen.notify.models import OutboxMessage
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.asking import ask
from shouwen.supervision.actions.handing import hand_down
from shouwen.supervision.actions.keeping import withdraw
from shouwen.supervision.models import Matter
from tests.supervision.conftest import NOW, S0, S1, S2, S3, SOON, TODAY, TOMORROW, Levels

clause = pytest.mark.clause


# --- 督办 -----------------------------------------------------------------------------------------


def test_a_supervision_rings_until_it_is_answered_and_climbs(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "supervise", by=cast.zhengjie, details={"due": TODAY})
    assert matter.due_at == levels.promise(case, "supervise-answered").due_at == TODAY
    OutboxMessage.objects.all().delete()
    ring_due(at=TODAY)
    assert levels.heard(cast.zhoumin)
    ring_due(at=TODAY + timedelta(days=1))
    assert levels.heard(cast.zhaogang)
    late = levels.answers(matter, by=cast.zhoumin, at=TOMORROW + timedelta(hours=8))
    assert late.answered_by == cast.zhoumin
    assert levels.promise(case, "supervise-answered").outcome == "late"
    assert levels.heard(cast.zhengjie, "已答复：督办")


def test_two_supervisions_of_a_case_are_two_promises(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    first = levels.asks(case, "supervise", by=cast.zhengjie, details={"due": TODAY})
    levels.asks(case, "supervise", by=cast.zhengjie, details={"due": TOMORROW})
    levels.answers(first, by=cast.zhoumin)
    running = case.commitments.filter(rule="supervise-answered", outcome="")
    assert [promise.due_at for promise in running] == [TOMORROW]


def test_nobody_answers_his_own_question_and_none_is_answered_twice(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "supervise", by=cast.zhoumin, details={"due": TODAY})
    with pytest.raises(Refused, match="不能答复自己提出的"):
        levels.answers(matter, by=cast.zhoumin)
    levels.answers(matter, by=cast.limin)
    with pytest.raises(Refused, match="已经答复过"):
        levels.answers(matter, by=cast.sunli)


def test_who_asked_takes_it_back_with_a_reason_and_nobody_owes_it_any_more(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "supervise", by=cast.zhengjie, details={"due": TODAY})
    zhengjie, zhoumin = levels.of(cast.zhengjie, SOON), levels.of(cast.zhoumin, SOON)
    with pytest.raises(Refused, match="撤回要写明原因"):
        withdraw(matter=matter, reason=" ", by=zhengjie, at=SOON)
    with pytest.raises(Refused, match="由本人撤回"):
        withdraw(matter=matter, reason="不用答复", by=zhoumin, at=SOON)
    withdraw(matter=matter, reason="业主已撤诉", by=zhengjie, at=SOON)
    matter.refresh_from_db()
    assert (matter.is_open, matter.is_withdrawn, matter.answer) == (False, True, "业主已撤诉")
    promise = levels.promise(case, "supervise-answered")
    assert (promise.outcome, promise.why) == ("waived", "已撤回")
    assert not fold(as_entries(journal(case))).owed
    assert levels.heard(cast.zhoumin, "已撤回，不用答复")
    with pytest.raises(Refused, match="已经答复"):
        levels.answers(matter, by=cast.zhoumin)
    with pytest.raises(Refused, match="不用再撤回"):
        withdraw(matter=matter, reason="再撤", by=zhengjie, at=SOON)


def test_a_handing_is_taken_back_too_and_the_level_may_be_handed_it_again(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    by, due = levels.of(cast.zhengjie), TODAY
    said: dict[str, Any] = {"case": case, "to": cast.cuihu, "text": "请处理", "due": due}
    first = hand_down(**said, by=by, at=NOW)
    withdraw(matter=first, reason="交错了", by=by, at=SOON)
    assert case.commitments.get(key__contains=first.number).why == "已撤回"
    assert hand_down(**said, by=by, at=SOON).is_open


def test_a_supervision_says_when_it_wants_an_answer(levels: Levels) -> None:
    case = levels.registers()
    with pytest.raises(Refused, match="要求答复的时间"):
        levels.asks(case, "supervise", by=levels.cast.zhengjie)
    with pytest.raises(Refused, match="没有这项权限"):
        levels.asks(case, "supervise", by=levels.cast.limin, details={"due": TODAY})


def test_a_question_is_only_offered_where_a_regulation_speaks_of_it(levels: Levels) -> None:
    with pytest.raises(Refused, match="采用的制度没有这一种"):
        levels.asks(levels.registers(), "take-over", by=levels.cast.limin)


# --- 客户信息处理规程 -----------------------------------------------------------------------------


@clause("S0-3.4-7")
def test_what_cannot_be_answered_is_asked_of_the_supervisor_and_then_answered(
    levels: Levels,
) -> None:
    case, cast = levels.registers("小区能装充电桩吗", kind="inquiry"), levels.cast
    report_up(case=case, question="能装吗", by=levels.of(cast.limin), at=NOW)
    assert levels.heard(cast.sunli, "请示")
    by = levels.of(cast.sunli, SOON)
    answer_question(case=case, text="车位产权人可以申请", by=by, at=SOON)
    assert levels.heard(cast.limin, "请示已答复")


@clause("S0-3.4-24")
def test_a_promised_call_back_rings_and_the_manager_is_asked_meanwhile(levels: Levels) -> None:
    levels.adopts(S0)
    case, cast = levels.registers("要改水管，多少钱", kind="repair"), levels.cast
    matter = levels.asks(case, "call-back", by=cast.limin, details={"call_back": TODAY})
    assert levels.heard(cast.zhoumin, "请示并约定回电")
    levels.answers(matter, by=cast.zhoumin, text="可以做，按价目表")
    assert levels.promise(case, "call-back-kept").outcome == ""
    OutboxMessage.objects.all().delete()
    ring_due(at=TODAY)
    assert levels.heard(cast.limin, "按承诺给客户回电")
    by = levels.of(cast.limin, TOMORROW)
    contact_customer(case=case, text="已告知价格", by=by, at=TOMORROW)
    assert levels.promise(case, "call-back-kept").outcome == "late"


@clause("S0-3.4-33")
def test_what_nobody_can_place_waits_for_the_manager_until_he_sends_it_somewhere(
    levels: Levels,
) -> None:
    levels.adopts(S0)
    case, cast = levels.registers("井盖响，不知道是谁家的"), levels.cast
    matter = levels.asks(case, "routing", by=cast.limin)
    promise = levels.promise(case, "routing-decided")
    assert (promise.holder, promise.outcome) == (cast.zhoumin, "")
    with pytest.raises(Refused, match="派给哪个部门"):
        levels.answers(matter, by=cast.zhoumin)
    levels.answers(matter, by=cast.zhoumin, department=cast.department("engineering"))
    case.refresh_from_db()
    assert case.department == cast.department("engineering")
    assert levels.promise(case, "routing-decided").outcome == "met"


def test_what_found_its_place_meanwhile_is_answered_all_the_same(levels: Levels) -> None:
    levels.adopts(S0)
    case, cast = levels.registers("井盖响，不知道是谁家的"), levels.cast
    matter = levels.asks(case, "routing", by=cast.limin)
    engineering = cast.department("engineering")
    dispatch(case=case, lead=engineering, by=levels.of(cast.sunli), at=NOW)
    levels.answers(matter, by=cast.zhoumin, department=engineering)
    assert levels.promise(case, "routing-decided").outcome == "met"
    assert [entry.verb for entry in journal(case)].count("dispatched") == 1


def test_a_department_is_asked_once_and_only_where_departments_are_asked(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers("业主在大堂聚集", urgent=True), levels.cast
    engineering = cast.department("engineering")
    with pytest.raises(Refused, match="不向部门提出"):
        levels.asks(case, "report", by=cast.limin, departments=[engineering])
    case.refresh_from_db()
    assert case.department is None
    steps, twice = {"steps": "已疏散，设围挡"}, [engineering, engineering]
    levels.asks(case, "event", by=cast.limin, details=steps, departments=twice)
    assert Matter.objects.count() == 1


# --- 接访标准 -------------------------------------------------------------------------------------


@clause("S1-2.3-9")
def test_an_agitated_customer_brings_supervisor_and_security_at_once(levels: Levels) -> None:
    levels.adopts(S1)
    case, cast = levels.registers(), levels.cast
    levels.asks(case, "agitated", by=cast.limin, text="要求当场退还装修押金")
    assert levels.heard(cast.sunli, "情绪激动的客户")
    assert levels.heard(cast.gaofei, "情绪激动的客户")


@clause("S1-2.3-10")
def test_the_customer_is_persuaded_to_leave_with_a_promised_reply_that_rings(
    levels: Levels,
) -> None:
    levels.adopts(S1)
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "agitated", by=cast.limin, text="要求当场退还装修押金")
    with pytest.raises(Refused, match="答应回复客户的时间"):
        levels.answers(matter, by=cast.sunli)
    told = {"left_at": SOON, "promised": TODAY}
    kept = levels.answers(matter, by=cast.sunli, text="请到接待室，听完诉求", details=told)
    assert kept.answers["left_at"] == SOON.isoformat()
    promise = levels.promise(case, "agitated-answered")
    assert (promise.due_at, promise.outcome) == (TODAY, "")
    by = levels.of(cast.limin, TODAY)
    contact_customer(case=case, text="押金三天内退", by=by, at=TODAY)
    assert levels.promise(case, "agitated-answered").outcome == "met"


# --- 集团、品牌 -----------------------------------------------------------------------------------


@clause("S1-1.1-0c")
def test_a_region_asks_the_group_and_its_analysis_and_advice_stand_in_the_case(
    levels: Levels,
) -> None:
    levels.adopts(S1)
    case, cast = levels.registers(grade="major"), levels.cast
    matter = levels.asks(case, "assist", by=cast.zhengjie, text="请集团协助分析")
    assert matter.to_unit == cast.group
    assert levels.heard(cast.qianhong, "请集团协助")
    with pytest.raises(Refused, match="没有这项权限"):
        levels.answers(matter, by=cast.zhaogang, details={"analysis": "自己分析"})
    with pytest.raises(Refused, match="分析"):
        levels.answers(matter, by=cast.qianhong)
    levels.answers(matter, by=cast.qianhong, details={"analysis": "交付标准不清"}, text="统一说明")
    entry = case.journal.get(verb="asked-answered")
    assert (entry.data["analysis"], entry.data["text"]) == ("交付标准不清", "统一说明")


@clause("S1-1.1-2")
def test_a_brand_impact_is_settled_by_named_departments_each_with_its_own_action(
    levels: Levels,
) -> None:
    levels.adopts(S1)
    case, cast = levels.registers(grade="major", urgent=True), levels.cast
    with pytest.raises(Refused, match="请选要通知的部门"):
        levels.asks(case, "brand", by=cast.zhoumin)
    units = [cast.department("engineering"), cast.department("security")]
    first, second = ask(
        case=case, kind="brand", text="查清原因，统一口径", departments=units,
        by=levels.of(cast.zhoumin), at=NOW,
    )  # fmt: skip
    levels.answers(first, by=cast.chenjianguo, text="原因已查清")
    open_ = case.commitments.filter(rule="brand-impact-coordinated", outcome="")
    assert [promise.department for promise in open_] == [units[1]]
    assert second.due_at == open_.get().due_at
    assert levels.heard(cast.liuqiang, "部门协调")


# --- 管理处 ---------------------------------------------------------------------------------------


@clause("S2-STD5-15")
def test_a_superior_takes_over_what_cannot_be_explained_and_the_owner_stays(
    levels: Levels,
) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "take-over", by=cast.limin)
    assert levels.heard(cast.sunli, "请上级处理")
    levels.answers(matter, by=cast.sunli, text="我来和客户谈")
    case.refresh_from_db()
    assert (case.owner, case.delegate) == (cast.limin, cast.sunli)


@clause("S2-A14-5b")
def test_a_reasonable_wish_to_see_a_leader_gets_an_appointment_with_a_result(
    levels: Levels,
) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "leader", by=cast.limin)
    with pytest.raises(Refused, match="约定见面的时间"):
        levels.answers(matter, by=cast.zhoumin, details={"verdict": "reasonable"})
    ruled = {"verdict": "reasonable", "appointment": TODAY}
    levels.answers(matter, by=cast.zhoumin, details=ruled)
    reception = Matter.objects.get(kind="reception")
    assert (reception.due_at, reception.is_open) == (TODAY, True)
    levels.answers(reception, by=cast.sunli, at=TODAY, text="当面说清，客户接受")
    assert levels.promise(case, "leader-receives").outcome == "met"


@clause("S2-A14-5b")
def test_an_unreasonable_wish_is_answered_with_the_reason(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    matter = levels.asks(case, "leader", by=cast.limin)
    told = {"verdict": "unreasonable"}
    levels.answers(matter, by=cast.zhoumin, details=told, text="属邻里纠纷，请社区调解")
    assert not Matter.objects.filter(kind="reception").exists()


@clause("S2-A15-23")
@pytest.mark.parametrize(
    ("urgent", "rule", "to"),
    [
        (True, "unsettled-reported-urgent", "zhoumin"),
        (False, "unsettled-reported", "sunli"),
    ],
)
def test_what_cannot_be_settled_at_once_is_reported_by_its_urgency(
    levels: Levels, urgent: bool, rule: str, to: str
) -> None:
    levels.adopts(S2)
    case = levels.registers(urgent=urgent)
    matter = levels.asks(case, "report", by=levels.cast.limin)
    assert levels.promise(case, rule).due_at == matter.due_at
    assert levels.heard(getattr(levels.cast, to), "当场不能解决")


@clause("S2-A14-7")
def test_a_special_event_is_calmed_first_and_then_told_to_the_departments(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers("业主在大堂聚集", urgent=True), levels.cast
    units = [cast.department("security")]
    with pytest.raises(Refused, match="已采取的稳定措施"):
        levels.asks(case, "event", by=cast.limin, departments=units)
    steps = {"steps": "请到会议室，劝离围观"}
    foreign = [cast.department("security", cast.jiangnan)]
    with pytest.raises(Refused, match="没有找到这个部门"):
        levels.asks(case, "event", by=cast.limin, departments=foreign, details=steps)
    levels.asks(case, "event", by=cast.limin, departments=units, details=steps)
    verbs = list(case.journal.values_list("verb", flat=True))
    assert verbs == ["opened", "noted", "dispatched", "asked"]
    assert levels.heard(cast.gaofei, "特殊事件")


@clause("S2-A10r-7c")
def test_a_special_case_is_reported_with_a_new_date_before_the_old_one(levels: Levels) -> None:
    levels.adopts(S2)
    defect = {"kind": "repair", "origin": "handover", "repair_class": "larger"}
    case, cast = levels.registers("入伙验房，墙面裂缝", **defect), levels.cast
    with pytest.raises(Refused, match="新的完成时间"):
        levels.asks(case, "special", by=cast.limin)
    late = NOW + timedelta(days=8)
    told = {"new_due": late + timedelta(days=1)}
    with pytest.raises(Refused, match="原定期限已过"):
        levels.asks(case, "special", by=cast.limin, at=late, details=told)
    levels.asks(case, "special", by=cast.limin, details={"new_due": TOMORROW})
    assert levels.heard(cast.zhoumin, "特殊情况汇报")


@clause("S2-HF1-4b")
def test_a_major_issue_is_asked_of_the_company_and_stays_open_until_it_answers(
    levels: Levels,
) -> None:
    levels.adopts(S2)
    case, cast = levels.registers("外墙瓷砖脱落", kind="suggestion"), levels.cast
    matter = levels.asks(case, "company", by=cast.zhoumin)
    by = levels.of(cast.limin, SOON)
    report_done(case=case, text="已围挡", by=by, at=SOON)
    feed_back(case=case, text="已围挡，公司在定方案", by=by, at=SOON)
    with pytest.raises(Refused, match="向公司请示，还没有答复"):
        close(case=case, by=by, at=SOON)
    levels.answers(matter, by=cast.zhengjie, text="公司出资修缮")
    with pytest.raises(Refused) as refused:
        close(case=case, by=by, at=SOON)
    assert "向公司请示" not in refused.value.sentence


@clause("S2-A17-8")
def test_a_major_issue_of_a_visit_is_on_the_agenda_until_the_resolution_stands_there(
    levels: Levels,
) -> None:
    levels.adopts(S2)
    case, cast = levels.registers("回访中多户反映停车难", kind="suggestion"), levels.cast
    matter = levels.asks(case, "meeting", by=cast.sunli, details={"meeting": TODAY})
    assert matter.due_at == TODAY
    told = {"participants": "周敏、孙丽、刘强"}
    levels.answers(matter, by=cast.zhoumin, at=TODAY, details=told, text="增设二十个车位")
    entry = case.journal.get(verb="asked-answered")
    assert (entry.data["participants"], entry.data["text"]) == (
        "周敏、孙丽、刘强",
        "增设二十个车位",
    )


@clause("S3-4.3-2")
def test_a_leader_calls_people_to_the_site_and_what_they_saw_is_on_record(levels: Levels) -> None:
    levels.adopts(S3)
    case, cast = levels.registers(grade="serious"), levels.cast
    called = {"participants": "赵刚、周敏、刘强"}
    with pytest.raises(Refused, match="由公司领导组织"):
        levels.asks(case, "inspection", by=cast.zhoumin, details=called)
    matter = levels.asks(case, "inspection", by=cast.zhaogang, details=called)
    seen = {"findings": "三层墙面渗水", "records": "巡查记录 11 月"}
    with pytest.raises(Refused, match="查看的记录"):
        levels.answers(matter, by=cast.zhoumin, details={"findings": "三层墙面渗水"})
    levels.answers(matter, by=cast.zhoumin, details=seen, text="一周内做防水")
    entry = case.journal.get(verb="asked-answered")
    assert entry.data["records"] == "巡查记录 11 月"
