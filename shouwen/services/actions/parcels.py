"""Mail at the front desk (信报收发): in, announced, out against a signature; or sent on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.files import Kept
from shouwen.estate.models import Unit
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.services.models import Parcel

#: Who speaks to residents for us.
RIGHT = "case.feed-back"
KINDS = dict(Parcel._meta.get_field("kind").choices or ())
WAYS = {"phone": "电话", "message": "短信或微信", "home": "上门", "visit": "当面"}


def register_parcel(
    *,
    project: OrgUnit,
    unit: Unit,
    by: Scope,
    at: datetime,
    person: str = "",
    kind: str = "parcel",
    carrier: str = "",
    tracking: str = "",
    copies: int = 1,
    outgoing: bool = False,
    difference: str = "",
    happened: datetime | None = None,
) -> Parcel:
    """Mail for a room has come, or is handed in to be sent: its number is the receipt."""
    by.require(RIGHT, project)
    if unit.project_id != project.pk:
        raise Refused("not-found", "没有找到这个房号，请核对。", field="unit")
    if kind not in KINDS:
        raise Refused("unknown-kind", "请选类别。", field="kind")
    if copies < 1:
        raise Refused("no-copies", "件数至少是 1。", field="copies")
    if happened and happened > at:
        raise Refused("in-the-future", "收到时间不能晚于现在，请核对。", field="happened")
    with transaction.atomic():
        return Parcel.objects.create(
            **place_of(project), number=next_number("X", project, localdate(at)), unit=unit,
            outgoing=outgoing, person=person.strip()[:60], kind=kind, carrier=carrier.strip()[:40],
            tracking=tracking.strip()[:40], copies=copies, received_at=happened or at,
            received_by=by.staff, difference=difference.strip()[:200],
        )  # fmt: skip


def notify(*, parcel: Parcel, how: str, by: Scope, at: datetime) -> Parcel:
    """The resident knows that it is here."""
    by.require(RIGHT, parcel.project)
    if how not in WAYS:
        raise Refused("no-way", "请选怎样通知的。", field="how")
    with transaction.atomic():
        found = _waiting(parcel)
        if found.outgoing:
            raise Refused("outgoing", "代寄的邮件不用通知领取。")
        found.notified_at, found.notified_how = at, how
        found.save(update_fields=["notified_at", "notified_how"])
    return found


def release(
    *,
    parcel: Parcel,
    to: str,
    signature: Kept | None,
    by: Scope,
    at: datetime,
    difference: str = "",
) -> Parcel:
    """Given out to whoever fetches it, only against a signature (S2-A2-01)."""
    by.require(RIGHT, parcel.project)
    if not to.strip():
        raise Refused("no-person", "请填领取人姓名。", field="to")
    if signature is None or not signature.media_type.startswith("image/"):
        raise Refused("no-signature", "领取要签名：请拍下或扫描领取人的签名。", field="signature")
    with transaction.atomic():
        found = _waiting(parcel)
        if found.outgoing:
            raise Refused("outgoing", "这是代寄的邮件，请登记寄出。")
        found.signature = signature.sha256
        _release(found, to, by, at, difference)
    return found


def send_out(*, parcel: Parcel, tracking: str, by: Scope, at: datetime) -> Parcel:
    """Handed to the carrier, whose number stands beside our receipt."""
    by.require(RIGHT, parcel.project)
    if not tracking.strip():
        raise Refused("no-tracking", "请填承运人给的运单号。", field="tracking")
    with transaction.atomic():
        found = _waiting(parcel)
        if not found.outgoing:
            raise Refused("incoming", "这是收到的邮件，请登记领取。")
        found.tracking = tracking.strip()[:40]
        _release(found, found.carrier, by, at, "")
    return found


def _waiting(parcel: Parcel) -> Parcel:
    rows = Parcel.objects.select_for_update(of=("self",))
    found = rows.select_related("project", "unit").get(pk=parcel.pk)
    if found.released_at:
        raise Refused("released-already", "这件已经领取或寄出。")
    return found


def _release(found: Parcel, to: str, by: Scope, at: datetime, difference: str) -> None:
    found.released_at, found.released_to, found.released_by = at, to.strip()[:60], by.staff
    found.difference = difference.strip()[:200] or found.difference
    found.save()
