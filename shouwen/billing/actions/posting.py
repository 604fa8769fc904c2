"""The ledger's own door: every movement of money in the product goes through `post`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.billing.models import Account, Method, Posting, PostingLine, place
from shouwen.cases.actions.intake import next_number
from shouwen.cases.models import Case
from shouwen.estate.models import Customer, Unit

Kind = Account.Kind


class Unbalanced(ValueError):
    """The lines of a posting do not sum to zero: a mistake of ours, never of a user."""


def post(
    *,
    project: OrgUnit,
    what: str,
    lines: Mapping[Account, Decimal],
    by: Scope | None,
    at: datetime,
    happened: datetime | None = None,
    case: Case | None = None,
    subject: str = "",
) -> Posting:
    """Write one movement of money: what comes to an account is positive, what leaves it negative,
    and together they are nothing. Needs the open transaction of whatever it explains."""
    if sum(lines.values()) != 0:
        raise Unbalanced(f"{what}: {dict(lines)}")
    posting = Posting.objects.create(
        **place(project),
        number=number("J", project, at),
        at=happened or at,
        recorded_at=at,
        what=what[:120],
        by=by.staff if by else None,
        case=case,
        subject=subject,
    )
    PostingLine.objects.bulk_create(
        PostingLine(posting=posting, account=account, amount=amount)
        for account, amount in lines.items()
        if amount
    )
    return posting


def number(prefix: str, project: OrgUnit, at: datetime) -> str:
    """The next of a series: C-CH-261129-001."""
    return next_number(prefix, project, localdate(at))


# --- The accounts ---------------------------------------------------------------------------------


def account(project: OrgUnit, kind: Kind) -> Account:
    """The one account of its kind in a project: income, till, bank, write-off, over-short."""
    return _account(project, kind, "")


def owing(project: OrgUnit, kind: Kind, unit: Unit | None) -> Account:
    """What a home owes (receivable) or is owed back (refund-due); without a home, the desk's."""
    return _account(project, kind, unit.key if unit else "desk", unit=unit)


def hand(project: OrgUnit, staff: Staff) -> Account:
    """The cash that an engineer carries."""
    return _account(project, Kind.HAND, staff.number, staff=staff)


def held(project: OrgUnit, customer: Customer) -> Account:
    """Money that is not ours, kept for this customer."""
    return _account(project, Kind.HELD, str(customer.pk), customer=customer)


def purse(project: OrgUnit, method: str) -> Account:
    """Where money of a method arrives and leaves from."""
    match method:
        case Method.CASH:
            return account(project, Kind.TILL)
        case Method.TRANSFER:
            return account(project, Kind.BANK)
        case _:
            return _account(project, Kind.CLEARING, method)


def _account(
    project: OrgUnit,
    kind: Kind,
    name: str,
    *,
    unit: Unit | None = None,
    staff: Staff | None = None,
    customer: Customer | None = None,
) -> Account:
    code = f"{kind.value}:{name}" if name else kind.value
    owner = {"unit": unit, "staff": staff, "customer": customer}
    row, _new = Account.objects.get_or_create(
        project=project, code=code, defaults={**place(project), **owner, "kind": kind}
    )
    return row
