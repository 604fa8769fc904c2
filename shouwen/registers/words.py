"""How a value stands on paper, on a screen and in the cell of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from shouwen.estate.phones import mask_phone
from shouwen.rules.form_kinds import MARKS, PERSONAL, FormField
from shouwen.rules.forms import is_empty

Cell = str | int | Decimal | date | datetime | None


def said(field: FormField, value: Any) -> str:
    """The words of a value, whole."""
    if is_empty(value):
        return ""
    match field.kind:
        case "moment":
            return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
        case "money":
            return f"{Decimal(value):,.2f}"
        case "yes":
            return "是"
        case "photo":
            return f"{len(value)} 张"
        case "scores":
            return "；".join(f"{item.title} {value[item.id]} 分" for item in _given(field, value))
        case "table":
            return "\n".join(_line(field, line) for line in value)
        case _:
            return str(value)


def shown(field: FormField, value: Any) -> str:
    """The same, with what is personal behind its mask."""
    if field.kind in PERSONAL and value:
        return masked(field, value)
    if field.kind == "table" and value:
        return "\n".join(_line(field, line, shown) for line in value)
    return said(field, value)


def masked(field: FormField, value: str) -> str:
    if field.kind == "phone":
        return mask_phone(value)
    return f"{value[:4]} **** {value[-2:]}" if len(value) > 8 else "****"


def cell(field: FormField, value: Any) -> Cell:
    """For a workbook: real numbers and dates, and nothing personal."""
    if is_empty(value):
        return None
    match field.kind:
        case "date":
            return date.fromisoformat(value)
        case "moment":
            return datetime.fromisoformat(value)
        case "number" | "money":
            return Decimal(value)
        case _:
            return shown(field, value)


def mark_words(mark: int) -> str:
    return f"{mark} {MARKS[mark]}"


def _given(field: FormField, value: Mapping[str, int]) -> list[Any]:
    return [item for item in field.items if item.id in value]


def _line(
    field: FormField,
    line: Mapping[str, Any],
    words: Callable[[FormField, Any], str] = said,
) -> str:
    written = (words(column, line.get(column.id)) for column in field.columns)
    return " ".join(filter(None, written))
