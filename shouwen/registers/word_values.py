"""What a Word file of a form is filled with: by the ids of its fields and, where they are words, by
their titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shouwen.registers.word import Names, text
from shouwen.registers.words import mark_words, said, shown
from shouwen.rules.form_kinds import FieldKind, Form, FormField

#: What every form has besides its own fields.
HEAD = ("编号", "表号", "版本", "公司", "项目", "表名", "依据", "状态", "打印")
SIGNED = "签名"
SIGNED_COLUMNS = frozenset(("签名处", "签名人", "签名时间"))
ITEM_COLUMNS = frozenset(("项目", "评分"))


def names_of(rule: Form) -> Names:
    single, tables = set(HEAD), {SIGNED: SIGNED_COLUMNS}
    for one in rule.fields:
        for name in names(one, rule.fields):
            if columns := columns_of(one):
                tables[name] = columns
            else:
                single.add(name)
    return Names(frozenset(single), tables)


def columns_of(one: FormField) -> frozenset[str]:
    if one.kind == "scores":
        return ITEM_COLUMNS
    return frozenset(name for column in one.columns for name in names(column, one.columns))


def names(one: FormField, among: Iterable[FormField]) -> tuple[str, ...]:
    """Its title where that can be a placeholder and is no other's, and its id; the best first."""
    alone = [other.title for other in among].count(one.title) == 1
    fits = one.title.isidentifier() and alone and one.title not in (*HEAD, SIGNED)
    return (one.title, one.id) if fits else (one.id,)


def values_of(
    rule: Form, written: Mapping[str, Any], *, whole: bool, head: Mapping[str, str]
) -> dict[str, Any]:
    """`whole`: with what is personal as it is, and not behind its mask."""
    values: dict[str, Any] = {name: text(word) for name, word in head.items()}
    for one in rule.fields:
        value = _value(one, written.get(one.id), whole=whole)
        values |= dict.fromkeys(names(one, rule.fields), value)
    return values


def _value(one: FormField, value: Any, *, whole: bool) -> Any:
    if one.kind == "scores":
        given = value or {}
        return [
            {"项目": item.title, "评分": mark_words(given[item.id]) if item.id in given else ""}
            for item in one.items
        ]
    if one.kind == "table":
        return [_line(one, line, whole=whole) for line in value or ()]
    return text((said if whole else shown)(one, value))


def _line(one: FormField, line: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    return {
        name: _value(column, line.get(column.id), whole=whole)
        for column in one.columns
        for name in names(column, one.columns)
    }


#: What stands in a sample, by kind of field; anything else is its own title.
_SAMPLES: dict[FieldKind, str] = {
    "date": "2026-11-30",
    "moment": "2026-11-30 09:12",
    "time": "09:12",
    "number": "12",
    "money": "1,280.00",
    "yes": "是",
    "phone": "139 **** 0421",
    "unit": "3幢2单元501室",
    "staff": "李敏",
    "department": "工程部",
    "case": "S-CH-261130-014",
    "photo": "2 张",
}


def sample_of(rule: Form) -> dict[str, Any]:
    """Made-up values, so that a Word file can be looked at before it is used."""
    values: dict[str, Any] = {name: f"〔{name}〕" for name in HEAD}
    values["表名"], values["表号"] = rule.title, rule.number
    for one in rule.fields:
        value = _value(one, {}, whole=False) if one.kind == "scores" else _sample(one)
        values |= dict.fromkeys(names(one, rule.fields), value)
    places = [{"签名处": place, "签名人": "", "签名时间": ""} for place in rule.signatures]
    return {**values, SIGNED: places}


def _sample(one: FormField) -> Any:
    if one.kind == "table":
        line = {
            name: _sample(column) for column in one.columns for name in names(column, one.columns)
        }
        return [line, line]
    return one.options[0] if one.options else _SAMPLES.get(one.kind, f"〔{one.title}〕")
