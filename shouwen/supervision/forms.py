"""What is asked for when a case is handed over, a question asked or answered, a finding written."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import departments_of
from shouwen.cases.forms.asking import DepartmentChoice, picks, words
from shouwen.cases.models import Case
from shouwen.rules.matters import DETAILS, KINDS, MATTER_NAMES, VERDICTS, Kind
from shouwen.supervision.models import Matter, RegionAction


class KindForm(forms.Form):
    """One kind of matter alone: the agenda of the meeting, what the company was asked."""

    kind = forms.ChoiceField(
        label=_("种类"),
        required=False,
        choices=[("", _("种类")), *MATTER_NAMES.items()],
        widget=forms.Select(attrs={"class": "form-select", "aria-label": _("种类")}),
    )

    @property
    def chosen(self) -> str:
        return self.cleaned_data["kind"] if self.is_valid() else ""


class SentOnce(forms.Form):
    """A form that a second sending does not do twice."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_urlsafe(16)


def _field(name: str) -> forms.Field:
    """A detail as a field. Whether it is there is the action's to judge, beside its clause."""
    detail = DETAILS[name]
    if detail.shape == "moment":
        return MomentField(label=detail.title, required=detail.needed)
    if detail.shape == "verdict":
        return picks(detail.title, VERDICTS)
    return words(detail.title, rows=2, required=detail.needed)


class HandForm(SentOnce):
    """To whom, what for, by when, under which number of ours."""

    to = DepartmentChoice(_("交给谁处理"), widget=forms.RadioSelect)
    text = words(_("要求"))
    due = MomentField(
        label=_("要求回复的时间"), required=False, help_text=_("对方要在这之前回复，另成一条承诺。")
    )
    sender_number = forms.CharField(label=_("我方编号"), max_length=60, required=False)
    told_only = forms.BooleanField(label=_("只告知，不用回复"), required=False)

    def __init__(self, *args: Any, below: list[OrgUnit], **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not below:
            del self.fields["to"]
            return
        units = OrgUnit.objects.filter(pk__in=[unit.pk for unit in below]).order_by("-path")
        self.fields["to"].queryset = units  # type: ignore[attr-defined] # of a model choice
        self.fields["to"].initial = below[0].code

    @property
    def said(self) -> dict[str, Any]:
        """What the action is given."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return {"reply_owed": not typed.pop("told_only"), **typed}


class AskForm(SentOnce):
    """The text of a question, and what its kind asks besides."""

    text = words("")
    departments = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(),
        label=_("请哪些部门"),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, kind: str, case: Case, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind: Kind = KINDS[kind]
        self.fields["text"].label = self.kind.text
        for name in self.kind.asks:
            self.fields[name] = _field(name)
        if self.kind.departments:
            self.fields["departments"].queryset = _near(case)  # type: ignore[attr-defined] # of a model choice
        else:
            del self.fields["departments"]

    @property
    def said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "text": typed["text"],
            "departments": list(typed.get("departments", ())),
            "details": {name: typed[name] for name in self.kind.asks if typed[name]},
        }


def _near(case: Case) -> QuerySet[OrgUnit]:
    """Departments of the project, and of its company and group (brand, finance)."""
    kinds = [OrgUnit.Kind.DEPARTMENT, OrgUnit.Kind.TEAM]
    above = Q(project=None, company=case.company_id) | Q(
        project=None, company=None, group=case.group_id
    )
    here = Q(project=case.project_id) | above
    return OrgUnit.objects.filter(here, kind__in=kinds, closed_at=None).order_by("-path")


class AnswerForm(forms.Form):
    """The answer, and what its kind wants to know besides."""

    text = words(_("答复"))

    def __init__(self, *args: Any, matter: Matter, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind = KINDS.get(matter.kind, Kind(matter.title, answer="处理结果"))
        self.fields["text"].label = self.kind.answer
        for name in self.kind.answers:
            self.fields[name] = _field(name)
        if "department" in self.fields:
            self._offer_departments(matter)

    def _offer_departments(self, matter: Matter) -> None:
        choice = DepartmentChoice(DETAILS["department"].title, widget=forms.RadioSelect)
        choice.queryset = departments_of(matter.project)
        self.fields["department"] = choice

    @property
    def said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        told = [name for name in self.kind.answers if name != "department"]
        return {
            "text": typed["text"],
            "department": typed.get("department"),
            "details": {name: typed[name] for name in told if typed[name]},
        }


class WithdrawForm(forms.Form):
    """Why nobody needs to answer any more."""

    reason = words(_("撤回原因"))


class PatrolForm(SentOnce):
    """What a resident said, where, and who said it, as far as known."""

    text = words(_("住户说了什么"))
    place = forms.CharField(label=_("在哪里"), max_length=120, required=False)
    name = forms.CharField(label=_("怎么称呼"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    happened = MomentField(
        label=_("什么时候听到的"), required=False, help_text=_("刚刚听到的不用填")
    )


class GuideForm(forms.Form):
    """One of the five actions of the group in a region."""

    company = DepartmentChoice(_("地区公司"))
    kind = picks(_("监督方式"), dict(RegionAction.Kind.choices))
    on = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    finding = words(_("发现"))

    def __init__(self, *args: Any, companies: QuerySet[OrgUnit], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["company"].queryset = companies  # type: ignore[attr-defined] # of a model choice


class RespondForm(forms.Form):
    """The region's answer to a finding."""

    action = forms.IntegerField(widget=forms.HiddenInput)
    text = words(_("答复"), rows=2)
