"""What was typed becomes what is kept: plain values, and where the record belongs.

A home, a case, a person and a department are typed by their room, number or code. They become
columns of the record, and beside that the words that stand on the paper for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import people_reaching
from shouwen.accounts.scope import Scope
from shouwen.cases.queries import visible_cases
from shouwen.estate.queries import resolve_unit
from shouwen.registers.words import shown
from shouwen.rules.form_kinds import ABOUT, PERSONAL, FieldKind, Form, FormField
from shouwen.rules.forms import is_empty, require_right
from shouwen.rules.refused import Refused

#: The field with this id is the day that the record is about.
DAY = "on"


@dataclass(frozen=True)
class Taken:
    values: dict[str, Any]
    columns: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Where:
    project: OrgUnit
    by: Scope
    at: datetime


def take(
    form: Form, typed: Mapping[str, Any], *, project: OrgUnit, by: Scope, at: datetime
) -> Taken:
    """Refused at the field that is wrong."""
    values = {name: value for name, value in typed.items() if not is_empty(value)}
    require_right(form, values)
    columns: dict[str, Any] = dict.fromkeys(ABOUT)
    where = _Where(project, by, at)
    for one in form.fields:
        if one.kind in ABOUT and one.id in values:
            columns[one.kind] = record = _found(where, one, values[one.id])
            values[one.id] = _label(record)
    columns["on"] = date.fromisoformat(values[DAY]) if DAY in values else localdate(at)
    columns["words"] = searched(form, values)
    return Taken(values, columns)


def searched(form: Form, values: Mapping[str, Any]) -> str:
    """Everything but what is personal, to be searched."""
    words = (shown(one, values.get(one.id)) for one in form.fields if one.kind not in PERSONAL)
    return "\n".join(filter(None, words))


def _label(record: Any) -> str:
    return next(
        str(getattr(record, name)) for name in ("label", "name", "number") if hasattr(record, name)
    )


def _staff(where: _Where, text: str) -> Any:
    return people_reaching(where.project, where.at).filter(number=text).first()


def _department(where: _Where, text: str) -> Any:
    rows = OrgUnit.objects.filter(project=where.project, kind=OrgUnit.Kind.DEPARTMENT, code=text)
    return rows.first()


def _unit(where: _Where, text: str) -> Any:
    return resolve_unit(where.project, text)


def _case(where: _Where, text: str) -> Any:
    return visible_cases(where.by).filter(project=where.project, number=text.strip()).first()


#: How each is found, and what to do where it is not.
_FIND: dict[FieldKind, tuple[Callable[[_Where, str], Any], str]] = {
    "staff": (_staff, "没有找到这个人，请从名单中选。"),
    "department": (_department, "没有找到这个部门，请从名单中选。"),
    "unit": (_unit, "没有找到这个房号，请写成 3-2-501。"),
    "case": (_case, "没有找到这件诉求，请核对编号。"),
}


def _found(where: _Where, one: FormField, text: str) -> Any:
    find, sentence = _FIND[one.kind]
    if (record := find(where, text)) is None:
        raise Refused("not-found", sentence, field=one.id)
    return record
