"""Cash: handed in by engineers, counted in the drawer, brought to the bank."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import locked, noting
from shouwen.billing.actions.posting import Kind, account, hand, number, post, purse
from shouwen.billing.models import HandIn, Payment, PostingLine, TillCount, place
from shouwen.billing.queries import account_balance, in_hand, ledger_sum
from shouwen.rules.money import ZERO, cents, yuan
from shouwen.rules.refused import Refused


def hand_in(
    *,
    project: OrgUnit,
    engineer: Staff,
    counted: Decimal,
    by: Scope,
    at: datetime,
    note: str = "",
) -> HandIn:
    """The clerk counts the cash that an engineer brings (S2-RP-9). Everything that he took is
    handed in with it; what is missing stays on his account and is asked for the next time."""
    if by.staff == engineer:
        raise Refused("own-cash", "自己的现金要由另一位收款人清点。", field="engineer")
    with noting(None, project, by, at, right="money.take"):
        carried = locked(hand(project, engineer))
        payments = Payment.objects.filter(project=project, held_by=engineer, hand_in=None)
        expected = in_hand(engineer, project)
        if not expected and not payments.exists():
            raise Refused("nothing-in-hand", f"{engineer.name}没有要交的现金。", field="engineer")
        difference = _difference(counted, expected, note)
        row = HandIn.objects.create(
            **place(project), number=number("HI", project, at), engineer=engineer, clerk=by.staff,
            day=localdate(at), at=at, expected=expected, counted=counted, difference=difference,
            note=note.strip()[:200],
        )  # fmt: skip
        payments.update(hand_in=row)
        lines = {account(project, Kind.TILL): counted, carried: -counted}
        post(project=project, what=f"收缴现金：{engineer.name}", lines=lines, by=by, at=at)
    return row


def _difference(counted: Decimal, expected: Decimal, note: str) -> Decimal:
    """counted − expected; one that is not nothing wants an explanation."""
    if counted < 0 or counted != cents(counted):
        raise Refused("bad-amount", "金额不能为负，最多两位小数。", field="counted")
    difference = counted - expected
    if difference and not note.strip():
        raise Refused(
            "no-note",
            f"应为 {yuan(expected)} 元，实点 {yuan(counted)} 元，请写明差额原因。",
            field="note",
        )
    return difference


def count_till(
    *,
    project: OrgUnit,
    counted: Decimal,
    deposited: Decimal,
    by: Scope,
    at: datetime,
    bank_ref: str = "",
    note: str = "",
) -> TillCount:
    """The end of the day: the drawer counted, and part or all of it brought to the bank. More or
    less than the books say goes to an account of its own (长短款), with the reason."""
    if not ZERO <= deposited <= counted or deposited != cents(deposited):
        raise Refused("bad-deposit", "存入银行的不能多于实点的现金。", field="deposited")
    with noting(None, project, by, at, right="money.take"):
        till = locked(account(project, Kind.TILL))
        expected = account_balance(project, Kind.TILL)
        difference = _difference(counted, expected, note)
        row = TillCount.objects.create(
            **place(project), number=number("TC", project, at), clerk=by.staff, day=localdate(at),
            at=at, expected=expected, counted=counted, difference=difference, deposited=deposited,
            bank_ref=bank_ref.strip()[:80], note=note.strip()[:200],
        )  # fmt: skip
        lines = {
            till: difference - deposited,
            account(project, Kind.OVER_SHORT): -difference,
            account(project, Kind.BANK): deposited,
        }
        post(project=project, what=f"清点收款台：{row.number}", lines=lines, by=by, at=at)
    return row


def settle_provider(
    *, project: OrgUnit, method: str, amount: Decimal, by: Scope, at: datetime
) -> None:
    """A payment provider has passed on to the bank what it collected for us."""
    with noting(None, project, by, at, right="money.bill"):
        if amount <= 0 or amount != cents(amount):
            raise Refused("bad-amount", "金额须大于零，最多两位小数。", field="amount")
        collected = locked(purse(project, method))
        waiting = ledger_sum(PostingLine.objects.filter(account=collected))
        if amount > waiting:
            raise Refused(
                "more-than-collected",
                f"待结算的只有 {yuan(waiting)} 元，请核对平台和金额。",
                field="amount",
            )
        lines = {account(project, Kind.BANK): amount, collected: -amount}
        post(project=project, what="支付平台结算到账", lines=lines, by=by, at=at)
