"""What is filled in to adopt regulations and to keep calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.adoption import hours_text
from shouwen.adoption.china import COMPLETE_UNTIL, china_days
from shouwen.adoption.library import load_all
from shouwen.adoption.models import WorkCalendar
from shouwen.rules.case_kinds import Commitment, DueBranch
from shouwen.rules.due_words import limit
from shouwen.rules.hours import WEEKDAYS
from shouwen.rules.spans import span
from shouwen.rules.vocabulary import KINDS
from shouwen.rules.worktime import Calendar

#: The lists of special days in the content of a calendar, and what they are called on a form.
SPECIAL = {"holidays": _("放假"), "makeups": _("调休上班"), "shifts": _("时间不同")}
PLAIN = "plain"
PLACES = 9
YEARS_BACK = 1
OFFICE = "09:00-12:00 13:30-18:00"


class TextLines(forms.CharField):
    """Several lines, read by a function that says with ValueError what it cannot read."""

    def __init__(self, read: Callable[[str], Any], rows: int = 4, **rest: Any) -> None:
        self._read = read
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows}), required=False, max_length=10_000, **rest
        )

    def clean(self, value: Any) -> Any:
        return _read(self._read, super().clean(value))


class HoursField(forms.CharField):
    """The hours of one day."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(required=False, max_length=120, **rest)

    def clean(self, value: Any) -> Any:
        return _read(hours_text.read_hours, super().clean(value))


def _read(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error


class SinceMixin(forms.Form):
    """From when on; not before today, for what began earlier follows what held then."""

    def __init__(self, *args: Any, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._at = at
        self.fields["since"].initial = localtime(at).replace(second=0, microsecond=0)

    def clean_since(self) -> datetime:
        since: datetime = self.cleaned_data["since"]
        if localtime(since).date() < localtime(self._at).date():
            raise forms.ValidationError(_("生效时间不能早于今天：已经登记的事项按当时的制度办。"))
        return since


class AdoptForm(SinceMixin):
    regulation = forms.ChoiceField(label=_("制度"))
    position = forms.TypedChoiceField(
        label=_("次序"),
        coerce=int,
        choices=[(n, f"第 {n + 1} 位") for n in range(PLACES)],
        help_text=_("排在前面的先说了算；同一单位同一位次上原有的制度自生效时起停用。"),
    )
    since = MomentField(label=_("生效"))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["regulation"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (found.id, f"{found.title}（版本 {found.edition}）")
            for found in load_all()
            if not found.product_default
        ]


class TightenForm(SinceMixin):
    """One time for each branch of a rule; what is left empty stays as it is."""

    since = MomentField(label=_("生效"))
    UNITS = (
        ("minute", _("分钟")),
        ("hour", _("小时")),
        ("working hour", _("工作小时")),
        ("day", _("天")),
        ("working day", _("个工作日")),
    )

    def __init__(self, *args: Any, rule: Commitment, held: Commitment, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.rule, self.held = rule, held
        for n, branch in enumerate(rule.due):
            now = limit((held.due[n],)) if n < len(held.due) else ""
            self._add(n, limit((branch,)), now)
        self.order_fields([*(name for name in self.fields if name != "since"), "since"])

    def _add(self, n: int, written: str, now: str) -> None:
        self.fields[f"n{n}"] = forms.IntegerField(
            label=written, required=False, min_value=1, max_value=9999,
            help_text=_("现在：%s。留空则不变。") % now if now != written else _("留空则不变。"),
        )  # fmt: skip
        self.fields[f"unit{n}"] = forms.ChoiceField(
            label=_("单位"), choices=self.UNITS, required=False
        )

    def pairs(self) -> Iterable[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"n{n}"], self[f"unit{n}"]) for n in range(len(self.rule.due))]

    def due(self) -> list[dict[str, Any]]:
        """The branches with the shorter times; empty when nothing was given."""
        given = {n: self._within(n) for n in range(len(self.rule.due))}
        if not any(given.values()):
            return []
        return [_branch(branch, given[n]) for n, branch in enumerate(self.held.due)]

    def _within(self, n: int) -> str:
        number = self.cleaned_data.get(f"n{n}")
        return f"{number} {self.cleaned_data[f'unit{n}'] or 'minute'}s" if number else ""


def _branch(branch: DueBranch, within: str) -> dict[str, Any]:
    """The branch as written, or the same hours of the day with another length."""
    if not within:
        return branch.model_dump(mode="json", exclude_defaults=True)
    ends = branch.ends if branch.within and span(within).counts_days else ""
    between = {"between": list(branch.between)} if branch.between else {}
    return {**between, "within": within, **({"ends": ends} if ends else {})}


class CalendarForm(forms.Form):
    """Name, hours, seasons, what is served day and night, and which holidays to bring in."""

    name = forms.CharField(label=_("名称"), max_length=60)
    source = forms.CharField(
        label=_("依据"), max_length=200, required=False,
        help_text=_("例如：国务院办公厅关于 2027 年部分节假日安排的通知，及网址"),
    )  # fmt: skip
    mon = HoursField(label=_("周一"))
    tue = HoursField(label=_("周二"))
    wed = HoursField(label=_("周三"))
    thu = HoursField(label=_("周四"))
    fri = HoursField(label=_("周五"))
    sat = HoursField(label=_("周六"))
    sun = HoursField(label=_("周日"))
    seasons = TextLines(
        hours_text.read_seasons,
        label=_("季节时间"),
        help_text=_(
            "没有就留空。先写一行“夏令 06-01 至 09-30”，"
            "下面写“周一至周五 08:30-12:00 14:30-18:00”。"
        ),
    )
    urgent = forms.BooleanField(label=_("紧急事项昼夜计时"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("昼夜计时的类别"), required=False, choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    years = forms.TypedMultipleChoiceField(
        label=_("带入法定放假与调休"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    extra = TextLines(
        hours_text.read_days, rows=5, label=_("另外的日子"),
        help_text=_(
            "一行一段，例如“2027-02-05 至 2027-02-12 放假 春节”“2027-02-14 上班 春节”"
            "“2027-03-01 09:00-15:00 停电检修”。"
        ),
    )  # fmt: skip
    complete_until = forms.DateField(
        label=_("放假安排已录全至"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天以后的期限暂按周末推算，并标明“暂定”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        last = COMPLETE_UNTIL.year
        field = self.fields["years"]
        field.choices = [(y, f"{y} 年") for y in range(last - YEARS_BACK, last + 1)]  # type: ignore[attr-defined] # a ChoiceField
        field.help_text = _("程序里有到 %s 年的；以后的年份公布后，写在“另外的日子”里。") % last

    @classmethod
    def of(cls, base: WorkCalendar | None, data: Any = None) -> CalendarForm:
        """Beginning from another calendar; from office hours and the official days without."""
        return cls(data, initial=_initial(base) if base else _first())

    def content(self, base: dict[str, Any] | None) -> dict[str, Any]:
        """The calendar as JSON. Days of the base stay, unless a year is brought in anew."""
        said = self.cleaned_data
        content: dict[str, Any] = {"tz": "Asia/Shanghai"}
        if base:
            content = Calendar.from_json(base).as_json()
        content["hours"] = {name: said[name] for name in WEEKDAYS}
        content["seasons"] = said["seasons"]
        until = said["complete_until"]
        content["complete_until"] = str(until) if until else None
        for year in said["years"]:
            _bring_in(content, year)
        for day, (kind, special) in said["extra"].items():
            put_day(content, day, kind, special)
        return content

    def round_the_clock(self, base: WorkCalendar | None) -> list[dict[str, Any]]:
        """What the form knows, and whatever finer facts the base names."""
        kinds = self.cleaned_data["kinds"]
        urgent = [{"urgent": True}] if self.cleaned_data["urgent"] else []
        finer = [facts for facts in (base.round_the_clock if base else ()) if len(facts) > 1]
        return [*urgent, *([{"kind": kinds}] if kinds else []), *finer]


def _initial(base: WorkCalendar) -> dict[str, Any]:
    content = base.content
    hours = {name: hours_text.write_hours(content["hours"].get(name) or []) for name in WEEKDAYS}
    served = base.round_the_clock
    return {
        **hours,
        "name": base.name,
        "source": base.source,
        "seasons": hours_text.write_seasons(content.get("seasons") or []),
        "urgent": {"urgent": True} in served,
        "kinds": [kind for facts in served if len(facts) == 1 for kind in facts.get("kind", ())],
        "complete_until": content.get("complete_until"),
    }


def _first() -> dict[str, Any]:
    return {
        **dict.fromkeys(WEEKDAYS[:5], OFFICE),
        "urgent": True,
        "years": [COMPLETE_UNTIL.year],
        "complete_until": COMPLETE_UNTIL,
    }


def _bring_in(content: dict[str, Any], year: int) -> None:
    """The official days of a year in place of whatever stood there; own shifts stay."""
    for kind in ("holidays", "makeups"):
        days = content.get(kind) or {}
        content[kind] = {day: said for day, said in days.items() if not day.startswith(f"{year}-")}
    for day, (kind, name) in china_days([year]).items():
        put_day(content, day, f"{kind}s", {"name": name})


def put_day(content: dict[str, Any], day: date, kind: str, special: dict[str, Any]) -> None:
    """One date becomes special in this way and in no other; PLAIN makes it an ordinary day."""
    for each in SPECIAL:
        content[each] = {d: said for d, said in (content.get(each) or {}).items() if d != str(day)}
    if kind == "holidays":
        content[kind][str(day)] = special["name"]
    elif kind != PLAIN:
        content[kind][str(day)] = special


class DayForm(forms.Form):
    """One date of a proposal, put right."""

    day = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(
        label=_("这一天"), choices=[*SPECIAL.items(), (PLAIN, _("平常，不特殊"))]
    )
    name = forms.CharField(label=_("名称"), max_length=40, required=False)
    hours = HoursField(label=_("当天时间"), help_text=_("放假和平常的日子不用填"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == "shifts" and not said.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("时间不同的日子要写明当天时间。"))
        return said

    def special(self) -> dict[str, Any]:
        hours = self.cleaned_data["hours"]
        return {"name": self.cleaned_data["name"], **({"hours": hours} if hours else {})}


class ApproveForm(forms.Form):
    reviewed = forms.BooleanField(label=_("我已对照正式通知，逐日核对过放假与调休"))
