"""What is done to a case itself: by the desk, the departments, and those who rule."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

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
from shouwen.rules.closing import Line
from shouwen.rules.regulation import Axis
from tests.complaints.walk import DESK, FUNCTIONS, LEADERS, MOST, WORDS, WORKERS, Turn, Walk, turn

REASON = "据了解"
TAGS = ("", "investigate", "analyse", "plan", "explain", "apologise", "opinion", "supervise")
#: Lines that somebody completes with his own right; the others belong to an upper floor.
FILLED = ("ticked", "detailed", "classified", "noted", "verified", "reported", "fed-back")
functions = st.sampled_from(FUNCTIONS)


class Desk(Walk):
    # --- Handing over -----------------------------------------------------------------------------

    @rule(turn=turn(*DESK), function=functions, assist=st.booleans())
    def dispatch(self, turn: Turn, function: str, assist: bool) -> None:
        unit = self.cast.department(function)
        units = {"lead": None, "assist": [unit]} if assist else {"lead": unit}
        self.do(turn, dispatching.dispatch, case=self.case(turn), **units)

    @rule(turn=turn(*WORKERS), data=st.data())
    def accept(self, turn: Turn, data: st.DataObject) -> None:
        self.do(turn, dispatching.accept, case=self.case(turn), department=self._part(turn, data))

    @rule(turn=turn(*WORKERS), data=st.data(), text=WORDS)
    def refuse(self, turn: Turn, data: st.DataObject, text: str) -> None:
        unit = self._part(turn, data)
        self.do(turn, dispatching.refuse, case=self.case(turn), department=unit, reason=text)

    @rule(turn=turn(*LEADERS), data=st.data(), stands=st.booleans(), function=functions)
    def rule_on_refusal(
        self, turn: Turn, data: st.DataObject, stands: bool, function: str
    ) -> None:
        to = self.cast.department(function)
        unit = self._part(turn, data) or to
        self.do(
            turn, dispatching.rule, case=self.case(turn), department=unit, refusal_stands=stands,
            reason=REASON, to=to if to != unit else None,
        )  # fmt: skip

    @rule(turn=turn(*DESK), function=functions)
    def transfer(self, turn: Turn, function: str) -> None:
        to = self.cast.department(function)
        self.do(turn, dispatching.transfer, case=self.case(turn), to=to, reason=REASON)

    @rule(turn=turn(*WORKERS), to=st.sampled_from(WORKERS))
    def assign(self, turn: Turn, to: str) -> None:
        self.do(turn, dispatching.assign, case=self.case(turn), to=self.person(to))

    def _part(self, turn: Turn, data: st.DataObject) -> Any:
        """A department that has the case, or none."""
        parts = [part.department for part in self.case(turn).parts.select_related("department")]
        return data.draw(st.sampled_from([*parts, None]), label="department")

    # --- Working ----------------------------------------------------------------------------------

    @rule(turn=turn(*WORKERS))
    def arrive(self, turn: Turn) -> None:
        self.do(turn, working.arrive, case=self.case(turn))

    @rule(turn=turn(*WORKERS), reason=st.sampled_from(["developer", "customer", "outside"]))
    def wait_for(self, turn: Turn, reason: str) -> None:
        self.do(turn, working.wait, case=self.case(turn), reason=reason, text="等开发商答复")

    @rule(turn=turn(*LEADERS))
    def approve_wait(self, turn: Turn) -> None:
        self.do(turn, working.approve_wait, case=self.case(turn))

    @rule(turn=turn(*WORKERS))
    def resume(self, turn: Turn) -> None:
        self.do(turn, working.resume, case=self.case(turn))

    @rule(turn=turn(*DESK), tag=st.sampled_from(TAGS), signed=st.booleans())
    def note(self, turn: Turn, tag: str, signed: bool) -> None:
        case = self.case(turn)
        self.do(turn, working.note, case=case, text="已记录", tag=tag, signed=signed)

    @rule(turn=turn(*WORKERS))
    def report_up(self, turn: Turn) -> None:
        self.do(turn, working.report_up, case=self.case(turn), question="怎么办？")

    @rule(turn=turn(*LEADERS))
    def answer_question(self, turn: Turn) -> None:
        self.do(turn, working.answer_question, case=self.case(turn), text="按程序办")

    @rule(turn=turn(*WORKERS), text=WORDS, signed=st.booleans())
    def report_done(self, turn: Turn, text: str, signed: bool) -> None:
        self.do(turn, working.report_done, case=self.case(turn), text=text, signed=signed)

    @rule(turn=turn(*WORKERS), data=st.data())
    def report_part_done(self, turn: Turn, data: st.DataObject) -> None:
        unit = self._part(turn, data) or self.cast.department("environment")
        case = self.case(turn)
        self.do(turn, working.report_part_done, case=case, department=unit, text="办完了")

    @rule(turn=turn(*LEADERS), ok=st.booleans())
    def verify(self, turn: Turn, ok: bool) -> None:
        self.do(turn, working.verify, case=self.case(turn), ok=ok, opinion="看过")

    # --- The customer -----------------------------------------------------------------------------

    @rule(turn=turn(*DESK), reached=st.booleans(), tag=st.sampled_from(["", "explain"]))
    def contact(self, turn: Turn, reached: bool, tag: str) -> None:
        said = {"text": "正在办", "reached": reached, "tag": tag}
        self.do(turn, contacting.contact_customer, case=self.case(turn), **said)

    @rule(turn=turn(*DESK), hours=st.integers(1, 90), own=st.booleans())
    def agree_promise(self, turn: Turn, hours: int, own: bool) -> None:
        case = self.case(turn)
        running = case.commitments.filter(outcome="").values_list("key", flat=True)
        until, keys = self.soon(hours), [] if own else list(running)
        self.do(
            turn, contacting.agree_promise, case=case, until=until, consent_by="业主", keys=keys
        )

    @rule(turn=turn(*DESK), text=WORDS, result=st.sampled_from(["", "satisfied", "unsatisfied"]))
    def feed_back(self, turn: Turn, text: str, result: str) -> None:
        self.do(turn, contacting.feed_back, case=self.case(turn), text=text, result=result)

    @rule(turn=turn(*DESK))
    def reply_to_sender(self, turn: Turn) -> None:
        self.do(turn, contacting.reply_to_sender, case=self.case(turn), text="已办结")

    @rule(turn=turn())
    def urge(self, turn: Turn) -> None:
        self.do(turn, contacting.urge, case=self.case(turn), text="快一点")

    # --- Classes ----------------------------------------------------------------------------------

    @rule(turn=turn(*LEADERS), data=st.data())
    def classify(self, turn: Turn, data: st.DataObject) -> None:
        """Anything that its regulations list: kind, cause, validity, grade, level, stage…"""
        case = self.case(turn)
        axis: Axis = data.draw(st.sampled_from(self.axes(case)), label="axis")
        value = data.draw(st.sampled_from([value.code for value in axis.values]), label="value")
        self.do(turn, classifying.classify, case=case, facts={axis.id: value}, reason=REASON)

    @rule(turn=turn(*DESK), urgent=st.booleans())
    def mark_urgent(self, turn: Turn, urgent: bool) -> None:
        case = self.case(turn)
        self.do(turn, classifying.mark_urgent, case=case, urgent=urgent, reason=REASON)

    # --- The owner --------------------------------------------------------------------------------

    @rule(turn=turn(*DESK), to=st.sampled_from(DESK))
    def delegate(self, turn: Turn, to: str) -> None:
        self.do(turn, ownership.delegate, case=self.case(turn), to=self.person(to), reason="休假")

    @rule(turn=turn(*DESK))
    def hand_back(self, turn: Turn) -> None:
        self.do(turn, ownership.hand_back, case=self.case(turn), text="办好了")

    @rule(turn=turn(*LEADERS), to=st.sampled_from((*DESK, *LEADERS)))
    def change_owner(self, turn: Turn, to: str) -> None:
        who = self.person(to)
        self.do(turn, ownership.change_owner, case=self.case(turn), to=who, reason="离职")

    # --- The end, and what comes after ------------------------------------------------------------

    @rule(turn=turn(*DESK))
    def close(self, turn: Turn) -> None:
        self.do(turn, closing.close, case=self.case(turn))

    @rule(turn=turn(*DESK))
    def reopen(self, turn: Turn) -> None:
        self.do(turn, closing.reopen, case=self.case(turn), reason="又来了", channel="电话")

    @rule(turn=turn(*DESK))
    def ask_to_void(self, turn: Turn) -> None:
        self.do(turn, closing.request_void, case=self.case(turn), reason="登记错了")

    @rule(turn=turn(*LEADERS), approve=st.booleans())
    def decide_on_void(self, turn: Turn, approve: bool) -> None:
        case = self.case(turn)
        self.do(turn, closing.decide_void, case=case, approve=approve, reason="核对过")

    @precondition(lambda self: len(self.cases) > 1)
    @rule(turn=turn(*DESK), other=st.integers(0, MOST), merge=st.booleans())
    def belong_together(self, turn: Turn, other: int, merge: bool) -> None:
        case, into = self.case(turn), self.cases[other % len(self.cases)]
        if merge:
            self.do(turn, linking.merge, case=case, into=into, reason="同一件事")
        else:
            self.do(turn, linking.link, case=case, other=into)

    @precondition(lambda self: len(self.cases) < MOST)
    @rule(turn=turn(*DESK))
    def split(self, turn: Turn) -> None:
        told = Told(text="另外，电梯也坏了", facts={"kind": "complaint"})
        self.do(turn, linking.split, case=self.case(turn), told=told)

    # --- By the book ------------------------------------------------------------------------------

    @rule(turn=turn(*DESK))
    def complete_what_is_missing(self, turn: Turn) -> None:
        """Everything that the regulations want before the next step, as far as it can be done."""
        before = {"registered": "dispatched", "dispatched": "done", "accepted": "done"}
        self._completes(turn, before.get(self.case(turn).status, "closed"))

    @rule(turn=turn(*DESK), function=functions)
    def come_to_the_end(self, turn: Turn, function: str) -> None:
        """As a good day goes: dispatched, done, fed back, and closed by somebody else."""
        self._completes(turn, "dispatched")
        self.dispatch(turn, function, assist=False)
        self._completes(turn, "done")
        self.do(turn, working.report_done, case=self.case(turn), text="已处理", signed=True)
        self.do(turn, contacting.feed_back, case=self.case(turn), text="已告知")
        self._completes(turn, "closed")
        self.do(turn, closing.close, case=self.case(turn))

    def _completes(self, turn: Turn, before: str) -> None:
        lines = self.product.lines(self.case(turn), before).values()
        for line in [line for line in lines if line.verb in FILLED]:
            self._fills(turn, line)

    def _fills(self, turn: Turn, line: Line) -> None:
        """By whoever the regulation names; he may be refused all the same."""
        self.product.now = self.at

        def fill(*, by: object, at: object) -> None:
            self.product.fills(self.case(turn), line)

        self.attempt(fill, turn.who)

    @rule(turn=turn(*DESK), tick=st.sampled_from(["read-back", "self-introduced"]))
    def tick(self, turn: Turn, tick: str) -> None:
        self.do(turn, intake.tick, case=self.case(turn), ticks=[tick])

    @rule(turn=turn(*DESK), name=st.sampled_from(["phone", "accused", "wish", "sender_number"]))
    def add_details(self, turn: Turn, name: str) -> None:
        self.do(turn, intake.add_details, case=self.case(turn), details={name: "吴强"})
