"""What is asked for at each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import departments_of, people_below
from shouwen.cases.forms.asking import picks, words
from shouwen.learning.actions.collecting import DECISIONS
from shouwen.learning.actions.praising import KINDS
from shouwen.learning.actions.proposing import Found
from shouwen.learning.models import Correction, Roll, Suggestion, TypicalCase
from shouwen.rules.corrections import quarter_of
from shouwen.rules.vocabulary import HOUSE_PARTS
from shouwen.services.forms.asking import StepForm, day, line
from shouwen.services.forms.frontdesk import RoomField, room_of

#: What people bring up; the others the program finds.
TRIGGERS = {
    trigger.value: trigger.label
    for trigger in (
        Correction.Trigger.CLUSTER,
        Correction.Trigger.SWING,
        Correction.Trigger.SURVEY,
        Correction.Trigger.PATROL,
        Correction.Trigger.OTHER,
    )
}
YES_NO = {"yes": _("是"), "no": _("否")}


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    """Somebody of a project."""

    def __init__(self, form: StepForm, project: OrgUnit, label: Any, **rest: Any) -> None:
        rows = people_below(project, form.at)
        super().__init__(rows, label=label, empty_label=_("请选择"), **rest)

    def label_from_instance(self, obj: Staff) -> str:
        return f"{obj.name} {obj.number}"


class DepartmentField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def __init__(self, project: OrgUnit, **rest: Any) -> None:
        rows = departments_of(project)
        super().__init__(rows, label=_("部门"), required=False, empty_label=_("不选"), **rest)

    def label_from_instance(self, obj: OrgUnit) -> str:
        return obj.name


def _due(label: Any, *, required: bool = True, **rest: Any) -> MomentField:
    return MomentField(label=label, required=required, **rest)


# --- Corrections ----------------------------------------------------------------------------------


class FoundForm(StepForm):
    """`about` is a project, or a case."""

    trigger = picks(_("来由"), TRIGGERS, initial="cluster")
    title = line(_("问题"), 80)
    problem = words(_("不合格事实"), help_text=_("时间、地点、几户、依据"))

    def arguments(self) -> dict[str, Any]:
        return {"found": Found(**super().arguments())}


class FoundOnCaseForm(FoundForm):
    def arrange(self) -> None:
        self.fields["title"].initial = self.about.title


class TextForm(StepForm):
    text = words(_("内容"))


class OpinionForm(TextForm):
    text = words(_("审核意见"))


class WhyNotForm(TextForm):
    text = words(_("不立项的理由"))


class OpenForm(StepForm):
    """`about` is the correction."""

    due = _due(_("整改期限"))
    text = words(_("要求"), rows=3, required=False)

    def arrange(self) -> None:
        self.fields["owner"] = PersonField(self, self.about.project, _("责任人"))
        self.fields["department"] = DepartmentField(self.about.project)
        self.order_fields(["owner", "department", "due", "text"])


class PlanForm(StepForm):
    cause = words(_("原因"), help_text=_("为什么会发生，不只是谁没做到"))
    measure = words(_("纠正措施"), help_text=_("这一次怎样改正"))
    prevention = words(_("预防措施"), help_text=_("怎样不再发生"))

    def arrange(self) -> None:
        for name in ("cause", "measure", "prevention"):
            self.fields[name].initial = getattr(self.about, name)


class MoveForm(StepForm):
    due = _due(_("新的期限"))
    text = words(_("改期的理由"), rows=2)


class FinishForm(TextForm):
    text = words(_("做了什么"))


class VerifyForm(StepForm):
    ok = picks(_("措施都落实了"), YES_NO)
    text = words(_("验证情况"))
    check_due = _due(_("什么时候检查效果"), required=False, help_text=_("不填为 30 天后"))

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {**told, "ok": told["ok"] == "yes"}


class CheckForm(StepForm):
    effective = picks(_("没有再发生"), YES_NO)
    text = words(_("效果如何"))
    due = _due(_("新的整改期限"), required=False, help_text=_("又发生时填"))

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {**told, "effective": told["effective"] == "yes"}


# --- Suggestions ----------------------------------------------------------------------------------


class DecideForm(StepForm):
    decision = picks(_("决定"), {d.value: d.label for d in Suggestion.Decision if d.value})
    reason = words(_("可行性分析或理由"), rows=3, required=False)
    plan = words(_("整改措施"), rows=3, required=False, help_text=_("写了措施才能张榜公布"))


class PostForm(StepForm):
    where = line(_("公布在哪里"), 100)
    until = day(_("公布到"), required=False)


class RollForm(StepForm):
    """`about` is the project."""

    kind = picks(_("名单"), dict(Roll.Kind.choices), initial="honour")
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=9999)

    def arrange(self) -> None:
        self.fields["year"].initial = localdate(self.at).year


class PlainForm(StepForm):
    """Nothing more is asked."""


class AwardForm(StepForm):
    award = line(_("表扬奖励"), 120)

    def arrange(self) -> None:
        self.fields["award"].initial = self.about.award


# --- Praise ---------------------------------------------------------------------------------------


class PraiseForm(StepForm):
    """`about` is the case."""

    kind = picks(_("评价"), KINDS, initial="praise")
    text = words(_("说了什么"), rows=3)

    def arrange(self) -> None:
        self.fields["staff"] = PersonField(self, self.about.project, _("员工"))
        self.fields["text"].initial = self.about.text
        self.order_fields(["kind", "staff", "text"])


class PatrolForm(StepForm):
    """`about` is the project."""

    kind = picks(_("评价"), KINDS, initial="praise")
    text = words(_("说了什么"), rows=3)
    said_by = line(_("住户"), required=False)
    unit = RoomField(required=False)

    def arrange(self) -> None:
        self.fields["staff"] = PersonField(self, self.about, _("说的是谁"), required=False)
        self.fields["department"] = DepartmentField(self.about)
        self.order_fields(["kind", "staff", "department", "text", "said_by", "unit"])

    def clean_unit(self) -> Any:
        told = self.cleaned_data["unit"]
        return room_of(self.about, told) if told else None


# --- Typical cases, quality -----------------------------------------------------------------------


class TypicalForm(StepForm):
    """`about` is the case."""

    title = line(_("标题"), 80)
    story = words(_("经过"))
    lesson = words(_("教训与做法"))

    def arrange(self) -> None:
        self.fields["title"].initial, self.fields["story"].initial = (
            self.about.title,
            self.about.text,
        )


class SubmitForm(StepForm):
    """`about` is the project."""

    def arrange(self) -> None:
        company = self.about.company_id
        rows = TypicalCase.objects.filter(company=company, submitted_at=None)
        quarters = sorted(set(rows.order_by().values_list("quarter", flat=True)), reverse=True)
        known = {quarter: quarter for quarter in quarters or [quarter_of(localdate(self.at))]}
        self.fields["quarter"] = picks(_("季度"), known, initial=next(iter(known)))


class DefectForm(StepForm):
    """`about` is a project, or a case."""

    part = picks(_("产品/部位"), HOUSE_PARTS)
    defect = line(_("缺陷"), 60)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=100_000, initial=1)
    text = words(_("说明"), rows=3, required=False)


class SendForm(StepForm):
    to = line(_("反馈给谁"), initial=_("集团设计/工程"))


class ConcludeForm(StepForm):
    decision = picks(_("结论"), DECISIONS)
    change = words(_("产品改进或理由"), rows=3)
