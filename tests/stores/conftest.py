"""A store room with materials in it, and what its people do, in few words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
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
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.stores.actions import drawing
from shouwen.stores.actions.keeping import receive
from shouwen.stores.actions.moving import Line, main_store, own_store, plain
from shouwen.stores.models import Material, Requisition, Stock, Store
from shouwen.stores.queries import Reconciled
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment


def refused(code: str) -> AbstractContextManager[object]:
    """Fails unless what is tried is refused, and refused for this."""
    return pytest.raises(Refused, check=lambda no: no.code == code)


def figures(*rows: Reconciled) -> list[list[str]]:
    """Drawn, used, returned and what is left, as people write them."""
    return [
        [plain(each) for each in (row.drawn, row.used, row.returned, row.difference)]
        for row in rows
    ]


MORNING = moment("2026-11-19 09:12", "周四")
LATER = moment("2026-11-19 10:30", "周四")
ORDER = "W-CH-261119-001"


@dataclass
class Shop:
    """翠湖花园's store room: 20 valves, 5.5 metres of hose, no tape."""

    cast: Cast
    valve: Material
    hose: Material
    tape: Material
    room: Store

    def of(self, who: Staff, at: datetime = LATER) -> Scope:
        return scope_of(who, at)

    @property
    def keeper(self) -> Scope:
        return self.of(self.cast.machao)

    @property
    def engineer(self) -> Scope:
        return self.of(self.cast.chenjianguo)

    def case(self, *, sent: bool = True) -> Case:
        """王女士's leak, handed to the engineers."""
        by = self.of(self.cast.limin, MORNING)
        wanted = [rule for _, rule in rulebook(pin(self.cast.cuihu, MORNING).pk).all("intake")]
        said = Told(
            text="厨房水槽下面漏水", name="王女士", phone="13900000421", unit=self.cast.home,
            facts={"kind": "repair", "scope": "home", "repair_class": "small"},
            ticks=[tick.id for rule in wanted for tick in rule.ticks],
            details={name: "问过了" for rule in wanted for name in rule.details},
        )  # fmt: skip
        case = register(project=self.cast.cuihu, told=said, by=by, at=MORNING)
        if sent:
            dispatch(case=case, lead=self.cast.department("engineering"), by=by, at=MORNING)
        return case

    def asks(self, case: Case | None, *lines: Line, at: datetime = LATER) -> Requisition:
        return drawing.request(
            case=case, subject=ORDER if case else "", lines=lines, by=self.engineer, at=at,
            project=self.cast.cuihu,
        )  # fmt: skip

    def issues(self, requisition: Requisition, *quantities: str) -> Requisition:
        """In the order of the lines; all that was asked, when nothing is said."""
        rows = list(requisition.lines.all())
        given = [Decimal(text) for text in quantities] or [row.asked for row in rows]
        issued = {row.pk: quantity for row, quantity in zip(rows, given, strict=True)}
        return drawing.issue(requisition=requisition, issued=issued, by=self.keeper, at=LATER)

    def draws(self, case: Case | None, *lines: Line) -> Requisition:
        return self.issues(self.asks(case, *lines))

    def lies(self, material: Material, store: Store | None = None) -> str:
        """How much, as people write it."""
        found = Stock.objects.filter(store=store or self.room, material=material).first()
        return plain(found.quantity) if found else "0"

    def carries(self, material: Material, who: Staff | None = None) -> str:
        holder = who or self.cast.chenjianguo
        return self.lies(material, own_store(holder, self.cast.cuihu))

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


def _material(cast: Cast, code: str, name: str, unit: str, **about: Any) -> Material:
    return Material.objects.create(**place_of(cast.cuihu), code=code, name=name, unit=unit, **about)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    valve = _material(
        cast, "SL-001", "角阀", "只", spec="DN15", price="18.50", low_mark=10,
        barcode="6901234567892",
    )  # fmt: skip
    hose = _material(cast, "SL-002", "不锈钢软管", "米", price="9.90")
    tape = _material(cast, "SL-003", "生料带", "卷", price="2.00", low_mark=5)
    room = main_store(cast.cuihu)
    receive(
        store=room, lines=[(valve, Decimal(20)), (hose, Decimal("5.5"))],
        by=scope_of(cast.machao, MORNING), at=MORNING, note="首批入库",
    )  # fmt: skip
    return Shop(cast, valve, hose, tape, room)


@pytest.fixture
def now(clock: Callable[..., datetime]) -> datetime:
    return clock("2026-11-19 11:00", "周四")
