"""The Word file of a form as we make it: head, every field with its placeholder, places to sign,
page x of y. It is filled where a company has no file of its own, and it is what such a file is made
from."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.shared import Mm

from shouwen.registers.word_parts import (
    CENTER,
    RIGHT,
    cells,
    foot,
    grid,
    letters,
    page,
    put,
    row,
    signatures,
    widths,
)
from shouwen.registers.word_values import names
from shouwen.rules.form_kinds import Form, FormField

LABEL = 28
#: Of fields that stand alone in their row.
WIDE = ("long", "photo")
#: Room to write by hand.
ROOM = 18


def starter(rule: Form) -> bytes:
    document = Document()
    width = page(document, rule.paper, landscape=rule.landscape)
    letters(document)
    _head(document, rule, width)
    for group in _groups(rule):
        _group(document, rule, group, width)
    if rule.signatures:
        signatures(document, width)
    foot(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _head(document: Any, rule: Form, width: int) -> None:
    table = document.add_table(1, 3)
    left, middle, right = table.rows[0].cells
    put(left, "{{ 公司 }}\n{{ 项目 }}")
    put(middle, "{{ 表名 }}", bold=True, size=16, align=CENTER)
    number = "表号 {{ 表号 }} {{ 版本 }}\n" if rule.number else ""
    put(right, f"{number}No. {{{{ 编号 }}}}", size=8, align=RIGHT)
    side = width * 0.29
    widths(table, [side, width - 2 * side, side])
    document.add_paragraph()


# --- Fields ---------------------------------------------------------------------------------------


def _groups(rule: Form) -> list[list[FormField]]:
    """Short fields stand two in a row, in one table; what is long and every table stands alone."""
    groups: list[list[FormField]] = []
    for one in rule.fields:
        alone = one.kind in ("table", "scores")
        if alone or not groups or groups[-1][0].kind in ("table", "scores"):
            groups.append([one])
        else:
            groups[-1].append(one)
    return groups


def _group(document: Any, rule: Form, group: list[FormField], width: int) -> None:
    if group[0].kind in ("table", "scores"):
        _lines(document, rule, group[0], width)
    else:
        _pairs(document, rule, group, width)
    document.add_paragraph()


def _pairs(document: Any, rule: Form, group: list[FormField], width: int) -> None:
    table = grid(document, 4)
    room = (width - 2 * LABEL) / 2
    for line in _rows(group):
        label, value, *rest = cells(table)
        if len(line) == 1:
            value, rest = value.merge(rest[-1]), []
        if line[0].kind == "long":
            table.rows[-1].height = Mm(ROOM)
        for one, places in zip(line, ((label, value), rest), strict=False):
            put(places[0], one.title)
            put(places[1], _placeholder(one, rule))
    widths(table, [LABEL, room, LABEL, room])


def _rows(group: list[FormField]) -> list[list[FormField]]:
    """Two short ones in a row; one that is long fills its own."""
    rows: list[list[FormField]] = []
    for one in group:
        last = rows[-1] if rows else []
        if one.kind in WIDE or len(last) != 1 or last[0].kind in WIDE:
            rows.append([one])
        else:
            last.append(one)
    return rows


def _lines(document: Any, rule: Form, one: FormField, width: int) -> None:
    """Three rows: titles, what repeats for each line, and the two that say where it repeats."""
    document.add_paragraph().add_run(one.title).bold = True
    columns = _columns(one)
    table = grid(document, len(columns))
    row(table, [title for title, _name in columns], head=True)
    row(table, [f"{{%tr for 行 in {names(one, rule.fields)[0]} %}}", *("",) * (len(columns) - 1)])
    row(table, [f"{{{{ 行.{name} }}}}" for _title, name in columns])
    row(table, ["{%tr endfor %}", *("",) * (len(columns) - 1)])
    widths(table, [width / len(columns)] * len(columns))


def _columns(one: FormField) -> list[tuple[str, str]]:
    """(title, placeholder)"""
    if one.kind == "scores":
        return [("项目", "项目"), ("评分", "评分")]
    return [(column.title, names(column, one.columns)[0]) for column in one.columns]


def _placeholder(one: FormField, rule: Form) -> str:
    return f"{{{{ {names(one, rule.fields)[0]} }}}}"
