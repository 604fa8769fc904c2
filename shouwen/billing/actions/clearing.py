"""Clearing a home before it is handed over: nothing owed to us, and paid at the developer."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import locked, noting
from shouwen.billing.models import Clearance, place
from shouwen.billing.queries import balance
from shouwen.estate.models import Unit
from shouwen.rules.money import ZERO, yuan
from shouwen.rules.refused import Refused

CLAUSE = "第十二条(二)"


def clear(
    *,
    unit: Unit,
    developer_receipt: str,
    by: Scope,
    at: datetime,
    developer_paid: str = "",
    override_reason: str = "",
) -> Clearance:
    """Let a home go on to its handover (S2-A12-2b, S2-A10r-2). Who owes is stopped, unless somebody
    who may approve lets him pass and says why."""
    if not developer_receipt.strip():
        raise Refused(
            "no-developer-receipt",
            "业主要先在开发公司缴清应缴费用，请登记收据号再办下一步。",
            "第十条(2)",
            "developer_receipt",
        )
    right = "money.approve" if override_reason.strip() else "money.take"
    with noting(None, unit.project, by, at, right=right):
        owed = balance(unit)
        if owed > 0 and not override_reason.strip():
            raise Refused(
                "owes",
                f"{unit.label} 还欠 {yuan(owed)} 元，收清后再交楼；"
                "确需放行，由有审批权的人写明原因。",
                CLAUSE,
                "override_reason",
            )
        return Clearance.objects.create(
            **place(unit.project), unit=unit, owed=owed,
            developer_receipt=developer_receipt.strip()[:80],
            developer_paid=developer_paid.strip()[:200],
            override_reason=override_reason.strip()[:200] if owed > 0 else "", by=by.staff, at=at,
        )  # fmt: skip


def require_clear(unit: Unit) -> Clearance:
    """What the handover asks first: the clearance that stands, else a refusal that says what to do.
    What was charged after it is asked for again, unless it was let pass."""
    row = unit.clearances.first()
    if row is None:
        raise Refused("not-cleared", f"{unit.label} 还没有办理费用清缴，请先办理，再交楼。", CLAUSE)
    owed = balance(unit)
    if owed > max(row.owed, ZERO):
        raise Refused("owes", f"{unit.label} 清缴之后又欠 {yuan(owed)} 元，收清后再交楼。", CLAUSE)
    return row


def hand_over(*, unit: Unit, on: date, by: Scope, at: datetime) -> Unit:
    """Give the keys to the owner; the developer answers for the home from this day on."""
    with noting(None, unit.project, by, at, right="money.take"):
        row = locked(unit)
        require_clear(row)
        if row.handed_over_on:
            raise Refused("handed-over-already", f"{row.label} 已于 {row.handed_over_on} 交楼。")
        if on > localdate(at):
            raise Refused("in-the-future", "交楼日期不能晚于今天，请核对。", field="on")
        row.handed_over_on = on
        row.save(update_fields=["handed_over_on"])
    return row
