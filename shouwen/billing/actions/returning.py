"""Giving money back and giving money up: asked for by one, decided by another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_with_role
from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import earned, locked, noting, told
from shouwen.billing.actions.paying import Way, require_in_till, settle
from shouwen.billing.actions.posting import Kind, account, number, owing, post, purse
from shouwen.billing.models import Charge, Decided, Method, Payment, Refund, WriteOff, place
from shouwen.billing.queries import forgivable, refundable
from shouwen.cases.models import Case
from shouwen.notify.actions import tell
from shouwen.rules.money import cents, yuan
from shouwen.rules.refused import Refused

Request = TypeVar("Request", bound=Decided)

#: Who is told of a request: the first of these roles that somebody else holds.
APPROVERS = ("finance", "project_manager", "company_leader")
WORDS = {Refund: "退款", WriteOff: "减免"}
PAGE = "/money/approvals"


def ask_refund(
    *,
    payment: Payment,
    amount: Decimal,
    reason: str,
    by: Scope,
    at: datetime,
    charge: Charge | None = None,
) -> Refund:
    """Ask that money of a payment goes back: of what it paid for `charge`, else of its excess."""
    with noting(charge.case if charge else None, payment.project, by, at, right="money.take"):
        row = locked(payment)
        _require_asked(amount, refundable(row, charge), reason, "最多可退")
        made = Refund.objects.create(
            **_asked(row, "RF", amount, reason, by, at), payment=row, charge=charge
        )
        _tell_approvers(made, at)
    return made


def ask_write_off(
    *, charge: Charge, amount: Decimal, reason: str, by: Scope, at: datetime
) -> WriteOff:
    """Ask that part or all of a charge is given up."""
    with noting(charge.case, charge.project, by, at, right="money.take"):
        row = locked(charge)
        _require_asked(amount, forgivable(row), reason, "最多可减免")
        made = WriteOff.objects.create(**_asked(row, "WO", amount, reason, by, at), charge=row)
        _tell_approvers(made, at)
    return made


def _require_asked(amount: Decimal, most: Decimal, reason: str, word: str) -> None:
    if not reason.strip():
        raise Refused("no-reason", "请写明原因，审批人要看。", field="reason")
    if amount <= 0 or amount != cents(amount):
        raise Refused("bad-amount", "金额须大于零，最多两位小数。", field="amount")
    if amount > most:
        raise Refused("too-much", f"{word} {yuan(most)} 元，请核对金额。", field="amount")


def _asked(
    about: Charge | Payment, prefix: str, amount: Decimal, reason: str, by: Scope, at: datetime
) -> dict[str, Any]:
    return {
        **place(about.project),
        "number": number(prefix, about.project, at),
        "amount": amount,
        "reason": reason.strip()[:200],
        "asked_by": by.staff,
        "asked_at": at,
    }


def _tell_approvers(row: Refund | WriteOff, at: datetime) -> None:
    tell(
        people=_approvers(row.project, row.asked_by, at),
        event=f"money:{row.number}:asked",
        at=at,
        subject=f"待审批：{WORDS[type(row)]} {yuan(row.amount)} 元（{row.asked_by.name}申请）",
        body=row.reason,
        url=PAGE,
    )


def _approvers(project: OrgUnit, asker: Staff, at: datetime) -> list[Staff]:
    for role in APPROVERS:
        if others := [one for one in people_with_role(role, project, at) if one != asker]:
            return others
    return []


# --- Deciding -------------------------------------------------------------------------------------


def approve_refund(*, refund: Refund, by: Scope, at: datetime, decision: str = "") -> Refund:
    """From now on we owe it to the customer; `pay_out` gives it."""
    with noting(_case(refund), refund.project, by, at, right="money.approve"):
        row = _decided(refund, Refund.State.APPROVED, decision, by, at)
        if row.charge:
            charge = locked(row.charge)
            charge.refunded += row.amount
            charge.save(update_fields=["refunded"])
            debt = owing(row.project, Kind.REFUND_DUE, row.payment.unit)
            lines = {earned(charge): row.amount, debt: -row.amount}
            post(
                project=row.project, what=f"批准退款：{charge.title}", lines=lines, by=by, at=at,
                case=charge.case, subject=charge.subject,
            )  # fmt: skip
    return row


def approve_write_off(
    *, write_off: WriteOff, by: Scope, at: datetime, decision: str = ""
) -> WriteOff:
    """The customer owes it no longer. Money that was never ours is not our loss."""
    with noting(write_off.charge.case, write_off.project, by, at, right="money.approve") as note:
        row = _decided(write_off, WriteOff.State.APPROVED, decision, by, at)
        charge = locked(row.charge)
        if row.amount > charge.owed:
            left = yuan(charge.owed)
            raise Refused("paid-meanwhile", f"现在只欠 {left} 元，请退回后按新的金额申请。")
        charge.written_off += row.amount
        settle([charge], at)
        loss = earned(charge) if charge.held_for else account(row.project, Kind.WRITE_OFF)
        lines = {loss: row.amount, owing(row.project, Kind.RECEIVABLE, charge.unit): -row.amount}
        post(
            project=row.project, what=f"减免：{charge.title}", lines=lines, by=by, at=at,
            case=charge.case, subject=charge.subject,
        )  # fmt: skip
        note("written-off", {**told(charge), **_told(row)})
    return row


def refuse(*, request: Request, decision: str, by: Scope, at: datetime) -> None:
    """Not approved, and why."""
    if not decision.strip():
        raise Refused("no-reason", "不同意请写明原因。", field="decision")
    with noting(None, request.project, by, at, right="money.approve"):
        _decided(request, Decided.State.REFUSED, decision, by, at)


def _decided(request: Request, state: str, decision: str, by: Scope, at: datetime) -> Request:
    row = locked(request)
    if row.state != Decided.State.ASKED:
        raise Refused("decided-already", "这项申请已经审批过了。")
    if row.asked_by == by.staff:
        raise Refused("own-request", "申请人不能审批自己的申请，请另一位有权的人审批。")
    row.state, row.decision = Decided.State(state), decision.strip()[:200]
    row.decided_by, row.decided_at = by.staff, at
    row.save()
    _tell_asker(row, at)
    return row


def _tell_asker(row: Decided, at: datetime) -> None:
    """What became of it; an approved refund is now to be paid out."""
    tell(
        people=[row.asked_by],
        event=f"money:{row.number}:decided",
        at=at,
        subject=f"{row.get_state_display()}：{WORDS[type(row)]} {yuan(row.amount)} 元",
        body=row.decision,
        url=PAGE,
    )


def _case(refund: Refund) -> Case | None:
    return refund.charge.case if refund.charge else None


def _told(row: Refund | WriteOff) -> dict[str, str]:
    return {
        "request": row.number,
        "amount": str(row.amount),
        "reason": row.reason,
        "text": f"{yuan(row.amount)} 元：{row.reason}",
    }


# --- Paying out -----------------------------------------------------------------------------------


def pay_out(*, refund: Refund, way: Way, by: Scope, at: datetime) -> Refund:
    """Give back what was approved."""
    if way.method not in Method.values:
        raise Refused("unknown-method", "请选退款方式。", field="method")
    with noting(_case(refund), refund.project, by, at, right="money.take") as note:
        row = locked(refund)
        if row.state != Refund.State.APPROVED:
            raise Refused("not-approved", "这笔退款还没有批准，或者已经退了。")
        source = locked(purse(row.project, way.method))
        if way.method == Method.CASH:
            require_in_till(row.project, row.amount)
        row.state, row.paid_by, row.paid_at = Refund.State.PAID, by.staff, at
        row.method, row.reference = way.method, way.reference[:80]
        row.save()
        debt = owing(row.project, Kind.REFUND_DUE, row.payment.unit)
        lines = {debt: row.amount, source: -row.amount}
        what = f"退款：{row.payment.number}"
        post(project=row.project, what=what, lines=lines, by=by, at=at, case=_case(row))
        note("refunded", {**_told(row), "payment": row.payment.number, "method": way.method})
    return row
