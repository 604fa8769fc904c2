"""Charging, and taking a charge back before anything was paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.billing.actions.posting import Kind, account, held, number, owing, post
from shouwen.billing.models import Charge, ChargeLine, Collect, place
from shouwen.cases.actions.recording import AHEAD, acting
from shouwen.cases.models import Case
from shouwen.estate.models import Customer, Unit
from shouwen.rules.money import Line, require_fits, total, yuan
from shouwen.rules.refused import Refused

Row = TypeVar("Row", bound=Model)


def charge(
    *,
    case: Case | None,
    title: str,
    lines: Sequence[Line],
    collect: str,
    by: Scope,
    at: datetime,
    subject: str = "",
    happened: datetime | None = None,
    unit: Unit | None = None,
    customer: Customer | None = None,
    project: OrgUnit | None = None,
    held_for: Customer | None = None,
) -> Charge:
    """Somebody owes this from now on. Of a case, its home and customer owe; else name the unit, or
    at least the project. `held_for`: the money is not ours but this customer's (rent)."""
    _require_chargeable(title, lines, collect)
    if case:
        project, unit = case.project, unit or case.unit
        customer = customer or case.customer
    project = project or (unit.project if unit else None)
    if project is None:
        raise Refused("no-payer", "请先选房屋，再计费。", field="unit")
    with noting(case, project, by, at) as note:
        row = _create(
            Charge(
                **place(project), case=case, subject=subject, unit=unit, customer=customer,
                held_for=held_for, title=title.strip()[:120], amount=total(lines),
                collect=collect, at=moment(happened, at), recorded_at=at, by=by.staff,
            ),
            lines,
        )  # fmt: skip
        _post(row, row.amount, f"计费：{row.title}", by, at)
        note("charged", {"order": subject, **told(row), "collect": collect}, happened)
    return row


def _require_chargeable(title: str, lines: Sequence[Line], collect: str) -> None:
    if not title.strip():
        raise Refused("no-title", "请写明是什么费用。", field="title")
    if collect not in Collect.values:
        raise Refused("unknown-collect", "请选收取方式。", field="collect")
    require_fits(total(lines))
    if total(lines) <= 0:
        raise Refused("nothing-to-charge", "金额为零的不用计费；请填数量和单价。", field="lines")


def _create(row: Charge, lines: Sequence[Line]) -> Charge:
    row.number = number("C", row.project, row.recorded_at)
    row.save(force_insert=True)
    ChargeLine.objects.bulk_create(
        ChargeLine(
            charge=row, name=line.name, unit=line.unit, quantity=line.quantity, price=line.price,
            amount=line.amount,
        )
        for line in lines
    )  # fmt: skip
    return row


def _post(row: Charge, amount: Decimal, what: str, by: Scope, at: datetime) -> None:
    post(
        project=row.project,
        what=what,
        lines={
            owing(row.project, Kind.RECEIVABLE, row.unit): amount,
            earned(row): -amount,
        },
        by=by,
        at=at,
        happened=row.at,
        case=row.case,
        subject=row.subject,
    )


def earned(row: Charge) -> Any:
    """Whose money a charge asks for: ours, or somebody's for whom we collect."""
    if row.held_for:
        return held(row.project, row.held_for)
    return account(row.project, Kind.INCOME)


def cancel_charge(*, charge: Charge, reason: str, by: Scope, at: datetime) -> Charge:
    """Take a charge back that was made by mistake: the counter does, not who did the work. What
    was paid or billed already goes the way of a refund or a write-off, which another must
    approve."""
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么撤销。", field="reason")
    with noting(charge.case, charge.project, by, at, right="money.take") as note:
        row = locked(charge)
        if row.state != Charge.State.OPEN or row.paid or row.written_off:
            raise Refused(
                "settled-already", "已出账、已收款或已减免的费用不能撤销，请申请退款或减免。"
            )
        row.state, row.cancel_reason = Charge.State.CANCELLED, reason.strip()[:200]
        row.save(update_fields=["state", "cancel_reason"])
        _post(row, -row.amount, f"撤销计费：{row.title}", by, at)
        note("charge-cancelled", {"order": row.subject, **told(row), "reason": row.cancel_reason})
    return row


# --- What every writing of money needs ------------------------------------------------------------


class Note:
    """Writes into the journals of the cases that some money is about."""

    def __init__(self, cases: Sequence[Case], by: Scope | None, right: str, at: datetime) -> None:
        self.cases, self.by, self.right, self.at = cases, by, right, at

    def __call__(
        self,
        verb: str,
        data: Mapping[str, Any],
        happened: datetime | None = None,
        said_by: str = "",
    ) -> None:
        for case in self.cases:
            with acting(case, by=self.by, right=self.right, at=self.at) as act:
                act.write(verb, data, happened=happened, said_by=said_by[:60])


@contextmanager
def noting(
    cases: Case | Iterable[Case] | None,
    project: OrgUnit,
    by: Scope | None,
    at: datetime,
    right: str = "",
) -> Iterator[Note]:
    """A transaction with the cases locked, in their own order. Who works on a case may charge it
    and take its money; everybody else needs `money.take`, or the right that is named."""
    given = [cases] if isinstance(cases, Case) else list(cases or ())
    rows = sorted({case.pk: case for case in given}.values(), key=lambda case: case.pk)
    right = right or _right(by, project, rows)
    if by:
        by.require(right, project)
    with transaction.atomic():
        if rows:  # always cases before charges, and in one order
            list(
                Case.objects.select_for_update().filter(pk__in=[c.pk for c in rows]).order_by("pk")
            )
        yield Note(rows, by, right, at)


def _right(by: Scope | None, project: OrgUnit, cases: Sequence[Case]) -> str:
    wide = by is None or by.can("money.take", project) or not cases
    return "money.take" if wide else "case.work"


def locked(row: Row) -> Row:
    """The row as it is now, nobody else's until the transaction ends."""
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)


def lock_charges(rows: QuerySet[Charge]) -> dict[int, Charge]:
    """The charges as they are now, locked one after the other by their number, after their cases:
    whoever locks more than one does it here, so that no two wait for each other."""
    found = rows.select_for_update(of=("self",)).select_related("project", "unit", "case")
    return {row.pk: row for row in found.order_by("pk")}


def moment(happened: datetime | None, at: datetime) -> datetime:
    """When it happened: a phone's clock may be a little ahead, money is never from the future."""
    if happened and happened > at + AHEAD:
        raise Refused("in-the-future", "收费时间不能晚于现在，请核对。", field="happened")
    return min(happened or at, at)


def told(row: Charge) -> dict[str, str]:
    """A charge as a journal tells it."""
    return {
        "charge": row.number,
        "title": row.title,
        "amount": str(row.amount),
        "text": f"{row.title} {yuan(row.amount)} 元",
    }
