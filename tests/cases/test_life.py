"""The life of a case: whatever people do in whatever order, the guarantees of the design hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.actions import (
    classifying,
    closing,
    contacting,
    dispatching,
    intake,
    ownership,
    working,
)
from shouwen.cases.models import Case, Commitment
from shouwen.cases.queries import as_entries, journal
from shouwen.cases.verifying import verify_case
from shouwen.rules.commitments import promises
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.moments import moment

PEOPLE = ("limin", "wangfang", "chenjianguo", "liuqiang", "zhoumin", "sunli")
DEPARTMENTS = ("engineering", "security", "environment")


class Life(RuleBasedStateMachine):
    """Random people do random things to one case; what the rules refuse must leave no trace."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.at = moment("2026-11-16 09:00", "周一")
        self.ended: dict[str, tuple[Any, ...]] = {}
        told = intake.Told(
            text="厨房水管漏水", name="王女士", phone="13900000421", address="3-2-501",
            ticks=["read-back"],
        )  # fmt: skip
        self.case = intake.register(
            project=self.cast.cuihu, told=told, by=self._scope("limin"), at=self.at
        )

    def _scope(self, name: str) -> Scope:
        person: Staff = getattr(self.cast, name)
        return scope_of(person, self.at)

    def _try(self, minutes: int, who: str, act: Callable[..., object], **arguments: Any) -> None:
        self.at += timedelta(minutes=minutes)
        before = self.case.version
        refused = ""
        try:
            act(case=self.case, by=self._scope(who), at=self.at, **arguments)
        except Refused as no:
            refused = no.sentence
        self.case = Case.objects.get(pk=self.case.pk)
        assert not refused or self.case.version == before, "a refused act left an entry"

    minutes = st.integers(0, 900)
    who = st.sampled_from(PEOPLE)
    function = st.sampled_from(DEPARTMENTS)
    text = st.sampled_from(["已处理", "客户说晚上再来", "=cmd()", "👍🏽"])

    @rule(minutes=minutes, who=who, function=function)
    def dispatch(self, minutes: int, who: str, function: str) -> None:
        self._try(minutes, who, dispatching.dispatch, lead=self.cast.department(function))

    @rule(minutes=minutes, who=who, function=function)
    def assist(self, minutes: int, who: str, function: str) -> None:
        unit = self.cast.department(function)
        self._try(minutes, who, dispatching.dispatch, lead=None, assist=[unit])

    @rule(minutes=minutes, who=who)
    def accept(self, minutes: int, who: str) -> None:
        self._try(minutes, who, dispatching.accept)

    @rule(minutes=minutes, who=who, text=text)
    def refuse(self, minutes: int, who: str, text: str) -> None:
        self._try(minutes, who, dispatching.refuse, reason=text)

    @rule(minutes=minutes, who=who, function=function, stands=st.booleans(), onward=st.booleans())
    def rule_on_refusal(
        self, minutes: int, who: str, function: str, stands: bool, onward: bool
    ) -> None:
        department = self.case.department or self.cast.department(function)
        to = self.cast.department(function) if onward else None
        self._try(
            minutes, who, dispatching.rule, department=department, refusal_stands=stands,
            reason="按制度", to=to,
        )  # fmt: skip

    @rule(minutes=minutes, who=who, function=function)
    def transfer(self, minutes: int, who: str, function: str) -> None:
        to = self.cast.department(function)
        self._try(minutes, who, dispatching.transfer, to=to, reason="职责所在")

    @rule(minutes=minutes, who=who, text=text)
    def contact(self, minutes: int, who: str, text: str) -> None:
        self._try(minutes, who, contacting.contact_customer, text=text)

    @rule(minutes=minutes, who=who)
    def arrive(self, minutes: int, who: str) -> None:
        self._try(minutes, who, working.arrive)

    @rule(minutes=minutes, who=who)
    def wait(self, minutes: int, who: str) -> None:
        self._try(minutes, who, working.wait, reason="parts", text="等角阀")

    @rule(minutes=minutes, who=who)
    def resume(self, minutes: int, who: str) -> None:
        self._try(minutes, who, working.resume)

    @rule(minutes=minutes, who=who, text=text)
    def finish(self, minutes: int, who: str, text: str) -> None:
        self._try(minutes, who, working.report_done, text=text)

    @rule(minutes=minutes, who=who, ok=st.booleans())
    def verify(self, minutes: int, who: str, ok: bool) -> None:
        self._try(minutes, who, working.verify, ok=ok, opinion="看过")

    @rule(minutes=minutes, who=who, text=text)
    def feed_back(self, minutes: int, who: str, text: str) -> None:
        self._try(minutes, who, contacting.feed_back, text=text)

    @rule(minutes=minutes, who=who)
    def close(self, minutes: int, who: str) -> None:
        self._try(minutes, who, closing.close)

    @rule(minutes=minutes, who=who)
    def reopen(self, minutes: int, who: str) -> None:
        self._try(minutes, who, closing.reopen, reason="又漏了", channel="电话")

    @rule(minutes=minutes, who=who, kind=st.sampled_from(["repair", "complaint", "inquiry"]))
    def classify(self, minutes: int, who: str, kind: str) -> None:
        self._try(minutes, who, classifying.classify, facts={"kind": kind}, reason="听清楚了")

    @rule(minutes=minutes, who=who, urgent=st.booleans())
    def mark_urgent(self, minutes: int, who: str, urgent: bool) -> None:
        self._try(minutes, who, classifying.mark_urgent, urgent=urgent, reason="积水")

    @rule(minutes=minutes, who=who, to=who)
    def delegate(self, minutes: int, who: str, to: str) -> None:
        self._try(minutes, who, ownership.delegate, to=getattr(self.cast, to), reason="休假")

    @rule(minutes=minutes, who=who)
    def ask_to_void(self, minutes: int, who: str) -> None:
        self._try(minutes, who, closing.request_void, reason="登记错了")

    @rule(minutes=minutes, who=who, approve=st.booleans())
    def decide_on_void(self, minutes: int, who: str, approve: bool) -> None:
        self._try(minutes, who, closing.decide_void, approve=approve, reason="核对过")

    @invariant()
    def exactly_one_owner(self) -> None:
        assert self.case.owner_id

    @invariant()
    def the_row_is_the_fold_of_the_journal(self) -> None:
        entries = as_entries(journal(self.case))
        state = fold(entries)
        case = self.case
        assert (case.status, case.round, case.facts) == (state.status, state.round, state.facts)
        assert case.owner.number == state.owner
        assert (case.department.code if case.department else "") == state.lead
        assert (case.done_at, case.closed_at) == (state.done_at, state.closed_at)
        parts = case.parts.exclude(state="withdrawn").select_related("department")
        assert {p.department.code: (p.lead, p.state) for p in parts} == {
            code: (part.lead, part.state) for code, part in state.parts.items()
        }

    @invariant()
    def the_journal_is_whole(self) -> None:
        assert list(verify_case(self.case, journal(self.case))) == []

    @invariant()
    def the_rows_of_commitments_are_what_the_rules_promise(self) -> None:
        entries = as_entries(journal(self.case))
        found = promises(
            rulebook(self.case.rulebook_id), entries, calendars(self.case.calendar_id),
            self.case.number,
        )  # fmt: skip
        rows = {row.key: row for row in self.case.commitments.all()}
        assert {p.key: (p.due.at, p.outcome) for p in found} == {
            key: (row.due_at, row.outcome) for key, row in rows.items()
        }

    @invariant()
    def what_has_ended_never_changes(self) -> None:
        for row in self.case.commitments.exclude(outcome=""):
            now = (row.started_at, row.due_at, row.ended_at, row.outcome, row.words)
            assert self.ended.setdefault(row.key, now) == now

    @invariant()
    def a_closed_case_owes_nothing_but_its_return_visit(self) -> None:
        if self.case.status in ("closed", "void", "merged"):
            running = self.case.commitments.filter(outcome="")
            assert all(row.rule.startswith("visit:") for row in running), list(running)
            assert self.case.status == "closed" or not running


@pytest.mark.django_db
def test_whatever_people_do_the_guarantees_hold_at_every_step(cast: Cast) -> None:
    Life.cast = cast
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Commitment.objects.exists()
