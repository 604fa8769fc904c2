"""The catalogue with its partners, and the hours of the air conditioning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.accounts.models import OrgUnit
from shouwen.pricing.models import PriceItem
from shouwen.pricing.queries import effective_edition
from shouwen.services.actions.catalogue import seed_catalogue
from shouwen.services.actions.supplying import remove_hours
from shouwen.services.forms.frontdesk import WEEKDAYS
from shouwen.services.models import CatalogueItem, SupplyHours
from shouwen.services.queries import SEE, service_rules, visible_items, visible_partners
from shouwen.services.steps import ADD_PARTNER, KEEP_ITEM, SET_HOURS, Step
from shouwen.services.views.stepping import Stepping, run
from shouwen.web.done import done


@require_safe
def catalogue(request: SignedInRequest) -> HttpResponse:
    """Every service: number, way, provider, price; and how often it was asked for this year."""
    request.scope.require(SEE)
    project = project_of(request)
    items = visible_items(request.scope).filter(project=project).select_related("partner")
    about = {
        "items": _priced(items.annotate(uses=Count("orders")), _prices(project, request.at)),
        "partners": visible_partners(request.scope).filter(project=project),
        "may_manage": request.scope.can("service.manage", project),
        "wanting": len(service_rules(project, request.at)) - items.count(),
    }
    return render(request, "services/catalogue.html", about)


def _priced(items: Iterable[CatalogueItem], prices: Mapping[str, PriceItem]) -> list[CatalogueItem]:
    """Each with its price in words: 0 for the free ones."""
    found = list(items)
    for item in found:
        listed = prices.get(item.price_item)
        item.price = (listed.band.words if listed else _("协商")) if item.paid else "0"  # type: ignore[attr-defined] # for the page
    return found


def _prices(project: OrgUnit, at: datetime) -> dict[str, PriceItem]:
    """What is in force for the paid ones, by code."""
    edition = effective_edition(project, "special", at)
    return {item.code: item for item in edition.items.all()} if edition else {}


@require_POST
def seed(request: SignedInRequest) -> HttpResponse:
    """Take what the regulations name into the catalogue."""
    found = seed_catalogue(project=project_of(request), by=request.scope, at=request.at)
    done(request, _("目录已按制度更新，共 {n} 项").format(n=len(found)))
    return redirect("services:catalogue")


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who does a service, and whether it is offered."""
    rows = visible_items(request.scope).select_related("project")
    found = get_object_or_404(rows, pk=pk)
    return run(request, _kept(KEEP_ITEM, found, found.project, f"{found.code} {found.title}"))


@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: SignedInRequest) -> HttpResponse:
    project = project_of(request)
    return run(request, _kept(ADD_PARTNER, project, project, project.name))


def _kept(step: Step, record: object, project: OrgUnit, sub: str) -> Stepping:
    back = reverse("services:catalogue")
    return Stepping(step, record, project, back, sub=sub, crumb=_("服务目录"))


# --- The air conditioning -------------------------------------------------------------------------


@require_safe
def hours(request: SignedInRequest) -> HttpResponse:
    """When the air conditioning runs by itself, and what an hour beyond costs (S2-W-5)."""
    request.scope.require(SEE)
    project = project_of(request)
    rows = SupplyHours.objects.filter(project=project).select_related("building")
    overtime = [
        (item, _prices(project, request.at).get(item.price_item))
        for item in CatalogueItem.objects.filter(project=project, active=True, paid=True)
        if item.asks("begins_at")
    ]
    about = {
        "rows": [(row, "、".join(WEEKDAYS[day] for day in row.weekdays)) for row in rows],
        "overtime": overtime,
        "may_manage": request.scope.can("service.manage", project),
    }
    return render(request, "services/hours.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def add_hours(request: SignedInRequest) -> HttpResponse:
    project = project_of(request)
    back = reverse("services:hours")
    asked = Stepping(SET_HOURS, project, project, back, sub=project.name, crumb=_("空调供应时间"))
    return run(request, asked)


@require_POST
def drop_hours(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SupplyHours.objects.filter(request.scope.on(SEE)), pk=pk)
    remove_hours(hours=found, by=request.scope, at=request.at)
    done(request, _("已删除供应时间"))
    return redirect("services:hours")
