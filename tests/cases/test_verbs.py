"""Every verb through its page: what it does, what it refuses, and what it keeps."""

from collections.abc import Callable
from datetime import datetime

import pytest

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, Commitment
from shouwen.cases.verbs import TABLE
from shouwen.notify.models import OutboxMessage
from tests.cases.pages import LEAK, NOISE, Day, big_button, offered
from tests.cast import Cast
from tests.moments import moment

ENGINEERING, SECURITY, ENVIRONMENT = "CH-engineering", "CH-security", "CH-environment"


@pytest.fixture
def day(cast: Cast, clock: Callable[..., datetime]) -> Day:
    day = Day(cast, clock)
    day.at("2026-11-19 09:12", "周四")
    return day


def dispatched(day: Day, text: str = LEAK, *assist: str) -> Case:
    day.registers(text)
    day.at("2026-11-19 09:18")
    return day.does(day.cast.limin, "dispatch", lead=ENGINEERING, assist=list(assist))


def finished(day: Day) -> Case:
    dispatched(day)
    day.at("2026-11-19 11:00")
    return day.does(day.cast.chenjianguo, "report-done", text="换了角阀")


def closed(day: Day) -> Case:
    finished(day)
    day.does(day.cast.liuqiang, "verify", ok="yes", opinion="试水不漏")
    day.does(day.cast.limin, "feed-back", text="已修好", channel="phone", result="satisfied")
    return day.does(day.cast.limin, "close")


def promise(day: Day, rule: str, department: str = "", round_: int = 1) -> Commitment:
    key = "/".join(filter(None, (rule, str(round_), department)))
    return day.case.commitments.get(key=key)


def told(who: Staff) -> list[str]:
    return list(OutboxMessage.objects.filter(staff=who).values_list("subject", flat=True))


# --- All of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [verb.name for verb in TABLE])
def test_every_verb_says_why_it_is_not_right_now_or_shows_its_form(
    day: Day, cast: Cast, verb: str
) -> None:
    """No verb breaks on a fresh case, nor on a closed one, whoever asks."""
    day.registers()
    fresh = {who: day.asks(who, verb).status_code for who in (cast.limin, cast.zhoumin)}
    assert set(fresh.values()) <= {200, 403, 409}
    for who in (cast.limin, cast.zhoumin):
        answer = day.sends(who, verb)
        assert answer.status_code in (302, 403, 409, 422), (verb, answer.status_code)


def test_a_verb_that_does_not_exist_is_not_found(day: Day, cast: Cast) -> None:
    day.registers()
    assert day.asks(cast.limin, "explode").status_code == 404


def test_what_was_typed_is_kept_with_the_reason_for_the_refusal(day: Day, cast: Cast) -> None:
    dispatched(day)
    page = day.is_refused(cast.chenjianguo, "refuse", department=ENGINEERING, reason="")
    assert "必填" in page or "这个字段" in page
    page = day.is_refused(
        cast.limin, "note", text="水漫到门口", happened="2027-01-01T00:00", tag="investigate"
    )
    assert "发生时间不能晚于现在" in page
    assert "水漫到门口" in page
    assert not day.case.journal.filter(verb="noted").exists()


def test_a_double_click_does_one_thing(day: Day, cast: Cast) -> None:
    dispatched(day)
    fields = {"key": "the-same", "department": ENGINEERING}
    for _time in range(2):
        assert day.sends(cast.chenjianguo, "accept", **fields).status_code == 302
    assert day.case.journal.filter(verb="accepted").count() == 1


def test_a_decision_on_an_old_page_is_refused_and_a_note_on_it_is_not(day: Day, cast: Cast) -> None:
    day.registers()
    seen = day.case.version
    day.does(cast.wangfang, "note", text="客户又来电")
    page = day.is_refused(cast.limin, "dispatch", version=seen, lead=ENGINEERING, note="先关总阀")
    assert "别人刚刚改过这件事" in page
    assert "先关总阀" in page
    day.does(cast.limin, "note", version=seen, text="已知道")


def test_a_dialog_gets_the_form_alone_and_is_sent_to_the_page_when_done(
    day: Day, cast: Cast
) -> None:
    day.registers()
    client = day.client(cast.limin)
    form = client.get(day.address("note"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in form
    sent = {"version": day.case.version, "key": "k", "text": "客户又来电"}
    answer = client.post(day.address("note"), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/cases/{day.case.number}"


# --- Who has it -----------------------------------------------------------------------------------


def test_the_regulation_proposes_the_department_that_leads_and_says_why(
    day: Day, cast: Cast
) -> None:
    day.registers()
    form = day.asks(cast.limin, "dispatch").content.decode()
    assert f'value="{ENGINEERING}"' in form
    chosen = form.partition("checked")[0].rpartition("value=")[2]
    assert ENGINEERING in chosen
    assert "漏水" in form


@pytest.mark.clause("S0-3.1-10")
def test_the_department_takes_it_and_reports_the_result_and_both_are_promised(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    assert promise(day, "instruction-taken", ENGINEERING).outcome == ""
    day.at("2026-11-19 09:30")
    day.does(cast.chenjianguo, "accept", department=ENGINEERING)
    assert promise(day, "instruction-taken", ENGINEERING).outcome == "met"
    day.does(cast.chenjianguo, "report-done", text="换了角阀")
    assert promise(day, "result-reported", ENGINEERING).outcome == "met"
    assert "已完成，请反馈客户：厨房水槽下面漏水，柜子湿了" in told(cast.limin)


def test_who_goes_there_has_taken_it(day: Day, cast: Cast) -> None:
    dispatched(day)
    day.at("2026-11-19 09:40")
    day.does(cast.chenjianguo, "arrive")
    assert day.case.status == "accepted"
    assert promise(day, "instruction-taken", ENGINEERING).outcome == "met"


@pytest.mark.clause("S0-3.3.4-1")
def test_a_refusal_keeps_the_work_where_it_is_until_the_manager_has_ruled(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    day.does(cast.chenjianguo, "refuse", department=ENGINEERING, reason="户内自购设备")
    assert day.case.department == cast.department("engineering")
    assert "退单待裁定：厨房水槽下面漏水，柜子湿了" in told(cast.zhoumin)
    assert "rule" not in offered(day.sees(cast.limin), day.case)
    page = day.sees(cast.zhoumin)
    assert big_button(page) == "裁定退单"
    day.does(
        cast.zhoumin, "rule", department=ENGINEERING, refusal_stands="no", reason="漏点在公共立管"
    )
    assert day.case.status == "accepted"
    assert day.case.parts.get().state == "accepted"


def test_a_refusal_that_stands_goes_to_the_department_named_with_its_own_full_time(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    day.does(cast.chenjianguo, "refuse", department=ENGINEERING, reason="绿化浇灌管")
    day.at("2026-11-19 14:00")
    day.does(
        cast.zhoumin, "rule", department=ENGINEERING, refusal_stands="yes", to=ENVIRONMENT,
        reason="属绿化",
    )  # fmt: skip
    assert day.case.department == cast.department("environment")
    assert day.case.status == "dispatched"
    assert promise(day, "instruction-taken", ENVIRONMENT).due_at == moment("2026-11-19 15:00")


def test_a_refusal_that_stands_without_another_department_brings_it_back_to_the_desk(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    day.does(cast.chenjianguo, "refuse", department=ENGINEERING, reason="不属物业")
    day.does(cast.zhoumin, "rule", department=ENGINEERING, refusal_stands="yes", reason="同意")
    assert day.case.status == "registered"
    assert day.case.department is None
    assert "dispatch" in offered(day.sees(cast.limin), day.case)


@pytest.mark.peers("T11")
def test_department_b_gets_its_own_full_time_after_a_transfer_and_the_customers_clock_runs_on(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    first = promise(day, "result-reported", ENGINEERING)
    contact = promise(day, "repair-first-contact")
    day.at("2026-11-20 10:00", "周五")
    day.does(cast.limin, "transfer", from_=ENGINEERING, to=ENVIRONMENT, reason="属绿化浇灌")
    second = promise(day, "result-reported", ENVIRONMENT)
    assert second.started_at == day.now
    assert (first.due_at, second.due_at) == (moment("2026-11-25 00:00"), moment("2026-11-26 00:00"))
    assert promise(day, "repair-first-contact").due_at == contact.due_at
    first.refresh_from_db()
    assert first.outcome == "waived"
    assert promise(day, "instruction-taken", ENGINEERING).outcome == "late"


def test_work_is_assigned_to_somebody_of_the_department_and_to_nobody_else(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    day.is_refused(cast.liuqiang, "assign", to=cast.limin.pk)
    day.does(cast.liuqiang, "assign", to=cast.chenjianguo.pk)
    assert day.case.assignee == cast.chenjianguo
    assert any("指派给您" in subject for subject in told(cast.chenjianguo))


@pytest.mark.clause("S0-3.1-1", "S0-3.1-5", "S0-3.1-6")
def test_there_is_one_owner_at_every_moment_who_may_have_another_do_it(
    day: Day, cast: Cast
) -> None:
    day.registers()
    day.is_refused(cast.limin, "delegate", to=cast.wangfang.pk, reason="")
    day.does(cast.limin, "delegate", to=cast.wangfang.pk, reason="轮休")
    assert (day.case.owner, day.case.delegate) == (cast.limin, cast.wangfang)
    assert "首问责任人 <strong>李敏</strong> · 代办人 <strong>王芳</strong>" in day.sees(cast.limin)
    day.is_refused(cast.wangfang, "hand-back", text="")
    day.does(cast.wangfang, "hand-back", text="已联系工程部，明早上门")
    assert (day.case.owner, day.case.delegate) == (cast.limin, None)
    assert any(subject.startswith("代办已交回") for subject in told(cast.limin))
    day.does(cast.zhoumin, "change-owner", to=cast.wangfang.pk, reason="李敏调岗")
    assert (day.case.owner, day.case.delegate) == (cast.wangfang, None)


# --- With the customer ----------------------------------------------------------------------------


def test_not_reaching_the_customer_keeps_no_promise(day: Day, cast: Cast) -> None:
    dispatched(day)
    day.does(cast.limin, "contact-customer", reached="no", channel="phone", text="无人接听")
    assert promise(day, "repair-first-contact").outcome == ""
    assert "没有联系上客户" in day.sees(cast.limin)
    day.does(cast.limin, "contact-customer", reached="yes", channel="phone", text="下午上门")
    assert promise(day, "repair-first-contact").outcome == "met"


@pytest.mark.clause("S2-A14-9")
def test_an_agreed_time_needs_consent_and_moves_only_the_promise_named(
    day: Day, cast: Cast
) -> None:
    dispatched(day, NOISE)
    same_day, response = (
        promise(day, "complaint-same-day"),
        promise(day, "complaint-first-response"),
    )
    day.at("2026-11-19 09:40")
    until = "2026-11-21T20:00"
    day.is_refused(cast.limin, "agree-promise", until=until, consent_by=" ", keys=[same_day.key])
    day.does(cast.limin, "agree-promise", until=until, consent_by="王女士", keys=[same_day.key])
    moved = promise(day, "complaint-same-day")
    assert moved.due_at == moment("2026-11-21 20:00", "周六")
    assert moved.first_due_at == same_day.due_at
    assert promise(day, "result-reported", ENGINEERING).due_at == moment("2026-11-25 00:00")
    assert promise(day, "complaint-first-response").due_at == response.due_at
    assert promise(day, "complaint-one-month").due_at == moment("2026-12-19 09:12")
    assert "原到期 11-20 00:00 仍在案" in day.sees(cast.limin)


def test_a_promise_that_does_not_move_is_not_offered_to_be_moved(day: Day, cast: Cast) -> None:
    day.registers(NOISE)
    form = day.asks(cast.limin, "agree-promise").content.decode()
    assert "complaint-same-day/1" in form
    assert "complaint-one-month/1" not in form
    day.is_refused(
        cast.limin, "agree-promise", until="2026-11-21T20:00", consent_by="王女士",
        keys=["complaint-one-month/1"],
    )  # fmt: skip


def test_urging_reaches_the_owner_and_the_department(day: Day, cast: Cast) -> None:
    dispatched(day)
    day.does(cast.wangfang, "urge", by_customer="yes", text="还在漏", said_by="王女士")
    for who in (cast.limin, cast.liuqiang):
        assert any(subject.startswith("催办") for subject in told(who)), who
    assert "王女士说的" in day.sees(cast.limin)


def test_who_said_it_and_who_typed_it_are_both_kept(day: Day, cast: Cast) -> None:
    finished(day)
    day.does(cast.limin, "feed-back", text="可以了", channel="phone", said_by="王女士的女儿")
    entry = day.case.journal.get(verb="fed-back")
    assert (entry.said_by, entry.by) == ("王女士的女儿", cast.limin)


# --- Waiting, asking, verifying -------------------------------------------------------------------


def test_waiting_needs_a_reason_and_beyond_the_hours_an_approval(day: Day, cast: Cast) -> None:
    dispatched(day)
    day.does(cast.chenjianguo, "accept", department=ENGINEERING)
    day.is_refused(cast.chenjianguo, "wait", reason="parts", text="")
    day.does(cast.chenjianguo, "wait", reason="parts", text="等角阀到货")
    assert (day.case.status, day.case.waiting_for) == ("waiting", "等配件")
    assert "report-done" not in offered(day.sees(cast.chenjianguo), day.case)
    assert big_button(day.sees(cast.zhoumin)) == "恢复处理"
    day.at("2026-11-20 09:00", "周五")
    assert big_button(day.sees(cast.zhoumin)) == "批准等待"
    assert "approve-wait" not in offered(day.sees(cast.limin), day.case)
    day.does(cast.zhoumin, "approve-wait", text="同意等到下周一")
    assert "approve-wait" not in offered(day.sees(cast.zhoumin), day.case)
    day.does(cast.chenjianguo, "resume", text="角阀到了")
    assert (day.case.status, day.case.waiting_for) == ("accepted", "")


@pytest.mark.clause("S0-3.3.2-2")
def test_what_one_cannot_decide_is_asked_upwards_and_the_answer_comes_back(
    day: Day, cast: Cast
) -> None:
    day.registers("请问装修押金什么时候退")
    day.does(cast.limin, "report-up", question="能否当天退？", to="cs_head")
    assert any(subject.startswith("请示") for subject in told(cast.sunli))
    assert "answer-question" not in offered(day.sees(cast.limin), day.case)
    day.does(cast.sunli, "answer-question", text="验收后三天内退")
    assert any(subject.startswith("请示已答复") for subject in told(cast.limin))
    assert "answer-question" not in offered(day.sees(cast.sunli), day.case)


@pytest.mark.clause("S2-A15-13", "S2-A15-14")
def test_nobody_verifies_their_own_work_and_what_does_not_stand_goes_back(
    day: Day, cast: Cast
) -> None:
    dispatched(day)
    day.does(cast.liuqiang, "accept", department=ENGINEERING)
    day.does(cast.liuqiang, "report-done", text="换了角阀")
    assert "verify" not in offered(day.sees(cast.liuqiang), day.case)
    assert day.asks(cast.liuqiang, "verify").status_code == 409
    day.is_refused(cast.zhoumin, "verify", ok="no", opinion="")
    day.does(cast.zhoumin, "verify", ok="no", opinion="仍在渗水")
    assert day.case.status == "accepted"
    assert day.case.done_at is None
    assert any(subject.startswith("验证未通过") for subject in told(cast.liuqiang))
    day.does(cast.liuqiang, "report-done", text="换了密封圈")
    day.does(cast.zhoumin, "verify", ok="yes", opinion="试水不漏")
    assert day.case.status == "done"


@pytest.mark.clause("S4-4.4.1a-0")
def test_whether_a_complaint_is_valid_is_decided_by_the_role_named_and_with_a_reason(
    day: Day, cast: Cast
) -> None:
    day.registers(NOISE)
    form = day.asks(cast.limin, "classify").content.decode()
    assert "由客服负责人、项目经理、公司客服组、总部客服确定" in form
    page = day.is_refused(cast.sunli, "classify", kind="complaint", validity="valid")
    assert "要写明意见" in page
    day.does(cast.sunli, "classify", kind="complaint", validity="valid", reason="巡查不到位")
    assert day.case.facts["validity"] == "valid"


def test_axes_that_do_not_speak_about_such_a_case_are_not_asked(day: Day, cast: Cast) -> None:
    day.registers()
    form = day.asks(cast.limin, "classify").content.decode()
    assert 'name="repair_class"' in form
    assert 'name="validity"' not in form


def test_urgency_is_raised_with_a_reason_and_lowered_with_another(day: Day, cast: Cast) -> None:
    day.registers()
    day.is_refused(cast.limin, "mark-urgent", reason="")
    day.does(cast.limin, "mark-urgent", reason="电箱旁边")
    assert day.case.urgent
    assert "mark-urgent" not in offered(day.sees(cast.limin), day.case)
    day.does(cast.limin, "lower-urgency", reason="已断电")
    assert not day.case.urgent


def test_details_are_added_later_and_copies_follow_only_while_they_were_empty(
    day: Day, cast: Cast
) -> None:
    day.registers(name="", customer=None)
    day.does(cast.limin, "add-details", name="王女士")
    assert day.case.customer_name == "王女士"
    assert 'name="name"' not in day.asks(cast.limin, "add-details").content.decode()


# --- Closing and opening again --------------------------------------------------------------------


def test_a_case_closes_when_nothing_is_missing(day: Day, cast: Cast) -> None:
    finished(day)
    day.does(cast.limin, "feed-back", text="已修好", channel="phone")
    assert "close" not in offered(day.sees(cast.limin), day.case)
    assert day.asks(cast.limin, "close").status_code == 409
    day.does(cast.liuqiang, "verify", ok="yes", opinion="试水不漏")
    day.does(cast.limin, "close")
    assert day.case.status == "closed"


@pytest.mark.peers("T16")
def test_an_unsatisfied_customer_is_not_closed_in_silence(day: Day, cast: Cast) -> None:
    finished(day)
    day.does(cast.liuqiang, "verify", ok="yes", opinion="试水不漏")
    day.does(cast.limin, "feed-back", text="说还在滴", channel="phone", result="unsatisfied")
    page = day.sees(cast.limin)
    assert "客户表示未解决" in page
    assert "close" not in offered(page, day.case)
    assert {"reopen"} <= offered(page, day.case)


@pytest.mark.peers("T20")
def test_an_assisting_department_that_is_not_done_keeps_the_case_open(day: Day, cast: Cast) -> None:
    dispatched(day, LEAK, SECURITY)
    day.does(cast.chenjianguo, "report-done", text="换了角阀")
    day.does(cast.liuqiang, "verify", ok="yes", opinion="好")
    day.does(cast.limin, "feed-back", text="已修好", channel="phone")
    page = day.sees(cast.limin)
    assert "协办部门已完成" in page
    assert "close" not in offered(page, day.case)
    day.does(cast.limin, "report-part-done", department=SECURITY, text="已清理通道")
    day.does(cast.limin, "close")
    assert day.case.status == "closed"


@pytest.mark.peers("T22")
def test_reopening_carries_reason_author_and_channel_and_begins_a_round_with_its_own_times(
    day: Day, cast: Cast
) -> None:
    closed(day)
    day.at("2026-11-20 10:00", "周五")
    day.is_refused(cast.wangfang, "reopen", reason="", channel="phone")
    day.is_refused(cast.wangfang, "reopen", reason="又漏了", channel="")
    day.does(cast.wangfang, "reopen", reason="又漏了", channel="phone", said_by="王女士")
    entry = day.case.journal.get(verb="reopened")
    assert (entry.by, entry.said_by) == (cast.wangfang, "王女士")
    assert (entry.data["reason"], entry.data["channel"]) == ("又漏了", "phone")
    assert (day.case.status, day.case.round, day.case.owner) == ("registered", 2, cast.limin)
    again = promise(day, "repair-first-contact", round_=2)
    assert again.due_at == moment("2026-11-20 11:00", "周五")
    assert "第 2 轮" in day.sees(cast.limin)


@pytest.mark.peers("T21")
def test_a_note_on_a_closed_case_reaches_a_person(day: Day, cast: Cast) -> None:
    closed(day)
    day.does(cast.wangfang, "note", text="客户说又有异响", said_by="王女士")
    assert day.case.status == "closed"
    assert any(subject.startswith("已关闭事项有新记录") for subject in told(cast.limin))


def test_a_mistaken_registration_is_voided_by_somebody_else(day: Day, cast: Cast) -> None:
    day.registers()
    day.does(cast.sunli, "request-void", reason="重复登记")
    assert day.asks(cast.sunli, "decide-void").status_code == 409
    day.is_refused(cast.limin, "dispatch", lead=ENGINEERING)
    day.does(cast.zhoumin, "decide-void", approve="no", reason="不是重复")
    assert day.case.status == "registered"
    day.does(cast.sunli, "request-void", reason="测试数据")
    day.does(cast.zhoumin, "decide-void", approve="yes")
    assert day.case.status == "void"
    assert not offered(day.sees(cast.limin), day.case)
