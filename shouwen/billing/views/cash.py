"""对账: the cash that engineers carry, by day; the drawer, and what was brought to the bank."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.billing import queries
from shouwen.billing.actions.cash import count_till, settle_provider
from shouwen.billing.actions.cash import hand_in as hand_in_
from shouwen.billing.audit import cash_disagreements, disagreements
from shouwen.billing.forms import CountForm, HandInForm, SettleForm
from shouwen.billing.models import Account
from shouwen.billing.views.counter import here
from shouwen.billing.views.doing import acted
from shouwen.web.done import done

#: Of hand-ins and counts, the page shows so many, the latest first.
SHOWN = 30


@require_safe
def cash(request: SignedInRequest) -> HttpResponse:
    return _cash_page(request)


def _day(request: SignedInRequest) -> date:
    """The day that is asked for; today for none, or for one that is no day."""
    today = localdate(request.at)
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        return today
    return asked if asked and asked <= today else today


def _cash_page(
    request: SignedInRequest,
    hand: HandInForm | None = None,
    count: CountForm | None = None,
    settled: SettleForm | None = None,
) -> HttpResponse:
    project, day = here(request), _day(request)
    people = queries.hands(project, day)
    carriers = [row.staff for row in people if row.carries]
    hand_ins = queries.visible_hand_ins(request.scope).filter(project=project)
    counts = queries.visible_counts(request.scope).filter(project=project)
    whole = "whole" in request.GET
    about = {
        "day": day,
        "earlier": f"?day={day - timedelta(days=1)}",
        "later": f"?day={day + timedelta(days=1)}" if day < localdate(request.at) else "",
        "people": people,
        "hand_form": hand or HandInForm(people=carriers),
        "has_carriers": bool(carriers),
        "count_form": count or CountForm(),
        "settle_form": settled or SettleForm(),
        "till": queries.account_balance(project, Account.Kind.TILL),
        "clearing": queries.account_balance(project, Account.Kind.CLEARING),
        "hand_ins": hand_ins.select_related("engineer", "clerk")[:SHOWN],
        "counts": counts.select_related("clerk")[:SHOWN],
        "whole": whole,
        "wrong": disagreements(project) if whole else cash_disagreements(project, day),
        "may_take": request.scope.can("money.take", project),
        "may_settle": request.scope.can("money.bill", project),
    }
    sent = hand or count or settled
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, "billing/cash.html", about, status=status)


@require_POST
def hand_in(request: SignedInRequest) -> HttpResponse:
    """An engineer puts his cash on the table and the clerk counts it."""
    project = here(request, "money.take")
    carriers = [row.staff for row in queries.hands(project, localdate(request.at))]
    form = HandInForm(request.POST, people=carriers)

    def act() -> str:
        said = form.said
        return hand_in_(project=project, by=request.scope, at=request.at, **said).number

    if answer := acted(request, form, act):
        done(request, _("已收缴现金 {number}").format(number=answer["number"]))
        return redirect("billing:cash")
    return _cash_page(request, hand=form)


@require_POST
def count(request: SignedInRequest) -> HttpResponse:
    """The drawer at the end of the day."""
    project = here(request, "money.take")
    form = CountForm(request.POST)

    def act() -> str:
        said = form.said
        return count_till(project=project, by=request.scope, at=request.at, **said).number

    if answer := acted(request, form, act):
        done(request, _("已清点收款台 {number}").format(number=answer["number"]))
        return redirect("billing:cash")
    return _cash_page(request, count=form)


@require_POST
def settle(request: SignedInRequest) -> HttpResponse:
    """A payment provider's money has reached the bank."""
    project = here(request, "money.bill")
    form = SettleForm(request.POST)

    def act() -> None:
        settle_provider(project=project, by=request.scope, at=request.at, **form.said)

    if acted(request, form, act):
        done(request, _("已登记到账"))
        return redirect("billing:cash")
    return _cash_page(request, settled=form)
