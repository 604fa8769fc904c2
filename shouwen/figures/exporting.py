"""Everything that figures are counted from, as a file that anybody can count again: one JSON object
a line, in flat memory (docs/figures-export.md).

Codes, numbers, moments and marks only: no name, phone, address or word of a customer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import IO, Any

from django.conf import settings
from django.db.models import Prefetch

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.models import Adoption
from shouwen.cases.models import Case, Contact, JournalEntry
from shouwen.estate.models import Occupancy, Unit
from shouwen.figures.exported import Codes, Line, day, read
from shouwen.figures.exporting_days import days
from shouwen.figures.models import Exclusion, MonthLock
from shouwen.followup.models import VisitItem

FORMAT = 1
MARKS = ("1", "2", "3", "4", "5")
#: What is kept of an entry; everything else that it says is somebody's words.
KEPT = frozenset({
    "department", "departments", "facts", "from", "into", "lead", "link", "phase", "refusal_stands",
    "result", "rule", "sent_by_handler", "to", "too_early", "urgent",
})  # fmt: skip


def export(file: IO[str], *, at: datetime) -> int:
    """Write the whole file. Returns how many lines."""
    count = 0
    for line in lines(at):
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=_written))
        file.write("\n")
        count += 1
    return count


def lines(at: datetime) -> Iterator[Line]:
    """The head first, what others refer to before those that refer to it."""
    codes = Codes()
    yield {"is": "export", "format": FORMAT, "at": at, "zone": settings.TIME_ZONE}
    yield from chain(
        _places(codes), _adopted(codes), _homes(codes), _locks(codes), _exclusions(),
        _contacts(codes), _cases(codes), days(codes, at),
    )  # fmt: skip


def _written(value: datetime) -> str:
    return value.isoformat()


# --- Places ---------------------------------------------------------------------------------------


def _places(codes: Codes) -> Iterator[Line]:
    for unit in read(OrgUnit.objects.filter(kind__in=("group", "company", "project"))):
        yield {
            "is": "place", "id": unit.pk, "code": unit.code, "kind": unit.kind,
            "company": codes.unit[unit.company_id], "group": codes.unit[unit.group_id],
        }  # fmt: skip


def _adopted(codes: Codes) -> Iterator[Line]:
    for row in read(Adoption.objects.select_related("edition").defer("edition__content")):
        yield {
            "is": "adopted", "place": codes.unit[row.unit_id], "since": row.since,
            "until": row.until, "regulation": row.edition.regulation,
            "edition": row.edition.edition,
        }  # fmt: skip


def _homes(codes: Codes) -> Iterator[Line]:
    lived_in = Prefetch("occupancies", Occupancy.objects.order_by("pk"))
    for home in read(Unit.objects.prefetch_related(lived_in)):
        yield {
            "is": "home", "id": home.pk, "project": codes.unit[home.project_id], "use": home.use,
            "occupied": [[day(row.since), day(row.until)] for row in home.occupancies.all()],
        }  # fmt: skip


# --- What was decided about figures ---------------------------------------------------------------


def _locks(codes: Codes) -> Iterator[Line]:
    for lock in read(MonthLock.objects.all()):
        project = codes.unit[lock.project_id]
        yield {"is": "lock", "project": project, "month": f"{lock.month:%Y-%m}", "at": lock.at}


def _exclusions() -> Iterator[Line]:
    for row in read(Exclusion.objects.filter(Exclusion.HOLDS)):
        yield {
            "is": "exclusion", "measure": row.measure, "record": row.record, "at": row.decided_at,
        }  # fmt: skip


# --- Contacts and cases ---------------------------------------------------------------------------


def _contacts(codes: Codes) -> Iterator[Line]:
    for row in read(Contact.objects.only("number", "project_id", "source", "at")):
        yield {
            "is": "contact", "id": row.pk, "number": row.number,
            "project": codes.unit[row.project_id], "source": row.source, "at": row.at,
        }  # fmt: skip


def _cases(codes: Codes) -> Iterator[Line]:
    entries = JournalEntry.objects.order_by("seq").defer("roles", "previous", "hash")
    items = VisitItem.objects.select_related("case").order_by("pk")
    rows = Case.objects.select_related("unit__building").prefetch_related(
        Prefetch("journal", entries), "commitments", "service_orders", "visits",
        Prefetch("visits__items", items),
    )  # fmt: skip
    for case in read(rows.defer("text")):
        yield {
            **_case(case, codes),
            "entries": [_entry(row, codes) for row in case.journal.all()],
            "commitments": [_commitment(row, codes) for row in case.commitments.all()],
            "visits": [_visit(row) for row in case.visits.all()],
            "services": [_service(row) for row in case.service_orders.all()],
        }


def _case(case: Case, codes: Codes) -> Line:
    return {
        "is": "case", "id": case.pk, "number": case.number, "project": codes.unit[case.project_id],
        "source": case.source, "facts": case.facts, "opened": case.opened_at,
        "building": case.unit.building.name if case.unit else "", "home": case.unit_id,
        "department": codes.unit[case.department_id], "owner": codes.staff[case.owner_id],
        "assignee": codes.staff[case.assignee_id], "regulations": codes.rulebook[case.rulebook_id],
    }  # fmt: skip


def _entry(row: JournalEntry, codes: Codes) -> Line:
    data = {key: value for key, value in row.data.items() if key in KEPT}
    return {
        "seq": row.seq, "verb": row.verb, "at": row.at, "recorded": row.recorded_at,
        "by": codes.staff[row.by_id], **({"data": data} if data else {}),
    }  # fmt: skip


def _commitment(row: Any, codes: Codes) -> Line:
    """Its times; whether it was kept is for the reader to judge."""
    return {
        "id": row.pk,
        "key": row.key,
        "rule": row.rule,
        "regulation": row.regulation,
        "clause": row.clause,
        "department": codes.unit[row.department_id],
        "holder": codes.staff[row.holder_id],
        "started": row.started_at,
        "due": row.due_at,
        "first_due": row.first_due_at,
        "paused": row.paused,
        "ended": row.ended_at,
        "waived": row.why,
    }


def _visit(row: Any) -> Line:
    return {
        "id": row.pk,
        "rule": row.rule,
        "regulation": row.regulation,
        "round": row.round,
        "state": row.state,
        "after": row.after_at,
        "due": row.due_at,
        "visited": row.visited_at,
        "result": row.result,
        "scores": _marks(row.scores),
        "items": [_item(item) for item in row.items.all()],
    }


def _marks(scores: Mapping[str, Any]) -> Line:
    """Marks from 1 to 5, not what was written as text."""
    return {key: mark for key, mark in scores.items() if str(mark) in MARKS}


def _item(item: VisitItem) -> Line:
    settled_in = item.case.number if item.case else ""
    return {
        "id": item.pk,
        "answered": bool(item.answer),
        "reply_by": item.reply_by,
        "case": settled_in,
    }


def _service(row: Any) -> Line:
    return {
        "id": row.pk,
        "number": row.number,
        "item": row.item_id,
        "state": row.state,
        "asked": row.asked_at,
        "due": row.due_at,
        "done": row.done_at,
        "result": row.result,
        "price": str(row.price),
    }
