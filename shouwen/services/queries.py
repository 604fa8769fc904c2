"""Reads of the services: who sees which orders, mail and mandates, and what a month came to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, localtime

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.adoption.actions import footing
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.rules import services as rules
from shouwen.rules.paid_kinds import ServiceItem
from shouwen.rules.regulation import Regulation
from shouwen.rules.services import Supply, overtime
from shouwen.services.models import (
    CatalogueItem,
    Mandate,
    Parcel,
    Partner,
    ServiceOrder,
    SupplyHours,
)

#: Who works at the desk sees catalogue, mail and mandates; a repairer sees his orders.
SEE = "estate.view"
_ORDER = ("case__project", "case__owner", "item", "unit", "customer", "staff", "partner", "project")


# --- The catalogue --------------------------------------------------------------------------------


def service_rules(project: OrgUnit, at: datetime) -> list[tuple[Regulation, ServiceItem]]:
    """The services that the project's regulations name now."""
    return footing(project, at).rulebook.all("service_item")


def visible_items(scope: Scope) -> QuerySet[CatalogueItem]:
    return CatalogueItem.objects.filter(scope.on(SEE))


def offered(project: OrgUnit) -> QuerySet[CatalogueItem]:
    """What may be ordered."""
    return CatalogueItem.objects.filter(project=project, active=True).select_related("partner")


def visible_partners(scope: Scope) -> QuerySet[Partner]:
    return Partner.objects.filter(scope.on(SEE))


# --- Orders ---------------------------------------------------------------------------------------


def visible_orders(scope: Scope, right: str = "case.view") -> QuerySet[ServiceOrder]:
    """Orders of the units reached whole, those one carries out, and those of cases one may see."""
    if not scope.can(right):
        return ServiceOrder.objects.none()
    condition = scope.on(right) | Q(staff=scope.staff)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return ServiceOrder.objects.filter(scope.inside(), condition)


def get_order(scope: Scope, number: str) -> ServiceOrder:
    """The order, or the same refusal whether it is unknown or not theirs to see."""
    rows = visible_orders(scope).select_related(*_ORDER)
    return found(rows, "没有找到这张服务需求单，请核对单号。", number=number)


def orders_of(case: Case) -> QuerySet[ServiceOrder]:
    return case.service_orders.select_related("item", "staff").order_by("pk")


def papers_of(order: ServiceOrder) -> dict[str, bool]:
    """The papers that the customer hands in (资料清单), and whether we were given each: as the
    regulation says that the case was opened under."""
    item = order.item
    if not item.asks("documents"):
        return {}
    named = rulebook(order.case.rulebook_id).all("service_item")
    wanted = next((rule.papers for at, rule in named if _is(item, at, rule)), ())
    taken = set(order.keepsakes.values_list("name", flat=True))
    return {paper: paper in taken for paper in wanted}


def _is(item: CatalogueItem, regulation: Regulation, rule: ServiceItem) -> bool:
    return (item.regulation, item.code) == (regulation.id, rule.code)


def overdue(orders: QuerySet[ServiceOrder], at: datetime) -> QuerySet[ServiceOrder]:
    """Not given back or delivered when it was promised."""
    return orders.filter(state__in=rules.OPEN, due_at__lt=at)


def subscriptions(orders: QuerySet[ServiceOrder], at: datetime) -> QuerySet[ServiceOrder]:
    """Those that run, by the day on which they end."""
    placed = orders.filter(state=rules.DONE, ends_on__gte=localdate(at))
    return placed.select_related(*_ORDER).order_by("ends_on", "pk")


# --- The front desk -------------------------------------------------------------------------------


def visible_parcels(scope: Scope, right: str = SEE) -> QuerySet[Parcel]:
    return Parcel.objects.filter(scope.on(right))


def get_parcel(scope: Scope, number: str) -> Parcel:
    related = ("unit", "project", "received_by", "released_by")
    rows = visible_parcels(scope).select_related(*related)
    return found(rows, "没有找到这件信报，请核对登记号。", number=number)


def supply_of(project: OrgUnit, building: int | None = None) -> list[SupplyHours]:
    """The hours of a building, else those of the whole project."""
    rows = list(SupplyHours.objects.filter(project=project).select_related("building"))
    own = [row for row in rows if building and row.building_id == building]
    return own or [row for row in rows if row.building_id is None]


def overtime_hours(order: ServiceOrder) -> Decimal:
    """Hours that an order asks for beyond the supply of its building: what its fee is for."""
    begins, ends = (order.details.get(name) for name in ("begins_at", "ends_at"))
    if not begins or not ends:
        return Decimal(0)
    supplied = supply_of(order.project, order.unit.building_id if order.unit else None)
    return overtime(
        localtime(datetime.fromisoformat(begins)),
        localtime(datetime.fromisoformat(ends)),
        [_supply(row) for row in supplied],
    )


def _supply(row: SupplyHours) -> Supply:
    return Supply(tuple(int(day) - 1 for day in row.weekdays), row.since, row.until)


# --- Letting and selling --------------------------------------------------------------------------


def visible_mandates(scope: Scope, right: str = SEE) -> QuerySet[Mandate]:
    return Mandate.objects.filter(scope.on(right))


def get_mandate(scope: Scope, number: str) -> Mandate:
    related = ("unit", "owner", "project", "by", "order__case__project")
    rows = visible_mandates(scope).select_related(*related)
    return found(rows, "没有找到这份租售委托，请核对委托号。", number=number)


def month_of(day: date) -> tuple[date, date]:
    """The first day of its month, and of the next."""
    first = day.replace(day=1)
    year, month = divmod(first.year * 12 + first.month, 12)
    return first, date(year, month + 1, 1)
