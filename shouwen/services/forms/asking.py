"""What the forms of all steps share: the record, the key, when it happened, files, details."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.scope import Scope
from shouwen.cases.files import ACCEPT
from shouwen.cases.forms.asking import picks, words
from shouwen.rules.services import DETAILS
from shouwen.rules.vocabulary import SERVICE_DETAILS

MARKS = {"5": _("很好"), "4": _("较好"), "3": _("一般"), "2": _("较差"), "1": _("很差")}
_PREFIX = "detail-"


def day(label: Any, *, required: bool = True, **rest: Any) -> forms.DateField:
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=picker, **rest)


def line(label: Any, most: int = 60, *, required: bool = True, **rest: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, **rest)


def amount(label: Any, *, required: bool = True, **rest: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, max_digits=10, decimal_places=2, min_value=Decimal(0),
        **rest,
    )  # fmt: skip


def picture(label: Any, *, required: bool = True, **rest: Any) -> forms.FileField:
    picker = forms.FileInput(attrs={"accept": ACCEPT, "capture": "environment"})
    return forms.FileField(label=label, required=required, widget=picker, **rest)


class StepForm(forms.Form):
    """The form of one step. `arguments` is what its action is given, besides record, by and at."""

    dated: ClassVar[bool] = False
    """Whether it may have happened earlier than it is typed."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, about: Any, scope: Scope, at: datetime, **rest: Any) -> None:
        self.about, self.scope, self.at = about, scope, at
        self.keep: Callable[[UploadedFile[Any]], Any] = lambda upload: upload
        """What becomes of a file: the view says it, once the form is right."""
        super().__init__(*args, **rest)
        self.fields["key"].initial = secrets.token_urlsafe(16)
        self.arrange()
        if self.dated:
            self.fields["happened"] = MomentField(
                label=_("发生时间"), required=False, help_text=_("刚刚发生的不用填")
            )

    def arrange(self) -> None:
        """Fills the choices from the record."""

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """Rows of fields that belong side by side."""
        return []

    @property
    def main_fields(self) -> list[forms.BoundField]:
        aside = {"happened", *(bound.name for row in self.lines for bound in row)}
        return [bound for bound in self.visible_fields() if bound.name not in aside]

    def arguments(self) -> dict[str, Any]:
        return {
            name: self.keep(value) if isinstance(value, UploadedFile) else value
            for name, value in self.cleaned_data.items()
            if name != "key"
        }


# --- Details of an order --------------------------------------------------------------------------


def detail_field(name: str) -> forms.Field:
    """The field of one detail; what is not yet known is left empty."""
    title = SERVICE_DETAILS[name]
    match DETAILS[name].shape:
        case "lines":
            return words(title, rows=3, required=False)
        case "number":
            return amount(title, required=False)
        case "money":
            return amount(title, required=False)
        case "day":
            return day(title, required=False)
        case "moment":
            return MomentField(label=title, required=False)
        case "score":
            return picks(title, MARKS, required=False)
        case _:
            return line(title, 120, required=False)


def add_details(form: forms.Form, names: Iterable[str], given: dict[str, Any]) -> None:
    for name in names:
        form.fields[_PREFIX + name] = detail_field(name)
        form.fields[_PREFIX + name].initial = _shown(name, given.get(name))


def details_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The details among what was typed, as they are stored; they are taken out of `cleaned`."""
    names = [name for name in cleaned if name.startswith(_PREFIX)]
    return {name.removeprefix(_PREFIX): _stored(cleaned.pop(name)) for name in names}


def _stored(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value or "")


def _shown(name: str, value: Any) -> Any:
    if not value or DETAILS[name].shape != "moment":
        return value or None
    return localtime(datetime.fromisoformat(value))
