"""What the worker files, and what it asks to be handed over: read from the steps of others by
cursors of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from shouwen.archive.actions.depositing import owe_copies
from shouwen.archive.actions.filing import Paper, file_away
from shouwen.archive.actions.numbers import note_number
from shouwen.archive.models import Folder
from shouwen.archive.queries import longest, retentions
from shouwen.cases.models import JournalEntry
from shouwen.cases.one_by_one import summed, tried
from shouwen.followup.actions.following import read_on
from shouwen.papers.models import Scan
from shouwen.registers.models import Record, RecordStep
from shouwen.registers.queries import form_of
from shouwen.repairs.models import WorkOrder
from shouwen.statements.models import Statement, StatementStep
from shouwen.statements.reading import drafts

_STATEMENT = Statement.State


def collect(*, at: datetime) -> int:
    """Read on in all that is signed. Returns how many steps were read; a step that is read twice
    files nothing twice."""
    return summed(_READERS, lambda reader: _read(*reader, at))


def _read(
    name: str,
    of: type[Model],
    rows: Callable[[list[int]], Iterable[Any]],
    take: Callable[[Any, datetime], object],
    at: datetime,
) -> int:
    def took(ids: list[int]) -> list[Exception]:
        return tried(rows(ids), lambda row: take(row, at))

    return read_on(name, took, at=at, of=of)


# --- Statements -----------------------------------------------------------------------------------


def _signed_statements(ids: list[int]) -> Iterable[Statement]:
    """Those that somebody put his name to, and messages that went out by themselves."""
    verbs = (*StatementStep.SIGNATURES, "sent")
    stepped = StatementStep.objects.filter(pk__in=ids, verb__in=verbs).values("statement")
    rows = Statement.objects.filter(pk__in=stepped).select_related("unit__project", "unit__company")
    return rows.select_related("unit__group")


def file_statement(row: Statement, at: datetime) -> Folder | None:
    """Once the last place is signed. An edition that was corrected stays beside the other."""
    if row.state in (_STATEMENT.PREPARED, _STATEMENT.SUBMITTED, _STATEMENT.CHECKED):
        return None
    rule = longest(retentions(row.unit, "statement", at))
    edition = f"（第 {row.edition} 版）" if row.edition > 1 else ""
    paper = Paper(
        Folder.Kind.STATEMENT, f"statement:{row.number}",
        f"{row.title} {row.unit.name} {row.spans.words}{edition}", f"/statements/{row.number}",
        "\n".join([row.number, *(drafts(row) | row.texts).values()]), row.clause,
        months=row.written.retention or (rule.months if rule else None),
    )  # fmt: skip
    return file_away(unit=row.unit, paper=paper, at=at)


# --- Filled forms ---------------------------------------------------------------------------------


def _signed_records(ids: list[int]) -> Iterable[Record]:
    """Complete ones. What is closed to most stays where it was filled in."""
    stepped = RecordStep.objects.filter(pk__in=ids).values("record")
    rows = Record.objects.filter(pk__in=stepped, state=Record.State.SIGNED, closed=False)
    return rows.select_related("project__company", "project__group")


def file_record(row: Record, at: datetime) -> Folder:
    form = form_of(row).rule
    rule = longest(retentions(row.project, "record", at))
    paper = Paper(
        Folder.Kind.RECORD, f"record:{row.number}", f"{row.title} {row.on:%Y-%m-%d}",
        f"/registers/records/{row.number}", f"{row.number}\n{row.words}", form.clause,
        months=form.keep_months or (rule.months if rule else None),
    )  # fmt: skip
    return file_away(unit=row.project, paper=paper, at=at)


# --- Signed orders --------------------------------------------------------------------------------


def _finished_orders(ids: list[int]) -> Iterable[WorkOrder]:
    """Those that the customer signed on the screen when they were done."""
    done = JournalEntry.objects.filter(pk__in=ids, verb="order-done")
    numbers = [entry.data.get("order", "") for entry in done]
    return _orders(numbers).exclude(signature=None, signed_name="")


def _scanned_orders(ids: list[int]) -> Iterable[WorkOrder]:
    """Those that came back signed on paper."""
    return _orders(Scan.objects.filter(pk__in=ids, kind="repair-order").values("record"))


def _orders(numbers: Any) -> QuerySet[WorkOrder]:
    rows = WorkOrder.objects.filter(number__in=numbers)
    return rows.select_related("project__company", "project__group", "case")


def _with_numbers(ids: list[int]) -> Iterable[WorkOrder]:
    """Those on which a customer who is known wrote a telephone number."""
    done = JournalEntry.objects.filter(pk__in=ids, verb="order-done")
    rows = _orders([entry.data.get("order", "") for entry in done])
    return rows.exclude(phone_for_visit="").exclude(case__customer=None)


Reader = tuple[
    str, type[Model], Callable[[list[int]], Iterable[Any]], Callable[[Any, datetime], object]
]
_READERS: tuple[Reader, ...] = (
    ("archive-statements", StatementStep, _signed_statements, file_statement),
    ("archive-records", RecordStep, _signed_records, file_record),
    ("archive-orders", JournalEntry, _finished_orders, owe_copies),
    ("archive-numbers", JournalEntry, _with_numbers, note_number),
    ("archive-scans", Scan, _scanned_orders, owe_copies),
)
