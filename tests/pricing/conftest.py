"""A leak that costs money, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.dispatching import assign, dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.pricing.actions.quoting import QuoteLine, consent, quote
from shouwen.pricing.models import PriceItem, Quotation
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment
from tests.pricing.prices import repair_prices

OPENED = moment("2026-11-19 09:12", "周四")
ON_SITE = moment("2026-11-19 10:30", "周四")


@dataclass
class Shop:
    """What the people of 翠湖花园 do about money, in few words."""

    cast: Cast
    prices: dict[str, PriceItem]

    def of(self, who: Staff, at: datetime = ON_SITE) -> Scope:
        return scope_of(who, at)

    def leak(self, *, urgent: bool = False, **facts: str | bool) -> Case:
        """王女士 tells 李敏 that it leaks under her sink."""
        said = Told(
            text="厨房水槽下面角阀漏水", name="王女士", phone="13900000421", unit=self.cast.home,
            customer=self.cast.mswang, ticks=["read-back"],
            facts={"kind": "repair", "scope": "home", "repair_class": "small", "urgent": urgent,
                   **facts},
        )  # fmt: skip
        by = self.of(self.cast.limin, OPENED)
        return register(project=self.cast.cuihu, told=said, by=by, at=OPENED)

    def sent(self, case: Case) -> Case:
        """陈建国 has it in hand."""
        by = self.of(self.cast.limin, OPENED)
        dispatch(case=case, lead=self.cast.department("engineering"), by=by, at=OPENED)
        assign(case=case, to=self.cast.chenjianguo, by=self.of(self.cast.liuqiang), at=ON_SITE)
        return case

    def line(self, code: str = "JS-01", price: str = "", quantity: str = "1") -> QuoteLine:
        item = self.prices[code]
        return QuoteLine(
            item, item.name, item.unit, Decimal(quantity), Decimal(price) if price else item.low
        )

    def quotes(
        self, case: Case, *lines: QuoteLine, subject: str = "", at: datetime = ON_SITE
    ) -> Quotation:
        """陈建国 tells her the price."""
        return quote(
            case=case, subject=subject, lines=lines or [self.line()],
            by=self.of(self.cast.chenjianguo, at), at=at,
        )  # fmt: skip

    def agrees(self, quotation: Quotation, at: datetime = ON_SITE) -> Quotation:
        """She says yes on the recorded line of the desk."""
        return consent(
            quotation=quotation, name="王女士", means="call", by=self.of(self.cast.limin, at),
            at=at,
        )  # fmt: skip

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast, repair_prices(cast))
