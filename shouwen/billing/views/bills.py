"""Bills: a round of them, the list, and one to be read or printed."""

from __future__ import annotations

from http import HTTPStatus

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.billing import queries
from shouwen.billing.actions.bills import COLLECT, run_bills
from shouwen.billing.forms import RunForm
from shouwen.billing.models import Bill, Charge
from shouwen.billing.views.counter import here
from shouwen.billing.views.doing import acted
from shouwen.rules.money import ZERO
from shouwen.web.done import done
from shouwen.web.pieces import Choice, Pager

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def bills(request: SignedInRequest) -> HttpResponse:
    """The bills of a project, unpaid ones first; and the form that makes a round of them."""
    project = here(request)
    form = RunForm(request.POST or None, today=localdate(request.at))
    if request.method == "POST":
        request.scope.require("money.bill", project)

        def run() -> str:
            made = run_bills(project=project, by=request.scope, at=request.at, **form.said)
            return str(len(made))

        if answer := acted(request, form, run):
            done(request, _("已出账 {n} 张").format(n=answer["number"]))
            return redirect("billing:bills")
    return _bills_page(request, form)


def _bills_page(request: SignedInRequest, form: RunForm) -> HttpResponse:
    project, paid = here(request), request.GET.get("state") == "paid"
    seen = queries.visible_bills(request.scope).filter(project=project)
    shown = _page(seen.filter(paid_at__isnull=not paid), request.GET.get("after", ""))
    waiting = Charge.objects.filter(
        project=project, state=Charge.State.OPEN, collect__in=COLLECT.values()
    ).exclude(unit=None)  # fmt: skip
    about = {
        "form": form,
        "bills": shown[:PAGE],
        "states": [
            Choice(_("未收清"), "?", active=not paid),
            Choice(_("已收清"), "?state=paid", active=paid),
        ],
        "pager": Pager(older=_older(shown, paid)),
        "waiting": waiting.aggregate(n=Count("pk"), sum=Sum("amount")),
        "totals": seen.aggregate(sum=Sum("total"), open=Sum("total", filter=Q(paid_at=None))),
        "may_run": request.scope.can("money.bill", project),
        "today": localdate(request.at),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "billing/bills.html", about, status=status)


def _page(bills: QuerySet[Bill], after: str) -> list[Bill]:
    """The latest first, from a bill's id on; one more than a page, to know of the next."""
    if after.isdecimal():
        bills = bills.filter(pk__lt=int(after))
    return list(bills.select_related("unit").order_by("-pk")[: PAGE + 1])


def _older(shown: list[Bill], paid: bool) -> str:
    if len(shown) <= PAGE:
        return ""
    return f"?{'state=paid&' if paid else ''}after={shown[PAGE - 1].pk}"


@require_safe
def bill(request: SignedInRequest, number: str) -> HttpResponse:
    """One bill with its charges: what it asked for, and what is still open of it."""
    rows = queries.visible_bills(request.scope).select_related("unit", "project", "issued_by")
    found = queries.get(rows, number)
    charges = list(found.charges.prefetch_related("lines").order_by("at", "pk"))
    about = {
        "bill": found,
        "charges": charges,
        "owed": queries.owed(charges) or ZERO,
        "take_url": reverse("billing:unit", args=[found.unit_id]),
        "may_take": request.scope.can("money.take", found.project),
    }
    return render(request, "billing/bill.html", about)
