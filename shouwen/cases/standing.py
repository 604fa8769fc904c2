"""A case as one person stands before it at a moment: what every page and form about it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.actions.recording import is_accused
from shouwen.cases.models import Case, Commitment, JournalEntry
from shouwen.cases.queries import as_entries, journal
from shouwen.rules.closing import Line, checklist
from shouwen.rules.commitments import Calendars, unapproved_limit
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import WAITING, State, fold
from shouwen.rules.next_step import Situation, unanswered
from shouwen.rules.permissions import require_permitted
from shouwen.rules.referrals import path_commitments
from shouwen.rules.regulation import Rulebook
from shouwen.rules.rule import Rule


@dataclass(frozen=True)
class Standing:
    """Everything is read once, whatever asks for it."""

    case: Case
    scope: Scope
    at: datetime

    @cached_property
    def rows(self) -> list[JournalEntry]:
        return journal(self.case)

    @cached_property
    def entries(self) -> list[Entry]:
        return as_entries(self.rows)

    @cached_property
    def state(self) -> State:
        return fold(self.entries)

    @cached_property
    def rulebook(self) -> Rulebook:
        return rulebook(self.case.rulebook_id)

    @property
    def calendar(self) -> Calendars:
        return calendars(self.case.calendar_id)

    @cached_property
    def commitments(self) -> list[Commitment]:
        rows = self.case.commitments.select_related("holder", "department")
        return list(rows.order_by("due_at", "pk"))

    @cached_property
    def units(self) -> Mapping[str, OrgUnit]:
        """Every department that the journal names, by code."""
        codes = {code for entry in self.entries for code in _codes(entry)}
        return {unit.code: unit for unit in OrgUnit.objects.filter(code__in=codes)} if codes else {}

    @cached_property
    def mine(self) -> frozenset[str]:
        """The departments of the case that this person works in."""
        own = self.scope.departments("case.work")
        return frozenset(
            code
            for code in self.state.parts
            if code in self.units and _is_in(self.units[code], own)
        )

    @cached_property
    def accused(self) -> bool:
        return is_accused(self.scope, self.state)

    def may_act_for(self, code: str) -> bool:
        """Narrow roles act for their own department, the desk for any: it types what it hears."""
        return code in self.mine or any(
            "case.work" in reach.rights and reach.department is None
            for reach in self.scope.reaches
            if reach.covers(self.case.project)
        )

    def require_permitted(self, entry: str) -> None:
        require_permitted(
            self.rulebook,
            self.state,
            entry,
            by=self.scope.staff.number,
            roles=self.scope.roles(self.case.project),
            accused=self.accused,
        )

    def open_lines(self, before: str = "closed") -> list[Line]:
        return [line for line in self.lines(before) if not line.done]

    def lines(self, before: str = "closed") -> list[Line]:
        return checklist(self.rulebook, self.entries, before)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules of commitments, by id; a return visit's is its own."""
        return {
            **{rule.id: rule for _, rule in self.rulebook.all("commitment")},
            **{f"visit:{rule.id}": rule for _, rule in self.rulebook.all("return_visit")},
            **{rule.id: rule for _, rule in path_commitments(self.rulebook)},
        }

    @property
    def running(self) -> list[Commitment]:
        return [row for row in self.commitments if row.outcome == ""]

    @cached_property
    def situation(self) -> Situation:
        return Situation(
            state=self.state,
            mine=self.mine,
            promised=frozenset(verb for row in self.running for verb in self._keeps(row)),
            department_late=any(
                row.department_id and row.due_at and row.due_at < self.at for row in self.running
            ),
            asked=unanswered(self.entries),
            unapproved=self.wait_needs_approval,
            missing={before: self.open_lines(before) for before in self._gates()},
        )

    def _keeps(self, row: Commitment) -> Sequence[str]:
        return getattr(self.rules.get(row.rule), "met_by", ())

    def _gates(self) -> Sequence[str]:
        """An emergency is dispatched and done first, and completed after."""
        return ("closed",) if self.state.facts.get("urgent") else ("dispatched", "done", "closed")

    @cached_property
    def waited_since(self) -> Entry | None:
        """The entry by which it waits now."""
        begun = [entry for entry in self.entries if entry.verb == "waiting"]
        return begun[-1] if begun and self.state.status == WAITING else None

    @cached_property
    def wait_approved(self) -> bool:
        begun = self.waited_since
        return begun is not None and (
            bool(begun.data.get("approved"))
            or any(e.verb == "wait-approved" and e.seq > begun.seq for e in self.entries)
        )

    @cached_property
    def wait_needs_approval(self) -> bool:
        """It waits, was not approved, and has used half of what it may without, or is meant to."""
        begun = self.waited_since
        if begun is None or self.wait_approved:
            return False
        limit = unapproved_limit(self.rulebook)
        until = begun.data.get("until") or ""
        meant = datetime.fromisoformat(str(until)) - begun.at if until else timedelta(0)
        return meant > limit or self.at - begun.at > limit / 2


def _codes(entry: Entry) -> Iterable[str]:
    data = entry.data
    named = [data.get(name) for name in ("lead", "department", "from", "to")]
    return [
        code for code in (*named, *data.get("departments", ())) if isinstance(code, str) and code
    ]


def _is_in(unit: OrgUnit, own: Iterable[OrgUnit]) -> bool:
    return any(unit.path.startswith(mine.path) or mine.path.startswith(unit.path) for mine in own)
