"""Filling a form: begun, kept as a draft, handed over; changed until somebody has signed; struck
out, or replaced by another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.files import Kept
from shouwen.estate.queries import place_of
from shouwen.notify.actions import tell
from shouwen.registers.models import Record, RecordFile, RecordStep
from shouwen.registers.queries import FILLS, LEADS, FormInForce, form_of
from shouwen.registers.taking import take
from shouwen.rules.forms import require_complete
from shouwen.rules.refused import Refused

_STATE = Record.State
OPEN = (_STATE.DRAFT, _STATE.FILLED)


@dataclass(frozen=True)
class Blank:
    """An empty form of a project, about to be filled."""

    project: OrgUnit
    found: FormInForce

    @property
    def pk(self) -> str:
        """For the draft that the browser keeps."""
        return f"{self.project.code}-{self.found.rule.id}"


def begin(
    *, blank: Blank, typed: Mapping[str, Any], complete: bool, by: Scope, at: datetime
) -> Record:
    """A new record of a form; `typed` by the ids of its fields, photos as files that were taken
    in. A draft may lack what must be filled."""
    by.require(FILLS, blank.project)
    found = blank.found
    with transaction.atomic():
        record = Record(
            **place_of(blank.project), number=next_number("B", blank.project, localdate(at)),
            form=found.rule.id, regulation=found.regulation.id, rulebook_id=found.rulebook_id,
            title=found.rule.title, on=localdate(at), closed=found.rule.closed,
            filled_by=by.staff, filled_at=at,
        )  # fmt: skip
        record.save()
        _write(record, found, typed, complete, by, at)
        log(record, "begun" if record.state == _STATE.DRAFT else "filled", by, at)
    return record


def change(
    *, record: Record, typed: Mapping[str, Any], complete: bool, by: Scope, at: datetime
) -> Record:
    """Until the first signature; what stood there before is kept."""
    with on(record, by) as row:
        if row.filled_by_id != by.staff.pk:
            by.require(LEADS, row.project)
        if row.state not in OPEN or row.signatures.exists():
            raise Refused("signed-already", "已经签字的表不能改；请作废后重新填写。")
        before, draft = row.values, row.state == _STATE.DRAFT
        _write(row, form_of(row), typed, complete or not draft, by, at)
        filled = draft and row.state != _STATE.DRAFT
        log(row, "filled" if filled else "changed", by, at, **_changed(before, row.values))
    return record


def void(*, record: Record, text: str, by: Scope, at: datetime) -> Record:
    """Struck out, with a reason; it stays in the list. One's own draft needs nobody's leave."""
    _require_reason(text)
    with on(record, by) as row:
        _require_may_strike(row, by)
        row.state = _STATE.VOID
        log(row, "voided", by, at, text=text.strip())
    return record


def replace(*, record: Record, text: str, by: Scope, at: datetime) -> Record:
    """The record is void, and a draft with the same words takes its place. Returns the draft."""
    _require_reason(text)
    with on(record, by) as row:
        by.require(LEADS, row.project)
        if row.state not in (_STATE.FILLED, _STATE.SIGNED):
            raise Refused("not-now", "只有交出的表才能更正；填写中的可以直接改。")
        draft = _draft_of(row, by, at)
        row.state = _STATE.VOID
        log(row, "replaced", by, at, text=text.strip(), by_number=draft.number)
        log(draft, "begun", by, at, replaces=row.number)
    return draft


@contextmanager
def on(record: Record, by: Scope) -> Iterator[Record]:
    """Lock, then check, then act; the caller's object becomes what was written."""
    with transaction.atomic():
        rows = Record.objects.select_for_update(of=("self",)).select_related(
            "project__company", "project__group"
        )
        row = rows.get(pk=record.pk)
        by.require("case.view", row.project)
        yield row
        row.save()
    record.__dict__.update(row.__dict__)


def log(record: Record, verb: str, by: Scope, at: datetime, **data: Any) -> None:
    RecordStep.objects.create(record=record, verb=verb, at=at, by=by.staff, data=data)
    record.version += 1
    record.save(update_fields=["version"])


def finished(record: Record, at: datetime) -> None:
    """Every place is signed, or there is none."""
    record.state, record.signed_at = _STATE.SIGNED, at


# --- How ------------------------------------------------------------------------------------------


def _write(
    record: Record,
    found: FormInForce,
    typed: Mapping[str, Any],
    complete: bool,
    by: Scope,
    at: datetime,
) -> None:
    plain = {name: _kept(record, value, by, at) for name, value in typed.items()}
    taken = take(found.rule, plain, project=record.project, by=by, at=at)
    record.values = taken.values
    for name, value in taken.columns.items():
        setattr(record, name, value)
    if complete:
        require_complete(found.rule, taken.values)
        record.state = _STATE.FILLED
        if not found.rule.signatures:
            finished(record, at)
    record.save()
    if record.state == _STATE.FILLED:
        _tell_signers(record, found, at)


def _kept(record: Record, value: Any, by: Scope, at: datetime) -> Any:
    """Files that were taken in become files of the record, and only its own may be named; the
    rest stays."""
    if not isinstance(value, list) or any(isinstance(each, dict) for each in value):
        return value
    own = set(record.files.values_list("pk", flat=True))
    new = [keep_file(record, each, by, at).pk for each in value if isinstance(each, Kept)]
    return [each for each in value if each in own] + new


def keep_file(record: Record, kept: Kept, by: Scope, at: datetime) -> RecordFile:
    return RecordFile.objects.create(
        record=record, label=kept.label, sha256=kept.sha256, size=kept.size,
        media_type=kept.media_type, by=by.staff, at=at,
    )  # fmt: skip


def _tell_signers(record: Record, found: FormInForce, at: datetime) -> None:
    """Who is to sign it signed in learns that it waits."""
    for place in found.rule.signatures:
        for role in found.rule.signers.get(place, ())[:1]:
            tell(
                people=reach_role(role, record.project, at),
                event=f"record:{record.pk}:{place}",
                at=at,
                subject=f"请签字（{place}）：{record.title} {record.number}",
                url=f"/registers/records/{record.number}",
            )


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in before if before[name] != after.get(name)]
    return {"before": {name: before[name] for name in names}} if names else {}


def _draft_of(row: Record, by: Scope, at: datetime) -> Record:
    draft = Record.objects.create(
        **place_of(row.project), number=next_number("B", row.project, localdate(at)),
        form=row.form, regulation=row.regulation, rulebook_id=row.rulebook_id, title=row.title,
        on=row.on, values=row.values, words=row.words, closed=row.closed,
        department_id=row.department_id, staff_id=row.staff_id, unit_id=row.unit_id,
        case_id=row.case_id, filled_by=by.staff, filled_at=at, replaces=row,
    )  # fmt: skip
    return _with_files(draft, row)


def _with_files(draft: Record, row: Record) -> Record:
    """Photos belong to one record: the draft has its own of the same content."""
    now = {file.pk: _copy(file, draft).pk for file in row.files.all()}
    draft.values = {
        name: [now[pk] for pk in value if pk in now] if _are_ids(value) else value
        for name, value in row.values.items()
    }
    draft.save(update_fields=["values"])
    return draft


def _copy(file: RecordFile, record: Record) -> RecordFile:
    return RecordFile.objects.create(
        record=record, label=file.label, sha256=file.sha256, size=file.size,
        media_type=file.media_type, by_id=file.by_id, at=file.at,
    )  # fmt: skip


def _are_ids(value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int for each in value)


def _require_reason(text: str) -> None:
    if not text.strip():
        raise Refused("no-reason", "请写明原因。", field="text")


def _require_may_strike(row: Record, by: Scope) -> None:
    if row.state == _STATE.VOID:
        raise Refused("void-already", "这张表已经作废，不用再作废。")
    if row.state != _STATE.DRAFT or row.filled_by_id != by.staff.pk:
        by.require(LEADS, row.project)
