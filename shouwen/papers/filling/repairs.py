"""《维修单》 and 《领料单》."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.scope import Scope
from shouwen.billing.queries import charges_of
from shouwen.papers.shapes import SCALE, Drawn, Head, RepairOrder, Requisition, Wanted
from shouwen.papers.signatures import drawn
from shouwen.papers.sources import Form, Source, phone_of
from shouwen.pricing.models import Quotation
from shouwen.repairs.actions.working import return_copy
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import get_order, quotation_of
from shouwen.rules.orders import RESULTS
from shouwen.stores.actions.moving import plain
from shouwen.stores.models import Requisition as Drawing
from shouwen.stores.queries import Reconciled, get_requisition, reconcile

ORDER = Form(
    "维修单",
    ("repair-order", "repair-order-two-copies"),
    ("第一联 维修班留存", "第二联 回单交客服中心"),
    ("业户", "维修工"),
)
REQUISITION = Form(
    "领料单", ("requisition",), ("第一联 库房留存", "第二联 交维修工"), ("领料人", "库管")
)
#: The boxes of 维修范围 on the form.
RANGES = {"home": "家政", "public": "公共"}


def repair_order(scope: Scope, number: str) -> Source:
    order = get_order(scope, number)
    phone, whole = phone_of(scope, order.case)

    def take_back(copy: int, by: Scope, at: datetime) -> bool:
        """Of work that is done, the copy is back; of other work it is a paper like any."""
        if order.done_at is None or copy not in (1, 2):
            return False
        return_copy(order=order, copy=copy, by=by, at=at)
        return True

    return Source(
        form=ORDER,
        record=order.number,
        project=order.project,
        url=reverse("repairs:order", args=[order.number]),
        fill=lambda head: _order_sheet(head, order, phone),
        case=order.case,
        unmasked=whole,
        take_back=take_back,
    )


def _order_sheet(head: Head, order: WorkOrder, phone: str) -> RepairOrder:
    case = order.case
    quotation = quotation_of(order)
    used = reconcile(order.number)
    return RepairOrder(
        head=head,
        room=order.place,
        customer=case.customer_name,
        phone=phone,
        reported_at=case.opened_at,
        content=order.text or order.title,
        range=RANGES.get(order.range, ""),
        work_class=order.get_work_class_display(),
        department=order.department.name,
        handed_over_at=order.sent_at,
        repairer=order.assignee.name if order.assignee else "",
        appointment=_window(order.appointment_from, order.appointment_to),
        paid=("有偿" if order.paid else "无偿") if order.payer else "",
        payer=order.payer_words,
        quoted=f"{quotation.total:,.2f} 元" if quotation else "",
        consent=_consent(quotation),
        materials=_materials(order, used),
        requisition="、".join(
            Drawing.objects.filter(subject=order.number)
            .exclude(state=Drawing.State.CANCELLED)
            .order_by("pk")
            .values_list("number", flat=True)
        ),
        arrived_at=order.arrived_at,
        done_at=order.done_at,
        total=_charged(order),
        result=order.done_text or RESULTS.get(order.result, ""),
        quality=SCALE.get(order.score_quality or 0, ""),
        attitude=SCALE.get(order.score_attitude or 0, ""),
        opinion=order.opinion,
        visit_phone=order.phone_for_visit,
        signature=drawn(order.signature) if order.signature else (),
        signed_at=order.done_at if order.signature else None,
    )


def _window(starts: datetime | None, ends: datetime | None) -> str:
    if starts is None:
        return ""
    until = f"–{localtime(ends):%H:%M}" if ends else ""
    return f"{localtime(starts):%m-%d %H:%M}{until}"


def _consent(quotation: Quotation | None) -> str:
    """Amount, who and when, as the clause wants it noted on the order (S3-4.2-1d)."""
    if quotation is None or quotation.answered_at is None:
        return ""
    if not quotation.is_agreed:
        return f"不同意 {quotation.answered_by_name} {localtime(quotation.answered_at):%m-%d %H:%M}"
    return (
        f"{quotation.total:,.2f} 元 {quotation.answered_by_name} "
        f"{quotation.get_means_display()} {localtime(quotation.answered_at):%Y-%m-%d %H:%M}"
    )


def _materials(order: WorkOrder, used: Sequence[Reconciled]) -> tuple[Drawn, ...]:
    """What was used; before anything was, what was drawn; before that, what the head noted."""
    drawn = [
        _drawn(row.material, row.used or row.drawn - row.returned)
        for row in used
        if row.used or row.drawn > row.returned
    ]
    if not drawn and order.materials:
        return (Drawn(order.materials),)
    return tuple(drawn)


def _drawn(material: Any, quantity: Decimal) -> Drawn:
    price = material.price or None
    amount = (price * quantity).quantize(Decimal("0.01")) if price else None
    return Drawn(
        material.name, material.spec, plain(quantity), material.unit, price, amount
    )  # fmt: skip


def _charged(order: WorkOrder) -> Decimal | None:
    charges = charges_of(order.case, order.number).exclude(state="cancelled")
    return sum((charge.amount for charge in charges), Decimal(0)) or None


# --- 领料单 ---------------------------------------------------------------------------------------


def requisition(scope: Scope, number: str) -> Source:
    found = get_requisition(scope, number)
    return Source(
        form=REQUISITION,
        record=found.number,
        project=found.project,
        url=reverse("stores:requisition", args=[found.number]),
        fill=lambda head: _requisition_sheet(head, found),
        case=found.case,
    )


def _requisition_sheet(head: Head, found: Drawing) -> Requisition:
    after = {row.material.pk: row for row in reconcile(found.subject)}
    return Requisition(
        head=head,
        order=found.subject,
        room=found.case.address if found.case else "",
        asked_by=found.engineer.name,
        asked_at=found.asked_at,
        lines=tuple(
            _wanted(line, after.get(line.material_id), found)
            for line in found.lines.select_related("material")
        ),
        store=found.store.name if found.store else "",
        issued_at=found.issued_at,
        note=found.cancelled_because,
    )


def _wanted(line: Any, after: Reconciled | None, found: Drawing) -> Wanted:
    """Used and given back are known of the order as a whole, and only once it was issued."""
    material, issued = line.material, found.issued_at is not None
    return Wanted(
        code=material.code,
        name=material.name,
        spec=material.spec,
        unit=material.unit,
        asked=plain(line.asked),
        issued=plain(line.issued) if issued else "",
        used=plain(after.used) if after and issued else "",
        returned=plain(after.returned) if after and issued else "",
    )
