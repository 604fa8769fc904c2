"""What is answered about contacts, cases, commitments and files; phones always masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ninja import Schema

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Attachment, Case, Commitment, Contact, JournalEntry
from shouwen.cases.queries import visible_cases
from shouwen.cases.standing import Standing
from shouwen.estate.phones import mask_phone
from shouwen.rules.closing import Line
from shouwen.rules.journal import VERBS

Facts = dict[str, str | bool]


class Person(Schema):
    number: str
    name: str


class Place(Schema):
    code: str
    name: str


class Customer(Schema):
    """As they were when it was said."""

    name: str
    phone: str
    """Masked: 139 **** 0421."""
    address: str
    unit: str
    """The key of the unit (3-2-501), empty while it is not known."""


class CommitmentAnswer(Schema):
    key: str
    case: str
    title: str
    clause: str
    regulation: str
    default: bool
    """系统默认，非制度规定."""
    to: str
    """"customer" or "department"."""
    department: str
    holder: Person | None
    urgent: bool
    started_at: datetime
    not_before: datetime | None
    due_at: datetime | None
    """Nothing while it is paused."""
    first_due_at: datetime | None
    paused: bool
    outcome: str
    """Empty while it runs; met, late, waived."""
    ended_at: datetime | None
    words: str
    """The arithmetic, in Chinese."""


class CheckAnswer(Schema):
    """A line of the closing checklist."""

    id: str
    title: str
    clause: str
    done: bool
    verb: str


class PartAnswer(Schema):
    department: Place
    lead: bool
    state: str


class CaseLine(Schema):
    """A case in a list."""

    number: str
    version: int
    project: str
    status: str
    status_name: str
    round: int
    kind: str
    urgent: bool
    source: str
    title: str
    owner: Person
    delegate: Person | None
    department: Place | None
    assignee: Person | None
    customer: Customer
    opened_at: datetime
    done_at: datetime | None
    fed_back_at: datetime | None
    closed_at: datetime | None
    next_due_at: datetime | None


class CaseAnswer(CaseLine):
    """A case with its axes, promises and what is still missing for closing."""

    contact: str
    text: str
    facts: Facts
    waiting_for: str
    void_requested: bool
    merged_into: str
    parts: list[PartAnswer]
    commitments: list[CommitmentAnswer]
    closing: list[CheckAnswer]


class ContactAnswer(Schema):
    number: str
    project: str
    source: str
    at: datetime
    recorded_at: datetime
    received_by: Person
    customer: Customer
    text: str
    night: bool
    late_entry: bool
    sender: str
    sender_number: str
    sender_due: datetime | None
    answer: str
    answered_at: datetime | None
    cases: list[str]
    """Numbers of its cases, as far as you may see them."""


class EntryAnswer(Schema):
    """One thing that happened to a case."""

    seq: int
    verb: str
    word: str
    at: datetime
    recorded_at: datetime
    by: Person | None
    roles: list[str]
    said_by: str
    data: dict[str, Any]


class FileAnswer(Schema):
    id: int
    label: str
    size: int
    media_type: str
    sha256: str
    at: datetime


class CasePage(Schema):
    items: list[CaseLine]
    next: str | None


class ContactPage(Schema):
    items: list[ContactAnswer]
    next: str | None


class CommitmentPage(Schema):
    items: list[CommitmentAnswer]
    next: str | None


class Journal(Schema):
    version: int
    items: list[EntryAnswer]


class Files(Schema):
    items: list[FileAnswer]


class Phone(Schema):
    phone: str


# --- From rows ------------------------------------------------------------------------------------


def person(staff: Staff) -> Person:
    return Person(number=staff.number, name=staff.name)


def maybe_person(staff: Staff | None) -> Person | None:
    return person(staff) if staff else None


def place(unit: OrgUnit | None) -> Place | None:
    return Place(code=unit.code, name=unit.name) if unit else None


def _line(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "version": case.version,
        "project": case.project.code,
        "status": case.status,
        "status_name": str(case.get_status_display()),
        "round": case.round,
        "kind": case.kind,
        "urgent": case.urgent,
        "source": case.source,
        "title": case.title,
        "owner": person(case.owner),
        "delegate": maybe_person(case.delegate),
        "department": place(case.department),
        "assignee": maybe_person(case.assignee),
        "customer": Customer(
            name=case.customer_name,
            phone=mask_phone(case.customer_phone),
            address=case.address,
            unit=case.unit.key if case.unit else "",
        ),
        "opened_at": case.opened_at,
        "done_at": case.done_at,
        "fed_back_at": case.fed_back_at,
        "closed_at": case.closed_at,
        "next_due_at": case.next_due_at,
    }


def case_line(case: Case) -> CaseLine:
    return CaseLine(**_line(case))


def case_answer(standing: Standing) -> CaseAnswer:
    case = standing.case
    return CaseAnswer(
        **_line(case),
        contact=case.contact.number,
        text=case.text,
        facts=dict(sorted(case.facts.items())),
        waiting_for=case.waiting_for,
        void_requested=case.void_requested,
        merged_into=case.merged_into.number if case.merged_into else "",
        parts=_parts(case),
        commitments=[commitment_answer(row, case) for row in standing.commitments],
        closing=[_check(line) for line in standing.lines()],
    )


def _parts(case: Case) -> list[PartAnswer]:
    rows = case.parts.exclude(state="withdrawn").select_related("department")
    return [
        PartAnswer(
            department=Place(code=row.department.code, name=row.department.name),
            lead=row.lead,
            state=row.state,
        )
        for row in rows
    ]


def _check(line: Line) -> CheckAnswer:
    return CheckAnswer(
        id=line.id, title=line.title, clause=line.clause, done=line.done, verb=line.verb
    )


def commitment_answer(row: Commitment, case: Case) -> CommitmentAnswer:
    return CommitmentAnswer(
        key=row.key,
        case=case.number,
        title=row.title,
        clause=row.clause,
        regulation=row.regulation,
        default=row.default,
        to="customer" if row.customer_facing else "department",
        department=row.department.code if row.department else "",
        holder=maybe_person(row.holder),
        urgent=row.urgent,
        started_at=row.started_at,
        not_before=row.not_before,
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        paused=row.paused,
        outcome=row.outcome,
        ended_at=row.ended_at,
        words=row.words,
    )


def contact_answers(contacts: Iterable[Contact], scope: Scope) -> list[ContactAnswer]:
    """Each with the numbers of those of its cases that may be seen: one question for all."""
    contacts = list(contacts)
    seen: dict[int, list[str]] = {contact.pk: [] for contact in contacts}
    rows = visible_cases(scope).filter(contact__in=seen).order_by("pk")
    for contact_id, number in rows.values_list("contact_id", "number"):
        seen[contact_id].append(number)
    return [_contact(contact, seen[contact.pk]) for contact in contacts]


def _contact(contact: Contact, cases: list[str]) -> ContactAnswer:
    return ContactAnswer(
        number=contact.number,
        project=contact.project.code,
        source=contact.source,
        at=contact.at,
        recorded_at=contact.recorded_at,
        received_by=person(contact.received_by),
        customer=Customer(
            name=contact.name,
            phone=mask_phone(contact.phone),
            address=contact.address,
            unit=contact.unit.key if contact.unit else "",
        ),
        text=contact.text,
        night=contact.night,
        late_entry=contact.late_entry,
        sender=contact.sender,
        sender_number=contact.sender_number,
        sender_due=contact.sender_due,
        answer=contact.answer,
        answered_at=contact.answered_at,
        cases=cases,
    )


def entry_answer(row: JournalEntry) -> EntryAnswer:
    return EntryAnswer(
        seq=row.seq,
        verb=row.verb,
        word=VERBS[row.verb],
        at=row.at,
        recorded_at=row.recorded_at,
        by=maybe_person(row.by),
        roles=list(row.roles),
        said_by=row.said_by,
        data=_masked(row.data),
    )


def _masked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The journal knows the number that was called from; a reader of the journal does not."""
    details = data.get("details")
    if not isinstance(details, Mapping) or not details.get("phone"):
        return dict(data)
    return {**data, "details": {**details, "phone": mask_phone(str(details["phone"]))}}


def file_answer(file: Attachment) -> FileAnswer:
    return FileAnswer(
        id=file.pk,
        label=file.label,
        size=file.size,
        media_type=file.media_type,
        sha256=file.sha256,
        at=file.at,
    )
