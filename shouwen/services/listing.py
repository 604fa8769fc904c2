"""The register of service orders (《服务需求单》): who sees which, and as a file (F-42)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.billing.models import Charge
from shouwen.cases.export import Column
from shouwen.cases.levels import WIDE
from shouwen.cases.models import JournalEntry
from shouwen.rules import services as rules
from shouwen.services.forms.asking import day
from shouwen.services.models import CatalogueItem, ServiceOrder

PAGE = 50
STATES = {
    "open": _("待办"),
    "overdue": _("超过约定"),
    "subscriptions": _("订阅"),
    "done": _("已办结"),
    "cancelled": _("已取消"),
}
RESULTS = {"satisfied": _("满意"), "partly": _("部分解决"), "unsatisfied": _("不满意")}


def of_state(orders: QuerySet[ServiceOrder], state: str, at: datetime) -> QuerySet[ServiceOrder]:
    """The orders under one of the tabs."""
    match state:
        case "overdue":
            return orders.filter(state__in=rules.OPEN, due_at__lt=at)
        case "subscriptions":
            return orders.filter(state=rules.DONE, ends_on__gte=localdate(at))
        case "done" | "cancelled":
            return orders.filter(state=state)
        case _:
            return orders.filter(state__in=rules.OPEN)


def of_level(
    orders: QuerySet[ServiceOrder], name: str, scope: Scope, project: OrgUnit | None
) -> QuerySet[ServiceOrder]:
    """Mine are those that I carry out, and those of the cases that I own."""
    if name == "mine" or project is None:
        return orders.filter(Q(staff=scope.staff) | Q(case__owner=scope.staff))
    place: dict[str, Any] = {"project": project.pk, "company": project.company_id}
    return orders.filter(**{f"{name}_id": place.get(name, project.group_id)})


def is_wide(name: str) -> bool:
    """Whether rows of several projects stand side by side."""
    return name in WIDE


def page_of(orders: QuerySet[ServiceOrder], after: str) -> tuple[list[ServiceOrder], str]:
    """One page, the last asked for first, and the key of the next ("" at the end)."""
    text, _underscore, pk = after.partition("_")
    if (at := _moment(text)) and pk.isdecimal():
        orders = orders.filter(Q(asked_at__lt=at) | Q(asked_at=at, pk__lt=int(pk)))
    rows = list(listed(orders)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], f"{last.asked_at.timestamp():.6f}_{last.pk}" if last else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


def listed(orders: QuerySet[ServiceOrder]) -> QuerySet[ServiceOrder]:
    """Every row that the list shows, in its order."""
    related = ("item", "case", "unit", "customer", "staff", "partner", "project")
    return orders.select_related(*related).order_by("-asked_at", "-pk")


class ListForm(forms.Form):
    """What the list is narrowed to. The period is that of the request."""

    item = forms.ModelChoiceField(
        CatalogueItem.objects.none(), label=_("服务项目"), required=False, empty_label=_("服务项目")
    )
    room = forms.CharField(
        label=_("房号"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("房号")}),
    )  # fmt: skip
    since = day(_("从"), required=False)
    until = day(_("到"), required=False)

    def __init__(self, data: Any, project: OrgUnit | None) -> None:
        super().__init__(data, auto_id="filter-%s")
        if project:
            items = CatalogueItem.objects.filter(project=project)
            self.fields["item"].queryset = items  # type: ignore[attr-defined] # a ModelChoiceField
        for field in self.fields.values():
            own = "form-select" if isinstance(field, forms.ModelChoiceField) else "form-control"
            field.widget.attrs |= {"class": own, "aria-label": str(field.label)}

    def condition(self) -> Q:
        told, found = self.cleaned_data, Q()
        if told["item"]:
            found &= Q(item=told["item"])
        if told["room"]:
            found &= Q(unit__label__icontains=told["room"]) | Q(
                case__address__icontains=told["room"]
            )
        if told["since"]:
            found &= Q(asked_at__gte=_midnight(told["since"]))
        if told["until"]:
            found &= Q(asked_at__lt=_midnight(told["until"] + timedelta(days=1)))
        return found

    @property
    def is_set(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


def _midnight(on: Any) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=get_current_timezone())


# --- As a file ------------------------------------------------------------------------------------


def with_outcome(orders: QuerySet[ServiceOrder]) -> QuerySet[Any]:
    """With what became of the money and of the return visit."""
    charges = Charge.objects.filter(case=OuterRef("case"), subject=OuterRef("number"))
    standing = charges.exclude(state=Charge.State.CANCELLED).order_by("-pk")
    visits = JournalEntry.objects.filter(case=OuterRef("case"), verb="visited").order_by("-seq")
    return orders.annotate(
        charged=Subquery(standing.values("amount")[:1]),
        paid=Subquery(standing.values("paid")[:1]),
        bill_number=Subquery(standing.values("bill__number")[:1]),
        visited_at=Subquery(visits.values("at")[:1]),
        visit_result=Subquery(visits.values(said=KT("data__result"))[:1]),
    )


def _yuan(value: Decimal | None) -> str:
    return f"{value:.2f}" if value is not None else ""


COLUMNS: tuple[Column, ...] = (
    Column(_("单号"), 20, lambda order, _reader: order.number),
    Column(_("项目名称"), 14, lambda order, _reader: order.project.name),
    Column(_("客户"), 12, lambda order, _reader: order.case.customer_name),
    Column(_("房号"), 18, lambda order, _reader: order.case.address),
    Column(_("服务项目"), 20, lambda order, _reader: f"{order.item.code} {order.item.title}"),
    Column(_("子项"), 12, lambda order, _reader: order.sub),
    Column(_("登记时间"), 17, lambda order, _reader: order.asked_at),
    Column(_("方案"), 40, lambda order, _reader: order.plan),
    Column(_("价格"), 10, lambda order, _reader: _yuan(order.price)),
    Column(_("确认人"), 12, lambda order, _reader: order.confirmed_name),
    Column(_("确认时间"), 17, lambda order, _reader: order.confirmed_at),
    Column(_("服务人员"), 12, lambda order, _reader: order.staff.name if order.staff else ""),
    Column(_("商家"), 16, lambda order, _reader: order.partner.name if order.partner else ""),
    Column(_("状态"), 10, lambda order, _reader: order.get_state_display()),
    Column(_("完成时间"), 17, lambda order, _reader: order.done_at),
    Column(_("结果"), 12, lambda order, _reader: order.result),
    Column(_("费用"), 10, lambda order, _reader: _yuan(order.charged)),
    Column(_("已收"), 10, lambda order, _reader: _yuan(order.paid)),
    Column(_("账单号"), 20, lambda order, _reader: order.bill_number or ""),
    Column(_("回访时间"), 17, lambda order, _reader: order.visited_at),
    Column(_("满意度"), 10, lambda order, _reader: str(RESULTS.get(order.visit_result, ""))),
)
