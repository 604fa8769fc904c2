"""Price lists, as they are put up for customers: F-40 and F-41."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.scope import Scope
from shouwen.papers.filling.registers import Row
from shouwen.papers.shapes import Column, Head, Register
from shouwen.papers.sources import Form, Source
from shouwen.pricing.models import PriceEdition, PriceItem, PriceList
from shouwen.pricing.queries import get_edition
from shouwen.rules.refused import Refused

REPAIR_PRICES = Form("有偿服务收费标准", ("price-list",), signatures=("工程部",))
SPECIAL_PRICES = Form("特约服务项目及收费标准", ("special-price-list",))

REPAIR_COLUMNS = (
    Column("编号"), Column("项目", 3), Column("单位"), Column("单价（元）", 1.4, number=True),
    Column("材料费（元）", 1.4, number=True), Column("说明", 3),
)  # fmt: skip
SPECIAL_COLUMNS = (
    Column("编号"), Column("项目", 2.2), Column("内容", 3.4), Column("单位"),
    Column("价格（元）", 1.5, number=True), Column("依据", 2.4),
)  # fmt: skip


def price_list(scope: Scope, number: str) -> Source:
    """An edition of a price list, by its id; before it is approved it says so on its head."""
    if not number.isdecimal():
        raise Refused("not-found", "没有找到这份收费标准，请从收费标准页面打开。")
    edition = get_edition(scope, int(number))
    is_repair = edition.price_list.kind == PriceList.Kind.REPAIR
    return Source(
        form=REPAIR_PRICES if is_repair else SPECIAL_PRICES,
        record=f"V{edition.version}",
        project=edition.price_list.project,
        url=reverse("pricing:edition", args=[edition.pk]),
        fill=lambda head: _prices(head, edition, is_repair=is_repair),
    )


def _prices(head: Head, edition: PriceEdition, *, is_repair: bool) -> Register:
    row = _repair_row if is_repair else _special_row
    return Register(
        head=head,
        columns=REPAIR_COLUMNS if is_repair else SPECIAL_COLUMNS,
        rows=tuple(row(item) for item in edition.items.order_by("code")),
        notes=_edition_notes(edition),
        landscape=not is_repair,
        nothing="还没有收费项目",
    )


def _edition_notes(edition: PriceEdition) -> tuple[tuple[str, str], ...]:
    posted = edition.posted_at
    return (
        ("版本", f"V{edition.version} {edition.get_state_display()}"),
        ("生效日", edition.effective_from.isoformat() if edition.effective_from else ""),
        ("编制依据", edition.basis),
        ("审批/备案号", f"{edition.approval_mode} {edition.approval_number}".strip()),
        ("公示地点", edition.posted_where),
        ("公示时间", f"{localtime(posted):%Y-%m-%d %H:%M}" if posted else ""),
    )


def _repair_row(item: PriceItem) -> Row:
    fee = "按实" if item.material_fee is None else item.material_fee
    return item.code, item.name, item.unit, _band(item.low, item.high), fee, item.content


def _special_row(item: PriceItem) -> Row:
    return item.code, item.name, item.content, item.unit, _band(item.low, item.high), item.basis


def _band(low: Decimal, high: Decimal) -> str:
    return f"{low:,.2f}" if low == high else f"{low:,.2f}–{high:,.2f}"
