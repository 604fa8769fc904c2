"""The list of work orders: whose, in which state, by page or as a file."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.export import Column
from shouwen.cases.levels import level_names
from shouwen.estate.phones import mask_phone
from shouwen.repairs.models import WorkOrder
from shouwen.rules import orders
from shouwen.rules.payer import PAYERS

PAGE = 50
#: The tabs, and the states that each shows.
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "waiting": (_("待派工接单"), (orders.OPENED, orders.SENT)),
    "working": (_("维修中"), (orders.ACCEPTED, orders.DEPARTED, orders.ON_SITE, orders.PAUSED)),
    "done": (_("待验收"), (orders.DONE,)),
    "ended": (_("已验收、已取消"), (orders.CHECKED, orders.CANCELLED)),
    "all": (_("全部"), tuple(orders.ORDER_STATES)),
}


def levels(scope: Scope, project: OrgUnit | None) -> tuple[str, ...]:
    """Whose orders somebody may look at. Narrow roles see their shop's under the project."""
    names = level_names(scope, project, ())
    narrow = names == ("mine",) and project and scope.departments("case.view")
    return ("mine", "project") if narrow else names


def of_level(
    found: QuerySet[WorkOrder], name: str, scope: Scope, project: OrgUnit | None
) -> QuerySet[WorkOrder]:
    """The orders of one of these. Mine are those that I hold, and those that I may take."""
    if name == "mine" or project is None:
        free = Q(assignee=None, state=orders.SENT, mode="grab")
        return found.filter(Q(assignee=scope.staff) | Q(opened_by=scope.staff) | free)
    place = {"project": project.pk, "company": project.company_id}
    return found.filter(**{f"{name}_id": place.get(name, project.group_id)})


def in_order(found: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """The last opened first, with all that a row shows."""
    related = ("case__owner", "project", "unit", "department", "assignee", "opened_by")
    return found.select_related(*related).order_by("-pk")


def page_of(found: QuerySet[WorkOrder], after: str) -> tuple[list[WorkOrder], str]:
    """One page, and the key of the next ("" at the end)."""
    if after.isdecimal():
        found = found.filter(pk__lt=int(after))
    rows = list(in_order(found)[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _yes(value: object) -> str:
    return "是" if value else "否"


def _name(value: Any) -> str:
    return value.name if value else ""


def _in_time(order: WorkOrder) -> str:
    return {True: "按约", False: "超过约定", None: ""}[order.in_time]


#: 《维修单》 370-46.3 as a list, with the times of every step.
COLUMNS: tuple[Column, ...] = (
    Column(_("单号"), 20, lambda order, _reader: order.number),
    Column(_("项目"), 14, lambda order, _reader: order.project.name),
    Column(_("编号"), 20, lambda order, _reader: order.case.number),
    Column(_("房号"), 18, lambda order, _reader: order.place),
    Column(_("客户"), 12, lambda order, _reader: order.case.customer_name),
    Column(_("电话"), 16, lambda order, _reader: mask_phone(order.case.customer_phone)),
    Column(_("报修时间"), 17, lambda order, _reader: order.case.opened_at),
    Column(_("开单时间"), 17, lambda order, _reader: order.opened_at),
    Column(_("开单人"), 12, lambda order, _reader: order.opened_by.name),
    Column(_("范围"), 14, lambda order, _reader: order.get_range_display()),
    Column(_("等级"), 12, lambda order, _reader: order.get_work_class_display()),
    Column(_("工种"), 10, lambda order, _reader: order.get_trade_display()),
    Column(_("紧急"), 6, lambda order, _reader: _yes(order.urgent)),
    Column(_("维修项目"), 36, lambda order, _reader: order.title),
    Column(_("费用承担"), 14, lambda order, _reader: PAYERS.get(order.payer, "")),
    Column(_("有偿"), 6, lambda order, _reader: _yes(order.paid)),
    Column(_("预约自"), 17, lambda order, _reader: order.appointment_from),
    Column(_("预约至"), 17, lambda order, _reader: order.appointment_to),
    Column(_("承办部门"), 12, lambda order, _reader: order.department.name),
    Column(_("维修工"), 12, lambda order, _reader: _name(order.assignee)),
    Column(_("派工方式"), 10, lambda order, _reader: order.get_mode_display()),
    Column(_("拟领材料"), 24, lambda order, _reader: order.materials),
    Column(_("派工"), 17, lambda order, _reader: order.sent_at),
    Column(_("接单"), 17, lambda order, _reader: order.accepted_at),
    Column(_("出发"), 17, lambda order, _reader: order.departed_at),
    Column(_("到场"), 17, lambda order, _reader: order.arrived_at),
    Column(_("完工"), 17, lambda order, _reader: order.done_at),
    Column(_("按约完成"), 10, lambda order, _reader: _in_time(order)),
    Column(_("状态"), 10, lambda order, _reader: order.get_state_display()),
    Column(_("结果"), 18, lambda order, _reader: order.get_result_display()),
    Column(_("处理情况"), 40, lambda order, _reader: order.done_text),
    Column(_("工时（分钟）"), 10, lambda order, _reader: order.labour_minutes),
    Column(_("服务质量"), 10, lambda order, _reader: order.score_quality),
    Column(_("服务态度"), 10, lambda order, _reader: order.score_attitude),
    Column(_("客户签名"), 14, lambda order, _reader: order.signed_name or order.no_signature),
    Column(_("维修意见"), 36, lambda order, _reader: order.opinion),
    Column(_("回访电话"), 16, lambda order, _reader: mask_phone(order.phone_for_visit)),
    Column(_("沟通情况"), 36, lambda order, _reader: order.comm_report),
    Column(_("第二联收回"), 17, lambda order, _reader: order.copy2_at),
    Column(_("第一联交班长"), 17, lambda order, _reader: order.copy1_at),
)
