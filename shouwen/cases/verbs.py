"""The table of verbs: of each its words, form, right and action, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.cases.actions import (
    classifying,
    closing,
    contacting,
    dispatching,
    intake,
    linking,
    ownership,
    working,
)
from shouwen.cases.forms import asking, describing, handing
from shouwen.cases.forms import verbs as forms
from shouwen.cases.forms.asking import VerbForm
from shouwen.cases.standing import Standing
from shouwen.rules.intake import wanted
from shouwen.rules.lifecycle import FED_BACK, REGISTERED, require_allowed
from shouwen.rules.refused import Refused

When = Callable[[Standing], bool]


def always(standing: Standing) -> bool:
    return True


@dataclass(frozen=True)
class Verb:
    """One thing that can be done with a case."""

    name: str
    title: Any
    entry: str
    """The journal's verb: the lifecycle and the regulation speak about that one."""
    right: str
    form: type[VerbForm]
    act: Callable[..., Any]
    when: When = always
    """What the lifecycle does not know: whether there is anything to choose, for this person."""
    careful: bool = False
    """It decides something: refused when somebody changed the case since the form was opened.
    What only adds to the story never collides."""
    done: Any = ""
    """What the next page says."""
    short: Any = ""
    """The word on a big button, where the title is too long or too thin."""

    @property
    def button(self) -> Any:
        return self.short or self.title

    def require(self, standing: Standing) -> None:
        """Refuse, saying why, what may not follow now or not by this person."""
        standing.scope.require(self.right, standing.case.project)
        require_allowed(standing.state, self.entry, {})
        standing.require_permitted(self.entry)
        if not self.when(standing):
            raise Refused(f"{self.name}-not-now", f"现在没有要“{self.title}”的，请看最新情况。")

    def offered(self, standing: Standing) -> bool:
        try:
            self.require(standing)
        except Refused:
            return False
        return True


def _has_part(*states: str, assisting: bool = False) -> When:
    """A department that this person acts for has its part in one of these states."""
    return lambda standing: any(
        part.state in states and standing.may_act_for(code) and not (assisting and part.lead)
        for code, part in standing.state.parts.items()
    )


def _any_part(*states: str) -> When:
    return lambda standing: any(part.state in states for part in standing.state.parts.values())


def _ticks_open(standing: Standing) -> bool:
    ticks, _details = wanted(standing.rulebook, standing.state.facts)
    given = {tick for entry in standing.entries for tick in entry.data.get("ticks", ())}
    return any(tick not in given for tick, *_rest in ticks)


def _may_dispatch(standing: Standing) -> bool:
    return not standing.state.lead or standing.state.status != REGISTERED


def _not_own_work(standing: Standing) -> bool:
    return standing.scope.staff.number not in standing.state.handlers


def _complete(standing: Standing) -> bool:
    return standing.state.status == FED_BACK and not standing.open_lines()


def _is_owner(standing: Standing) -> bool:
    me = standing.scope.staff.number
    return me in (standing.state.owner, standing.state.delegate) or standing.scope.can(
        "case.rule", standing.case.project
    )


def _is_delegate(standing: Standing) -> bool:
    state = standing.state
    return state.delegate == standing.scope.staff.number or (
        bool(state.delegate) and standing.scope.can("case.rule", standing.case.project)
    )


def _decides_void(standing: Standing) -> bool:
    asked = [e.by for e in standing.entries if e.verb == "void-requested"]
    return standing.state.void_requested and asked[-1] != standing.scope.staff.number


def _does_the_work(standing: Standing) -> bool:
    """The leading department, the desk, or nobody was dispatched and the desk settles it itself."""
    return not standing.state.lead or standing.may_act_for(standing.state.lead)


TABLE: tuple[Verb, ...] = (
    Verb("dispatch", _("派单"), "dispatched", "case.dispatch", handing.DispatchForm,
         dispatching.dispatch, _may_dispatch, careful=True, done=_("已派单")),
    Verb("accept", _("接单"), "accepted", "case.work", handing.AcceptForm,
         dispatching.accept, _has_part("sent"), done=_("已接单")),
    Verb("refuse", _("退单"), "refused", "case.work", handing.RefuseForm,
         dispatching.refuse, _has_part("sent", "accepted"), careful=True,
         done=_("已退单，等上一级裁定")),
    Verb("rule", _("裁定退单"), "ruled", "case.rule", handing.RuleForm,
         dispatching.rule, _any_part("refused"), careful=True, done=_("已裁定")),
    Verb("assign", _("指派到人"), "assigned", "case.work", handing.AssignForm,
         dispatching.assign, _does_the_work, careful=True, done=_("已指派")),
    Verb("transfer", _("转派"), "transferred", "case.dispatch", handing.TransferForm,
         dispatching.transfer, _any_part("sent", "accepted", "refused"), careful=True,
         done=_("已转派")),
    Verb("arrive", _("到场"), "arrived", "case.work", forms.ArriveForm,
         working.arrive, _does_the_work, done=_("已记到场"), short=_("我已到场")),
    Verb("contact-customer", _("联系客户"), "customer-contacted", "case.work", forms.ContactForm,
         contacting.contact_customer, done=_("已记下联系"), short=_("记录联系客户")),
    Verb("agree-promise", _("约定时间"), "promise-agreed", "case.work", forms.AgreeForm,
         contacting.agree_promise, careful=True, done=_("已约定")),
    Verb("note", _("记录"), "noted", "case.work", forms.NoteForm, working.note,
         done=_("已记录"), short=_("补充记录")),
    Verb("wait", _("等待"), "waiting", "case.work", forms.WaitForm,
         working.wait, careful=True, done=_("已转入等待")),
    Verb("approve-wait", _("批准等待"), "wait-approved", "case.rule", forms.ApproveWaitForm,
         working.approve_wait, lambda s: not s.wait_approved, careful=True, done=_("已批准等待")),
    Verb("resume", _("恢复处理"), "resumed", "case.work", forms.ResumeForm,
         working.resume, careful=True, done=_("已恢复处理")),
    Verb("report-part-done", _("协办完成"), "part-done", "case.work", forms.PartDoneForm,
         working.report_part_done, _has_part("sent", "accepted", assisting=True),
         done=_("协办已完成")),
    Verb("report-done", _("完成"), "done", "case.work", forms.DoneForm,
         working.report_done, _does_the_work, careful=True, done=_("已报完成"),
         short=_("完成，报处理结果")),
    Verb("verify", _("验证"), "verified", "case.verify", forms.VerifyForm,
         working.verify, _not_own_work, careful=True, done=_("已验证"), short=_("验证处理结果")),
    Verb("feed-back", _("反馈客户"), "fed-back", "case.feed-back", forms.FeedBackForm,
         contacting.feed_back, careful=True, done=_("已记下反馈"), short=_("记录对客户的答复")),
    Verb("reply-to-sender", _("回复转办单位"), "replied-sender", "case.feed-back", forms.ReplyForm,
         contacting.reply_to_sender, lambda s: bool(s.state.facts.get("transferred")),
         done=_("已回复转办单位")),
    Verb("close", _("关闭"), "closed", "case.close", forms.CloseForm,
         closing.close, _complete, careful=True, done=_("已关闭")),
    Verb("reopen", _("重新打开"), "reopened", "case.close", forms.ReopenForm,
         closing.reopen, careful=True, done=_("已重新打开，进入新一轮")),
    Verb("urge", _("催办"), "urged", "contact.register", forms.UrgeForm, contacting.urge,
         done=_("已催办")),
    Verb("report-up", _("请示上级"), "reported", "case.work", forms.QuestionForm,
         working.report_up, done=_("已请示")),
    Verb("answer-question", _("答复请示"), "answered", "case.rule", forms.AnswerForm,
         working.answer_question, lambda s: s.situation.asked, done=_("已答复")),
    Verb("classify", _("分类"), "classified", "case.classify", describing.ClassifyForm,
         classifying.classify, careful=True, done=_("已分类")),
    Verb("tick", _("确认事项"), "ticked", "case.work", describing.TickForm, intake.tick,
         _ticks_open, done=_("已确认")),
    Verb("add-details", _("补充信息"), "detailed", "case.work", describing.DetailsForm,
         intake.add_details, done=_("已补充")),
    Verb("mark-urgent", _("标为紧急"), "marked-urgent", "case.work", describing.UrgentForm,
         classifying.mark_urgent, lambda s: not s.state.facts.get("urgent"), careful=True,
         done=_("已标为紧急")),
    Verb("lower-urgency", _("不再紧急"), "marked-urgent", "case.classify", describing.NotUrgentForm,
         classifying.mark_urgent, lambda s: bool(s.state.facts.get("urgent")), careful=True,
         done=_("已改为不紧急")),
    Verb("delegate", _("委托代办"), "delegated", "case.work", handing.DelegateForm,
         ownership.delegate, _is_owner, careful=True, done=_("已委托，首问责任人不变")),
    Verb("hand-back", _("交回首问责任人"), "handed-back", "case.work", asking.UndatedTextForm,
         ownership.hand_back, _is_delegate, done=_("已交回")),
    Verb("change-owner", _("更换首问责任人"), "owner-changed", "case.rule", handing.ChangeOwnerForm,
         ownership.change_owner, careful=True, done=_("已更换首问责任人")),
    Verb("link", _("关联"), "linked", "case.work", forms.LinkForm, linking.link, done=_("已关联")),
    Verb("merge", _("并入另一件"), "merged", "case.dispatch", forms.MergeForm,
         linking.merge, done=_("已并入")),
    Verb("split", _("拆出一件"), "split", "case.dispatch", forms.SplitForm,
         linking.split, done=_("已拆出")),
    Verb("request-void", _("申请作废"), "void-requested", "case.work", asking.UndatedReasonForm,
         closing.request_void, lambda s: not s.state.void_requested, careful=True,
         done=_("已申请作废")),
    Verb("decide-void", _("批准作废"), "voided", "case.void", forms.DecideVoidForm,
         closing.decide_void, _decides_void, careful=True, done=_("已决定")),
)  # fmt: skip

VERBS: dict[str, Verb] = {verb.name: verb for verb in TABLE}


def offered(standing: Standing) -> list[Verb]:
    """Everything that this person may do with the case now, in the order of the table."""
    return [verb for verb in TABLE if verb.offered(standing)]
