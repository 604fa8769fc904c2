"""Things of the customer's in our keeping, and subscriptions that run on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Attachment
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules import services as rules
from shouwen.rules.refused import Refused
from shouwen.services.actions.ordering import locked
from shouwen.services.models import Change, Keepsake, ServiceOrder

#: How long before its end a subscription is reminded of. Ours: no clause names a number.
REMIND = timedelta(days=14)


def take(
    *,
    order: ServiceOrder,
    name: str,
    taken_from: str,
    by: Scope,
    at: datetime,
    quantity: int = 1,
    signature: Attachment | None = None,
    happened: datetime | None = None,
) -> Keepsake:
    """Papers for an application, clothes for the cleaner: taken in, against a signature."""
    _require_named(name, taken_from)
    rules.require_no_account([name])
    with transaction.atomic():
        found = locked(order)
        if not found.is_open:
            raise Refused("order-settled", "这张需求单已经办结或取消，不能再收东西。")
        if not found.item.keeps:
            raise Refused("keeps-nothing", "这项服务不收客户的物品或资料。")
        if signature is None and found.item.asks("return_at"):
            raise Refused("no-signature", "请附客户交出时的签名。", field="signature")
        _write(found, by, at, f"收到 {name.strip()} {quantity} 件", taken_from, happened)
        return Keepsake.objects.create(
            order=found, name=name.strip()[:80], quantity=quantity, taken_at=happened or at,
            taken_from=taken_from.strip()[:60], taken_by=by.staff, taken_signature=signature,
        )  # fmt: skip


def give_back(
    *,
    keepsake: Keepsake,
    returned_to: str,
    by: Scope,
    at: datetime,
    signature: Attachment | None = None,
    happened: datetime | None = None,
) -> Keepsake:
    """Given back to the customer, against his second signature."""
    _require_named(keepsake.name, returned_to)
    with transaction.atomic():
        order = locked(keepsake.order)
        kept = Keepsake.objects.select_for_update(of=("self",)).get(pk=keepsake.pk)
        if kept.returned_at:
            raise Refused("returned-already", "这件东西已经归还。")
        if signature is None and order.item.asks("return_at"):
            raise Refused("no-signature", "请附客户领回时的签名。", field="signature")
        _write(order, by, at, f"归还 {kept.name} {kept.quantity} 件", returned_to, happened)
        kept.returned_at, kept.returned_to = happened or at, returned_to.strip()[:60]
        kept.returned_signature = signature
        kept.save()
    return kept


def _require_named(name: str, person: str) -> None:
    if not name.strip():
        raise Refused("no-name", "请写明是什么东西。", field="name")
    if not person.strip():
        raise Refused("no-person", "请写明由谁交出或领回。", field="person")


def _write(
    order: ServiceOrder,
    by: Scope,
    at: datetime,
    text: str,
    said_by: str = "",
    happened: datetime | None = None,
) -> None:
    with acting(order.case, by=by, right="case.work", at=at) as act:
        data = {"order": order.number, "text": text, "tag": ""}
        act.write("noted", data, happened=happened, said_by=said_by.strip()[:60])


def progress(*, order: ServiceOrder, text: str, by: Scope, at: datetime) -> ServiceOrder:
    """How far an application has come; the customer may ask at any time."""
    if not text.strip():
        raise Refused("empty-text", "请写下办到哪一步。", field="text")
    rules.require_no_account([text])
    with transaction.atomic():
        found = locked(order)
        if not found.is_open:
            raise Refused("order-settled", "这张需求单已经办结或取消，不再记进度。")
        _write(found, by, at, text.strip())
    return found


# --- Subscriptions --------------------------------------------------------------------------------


def change(
    *,
    order: ServiceOrder,
    from_on: date,
    asked_by: str,
    by: Scope,
    at: datetime,
    quantity: str = "",
    until: date | None = None,
    stop: bool = False,
    note: str = "",
) -> Change:
    """A subscription is changed, renewed or stopped on request, from a day on."""
    if not asked_by.strip():
        raise Refused("no-person", "请写明是谁提出的。", field="asked_by")
    if not (stop or quantity.strip() or until):
        raise Refused("no-change", "请填新的数量或到期日，或者选停订。", field="quantity")
    with transaction.atomic():
        found = locked(order)
        _require_runs(found, from_on)
        if until and until < from_on:
            raise Refused("ends-early", "到期日早于变更日，请核对。", field="until")
        row = Change.objects.create(
            order=found, from_on=from_on, stop=stop, quantity=quantity.strip()[:20],
            note=note.strip()[:200], asked_by=asked_by.strip()[:60], at=at, by=by.staff,
        )  # fmt: skip
        data = {"order": found.number, "from": from_on.isoformat(), "text": _words(row, until)}
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write("service-changed", data, said_by=row.asked_by)
        _apply(found, row, until)
    return row


def _require_runs(found: ServiceOrder, from_on: date) -> None:
    if found.ends_on is None or found.state == rules.CANCELLED:
        raise Refused("no-subscription", "这张需求单不是订阅，不能变更或停订。")
    if from_on > found.ends_on:
        raise Refused("ended", f"订阅到 {found.ends_on} 为止，请另开需求单。", field="from_on")


def _words(row: Change, until: date | None) -> str:
    if row.stop:
        return f"自 {row.from_on} 起停订"
    parts = [f"数量改为 {row.quantity}" if row.quantity else "", f"订到 {until}" if until else ""]
    return f"自 {row.from_on} 起{'，'.join(filter(None, parts))}"


def _apply(found: ServiceOrder, row: Change, until: date | None) -> None:
    """From that day on: what was delivered before stays as it was ordered."""
    if row.stop:
        found.ends_on = row.from_on - timedelta(days=1)
    elif until:
        found.ends_on, found.reminded_at, found.resident_told_at = until, None, None
    found.save(update_fields=["ends_on", "reminded_at", "resident_told_at"])


def remind_expiring(*, at: datetime) -> int:
    """Tell our people of every subscription that ends soon, once: they tell the resident (below).
    Returns how many."""
    today = localdate(at)
    ending = ServiceOrder.objects.filter(
        state=rules.DONE, ends_on__gte=today, ends_on__lte=today + REMIND, reminded_at=None
    ).exclude(changes__stop=True)
    return sum(_remind(pk, at) for pk in ending.values_list("pk", flat=True)[:200])


def _remind(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        rows = ServiceOrder.objects.select_for_update(of=("self",))
        found = rows.select_related("case__project", "item", "staff").get(pk=pk)
        if found.reminded_at:
            return False
        tell(
            people=[found.staff] if found.staff else people_for("owner", found.case, at),
            event=f"service:{found.pk}:ends:{found.ends_on}",
            at=at,
            subject=f"{found.item.title}将到期（{found.ends_on}），请提醒住户续订",
            url=f"/services/orders/{found.number}",
        )
        found.reminded_at = at
        found.save(update_fields=["reminded_at"])
    return True


def remind_resident(*, order: ServiceOrder, told_to: str, by: Scope, at: datetime) -> ServiceOrder:
    """The resident was told that it ends; on record with the matter, closed or not."""
    if not told_to.strip():
        raise Refused("no-person", "请写明提醒了谁。", field="told_to")
    with transaction.atomic():
        found = locked(order)
        _require_runs(found, localdate(at))
        with acting(found.case, by=by, right="case.work", at=at) as act:
            text = f"{found.item.title} {found.ends_on} 到期，已提醒住户"
            data = {"order": found.number, "text": text, "channel": "phone"}
            act.write("customer-contacted", data, said_by=told_to.strip()[:60])
        found.resident_told_at = at
        found.save(update_fields=["resident_told_at"])
    return found
