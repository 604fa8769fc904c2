"""The list of one form: whose, in which state, of which days, with which words; as a page and as a
workbook of every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.board import Reader
from shouwen.cases.export import Cell, Column, lines
from shouwen.cases.levels import Tabbed
from shouwen.registers.models import Record
from shouwen.registers.queries import SEE, visible_records
from shouwen.registers.words import cell, shown
from shouwen.rules.form_kinds import Form, FormField
from shouwen.web.pieces import Pager

PAGE = 50
_STATE = Record.State
STATES = {
    "stands": (_("全部"), ~Q(state=_STATE.VOID)),
    "draft": (_("填写中"), Q(state=_STATE.DRAFT)),
    "filled": (_("待签"), Q(state=_STATE.FILLED)),
    "signed": (_("完成"), Q(state=_STATE.SIGNED)),
    "void": (_("作废"), Q(state=_STATE.VOID)),
}


@dataclass(frozen=True)
class RecordList(Tabbed):
    """What the address asks for."""

    request: SignedInRequest
    form: str
    right: str = SEE

    def asked(self, name: str, most: int = 40) -> str:
        return self.request.GET.get(name, "").strip()[:most]

    @property
    def tabs(self) -> Mapping[str, tuple[Any, Q]]:
        return STATES

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.asked(name))
        except ValueError:
            return None

    @cached_property
    def of_level(self) -> QuerySet[Record]:
        rows = visible_records(self.request.scope, self.right).filter(form=self.form)
        return self.placed(rows, Q(filled_by=self.request.user))

    @cached_property
    def rows(self) -> QuerySet[Record]:
        rows = self.of_level.filter(STATES[self.state][1])
        if since := self.day("since"):
            rows = rows.filter(on__gte=since)
        if until := self.day("until"):
            rows = rows.filter(on__lte=until)
        if words := self.asked("q"):
            rows = rows.filter(Q(words__icontains=words) | Q(number__icontains=words))
        return rows.select_related("project", "filled_by")

    def page(self) -> tuple[list[Record], Pager]:
        return self.newest(self.rows, PAGE)

    @property
    def filters(self) -> dict[str, str]:
        names = ("q", "since", "until")
        return {"of": self.level, "state": self.state, **{name: self.asked(name) for name in names}}

    def link(self, **changed: str) -> str:
        asked = {**self.filters, **changed}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    def about(self) -> dict[str, Any]:
        return {**super().about(), "filters": self.filters, "query": self.link()}


# --- What stands in a row -------------------------------------------------------------------------


def cells_of(rule: Form, record: Record) -> list[tuple[FormField, str]]:
    return [(one, shown(one, record.values.get(one.id))) for one in rule.in_list()]


def columns_of(rule: Form) -> list[Column]:
    """Of the workbook: everything that is written on the form, with real numbers and dates."""
    return [
        Column(_("编号"), 20, lambda record, _reader: record.number),
        Column(_("项目"), 14, lambda record, _reader: record.project.name),
        Column(_("日期"), 12, lambda record, _reader: record.on),
        *(column for one in rule.fields if one.id != "on" for column in _columns(one)),
        Column(_("状态"), 8, lambda record, _reader: str(record.get_state_display())),
        Column(_("填写人"), 10, lambda record, _reader: record.filled_by.name),
        Column(_("填写时间"), 17, lambda record, _reader: record.filled_at),
        Column(_("签字"), 30, lambda record, _reader: _signed(record)),
    ]


def _columns(one: FormField) -> Iterator[Column]:
    if one.kind == "scores":
        for item in one.items:
            yield Column(item.title, 10, partial(_mark, one.id, item.id))
    else:
        yield Column(one.title, 30 if one.kind in ("long", "table") else 14, partial(_cell, one))


def _cell(one: FormField, record: Record, _reader: Reader) -> Any:
    return cell(one, record.values.get(one.id))


def _mark(field: str, item: str, record: Record, _reader: Reader) -> Cell:
    found: int | None = record.values.get(field, {}).get(item)
    return found


def _signed(record: Record) -> str:
    return "；".join(f"{each.place} {each.name}" for each in record.signatures.all())


def exported(rows: QuerySet[Record], rule: Form, reader: Reader) -> Iterator[list[Cell]]:
    """The cells of every row, by day, read from the database bit by bit."""
    found = rows.prefetch_related("signatures").order_by("on", "pk")
    return lines(found, columns_of(rule), reader)
