"""The table of steps: of each its words, form and action, and when it is offered.

An order, a mandate and a parcel all go on by steps; one view serves them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwen.rules import services as rules
from shouwen.services.actions import (
    catalogue,
    keeping,
    mandates,
    ordering,
    parcels,
    rents,
    serving,
    supplying,
)
from shouwen.services.forms import agency, frontdesk, orders
from shouwen.services.forms.asking import StepForm
from shouwen.services.models import Mandate, Parcel, ServiceOrder

When = Callable[[Any], bool]
#: Who speaks to residents for us: what is handed to them, shown to them, kept for them.
DESK = "case.feed-back"


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a record. `about` is how its action calls the record."""

    name: str
    title: Any
    form: type[StepForm]
    act: Callable[..., Any]
    about: str
    when: When
    done: Any
    right: str = "case.work"


# --- Orders ---------------------------------------------------------------------------------------


def _follows(step: str) -> When:
    def when(order: ServiceOrder) -> bool:
        return step in rules.FOLLOWS[order.state]

    return when


def _is_open(order: ServiceOrder) -> bool:
    return order.is_open


def _keeps(order: ServiceOrder) -> bool:
    return order.is_open and order.item.keeps


def _runs(order: ServiceOrder) -> bool:
    return order.ends_on is not None and order.state != rules.CANCELLED


def _unlisted(order: ServiceOrder) -> bool:
    return order.is_open and order.item.asks("listing") and not hasattr(order, "mandate")


def _of_order(
    name: str, title: Any, form: type[StepForm], act: Callable[..., Any], when: When, done: Any
) -> Step:
    return Step(name, title, form, act, "order", when, done)


_ORDER_STEPS = (
    _of_order("plan", _("拟定方案和价格"), orders.PlanForm, ordering.plan, _follows("plan"),
              _("已拟定方案，请客户确认")),
    _of_order("confirm", _("记录客户确认"), orders.ConfirmForm, ordering.confirm,
              _follows("confirm"), _("已记录客户确认")),
    _of_order("start", _("开始服务"), orders.StartForm, serving.start, _follows("start"),
              _("已开始服务")),
    _of_order("list", _("登记租售委托"), orders.MandateForm, mandates.open_mandate, _unlisted,
              _("已登记租售委托")),
    _of_order("finish", _("办结"), orders.FinishForm, serving.finish, _follows("finish"),
              _("已办结")),
    _of_order("progress", _("记进度"), orders.ProgressForm, keeping.progress, _is_open,
              _("已记下进度")),
    _of_order("fill-in", _("补充内容"), orders.FillForm, ordering.fill_in, _is_open,
              _("已补充")),
    _of_order("take", _("收取物品资料"), orders.TakeForm, keeping.take, _keeps,
              _("已记录收取")),
    _of_order("change", _("变更或停订"), orders.ChangeForm, keeping.change, _runs,
              _("已记录变更")),
    _of_order("remind", _("已提醒住户"), orders.RemindForm, keeping.remind_resident, _runs,
              _("已记录提醒")),
    _of_order("cancel", _("取消"), orders.CancelForm, ordering.cancel, _follows("cancel"),
              _("已取消需求单")),
)  # fmt: skip
ORDER_STEPS = {step.name: step for step in _ORDER_STEPS}
#: The steps that bring an order on; the first that may follow is the big button.
ONWARD = ("list", "confirm", "start", "finish", "plan")

GIVE_BACK = Step(
    "give-back", _("归还客户"), orders.GiveBackForm, keeping.give_back, "keepsake",
    lambda kept: kept.returned_at is None, _("已记录归还"),
)  # fmt: skip


def onward(order: ServiceOrder) -> Step | None:
    """What is to be done next, if anything is."""
    may = [ORDER_STEPS[name] for name in ONWARD if ORDER_STEPS[name].when(order)]
    return may[0] if may else None


def offered(order: ServiceOrder) -> list[Step]:
    """Everything else that may be done now."""
    first = onward(order)
    return [step for step in _ORDER_STEPS if step is not first and step.when(order)]


# --- Mail -----------------------------------------------------------------------------------------


def _waits_here(parcel: Parcel) -> bool:
    return parcel.released_at is None and not parcel.outgoing


PARCEL_STEPS = {
    step.name: step
    for step in (
        Step("notify", _("记录通知"), frontdesk.NotifyForm, parcels.notify, "parcel",
             _waits_here, _("已记录通知"), DESK),
        Step("release", _("领取"), frontdesk.ReleaseForm, parcels.release, "parcel", _waits_here,
             _("已领取"), DESK),
        Step("send", _("寄出"), frontdesk.SendForm, parcels.send_out, "parcel",
             lambda parcel: parcel.outgoing and parcel.released_at is None, _("已寄出"), DESK),
    )
}  # fmt: skip


REGISTER = Step(
    "register", _("登记信报"), frontdesk.ParcelForm, parcels.register_parcel, "project",
    lambda project: True, _("已登记"), DESK,
)  # fmt: skip


# --- The catalogue --------------------------------------------------------------------------------


KEEP_ITEM = Step(
    "item", _("维护服务项目"), frontdesk.ItemForm, catalogue.keep_item, "item",
    lambda item: True, _("已保存"), "service.manage",
)  # fmt: skip
ADD_PARTNER = Step(
    "partner", _("添加商家"), frontdesk.PartnerForm, catalogue.add_partner, "project",
    lambda project: True, _("已添加商家"), "service.manage",
)  # fmt: skip
SET_HOURS = Step(
    "hours", _("添加供应时间"), frontdesk.HoursForm, supplying.set_hours, "project",
    lambda project: True, _("已保存供应时间"), "service.manage",
)  # fmt: skip


# --- Letting and selling --------------------------------------------------------------------------


def _listed(mandate: Mandate) -> bool:
    return mandate.is_open


def _let(mandate: Mandate) -> bool:
    return mandate.result == Mandate.Result.LET


MANDATE_STEPS = {
    step.name: step
    for step in (
        Step("show", _("记一次带看"), agency.ShowForm, mandates.show, "mandate", _listed,
             _("已记录带看"), DESK),
        Step("report", _("房屋健康报告"), agency.ReportForm, mandates.report_house, "mandate",
             lambda mandate: True, _("已保存房屋健康报告"), DESK),
        Step("schedule", _("排租金"), agency.ScheduleForm, rents.schedule, "mandate", _let,
             _("已排好租金"), DESK),
        Step("close", _("结束委托"), agency.CloseForm, mandates.close_mandate, "mandate", _listed,
             _("委托已结束"), DESK),
    )
}  # fmt: skip

ISSUE = Step(
    "issue", _("交付报告"), agency.IssueForm, mandates.issue_report, "report",
    lambda report: report.issued_at is None, _("已记录交付"), DESK,
)  # fmt: skip
RECEIVE = Step(
    "receive", _("收到租金"), agency.ReceiveForm, rents.receive, "rent",
    lambda rent: rent.received_at is None, _("已收租金"), "money.take",
)  # fmt: skip
PASS_ON = Step(
    "pass-on", _("转付业主"), agency.PassOnForm, rents.pass_on, "rent",
    lambda rent: rent.received_at is not None and rent.remitted_at is None, _("已转付业主"),
    "money.take",
)  # fmt: skip
