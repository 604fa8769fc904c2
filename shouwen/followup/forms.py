"""What is asked for: the filters of the list, a record, an attempt, visitors, a further matter."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import Staff
from shouwen.cases.files import ACCEPT
from shouwen.cases.forms.asking import picks, words
from shouwen.followup.actions.recording import MODES, OUTCOMES, RESULTS, Answer, Said
from shouwen.followup.models import Visit
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.vocabulary import KINDS

#: Five marks of a score, the best first.
MARKS = {"5": _("很好"), "4": _("较好"), "3": _("一般"), "2": _("较差"), "1": _("很差")}
#: Opinions and questions that one record takes; more are written into one of them.
ITEMS = 3


# --- The list -------------------------------------------------------------------------------------


def _day(label: Any) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=picker)


class ListForm(forms.Form):
    """What the list is narrowed to. The period is that of the visit, or of its due time."""

    result = forms.ChoiceField(
        label=_("结果"), required=False, choices=[("", _("结果")), *RESULTS.items()]
    )
    rule = forms.ChoiceField(label=_("回访种类"), required=False)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("类别")), *KINDS.items()]
    )
    room = forms.CharField(
        label=_("房号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("房号")}),
    )
    since = _day(_("从"))
    until = _day(_("到"))

    def __init__(self, data: Mapping[str, Any], rules: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["rule"].choices = [("", _("回访种类")), *rules]  # type: ignore[attr-defined] # a ChoiceField
        for field in self.fields.values():
            own = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs |= {"class": own, "aria-label": str(field.label)}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", str(_("“到”早于“从”，请对调。")))
        return told

    def condition(self, moment: str) -> Q:
        """On visits; `moment` is the field of time that the period is about."""
        told = self.cleaned_data
        found = {name: told[name] for name in ("result", "rule", "kind") if told[name]}
        if told["room"]:
            found["case__address__icontains"] = told["room"]
        if told["since"]:
            found[f"{moment}__gte"] = midnight(told["since"])
        if told["until"]:
            found[f"{moment}__lt"] = midnight(told["until"] + timedelta(days=1))
        return Q(**found)

    @property
    def is_set(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


# --- The record -----------------------------------------------------------------------------------


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # not generic at runtime
    def __init__(self, people: Iterable[Staff], **rest: Any) -> None:
        rows = Staff.objects.filter(pk__in=[person.pk for person in people]).order_by("number")
        super().__init__(rows, widget=forms.CheckboxSelectMultiple, **rest)

    def label_from_instance(self, obj: Staff) -> str:
        return obj.name


class RecordForm(forms.Form):
    """The record of one visit, with the scores, modes and proof that its rule wants."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    result = picks(_("客户评价"), RESULTS)
    opinion = words(
        _("客户意见"),
        rows=3,
        required=False,
        help_text=_("不满意或部分解决必须写明还有什么没解决；保存后事项自动重新打开"),
    )
    spoken_to = forms.CharField(label=_("受访人"), required=False, max_length=60)

    def __init__(
        self, *args: Any, visit: Visit, rule: ReturnVisit, people: Iterable[Staff], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.visit, self.rule = visit, rule
        self.fields["key"].initial = secrets.token_urlsafe(16)
        self.fields["spoken_to"].initial = visit.case.customer_name
        modes = {mode: MODES[mode] for mode in (rule.modes or MODES)}
        self.fields["mode"] = picks(_("方式"), modes, initial=next(iter(modes)))
        for score in rule.scores:
            self.fields[f"score-{score.id}"] = _score(score)
        self.fields["visitors"] = PeopleField(
            people, label=_("回访人"), required=False, initial=list(visit.visitors.all())
        )
        if rule.proof == "signature":
            self._ask_for_signature()
        for number in range(ITEMS):
            self._ask_for_item(number)
        self.fields["happened"] = MomentField(
            label=_("回访时间"), required=False, help_text=_("刚刚回访的不用填")
        )

    def _ask_for_signature(self) -> None:
        picker = forms.FileInput(attrs={"accept": ACCEPT, "capture": "environment"})
        self.fields["signature"] = forms.FileField(
            label=_("客户签名（照片或扫描件）"), required=False, widget=picker
        )
        self.fields["no_signature"] = forms.CharField(
            label=_("没有签名的原因"), required=False, max_length=100
        )

    def _ask_for_item(self, number: int) -> None:
        self.fields[f"item-{number}"] = words(_("意见或问题"), rows=2, required=False)
        self.fields[f"answer-{number}"] = forms.CharField(
            label=_("当场答复"), required=False, max_length=200
        )
        self.fields[f"reply-{number}"] = MomentField(
            label=_("不能当场答复，约定答复时间"), required=False
        )

    def _bound(self, *starts: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(starts)]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return self._bound("result", "opinion", "score-", "mode", "spoken_to", "visitors")

    @property
    def proof_fields(self) -> list[forms.BoundField]:
        return self._bound("signature", "no_signature")

    @property
    def items(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"item-{n}"], self[f"answer-{n}"], self[f"reply-{n}"]) for n in range(ITEMS)]

    @property
    def has_items(self) -> bool:
        return any(bound.value() or bound.errors for item in self.items for bound in item)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for number in range(ITEMS):
            rest = told.get(f"answer-{number}") or told.get(f"reply-{number}")
            if rest and not told.get(f"item-{number}"):
                self.add_error(f"item-{number}", str(_("请写下客户的意见或问题。")))
        return told

    def said(self) -> list[Said]:
        told = self.cleaned_data
        return [
            Said(told[f"item-{n}"], told[f"answer-{n}"], told[f"reply-{n}"])
            for n in range(ITEMS)
            if told[f"item-{n}"]
        ]

    def answer(self, signature: Any = None) -> Answer:
        told = self.cleaned_data
        return Answer(
            result=told["result"],
            opinion=told["opinion"],
            spoken_to=told["spoken_to"],
            mode=told["mode"],
            scores={score.id: told[f"score-{score.id}"] for score in self.rule.scores},
            visitors=list(told["visitors"]),
            signature=signature,
            no_signature=told.get("no_signature", ""),
            items=self.said(),
        )


def _score(score: Any) -> forms.Field:
    if score.kind == "score":
        return picks(score.title, MARKS, required=score.required)
    return forms.CharField(label=score.title, required=score.required, max_length=300)


class AttemptForm(forms.Form):
    """Tried, and not made."""

    outcome = picks(_("没有访成"), OUTCOMES)
    again_at = MomentField(label=_("约好再访的时间"), required=False)
    note = forms.CharField(label=_("说明"), required=False, max_length=200)


class VisitorsForm(forms.Form):
    """Who is to go."""

    def __init__(self, *args: Any, people: Sequence[Staff], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["visitors"] = PeopleField(people, label=_("回访人"))


class DuringForm(forms.Form):
    """Asked while the work goes on."""

    opinion = words(_("客户说了什么"))
    spoken_to = forms.CharField(label=_("受访人"), required=False, max_length=60)
    mode = picks(_("方式"), MODES, initial="phone")
    happened = MomentField(label=_("时间"), required=False, help_text=_("刚刚的不用填"))


class DrawForm(forms.Form):
    """How many are added to a sample."""

    more = forms.IntegerField(label=_("加抽"), min_value=1, max_value=500)
