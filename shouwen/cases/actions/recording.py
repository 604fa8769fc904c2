"""How every action writes: lock the case, ask the rules, append to the journal, keep row and
promises.

with acting(case, by=by, right="case.dispatch", at=at) as act:
    act.write("dispatched", {...})
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.actions.keeping import keep_commitments
from shouwen.cases.models import Case, CasePart, JournalEntry
from shouwen.cases.queries import as_entries, journal, may_see
from shouwen.rules.closing import require_complete
from shouwen.rules.commitments import Calendars, Promise, earliest, promises
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import State, advance, fold, require_allowed
from shouwen.rules.permissions import require_permitted
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook

GENESIS = "0" * 64
#: A phone's clock may be a little ahead of ours.
AHEAD = timedelta(minutes=5)


@dataclass
class Act:
    """One action on one locked case, from the first entry to the kept promises."""

    case: Case
    by: Scope | None
    at: datetime
    rulebook: Rulebook
    calendars: Calendars
    entries: list[Entry]
    state: State
    rows: list[JournalEntry] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    def write(
        self,
        verb: str,
        data: Mapping[str, Any] | None = None,
        *,
        happened: datetime | None = None,
        said_by: str = "",
    ) -> JournalEntry:
        """Append one entry, if the rules allow it now by this person."""
        data = dict(data or {})
        roles = self.by.roles(self.case.project) if self.by else ()
        number = self.by.staff.number if self.by else ""
        entry = Entry(len(self.entries) + 1, verb, self._when(happened), number, roles, data)
        if verb != "opened":
            require_allowed(self.state, verb, data)
            self._require_permitted(entry)
            self._require_complete(verb)
        return self._append(entry, said_by)

    def _when(self, happened: datetime | None) -> datetime:
        if happened is None:
            return self.at
        if happened > self.at + AHEAD:
            raise Refused("in-the-future", "发生时间不能晚于现在，请核对。", field="happened")
        opened = self.state.opened_at
        if opened and happened < opened.replace(second=0, microsecond=0):
            raise Refused("before-opening", "发生时间不能早于登记时间，请核对。", field="happened")
        return max(min(happened, self.at), opened or happened)  # forms know minutes, not seconds

    def _require_permitted(self, entry: Entry) -> None:
        """The regulation's own rules on who may do this, on top of our rights."""
        if self.by is not None:
            require_permitted(
                self.rulebook,
                self.state,
                entry.verb,
                by=entry.by,
                roles=entry.roles,
                accused=self.is_accused(),
            )

    def is_accused(self) -> bool:
        return self.by is not None and is_accused(self.by, self.state)

    def _require_complete(self, verb: str) -> None:
        """What must stand before this verb. An emergency is dispatched and done first, and
        completed after; nobody outside is answered before."""
        if verb in ("dispatched", "done") and self.state.facts.get("urgent"):
            return
        if verb in ("dispatched", "done", "fed-back", "closed", "replied-sender"):
            require_complete(self.rulebook, self.entries, verb)

    def _append(self, entry: Entry, said_by: str) -> JournalEntry:
        case = self.case
        row = JournalEntry(
            case=case,
            seq=entry.seq,
            verb=entry.verb,
            at=entry.at,
            recorded_at=self.at,
            by=self.by.staff if self.by else None,
            roles=list(entry.roles),
            said_by=said_by,
            data=dict(entry.data),
            previous=case.head or GENESIS,
        )
        row.hash = entry_hash(case.number, row)
        row.save(force_insert=True)
        case.head, case.version = row.hash, row.seq
        self.entries.append(entry)
        self.rows.append(row)
        advance(self.state, entry)
        return row

    def finish(self) -> None:
        """Bring the row to the state of the journal and keep the promises that it makes."""
        self.promises = promises(self.rulebook, self.entries, self.calendars, self.case.number)
        _apply(self.case, self.state, earliest(self.promises))
        keep_commitments(self.case, self.promises, self.at)


def is_accused(by: Scope, state: State) -> bool:
    """Whether a complaint is about somebody, or about the department that he belongs to."""
    accused = state.facts.get("accused", "")
    if not accused:
        return False
    return (
        by.staff.number == accused or by.staff.posts.filter(until=None, unit__code=accused).exists()
    )


def require_unchanged(case: Case, version: int) -> None:
    """Lock a case for the transaction that is open, and refuse if somebody changed it since
    `version`."""
    locked = Case.objects.select_for_update().only("version").get(pk=case.pk)
    if locked.version != version:
        raise _changed()


def _changed() -> Refused:
    return Refused(
        "changed-meanwhile", "别人刚刚改过这件事，请看过最新情况再操作，您填的内容还在。"
    )


@contextmanager
def acting(
    case: Case | int,
    *,
    by: Scope | None,
    right: str,
    at: datetime,
    version: int | None = None,
) -> Iterator[Act]:
    """Lock, then check, then act. `version` is what the person saw; another since then is
    refused."""
    with transaction.atomic():
        locked = _lock(case.pk if isinstance(case, Case) else case, by)
        if by is not None:
            by.require(right, locked.project)
        if version is not None and version != locked.version:
            raise _changed()
        act = begin(locked, by, at)
        yield act
        act.finish()
        if isinstance(case, Case):
            _show(case, act.case)


def _show(case: Case, acted: Case) -> None:
    """The caller's object becomes what was written, without reading it once more."""
    case.__dict__.clear()
    case.__dict__.update(acted.__dict__)


def begin(case: Case, by: Scope | None, at: datetime) -> Act:
    """An act on a case that is locked, or was created in this transaction."""
    entries = as_entries(journal(case)) if case.version else []
    return Act(
        case,
        by,
        at,
        rulebook(case.rulebook_id),
        calendars(case.calendar_id),
        entries,
        fold(entries),
    )


def _lock(pk: int, by: Scope | None) -> Case:
    found = (
        Case.objects.select_for_update(of=("self",))
        .select_related("project__company", "owner", "delegate", "assignee", "department")
        .order_by()
        .filter(pk=pk)[:1]
    )
    case = next(iter(found), None)
    if case is None or (by is not None and not may_see(by, case)):
        raise Refused("not-found", "没有找到这件事，请核对编号。")
    return case


def _apply(case: Case, state: State, next_due: datetime | None) -> None:
    """The row of a case always equals the fold of its journal."""
    people = _people(case, {state.owner, state.delegate, state.assignee} - {""})
    units = _units(case, state.parts.keys())
    case.status = state.status
    case.round = state.round
    case.facts = state.facts
    case.kind = str(state.facts.get("kind", "other"))
    case.urgent = bool(state.facts.get("urgent", False))
    case.owner = people[state.owner]
    case.delegate = people.get(state.delegate)
    case.assignee = people.get(state.assignee)
    case.department = units.get(state.lead)
    case.done_at, case.fed_back_at, case.closed_at = (
        state.done_at,
        state.fed_back_at,
        state.closed_at,
    )
    case.waiting_for = state.waiting_for
    case.void_requested = state.void_requested
    case.next_due_at = next_due
    if state.merged_into and case.merged_into is None:
        case.merged_into = Case.objects.get(number=state.merged_into)
    case.save()
    _apply_parts(case, state, units)


def _people(case: Case, numbers: set[str]) -> dict[str, Staff]:
    """By number; only those are read who had no part in the case yet."""
    had = (case.owner, case.delegate, case.assignee)
    known = {person.number: person for person in had if person}
    new = numbers - known.keys()
    return known | {p.number: p for p in (Staff.objects.filter(number__in=new) if new else ())}


def _units(case: Case, codes: Set[str]) -> dict[str, OrgUnit]:
    """By code; only those are read that did not lead already."""
    known = {unit.code: unit for unit in (case.department,) if unit}
    new = codes - known.keys()
    return known | {u.code: u for u in (OrgUnit.objects.filter(code__in=new) if new else ())}


def _apply_parts(case: Case, state: State, units: Mapping[str, OrgUnit]) -> None:
    now = (
        {part.department_id: part for part in case.parts.exclude(state="withdrawn").order_by()}
        if (case.version > 1)
        else {}
    )
    wanted = {units[code].pk: part for code, part in state.parts.items()}
    for pk, row in now.items():
        if pk not in wanted:
            row.state = CasePart.State.WITHDRAWN
            row.save(update_fields=["state"])
    for pk, part in wanted.items():
        row = now.get(pk) or CasePart(case=case, department_id=pk)
        if (row.lead, row.state, row.sent_at) != (part.lead, part.state, part.sent_at):
            row.lead, row.state, row.sent_at = part.lead, part.state, part.sent_at
            row.save()


def entry_hash(number: str, row: JournalEntry) -> str:
    """The hash that chains an entry to the one before it."""
    content = {
        "case": number,
        "seq": row.seq,
        "verb": row.verb,
        "at": _utc(row.at),
        "recorded_at": _utc(row.recorded_at),
        "by": row.by.number if row.by else "",
        "roles": row.roles,
        "said_by": row.said_by,
        "data": row.data,
        "previous": row.previous,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
