"""The life of a case: whatever people do in whatever order, the guarantees of the design hold."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

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
from tests.cases.lives import Lives, walk
from tests.cast import Cast

PEOPLE = ("limin", "wangfang", "chenjianguo", "liuqiang", "zhoumin", "sunli")
DEPARTMENTS = ("engineering", "security", "environment")


class Life(Lives):
    """One case of a leaking pipe."""

    def __init__(self) -> None:
        super().__init__()
        told = intake.Told(
            text="厨房水管漏水", name="王女士", phone="13900000421", address="3-2-501",
            ticks=["read-back"],
        )  # fmt: skip
        intake.register(project=self.cast.cuihu, told=told, by=self.scope("limin"), at=self.at)

    @property
    def case(self) -> Case:
        return self.cases[0]

    def _try(self, minutes: int, who: str, act: Callable[..., object], **arguments: Any) -> None:
        case = self.case
        self.wait(minutes)
        self.attempt(act, who, case=case, **arguments)

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
    def wait_for_parts(self, minutes: int, who: str) -> None:
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


@pytest.mark.django_db
def test_whatever_people_do_the_guarantees_hold_at_every_step(cast: Cast) -> None:
    Life.cast = cast
    walk(Life, walks=12, steps=30)
    assert not Commitment.objects.exists(), "a walk was not undone"
