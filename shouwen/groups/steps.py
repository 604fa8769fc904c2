"""The table of steps with a group: of each its words, form and action, and when it is offered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.accounts.scope import Scope
from shouwen.groups import forms
from shouwen.groups.actions import answering, grouping
from shouwen.groups.models import GroupMatter, Statement
from shouwen.groups.queries import statement_of
from shouwen.rules.refused import Refused
from shouwen.services.steps import Step


def _open(matter: GroupMatter) -> bool:
    return matter.is_open


def _drafted(matter: GroupMatter) -> bool:
    waiting = matter.statements.filter(approved_at=None, returned_at=None)
    return matter.is_open and waiting.exists()


def _undrafted(matter: GroupMatter) -> bool:
    return matter.is_open and not _drafted(matter)


def _begin(
    *, proposed: forms.Proposed, by: Scope, at: datetime, cases: Any, title: str
) -> GroupMatter:
    return grouping.open_matter(cases=cases, title=title, by=by, at=at)


def _rule(
    *, matter: GroupMatter, statement: Statement | None, approve: bool, opinion: str, by: Scope,
    at: datetime,
) -> Statement:  # fmt: skip
    if statement is None:
        raise Refused("nothing-waits", "没有等待审批的口径，请先拟定。")
    return answering.rule_on_statement(
        statement=statement, approve=approve, opinion=opinion, by=by, at=at
    )


SORT, RULE, ANSWER = "case.classify", "case.rule", "case.feed-back"

OPEN = Step(
    "open", _("建立群体事项"), forms.OpenForm, _begin, "proposed", lambda about: True,
    _("已建立群体事项"), SORT,
)  # fmt: skip

#: In the order in which they are offered.
STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("draft", _("拟定统一口径"), forms.DraftForm, answering.draft_statement, "matter",
             _undrafted, _("已送审批"), RULE),
        Step("rule", _("审批口径"), forms.RuleForm, _rule, "matter", _drafted, _("已审批"), RULE),
        Step("speaker", _("指定回复专人"), forms.SpeakerForm, answering.name_speaker, "matter",
             _open, _("已指定回复专人"), RULE),
        Step("answer", _("统一回复"), forms.AnswerForm, answering.answer_all, "matter", _open,
             _("已回复，每件诉求各有记录"), ANSWER),
        Step("join", _("归入诉求"), forms.JoinForm, grouping.join, "matter", _open, _("已归入"),
             SORT),
        Step("leave", _("移出一件"), forms.LeaveForm, grouping.leave, "matter", _open,
             _("已移出"), SORT),
        Step("split", _("拆分"), forms.SplitForm, grouping.split, "matter", _open, _("已拆分"),
             SORT),
        Step("close", _("结束"), forms.CloseForm, grouping.close_matter, "matter", _open,
             _("群体事项已结束"), RULE),
    )
}  # fmt: skip


def offered(matter: GroupMatter, scope: Scope) -> list[Step]:
    """What this person may do with it now, the likely next step first."""
    found = [
        step
        for step in STEPS.values()
        if step.when(matter) and scope.can(step.right, matter.project)
    ]
    likely = _likely(matter)
    return sorted(found, key=lambda step: step.name != likely)


def _likely(matter: GroupMatter) -> str:
    """One wording, then one voice, then the answer; of a group that is not major the answer."""
    if _drafted(matter):
        return "rule"
    if matter.major_at and statement_of(matter) is None:
        return "draft"
    return "speaker" if matter.major_at and matter.speaker is None else "answer"
