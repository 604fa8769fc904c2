"""The table of steps: of each its words, form and action, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.learning import forms
from shouwen.learning.actions import collecting, correcting, praising, proposing, rolls, suggesting
from shouwen.learning.models import Correction, ProductFeedback, Roll, RollLine, Suggestion
from shouwen.rules import corrections as rules
from shouwen.services.steps import Step, When

LEADS, JUDGES, SEE = correcting.LEADS, correcting.JUDGES, "case.view"


def _table(*steps: Step) -> dict[str, Step]:
    return {step.name: step for step in steps}


def _always(_record: Any) -> bool:
    return True


# --- Corrections ----------------------------------------------------------------------------------


def _of_correction(
    name: str, title: Any, form: Any, act: Callable[..., Any], done: Any, right: str = LEADS
) -> Step:
    def when(correction: Correction) -> bool:
        return name in rules.FOLLOWS[correction.state]

    return Step(name, title, form, act, "correction", when, done, right)


#: What its owner does needs no right but to see it; the action asks who he is.
OF_OWNER = ("plan", "finish")
CORRECTION_STEPS = _table(
    _of_correction("review", _("审核"), forms.OpinionForm, correcting.review, _("已审核")),
    _of_correction("open", _("立项"), forms.OpenForm, correcting.open_correction, _("已立项")),
    _of_correction("plan", _("写原因和措施"), forms.PlanForm, correcting.plan, _("已保存"), SEE),
    _of_correction("finish", _("报完成"), forms.FinishForm, correcting.finish, _("已报完成"), SEE),
    _of_correction("verify", _("验证"), forms.VerifyForm, correcting.verify, _("已验证"), JUDGES),
    _of_correction(
        "check", _("检查效果"), forms.CheckForm, correcting.check, _("已记录效果"), JUDGES
    ),
    _of_correction("move", _("改期"), forms.MoveForm, correcting.move, _("已改期")),
    _of_correction("dismiss", _("不立项"), forms.WhyNotForm, correcting.dismiss, _("已决定不立项")),
)


def offered(correction: Correction, scope: Scope) -> list[Step]:
    """What somebody may do with it now, what brings it on first."""
    owns = correction.owner_id == scope.staff.pk
    leads = scope.can(LEADS, correction.project)
    found = [
        step
        for step in CORRECTION_STEPS.values()
        if step.when(correction)
        and scope.can(step.right, correction.project)
        and (owns or leads or step.name not in OF_OWNER)
        and not (owns and step.name in ("verify", "check", "move"))
        and not (step.name == "review" and correction.reviewed_at)
        and not (step.name == "open" and _waits_for_another(correction, scope))
    ]
    planned = bool(correction.cause)
    return sorted(found, key=lambda step: planned and step.name == "plan")


def _waits_for_another(correction: Correction, scope: Scope) -> bool:
    """Still to be reviewed, or reviewed by the same person."""
    return correction.trigger in rules.REVIEWED_FIRST and correction.reviewed_by_id in (
        None,
        scope.staff.pk,
    )


BRING_UP = Step(
    "bring-up", _("提出纠正预防"), forms.FoundForm, proposing.propose, "project", _always,
    _("已提出，请主管审核"), "case.work",
)  # fmt: skip


# --- Suggestions and lists ------------------------------------------------------------------------


def _undecided(suggestion: Suggestion) -> bool:
    return suggestion.case.is_open


def _has_plan(suggestion: Suggestion) -> bool:
    return suggestion.decision in Suggestion.TAKEN_UP and bool(suggestion.plan)


SUGGESTION_STEPS = _table(
    Step("decide", _("决定采纳与否"), forms.DecideForm, suggesting.decide, "suggestion",
         _undecided, _("已决定，请电话告知业主"), LEADS),
    Step("post", _("公布整改措施"), forms.PostForm, suggesting.post_plan, "suggestion", _has_plan,
         _("已记录公布"), LEADS),
)  # fmt: skip

DRAW_UP = Step(
    "draw-up", _("生成名单"), forms.RollForm, rolls.draw_up, "project", _always, _("已生成名单"),
    LEADS,
)  # fmt: skip


def _unapproved(roll: Roll) -> bool:
    return roll.approved_at is None


ROLL_STEPS = _table(
    Step("approve", _("批准名单"), forms.PlainForm, rolls.approve, "roll", _unapproved,
         _("已批准"), rolls.APPROVES),
    Step("post", _("公布名单"), forms.PostForm, rolls.post, "roll",
         lambda roll: not _unapproved(roll), _("已记录公布"), LEADS),
)  # fmt: skip


def _untold(line: RollLine) -> bool:
    return line.roll.approved_at is not None and line.told_at is None


LINE_STEPS = _table(
    Step("award", _("写表扬奖励"), forms.AwardForm, rolls.award, "line",
         lambda line: _unapproved(line.roll), _("已保存"), LEADS),
    Step("told", _("已告知住户"), forms.PlainForm, rolls.told, "line", _untold, _("已记录告知"),
         "case.feed-back"),
)  # fmt: skip


# --- From a case ----------------------------------------------------------------------------------


def _kept(case: Case) -> bool:
    return case.status not in (Case.Status.VOID, Case.Status.MERGED)


def _complaint(case: Case) -> bool:
    return _kept(case) and case.kind == "complaint"


def _on_case(
    name: str, title: Any, form: Any, act: Callable[..., Any], when: When, done: Any, right: str
) -> Step:
    return Step(name, title, form, act, "case", when, done, right)


CASE_STEPS = _table(
    _on_case("praise", _("记入员工评价"), forms.PraiseForm, praising.link_praise,
             lambda case: _kept(case) and case.kind == "praise", _("已记入员工评价"),
             "case.classify"),
    _on_case("correct", _("提出纠正预防"), forms.FoundOnCaseForm, proposing.propose_on, _complaint,
             _("已提出，请主管审核"), LEADS),
    _on_case("typical", _("收入典型案例"), forms.TypicalForm, collecting.choose,
             lambda case: _complaint(case) and not hasattr(case, "typical"), _("已收入典型案例"),
             LEADS),
    _on_case("defect", _("产品质量反馈"), forms.DefectForm, collecting.note_defect_on,
             lambda case: _kept(case) and case.kind in ("complaint", "repair"),
             _("已登记产品质量反馈"), "case.dispatch"),
)  # fmt: skip


# --- Lists ----------------------------------------------------------------------------------------


ON_PATROL = Step(
    "patrol", _("记住户评价"), forms.PatrolForm, praising.record_praise, "project", _always,
    _("已记下"), "contact.register",
)  # fmt: skip
SUBMIT = Step(
    "submit", _("上报本季度案例"), forms.SubmitForm, collecting.submit, "project", _always,
    _("已上报集团"), LEADS,
)  # fmt: skip
NOTE_DEFECT = Step(
    "defect", _("登记产品缺陷"), forms.DefectForm, collecting.note_defect, "project", _always,
    _("已登记"), "case.dispatch",
)  # fmt: skip


def _unsettled(feedback: ProductFeedback) -> bool:
    return feedback.sent_at is not None and feedback.decision in ("", "watched")


DEFECT_STEPS = _table(
    Step("send", _("反馈给开发商"), forms.SendForm, collecting.send_defect, "feedback",
         lambda feedback: feedback.sent_at is None, _("已记录反馈"), LEADS),
    Step("conclude", _("记结论"), forms.ConcludeForm, collecting.conclude_defect, "feedback",
         _unsettled, _("已记录结论"), LEADS),
)  # fmt: skip


def may(steps: Iterable[Step], record: Any, scope: Scope, project: Any) -> list[Step]:
    """Those that are offered to somebody now."""
    return [step for step in steps if scope.can(step.right, project) and step.when(record)]
