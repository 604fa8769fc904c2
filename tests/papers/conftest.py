"""翠湖花园 with something to print: a repair, a service, and who prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL.Image import Image
from pytest_django.fixtures import Settings

from shouwen.accounts.models import Staff
from shouwen.estate.queries import place_of
from shouwen.pricing.actions.quoting import QuoteLine, consent, quote
from shouwen.pricing.models import PriceEdition, PriceItem, PriceList, Quotation
from shouwen.repairs.models import WorkOrder
from tests.cast import Cast
from tests.moments import SetClock
from tests.papers.paper import picture
from tests.repairs.conftest import OPENED, SENT, THERE, Shop
from tests.services.conftest import Desk


@dataclass
class Office:
    """Where the printer stands."""

    cast: Cast
    shop: Shop
    desk: Desk

    def client(self, who: Staff | None = None) -> Client:
        return self.shop.client(who or self.cast.limin)

    def prints(self, kind: str, number: str, who: Staff | None = None) -> bytes:
        answer = self.client(who).get(f"/papers/{kind}/{number}.pdf")
        assert answer.status_code == 200, answer.content.decode()
        assert answer.headers["Content-Type"] == "application/pdf"
        return answer.content

    def price_list(self, kind: str = "repair") -> PriceEdition:
        """One edition in force, with the labour of a valve and the valve."""
        made = PriceList.objects.create(**place_of(self.cast.cuihu), title="收费标准", kind=kind)
        edition = PriceEdition.objects.create(
            price_list=made, version=1, state="approved", effective_from=date(2026, 11, 1),
            approval_mode="备案", approval_number="沪价备2026-17", basis="市场调查",
            drafted_by=self.cast.liuqiang, drafted_at=OPENED,
        )  # fmt: skip
        for code, name, unit, low, high in (
            ("W-012", "换角阀人工", "次", 50, 80), ("W-113", "不锈钢角阀 DN15", "只", 18, 18),
        ):  # fmt: skip
            PriceItem.objects.create(
                edition=edition, code=code, name=name, content="含拆旧", unit=unit,
                low=Decimal(low), high=Decimal(high), basis="市场调查",
            )  # fmt: skip
        return edition

    def quotes(self, order: WorkOrder) -> Quotation:
        """王女士's valve, from the list."""
        labour, valve = self.price_list().items.order_by("code")
        lines = (
            QuoteLine(labour, labour.name, labour.unit, Decimal(1), Decimal("50.00")),
            QuoteLine(valve, valve.name, valve.unit, Decimal(2), Decimal("18.00"), material=True),
        )
        by = self.shop.of(self.cast.limin, SENT)
        return quote(case=order.case, subject=order.number, lines=lines, by=by, at=SENT)

    def agrees(self, quotation: Quotation) -> Quotation:
        by = self.shop.of(self.cast.limin, THERE)
        return consent(quotation=quotation, name="王女士", means="call", by=by, at=THERE)

    def uploads(self, file: SimpleUploadedFile, who: Staff | None = None) -> Any:
        return self.client(who).post("/papers/scan", {"scan": file})


def photo(page: Image, name: str = "回单.jpg") -> SimpleUploadedFile:
    """As a phone takes it: a JPEG."""
    taken = BytesIO()
    page.save(taken, "JPEG", quality=70)
    return SimpleUploadedFile(name, taken.getvalue(), "image/jpeg")


def page_of(pdf: bytes, page: int) -> SimpleUploadedFile:
    return photo(picture(pdf, page))


@pytest.fixture
def office(cast: Cast, settings: Settings, tmp_path: Path, clock: SetClock) -> Office:
    settings.MEDIA_ROOT = tmp_path
    clock("2026-11-20 10:00", "周五")
    return Office(cast, Shop(cast), Desk(cast))
