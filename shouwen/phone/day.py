"""What a phone takes along for a shift: its orders in the order of the way, prices, materials."""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.working import WAITING_REASONS
from shouwen.cases.models import Commitment, JournalEntry
from shouwen.cases.queries import as_entries
from shouwen.estate.phones import mask_phone
from shouwen.phone.acts import word_of
from shouwen.phone.models import Conflict
from shouwen.phone.queries import on_the_phone
from shouwen.phone.route import Stop, route
from shouwen.pricing.models import PriceList, Quotation
from shouwen.pricing.queries import effective_edition, paid_work_rule
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import my_orders, order_rule, proposed_payer, to_grab
from shouwen.rules.orders import DEPARTED, ON_SITE, RANGES, RESULTS, Order, fold_order
from shouwen.rules.payer import PAYERS
from shouwen.stores.models import Material, Stock
from shouwen.stores.queries import own_stock, unsigned


def day(scope: Scope, project: OrgUnit | None, at: datetime) -> dict[str, Any]:
    """Everything for a shift without a signal; the phone seals it with `key` before it keeps it."""
    orders = [*my_orders(scope.staff), *to_grab(scope)]
    return {
        "now": at.isoformat(),
        "staff": {"number": scope.staff.number, "name": scope.staff.name},
        "key": key_of(scope.staff),
        "keep": settings.SESSION_COOKIE_AGE,
        "project": project.name if project else "",
        "orders": _orders(orders, scope.staff, at),
        "prices": _prices(project, at),
        "materials": _materials(scope, project),
        "payers": PAYERS,
        "results": RESULTS,
        "reasons": WAITING_REASONS,
        "conflicts": [_conflict(each) for each in on_the_phone(scope.staff)],
    }


def key_of(staff: Staff) -> str:
    """The key of this person's phones, 256 bits: the same at every sign-in, so that what was sealed
    before a session ended can be sent after the next one began. Nobody else is ever given it."""
    made = salted_hmac("shouwen.phone", str(staff.pk), algorithm="sha256")
    return b64encode(made.digest()).decode()


# --- Orders ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Around:
    """What stands around several orders, read for all of them at once."""

    stories: dict[int, list[JournalEntry]]
    promises: dict[int, Commitment]
    quoted: dict[str, Quotation]
    to_sign: frozenset[str]
    """Orders whose material was issued, and the second copy not yet signed for."""


def _orders(orders: Sequence[WorkOrder], staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """As they lie on the way."""
    around = _around(orders, staff)
    by_stop = [(_stop(order, around), order) for order in orders]
    turn = {id(stop): place for place, stop in enumerate(route(stop for stop, _ in by_stop))}
    by_stop.sort(key=lambda pair: turn[id(pair[0])])
    return [_order(order, around, at) for _, order in by_stop]


def _around(orders: Sequence[WorkOrder], staff: Staff) -> _Around:
    cases = {order.case_id for order in orders}
    stories: dict[int, list[JournalEntry]] = defaultdict(list)
    for entry in JournalEntry.objects.filter(case__in=cases).select_related("by").order_by("seq"):
        stories[entry.case_id].append(entry)
    running = Commitment.objects.filter(case__in=cases, outcome="", due_at__isnull=False)
    quotations = Quotation.objects.filter(case__in=cases).exclude(state="withdrawn")
    return _Around(
        stories,
        {promise.case_id: promise for promise in running.order_by("-due_at")},
        {quotation.subject: quotation for quotation in quotations.order_by("pk")},
        frozenset(unsigned(staff).values_list("subject", flat=True)),
    )


def _stop(order: WorkOrder, around: _Around) -> Stop:
    promise = around.promises.get(order.case_id)
    return Stop(
        urgent=order.urgent,
        building=_building(order),
        place=order.place,
        due=order.appointment_from or (promise.due_at if promise else None),
        under_way=order.state in (DEPARTED, ON_SITE),
    )


def _building(order: WorkOrder) -> str:
    return order.unit.building.name if order.unit else order.place


def _order(order: WorkOrder, around: _Around, at: datetime) -> dict[str, Any]:
    case, promise = order.case, around.promises.get(order.case_id)
    standing = fold_order(order.number, as_entries(around.stories[order.case_id]))
    return {
        "number": order.number,
        "case": case.number,
        "place": order.place,
        "building": _building(order),
        "customer": case.customer_name,
        "phone": mask_phone(case.customer_phone),
        "range": RANGES[order.range],
        "urgent": order.urgent,
        "title": order.title,
        "text": order.text,
        "care": case.customer.care if case.customer else "",
        "free": order.assignee_id is None,
        "due": promise.due_at.isoformat() if promise and promise.due_at else "",
        "due_title": promise.title if promise else "",
        "from": order.appointment_from.isoformat() if order.appointment_from else "",
        "to": order.appointment_to.isoformat() if order.appointment_to else "",
        "needs": list(order_rule(case, order.range).completion),
        "payer_words": order.payer_words,
        "proposed": _proposed(order, at),
        "to_sign": order.number in around.to_sign,
        "total": _total(around.quoted.get(order.number)),
        "at_the_door": _paid_at_the_door(order),
        **_standing(standing),
    }


def _standing(order: Order) -> dict[str, Any]:
    """Where it stands; `frontend/phone/steps.js` goes on from here without a signal."""
    return {
        "state": order.state,
        "refused": bool(order.refusal),
        "paid": order.paid,
        "payer": order.payer,
        "quoted": order.quoted,
        "consented": order.consented,
        "declined": order.declined,
        "drawn": order.drawn,
        "made_safe": order.made_safe_at is not None,
        "photos": sorted(order.photos),
        "waiting_for": order.waiting_for,
    }


def _proposed(order: WorkOrder, at: datetime) -> dict[str, str]:
    if order.payer:
        return {}
    found = proposed_payer(
        order.case, range=order.range, part=order.part, work_class=order.work_class, at=at
    )
    return {"code": found.code, "name": found.name, "words": found.words}


def _paid_at_the_door(order: WorkOrder) -> bool:
    """Whether its regulation wants the money in cash, and not on a bill."""
    found = paid_work_rule(order.case)
    return found is None or found[1].collect == "cash"


def _total(quotation: Quotation | None) -> str:
    return str(quotation.total) if quotation else ""


# --- Prices and materials -------------------------------------------------------------------------


def _prices(project: OrgUnit | None, at: datetime) -> list[dict[str, str]]:
    """The list for repairs that is in force."""
    edition = effective_edition(project, PriceList.Kind.REPAIR, at) if project else None
    items = edition.items.all() if edition else ()
    return [
        {
            "code": item.code,
            "name": item.name,
            "unit": item.unit,
            "low": str(item.low),
            "high": str(item.high),
            "content": item.content,
        }
        for item in items
    ]


def _materials(scope: Scope, project: OrgUnit | None) -> list[dict[str, str]]:
    """What the project keeps, with how much of it this person carries."""
    if project is None or not scope.can("stores.view", project):
        return []
    carried = {stock.material_id: stock for stock in own_stock(scope.staff, project)}
    rows = Material.objects.filter(project=project, active=True)
    return [_material(each, carried.get(each.pk)) for each in rows]


def _material(material: Material, carried: Stock | None) -> dict[str, str]:
    sold = material.sold_to or material.sold_from or material.price
    return {
        "code": material.code,
        "name": str(material),
        "unit": material.unit,
        "barcode": material.barcode,
        "price": str(sold),
        "carried": str(carried.quantity if carried else Decimal(0)),
    }


# --- Conflicts ------------------------------------------------------------------------------------


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "key": conflict.key,
        "order": conflict.order,
        "act": conflict.act,
        "word": word_of(conflict.act),
        "at": conflict.happened.isoformat(),
        "sentence": conflict.sentence,
        "clause": conflict.clause,
    }
