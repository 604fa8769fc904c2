"""What is told of the customer, the work, its end, and of cases that belong together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.rights import ROLES
from shouwen.cases.actions.intake import Told
from shouwen.cases.actions.working import WAITING_REASONS
from shouwen.cases.forms.asking import (
    CHANNELS,
    TextForm,
    UndatedTextForm,
    VerbForm,
    picks,
    words,
)
from shouwen.cases.forms.handing import PartForm
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.rules.refused import Refused
from shouwen.rules.vocabulary import NOTE_TAGS

RESULTS = {
    "satisfied": _("满意，已解决"),
    "partly": _("部分解决"),
    "unsatisfied": _("未解决，不满意"),
}


# --- With the customer ----------------------------------------------------------------------------


class ContactForm(VerbForm):
    quoted = True
    reached = picks(
        _("联系上了吗"), {"yes": _("联系上了"), "no": _("没接通，没见到")}, initial="yes"
    )
    channel = picks(_("方式"), CHANNELS, initial="phone")
    text = words(_("说了什么"))
    tag = picks(
        _("其中有"),
        {tag: NOTE_TAGS[tag] for tag in ("explain", "soothe", "apologise")},
        required=False,
    )

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "reached": given["reached"] == "yes"}


class AgreeForm(VerbForm):
    """Which promises the new time moves: only movable ones that run, and no other."""

    until = MomentField(label=_("约定到"))
    consent_by = forms.CharField(label=_("哪位客户同意的"), max_length=60)
    keys = forms.MultipleChoiceField(
        label=_("改哪一项承诺"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只移动选中的；原到期时间仍在案"),
    )
    text = words(_("怎么说的"), rows=2, required=False)

    def arrange(self) -> None:
        rules = self.standing.rules
        movable = [
            (row.key, row.title)
            for row in self.standing.running
            if getattr(rules.get(row.rule), "moves", False)
        ]
        self.fields["consent_by"].initial = self.standing.case.customer_name
        self.fields["keys"].choices = movable  # type: ignore[attr-defined]  # of a choice field
        if len(movable) == 1:
            self.fields["keys"].initial = [movable[0][0]]
        if not movable:
            del self.fields["keys"]


class FeedBackForm(VerbForm):
    quoted = True
    filed = True
    text = words(_("处理结果，怎么告诉客户的"))
    channel = picks(_("方式"), CHANNELS, initial="phone")
    result = picks(_("客户怎么看"), RESULTS, required=False)


class ReplyForm(VerbForm):
    filed = True
    text = words(_("回复内容"))
    channel = picks(_("方式"), CHANNELS, initial="platform")


class UrgeForm(VerbForm):
    quoted = True
    by_customer = picks(_("谁在催"), {"yes": _("客户催办"), "no": _("我们督促")}, initial="yes")
    text = words(_("说了什么"), rows=3)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "by_customer": given["by_customer"] == "yes"}


# --- The work -------------------------------------------------------------------------------------


class ArriveForm(VerbForm):
    pass


class WaitForm(VerbForm):
    reason = picks(_("等什么"), dict(WAITING_REASONS))
    text = words(_("在等什么，已经做了什么"))
    until = MomentField(label=_("预计到"), required=False)

    def arrange(self) -> None:
        stops = [row.title for row in self.standing.running if self._pauses(row.rule)]
        said = f"停表：{'、'.join(stops)}；其余照走" if stops else "没有会停表的承诺，时限都照走"
        self.fields["reason"].help_text = said

    def _pauses(self, rule: str) -> bool:
        return bool(getattr(self.standing.rules.get(rule), "pauses", False))


class ApproveWaitForm(UndatedTextForm):
    text = words(_("批准意见"), rows=2, required=False)


class ResumeForm(TextForm):
    text = words(_("现在怎样"), rows=2, required=False)


class NoteForm(VerbForm):
    extras = ("happened", "said_by")
    quoted = True
    filed = True
    text = words(_("内容"))
    tag = picks(_("这是"), NOTE_TAGS, required=False)
    signed = forms.BooleanField(label=_("已由负责人签字"), required=False)


class QuestionForm(VerbForm):
    question = words(_("请示什么"))
    to = picks(
        _("请示谁"),
        {role: ROLES[role].name for role in ("cs_head", "project_manager", "company_cs")},
        initial="cs_head",
    )


class AnswerForm(TextForm):
    text = words(_("答复"))


class DoneForm(VerbForm):
    extras = ("happened",)
    filed = True
    text = words(_("处理结果"))
    signed = forms.BooleanField(label=_("客户已在单上签名"), required=False)


class PartDoneForm(PartForm):
    extras = ("happened",)
    states = ("sent", "accepted")
    filed = True
    text = words(_("做了什么"))

    def _offers(self, code: str, *, lead: bool) -> bool:
        return not lead and self.standing.may_act_for(code)


class VerifyForm(VerbForm):
    extras = ("happened",)
    filed = True
    ok = picks(_("结果"), {"yes": _("通过"), "no": _("不通过，继续处理")})
    opinion = words(_("验证意见"))

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "ok": given["ok"] == "yes"}


# --- Its end, and others like it ------------------------------------------------------------------


class CloseForm(VerbForm):
    text = words(_("备注"), rows=2, required=False)


class ReopenForm(VerbForm):
    quoted = True
    extras = ("happened",)
    reason = words(_("为什么重新打开"))
    channel = picks(_("怎么提出的"), CHANNELS, initial="phone")


def _case_of_number(form: VerbForm, name: str) -> Case:
    """The case whose number was typed, among those that this person may see."""
    try:
        return get_case(form.standing.scope, form.cleaned_data[name].strip())
    except Refused as refused:
        raise forms.ValidationError(refused.sentence, refused.code) from refused


class LinkForm(VerbForm):
    dated = False
    other = forms.CharField(label=_("另一件的编号"), max_length=30)

    def clean_other(self) -> Case:
        return _case_of_number(self, "other")


class MergeForm(VerbForm):
    dated = False
    into = forms.CharField(
        label=_("并入哪一件（编号）"),
        max_length=30,
        help_text=_("内容、客户和附件都保留，两件互相看得到；统计时仍各算一件来电"),
    )
    reason = words(_("为什么是同一件事"), rows=2)

    def clean_into(self) -> Case:
        return _case_of_number(self, "into")


class SplitForm(VerbForm):
    dated = False
    text = words(_("拆出来的这一件是什么事"))

    def arrange(self) -> None:
        known = self.standing.rulebook.axis("kind")
        if known:
            self.fields["kind"] = picks(
                known[1].title,
                {value.code: value.name for value in known[1].values},
                required=False,
                help_text=_("不选则按内容判断"),
            )

    def arguments(self) -> dict[str, Any]:
        facts = {"kind": self.cleaned_data.get("kind", "")}
        return {"told": Told(text=self.cleaned_data["text"], facts=facts)}


class DecideVoidForm(VerbForm):
    dated = False
    approve = picks(_("决定"), {"yes": _("同意作废"), "no": _("不同意")})
    reason = words(_("理由"), rows=2, required=False)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "approve": given["approve"] == "yes"}
