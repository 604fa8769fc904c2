"""What the list of orders, and the registers, are narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.repairs.models import TRADES
from shouwen.rules.orders import RANGES


def _day(label: Any) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=picker)


def _words(label: Any) -> forms.CharField:
    box = forms.TextInput(attrs={"placeholder": label})
    return forms.CharField(label=label, required=False, max_length=40, widget=box)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


class Narrowing(forms.Form):
    """Filters that stand in a row."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter-%s")
        for field in self.fields.values():
            own = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs |= {"class": own, "aria-label": str(field.label)}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", str(_("“到”早于“从”，请对调。")))
        return told

    def between(self, field: str) -> Q:
        """The condition that the days put on a moment."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        found = Q(**{f"{field}__gte": midnight(since)}) if since else Q()
        return found & (
            Q(**{f"{field}__lt": midnight(until + timedelta(days=1))}) if until else Q()
        )

    @property
    def is_set(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class OrdersForm(Narrowing):
    """Of the list; the days are those of the agreed window where one is asked for. What is seldom
    asked stands folded up, until it is."""

    RARE: ClassVar[tuple[str, ...]] = ("range", "trade", "mark", "since", "until", "by")

    range = forms.ChoiceField(
        label=_("范围"), required=False, choices=[("", _("范围")), *RANGES.items()]
    )
    trade = forms.ChoiceField(
        label=_("工种"), required=False, choices=[("", _("工种")), *TRADES.items()]
    )
    mark = forms.ChoiceField(
        label=_("标记"),
        required=False,
        choices=[
            ("", _("标记")),
            ("urgent", _("紧急")),
            ("night", _("夜间")),
            ("paid", _("有偿")),
            ("training_case", _("培训案例")),
        ],
    )
    who = _words(_("维修工"))
    room = _words(_("房号"))
    since = _day(_("从"))
    until = _day(_("到"))
    by = forms.ChoiceField(
        label=_("按"),
        required=False,
        choices=[
            ("", _("开单日期")),
            ("appointment_to", _("预约日期")),
            ("done_at", _("完工日期")),
        ],
    )

    @property
    def set_rare(self) -> int:
        return sum(bool(self.data.get(name)) for name in self.RARE)

    def condition(self) -> Q:
        told = self.cleaned_data
        found = {name: told[name] for name in ("range", "trade") if told[name]}
        if told["mark"]:
            found[told["mark"]] = True
        if told["who"]:
            found["assignee__name__icontains"] = told["who"]
        if told["room"]:
            found["case__address__icontains"] = told["room"]
        return Q(**found) & self.between(told["by"] or "opened_at")


class RegisterForm(Narrowing):
    """Of a register: its days."""

    since = _day(_("从"))
    until = _day(_("到"))
