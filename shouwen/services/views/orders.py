"""The register of service orders, one order with its steps, and a new one for a case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.board import Reader
from shouwen.cases.downloads import as_file
from shouwen.cases.export import lines
from shouwen.cases.levels import TITLES, ByLevel
from shouwen.cases.queries import get_case
from shouwen.rules.refused import Refused
from shouwen.services import listing
from shouwen.services.actions import ordering
from shouwen.services.forms.orders import OrderForm
from shouwen.services.models import CatalogueItem, Keepsake, ServiceOrder
from shouwen.services.order_page import OrderPage
from shouwen.services.queries import (
    get_order,
    offered,
    orders_of,
    visible_orders,
    visible_parcels,
)
from shouwen.services.steps import GIVE_BACK, ORDER_STEPS, Step
from shouwen.services.summary import Month, mail, summary
from shouwen.services.views.stepping import Stepping, attaching, form_of, run
from shouwen.web.pieces import Choice, Pager

NAME = "服务需求单"


# --- The register ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked(ByLevel):
    """What the address asks for: whose orders, in which state, with which filters."""

    right: str = "case.view"

    @property
    def state(self) -> str:
        asked = self.request.GET.get("state", "")
        return asked if asked in listing.STATES else "open"

    @cached_property
    def form(self) -> listing.ListForm:
        return listing.ListForm(self.request.GET, self.request.project)

    @cached_property
    def orders(self) -> QuerySet[ServiceOrder]:
        """What the list lists, and its export."""
        request = self.request
        if not self.form.is_valid():
            return ServiceOrder.objects.none()
        seen = visible_orders(request.scope, self.right)
        rows = listing.of_level(seen, self.level, request.scope, request.project)
        return listing.of_state(rows, self.state, request.at).filter(self.form.condition())

    def link(self, **changed: str) -> str:
        """This list again, with something else in its address."""
        now = {name: self.request.GET.get(name, "") for name in self.form.fields}
        asked = {"of": self.level, "state": self.state, **now, **changed}
        return urlencode({name: value for name, value in asked.items() if value})


@require_safe
def orders(request: SignedInRequest) -> HttpResponse:
    """Orders by state, the last asked for on top."""
    request.scope.require("case.view")
    asked = Asked(request)
    rows, more = listing.page_of(asked.orders, request.GET.get("after", ""))
    about = {
        "form": asked.form,
        "rows": [(order, order.is_overdue(request.at)) for order in rows],
        "state": asked.state,
        "level": asked.level,
        "wide": listing.is_wide(asked.level),
        "levels": [
            Choice(str(TITLES[name]), f"?{asked.link(of=name)}", name == asked.level)
            for name in asked.levels
        ],
        "states": [
            Choice(str(title), f"?{asked.link(state=state)}", state == asked.state)
            for state, title in listing.STATES.items()
        ],
        "exports": _exports(asked) if request.scope.can("export") else (),
        "may_summarise": request.scope.can("estate.view"),
        "pager": Pager(
            newer=f"?{asked.link()}" if request.GET.get("after") else "",
            older=f"?{asked.link(after=more)}" if more else "",
        ),
    }
    return render(request, "services/orders.html", about)


def _exports(asked: Asked) -> list[Choice]:
    return [
        Choice(title, f"{reverse('services:export', args=[kind])}?{asked.link()}")
        for title, kind in (("Excel", "xlsx"), ("CSV", "csv"))
    ]


@require_safe
def export(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """The columns of 《服务需求单》 (F-42), the same rows in the same order as on the pages."""
    request.scope.require("export")
    columns, reader = listing.COLUMNS, Reader(request.scope, (), request.at)
    rows = listing.with_outcome(listing.listed(Asked(request, "export").orders))
    cells = lines(rows, columns, reader)
    return as_file(kind, cells, columns, NAME, f"{localtime(request.at):%Y-%m-%d %H%M}")


@require_safe
def month(request: SignedInRequest) -> HttpResponse:
    """What the month came to, service by service (4.4.3e)."""
    request.scope.require("estate.view")
    project = request.project
    if project is None:
        raise Refused("no-project", _("请先选一个项目。"))
    shown = Month.asked(request.GET.get("month", ""), localdate(request.at))
    rows = summary(visible_orders(request.scope).filter(project=project), shown)
    about = {
        "month": shown,
        "rows": rows,
        "charged": sum(row.charged for row in rows),
        "received": sum(row.received for row in rows),
        "mail": mail(visible_parcels(request.scope).filter(project=project), shown),
        "later": shown.next <= localdate(request.at),
        "may_see_money": request.scope.can("money.view", project),
    }
    return render(request, "services/month.html", about)


# --- One order ------------------------------------------------------------------------------------


@require_safe
def order(request: SignedInRequest, number: str) -> HttpResponse:
    found = get_order(request.scope, number)
    page = OrderPage(found, request.scope, request.at)
    form = form_of(request, page.next, found) if page.next else None
    return render(request, "services/order.html", {"page": page, "order": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """Any step of an order."""
    if step not in ORDER_STEPS:
        raise Http404
    found = get_order(request.scope, number)
    return run(request, _stepping(request, ORDER_STEPS[step], found, found))


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """What was taken into our keeping goes back, against a signature."""
    found = get_order(request.scope, number)
    kept = get_object_or_404(Keepsake.objects.select_related("order__item"), pk=pk, order=found)
    return run(request, _stepping(request, GIVE_BACK, kept, found))


def _stepping(request: SignedInRequest, step: Step, record: Any, order: ServiceOrder) -> Stepping:
    return Stepping(
        step, record, order.project, reverse("services:order", args=[order.number]),
        sub=f"{order.item.title} {order.case.address} {order.case.customer_name}",
        crumb=order.number, keep=attaching(request, order.case),
    )  # fmt: skip


# --- For a case -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, number: str) -> HttpResponse:
    """First the service, then what it asks."""
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    items = offered(case.project)
    code = (request.POST or request.GET).get("service", "")
    chosen = items.filter(pk=int(code)).first() if code.isdecimal() else None
    if chosen is None:
        return render(request, "services/choose.html", {"case": case, "items": items})
    making = Step(
        "new", _("开服务需求单"), OrderForm,
        partial(ordering.order, case=case), "item", _always, _("已登记服务需求单"),
    )  # fmt: skip
    back = f"{reverse('cases:case', args=[case.number])}#panel-services"
    asked = Stepping(
        making, chosen, case.project, back, crumb=case.number, hidden={"service": chosen.pk},
        sub=f"{chosen.title} · {case.address} {case.customer_name}",
    )  # fmt: skip
    return run(request, asked)


def _always(item: CatalogueItem) -> bool:
    return True


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The orders of a case; nothing where there are none and none is wanted."""
    case = get_case(request.scope, number)
    found = list(orders_of(case))
    wanted = case.kind == "special-service" and case.is_open
    may_order = case.is_open and request.scope.can("case.work", case.project)
    if not found and not (wanted and may_order):
        return HttpResponse()
    about = {"case": case, "orders": found, "may_order": may_order}
    return render(request, "services/panel.html", about)
