"""One line for each record behind a number, whatever it is a record of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwen.cases.board import status_of
from shouwen.cases.export import CHUNK, Cell, Column, result_of
from shouwen.cases.models import Case, Commitment
from shouwen.followup.models import Visit
from shouwen.majors.models import MajorEvent
from shouwen.statements.models import Statement

PAGE = 50
#: What each kind of record needs of others.
_RELATED: Mapping[type[Model], tuple[str, ...]] = {
    Case: ("project", "department", "merged_into"),
    Commitment: ("project", "department", "case"),
    Visit: ("project", "case__department"),
    MajorEvent: ("project", "case__department"),
    Statement: ("unit",),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the list and its export show it."""

    number: str
    url: str
    what: str
    place: str
    department: str
    at: datetime | None
    state: str


COLUMNS: Sequence[Column] = (
    Column(_("编号"), 22, lambda record, _reader: record.number),
    Column(_("单位"), 14, lambda record, _reader: record.place),
    Column(_("部门"), 14, lambda record, _reader: record.department),
    Column(_("内容"), 48, lambda record, _reader: record.what),
    Column(_("时间"), 17, lambda record, _reader: record.at),
    Column(_("状态"), 14, lambda record, _reader: record.state),
)


def page_of(rows: QuerySet[Any], after: str, at: datetime) -> tuple[list[Record], str]:
    """One page, the last first, and the key of the next ("" at the end)."""
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(_whole(rows)[: PAGE + 1])
    records = [record_of(row, at) for row in found[:PAGE]]
    return records, str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def cells(rows: QuerySet[Any], at: datetime) -> Iterator[list[Cell]]:
    """The lines of the export, read bit by bit."""
    for row in _whole(rows).iterator(chunk_size=CHUNK):
        record = record_of(row, at)
        yield [column.read(record, None) for column in COLUMNS]  # type: ignore[arg-type] # none is needed


def _whole(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(*_RELATED[rows.model]).order_by("-pk")


def record_of(row: Any, at: datetime) -> Record:
    return _READERS[type(row)](row, at)


def _case(row: Case, _at: datetime) -> Record:
    return _about(row, row.title, row.opened_at, status_of(row), row.department)


def _promise(row: Commitment, at: datetime) -> Record:
    what = f"{row.title} · {row.case.title}"
    return _about(row.case, what, row.due_at, result_of(row, at), row.department, row.project)


def _visit(row: Visit, _at: datetime) -> Record:
    what = f"{row.title} · {row.case.title}"
    return _about(
        row.case, what, row.visited_at, row.get_result_display(), row.case.department, row.project
    )


def _about(
    case: Case, what: str, at: datetime | None, state: Any, department: Any, place: Any = None
) -> Record:
    return Record(
        case.number, reverse("cases:case", args=[case.number]), what, (place or case.project).name,
        department.name if department else "", at, str(state),
    )  # fmt: skip


def _event(row: MajorEvent, _at: datetime) -> Record:
    return Record(
        row.number, reverse("majors:event", args=[row.number]), row.title, row.project.name,
        row.case.department.name if row.case and row.case.department else "", row.opened_at,
        row.get_state_display(),
    )  # fmt: skip


def _statement(row: Statement, _at: datetime) -> Record:
    return Record(
        row.number, reverse("statements:statement", args=[row.number]),
        f"{row.title} {row.spans.words}", row.unit.name, "", row.due_at, row.get_state_display(),
    )  # fmt: skip


Reading = Callable[[Any, datetime], Record]
_READERS: Mapping[type[Model], Reading] = {
    Case: _case,
    Commitment: _promise,
    Visit: _visit,
    MajorEvent: _event,
    Statement: _statement,
}
