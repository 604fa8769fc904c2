"""The filters of the board and the case list: what the address says, as form and condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Case, Commitment
from shouwen.rules.vocabulary import KINDS

#: Which promises the board shows. Empty: all that still run.
DUE = {
    "": _("进行中的"),
    "late": _("已超时"),
    "hour": _("1 小时内到期"),
    "today": _("今天到期"),
    "visit": _("欠回访"),
    "paused": _("暂停中"),
    "month": _("本月已到期"),
    "month-late": _("本月超时"),
}
OPEN = "open"
Pair = tuple[Any, Any]


def is_late(at: datetime) -> Q:
    """The condition for commitments that are late at a moment or ended late: the times alone
    decide, whether or not a worker ever ran. Ended exactly on time is on time."""
    return ~Q(outcome="waived") & (Q(ended_at=None, due_at__lt=at) | Q(ended_at__gt=F("due_at")))


def has_late(at: datetime) -> Exists:
    """Whether a case has a promise that is late or ended late. Finished late stays late."""
    return Exists(Commitment.objects.filter(is_late(at), case=OuterRef("pk")))


def _choice(label: Any, choices: Mapping[str, Any]) -> forms.ChoiceField:
    none = [] if "" in choices else [("", label)]
    return forms.ChoiceField(label=label, required=False, choices=[*none, *choices.items()])


class _Pick(forms.IntegerField):
    """One of the rows that the page offers; another id finds nothing, so it need not be refused."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, min_value=1, widget=forms.Select())


def _day(label: Any) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=picker)


class FilterForm(forms.Form):
    """What both lists can be narrowed to."""

    kind = _choice(_("类别"), KINDS)
    status = _choice(_("状态"), {OPEN: _("未关闭"), **dict(Case.Status.choices)})
    project = _Pick(_("项目"))
    department = _Pick(_("主办部门"))
    owner = _Pick(_("首问责任人"))
    building = _Pick(_("楼栋"))
    source = forms.CharField(label=_("来源"), required=False, max_length=24, widget=forms.Select())
    since = _day(_("登记自"))
    until = _day(_("登记至"))
    urgent = forms.BooleanField(label=_("只看紧急"), required=False)

    def __init__(self, data: Mapping[str, Any], **rest: Any) -> None:
        super().__init__(data, auto_id="filter-%s", **rest)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"
            elif isinstance(field.widget, forms.DateInput):
                field.widget.attrs["class"] = "form-control"

    def offer(self, choices: Mapping[str, Iterable[Pair]]) -> None:
        """What the pages offer to choose from; an empty list takes its field away."""
        for name, pairs in choices.items():
            rows = list(pairs)
            if rows:
                field = self.fields[name]
                field.widget.choices = [("", field.label), *rows]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", str(_("“登记至”早于“登记自”，请对调。")))
        return told

    def cases(self, path: str = "") -> Q:
        """The condition on cases; `path` leads to them ("case__")."""
        told, found = self.cleaned_data, {}
        for name, field in _EQUAL.items():
            if told.get(name):
                found[path + field] = told[name]
        if told["status"] == OPEN:
            found[f"{path}status__in"] = Case.OPEN
        elif told["status"]:
            found[f"{path}status"] = told["status"]
        if told["since"]:
            found[f"{path}opened_at__gte"] = _midnight(told["since"])
        if told["until"]:
            found[f"{path}opened_at__lt"] = _midnight(told["until"] + timedelta(days=1))
        return Q(**found)

    @property
    def set_names(self) -> list[str]:
        """The filters that are set."""
        return [name for name in self.fields if name != "due" and self.data.get(name)]

    @property
    def set_rare(self) -> bool:
        """Whether one is set that the page folds away."""
        return bool(_RARE.intersection(self.set_names))

    def words(self) -> str:
        """What is set, as a person says it: 类别 投诉，只看紧急."""
        return "，".join(self._words(name) for name in self.fields if self.data.get(name))

    def _words(self, name: str) -> str:
        field, value = self.fields[name], self.data[name]
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type] # flat pairs
        return str(
            field.label if isinstance(field, forms.BooleanField) else f"{field.label} {value}"
        )

    def query(self, **changed: str) -> str:
        """The address of this list; what is named is changed, and empty it is left out."""
        now = {name: self.data.get(name, "") for name in ("of", "due", *self.fields)} | changed
        return urlencode({name: value for name, value in now.items() if value})


_RARE = {"department", "owner", "building", "source", "since", "until"}
_EQUAL = {
    "kind": "kind",
    "project": "project_id",
    "department": "department_id",
    "owner": "owner_id",
    "building": "unit__building_id",
    "source": "source",
    "urgent": "urgent",
}


class CaseFilterForm(FilterForm):
    """Of the case list."""

    late = forms.BooleanField(label=_("只看超时"), required=False)


class BoardFilterForm(FilterForm):
    """Of the board: which promises."""

    due = _choice(_("承诺"), DUE)

    field_order = ("due",)

    def promises(self, at: datetime) -> Q:
        """The condition on commitments, of their cases and of their due times."""
        return self.cases("case__") & due_condition(self.cleaned_data["due"], at)


def due_condition(due: str, at: datetime) -> Q:
    """The condition behind each figure of the board, and behind the list that it opens."""
    runs, judged = Q(outcome=""), Q(outcome__in=("met", "late"))
    this_month = Q(due_at__gte=month_began(at), due_at__lt=at)
    conditions = {
        "": runs,
        "late": runs & Q(due_at__lt=at),
        "hour": runs & Q(due_at__gte=at, due_at__lte=at + timedelta(hours=1)),
        "today": runs & Q(due_at__gte=at, due_at__lte=_midnight(_today(at) + timedelta(days=1))),
        "visit": runs & Q(rule__startswith="visit:"),
        "paused": runs & Q(due_at=None),
        "month": (runs | judged) & this_month,
        "month-late": (runs | judged) & this_month & is_late(at),
    }
    return conditions[due]


def month_began(at: datetime) -> datetime:
    return _midnight(_today(at).replace(day=1))


def _today(at: datetime) -> date:
    return at.astimezone(get_current_timezone()).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())
