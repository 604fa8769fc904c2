"""What the levels hand to each other and ask each other (督办、请示)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.cases.models import Case
from shouwen.rules.matters import DETAILS, KINDS, rules_of
from shouwen.supervision.actions.asking import answer, ask
from shouwen.supervision.actions.handing import hand_down, hand_up, reply_up
from shouwen.supervision.models import Matter
from tests.complaints.walk import LEADERS, Turn, Walk, turn


class Levels(Walk):
    def settle(self, case: Case) -> None:
        super().settle(case)
        for matter in case.matters.filter(answered_at=None):
            self._answers(Turn("zhoumin", 1, 0, 0), matter, reasonable=False)

    @rule(turn=turn("qianhong", "zhengjie", "fengjuan"), owed=st.booleans(), low=st.booleans())
    def hand_down(self, turn: Turn, owed: bool, low: bool) -> None:
        to = self.cast.cuihu if low else self.cast.jinxiu
        said = {"due": self.soon() if owed else None, "reply_owed": owed, "sender_number": "400-7"}
        self.do(turn, hand_down, case=self.case(turn), to=to, text="请处理并回复", **said)

    @rule(turn=turn("limin", "sunli", "zhoumin", "zhengjie"), owed=st.booleans())
    def hand_up(self, turn: Turn, owed: bool) -> None:
        said = {"due": self.soon() if owed else None, "reply_owed": owed}
        self.do(turn, hand_up, case=self.case(turn), text="请公司处理", **said)

    @rule(turn=turn("limin", *LEADERS), data=st.data(), later=st.sampled_from([None, 30, 3000]))
    def ask(self, turn: Turn, data: st.DataObject, later: int | None) -> None:
        """Mostly what its regulations know; it may be answered soon, later, or not at all."""
        case = self.case(turn)
        offered = list(rules_of(self.product.book(case), case.facts)) * 9
        kind = data.draw(st.sampled_from([*offered, *KINDS]), label="kind")
        known = KINDS[kind]
        turn = self.named(turn, known.roles)
        units = [self.cast.department(name) for name in ("security", "environment")]
        asked = self.do(
            turn, ask, case=case, kind=kind, text="请看一看怎么办",
            details=self._said(known.asks), departments=units if known.departments else (),
        )  # fmt: skip
        for matter in (asked or ()) if later else ():
            self._answers(Turn("zhoumin", later or 0, 0, 0), matter, reasonable=bool(turn.case % 2))

    @precondition(lambda self: Matter.objects.exists())
    @rule(turn=turn(*LEADERS, "zhaogang", "limin"), data=st.data(), reasonable=st.booleans())
    def answer(self, turn: Turn, data: st.DataObject, reasonable: bool) -> None:
        waiting = list(Matter.objects.filter(answered_at=None).order_by("pk"))
        matters = [*waiting * 9, *Matter.objects.order_by("pk")]
        matter = data.draw(st.sampled_from(matters), label="matter")
        self._answers(turn, matter, reasonable)

    def _answers(self, turn: Turn, matter: Matter, reasonable: bool) -> None:
        """Mostly by whom it was asked of."""
        turn = self.named(turn, [matter.role] if matter.role else [])
        if matter.is_handing:
            self.do(turn, reply_up, matter=matter, text="已处理")
            return
        said = self._said(KINDS[matter.kind].answers)
        unit = self.cast.department("engineering") if said.pop("department", None) else None
        if "verdict" in said and not reasonable:
            said["verdict"] = "unreasonable"
        self.do(turn, answer, matter=matter, text="按程序办", details=said, department=unit)

    def _said(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Something for everything that a question or an answer must say."""
        values = {"moment": self.soon(), "text": "有", "verdict": "reasonable", "department": "有"}
        return {name: values[DETAILS[name].shape] for name in names}
