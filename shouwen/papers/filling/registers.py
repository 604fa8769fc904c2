"""The ledgers of a month: F-32, F-35, F-36, F-39 and F-44, and how the free services were used
(F-43). Columns follow forms-and-ledgers.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case, JournalEntry
from shouwen.followup.forms import midnight
from shouwen.followup.models import Visit
from shouwen.papers.shapes import Cell, Column, Head, Register
from shouwen.papers.sources import Form, Source
from shouwen.repairs.models import WorkOrder
from shouwen.rules.refused import Refused
from shouwen.services.models import Parcel, ServiceOrder
from shouwen.services.queries import month_of, offered

Row = tuple[Cell, ...]
Period = tuple[datetime, datetime]
#: More rows than anybody prints; a list of that length is for the export.
MOST_ROWS = 2000


@dataclass(frozen=True)
class Ledger:
    """A list that a project keeps, printed month by month."""

    form: Form
    right: str
    columns: tuple[Column, ...]
    rows: Callable[[OrgUnit, Period], Iterable[Row]]


def ledger(kind: Ledger, scope: Scope, project: OrgUnit, month: date) -> Source:
    """Only for who sees the whole project: a narrow role would print a ledger with gaps."""
    if not sees_whole(scope, kind.right, project):
        raise Refused("not-allowed", "您的岗位看不到整个项目的台账，请让客服人员打印。")
    first, following = month_of(month)
    rows = tuple(kind.rows(project, (midnight(first), midnight(following))))
    if len(rows) > MOST_ROWS:
        raise Refused("too-long", f"这个月有 {len(rows)} 行，请在清单中导出 Excel。")
    words = f"{first:%Y-%m}"
    notes = (("项目", project.name), ("期间", words), ("件数", str(len(rows))))
    return Source(
        form=kind.form,
        record=f"{project.code}-{words}",
        project=project,
        url=reverse("papers:papers"),
        fill=lambda head: _sheet(head, kind, rows, notes),
    )


def sees_whole(scope: Scope, right: str, project: OrgUnit) -> bool:
    return any(project.path.startswith(unit.path) for unit in scope.wide(right))


def _sheet(
    head: Head, kind: Ledger, rows: tuple[Row, ...], notes: tuple[tuple[str, str], ...]
) -> Register:
    return Register(head=head, columns=kind.columns, rows=rows, notes=notes)


# --- What stands in them --------------------------------------------------------------------------


def _daily_repairs(project: OrgUnit, period: Period) -> Iterable[Row]:
    """Every repair that was reported, with or without an order (S2-RP-2)."""
    cases = (
        Case.objects.filter(project=project, kind="repair", opened_at__range=_within(period))
        .exclude(status=Case.Status.VOID)
        .select_related("contact__received_by")
        .prefetch_related("orders", "parts")
        .order_by("opened_at", "pk")
    )
    for case in cases:
        orders = list(case.orders.all())
        told = [order.sent_at for order in orders if order.sent_at]
        told += [part.sent_at for part in case.parts.all() if part.lead]
        yield (
            case.opened_at, case.address, case.customer_name, case.title,
            case.contact.received_by.name, min(told, default=None),
            "、".join(order.number for order in orders), case.done_at,
        )  # fmt: skip


def _communication(project: OrgUnit, period: Period) -> Iterable[Row]:
    """What repairers reported of their talk with the customer, and who typed it (S2-RP-12)."""
    orders = (
        WorkOrder.objects.filter(project=project, comm_reported_at__range=_within(period))
        .select_related("case", "assignee")
        .order_by("comm_reported_at", "pk")
    )
    typed = _typed_by(orders)
    for order in orders:
        yield (
            order.comm_reported_at, order.case.address, order.case.customer_name,
            order.comm_report, order.number, order.assignee.name if order.assignee else "",
            typed.get(order.number, ""),
        )  # fmt: skip


def _typed_by(orders: Iterable[WorkOrder]) -> dict[str, str]:
    """By order number, who wrote the report into the journal."""
    entries = JournalEntry.objects.filter(
        case__in=[order.case_id for order in orders], verb="noted", data__tag="communication"
    ).select_related("by")
    return {entry.data.get("order", ""): entry.by.name for entry in entries if entry.by}


def _repair_visits(project: OrgUnit, period: Period) -> Iterable[Row]:
    """What owners said on the return visit, and whether they signed (S2-RP-15)."""
    visits = (
        Visit.objects.filter(project=project, kind="repair", visited_at__range=_within(period))
        .select_related("case", "signature")
        .prefetch_related("case__orders")
        .order_by("visited_at", "pk")
    )
    for visit in visits:
        yield (
            "、".join(order.number for order in visit.case.orders.all()) or visit.case.number,
            visit.case.address, visit.visited_at, visit.opinion, visit.get_result_display(),
            "已签" if visit.signature else visit.no_signature,
        )  # fmt: skip


def _mail(project: OrgUnit, period: Period) -> Iterable[Row]:
    """Mail in and out; given out against a signature (S2-A2-01, S3-4.2-4b)."""
    parcels = Parcel.objects.filter(project=project, received_at__range=_within(period))
    for parcel in parcels.select_related("unit").order_by("received_at", "pk"):
        yield (
            parcel.received_at, parcel.number, parcel.get_kind_display(), parcel.unit.label,
            parcel.person, "" if parcel.outgoing else str(parcel.copies),
            str(parcel.copies) if parcel.outgoing else "", parcel.notified_at,
            _released(parcel), parcel.difference,
        )  # fmt: skip


def _released(parcel: Parcel) -> str:
    """To whom it was given, and that he signed; empty while it lies here."""
    if parcel.released_at is None:
        return ""
    return f"{parcel.released_to}（已签）" if parcel.signature else parcel.tracking


def _free_services(project: OrgUnit, period: Period) -> Iterable[Row]:
    """Every free service that is offered, with each of its uses (S2-A2-00)."""
    used = ServiceOrder.objects.filter(asked_at__range=_within(period)).exclude(state="cancelled")
    uses = Prefetch("orders", used.select_related("case").order_by("asked_at", "pk"))
    for item in offered(project).filter(paid=False).prefetch_related(uses):
        provider = item.partner.name if item.partner else item.provider
        about = (item.code, item.title, item.get_way_display(), provider)
        for order in item.orders.all():
            result = order.result or order.get_state_display()
            yield (*about, order.case.customer_name, order.asked_at, result)
        if not item.orders.all():
            yield (*about, "", "", "")


def _within(period: Period) -> Period:
    """From the first moment to just before the last: BETWEEN counts both of its ends."""
    begins, ends = period
    return begins, ends - datetime.resolution


LEDGERS: dict[str, Ledger] = {
    "daily-repairs": Ledger(
        Form("日常维修记录表", ("daily-repair-register",), signatures=("值班员",)),
        "case.view",
        (
            Column("时间", 1.6), Column("房号", 1.4), Column("报修人"), Column("内容", 3),
            Column("接收人"), Column("对讲通知时间", 1.6), Column("维修单号", 2.1),
            Column("完成", 1.6),
        ),
        _daily_repairs,
    ),
    "communication": Ledger(
        Form("业户沟通情况一览表", ("communication-list",)),
        "case.view",
        (
            Column("日期", 1.6), Column("房号", 1.4), Column("业户"), Column("沟通情况", 4),
            Column("维修单号", 2.1), Column("汇报人"), Column("录入人"),
        ),
        _communication,
    ),
    "repair-visits": Ledger(
        Form("业户日常维修回访记录本", ("repair-visit-book",), signatures=("回访人",)),
        "case.view",
        (
            Column("维修单号", 2.1), Column("房号", 1.4), Column("回访时间", 1.6),
            Column("意见", 4), Column("满意", 1.1), Column("业主签名", 1.6),
        ),
        _repair_visits,
    ),
    "mail": Ledger(
        Form("信报收发记录", ("mail-register", "parcel-register"), ("",), ("信报管理员", "查验人")),
        "estate.view",
        (
            Column("日期", 1.6), Column("单号", 1.9), Column("报刊/邮件"), Column("房号", 1.4),
            Column("收件人", 1.1), Column("收", 0.5, number=True),
            Column("发", 0.5, number=True), Column("通知", 1.6), Column("领取签名", 1.5),
            Column("差异", 1.3),
        ),
        _mail,
    ),
    "free-services": Ledger(
        Form("免费便民服务目录与使用登记", ("free-services",)),
        "estate.view",
        (
            Column("编号", 0.7), Column("项目", 2.4), Column("方式", 1.2), Column("提供方", 1.6),
            Column("客户", 1.2), Column("日期", 1.6), Column("结果", 2),
        ),
        _free_services,
    ),
}  # fmt: skip
