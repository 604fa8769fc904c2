"""What is asked for when a complaint is graded, an event followed, a risk or a warning met."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import people_reaching
from shouwen.accounts.rights import FUNCTIONS, ROLES
from shouwen.adoption.queries import rulebook
from shouwen.cases.forms.asking import PersonChoice, picks, words
from shouwen.cases.queries import as_entries, journal
from shouwen.majors.actions.following import SIDES
from shouwen.majors.actions.foreseeing import LEVELS
from shouwen.majors.models import SECTIONS, Opinion
from shouwen.rules.grades import AXIS, criteria, open_proposal, rank
from shouwen.rules.regulation import Rulebook
from shouwen.services.forms.asking import StepForm, line

WHAT = {"notice": _("当即告知"), "report": _("专项报告")}


def _values(rules: Rulebook, axis: str) -> dict[str, str]:
    found = rules.axis(axis)
    return {value.code: value.name for value in found[1].values} if found else {}


def _ask(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    form.fields[name].choices = list(choices)  # type: ignore[attr-defined] # a ChoiceField


class PlainForm(StepForm):
    """Nothing is asked: the button is enough."""


class ReasonForm(StepForm):
    reason = words(_("理由"))


class TextForm(StepForm):
    text = words(_("内容"))


# --- Grading --------------------------------------------------------------------------------------


class JudgeForm(StepForm):
    """The criteria that somebody must judge, each with its clause, and what can be counted."""

    claim = line(_("客户索赔金额（元）"), 40, required=False)
    households = forms.IntegerField(
        label=_("同一问题共几户提出"), required=False, min_value=1, max_value=9999
    )

    def arrange(self) -> None:
        rules = rulebook(self.about.rulebook_id)
        for _regulation, rule in criteria(rules, self.about.facts):
            if rule.when == "asked":
                self.fields[f"judged-{rule.id}"] = forms.BooleanField(
                    label=rule.title, required=False, help_text=rule.clause
                )
        ticks = [name for name in self.fields if name.startswith("judged-")]
        self.order_fields([*ticks, "claim", "households"])

    def arguments(self) -> dict[str, Any]:
        told = self.cleaned_data
        judged = {
            name.removeprefix("judged-"): yes
            for name, yes in told.items()
            if name.startswith("judged-") and yes
        }
        return {"judged": judged, "claim": told["claim"], "households": told["households"] or 0}


class RuleForm(StepForm):
    """How grave it is: never lower than it stands."""

    grade = picks(_("投诉程度"), {})
    reason = words(_("裁定意见"), rows=3)

    def arrange(self) -> None:
        rules, facts = rulebook(self.about.rulebook_id), self.about.facts
        now = rank(rules, facts.get(AXIS))
        _ask(self, "grade", [p for p in _values(rules, AXIS).items() if rank(rules, p[0]) >= now])
        proposed = open_proposal(as_entries(journal(self.about)), rules, facts)
        self.fields["grade"].initial = proposed.data["grade"] if proposed else facts.get(AXIS)
        if proposed:
            self.fields["grade"].help_text = proposed.data["text"]


class LowerForm(StepForm):
    """To which lower grade, and why."""

    grade = picks(_("降为"), {})
    reason = words(_("为什么可以降级"), rows=3)

    def arrange(self) -> None:
        rules = rulebook(self.about.rulebook_id)
        now = rank(rules, self.about.facts.get(AXIS))
        _ask(self, "grade", [p for p in _values(rules, AXIS).items() if rank(rules, p[0]) < now])


class ApproveForm(StepForm):
    ok = picks(_("裁定"), {"yes": _("同意降级"), "no": _("不同意")})
    reason = words(_("理由"), rows=3)

    def arguments(self) -> dict[str, Any]:
        return {"ok": self.cleaned_data["ok"] == "yes", "reason": self.cleaned_data["reason"]}


class OpenForm(StepForm):
    """Why it is a major event, and of which type."""

    event_type = forms.ChoiceField(label=_("事件类型"), required=False)
    reason = words(_("列为重大事件的原因"), rows=3)

    def arrange(self) -> None:
        rules = rulebook(self.about.rulebook_id)
        _ask(self, "event_type", [("", _("未定")), *_values(rules, "event_type").items()])


class PressForm(StepForm):
    medium = line(_("哪家媒体、何人"), 60)
    text = words(_("问了什么、在哪里、怎样联系"), rows=3)


class SpeakForm(StepForm):
    medium = line(_("对谁发言"), 60)
    text = words(_("发言内容"))


class MeetingForm(StepForm):
    held_at = MomentField(label=_("开会时间"))
    attendees = line(_("参会人"), 300)
    decision = words(_("决议、措施"))


# --- Events ---------------------------------------------------------------------------------------


class CauseForm(StepForm):
    cause = picks(_("事件原因"), {}, required=False)
    event_type = picks(_("事件类型"), {}, required=False)

    def arrange(self) -> None:
        rules = rulebook(self.about.rulebook_id)
        _ask(self, "cause", _values(rules, "event_cause").items())
        _ask(self, "event_type", _values(rules, "event_type").items())
        self.fields["cause"].initial = self.about.cause
        self.fields["event_type"].initial = self.about.event_type


class ReportForm(StepForm):
    """The four sections. Some may be left for later: only sending wants them all."""

    def arrange(self) -> None:
        for name, title in SECTIONS.items():
            written = getattr(self.about, name)
            self.fields[name] = words(title, rows=5, required=False, initial=written)


class PersonForm(StepForm):
    """Somebody of the project, or of the company and group themselves; no other project's."""

    person = "owner"

    def arrange(self) -> None:
        people = people_reaching(self.about.project, self.at, group=True)
        self.fields[self.person].queryset = people  # type: ignore[attr-defined] # a ModelChoiceField


class JoinForm(PersonForm):
    person = "staff"
    staff = PersonChoice(_("成员"))
    side = picks(_("身份"), SIDES)


class OpinionForm(StepForm):
    said_by = line(_("哪个上级单位"), 80)
    text = words(_("处理意见与改进措施"))


class PlanForm(PersonForm):
    text = line(_("要做什么"), 300)
    owner = PersonChoice(_("负责人"))
    due_at = MomentField(label=_("最晚完成"))
    opinion = forms.ModelChoiceField(
        Opinion.objects.none(),
        label=_("落实哪条上级意见"),
        required=False,
        empty_label=_("处理小组的措施"),
    )

    def arrange(self) -> None:
        super().arrange()
        self.fields["opinion"].queryset = self.about.opinions.all()  # type: ignore[attr-defined] # a ModelChoiceField


class FinishForm(StepForm):
    proof = words(_("完成情况和凭据"), rows=3)


class ReceiveForm(StepForm):
    received_by = line(_("对方签收人"), 60, required=False)

    def arrange(self) -> None:
        if self.about.to:
            del self.fields["received_by"]


class CloseForm(StepForm):
    text = words(_("事件怎样结束"), rows=3)


# --- The matrix, risks, warnings ------------------------------------------------------------------


class LineForm(StepForm):
    """One line of the matrix; `about` is the companies and groups that one may write for."""

    unit = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("单位"), empty_label=None)
    grade = forms.ChoiceField(label=_("级别"))
    to = forms.ChoiceField(label=_("报送岗位"), required=False)
    body = line(_("或外部单位"), 80, required=False)
    hours = forms.IntegerField(label=_("几小时内"), min_value=1, max_value=720)
    what = picks(_("内容"), WHAT, initial="notice")

    def arrange(self) -> None:
        self.fields["unit"].queryset = self.about.units  # type: ignore[attr-defined] # a ModelChoiceField
        _ask(self, "grade", self.about.grades.items())
        roles = [(code, role.name) for code, role in ROLES.items()]
        _ask(self, "to", [("", _("请选择")), *roles, *FUNCTIONS.items()])


class RiskForm(StepForm):
    """A risk with its plan; `about` is where one may register it and who may own it."""

    unit = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("单位"), empty_label=None)
    title = line(_("风险"), 80)
    trigger = line(_("什么情况下发生"), 200)
    level = picks(_("等级"), LEVELS)
    owner = PersonChoice(_("负责人"))
    plan = words(_("应急预案"), rows=6)
    next_drill_at = MomentField(label=_("下次演练"), required=False)

    def arrange(self) -> None:
        self.fields["unit"].queryset = self.about.units  # type: ignore[attr-defined] # a ModelChoiceField
        self.fields["owner"].queryset = self.about.people  # type: ignore[attr-defined] # a ModelChoiceField


class DrillForm(StepForm):
    kind = picks(_("类别"), {"drill": _("演练"), "real": _("实际启动")})
    held_at = MomentField(label=_("时间"))
    text = words(_("经过和要改进的"), rows=4)
    next_drill_at = MomentField(label=_("下次演练"), required=False)


class RespondForm(StepForm):
    text = words(_("怎样应对"), rows=4)
