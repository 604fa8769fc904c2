"""The only place where stock changes: lock what is touched, write the move, keep the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.models import Case
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.stores.models import Material, Move, Requisition, Stock, StockCount, Store

Line = tuple[Material, Decimal]
MOST = Decimal(1_000_000)
CENT = Decimal("0.01")
#: What the first store room of a project is called until somebody names it.
MAIN = "库房"


@dataclass(frozen=True)
class About:
    """Why something moves."""

    kind: Move.Kind
    by: Staff
    at: datetime
    """When it happened."""
    recorded_at: datetime
    case: Case | None = None
    subject: str = ""
    requisition: Requisition | None = None
    count: StockCount | None = None
    note: str = ""


def move(
    lines: Sequence[Line], *, source: Store | None, target: Store | None, about: About
) -> list[Move]:
    """Takes from `source`, adds to `target`; None is the world outside. All lines or none.

    Rows of stock are locked in one order, so that two moves wait for each other and never for ever.
    """
    lines = summed(lines)
    with transaction.atomic():
        stock = _locked(lines, [store for store in (source, target) if store])
        for material, quantity in lines:
            if source:
                _take(stock[source.pk, material.pk], material, quantity, source)
            if target:
                stock[target.pk, material.pk].quantity += quantity
        Stock.objects.bulk_update(stock.values(), ["quantity"])
        return Move.objects.bulk_create(
            _move(material, quantity, source, target, about) for material, quantity in lines
        )


def summed(lines: Sequence[Line]) -> list[Line]:
    """Each material once, each quantity a positive number of hundredths."""
    if not lines:
        raise Refused("no-lines", "请至少填一种物料和数量。", field="lines")
    totals: dict[int, Line] = {}
    for material, quantity in lines:
        _require_quantity(material, quantity)
        before = totals.get(material.pk, (material, Decimal(0)))[1]
        totals[material.pk] = (material, before + quantity)
    return list(totals.values())


def _require_quantity(material: Material, quantity: Decimal) -> None:
    if not quantity.is_finite() or not 0 < quantity < MOST or quantity != quantity.quantize(CENT):
        raise Refused(
            "bad-quantity", f"“{material}”的数量要大于 0，最多两位小数。", field="quantity"
        )


def _locked(lines: Sequence[Line], stores: Sequence[Store]) -> dict[tuple[int, int], Stock]:
    """The rows of stock that lines touch, by store and material, for this transaction."""
    materials = sorted((material for material, _ in lines), key=lambda material: material.pk)
    stores = sorted(stores, key=lambda store: store.pk)
    Stock.objects.bulk_create(
        [Stock(store=store, material=material) for store in stores for material in materials],
        ignore_conflicts=True,
    )
    rows = (
        Stock.objects.select_for_update()
        .filter(store__in=stores, material__in=materials)
        .order_by("pk")
    )
    return {(row.store_id, row.material_id): row for row in rows}


def _take(row: Stock, material: Material, quantity: Decimal, store: Store) -> None:
    if row.quantity < quantity:
        raise Refused(
            "not-in-stock",
            f"{store}里“{material}”只有 {plain(row.quantity)} {material.unit}，"
            f"不够 {plain(quantity)} {material.unit}；请先入库或领料，或者减少数量。",
            field="quantity",
        )
    row.quantity -= quantity


def _move(
    material: Material,
    quantity: Decimal,
    source: Store | None,
    target: Store | None,
    about: About,
) -> Move:
    return Move(
        project_id=material.project_id,
        company_id=material.company_id,
        group_id=material.group_id,
        kind=about.kind,
        material=material,
        quantity=quantity,
        price=material.price,
        source=source,
        target=target,
        case=about.case,
        subject=about.subject,
        requisition=about.requisition,
        count=about.count,
        at=about.at,
        recorded_at=about.recorded_at,
        by=about.by,
        note=about.note[:200],
    )


def require_of(project: OrgUnit, lines: Sequence[Line]) -> None:
    """A store keeps what its own project knows."""
    for material, _ in lines:
        if material.project_id != project.pk:
            raise Refused("other-project", f"“{material}”不是本项目的物料，请重新选。")


# --- stores ---------------------------------------------------------------------------------------


def main_store(project: OrgUnit) -> Store:
    """The first store room of a project; made when it is first asked for."""
    found = Store.objects.filter(project=project, holder=None).first()
    return (
        found
        or Store.objects.get_or_create(
            project=project, name=MAIN, holder=None, defaults=place_of(project)
        )[0]
    )


def own_store(staff: Staff, project: OrgUnit) -> Store:
    """What somebody carries with him in a project, as a store."""
    about = {**place_of(project), "name": f"{staff.name}随身"[:40]}
    return Store.objects.get_or_create(project=project, holder=staff, defaults=about)[0]


# --- in words -------------------------------------------------------------------------------------


def plain(quantity: Decimal) -> str:
    """2.00 → 2, 1.50 → 1.5"""
    return f"{quantity:f}".rstrip("0").rstrip(".") if "." in f"{quantity:f}" else f"{quantity:f}"


def in_words(lines: Sequence[Line]) -> str:
    """角阀 DN15 2 只、生料带 1 卷"""
    return "、".join(
        f"{material} {plain(quantity)} {material.unit}" for material, quantity in lines
    )


def as_data(lines: Sequence[Line]) -> list[Mapping[str, str]]:
    """The lines as the journal keeps them."""
    return [
        {
            "code": material.code,
            "name": str(material),
            "unit": material.unit,
            "quantity": plain(quantity),
        }
        for material, quantity in lines
    ]
