"""The handover with its defects, the round of a patrol, the roster."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.forms.asking import picks
from shouwen.estate.models import Unit
from shouwen.estate.queries import resolve_unit
from shouwen.repairs.actions.finding import SIZES, Found, Looked
from shouwen.repairs.models import TRADES
from shouwen.rules.case_kinds import Checklist

#: Defects that one form takes; a second form goes on.
DEFECTS = 6


class HandoverForm(forms.Form):
    """Several defects at once; lines without words are left out."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    room = forms.CharField(label=_("房号"), max_length=40, help_text=_("例如 3栋2单元501"))
    with_whom = forms.CharField(label=_("业主或代理人"), max_length=60)
    happened = MomentField(label=_("验房时间"), required=False, help_text=_("刚刚验的不用填"))

    def __init__(self, *args: Any, project: OrgUnit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.project = project
        self.fields["key"].initial = secrets.token_urlsafe(16)
        for n in range(DEFECTS):
            self.fields[f"place-{n}"] = forms.CharField(
                label=_("部位"), required=False, max_length=40
            )
            self.fields[f"text-{n}"] = forms.CharField(
                label=_("缺陷"), required=False, max_length=200
            )
            self.fields[f"size-{n}"] = forms.ChoiceField(
                label=_("大小"), choices=list(SIZES.items()), initial="small", required=False
            )

    @property
    def head_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("room", "with_whom", "happened")]

    @property
    def lines(self) -> list[tuple[forms.BoundField, ...]]:
        return [
            tuple(self[f"{name}-{n}"] for name in ("place", "text", "size")) for n in range(DEFECTS)
        ]

    def clean_room(self) -> Unit:
        unit = resolve_unit(self.project, self.cleaned_data["room"])
        if unit is None:
            raise forms.ValidationError(_("没有找到这个房号，请核对。"))
        return unit

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for n in range(DEFECTS):
            if told.get(f"place-{n}") and not told.get(f"text-{n}"):
                self.add_error(f"text-{n}", str(_("请写缺陷。")))
        return told

    def found(self) -> list[Found]:
        told = self.cleaned_data
        return [
            Found(told[f"place-{n}"], told[f"text-{n}"], told[f"size-{n}"] or "small")
            for n in range(DEFECTS)
            if told[f"text-{n}"]
        ]


class PatrolForm(forms.Form):
    """Every line of the checklist is looked at; what is amiss says what and where."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    area = forms.CharField(label=_("区域"), required=False, max_length=60)
    happened = MomentField(label=_("巡查时间"), required=False, help_text=_("刚刚巡查的不用填"))

    def __init__(self, *args: Any, rule: Checklist, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.rule = rule
        self.fields["key"].initial = secrets.token_urlsafe(16)
        for item in rule.items:
            self.fields[f"ok-{item.id}"] = picks(item.title, {"yes": _("正常"), "no": _("不正常")})
            self.fields[f"note-{item.id}"] = forms.CharField(
                label=_("发现了什么、在哪里"), required=False, max_length=200
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"ok-{item.id}"], self[f"note-{item.id}"]) for item in self.rule.items]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for item in self.rule.items:
            if told.get(f"ok-{item.id}") == "no" and not told.get(f"note-{item.id}"):
                self.add_error(f"note-{item.id}", str(_("不正常的要写明发现了什么、在哪里。")))
        return told

    def looked(self) -> list[Looked]:
        told = self.cleaned_data
        return [
            Looked(item.id, told[f"ok-{item.id}"] == "yes", told[f"note-{item.id}"])
            for item in self.rule.items
        ]


class DutyForm(forms.Form):
    """Somebody on duty from a moment to a moment."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label=_("值班人"), empty_label=None)
    starts = MomentField(label=_("自"))
    ends = MomentField(label=_("至"))
    head = forms.BooleanField(label=_("当值负责人"), required=False)

    def __init__(self, *args: Any, people: Iterable[Staff], **rest: Any) -> None:
        super().__init__(*args, **rest)
        rows = Staff.objects.filter(pk__in=[person.pk for person in people]).order_by("number")
        self.fields["staff"].queryset = rows  # type: ignore[attr-defined] # a ModelChoiceField
        self.fields["staff"].label_from_instance = lambda person: person.name  # type: ignore[attr-defined] # a ModelChoiceField


class SkillsForm(forms.Form):
    trades = forms.MultipleChoiceField(
        label=_("工种"), required=False, choices=list(TRADES.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
