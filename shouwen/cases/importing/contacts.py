"""`shouwen import contacts`: every row ends as a contact or as a line of the error sheet, never
neither."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import footing
from shouwen.cases.actions.contacting import contact_customer, feed_back
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.ringing import ring_in_the_past
from shouwen.cases.actions.working import report_done
from shouwen.cases.export import neutral, original
from shouwen.cases.importing.mapping import Message, columns, read
from shouwen.cases.importing.table import rows
from shouwen.cases.models import Case, Contact
from shouwen.estate.queries import resolve_unit
from shouwen.notify.actions import settle_as_history
from shouwen.rules.refused import Refused

BATCH = 50
#: What an error sheet says before the row itself.
SAID = ("行号", "列", "问题")


@dataclass
class Outcome:
    """What became of a file. `read` is always the sum of the other three."""

    read: int = 0
    imported: int = 0
    there: int = 0
    rejected: list[tuple[int, str, str, Mapping[str, str]]] = field(default_factory=list)
    """(row, column, what is wrong, the row as it was)"""
    late: int = 0
    warned: int = 0

    def line(self) -> str:
        return (
            f"rows {self.read}, imported {self.imported}, already there {self.there}, "
            f"rejected {len(self.rejected)}"
        )


def import_contacts(
    path: Path,
    *,
    project: OrgUnit,
    by: Scope,
    now: datetime,
    chosen: Mapping[str, str],
    source: str = "platform",
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Take in a file, oldest message first, each at its own time; then let the clocks ring up to
    now."""
    outcome = Outcome()
    messages = _read(path, project, now, chosen, outcome)
    known = set(
        Contact.objects.filter(project=project).exclude(origin="").values_list("origin", flat=True)
    )
    done = 0
    for batch in _batches(sorted(messages, key=lambda pair: pair[0].at)):
        with transaction.atomic():
            cases = [
                _take(message, cells, project, by, source, known, outcome)
                for message, cells in batch
            ]
            settle_as_history(urls=[f"/cases/{case.number}" for case in cases if case], at=now)
        done += len(batch)
        progress(done)
    outcome.warned, outcome.late = ring_in_the_past(project=project, until=now)
    return outcome


def _read(
    path: Path, project: OrgUnit, now: datetime, chosen: Mapping[str, str], outcome: Outcome
) -> list[tuple[Message, Mapping[str, str]]]:
    zone = footing(project, now).calendars.duty.zone
    found: dict[str, str] = {}
    messages: list[tuple[Message, Mapping[str, str]]] = []
    for number, row in rows(path):
        cells = _as_given(row)
        found = found or columns(list(cells), chosen)
        outcome.read += 1
        try:
            messages.append((read(number, cells, found, zone, now), cells))
        except Refused as refused:
            outcome.rejected.append((number, refused.field, refused.sentence, cells))
    return messages


def _as_given(cells: Mapping[str, str]) -> Mapping[str, str]:
    """A row of an error sheet, as it was before it became one."""
    if not set(SAID) <= set(cells):
        return cells
    return {name: original(cell) for name, cell in cells.items() if name not in SAID}


def _batches(
    messages: list[tuple[Message, Mapping[str, str]]],
) -> Iterable[list[tuple[Message, Mapping[str, str]]]]:
    return (messages[i : i + BATCH] for i in range(0, len(messages), BATCH))


def _take(
    message: Message,
    cells: Mapping[str, str],
    project: OrgUnit,
    by: Scope,
    source: str,
    known: set[str],
    outcome: Outcome,
) -> Case | None:
    if message.origin in known:
        outcome.there += 1
        return None
    try:
        with transaction.atomic():
            case = _register(message, project, by, source)
            _answer(case, message, by)
    except Refused as refused:
        outcome.rejected.append((message.row, refused.field, refused.sentence, cells))
        return None
    known.add(message.origin)
    outcome.imported += 1
    return case


def _register(message: Message, project: OrgUnit, by: Scope, source: str) -> Case:
    unit = resolve_unit(project, message.room) if message.room else None
    told = Told(
        text=message.text,
        source=source,
        name=message.name,
        phone=message.phone,
        address=message.room,
        unit=unit,
        origin=message.origin,
        sender_due=message.sender_due,
        sender_number=message.number,
        details={"given_class": message.given_class} if message.given_class else {},
    )
    return register(project=project, told=told, by=by, at=message.at)


def _answer(case: Case, message: Message, by: Scope) -> None:
    """The reply that was really given, at its time: the work was done and the customer told.
    Where the
    regulation wants more before that, it stands as a contact with the customer."""
    if not (message.reply and message.reply_at):
        return
    try:
        with transaction.atomic():
            report_done(case=case, by=by, at=message.reply_at, text="按原办理单位的答复登记为已办")
            feed_back(case=case, by=by, at=message.reply_at, text=message.reply, channel="platform")
    except Refused:
        case.refresh_from_db()
        contact_customer(
            case=case, by=by, at=message.reply_at, text=message.reply, channel="platform"
        )


def write_errors(path: Path, outcome: Outcome) -> None:
    """The rejected rows with the row number, the column and what to do. Mended, the sheet can be
    imported itself; opened in a spreadsheet, it runs nothing."""
    headings = list(dict.fromkeys(name for *_, cells in outcome.rejected for name in cells))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([*SAID, *headings])
        for number, column, problem, cells in outcome.rejected:
            row = (neutral(cells.get(name, "")) for name in headings)
            sheet.writerow([number, column, problem, *row])
