"""One form for each verb: what it must be told, with the choices that the case leaves open."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import department_for, departments_of, people_below, staff_of
from shouwen.accounts.rights import ROLES
from shouwen.cases.actions.intake import Told
from shouwen.cases.actions.working import WAITING_REASONS
from shouwen.cases.forms.asking import (
    CHANNELS,
    DepartmentChoice,
    PersonChoice,
    VerbForm,
    departments,
    hide_if_single,
    picks,
    words,
)
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.rules.intake import DETAILS, route, wanted
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Axis
from shouwen.rules.vocabulary import NOTE_TAGS

YES_NO = {"yes": _("是"), "no": _("否")}
RESULTS = {
    "satisfied": _("满意，已解决"),
    "partly": _("部分解决"),
    "unsatisfied": _("未解决，不满意"),
}


class PlainForm(VerbForm):
    """Nothing but when it happened."""


class ReasonForm(VerbForm):
    reason = words(_("理由"))


class TextForm(VerbForm):
    text = words(_("内容"))


class UndatedReasonForm(ReasonForm):
    dated = False


class UndatedTextForm(TextForm):
    dated = False


# --- What it is -----------------------------------------------------------------------------------


class DetailsForm(VerbForm):
    """The details that the regulation wants; name, phone and address while they are empty."""

    dated = False

    def arrange(self) -> None:
        case = self.standing.case
        copies = {
            "name": case.customer_name,
            "phone": case.customer_phone,
            "room": case.address,
        }
        given = _details_given(self)
        _ticks, names = wanted(self.standing.rulebook, self.standing.state.facts)
        for name in dict.fromkeys([*copies, *names]):
            if name != "scan" and not copies.get(name):
                self.fields[name] = forms.CharField(
                    label=DETAILS.get(name, name),
                    required=False,
                    max_length=120,
                    initial=given.get(name, ""),
                )

    def arguments(self) -> dict[str, Any]:
        return {"details": {name: value for name, value in super().arguments().items() if value}}


def _details_given(form: VerbForm) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for entry in form.standing.entries:
        given.update(entry.data.get("details", {}))
    return given


class TickForm(VerbForm):
    dated = False
    ticks = forms.MultipleChoiceField(label=_("已经确认"), widget=forms.CheckboxSelectMultiple)

    def arrange(self) -> None:
        lines = open_ticks(self)
        self.fields["ticks"].choices = lines  # type: ignore[attr-defined]  # of a choice field


def open_ticks(form: VerbForm) -> list[tuple[str, str]]:
    """What the regulation wants confirmed and nobody has yet."""
    standing = form.standing
    done = {t for entry in standing.entries for t in entry.data.get("ticks", ())}
    ticks, _details = wanted(standing.rulebook, standing.state.facts)
    return [(tick, title) for tick, title, _clause in ticks if tick not in done]


class ClassifyForm(VerbForm):
    """Every axis that speaks about such a case; what others decide is shown and not asked."""

    extras: ClassVar[tuple[str, ...]] = (
        "happened",
        "event_type",
        "event_cause",
        "form",
        "occasion",
    )
    reason = words(_("意见"), rows=2, required=False)

    def arrange(self) -> None:
        facts = self.standing.state.facts
        self.axes = [
            axis
            for _regulation, axis in self.standing.rulebook.axes()
            if axis.matches(facts) and axis.id != "source"
        ]
        for axis in self.axes:
            self.fields[axis.id] = picks(
                axis.title,
                {value.code: value.name for value in axis.values},
                required=False,
                initial=facts.get(axis.id, ""),
                disabled=not self._may_decide(axis),
                help_text=self._note(axis),
            )
        self.order_fields([*(axis.id for axis in self.axes), "reason"])

    def _may_decide(self, axis: Axis) -> bool:
        standing = self.standing
        roles = set(standing.scope.roles(standing.case.project))
        own = standing.scope.staff.number in standing.state.handlers
        return not (
            (axis.decided_by and not roles & set(axis.decided_by))
            or (axis.never_by == "handler" and own)
            or (axis.never_by == "accused" and standing.accused)
        )

    def _note(self, axis: Axis) -> str:
        names = "、".join(ROLES[role].name for role in axis.decided_by if role in ROLES)
        who = f"由{names}确定" if names and not self._may_decide(axis) else ""
        reason = "要写意见" if axis.reason and not who else ""
        return " · ".join(filter(None, (axis.clause, who, reason)))

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        chosen = {axis.id: given.pop(axis.id) for axis in self.axes}
        return {**given, "facts": {axis: value for axis, value in chosen.items() if value}}


class UrgentForm(ReasonForm):
    urgent: ClassVar[bool] = True

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "urgent": self.urgent}


class NotUrgentForm(UrgentForm):
    urgent = False


# --- Who does it ----------------------------------------------------------------------------------


class DispatchForm(VerbForm):
    """The department that leads is proposed by the regulation; later calls add assisting ones."""

    lead = DepartmentChoice(_("主办部门"), widget=forms.RadioSelect)
    assist = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(),
        label=_("协办部门"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    note = words(_("交代的话"), rows=2, required=False)
    notified_by = picks(
        _("怎么通知的"),
        {"system": _("系统"), "phone": _("电话"), "radio": _("对讲机"), "face": _("当面")},
        required=False,
    )

    def arrange(self) -> None:
        standing = self.standing
        free = departments_of(standing.case.project).exclude(code__in=list(standing.state.parts))
        self.fields["assist"].queryset = free  # type: ignore[attr-defined]  # of a model choice
        if standing.state.lead:
            del self.fields["lead"]
            return
        self.fields["lead"].queryset = free  # type: ignore[attr-defined]  # of a model choice
        self._propose()

    def _propose(self) -> None:
        standing = self.standing
        found = route(standing.rulebook, standing.state.facts, standing.case.text)
        if found is None:
            return
        lead = department_for(standing.case.project, found.lead)
        why = "、".join(f"“{word}”" for word in found.words)
        self.fields["lead"].initial = lead.code if lead else None
        self.fields["lead"].help_text = " · ".join(filter(None, (found.title, found.clause, why)))
        helpers = [department_for(standing.case.project, name) for name in found.assist]
        self.fields["assist"].initial = [unit.code for unit in helpers if unit]

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "lead": given.get("lead"), "assist": list(given["assist"])}


class PartForm(VerbForm):
    """A verb of one department: which one is asked only where there are several."""

    states: ClassVar[tuple[str, ...]] = ("sent",)
    department = DepartmentChoice(_("部门"))

    def arrange(self) -> None:
        parts = self.standing.state.parts
        codes = [
            code
            for code, part in parts.items()
            if part.state in self.states and self._offers(code, lead=part.lead)
        ]
        self.fields["department"].queryset = departments(self.standing, codes)  # type: ignore[attr-defined]  # of a model choice
        hide_if_single(self, "department", codes)

    def _offers(self, code: str, *, lead: bool) -> bool:
        return self.standing.may_act_for(code)


class AcceptForm(PartForm):
    pass


class RefuseForm(PartForm):
    states = ("sent", "accepted")
    reason = words(_("退单理由"), help_text=_("由上一级裁定；裁定前仍由本部门负责"))


class RuleForm(PartForm):
    states = ("refused",)
    refusal_stands = picks(_("裁定"), {"no": _("退单不成立，由该部门办理"), "yes": _("退单成立")})
    to = DepartmentChoice(_("退单成立时改派到"), required=False)
    reason = words(_("裁定依据"))

    def arrange(self) -> None:
        super().arrange()
        standing = self.standing
        others = departments_of(standing.case.project).exclude(code__in=list(standing.state.parts))
        self.fields["to"].queryset = others  # type: ignore[attr-defined]  # of a model choice
        self.fields["to"].widget = forms.RadioSelect(choices=self.fields["to"].choices)  # type: ignore[attr-defined]  # of a model choice

    def _offers(self, code: str, *, lead: bool) -> bool:
        return True

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "refusal_stands": given["refusal_stands"] == "yes"}


class TransferForm(VerbForm):
    from_ = DepartmentChoice(_("从"))
    to = DepartmentChoice(_("转到"), widget=forms.RadioSelect)
    reason = words(_("转派理由"), help_text=_("新部门从现在起有完整的时限；对客户的时限照走"))

    def arrange(self) -> None:
        standing = self.standing
        codes = [code for code, part in standing.state.parts.items() if part.state != "done"]
        self.fields["from_"].queryset = departments(standing, codes)  # type: ignore[attr-defined]  # of a model choice
        hide_if_single(self, "from_", codes)
        self.fields["to"].queryset = departments_of(standing.case.project).exclude(  # type: ignore[attr-defined]  # of a model choice
            code__in=list(standing.state.parts)
        )


class AssignForm(VerbForm):
    to = PersonChoice(_("指派给"))

    def arrange(self) -> None:
        case, at = self.standing.case, self.standing.at
        found = staff_of(case.department, at) if case.department else []
        people = people_below(case.project, at).filter(pk__in=[person.pk for person in found])
        self.fields["to"].queryset = people  # type: ignore[attr-defined]  # of a model choice


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


class DelegateForm(UndatedReasonForm):
    to = PersonChoice(_("委托给"))
    reason = words(_("原因"), rows=2, help_text=_("首问责任人不变，代办人办完要交回"))
    field_order = ("to", "reason")

    def arrange(self) -> None:
        self.fields["to"].queryset = people_below(  # type: ignore[attr-defined]  # of a model choice
            self.standing.case.project, self.standing.at
        ).exclude(pk=self.standing.case.owner_id)


class ChangeOwnerForm(DelegateForm):
    to = PersonChoice(_("新的首问责任人"))
    reason = words(_("原因"), rows=2)


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
