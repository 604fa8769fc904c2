"""《服务需求单》 from the request to the confirmed plan: nothing begins before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import calendars
from shouwen.cases.actions.closing import lift_hold, place_hold
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Attachment, Case
from shouwen.pricing.actions.quoting import QuoteLine, consent, quote
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import clause_of, latest_quotation
from shouwen.repairs.actions import issuing
from shouwen.rules import services as rules
from shouwen.rules.refused import Refused
from shouwen.services.models import CatalogueItem, Partner, ServiceOrder

FREE = Decimal("0.00")
MEANS = dict(ServiceOrder.MEANS)


def order(
    *,
    case: Case,
    item: CatalogueItem,
    by: Scope,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    sub: str = "",
    partner: Partner | None = None,
    happened: datetime | None = None,
) -> ServiceOrder:
    """One more service for the customer of a case. A free one is confirmed by being asked for; a
    paid one waits for plan and price. Until it is settled, its case stays open."""
    _require_offered(item, case, sub)
    given = cleaned(item, details or {})
    with transaction.atomic():
        with acting(case, by=by, right="case.work", at=at) as act:
            asked_at = happened or at
            made = ServiceOrder(
                project=act.case.project, company_id=act.case.company_id,
                group_id=act.case.group_id, number=_number(act.case, at), case=act.case, item=item,
                sub=sub, unit=act.case.unit, customer=act.case.customer,
                partner=partner or item.partner, asked_at=asked_at,
            )  # fmt: skip
            _fill(made, given)
            if not item.paid:
                _confirm_free(made, act.case.customer_name, by, asked_at)
            act.write(
                "service-ordered",
                {
                    "order": made.number, "item": item.code, "paid": item.paid,
                    "text": f"{item.title}{f'（{sub}）' if sub else ''}",
                },
                happened=happened,
            )  # fmt: skip
            made.save(force_insert=True)
        place_hold(case=case, key=made.hold, reason=f"服务需求单 {made.number} 还没有办结", at=at)
        if item.is_repair:
            _send_to_repair(made, case, by, at)
    return made


def _require_offered(item: CatalogueItem, case: Case, sub: str) -> None:
    if item.project_id != case.project_id or not item.active:
        raise Refused("not-offered", "本项目现在不办这项服务，请从目录中另选。", field="item")
    if item.sub and sub not in item.sub:
        raise Refused("no-sub", f"请选“{item.title}”的子项。", field="sub")


def cleaned(item: CatalogueItem, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the item asks, and nothing else; no numbers of accounts among it."""
    kept = {name: given[name] for name in rules.fields(item.details) if given.get(name)}
    for name, value in kept.items():
        rules.require_shape(name, value)
    rules.require_no_account(kept.values())
    return kept


def _number(case: Case, at: datetime) -> str:
    return next_number("F", case.project, calendars(case.calendar_id).duty.date_of(at))


def _fill(made: ServiceOrder, given: Mapping[str, Any]) -> None:
    """The details, and the moments among them by which orders are looked for."""
    made.details = {**made.details, **given}
    promised = next((made.details[n] for n in rules.PROMISED if made.details.get(n)), None)
    made.due_at = datetime.fromisoformat(promised) if promised else None
    ends = made.details.get(rules.ENDS)
    made.ends_on = date.fromisoformat(ends) if ends else None


def _confirm_free(made: ServiceOrder, name: str, by: Scope, at: datetime) -> None:
    made.state, made.price = rules.CONFIRMED, FREE
    made.confirmed_name, made.confirmed_means = name, "request"
    made.confirmed_at, made.confirmed_by = at, by.staff


def _send_to_repair(made: ServiceOrder, case: Case, by: Scope, at: datetime) -> None:
    """The repair team gets a work order of its own, with everything that one needs at its end."""
    work = issuing.issue(
        case=case, range="home", title=made.item.title, text=made.details.get("need", ""),
        by=by, at=at,
    )  # fmt: skip
    made.work_order, made.state, made.started_at = work.number, rules.STARTED, made.asked_at
    made.save(update_fields=["work_order", "state", "started_at"])


def clause(order: ServiceOrder) -> str:
    """What a refusal cites: how paid work is agreed in such a case, else the service itself."""
    return clause_of(order.case) if order.item.paid else order.item.clause


def locked(order: ServiceOrder) -> ServiceOrder:
    """The case first, then the order: everybody in this order."""
    Case.objects.select_for_update().only("pk").get(pk=order.case_id)
    rows = ServiceOrder.objects.select_for_update(of=("self",))
    return rows.select_related("case__project", "item").get(pk=order.pk)


# --- Plan and price -------------------------------------------------------------------------------


def fill_in(
    *, order: ServiceOrder, details: Mapping[str, Any], by: Scope, at: datetime
) -> ServiceOrder:
    """What was not yet known when it was asked for."""
    given = cleaned(order.item, details)
    with transaction.atomic():
        found = locked(order)
        if not found.is_open:
            raise Refused("order-settled", "这张需求单已经办结或取消，不能再改。")
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write("noted", {"order": found.number, "text": "补充需求单内容", "tag": ""})
        _fill(found, given)
        found.save(update_fields=["details", "due_at", "ends_on"])
    return found


def plan(
    *,
    order: ServiceOrder,
    text: str,
    lines: Sequence[QuoteLine],
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> ServiceOrder:
    """How it will be done and what it costs, for the customer to confirm. Planned anew, it is to be
    confirmed anew."""
    if not text.strip():
        raise Refused(
            "no-plan", "请写明服务方案：做什么、谁做、什么时候做。", clause(order), "text"
        )
    rules.require_no_account([text])
    with transaction.atomic():
        found = locked(order)
        rules.require_step(found.state, "plan")
        if found.item.paid and not lines:
            raise Refused(
                "no-price", "有偿服务要先定价格，请至少列一项收费。", clause(order), "lines"
            )
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write(
                "service-planned", {"order": found.number, "text": text.strip()}, happened=happened
            )
        found.plan, found.planned_at = text.strip(), happened or at
        if found.item.paid:
            quoted = quote(
                case=found.case, subject=found.number, lines=lines, by=by, at=at, happened=happened
            )
            found.price, found.state = quoted.total, rules.PLANNED
            found.confirmed_at, found.confirmed_name, found.confirmed_means = None, "", ""
        found.save()
    return found


def confirm(
    *,
    order: ServiceOrder,
    name: str,
    means: str,
    by: Scope | None,
    at: datetime,
    relation: str = "",
    attachment: Attachment | None = None,
    seen: Quotation | None = None,
    happened: datetime | None = None,
) -> ServiceOrder:
    """The customer agrees to plan and price: at the desk (`by` writes it down), or by his link, to
    the quotation that he has `seen` there and to no later one."""
    if means not in MEANS or means == "request":
        raise Refused("no-means", "请选客户是怎样确认的。", clause(order), "means")
    if not name.strip():
        raise Refused("no-name", "请填确认人姓名。", clause(order), "name")
    with transaction.atomic():
        found = locked(order)
        rules.require_step(found.state, "confirm")
        quotation = seen or latest_quotation(found.case, found.number)
        if quotation is None:
            raise Refused("no-price", "还没有报价，请先拟定方案和价格。", clause(order))
        consent(
            quotation=quotation, name=name.strip(), means=means, by=by, at=at, relation=relation,
            attachment=attachment, happened=happened,
        )  # fmt: skip
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write(
                "service-confirmed",
                {
                    "order": found.number, "amount": str(found.price), "means": means,
                    "text": f"{found.plan}；价格 {found.price} 元",
                },
                happened=happened,
                said_by=name.strip()[:60],
            )  # fmt: skip
        found.state, found.confirmed_at = rules.CONFIRMED, happened or at
        found.confirmed_name, found.confirmed_means = name.strip()[:60], means
        found.confirmed_by = by.staff if by else None
        found.save()
    return found


def cancel(*, order: ServiceOrder, reason: str, by: Scope, at: datetime) -> ServiceOrder:
    """Called off, by the customer or because it cannot be done; it costs nothing."""
    if not reason.strip():
        raise Refused("no-reason", "取消要写明原因。", field="reason")
    with transaction.atomic():
        found = locked(order)
        rules.require_step(found.state, "cancel")
        require_nothing_kept(found)
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write("service-cancelled", {"order": found.number, "reason": reason.strip()})
        found.state, found.cancelled_for = rules.CANCELLED, reason.strip()[:200]
        found.save(update_fields=["state", "cancelled_for"])
        lift_hold(case=found.case, key=found.hold, at=at)
    return found


def require_nothing_kept(order: ServiceOrder) -> None:
    """What was taken into our keeping goes back first."""
    kept = order.keepsakes.filter(returned_at=None).values_list("name", flat=True)
    if kept:
        raise Refused("still-kept", f"还没有归还客户：{'、'.join(kept)}。请先记录归还和签名。")
