"""The inputs of a form, made from its fields: what the browser shows for each kind, and what comes
back as a plain value.

A mark of scores and a cell of a table are inputs of their own: `survey-water`, `items-2-title`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms import MomentField
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import people_reaching
from shouwen.cases.forms.asking import Files, picks, words
from shouwen.registers.models import Record
from shouwen.registers.words import mark_words
from shouwen.rules.form_kinds import MARKS, FieldKind, FormField
from shouwen.rules.forms import LONG, SHORT, missing
from shouwen.services.forms.asking import day, line

#: Empty lines of a table, besides those that are filled.
SPARE = 3


@dataclass(frozen=True)
class Place:
    """Where the form is filled, for the names that may be chosen."""

    project: OrgUnit
    at: datetime


# --- One input ------------------------------------------------------------------------------------


def input_of(one: FormField, place: Place) -> forms.Field:
    found = _INPUTS[one.kind](one, place)
    found.help_text = one.help or found.help_text
    return found


def must(found: forms.Field, title: str) -> forms.Field:
    """Without it the form is not handed over."""
    found.required = True
    found.error_messages["required"] = missing(title)
    return found


def _line(one: FormField, _place: Place) -> forms.Field:
    return line(one.title, SHORT, required=False)


def _long(one: FormField, _place: Place) -> forms.Field:
    return words(one.title, rows=3, required=False)


def _money(one: FormField, _place: Place) -> forms.Field:
    return forms.DecimalField(label=one.title, required=False, max_digits=14, decimal_places=2)


def _time(one: FormField, _place: Place) -> forms.Field:
    picker = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=one.title, required=False, widget=picker)


def _choice(one: FormField, _place: Place) -> forms.Field:
    return picks(one.title, {option: option for option in one.options}, required=False)


def _staff(one: FormField, place: Place) -> forms.Field:
    people = people_reaching(place.project, place.at).order_by("number")
    return _select(one, [(person.number, f"{person.name}（{person.number}）") for person in people])


def _department(one: FormField, place: Place) -> forms.Field:
    rows = OrgUnit.objects.filter(
        project=place.project, kind=OrgUnit.Kind.DEPARTMENT, closed_at=None
    )
    return _select(one, [(row.code, row.name) for row in rows.order_by("path")])


def _select(one: FormField, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(label=one.title, choices=[("", "—"), *choices], required=False)


def _unit(one: FormField, _place: Place) -> forms.Field:
    return line(one.title, SHORT, required=False, help_text=_("如 3-2-501"))


def _case(one: FormField, _place: Place) -> forms.Field:
    return line(one.title, SHORT, required=False, help_text=_("诉求编号"))


def _photo(one: FormField, _place: Place) -> forms.Field:
    picker = Files(attrs={"multiple": True, "accept": "image/*"})
    return _Photos(label=one.title, required=False, widget=picker)


class _Photos(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(_Photos, self).clean(upload) for upload in uploads if upload]


def mark_input(title: str) -> forms.Field:
    marks = {str(mark): mark_words(mark) for mark in MARKS}
    return picks(title, marks, required=False)


_INPUTS: dict[FieldKind, Callable[[FormField, Place], forms.Field]] = {
    "text": _line,
    "long": _long,
    "date": lambda one, _place: day(one.title, required=False),
    "moment": lambda one, _place: MomentField(label=one.title, required=False),
    "time": _time,
    "number": lambda one, _place: forms.DecimalField(label=one.title, required=False),
    "money": _money,
    "choice": _choice,
    "yes": lambda one, _place: forms.BooleanField(label=one.title, required=False),
    "phone": _line,
    "identity": _line,
    "staff": _staff,
    "department": _department,
    "unit": _unit,
    "case": _case,
    "photo": _photo,
}


# --- The inputs of a field, and what comes back ---------------------------------------------------


def inputs_of(
    one: FormField, place: Place, lines: int, *, required: bool
) -> Iterator[tuple[str, forms.Field]]:
    """(name, input) of everything that one field asks; `lines` are those of a table, of which any
    may stay empty."""
    if one.kind == "scores":
        for item in one.items:
            found = mark_input(item.title)
            yield f"{one.id}-{item.id}", must(found, item.title) if required else found
    elif one.kind == "table":
        for n in range(lines):
            for column in one.columns:
                yield f"{one.id}-{n}-{column.id}", input_of(column, place)
    else:
        found = input_of(one, place)
        yield one.id, must(found, one.title) if required else found


def plain_of(one: FormField, cleaned: Mapping[str, Any], lines: int) -> Any:
    """What was typed into the inputs of a field, as a plain value."""
    if one.kind == "scores":
        given = {item.id: cleaned.get(f"{one.id}-{item.id}") for item in one.items}
        return {item: int(mark) for item, mark in given.items() if mark}
    if one.kind == "table":
        rows = [_row(one, cleaned, n) for n in range(lines)]
        return [row for row in rows if row]
    return _plain(cleaned.get(one.id))


def _row(one: FormField, cleaned: Mapping[str, Any], n: int) -> dict[str, Any]:
    given = {column.id: _plain(cleaned.get(f"{one.id}-{n}-{column.id}")) for column in one.columns}
    return {name: value for name, value in given.items() if value not in ("", None, False)}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return format(value, "f")
        case str():
            return value.strip()[:LONG]
        case _:
            return value


# --- What stands in the inputs of a record that is changed ----------------------------------------


def initial_of(one: FormField, record: Record) -> Iterator[tuple[str, Any]]:
    value = record.values.get(one.id)
    if value is None:
        return
    if one.kind == "scores":
        yield from ((f"{one.id}-{item}", str(mark)) for item, mark in value.items())
    elif one.kind == "table":
        for n, row in enumerate(value):
            for column in one.columns:
                yield f"{one.id}-{n}-{column.id}", _typed(column, row.get(column.id))
    elif one.kind in ("staff", "department"):
        yield one.id, _code(getattr(record, one.kind))
    elif one.kind != "photo":
        yield one.id, _typed(one, value)


def _code(chosen: Any) -> str:
    return getattr(chosen, "number", "") or getattr(chosen, "code", "")


def _typed(one: FormField, value: Any) -> Any:
    return localtime(datetime.fromisoformat(value)) if one.kind == "moment" and value else value
