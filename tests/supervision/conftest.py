"""翠湖花园 under one regulation or another, and what its people ask of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case, Commitment
from shouwen.notify.models import OutboxMessage
from shouwen.supervision.actions.asking import answer, ask
from shouwen.supervision.models import Matter
from tests.cast import Cast
from tests.moments import moment

NOW = moment("2026-11-19 09:30", "周四")
SOON = moment("2026-11-19 09:50", "周四")
TODAY = moment("2026-11-19 16:00", "周四")
TOMORROW = moment("2026-11-20 10:00", "周五")
S0, S1, S2, S3 = (
    "first-contact", "developer-aftersales", "service-centre", "complaint-procedure",
)  # fmt: skip


@dataclass
class Levels:
    """What the levels do, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = NOW) -> Scope:
        return scope_of(who, at)

    def adopts(self, regulation: str) -> None:
        self.cast.follows(regulation)

    def registers(
        self, text: str = "楼上装修太吵，没有人管", source: str = "phone", **facts: str | bool
    ) -> Case:
        """李敏 hears 王女士, and asks what the regulations want to know."""
        wanted = [rule for _, rule in rulebook(pin(self.cast.cuihu, NOW).pk).all("intake")]
        told = Told(
            text=text, source=source, name="王女士", phone="13900000421", unit=self.cast.home,
            facts={"kind": "complaint", **facts},
            ticks=[tick.id for rule in wanted for tick in rule.ticks],
            details={name: "问过了" for rule in wanted for name in rule.details},
        )  # fmt: skip
        return register(project=self.cast.cuihu, told=told, by=self.of(self.cast.limin), at=NOW)

    def asks(self, case: Case, kind: str, *, by: Staff, at: datetime = NOW, **rest: Any) -> Matter:
        said = {"text": "请看一看怎么办", **rest}
        return ask(case=case, kind=kind, by=self.of(by, at), at=at, **said)[0]

    def answers(self, matter: Matter, *, by: Staff, at: datetime = SOON, **rest: Any) -> Matter:
        said = {"text": "按程序办", **rest}
        return answer(matter=matter, by=self.of(by, at), at=at, **said)

    def promise(self, case: Case, rule: str) -> Commitment:
        return Commitment.objects.get(case=case, rule=rule)

    def heard(self, who: Staff, words: str = "") -> bool:
        """Whether somebody was told something with these words in its subject."""
        return OutboxMessage.objects.filter(staff=who, subject__contains=words).exists()


@pytest.fixture
def levels(cast: Cast) -> Levels:
    return Levels(cast)
