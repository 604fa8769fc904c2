"""A counter with a clerk, an engineer on the way, and something to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.billing.actions.charging import charge
from shouwen.billing.actions.paying import take_payment
from shouwen.billing.models import Charge, Payment
from shouwen.cases.actions.dispatching import assign, dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.rules.money import Line
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

OPENED = moment("2026-11-26 09:12", "周四")
FINISHED = moment("2026-11-26 16:30", "周四")
EVENING = moment("2026-11-26 17:40", "周四")
NEXT_DAY = moment("2026-11-27 10:00", "周五")
ORDER = "W-CH-261126-001"
#: What replacing an angle valve costs.
VALVE = (
    Line("换角阀人工", "次", Decimal(1), Decimal("50.00")),
    Line("不锈钢角阀", "只", Decimal(2), Decimal("18.00")),
)


@dataclass
class Counter:
    """What the people of 翠湖花园 do with money, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = FINISHED) -> Scope:
        return scope_of(who, at)

    def case(self, *, at: datetime = OPENED) -> Case:
        """王女士's valve, in 陈建国's hands."""
        wanted = [rule for _, rule in rulebook(pin(self.cast.cuihu, at).pk).all("intake")]
        said = Told(
            text="厨房角阀漏水", name="王女士", phone="13900000421", unit=self.cast.home,
            customer=self.cast.mswang,
            facts={"kind": "repair", "scope": "home", "repair_class": "small"},
            ticks=[tick.id for rule in wanted for tick in rule.ticks],
            details={name: "问过了" for rule in wanted for name in rule.details},
        )  # fmt: skip
        clerk = self.of(self.cast.limin, at)
        case = register(project=self.cast.cuihu, told=said, by=clerk, at=at)
        dispatch(case=case, lead=self.cast.department("engineering"), by=clerk, at=at)
        head = self.of(self.cast.liuqiang, at)
        return assign(case=case, to=self.cast.chenjianguo, by=head, at=at)

    def charges(
        self, case: Case | None, *, lines: Sequence[Line] = VALVE, collect: str = "cash",
        at: datetime = FINISHED, **rest: Any,
    ) -> Charge:  # fmt: skip
        """陈建国 charges what the work of a case costs; 徐琴 charges what belongs to none."""
        who = self.cast.chenjianguo if case else self.cast.xuqin
        return charge(
            case=case, subject=ORDER if case else "", title="更换厨房角阀", lines=lines,
            collect=collect, by=self.of(who, at), at=at, **rest,
        )  # fmt: skip

    def pays(
        self, *charges: Charge, amount: str = "86.00", method: str = "cash",
        at: datetime = FINISHED, **rest: Any,
    ) -> Payment:  # fmt: skip
        """王女士 pays 徐琴 at the counter."""
        return take_payment(
            charges=charges, amount=Decimal(amount), method=method, payer="王女士",
            by=self.of(self.cast.xuqin, at), at=at, **rest,
        )  # fmt: skip

    def pays_on_site(self, *charges: Charge, amount: str = "86.00") -> Payment:
        """王女士 gives the cash to 陈建国."""
        return take_payment(
            charges=charges, amount=Decimal(amount), method="cash", payer="王女士",
            in_hand=self.cast.chenjianguo, by=self.of(self.cast.chenjianguo), at=FINISHED,
        )  # fmt: skip

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def counter(cast: Cast) -> Counter:
    return Counter(cast)
