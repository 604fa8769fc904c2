"""《服务需求单》."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.scope import Scope
from shouwen.billing.queries import charges_of
from shouwen.followup.models import Visit
from shouwen.papers.shapes import Head, ServiceOrder
from shouwen.papers.sources import Form, Source, phone_of
from shouwen.rules.vocabulary import SERVICE_DETAILS
from shouwen.services import models as services
from shouwen.services.queries import get_order

SERVICE_ORDER = Form("服务需求单", ("service-order",), signatures=("客户", "服务人员"))
#: The boxes of 满意度 on the form, by the result of the return visit.
SATISFACTION = {"satisfied": "满意", "partly": "部分解决", "unsatisfied": "不满意"}


def service_order(scope: Scope, number: str) -> Source:
    order = get_order(scope, number)
    phone, whole = phone_of(scope, order.case)
    return Source(
        form=SERVICE_ORDER,
        record=order.number,
        project=order.project,
        url=reverse("services:order", args=[order.number]),
        fill=lambda head: _sheet(head, order, phone),
        case=order.case,
        unmasked=whole,
    )


def _sheet(head: Head, order: services.ServiceOrder, phone: str) -> ServiceOrder:
    item, case = order.item, order.case
    charges = list(charges_of(case, order.number).exclude(state="cancelled").select_related("bill"))
    visit = case.visits.filter(state=Visit.State.DONE).order_by("-visited_at").first()
    return ServiceOrder(
        head=head,
        customer=order.customer.name if order.customer else case.customer_name,
        room=order.unit.label if order.unit else case.address,
        phone=phone,
        asked_at=order.asked_at,
        item=f"{item.title} {order.sub}".strip(),
        way=item.get_way_display(),
        details=_details(order.details),
        plan=order.plan,
        price=f"{order.price:,.2f} 元" if item.paid else "免费",
        basis=f"{item.clause} {item.price_item}".strip(),
        confirmed_at=order.confirmed_at,
        confirmed_by=f"{order.confirmed_name} {order.get_confirmed_means_display()}".strip(),
        staff="、".join(
            str(who) for who in (order.staff and order.staff.name, order.partner) if who
        ),
        started_at=order.started_at,
        done_at=order.done_at,
        result="，".join(filter(None, (order.result, order.result_note))),
        amount=sum(charge.amount for charge in charges) or None,
        bill="、".join(charge.bill.number for charge in charges if charge.bill),
        told_at=order.told_at,
        visited=_moment(visit.visited_at) if visit else "",
        satisfaction=SATISFACTION.get(visit.result, "") if visit else "",
    )


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _details(said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the service asked, under the words of the form; moments as people read them."""
    return tuple(
        (title, _plain(said[name])) for name, title in SERVICE_DETAILS.items() if said.get(name)
    )


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return str(value)
    return _moment(moment) if moment.tzinfo else str(value)
