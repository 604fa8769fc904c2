"""What is written on a controlled form: whether it fits its fields, whether it is complete, and the
fingerprint of what somebody signed.

A value is plain: text, a date or moment as ISO text, a number as text, true for a tick,
{item: mark} of scores, a list of lines of a table, a list of ids of photos.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwen.rules.form_kinds import MARKS, FieldKind, Form, FormField
from shouwen.rules.refused import Refused

Values = Mapping[str, Any]
SHORT, LONG = 200, 10_000
#: More lines than anybody types into one form.
MOST_LINES = 200


def require_right(form: Form, values: Values) -> None:
    """Every value fits its field, and nothing is there that the form does not ask."""
    unknown = values.keys() - {field.id for field in form.fields}
    if unknown:
        raise Refused("unknown-field", f"这张表没有“{min(unknown)}”这一栏，请核对。")
    for field in form.fields:
        _require_fits(field, values.get(field.id), field.id)


def require_complete(form: Form, values: Values) -> None:
    """Nothing that must be filled is empty."""
    for field in form.fields:
        for name, title in _missing(field, values.get(field.id), field.id):
            raise Refused("form-incomplete", missing(title), field=name)


def missing(title: str) -> str:
    return f"请填“{title}”，再交出这张表。"


def is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def digest(values: Values) -> str:
    """The fingerprint of what is written; the same for the same content."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def marks(values: Values) -> dict[str, int]:
    """The marks that were given, by item, of all fields with scores."""
    given = (value for value in values.values() if isinstance(value, dict))
    return {item: mark for scores in given for item, mark in scores.items()}


def number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


# --- Whether it fits ------------------------------------------------------------------------------


def _require_fits(field: FormField, value: Any, name: str) -> None:
    if is_empty(value):
        return
    if field.kind == "table":
        _require_lines(field, value, name)
    elif not _FITS[field.kind](field, value):
        raise Refused("field-wrong", f"“{field.title}”{_WRONG[field.kind]}。", field=name)


def _require_lines(field: FormField, value: Any, name: str) -> None:
    if not isinstance(value, list) or len(value) > MOST_LINES:
        raise Refused("field-wrong", f"“{field.title}”最多 {MOST_LINES} 行。", field=name)
    for n, line in enumerate(value):
        for column in field.columns:
            _require_fits(column, line.get(column.id), f"{name}-{n}-{column.id}")


def _is_text(most: int) -> Callable[[FormField, Any], bool]:
    return lambda _field, value: isinstance(value, str) and len(value) <= most


def _reads(read: Callable[[str], Any]) -> Callable[[FormField, Any], bool]:
    def fits(_field: FormField, value: Any) -> bool:
        try:
            return isinstance(value, str) and read(value) is not None
        except ValueError:
            return False

    return fits


def _moment(text: str) -> datetime | None:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else None


def _money(text: str) -> Decimal | None:
    return number(text) if re.fullmatch(r"-?\d{1,12}(\.\d{1,2})?", text) else None


def _are_marks(field: FormField, value: Any) -> bool:
    items = {item.id for item in field.items}
    return isinstance(value, dict) and all(
        item in items and type(mark) is int and mark in MARKS for item, mark in value.items()
    )


def _are_files(_field: FormField, value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int for each in value)


_TEXTS: tuple[FieldKind, ...] = (
    "text", "phone", "identity", "staff", "department", "unit", "case",
)  # fmt: skip
_FITS: dict[FieldKind, Callable[[FormField, Any], bool]] = {
    **dict.fromkeys(_TEXTS, _is_text(SHORT)),
    "long": _is_text(LONG),
    "date": _reads(date.fromisoformat),
    "moment": _reads(_moment),
    "time": _reads(time.fromisoformat),
    "number": _reads(number),
    "money": _reads(_money),
    "choice": lambda field, value: value in field.options,
    "yes": lambda _field, value: value is True,
    "scores": _are_marks,
    "photo": _are_files,
}
_WRONG: dict[FieldKind, str] = {
    **dict.fromkeys(_TEXTS, f"最多 {SHORT} 个字"),
    "long": f"最多 {LONG} 个字",
    "date": "要写成日期，如 2026-11-30",
    "moment": "要写成时间，如 2026-11-30 09:12",
    "time": "要写成钟点，如 09:12",
    "number": "要填数字",
    "money": "要填金额，最多两位小数",
    "choice": "请从选项中选",
    "yes": "只能勾选或不勾",
    "scores": "请给 1 到 5 分",
    "photo": "请重新上传照片",
}


# --- Whether it is complete -----------------------------------------------------------------------


def _missing(field: FormField, value: Any, name: str) -> Iterator[tuple[str, str]]:
    """(where, what) of everything that must be filled and is empty."""
    if field.required and is_empty(value):
        first = f"{name}-{field.items[0].id}" if field.items else name
        yield first, field.title
    elif field.kind == "scores" and field.required:
        yield from _unmarked(field, value, name)
    elif field.kind == "table":
        yield from _holes(field, value or (), name)


def _unmarked(field: FormField, value: Any, name: str) -> Iterator[tuple[str, str]]:
    for item in field.items:
        if item.id not in value:
            yield f"{name}-{item.id}", item.title


def _holes(field: FormField, lines: Iterable[Values], name: str) -> Iterator[tuple[str, str]]:
    for n, line in enumerate(lines):
        for column in field.columns:
            if column.required and is_empty(line.get(column.id)):
                yield f"{name}-{n}-{column.id}", f"{field.title}第 {n + 1} 行 {column.title}"
