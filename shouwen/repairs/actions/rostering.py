"""Who is on duty when, who has learnt what, and telling when an order found nobody in time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import reach_role, staff_of
from shouwen.accounts.scope import Scope
from shouwen.cases.one_by_one import summed
from shouwen.cases.people import people_for
from shouwen.estate.queries import place_of
from shouwen.notify.actions import tell
from shouwen.repairs.models import TRADES, Roster, Skill, WorkOrder
from shouwen.repairs.queries import KEEPS_ROSTER
from shouwen.rules.orders import OPENED
from shouwen.rules.refused import Refused


def put_on_duty(
    *,
    department: OrgUnit,
    staff: Staff,
    starts: datetime,
    ends: datetime,
    by: Scope,
    at: datetime,
    head: bool = False,
) -> Roster:
    """On the roster from a moment to a moment; while anybody is on it, only those are sent."""
    if department.project is None:
        raise Refused("not-found", "没有找到这个部门。", field="department")
    by.require(KEEPS_ROSTER, department.project)
    if ends <= starts:
        raise Refused("bad-window", "下班时间要晚于上班时间。", field="ends")
    if staff not in staff_of(department, at):
        raise Refused("not-in-department", "只能排本部门的人。", field="staff")
    if Roster.objects.filter(staff=staff, starts_at__lt=ends, ends_at__gt=starts).exists():
        raise Refused(
            "on-duty-already",
            f"{staff.name}这段时间已经排班，请改时间，或先取消原来的班。",
            field="starts",
        )
    return Roster.objects.create(
        **place_of(department.project), department=department, staff=staff, starts_at=starts,
        ends_at=ends, head=head,
    )  # fmt: skip


def take_off_duty(*, row: Roster, by: Scope) -> None:
    by.require(KEEPS_ROSTER, row.project)
    row.delete()


def set_skills(*, staff: Staff, trades: Collection[str], by: Scope, project: OrgUnit) -> None:
    """What somebody has learnt, as a whole."""
    by.require(KEEPS_ROSTER, project)
    if set(trades) - TRADES.keys():
        raise Refused("unknown-trade", "请从工种清单中选。", field="trades")
    with transaction.atomic():
        Skill.objects.filter(staff=staff).exclude(trade__in=trades).delete()
        for trade in trades:
            Skill.objects.get_or_create(staff=staff, trade=trade)


def ring_unsent(*, at: datetime) -> int:
    """Orders that were not handed over in time: their department and who dispatches are told,
    once. Returns how many."""
    late = WorkOrder.objects.filter(
        state=OPENED, sent_at=None, rung_at=None, hand_over_due_at__lt=at
    ).select_related("case__project", "case__department", "project")
    return summed(late.order_by("hand_over_due_at")[:200], lambda order: _ring(order, at))


def _ring(order: WorkOrder, at: datetime) -> int:
    with transaction.atomic():
        if not WorkOrder.objects.filter(pk=order.pk, rung_at=None).update(rung_at=at):
            return 0
        people = [*people_for("department", order.case, at),
                  *reach_role("repair_head", order.project, at)]  # fmt: skip
        tell(
            people=list(dict.fromkeys(people)),
            at=at,
            event=f"order:{order.pk}:unsent",
            subject=f"维修单未在时限内派工：{order.case.address} {order.title}",
            url=f"/orders/{order.number}",
            urgent=True,
        )
    return 1
