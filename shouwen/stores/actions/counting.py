"""Stock-taking: what was found is written down first; somebody else lets the books follow it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.stores.actions.moving import About, Line, move, require_of
from shouwen.stores.models import Material, Move, Stock, StockCount, StockCountLine, Store

State = StockCount.State
NOTHING = Decimal("0.00")


def count(
    *,
    store: Store,
    counted: Mapping[Material, Decimal],
    by: Scope,
    at: datetime,
    note: str = "",
) -> StockCount:
    """What was found in a store. Where it agrees with the books it is settled at once."""
    by.require("stores.issue", store.project)
    _require_counted(store, counted)
    with transaction.atomic():
        books = _books(store)
        lines = [
            StockCountLine(material=m, expected=books.get(m.pk, NOTHING), counted=quantity)
            for m, quantity in counted.items()
        ]
        differs = any(line.difference for line in lines)
        made = StockCount.objects.create(
            **place_of(store.project),
            number=next_number("I", store.project, localdate(at)),
            store=store,
            state=State.COUNTED if differs else State.APPROVED,
            counted_by=by.staff,
            counted_at=at,
            note=note.strip()[:200],
        )
        for line in lines:
            line.count = made
        StockCountLine.objects.bulk_create(lines)
    return made


def _require_counted(store: Store, counted: Mapping[Material, Decimal]) -> None:
    if not counted:
        raise Refused("nothing-counted", "请至少填一种物料的实盘数。")
    if any(quantity < 0 for quantity in counted.values()):
        raise Refused("bad-quantity", "实盘数不能小于 0，没有就填 0。")
    require_of(store.project, list(counted.items()))


def _books(store: Store) -> dict[int, Decimal]:
    """By material; held for this transaction, so that nothing leaves while it is written down."""
    rows = Stock.objects.select_for_update().filter(store=store).order_by("pk")
    return {row.material_id: row.quantity for row in rows}


def approve_count(*, count: StockCount, by: Scope, at: datetime, opinion: str = "") -> StockCount:
    """The books follow what was found. What was moved since the count stays moved: it is the
    difference that is booked."""
    with transaction.atomic():
        locked = _to_decide(count, by)
        lines = list(locked.lines.select_related("material"))
        missing = [(line.material, -line.difference) for line in lines if line.difference < 0]
        found = [(line.material, line.difference) for line in lines if line.difference > 0]
        about = About(Move.Kind.COUNT, by.staff, at, at, count=locked, note=locked.number)
        _book(missing, locked.store, None, about)
        _book(found, None, locked.store, about)
        return _decide(locked, State.APPROVED, by, at, opinion)


def _book(lines: list[Line], source: Store | None, target: Store | None, about: About) -> None:
    if lines:
        move(lines, source=source, target=target, about=about)


def refuse_count(*, count: StockCount, by: Scope, at: datetime, opinion: str) -> StockCount:
    """Back to be counted again; nothing is booked."""
    if not opinion.strip():
        raise Refused("no-opinion", "请写明为什么退回重盘。", field="opinion")
    with transaction.atomic():
        return _decide(_to_decide(count, by), State.REFUSED, by, at, opinion)


def _to_decide(count: StockCount, by: Scope) -> StockCount:
    by.require("stores.manage", count.project)
    rows = StockCount.objects.select_for_update(of=("self",)).select_related("store", "counted_by")
    locked = rows.get(pk=count.pk)
    if locked.state != State.COUNTED:
        raise Refused("decided", "这次盘点已经处理过了。")
    if locked.counted_by == by.staff:
        raise Refused("own-count", "盘点人不能批准自己盘出的差异，请换一位。")
    return locked


def _decide(count: StockCount, state: State, by: Scope, at: datetime, opinion: str) -> StockCount:
    count.state, count.opinion = state, opinion.strip()[:200]
    count.decided_by, count.decided_at = by.staff, at
    count.save()
    return count
