"""What is done to a case itself: by the desk, the departments, and those who rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions import (
    classifying,
    closing,
    contacting,
    dispatching,
    intake,
    linking,
    ownership,
    working,
)
from shouwen.cases.actions.intake import Told
from shouwen.cases.models import Case, CasePart
from shouwen.followup.actions.following import follow
from shouwen.followup.models import Visit
from shouwen.rules.closing import Line
from shouwen.rules.refused import Refused
from tests.complaints.walk import (
    DESK,
    DONE,
    FUNCTIONS,
    IN_WORK,
    LEADERS,
    MOST,
    SENT,
    SOURCES,
    TEXTS,
    WORDS,
    WORKERS,
    Turn,
    Walk,
    some_are,
    turn,
)

REASON = "据了解"
TAGS = ("", "investigate", "analyse", "plan", "explain", "apologise", "opinion", "supervise")
#: Lines that somebody completes with his own right; the others belong to an upper floor.
FILLED = (
    "ticked", "detailed", "classified", "noted", "verified", "reported", "fed-back", "visited",
    "replied-sender",
)  # fmt: skip
functions = st.sampled_from(FUNCTIONS)
#: What is told and asked at any time.
ON_THE_WAY: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "reached": (contacting.contact_customer, {"text": "正在办", "tag": "explain"}),
    "not reached": (contacting.contact_customer, {"text": "无人接听", "reached": False}),
    "urged": (contacting.urge, {"text": "快一点"}),
    "asked": (working.report_up, {"question": "怎么办？"}),
    "answered": (working.answer_question, {"text": "按程序办"}),
    "urgent": (classifying.mark_urgent, {"urgent": True, "reason": REASON}),
    "not urgent": (classifying.mark_urgent, {"urgent": False, "reason": REASON}),
    "ticked": (intake.tick, {"ticks": ["read-back"]}),
    "detailed": (intake.add_details, {"details": {"accused": "吴强", "wish": "道歉"}}),
}


STAGES = ("registered", "dispatched", "accepted", "done", "fed-back", "closed")


class Desk(Walk):
    @initialize(
        text=st.sampled_from(TEXTS), source=st.sampled_from(SOURCES), function=functions,
        stage=st.sampled_from(STAGES),
    )  # fmt: skip
    def somebody_complained(self, text: str, source: str, function: str, stage: str) -> None:
        """The walk begins somewhere on the way of an ordinary case."""
        assert self.complains(0, text, source)
        self._goes_on(Turn("limin", 30, 0, 0), function, STAGES.index(stage))

    # --- Handing over -----------------------------------------------------------------------------

    @rule(turn=turn(*DESK), function=functions, assist=st.booleans())
    def dispatch(self, turn: Turn, function: str, assist: bool) -> None:
        unit = self.cast.department(function)
        units = {"lead": None, "assist": [unit]} if assist else {"lead": unit}
        self.do(turn, dispatching.dispatch, case=self.case(turn, *IN_WORK), **units)

    @some_are(*SENT)
    @rule(turn=turn(*WORKERS), data=st.data(), refuses=st.booleans())
    def accept_or_refuse(self, turn: Turn, data: st.DataObject, refuses: bool) -> None:
        case = self.case(turn, *SENT)
        unit = self._part(case, data)
        if refuses:
            self.do(turn, dispatching.refuse, case=case, department=unit, reason=REASON)
        else:
            self.do(turn, dispatching.accept, case=case, department=unit)

    @precondition(lambda self: CasePart.objects.filter(state="refused").exists())
    @rule(turn=turn(*LEADERS), stands=st.booleans(), function=functions)
    def rule_on_refusal(self, turn: Turn, stands: bool, function: str) -> None:
        to = self.cast.department(function)
        part = CasePart.objects.select_related("case", "department").filter(state="refused")[0]
        self.do(
            turn, dispatching.rule, case=part.case, department=part.department,
            refusal_stands=stands, reason=REASON, to=to if to != part.department else None,
        )  # fmt: skip

    @some_are(*SENT, "waiting")
    @rule(turn=turn(*DESK), function=functions)
    def transfer(self, turn: Turn, function: str) -> None:
        to, case = self.cast.department(function), self.case(turn, *SENT, "waiting")
        self.do(turn, dispatching.transfer, case=case, to=to, reason=REASON)

    @some_are(*SENT)
    @rule(turn=turn("liuqiang", "limin"), to=st.sampled_from(("chenjianguo", "hewei", "limin")))
    def assign(self, turn: Turn, to: str) -> None:
        self.do(turn, dispatching.assign, case=self.case(turn, *SENT), to=self.person(to))

    def _part(self, case: Case, data: st.DataObject) -> OrgUnit | None:
        """A department that has the case; now and then the leading one, unnamed."""
        parts = [part.department for part in case.parts.select_related("department")]
        return data.draw(st.sampled_from([*parts, None]), label="department")

    # --- Working ----------------------------------------------------------------------------------

    @some_are(*SENT)
    @rule(turn=turn(*WORKERS))
    def arrive(self, turn: Turn) -> None:
        self.do(turn, working.arrive, case=self.case(turn, *SENT))

    @some_are(*IN_WORK)
    @rule(turn=turn(*DESK), reason=st.sampled_from(["developer", "customer", "outside"]))
    def wait_for(self, turn: Turn, reason: str) -> None:
        case = self.case(turn, *IN_WORK)
        self.do(turn, working.wait, case=case, reason=reason, text="等开发商答复")

    @some_are("waiting")
    @rule(turn=turn(*LEADERS), approves=st.booleans())
    def approve_or_end_the_wait(self, turn: Turn, approves: bool) -> None:
        act = working.approve_wait if approves else working.resume
        self.do(turn, act, case=self.case(turn, "waiting"))

    @rule(turn=turn(*DESK), signed=st.booleans())
    def report_done(self, turn: Turn, signed: bool) -> None:
        case = self.case(turn, *IN_WORK)
        self._completes(turn, case, "done")
        self.do(turn, working.report_done, case=case, text="已处理", signed=signed)

    @some_are(*SENT, *DONE)
    @rule(turn=turn(*WORKERS), data=st.data())
    def report_part_done(self, turn: Turn, data: st.DataObject) -> None:
        case = self.case(turn, *SENT, *DONE)
        unit = self._part(case, data) or self.cast.department("environment")
        self.do(turn, working.report_part_done, case=case, department=unit, text="办完了")

    @some_are(*DONE)
    @rule(turn=turn(*LEADERS), ok=st.booleans())
    def verify(self, turn: Turn, ok: bool) -> None:
        self.do(turn, working.verify, case=self.case(turn, *DONE), ok=ok, opinion="看过")

    # --- The customer -----------------------------------------------------------------------------

    @some_are(*IN_WORK)
    @rule(turn=turn(*DESK), hours=st.integers(1, 90), own=st.booleans())
    def agree_promise(self, turn: Turn, hours: int, own: bool) -> None:
        case = self.case(turn, *IN_WORK)
        running = case.commitments.filter(outcome="").values_list("key", flat=True)
        said = {"until": self.soon(hours), "keys": [] if own else list(running)}
        self.do(turn, contacting.agree_promise, case=case, consent_by="业主", **said)

    @some_are(*DONE)
    @rule(turn=turn(*DESK), text=WORDS, result=st.sampled_from(["", "satisfied", "unsatisfied"]))
    def feed_back(self, turn: Turn, text: str, result: str) -> None:
        case = self.case(turn, *DONE)
        self.do(turn, contacting.feed_back, case=case, text=text, result=result)

    @some_are(*DONE)
    @rule(turn=turn(*DESK))
    def reply_to_sender(self, turn: Turn) -> None:
        case = self.case(turn, *DONE)
        self._completes(turn, case, "replied-sender")
        self.do(turn, contacting.reply_to_sender, case=case, text="已办结")

    # --- Classes ----------------------------------------------------------------------------------

    @rule(turn=turn(*LEADERS), data=st.data())
    def classify(self, turn: Turn, data: st.DataObject) -> None:
        """Anything that its regulations list: kind, cause, validity, grade, level, stage…"""
        case = self.case(turn)
        axes = {axis.id: axis for axis in self.axes(case)}
        axis = axes[data.draw(st.sampled_from(list(axes)), label="axis")]
        value = data.draw(st.sampled_from([value.code for value in axis.values]), label="value")
        turn, facts = self.named(turn, axis.decided_by), {axis.id: value}
        self.do(turn, classifying.classify, case=case, facts=facts, reason=REASON)

    # --- The owner --------------------------------------------------------------------------------

    @rule(turn=turn(*DESK), to=st.sampled_from(DESK))
    def delegate(self, turn: Turn, to: str) -> None:
        case = self.case(turn, *IN_WORK)
        if not case.delegate:
            said = {"to": self.person(to), "reason": "休假"}
            self.do(turn, ownership.delegate, case=case, **said)
        else:
            self.do(turn, ownership.hand_back, case=case, text="办好了")

    @rule(turn=turn(*LEADERS), to=st.sampled_from((*DESK, *LEADERS)))
    def change_owner(self, turn: Turn, to: str) -> None:
        case, who = self.case(turn, *IN_WORK), self.person(to)
        self.do(turn, ownership.change_owner, case=case, to=who, reason="离职")

    # --- The end, and what comes after ------------------------------------------------------------

    @some_are("fed-back")
    @rule(turn=turn(*DESK))
    def close(self, turn: Turn) -> None:
        self.do(turn, closing.close, case=self.case(turn, "fed-back"))

    @some_are(*DONE, "closed")
    @rule(turn=turn(*DESK))
    def reopen(self, turn: Turn) -> None:
        case = self.case(turn, *DONE, "closed")
        self.do(turn, closing.reopen, case=case, reason="又来了", channel="电话")

    @rule(turn=turn(*DESK), by=st.sampled_from(LEADERS), approve=st.booleans())
    def void(self, turn: Turn, by: str, approve: bool) -> None:
        """Asked for by one, decided by another, perhaps much later."""
        case = self.case(turn, *IN_WORK)
        if not case.void_requested:
            self.do(turn, closing.request_void, case=case, reason="登记错了")
        else:
            said = {"approve": approve, "reason": "核对过"}
            self.do(replace(turn, who=by), closing.decide_void, case=case, **said)

    @precondition(lambda self: len(self.cases) > 1)
    @rule(turn=turn(*DESK), other=st.integers(0, MOST), merge=st.booleans())
    def belong_together(self, turn: Turn, other: int, merge: bool) -> None:
        case, into = self.case(turn, *IN_WORK), self.cases[other % len(self.cases)]
        if merge:
            self.do(turn, linking.merge, case=case, into=into, reason="同一件事")
        else:
            self.do(turn, linking.link, case=case, other=into)

    @precondition(lambda self: len(self.cases) < MOST)
    @rule(turn=turn(*DESK))
    def split(self, turn: Turn) -> None:
        told = Told(text="另外，电梯也坏了", facts={"kind": "complaint"})
        self.do(turn, linking.split, case=self.case(turn, *IN_WORK), told=told)

    # --- By the book ------------------------------------------------------------------------------

    @rule(turn=turn(*DESK), function=functions, stage=st.sampled_from([1, 3, 4, 5, 5]))
    def go_on_by_the_book(self, turn: Turn, function: str, stage: int) -> None:
        """As a good day goes: dispatched, done, fed back, and closed when nothing is missing."""
        self._goes_on(turn, function, stage)

    def _goes_on(self, turn: Turn, function: str, stage: int) -> None:
        case, unit = self.case(turn, *IN_WORK, *DONE), self.cast.department(function)
        steps: list[tuple[str, Callable[..., Any], dict[str, Any]]] = [
            ("dispatched", dispatching.dispatch, {"lead": unit}),
            ("", dispatching.accept, {}),
            ("done", working.report_done, {"text": "已处理", "signed": True}),
            ("", contacting.feed_back, {"text": "已告知"}),
            ("closed", closing.close, {}),
        ]
        for before, act, said in steps[:stage]:
            if before == "closed":
                self.settle(case)
            if before:
                self._completes(turn, case, before)
            self.do(replace(turn, ago=0, minutes=5), act, case=case, **said)

    def _completes(self, turn: Turn, case: Case, before: str) -> None:
        """Everything that the regulations want before a step, by whom they name, as far as it can
        be done; what an upper floor must do stays open."""
        lines = self.product.lines(case, before).values()
        for line in [line for line in lines if line.verb in FILLED]:
            self._fills(turn, case, line)

    def _fills(self, turn: Turn, case: Case, line: Line) -> None:
        """A visit some days later, when its window is open; whatever else at once."""
        if line.verb == "visited":
            self.wait(3 * 24 * 60)
            follow(at=self.at)
        self.product.now = self.at

        @transaction.atomic
        def fill(*, by: object, at: object) -> None:
            try:
                self._fills_or_visits(case, line)
            except StopIteration as nobody:
                raise Refused("nobody", "没有可以回访的人。") from nobody

        self.attempt(fill, turn.who)

    def _fills_or_visits(self, case: Case, line: Line) -> None:
        """Where the visit that the line names is not planned, whatever visit is waited for."""
        try:
            self.product.fills(case, line)
        except Visit.DoesNotExist:
            for visit in case.visits.filter(state=Visit.State.PLANNED, round=case.round):
                self.product.visits(case, visit.rule)

    # --- On the way -------------------------------------------------------------------------------

    @rule(turn=turn(*DESK, *LEADERS), what=st.sampled_from(list(ON_THE_WAY)))
    def on_the_way(self, turn: Turn, what: str) -> None:
        act, said = ON_THE_WAY[what]
        self.do(turn, act, case=self.case(turn), **said)

    @rule(turn=turn(*DESK), tag=st.sampled_from(TAGS), signed=st.booleans())
    def note(self, turn: Turn, tag: str, signed: bool) -> None:
        case = self.case(turn)
        self.do(turn, working.note, case=case, text="已记录", tag=tag, signed=signed)
