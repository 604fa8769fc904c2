"""The front desk of 翠湖花园, with the catalogue of its regulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.files import attach, keep
from shouwen.cases.models import Attachment, Case
from shouwen.pricing.actions.quoting import QuoteLine
from shouwen.services.actions import keeping, mandates, ordering, serving
from shouwen.services.actions.catalogue import seed_catalogue
from shouwen.services.models import CatalogueItem, Mandate, ServiceOrder
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

MORNING = moment("2026-11-19 09:12", "周四")
NOON = moment("2026-11-19 12:00", "周四")
AFTERNOON = moment("2026-11-19 16:30", "周四")
NEXT_DAY = moment("2026-11-20 10:00", "周五")
S2, S3, S4 = "service-centre", "complaint-procedure", "customer-communication"


@dataclass
class Desk:
    """What the people of 翠湖花园 do about services, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = NEXT_DAY) -> Scope:
        return scope_of(who, at)

    def adopts(self, regulation: str) -> list[CatalogueItem]:
        """翠湖花园 follows this regulation and no other, and has its catalogue."""
        self.cast.follows(regulation)
        return self.seeds()

    def seeds(self) -> list[CatalogueItem]:
        by = self.of(self.cast.sunli, MORNING)
        return seed_catalogue(project=self.cast.cuihu, by=by, at=MORNING)

    def item(self, code: str) -> CatalogueItem:
        return CatalogueItem.objects.get(project=self.cast.cuihu, code=code)

    def hears(self, text: str = "请帮忙", *, at: datetime = MORNING, **facts: Any) -> Case:
        """李敏 hears 王女士 of 3栋2单元501."""
        said = Told(
            text=text, name="王女士", phone="13900000421", unit=self.cast.home,
            customer=self.cast.mswang, facts={"kind": "special-service", **facts},
            ticks=["read-back"],
        )  # fmt: skip
        return register(project=self.cast.cuihu, told=said, by=self.of(self.cast.limin, at), at=at)

    def orders(
        self, code: str, case: Case | None = None, *, sub: str = "", at: datetime = MORNING,
        by: Staff | None = None, **details: Any,
    ) -> ServiceOrder:  # fmt: skip
        item = self.item(code)
        return ordering.order(
            case=case or self.hears(item.title, at=at), item=item, sub=sub, details=details,
            by=self.of(by or self.cast.limin, at), at=at,
        )  # fmt: skip

    def plans(
        self, order: ServiceOrder, *prices: str, text: str = "两名保洁员，周六上午",
        at: datetime = NOON,
    ) -> ServiceOrder:  # fmt: skip
        lines = [
            QuoteLine(None, f"第 {n} 项", "次", Decimal(1), Decimal(price))
            for n, price in enumerate(prices or ("120.00",), start=1)
        ]
        by = self.of(self.cast.limin, at)
        return ordering.plan(order=order, text=text, lines=lines, by=by, at=at)

    def confirms(
        self, order: ServiceOrder, *, means: str = "call", at: datetime = NOON
    ) -> ServiceOrder:
        by = None if means == "link" else self.of(self.cast.limin, at)
        return ordering.confirm(order=order, name="王女士", means=means, by=by, at=at)

    def starts(self, order: ServiceOrder, *, at: datetime = AFTERNOON, **more: Any) -> ServiceOrder:
        by = self.of(self.cast.limin, at)
        return serving.start(order=order, by=by, at=at, **more)

    def finishes(
        self, order: ServiceOrder, result: str, *, at: datetime = AFTERNOON, told_to: str = "",
        note: str = "", unbilled: str = "", **details: Any,
    ) -> ServiceOrder:  # fmt: skip
        order.refresh_from_db()
        if order.state == "confirmed":
            self.starts(order, at=at)
        return serving.finish(
            order=order, result=result, told_to=told_to, note=note, unbilled=unbilled,
            details=details, by=self.of(self.cast.limin, at), at=at,
        )  # fmt: skip

    def paid(self, *prices: str, code: str = "T01", **details: Any) -> ServiceOrder:
        """A paid order, confirmed by telephone."""
        about = details or {"area": "89", "appointment": AFTERNOON.isoformat(), "note": "擦窗"}
        return self.confirms(self.plans(self.orders(code, **about), *prices))

    def lists(self, deal: str = "rent", *, at: datetime = MORNING, **more: Any) -> Mandate:
        order = self.orders("08", sub="出租" if deal == "rent" else "出售", need="三居室", at=at)
        return mandates.open_mandate(
            order=order, deal=deal, price=Decimal("3200"), by=self.of(self.cast.limin, at), at=at,
            **more,
        )  # fmt: skip

    def takes(self, order: ServiceOrder, name: str, *, signed: bool = True) -> Any:
        return keeping.take(
            order=order, name=name, taken_from="王女士", by=self.of(self.cast.limin), at=NEXT_DAY,
            signature=self.signature(order.case) if signed else None,
        )  # fmt: skip

    def gives_back(self, keepsake: Any, *, signed: bool = True) -> Any:
        return keeping.give_back(
            keepsake=keepsake, returned_to="王女士", by=self.of(self.cast.limin), at=NEXT_DAY,
            signature=self.signature(keepsake.order.case) if signed else None,
        )  # fmt: skip

    def signature(self, case: Case) -> Attachment:
        return attach(upload=drawn(), by=self.of(self.cast.limin), at=NEXT_DAY, case=case)

    def kept_signature(self) -> Any:
        return keep(drawn())

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client

    def verbs(self, case: Case) -> Sequence[str]:
        return list(case.journal.values_list("verb", flat=True))


def drawn(name: str = "签名.png") -> SimpleUploadedFile:
    """A signature on white."""
    written = BytesIO()
    Image.new("RGB", (40, 20), "white").save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


@pytest.fixture
def desk(cast: Cast, settings: Settings, tmp_path: Path) -> Desk:
    settings.MEDIA_ROOT = tmp_path
    return Desk(cast)
