"""Buildings, units and customers, to look at."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.estate import actions, queries
from shouwen.estate.models import Building, Customer, Phone, Unit
from shouwen.estate.views.common import address, here
from shouwen.web.pieces import Pager

UNITS_A_PAGE = 60
BUILDINGS_A_PAGE = 240

Row = TypeVar("Row", bound=Model)


def today(request: SignedInRequest) -> date:
    return localtime(request.at).date()


@require_safe
def units(request: SignedInRequest) -> HttpResponse:
    """The buildings; the units of one; or whoever and whatever a search finds."""
    project = here(request, "estate.view")
    about: dict[str, object] = {
        "project": project,
        "may_edit": request.scope.can("estate.edit", project),
        "may_import": request.scope.can("estate.import", project),
    }
    text = request.GET.get("q", "").strip()[:100]
    if text:
        found = queries.find_callers(request.scope, text, on=today(request), project=project)
        return render(request, "estate/found.html", {**about, "text": text, "found": found})
    buildings = queries.visible_buildings(request.scope).filter(project=project)
    chosen = request.GET.get("building", "")
    if chosen.isdigit():
        return _building(request, get_object_or_404(buildings, pk=int(chosen)), about)
    return _buildings(request, buildings, about)


def _buildings(
    request: SignedInRequest, buildings: QuerySet[Building], about: dict[str, object]
) -> HttpResponse:
    """Sorted as people count: 2幢 before 10幢."""
    ordered: QuerySet[Any] = buildings.annotate(long=Length("key")).order_by("long", "key")
    after = request.GET.get("after", "")
    if after.isdigit() and (last := buildings.filter(pk=int(after)).first()):
        long = len(last.key)
        ordered = ordered.filter(Q(long__gt=long) | Q(long=long, key__gt=last.key))
    shown, more = _page(ordered, BUILDINGS_A_PAGE)
    older = f"?{urlencode({'after': shown[-1].pk})}" if more else ""
    return render(
        request, "estate/buildings.html", {**about, "buildings": shown, "pager": Pager(older=older)}
    )


def _building(
    request: SignedInRequest, building: Building, about: dict[str, object]
) -> HttpResponse:
    """Sorted as people count: 2单元 before 10单元, 501 before 1001."""
    ordered: QuerySet[Any] = building.units.annotate(
        long=Length("entrance"), wide=Length("room")
    ).order_by("long", "entrance", "wide", "room", "pk")
    after = request.GET.get("after", "")
    if after.isdigit() and (last := building.units.filter(pk=int(after)).first()):
        ordered = _behind(ordered, last)
    shown, more = _page(ordered, UNITS_A_PAGE)
    older = f"?{urlencode({'building': building.pk, 'after': shown[-1].pk})}" if more else ""
    living = queries.living_in(shown, today(request))
    rows = [(unit, living.get(unit.pk, [])) for unit in shown]
    about |= {"building": building, "rows": rows, "pager": Pager(older=older)}
    return render(request, "estate/units.html", about)


def _behind(units: QuerySet[Any], last: Unit) -> QuerySet[Any]:
    """The units after this one, in the order of the list."""
    entrance, room = (len(last.entrance), last.entrance), (len(last.room), last.room)
    return units.filter(
        Q(long__gt=entrance[0])
        | Q(long=entrance[0], entrance__gt=entrance[1])
        | Q(entrance=entrance[1], wide__gt=room[0])
        | Q(entrance=entrance[1], wide=room[0], room__gt=room[1])
        | Q(entrance=entrance[1], room=room[1], pk__gt=last.pk)
    )


def _page(found: QuerySet[Row], size: int) -> tuple[list[Row], bool]:
    """The first of what was found, and whether there is more."""
    rows = list(found[: size + 1])
    return rows[:size], len(rows) > size


@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One home: who lives there, who did, what is going on, its cases."""
    found = get_object_or_404(
        queries.visible_units(request.scope).select_related("building", "project"), pk=pk
    )
    about = {
        "unit": found,
        "about": _facts(found),
        "people": queries.people_of(found, today(request)),
        "before": queries.people_before(found, today(request)),
        "notices": queries.notices_for(found, request.at),
        "may_edit": request.scope.can("estate.edit", found.project),
        "cases_url": address("cases:unit-panel", found.pk),
    }
    return render(request, "estate/unit.html", about)


def _facts(unit: Unit) -> list[tuple[str, object]]:
    return [
        (_("楼栋"), unit.building.name),
        (_("楼层"), unit.floor),
        (_("建筑面积"), unit.area and f"{unit.area} ㎡"),
        (_("用途"), unit.use),
        (_("状态"), unit.state),
        (_("交付日期"), unit.handed_over_on and unit.handed_over_on.isoformat()),
        (_("备注"), unit.note),
    ]


@require_safe
def customer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _customer_page(request, _customer(request, pk))


def _customer(request: SignedInRequest, pk: int) -> Customer:
    return get_object_or_404(
        queries.visible_customers(request.scope).select_related("project"), pk=pk
    )


def _customer_page(
    request: SignedInRequest, found: Customer, shown: Phone | None = None
) -> HttpResponse:
    """`shown` is the one number that was just asked for."""
    about = {
        "customer": found,
        "phones": list(found.phones.order_by("pk")),
        "shown": shown,
        "homes": queries.homes_of(found),
        "today": today(request),
        "may_edit": request.scope.can("estate.edit", found.project),
        "may_unmask": request.scope.can("personal.unmask", found.project),
    }
    return render(request, "estate/customer.html", about)


@require_POST
def reveal_phone(request: SignedInRequest, pk: int) -> HttpResponse:
    """The number; the page around it, unless only the number was asked for. It is written down."""
    phone = get_object_or_404(
        Phone.objects.select_related("customer", "project").filter(
            customer__in=queries.visible_customers(request.scope)
        ),
        pk=pk,
    )
    actions.reveal_phone(phone=phone, by=request.scope, at=request.at)
    if request.htmx:
        may_edit = request.scope.can("estate.edit", phone.project)
        about = {"phone": phone, "shown": phone, "may_edit": may_edit}
        return render(request, "estate/phone.html", about)
    return _customer_page(request, _customer(request, phone.customer_id), phone)
