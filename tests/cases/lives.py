"""Random people do random things to cases; at every step the guarantees of the design hold.

`Lives` is the ground of such machines: the time, the people, an act that must leave no trace when
it is refused, and the guarantees. What can be done is said by the rules of its subclasses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    run_state_machine_as_test,
)

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.models import Case, Commitment, Hold, JournalEntry
from shouwen.cases.queries import as_entries, journal
from shouwen.cases.verifying import verify_case
from shouwen.followup.models import Visit
from shouwen.groups.models import Statement
from shouwen.majors.models import EventAction, Sending
from shouwen.outside.models import Hop
from shouwen.rules.commitments import Promise, promises
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import State, advance, fold
from shouwen.rules.permissions import ANSWERS
from shouwen.rules.refused import Refused
from shouwen.supervision.models import Matter
from tests.cases.tampering import tampered
from tests.cast import Cast
from tests.moments import moment

T = TypeVar("T")
OVER = ("closed", "void", "merged")
#: What follows the end of the work may still be owed when a case is closed.
LIVES_ON = ("done", "fed-back", "closed")
#: What a case was registered with and never loses.
REGISTERED = (
    "number", "title", "text", "source", "project_id", "contact_id", "opened_at", "rulebook_id",
)  # fmt: skip


def walk(machine: type[Lives], *, walks: int, steps: int) -> None:
    """Let people do so many things, so many times. SHOUWEN_WALKS=20 walks twenty times as often.

    Hypothesis begins with the plainest walk there is and then varies what it has had; runs of their
    own lie further apart, so each is one of two: the plainest, which costs little, and a new one.
    """
    for _ in range(walks * int(os.environ.get("SHOUWEN_WALKS", "1"))):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=2, stateful_step_count=steps, deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip


@dataclass
class Story:
    """A case as it stands in the database now, and what its journal says."""

    case: Case

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
    def promises(self) -> list[Promise]:
        case = self.case
        book, calendar = rulebook(case.rulebook_id), calendars(case.calendar_id)
        return promises(book, self.entries, calendar, case.number)

    def steps(self) -> Iterable[tuple[State, Entry]]:
        """Every entry with the state that it found."""
        state = State()
        for entry in self.entries:
            yield state, entry
            advance(state, entry)


class Lives(RuleBasedStateMachine):
    """What happens in one walk is undone at its end, so that no walk depends on another."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.at = moment("2026-11-16 09:00", "周一")
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self._cases: list[Case] | None = None
        self._read: list[Story] | None = None
        self._moved = True
        self._rows: dict[int, Case] = {}
        self._seen: dict[int, dict[str, Any]] = {}
        self._told: dict[int, list[tuple[Any, ...]]] = {}
        self._settled: dict[object, Any] = {}
        self._staff = set(Staff.objects.values_list("number", flat=True))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)
        calendars.cache_clear()
        rulebook.cache_clear()  # ids come again after a rollback

    def person(self, who: str) -> Staff:
        found: Staff = getattr(self.cast, who)
        return found

    def scope(self, who: str) -> Scope:
        return scope_of(self.person(who), self.at)

    def wait(self, minutes: int) -> datetime:
        self.at += timedelta(minutes=minutes)
        return self.at

    def attempt(self, act: Callable[..., T], who: str, **arguments: Any) -> T | None:
        """Somebody does it, or is refused: then nothing at all has changed."""
        by, before = self.scope(who), traces()
        try:
            done = act(by=by, at=self.at, **arguments)
        except Refused:
            assert traces() == before, f"{act.__name__} was refused and left a trace"
            # What was handed over may show what was taken back.
            self._cases = self._read = None
            return None
        self.moved()
        return done

    def moved(self) -> None:
        """Something was done: what was read is old."""
        self._cases = self._read = None
        self._moved = True

    # --- What is read -----------------------------------------------------------------------------

    @property
    def cases(self) -> list[Case]:
        """Every case of this walk as it is now, the oldest first."""
        if self._cases is None:
            related = ("project", "owner", "delegate", "assignee", "department", "merged_into")
            self._cases = list(Case.objects.select_related(*related).order_by("pk"))
        return self._cases

    def changed(self) -> list[Story]:
        """The cases that are not as they were when the guarantees were last looked at."""
        if self._read is None:
            self._rows = {case.pk: case for case in self.cases}
            now = {pk: _columns(case) for pk, case in self._rows.items()}
            self._read = [Story(self._rows[pk]) for pk in now if now[pk] != self._seen.get(pk)]
            self._seen = now
        return self._read

    # --- The guarantees ---------------------------------------------------------------------------

    @invariant()
    def what_was_registered_is_there_when_read_again(self) -> None:
        """Guarantee 1: no entry is lost or changed, no case, and nothing that it was told with."""
        for story in self.changed():
            told = [_entry(row) for row in story.rows]
            before = self._told.get(story.case.pk, [])
            assert told[: len(before)] == before
            self._told[story.case.pk] = told
            known = tuple(getattr(story.case, name) for name in REGISTERED)
            self.settles(("case", story.case.pk), known)
            assert story.entries[0].verb == "opened"
            assert story.entries[0].data["text"] == story.case.text
        assert self._told.keys() <= self._rows.keys()

    @invariant()
    def exactly_one_owner_from_opening_to_closing(self) -> None:
        """Guarantee 2."""
        for story in self.changed():
            assert story.case.owner.number == story.state.owner
            owners = [state.owner for state, entry in story.steps() if entry.verb != "opened"]
            assert set(owners) <= self._staff

    @invariant()
    def the_row_is_the_fold_of_the_journal(self) -> None:
        for story in self.changed():
            case, state = story.case, story.state
            assert (case.status, case.round, case.facts) == (state.status, state.round, state.facts)
            assert case.kind == state.facts.get("kind", "other")
            assert case.urgent == bool(state.facts.get("urgent"))
            assert (case.delegate.number if case.delegate else "") == state.delegate
            assert (case.assignee.number if case.assignee else "") == state.assignee
            assert (case.department.code if case.department else "") == state.lead
            times = (case.done_at, case.fed_back_at, case.closed_at)
            assert times == (state.done_at, state.fed_back_at, state.closed_at)
            assert (case.waiting_for, case.void_requested) == (
                state.waiting_for, state.void_requested,
            )  # fmt: skip
            merged = case.merged_into.number if case.merged_into else ""
            assert merged == state.merged_into
            parts = case.parts.exclude(state="withdrawn").select_related("department")
            assert {p.department.code: (p.lead, p.state) for p in parts} == {
                code: (part.lead, part.state) for code, part in state.parts.items()
            }

    @invariant()
    def the_rows_of_commitments_are_what_the_rules_promise(self) -> None:
        """What runs, to the minute. What has ended stays as it ended, whatever calendar or
        approval of a wait has come since."""
        for story in self.changed():
            found = {p.key: p for p in story.promises}
            rows = {row.key: row for row in story.case.commitments.all()}
            assert found.keys() == rows.keys()
            for key, row in rows.items():
                assert bool(row.outcome) == bool(found[key].outcome), key
                if not row.outcome:
                    assert (row.due_at, row.started_at) == (
                        found[key].due.at, found[key].started_at,
                    ), key  # fmt: skip
            running = [row.due_at for row in rows.values() if not row.outcome and row.due_at]
            assert story.case.next_due_at == min(running, default=None)

    @invariant()
    def what_was_promised_or_judged_never_changes(self) -> None:
        """Guarantee 3: what has ended, was answered, approved, sent or signed stands as it is."""
        for rows, names in _judged() if self._moved else ():
            for pk, *values in rows.values_list("pk", *names):
                self.settles((rows.model, pk), tuple(values))
        self._moved = False

    def settles(self, what: object, now: tuple[Any, ...]) -> None:
        """From now on it stays like this."""
        before = self._settled.setdefault(what, now)
        assert before == now, f"{what}: {before} has become {now}"

    @invariant()
    def the_journal_is_whole_and_no_tampering_stays_unseen(self) -> None:
        """Guarantee 8."""
        for story in self.changed():
            found = list(verify_case(story.case, story.rows))
            assert not found, found
            what, forged = tampered(story.rows, Random(story.case.head), self.cast.admin)
            assert list(verify_case(story.case, forged)), f"{what}, and nobody noticed"

    @invariant()
    def an_open_hold_keeps_the_case_open(self) -> None:
        held = Hold.objects.filter(lifted_at=None).values_list("case", "key")
        by_case: dict[int, set[str]] = {}
        for pk, key in held:
            by_case.setdefault(pk, set()).add(key)
            assert self._rows[pk].status in Case.OPEN, f"{key} and {self._rows[pk].status}"
        for story in self.changed():
            assert story.state.holds == by_case.get(story.case.pk, set())

    @invariant()
    def nobody_but_the_speaker_answers(self) -> None:
        for story in self.changed():
            for state, entry in story.steps():
                if state.speaker and entry.verb in ANSWERS:
                    assert entry.by == state.speaker

    @invariant()
    def a_closed_case_owes_nothing_but_what_follows_its_end(self) -> None:
        for story in self.changed():
            if story.case.status in OVER:
                running = [p for p in story.promises if p.outcome == ""]
                assert all(p.rule.starts in LIVES_ON for p in running), running
                assert story.case.status == "closed" or not running
                assert not story.state.owed or story.case.status != "closed"


def traces() -> tuple[Any, ...]:
    """How many rows every table has, and how far every case has come."""
    quote = connection.ops.quote_name
    tables = [model._meta.db_table for model in _ours()]
    counts = " UNION ALL ".join(f"SELECT COUNT(*) FROM {quote(table)}" for table in tables)  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(counts)
        counted = [count for (count,) in cursor.fetchall()]
    heads = Case.objects.order_by("pk").values_list("pk", "version", "head", "status")
    return counted, list(heads)


def _ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("shouwen.")]


def _columns(case: Case) -> dict[str, Any]:
    return {field.attname: getattr(case, field.attname) for field in Case._meta.fields}


def _entry(row: JournalEntry) -> tuple[Any, ...]:
    told = (row.seq, row.verb, row.at, row.recorded_at, row.by_id, row.said_by)
    return (*told, tuple(row.roles), row.data, row.hash)


def _judged() -> list[tuple[QuerySet[Any], tuple[str, ...]]]:
    """Rows that are over, with the columns that stay for ever."""
    ended = tuple(
        field.attname for field in Commitment._meta.fields if field.attname not in ("id", "rung")
    )
    return [
        (Commitment.objects.exclude(outcome=""), ended),
        (
            Matter.objects.exclude(answered_at=None),
            ("number", "kind", "text", "due_at", "answer", "answers", "answered_at"),
        ),
        (Hop.objects.all(), ("referral_id", "step", "at", "by_id", "text", "said_by", "where")),
        (Sending.objects.exclude(sent_at=None), ("key", "name", "due_at", "sent_at", "report")),
        (EventAction.objects.exclude(done_at=None), ("text", "due_at", "done_at", "proof")),
        (
            Statement.objects.exclude(approved_at=None, returned_at=None),
            ("text", "measures", "approved_at", "returned_at", "opinion"),
        ),
        (
            Visit.objects.filter(state=Visit.State.DONE),
            ("rule", "round", "result", "opinion", "visited_at", "due_at", "mode"),
        ),
    ]
