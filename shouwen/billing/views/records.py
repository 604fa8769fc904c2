"""One charge and one payment, with everything that may be done about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.billing import queries
from shouwen.billing.actions.charging import cancel_charge
from shouwen.billing.actions.paying import deliver_receipt, issue_receipt, void_receipt
from shouwen.billing.actions.returning import ask_refund, ask_write_off
from shouwen.billing.forms import (
    DeliverForm,
    Keyed,
    PlainForm,
    ReasonForm,
    RefundForm,
    RequestForm,
    TakeForm,
)
from shouwen.billing.models import Charge, Payment, Receipt
from shouwen.billing.views.counter import take
from shouwen.billing.views.doing import acted
from shouwen.rules.money import yuan
from shouwen.rules.refused import Refused
from shouwen.web.done import done


@dataclass(frozen=True)
class Act:
    """Something that may be done about a record: its form, what it does, and what is said then."""

    form: Callable[..., Any]
    do: Callable[[SignedInRequest, Any, Any], str | None]
    """Answers with the number of the payment, where one was made."""
    said: Any


# --- A charge -------------------------------------------------------------------------------------


def _take(request: SignedInRequest, row: Charge, form: TakeForm) -> str:
    return take(request, form)


def _cancel(request: SignedInRequest, row: Charge, form: Keyed) -> None:
    cancel_charge(charge=row, by=request.scope, at=request.at, **form.said)


def _write_off(request: SignedInRequest, row: Charge, form: Keyed) -> None:
    ask_write_off(charge=row, by=request.scope, at=request.at, **form.said)


CHARGE_ACTS: Mapping[str, Act] = {
    "take": Act(lambda row, *data: TakeForm(*data, charges=[row]), _take, _("已收款")),
    "cancel": Act(lambda _row, *data: ReasonForm(*data), _cancel, _("已撤销计费")),
    "write-off": Act(lambda _row, *data: RequestForm(*data), _write_off, _("已申请减免")),
}


def _charge(request: SignedInRequest, number: str) -> Charge:
    rows = queries.visible_charges(request.scope).select_related(
        "project", "unit", "customer", "case", "bill", "by", "held_for"
    )
    return queries.get(rows, number)


@require_safe
def charge(request: SignedInRequest, number: str) -> HttpResponse:
    """What it is for, line by line, and how much of it is paid."""
    return _charge_page(request, _charge(request, number))


def _charge_page(request: SignedInRequest, row: Charge, **sent: Any) -> HttpResponse:
    about = {
        "charge": row,
        "lines": row.lines.all(),
        "allocations": row.allocations.select_related("payment").order_by("payment__at"),
        "requests": [*row.write_offs.select_related("asked_by", "decided_by")],
        "forms": _forms(CHARGE_ACTS, row, sent),
        "may_take": request.scope.can("money.take", row.project),
        "may_cancel": row.state == Charge.State.OPEN and not row.paid and not row.written_off,
    }
    return _shown(request, "billing/charge.html", about, sent)


@require_POST
def charge_act(request: SignedInRequest, number: str, act: str) -> HttpResponse:
    row = _charge(request, number)
    if act not in CHARGE_ACTS:
        raise Http404
    request.scope.require("money.take", row.project)
    form = CHARGE_ACTS[act].form(row, request.POST)
    if answer := _did(request, CHARGE_ACTS[act], row, form):
        payment = answer["number"]  # where its receipt is given
        page = ("billing:payment", payment) if payment else ("billing:charge", row.number)
        return redirect(page[0], number=page[1])
    return _charge_page(request, row, **{act: form})


# --- A payment ------------------------------------------------------------------------------------


def _issue(request: SignedInRequest, row: Payment, _form: Keyed) -> None:
    issue_receipt(payment=row, by=request.scope, at=request.at)


def _deliver(request: SignedInRequest, row: Payment, form: Keyed) -> None:
    deliver_receipt(receipt=_receipt(row), by=request.scope, at=request.at, **form.said)


def _void(request: SignedInRequest, row: Payment, form: Keyed) -> None:
    void_receipt(receipt=_receipt(row), by=request.scope, at=request.at, **form.said)


def _receipt(row: Payment) -> Receipt:
    """The receipt that stands."""
    found = row.receipts.filter(void_at=None).first()
    if found is None:
        raise Refused("no-receipt", "这笔款还没有开收据。")
    return found


def _refund(request: SignedInRequest, row: Payment, form: Keyed) -> None:
    said = form.said
    part = row.allocations.filter(charge__number=said.pop("charge")).first()
    about = {"charge": part.charge if part else None, **said}
    ask_refund(payment=row, by=request.scope, at=request.at, **about)


def _parts(row: Payment) -> dict[str, str]:
    """What of a payment may go back, by the number of its charge; "" is what was paid too much."""
    parts = {part.charge.number: (part.charge.title, part.charge) for part in _allocated(row)}
    rows = [(number, title, queries.refundable(row, of)) for number, (title, of) in parts.items()]
    if row.excess:
        rows.append(("-", str(_("多收")), queries.refundable(row, None)))
    return {number: f"{title} {number}（{yuan(most)}）" for number, title, most in rows if most}


def _allocated(row: Payment) -> list[Any]:
    return list(row.allocations.select_related("charge__unit", "charge__case").order_by("pk"))


PAYMENT_ACTS: Mapping[str, Act] = {
    "issue": Act(lambda _row, *data: PlainForm(*data), _issue, _("已开收据")),
    "deliver": Act(lambda _row, *data: DeliverForm(*data), _deliver, _("已记录收据交给业户")),
    "void": Act(lambda _row, *data: ReasonForm(*data), _void, _("收据已作废")),
    "refund": Act(
        lambda row, *data: RefundForm(*data, parts=_parts(row)), _refund, _("已申请退款")
    ),
}


def _payment(request: SignedInRequest, number: str) -> Payment:
    rows = queries.visible_payments(request.scope).select_related(
        "project", "unit", "taken_by", "held_by", "hand_in"
    )
    return queries.get(rows, number)


@require_safe
def payment(request: SignedInRequest, number: str) -> HttpResponse:
    """What came in, for what, its receipt and what of it went back."""
    return _payment_page(request, _payment(request, number))


def _payment_page(request: SignedInRequest, row: Payment, **sent: Any) -> HttpResponse:
    receipts = row.receipts.select_related("issued_by", "delivered_by", "void_by")
    forms = _forms(PAYMENT_ACTS, row, sent)
    about = {
        "payment": row,
        "allocations": _allocated(row),
        "receipts": receipts.order_by("issued_at", "pk"),
        "standing": next((r for r in receipts if r.void_at is None), None),
        "requests": [*row.refunds.select_related("asked_by", "decided_by", "charge")],
        "forms": forms,
        "may_take": request.scope.can("money.take", row.project),
        "may_refund": bool(forms["refund"].fields["charge"].choices),
        "may_open": request.scope.can("money.view", row.project),
    }
    return _shown(request, "billing/payment.html", about, sent)


@require_POST
def payment_act(request: SignedInRequest, number: str, act: str) -> HttpResponse:
    row = _payment(request, number)
    if act not in PAYMENT_ACTS:
        raise Http404
    right = "case.work" if act == "deliver" and row.held_by == request.user else "money.take"
    request.scope.require(right, row.project)
    form = PAYMENT_ACTS[act].form(row, request.POST)
    if _did(request, PAYMENT_ACTS[act], row, form):
        return redirect("billing:payment", number=row.number)
    return _payment_page(request, row, **{act: form})


# --- Both -----------------------------------------------------------------------------------------


def _forms(acts: Mapping[str, Act], row: Any, sent: Mapping[str, Any]) -> dict[str, Any]:
    """All forms by name, "_" for "-"; one that was sent keeps what was typed."""
    forms = {name: sent.get(name) or act.form(row) for name, act in acts.items()}
    return {name.replace("-", "_"): form for name, form in forms.items()}


def _did(request: SignedInRequest, act: Act, row: Any, form: Keyed) -> dict[str, Any] | None:
    answer = acted(request, form, lambda: act.do(request, row, form))
    if answer is not None:
        done(request, str(act.said))
    return answer


def _shown(
    request: SignedInRequest, template: str, about: dict[str, Any], sent: Mapping[str, Any]
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, template, about, status=status)
