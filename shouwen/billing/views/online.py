"""Paying by a code: shown to the customer at the counter, and watched until the money is there."""

from __future__ import annotations

from http import HTTPStatus

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.billing import queries
from shouwen.billing.actions.online import open_checkout
from shouwen.billing.forms import TakeForm
from shouwen.billing.models import Checkout
from shouwen.billing.providers import provider_for
from shouwen.billing.views.counter import get_unit, unit_page
from shouwen.rules.refused import Refused
from shouwen.web.forms import add_refusal


@require_POST
def scan(request: SignedInRequest, pk: int) -> HttpResponse:
    """A code for the ticked charges. Two codes may both be paid: then one payment is owed back."""
    home = get_unit(request, pk)
    request.scope.require("money.take", home.project)
    charges = list(queries.open_charges(home).select_related("bill", "case", "project"))
    form = TakeForm(request.POST, charges=charges)
    if form.is_valid():
        try:
            row = _opened(request, form)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("billing:checkout", number=row.number)
    return unit_page(request, home, form)


def _opened(request: SignedInRequest, form: TakeForm) -> Checkout:
    name, charges = form.said["method"], form.chosen()
    if not charges:
        raise Refused("no-charge", "请选要收的费用。", field="charges")
    project = charges[0].project
    provider = provider_for(name, project, settings.CONFIG.data)
    notify = request.build_absolute_uri(reverse("billing:notice", args=[name, project.code]))
    return open_checkout(
        charges=charges, name=name, provider=provider, notify_url=notify,
        payer=form.said["payer"], by=request.scope, at=request.at,
    )  # fmt: skip


@require_safe
def checkout(request: SignedInRequest, number: str) -> HttpResponse:
    """The code while it waits; then the payment that it became. The page asks by itself."""
    rows = queries.visible_checkouts(request.scope).select_related("payment", "project")
    row = queries.get(rows, number)
    about = {"checkout": row, "code": _picture(row), "charges": row.charges.select_related("unit")}
    template = "billing/checkout_state.html" if request.htmx else "billing/checkout.html"
    return render(request, template, about, status=HTTPStatus.OK)


def _picture(row: Checkout) -> str:
    if not row.code_url:
        return ""
    drawn = segno.make(row.code_url, error="m").svg_inline(scale=6, border=2)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno, holds no text
