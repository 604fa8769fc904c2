"""What the levels hand to each other and ask each other (督办、请示)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.rules.matters import DETAILS, KINDS
from shouwen.supervision.actions.asking import answer, ask
from shouwen.supervision.actions.handing import hand_down, hand_up, reply_up
from shouwen.supervision.models import Matter
from tests.complaints.walk import LEADERS, WORDS, Turn, Walk, turn


def matters(*, handing: bool) -> list[Matter]:
    return [matter for matter in Matter.objects.order_by("pk") if matter.is_handing == handing]


class Levels(Walk):
    @rule(turn=turn("qianhong", "zhengjie", "fengjuan"), owed=st.booleans(), low=st.booleans())
    def hand_down(self, turn: Turn, owed: bool, low: bool) -> None:
        to = self.cast.cuihu if low else self.cast.jinxiu
        said = {"due": self.soon() if owed else None, "reply_owed": owed, "sender_number": "400-7"}
        self.do(turn, hand_down, case=self.case(turn), to=to, text="请处理并回复", **said)

    @rule(turn=turn("limin", "sunli", "zhoumin", "zhengjie"), owed=st.booleans())
    def hand_up(self, turn: Turn, owed: bool) -> None:
        said = {"due": self.soon() if owed else None, "reply_owed": owed}
        self.do(turn, hand_up, case=self.case(turn), text="请公司处理", **said)

    @precondition(lambda self: matters(handing=True))
    @rule(turn=turn("limin", *LEADERS), data=st.data(), text=WORDS)
    def reply_up(self, turn: Turn, data: st.DataObject, text: str) -> None:
        matter = data.draw(st.sampled_from(matters(handing=True)), label="matter")
        self.do(turn, reply_up, matter=matter, text=text)

    @rule(turn=turn("limin", "zhaogang", *LEADERS), kind=st.sampled_from(list(KINDS)))
    def ask(self, turn: Turn, kind: str) -> None:
        known = KINDS[kind]
        units = [self.cast.department(name) for name in ("security", "environment")]
        self.do(
            turn, ask, case=self.case(turn), kind=kind, text="请看一看怎么办",
            details=self._said(known.asks), departments=units if known.departments else (),
        )  # fmt: skip

    @precondition(lambda self: matters(handing=False))
    @rule(turn=turn(*LEADERS, "zhaogang", "limin"), data=st.data(), verdict=st.booleans())
    def answer(self, turn: Turn, data: st.DataObject, verdict: bool) -> None:
        matter = data.draw(st.sampled_from(matters(handing=False)), label="matter")
        said = self._said(KINDS[matter.kind].answers)
        unit = self.cast.department("engineering") if said.pop("department", None) else None
        if "verdict" in said:
            said["verdict"] = "reasonable" if verdict else "unreasonable"
        self.do(turn, answer, matter=matter, text="按程序办", details=said, department=unit)

    def _said(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Something for everything that a question or an answer must say."""
        values = {"moment": self.soon(), "text": "有", "verdict": "reasonable", "department": "有"}
        return {name: values[DETAILS[name].shape] for name in names}
