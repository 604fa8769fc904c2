"""The table of steps: on a complaint, an event, what must be sent, what must be done, a risk, a
warning. Each with its words, form, action, and when it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.majors import forms
from shouwen.majors.actions import events, following, foreseeing, grading, reporting, speaking
from shouwen.majors.models import EarlyWarning, EventAction, Risk, Sending
from shouwen.majors.queries import event_of
from shouwen.rules.grades import is_grave, open_downgrade
from shouwen.rules.refused import Refused
from shouwen.services.steps import Step

#: Sources whose cases go the way of the press, or of an authority (二，S1): the press follows where
#: an authority went, and neither is answered by whoever happens to be there.
IN_PUBLIC = frozenset(
    {"media", "government", "consumer-association", "industry-commerce", "discipline"}
)
RULE, SEE = "case.rule", "case.view"


def _is_complaint(case: Case) -> bool:
    return case.is_open and case.kind == "complaint"


def _is_grave(case: Case) -> bool:
    return _is_complaint(case) and is_grave(rulebook(case.rulebook_id), case.facts)


def lowering(case: Case) -> Any:
    """The request to lower its grade that waits for a ruling."""
    return open_downgrade(as_entries(journal(case)))


def _no_event(case: Case) -> bool:
    return case.status not in (Case.Status.MERGED, Case.Status.VOID) and event_of(case) is None


def _is_open(record: Any) -> bool:
    return bool(record.is_open)


CASE_STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("judge", _("核对定级情形"), forms.JudgeForm, grading.answer, "case", _is_complaint,
             _("已核对"), "case.classify"),
        Step("rule", _("裁定投诉程度"), forms.RuleForm, grading.rule_grade, "case", _is_complaint,
             _("已裁定"), "case.classify"),
        Step("lower", _("申请降级"), forms.LowerForm, grading.ask_downgrade, "case", _is_grave,
             _("已提交，等上级裁定"), "case.classify"),
        Step("approve", _("裁定降级"), forms.ApproveForm, grading.rule_downgrade, "case",
             lambda case: bool(lowering(case)), _("已裁定"), RULE),
        Step("event", _("列为重大事件"), forms.OpenForm, events.open_event, "case", _no_event,
             _("已列为重大事件"), RULE),
        Step("press", _("媒体来访，通知品牌部"), forms.PressForm, speaking.tell_brand, "case",
             _is_open, _("已通知品牌部和领导"), "contact.register"),
        Step("speak", _("记录对外发言"), forms.SpeakForm, speaking.speak, "case", _is_open,
             _("已记录"), SEE),
        Step("resolve", _("记录会议决议"), forms.MeetingForm, following.resolve, "case", _is_open,
             _("已记录会议决议"), RULE),
    )
}  # fmt: skip


def offered(case: Case) -> list[Step]:
    """The steps that a case page offers, the most likely first."""
    source = str(case.facts.get("source") or case.source)
    names = ["judge", "rule", "lower", "event"] if case.kind == "complaint" else []
    names += ["press", "speak", "resolve"] if source in IN_PUBLIC else []
    return [step for name in names if (step := CASE_STEPS[name]).when(case)]


EVENT_STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("cause", _("事件原因、类型"), forms.CauseForm, events.set_cause, "event", _is_open,
             _("已保存"), RULE),
        Step("report", _("写专项报告"), forms.ReportForm, events.draft_report, "event", _is_open,
             _("已保存"), RULE),
        Step("send", _("上报专项报告"), forms.PlainForm, events.send_report, "event", _is_open,
             _("已上报"), RULE),
        Step("join", _("加入处理小组"), forms.JoinForm, following.join, "event", _is_open,
             _("已加入"), RULE),
        Step("meet", _("记录会议"), forms.MeetingForm, following.meet, "event", _is_open,
             _("已记录会议"), RULE),
        Step("opinion", _("记录上级意见"), forms.OpinionForm, following.record_opinion, "event",
             _is_open, _("已记录"), RULE),
        Step("plan", _("安排措施"), forms.PlanForm, following.plan, "event", _is_open,
             _("已安排"), RULE),
        Step("close", _("结束事件"), forms.CloseForm, events.close_event, "event", _is_open,
             _("事件已结束"), RULE),
    )
}  # fmt: skip
#: The company's and not the project's.
OF_COMPANY = frozenset({"send", "close"})
#: Members of the task force do these too.
OF_MEMBERS = frozenset({"meet", "plan"})


def _unsent(sending: Sending) -> bool:
    return sending.sent_at is None and sending.what == "notice" and sending.event.is_open


def _unreceived(sending: Sending) -> bool:
    return sending.sent_at is not None and sending.received_at is None


SENDING_STEPS: dict[str, Step] = {
    "tell": Step("tell", _("已告知"), forms.PlainForm, reporting.send_notice, "sending", _unsent,
                 _("已记录报送"), RULE),
    "receive": Step("receive", _("签收"), forms.ReceiveForm, reporting.acknowledge, "sending",
                    _unreceived, _("已签收"), SEE),
}  # fmt: skip


def _undone(action: EventAction) -> bool:
    return action.done_at is None and action.event.is_open


FINISH = Step("finish", _("完成措施"), forms.FinishForm, following.finish, "action", _undone,
              _("已完成"), RULE)  # fmt: skip


def _is_running(risk: Risk) -> bool:
    return risk.closed_at is None


RISK_STEPS: dict[str, Step] = {
    "drill": Step("drill", _("记录演练或启动"), forms.DrillForm, foreseeing.drill, "risk",
                  _is_running, _("已记录"), RULE),
    "close": Step("close", _("解除风险"), forms.PlainForm, foreseeing.close_risk, "risk",
                  _is_running, _("已解除"), RULE),
}  # fmt: skip


def _unanswered(warning: EarlyWarning) -> bool:
    return warning.answered_at is None


RESPOND = Step("respond", _("应对预警"), forms.RespondForm, foreseeing.respond, "warning",
               _unanswered, _("已记录应对"), RULE)  # fmt: skip


def _add_line(about: Writing, **said: Any) -> None:
    reporting.add_line(**said)


def _register_risk(about: Writing, **said: Any) -> None:
    foreseeing.register_risk(**said)


@dataclass(frozen=True)
class Writing:
    """What a new line or risk may be written for."""

    units: QuerySet[OrgUnit]
    people: QuerySet[Staff]
    grades: dict[str, str]
    pk: int = 0


ADD_LINE = Step("line", _("加一条报送规定"), forms.LineForm, _add_line, "about", bool,
                _("已加入"), RULE)  # fmt: skip
REGISTER_RISK = Step("risk", _("登记风险"), forms.RiskForm, _register_risk, "about", bool,
                     _("已登记"), RULE)  # fmt: skip


def asked_step(steps: Mapping[str, Step], name: str) -> Step:
    """The step that an address names."""
    if name not in steps:
        raise Refused("not-found", "没有这一步，请用页面上的按钮办理。")
    return steps[name]
