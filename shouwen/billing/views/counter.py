"""收款台: find a home or an order, see what is owed, take the money; and the fragments that the
pages of a case, of a home and of the desk show."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.billing import queries
from shouwen.billing.actions.charging import charge as charge_
from shouwen.billing.actions.clearing import clear as clear_
from shouwen.billing.actions.clearing import hand_over as hand_over_
from shouwen.billing.actions.paying import take_payment
from shouwen.billing.forms import ChargeForm, ClearForm, HandOverForm, TakeForm
from shouwen.billing.models import Account, Charge
from shouwen.billing.providers import PROVIDERS, has_account
from shouwen.billing.views.doing import acted
from shouwen.cases.queries import get_case
from shouwen.estate.models import Unit
from shouwen.estate.queries import find_callers
from shouwen.rules.money import ZERO, yuan
from shouwen.rules.refused import Refused
from shouwen.web.done import done

#: Of open charges and of what was paid, a page shows so many, the latest first.
SHOWN = 50


def here(request: SignedInRequest, right: str = "money.view") -> OrgUnit:
    """The current project, where the right must be held."""
    request.scope.require(right, request.project)
    if request.project is None:
        raise Refused("no-project", "您还没有可以看的项目，请联系系统管理员。")
    return request.project


# --- The counter ----------------------------------------------------------------------------------


@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """Who wants to pay: by room, phone, name, or the number of a case, order, charge or bill."""
    project = here(request)
    text = request.GET.get("q", "").strip()[:100]
    charges = queries.visible_charges(request.scope).filter(project=project)
    if text and (found := _numbered(charges, text)):
        return redirect("billing:charge", number=found.number)
    homes = _homes(request, project, text) if text else []
    if len(homes) == 1:
        return redirect("billing:unit", pk=homes[0].pk)
    owed = charges.filter(state__in=Charge.OWED).select_related("unit", "customer", "case")
    about = {
        "text": text,
        "homes": [(home, queries.balance(home)) for home in homes],
        "charges": owed.order_by("-at", "-pk")[:SHOWN],
        "figures": _figures(request, project),
    }
    return render(request, "billing/desk.html", about)


def _numbered(charges: QuerySet[Charge], text: str) -> Charge | None:
    """The one charge that a number leads to; of several, the one still owed."""
    number = text.upper()
    named = charges.filter(
        Q(number=number) | Q(subject=number) | Q(case__number=number) | Q(bill__number=number)
    )
    owed = named.filter(state__in=Charge.OWED).order_by("at").first()
    return owed or named.order_by("-at").first()


def _homes(request: SignedInRequest, project: OrgUnit, text: str) -> list[Unit]:
    callers = find_callers(request.scope, text, on=localdate(request.at), project=project)
    return list({caller.unit.pk: caller.unit for caller in callers if caller.unit}.values())


def _figures(request: SignedInRequest, project: OrgUnit) -> dict[str, str]:
    kinds = Account.Kind
    today = localtime(request.at).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = queries.visible_payments(request.scope).filter(project=project, at__gte=today)
    return {
        "owed": yuan(queries.account_balance(project, kinds.RECEIVABLE)),
        "today": yuan(taken.aggregate(sum=Sum("amount"))["sum"] or ZERO),
        "till": yuan(queries.account_balance(project, kinds.TILL)),
        "hands": yuan(queries.account_balance(project, kinds.HAND)),
    }


def get_unit(request: SignedInRequest, pk: int) -> Unit:
    found = Unit.objects.filter(request.scope.on("money.view"), pk=pk)
    unit = found.select_related("project", "building").first()
    if unit is None:
        raise Refused("not-found", "没有找到这套房屋。")
    return unit


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a home owes and has paid; ticked charges are paid from here."""
    home = get_unit(request, pk)
    charges = list(queries.open_charges(home).select_related("bill", "case", "project"))
    form = TakeForm(request.POST or None, charges=charges)
    if request.method == "POST":
        request.scope.require("money.take", home.project)
        if answer := acted(request, form, lambda: take(request, form)):
            done(request, _("已收款 {number}").format(number=answer["number"]))
            return redirect("billing:payment", number=answer["number"])
    return unit_page(request, home, form)


def take(request: SignedInRequest, form: TakeForm) -> str:
    """The payment that a form asks for; no amount means all that is ticked."""
    said, charges = form.said, form.chosen()
    said["amount"] = said["amount"] or queries.owed(charges)
    return take_payment(charges=charges, by=request.scope, at=request.at, **said).number


def unit_page(
    request: SignedInRequest, home: Unit, form: TakeForm, handing: HandOverForm | None = None
) -> HttpResponse:
    payments = home.payments.select_related("taken_by", "held_by").prefetch_related("receipts")
    about = {
        "unit": home,
        "form": form,
        "handing": handing or HandOverForm(initial={"on": localdate(request.at)}),
        "balance": queries.balance(home),
        "due_back": queries.due_back(home),
        "payments": payments.order_by("-at", "-pk")[:SHOWN],
        "bills": home.bills.order_by("-issued_at")[:12],
        "clearance": home.clearances.select_related("by").first(),
        "may_take": request.scope.can("money.take", home.project),
        "scan_url": reverse("billing:scan", args=[home.pk]) if _takes_codes(home) else "",
    }
    wrong = form.errors or (handing and handing.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "billing/unit.html", about, status=status)


def _takes_codes(home: Unit) -> bool:
    """Whether the project has an account with any payment provider."""
    return any(has_account(name, home.project, settings.CONFIG.data) for name in PROVIDERS)


@require_http_methods(["GET", "HEAD", "POST"])
def new_charge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Something that a home owes and no order has charged."""
    home = get_unit(request, pk)
    request.scope.require("money.take", home.project)
    form = ChargeForm(request.POST or None)
    if request.method == "POST":

        def charged() -> str:
            return charge_(
                case=None, unit=home, title=form.said["title"], collect=form.said["collect"],
                lines=form.lines(), by=request.scope, at=request.at,
            ).number  # fmt: skip

        if answer := acted(request, form, charged):
            done(request, _("已计费 {number}").format(number=answer["number"]))
            return redirect("billing:unit", pk=home.pk)
    return _form(request, "billing/new_charge.html", form, unit=home)


@require_http_methods(["GET", "HEAD", "POST"])
def clear(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nothing owed before the keys are given (S2-A12-2b)."""
    home = get_unit(request, pk)
    request.scope.require("money.take", home.project)
    form = ClearForm(request.POST or None)
    if request.method == "POST":
        cleared = lambda: str(  # noqa: E731 - one act, tried below
            clear_(unit=home, by=request.scope, at=request.at, **form.said).pk
        )
        if acted(request, form, cleared):
            done(request, _("已办理费用清缴"))
            return redirect("billing:unit", pk=home.pk)
    return _form(
        request, "billing/clear.html", form, unit=home, balance=queries.balance(home),
        may_override=request.scope.can("money.approve", home.project),
    )  # fmt: skip


@require_POST
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """The keys are given, once nothing is owed (S2-A12-2b)."""
    home = get_unit(request, pk)
    request.scope.require("money.take", home.project)
    form = HandOverForm(request.POST)
    given = lambda: str(  # noqa: E731 - one act, tried below
        hand_over_(unit=home, by=request.scope, at=request.at, **form.said).pk
    )
    if acted(request, form, given):
        done(request, _("已登记交楼"))
        return redirect("billing:unit", pk=home.pk)
    return unit_page(request, home, TakeForm(charges=list(queries.open_charges(home))), form)


def _form(request: SignedInRequest, template: str, form: Any, **about: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **about}, status=status)


# --- What other pages show ------------------------------------------------------------------------


@require_safe
def panel(request: SignedInRequest, number: str) -> HttpResponse:
    """What a case costs and what of it is paid, for its page; nothing when it costs nothing."""
    case = get_case(request.scope, number)
    charges = queries.charges_of(case).prefetch_related(
        "lines", "allocations__payment__receipts", "allocations__payment__held_by"
    )
    if not (rows := list(charges)):
        return HttpResponse()
    about = {
        "charges": rows,
        "owed": queries.owed(rows),
        "may_open": request.scope.can("money.view", case.project),
    }
    return render(request, "billing/panel.html", about)


@require_safe
def unit_panel(request: SignedInRequest, pk: int) -> HttpResponse:
    """A home's balance, for whoever has its owner on the line (S0-3.4-17); nothing for whom it does
    not concern."""
    try:
        home = get_unit(request, pk)
    except Refused:
        return HttpResponse()
    about = {
        "unit": home,
        "balance": queries.balance(home),
        "due_back": queries.due_back(home),
        "charges": queries.open_charges(home).select_related("bill")[:5],
        "may_take": request.scope.can("money.take", home.project),
    }
    return render(request, "billing/unit_panel.html", about)
