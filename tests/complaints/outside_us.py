"""What somebody outside must settle, and what we settle ourselves."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shouwen.cases.actions.classifying import classify
from shouwen.cases.models import Case
from shouwen.outside.actions.referring import open_referral, remind, take_step, withdraw
from shouwen.outside.actions.settling import CONVERTS, convert, name_source, set_remedy
from shouwen.outside.models import Referral
from shouwen.outside.queries import path_of
from shouwen.rules.referrals import STEPS, next_step, paths
from tests.complaints.walk import (
    DESK,
    IN_WORK,
    LEADERS,
    WORDS,
    Turn,
    Walk,
    some_are,
    there_are,
    turn,
)


def referrals() -> list[Referral]:
    return list(Referral.objects.select_related("case").order_by("pk"))


class Hops(Walk):
    def settle(self, case: Case) -> None:
        """Sometimes everything is over there, too; else nobody outside is waited for any more."""
        super().settle(case)
        for referral in referrals():
            if referral.case_id == case.pk and referral.is_open:
                self.do(Turn("zhoumin", 1, 0, 0), withdraw, referral=referral, reason="另行解决")

    @some_are(*IN_WORK)
    @rule(
        turn=turn(*DESK), data=st.data(), steps=st.integers(0, 8),
        cause=st.sampled_from(["class-2", "class-3"]),
    )  # fmt: skip
    def open_referral(self, turn: Turn, data: st.DataObject, steps: int, cause: str) -> None:
        """By its cause, and at once so many of its steps."""
        case = self.case(turn, *IN_WORK)
        sunli = replace(turn, who="sunli")
        self.do(sunli, classify, case=case, facts={"cause": cause}, reason="现场看过")
        book, facts = self.product.book(case), {**case.facts, "cause": cause}
        known = [path for _, path in [*paths(book, facts) * 9, *paths(book)]]
        path = data.draw(st.sampled_from(known), label="path")
        right = [party for party in self.world.parties if party.kind in path.to]
        party = data.draw(st.sampled_from([*right * 9, *self.world.parties]), label="party")
        said = {"wanted": "请维修", "households": 3, "severity": "严重", "problem": "渗水"}
        opened = self.do(turn, open_referral, case=case, path=path.id, party=party, **said)
        for _ in range(steps if opened else 0):
            self._takes_step(turn, referrals()[-1], data)

    @there_are(referrals)
    @rule(turn=turn(*DESK), data=st.data(), several=st.booleans())
    def take_steps(self, turn: Turn, data: st.DataObject, several: bool) -> None:
        referral = data.draw(st.sampled_from(referrals()), label="referral")
        for _ in range(len(path_of(referral).steps) if several else 1):
            self._takes_step(turn, referral, data)

    def _takes_step(self, turn: Turn, referral: Referral, data: st.DataObject) -> None:
        """Mostly the next one, by whom the clause names."""
        done = set(referral.hops.values_list("step", flat=True))
        following = next_step(path_of(referral), done)
        likely = [following.step] * 40 if following else []
        step = data.draw(st.sampled_from([*likely, *STEPS]), label="step")
        copy = self.paper(referral.case) if STEPS[step].proof else None
        said = {"said_by": "赵工", "where": "大堂", "copy": copy}
        turn = self.named(turn, following.by if following else ())
        self.do(turn, take_step, referral=referral, step=step, text="情况属实", **said)

    @there_are(referrals)
    @rule(turn=turn(*DESK), data=st.data(), text=WORDS)
    def remind(self, turn: Turn, data: st.DataObject, text: str) -> None:
        referral = data.draw(st.sampled_from(referrals()), label="referral")
        self.do(turn, remind, referral=referral, text=text)

    @there_are(referrals)
    @rule(turn=turn(*DESK), data=st.data())
    def withdraw(self, turn: Turn, data: st.DataObject) -> None:
        referral = data.draw(st.sampled_from(referrals()), label="referral")
        self.do(turn, withdraw, referral=referral, reason="另行解决")

    @rule(turn=turn("wuqiang", "liuqiang", "zhoumin", "limin"))
    def set_remedy(self, turn: Turn) -> None:
        said = {"cause": "人手不够", "method": "加派", "until": self.soon()}
        self.do(turn, set_remedy, case=self.case(turn), **said)

    @rule(
        turn=turn(*LEADERS),
        kind=st.sampled_from(["", "help", "repair", "inquiry", "suggestion", "special-service"]),
        invalid_type=st.sampled_from(list(CONVERTS)),
    )
    def convert(self, turn: Turn, kind: str, invalid_type: str) -> None:
        said = {"invalid_type": invalid_type, "kind": kind, "reason": "不是我们的过错"}
        self.do(turn, convert, case=self.case(turn), **said)

    @rule(turn=turn(*DESK), home=st.integers(0, 7))
    def name_source(self, turn: Turn, home: int) -> None:
        self.do(turn, name_source, case=self.case(turn), unit=self.world.homes[home])
