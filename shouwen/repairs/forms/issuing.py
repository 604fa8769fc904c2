"""A new order of a case."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import department_for, departments_of
from shouwen.adoption.queries import rulebook
from shouwen.cases.forms.asking import picks, words
from shouwen.cases.models import Case
from shouwen.repairs.forms.folding import Folding
from shouwen.repairs.models import CLASSES, TRADES
from shouwen.rules.orders import RANGES
from shouwen.rules.vocabulary import HOUSE_PARTS


class IssueForm(Folding):
    """What is to be done, where, by which trade; most of it is known from the case."""

    extras = ("text", "department", "optional", "happened")

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title = forms.CharField(label=_("维修项目"), max_length=80)
    range = picks(_("范围"), RANGES)
    work_class = picks(_("等级"), CLASSES, required=False)
    trade = picks(_("工种"), TRADES, required=False)
    part = picks(_("部位"), HOUSE_PARTS, required=False, help_text=_("决定是否还在开发商保修期内"))
    materials = forms.CharField(label=_("拟领材料"), required=False, max_length=300)
    text = words(_("说明"), rows=2, required=False)
    department = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("承办部门"), to_field_name="code", empty_label=None
    )
    optional = forms.BooleanField(
        label=_("非必办"), help_text=_("没完工也可以关闭事项"), required=False
    )
    happened = MomentField(label=_("开单时间"), required=False, help_text=_("刚刚开的不用填"))

    def __init__(self, *args: Any, case: Case, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_urlsafe(16)
        scope = case.facts.get("scope", "home" if case.unit_id else "public")
        self.fields["range"].initial = scope
        self.fields["work_class"].initial = case.facts.get("repair_class", "")
        self.fields["title"].initial = case.title
        self.fields["work_class"].choices = [("", _("不选")), *_classes(case)]  # type: ignore[attr-defined] # a ChoiceField
        field = self.fields["department"]
        field.queryset = departments_of(case.project)  # type: ignore[attr-defined] # a ModelChoiceField
        field.initial = case.department or department_for(case.project, "engineering")

    def arguments(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        told["mandatory"] = not told.pop("optional")
        return told


def _classes(case: Case) -> list[tuple[str, str]]:
    """The classes that the case's regulations know, else all of them."""
    found = rulebook(case.rulebook_id).axis("repair_class")
    if found is None:
        return list(CLASSES.items())
    return [(value.code, value.name) for value in found[1].values if value.code in CLASSES]
