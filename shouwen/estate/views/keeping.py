"""Buildings, units and customers, to change."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.context import SignedInRequest
from shouwen.estate import actions, queries
from shouwen.estate.forms import (
    BuildingForm,
    CustomerForm,
    MoveInForm,
    MoveOutForm,
    PhoneForm,
    RenameBuildingForm,
    UnitForm,
)
from shouwen.estate.models import Building, Customer, Occupancy, Phone, Unit
from shouwen.estate.views.common import form_page, here, saved, sent
from shouwen.web.done import done

EDIT = "estate.edit"
form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def add_building(request: SignedInRequest) -> HttpResponse:
    project = here(request, EDIT)
    form = BuildingForm(sent(request))
    made: list[Building] = []
    if saved(
        request,
        form,
        lambda: made.append(
            actions.create_building(
                project=project, by=request.scope, at=request.at, **form.cleaned_data
            )
        ),
    ):
        done(request, _("已添加%(name)s。") % {"name": made[0].name}, form="building")
        return _to_building(made[0])
    return form_page(request, "estate/add_building.html", form, project=project)


@form_view
def rename_building(request: SignedInRequest, pk: int) -> HttpResponse:
    building = _building(request, pk)
    form = RenameBuildingForm(sent(request), initial={"name": building.name})
    if saved(
        request,
        form,
        lambda: actions.rename_building(
            building=building, by=request.scope, at=request.at, **form.cleaned_data
        ),
    ):
        done(request, _("已改名。"), form="building")
        return _to_building(building)
    return form_page(request, "estate/rename_building.html", form, building=building)


@form_view
def add_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    building = _building(request, pk)
    form = UnitForm(sent(request))
    made: list[Unit] = []
    if saved(
        request,
        form,
        lambda: made.append(
            actions.create_unit(
                building=building, by=request.scope, at=request.at, **form.cleaned_data
            )
        ),
    ):
        done(request, _("已添加%(name)s。") % {"name": made[0].label}, form="unit")
        return redirect("estate:unit", made[0].pk)
    return form_page(request, "estate/add_unit.html", form, building=building)


@form_view
def edit_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    form = UnitForm.of(unit, sent(request))
    if saved(
        request,
        form,
        lambda: actions.change_unit(
            unit=unit, by=request.scope, at=request.at, **form.cleaned_data
        ),
    ):
        done(request, _("已保存。"), form="unit")
        return redirect("estate:unit", unit.pk)
    return form_page(request, "estate/edit_unit.html", form, unit=unit)


@form_view
def move_in(request: SignedInRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    form = MoveInForm(sent(request))
    if saved(
        request,
        form,
        lambda: actions.welcome(unit=unit, by=request.scope, at=request.at, **form.cleaned_data),
    ):
        done(request, _("已登记入住。"), form="move-in")
        return redirect("estate:unit", unit.pk)
    return form_page(request, "estate/move_in.html", form, unit=unit)


@form_view
def move_out(request: SignedInRequest, pk: int) -> HttpResponse:
    ties = Occupancy.objects.filter(unit__in=queries.visible_units(request.scope))
    tie = get_object_or_404(ties.select_related("unit__project", "customer"), pk=pk)
    request.scope.require(EDIT, tie.unit.project)
    form = MoveOutForm(sent(request))
    if saved(
        request,
        form,
        lambda: actions.move_out(
            occupancy=tie, by=request.scope, at=request.at, **form.cleaned_data
        ),
    ):
        done(request, _("已登记迁出。"))
        return redirect("estate:unit", tie.unit_id)
    return form_page(request, "estate/move_out.html", form, tie=tie, unit=tie.unit)


@form_view
def edit_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    form = CustomerForm.of(customer, sent(request))
    if saved(request, form, lambda: _keep_customer(request, customer, form)):
        done(request, _("已保存。"), form="customer")
        return redirect("estate:customer", customer.pk)
    return form_page(request, "estate/edit_customer.html", form, customer=customer)


def _keep_customer(request: SignedInRequest, customer: Customer, form: CustomerForm) -> None:
    """One form, three verbs: what a visitor must know has its own."""
    about = dict(form.cleaned_data)
    actions.set_care(customer=customer, care=about.pop("care"), by=request.scope, at=request.at)
    actions.set_restriction(
        customer=customer, restriction=about.pop("restriction"), by=request.scope, at=request.at
    )
    actions.change_customer(customer=customer, by=request.scope, at=request.at, **about)


@form_view
def add_phone(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    form = PhoneForm(sent(request))
    if saved(
        request,
        form,
        lambda: actions.add_phone(
            customer=customer, by=request.scope, at=request.at, **form.cleaned_data
        ),
    ):
        done(request, _("已添加电话。"), form="phone")
        return redirect("estate:customer", customer.pk)
    return form_page(request, "estate/add_phone.html", form, customer=customer)


@require_POST
def remove_phone(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = queries.visible_customers(request.scope)
    phones = Phone.objects.filter(customer__in=visible).select_related("project")
    phone = get_object_or_404(phones, pk=pk)
    actions.remove_phone(phone=phone, by=request.scope, at=request.at)
    done(request, _("已删去这个电话。"))
    return redirect("estate:customer", phone.customer_id)


def _building(request: SignedInRequest, pk: int) -> Building:
    buildings = queries.visible_buildings(request.scope).select_related("project")
    building = get_object_or_404(buildings, pk=pk)
    request.scope.require(EDIT, building.project)
    return building


def _unit(request: SignedInRequest, pk: int) -> Unit:
    units = queries.visible_units(request.scope).select_related("building", "project")
    unit = get_object_or_404(units, pk=pk)
    request.scope.require(EDIT, unit.project)
    return unit


def _customer(request: SignedInRequest, pk: int) -> Customer:
    customers = queries.visible_customers(request.scope).select_related("project")
    customer = get_object_or_404(customers, pk=pk)
    request.scope.require(EDIT, customer.project)
    return customer


def _to_building(building: Building) -> HttpResponse:
    return redirect("estate:units", query={"building": building.pk})
