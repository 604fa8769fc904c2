"""Bills: the charges of a home that wait for one are asked for together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import get_current_timezone, localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.billing.models import Bill, Charge, Collect, place
from shouwen.cases.models import NumberSeries
from shouwen.rules.money import ZERO
from shouwen.rules.refused import Refused

#: How long a customer has to pay a bill, where nobody says otherwise.
TERM = timedelta(days=15)
BATCH = 500
COLLECT = {Bill.Kind.FEE: Collect.FEE_BILL, Bill.Kind.MONTHLY: Collect.MONTHLY_BILL}


def run_bills(
    *,
    project: OrgUnit,
    period: str,
    kind: str,
    by: Scope | None,
    at: datetime,
    due_on: date | None = None,
    before: datetime | None = None,
) -> list[Bill]:
    """One bill for every home with charges that wait for such a bill (S3-4.2-1g, S4-4.4.3c-1).

    Whoever has a bill of the period already gets no second one: what came later waits for the next.
    `before` is where the worker draws the line, so that a late round bills what a punctual one had.
    """
    if by:
        by.require("money.bill", project)
    opens, ends = _month(period)
    if opens > at:
        raise Refused("in-the-future", "还没到这个账期。", field="period")
    if kind not in Bill.Kind.values:
        raise Refused("unknown-kind", "请选账单种类。", field="kind")
    if due_on and due_on < localdate(at):
        raise Refused("due-in-the-past", "缴款期限不能早于今天。", field="due_on")
    with transaction.atomic():
        series = _series(project, period)
        waiting = _waiting(project, period, kind).filter(at__lt=min(before or ends, ends))
        totals = _totals(waiting)
        bills = [
            Bill(
                **place(project), number=f"{series.name}-{series.last + count:04d}",
                unit_id=unit, period=period, kind=kind, total=sum(owed.values(), ZERO),
                issued_by=by.staff if by else None, issued_at=at,
                due_on=due_on or localdate(at) + TERM,
            )
            for count, (unit, owed) in enumerate(totals.items(), start=1)
        ]  # fmt: skip
        series.last += len(bills)
        series.save(update_fields=["last"])
        Bill.objects.bulk_create(bills, batch_size=BATCH)
        _put_on_bills([pk for owed in totals.values() for pk in owed], period, kind)
    return bills


def _month(period: str) -> tuple[datetime, datetime]:
    """From its first moment to just after its last."""
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError as error:
        raise Refused("bad-period", "账期请写成 2026-11 这样。", field="period") from error
    following = (first + timedelta(days=32)).replace(day=1)
    zone = get_current_timezone()
    return datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)


def _series(project: OrgUnit, period: str) -> NumberSeries:
    """Locked: of two rounds that run together, the second finds nothing left."""
    name = f"B-{project.code}-{period.replace('-', '')}"
    NumberSeries.objects.get_or_create(name=name)
    return NumberSeries.objects.select_for_update().get(name=name)


def _waiting(project: OrgUnit, period: str, kind: str) -> QuerySet[Charge]:
    billed = Bill.objects.filter(project=project, period=period, kind=kind).values("unit")
    return Charge.objects.filter(
        project=project, state=Charge.State.OPEN, collect=COLLECT[Bill.Kind(kind)], bill=None
    ).exclude(unit__in=billed).exclude(unit=None)  # fmt: skip


def _totals(waiting: QuerySet[Charge]) -> dict[int, dict[int, Decimal]]:
    """What is owed, by home and charge; the charges are locked."""
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = waiting.select_for_update().order_by("pk")
    for pk, unit, amount, paid, given_up in rows.values_list(
        "pk", "unit_id", "amount", "paid", "written_off"
    ):
        found[unit][pk] = amount - paid - given_up
    return dict(sorted(found.items()))


def _put_on_bills(charges: Sequence[int], period: str, kind: str) -> None:
    bill = Bill.objects.filter(unit=OuterRef("unit"), period=period, kind=kind).values("pk")
    for start in range(0, len(charges), BATCH):
        Charge.objects.filter(pk__in=charges[start : start + BATCH]).update(
            bill=Subquery(bill[:1]), state=Charge.State.BILLED
        )


# --- The worker -----------------------------------------------------------------------------------


def bill_due(*, at: datetime) -> int:
    """On the regulation's day of the month (`bill_day`), what was charged before that day is
    billed. Returns how many bills that made; a second look the same month makes none."""
    waiting = Charge.objects.filter(state=Charge.State.OPEN, collect__in=COLLECT.values())
    projects = OrgUnit.objects.filter(pk__in=waiting.order_by().values("project").distinct())
    return sum(_bill_project(project, at) for project in projects)


def _bill_project(project: OrgUnit, at: datetime) -> int:
    today, made = localdate(at), 0
    for kind, day in _bill_days(project, at).items():
        if today.day >= day:
            line = datetime.combine(today.replace(day=day), time(), get_current_timezone())
            period = f"{today:%Y-%m}"
            bills = run_bills(
                project=project, period=period, kind=kind, by=None, at=at, before=line
            )
            made += len(bills)
    return made


def _bill_days(project: OrgUnit, at: datetime) -> dict[Bill.Kind, int]:
    """The day of the month by kind of bill, where the project's regulations name one; the first
    that speaks answers."""
    rules = rulebook(pin(project, at).pk).all("paid_work")
    days = {rule.collect: rule.bill_day for _, rule in reversed(rules) if rule.bill_day}
    return {kind: days[collect] for kind, collect in COLLECT.items() if collect in days}
