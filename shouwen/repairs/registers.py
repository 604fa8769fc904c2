"""Registers that write themselves: 《日常维修记录表》, 《业户沟通情况一览表》, the workload of each
repairer, and what comes back again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from shouwen.cases.export import Column
from shouwen.cases.models import JournalEntry
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import order_rule, repeats
from shouwen.rules import orders
from shouwen.rules.paid_kinds import WorkOrder as OrderRule

#: What a repairer is credited with: work that was finished, and not cancelled or left (T13).
FINISHED = Q(state__in=(orders.DONE, orders.CHECKED))


def daily(found: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """《日常维修记录表》 (S2-RP-2): every order with who reported and when the head was told."""
    told = _entries(verb="order-sent")
    first = told.order_by("seq").values("at")[:1]
    related = ("case__contact__received_by", "assignee", "project")
    return found.select_related(*related).annotate(told_at=Subquery(first)).order_by("opened_at")


def communications(found: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """《业户沟通情况一览表》 (S2-RP-12): what was reported when an order came back."""
    written = _entries(verb="noted", data__tag="communication")
    typist = written.order_by("-seq").values("by__name")[:1]
    rows = found.exclude(comm_reported_at=None).select_related("case", "assignee", "project")
    return rows.annotate(typed_by=Subquery(typist)).order_by("comm_reported_at")


def _entries(**about: str) -> QuerySet[JournalEntry]:
    """What the journal says of an order of the outer query."""
    named = JournalEntry.objects.annotate(order=KT("data__order"))  # PostgreSQL compares no JSON
    return named.filter(case=OuterRef("case"), order=OuterRef("number"), **about)


@dataclass(frozen=True)
class Workload:
    """One repairer's share of a period (S2-RP-13)."""

    name: str
    finished: int
    indoor: int
    public: int
    urgent: int
    night: int
    minutes: int | None
    quality: float | None
    attitude: float | None
    training: int
    open: int

    @property
    def hours(self) -> str:
        return f"{self.minutes / 60:.1f}" if self.minutes else ""


def workload(found: QuerySet[WorkOrder], done_in: Q) -> list[Workload]:
    """Per repairer: what he finished in a period, and what he holds open now. What was cancelled
    or waits counts as no work done."""
    finished = FINISHED & done_in
    rows: Any = (
        found.exclude(assignee=None)
        .order_by()
        .values("assignee")
        .annotate(
            name=Max("assignee__name"),
            finished=Count("pk", filter=finished),
            indoor=Count("pk", filter=finished & Q(range="home")),
            public=Count("pk", filter=finished & Q(range="public")),
            urgent=Count("pk", filter=finished & Q(urgent=True)),
            night=Count("pk", filter=finished & Q(night=True)),
            minutes=Sum("labour_minutes", filter=finished),
            quality=Avg("score_quality", filter=finished),
            attitude=Avg("score_attitude", filter=finished),
            training=Count("pk", filter=finished & Q(training_case=True)),
            open=Count("pk", filter=Q(state__in=orders.UNFINISHED)),
        )
        .order_by("-finished", "assignee")
    )
    return [Workload(**{k: v for k, v in row.items() if k != "assignee"}) for row in rows]


@dataclass(frozen=True)
class Repeated:
    """The same trouble at one home, and how often within the months of its regulation."""

    last: WorkOrder
    times: int

    @property
    def fault(self) -> str:
        return self.last.get_part_display() or self.last.get_trade_display()


def repeated(found: QuerySet[WorkOrder]) -> list[Repeated]:
    """What was repaired as often as the regulation calls a repetition (S2-A18-8b), by its last
    order, the latest first."""
    same = Q(part=OuterRef("part")) & ~Q(part="") | Q(trade=OuterRef("trade")) & ~Q(trade="")
    before = WorkOrder.objects.filter(same, unit=OuterRef("unit"), pk__lt=OuterRef("pk"))
    rows = found.filter(Exists(before)).exclude(state=orders.CANCELLED)
    lasts: dict[tuple[int | None, str], WorkOrder] = {}
    for order in rows.select_related("case", "assignee").order_by("-opened_at", "-pk"):
        lasts.setdefault((order.unit_id, order.part or order.trade), order)
    counted = (Repeated(each, repeats(each, _rule(each))) for each in lasts.values())
    return [row for row in counted if row.times]


def _rule(order: WorkOrder) -> OrderRule:
    return order_rule(order.case, order.range)


def _name(value: Any) -> str:
    return value.name if value else ""


DAILY: tuple[Column, ...] = (
    Column(_("时间"), 17, lambda order, _reader: order.case.opened_at),
    Column(_("房号"), 18, lambda order, _reader: order.place),
    Column(_("报修人"), 12, lambda order, _reader: order.case.customer_name),
    Column(_("内容"), 40, lambda order, _reader: order.case.text),
    Column(_("接收人"), 12, lambda order, _reader: _name(order.case.contact.received_by)),
    Column(_("对讲通知时间"), 17, lambda order, _reader: order.told_at),
    Column(_("维修单号"), 20, lambda order, _reader: order.number),
    Column(_("维修工"), 12, lambda order, _reader: _name(order.assignee)),
    Column(_("完成"), 17, lambda order, _reader: order.done_at or order.get_state_display()),
)
COMMUNICATIONS: tuple[Column, ...] = (
    Column(_("日期"), 17, lambda order, _reader: order.comm_reported_at),
    Column(_("房号"), 18, lambda order, _reader: order.place),
    Column(_("业户"), 12, lambda order, _reader: order.case.customer_name),
    Column(_("沟通情况"), 60, lambda order, _reader: order.comm_report),
    Column(_("维修单号"), 20, lambda order, _reader: order.number),
    Column(_("汇报人"), 12, lambda order, _reader: _name(order.assignee)),
    Column(_("录入人"), 12, lambda order, _reader: order.typed_by),
)
WORKLOAD: tuple[Column, ...] = (
    Column(_("维修工"), 12, lambda row, _reader: row.name),
    Column(_("完工"), 8, lambda row, _reader: row.finished),
    Column(_("室内"), 8, lambda row, _reader: row.indoor),
    Column(_("公共区域"), 8, lambda row, _reader: row.public),
    Column(_("紧急"), 8, lambda row, _reader: row.urgent),
    Column(_("夜间"), 8, lambda row, _reader: row.night),
    Column(_("工时（小时）"), 10, lambda row, _reader: row.hours),
    Column(_("服务质量"), 10, lambda row, _reader: _mark(row.quality)),
    Column(_("服务态度"), 10, lambda row, _reader: _mark(row.attitude)),
    Column(_("培训案例"), 8, lambda row, _reader: row.training),
    Column(_("未完工"), 8, lambda row, _reader: row.open),
)


REPEATS: tuple[Column, ...] = (
    Column(_("房号"), 18, lambda row, _reader: row.last.place),
    Column(_("部位或工种"), 14, lambda row, _reader: row.fault),
    Column(_("次数"), 8, lambda row, _reader: row.times),
    Column(_("最近报修"), 17, lambda row, _reader: row.last.opened_at),
    Column(_("维修项目"), 30, lambda row, _reader: row.last.title),
    Column(_("维修单号"), 20, lambda row, _reader: row.last.number),
    Column(_("维修工"), 12, lambda row, _reader: _name(row.last.assignee)),
    Column(_("状态"), 10, lambda row, _reader: row.last.get_state_display()),
)


def _mark(value: float | None) -> str:
    return f"{value:.2f}" if value is not None else ""


Rows = list[Any] | QuerySet[WorkOrder]


@dataclass(frozen=True)
class Register:
    """One of the registers: what it lists, by which moment, in which columns."""

    title: Any
    note: Any
    columns: tuple[Column, ...]
    moment: str
    """The field that the days of the filter are about."""
    rows: Callable[[QuerySet[WorkOrder], Q], Rows]
    """Of some orders, and the days that are asked for."""


REGISTERS: dict[str, Register] = {
    "daily": Register(
        _("日常维修记录表"), _("由报修和维修单自动生成"), DAILY, "opened_at",
        lambda found, days: daily(found.filter(days)),
    ),
    "communications": Register(
        _("业户沟通情况一览表"), _("维修工交单时汇报，自动汇总"), COMMUNICATIONS,
        "comm_reported_at", lambda found, days: communications(found.filter(days)),
    ),
    "workload": Register(
        _("维修工作量"), _("只计完工的单；取消和未完工的不计"), WORKLOAD, "done_at", workload
    ),
    "repeats": Register(
        _("重复报修"), _("同一户同一种维修，达到制度所定的次数"), REPEATS, "opened_at",
        lambda found, days: repeated(found.filter(days)),
    ),
}  # fmt: skip


def rows_of(name: str, found: QuerySet[WorkOrder], days: Q) -> Rows:
    """The rows of a register, of the days that are asked for."""
    return REGISTERS[name].rows(found, days)
