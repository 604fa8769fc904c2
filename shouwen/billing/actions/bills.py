"""Bills: the charges of a home that wait for one are asked for together."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Round
from django.utils.timezone import get_current_timezone, localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.billing.actions.charging import lock_charges
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
        raise Refused("in-the-future", "还没到这个账期，请填本月或以前的月份。", field="period")
    if kind not in Bill.Kind.values:
        raise Refused("unknown-kind", "请选账单种类。", field="kind")
    if due_on and due_on < localdate(at):
        raise Refused("due-in-the-past", "缴款期限不能早于今天。", field="due_on")
    dates = {"issued_at": at, "due_on": due_on or localdate(at) + TERM}
    with transaction.atomic():
        waiting = _waiting(project, period, kind).filter(at__lt=min(before or ends, ends))
        lock_charges(waiting)
        made = _empty(
            waiting, **place(project), **dates, period=period, kind=kind,
            issued_by=by.staff if by else None,
        )  # fmt: skip
        _fill(made, waiting)
    return list(made.order_by("pk"))


def _empty(waiting: QuerySet[Charge], **about: Any) -> QuerySet[Bill]:
    """A bill without charges for every home that waits for one."""
    series = _series(about["project"], about["period"])
    units = waiting.order_by("unit").values_list("unit", flat=True).distinct()
    made = Bill.objects.bulk_create(
        (
            Bill(number=f"{series.name}-{count:04d}", unit_id=unit, total=ZERO, **about)
            for count, unit in enumerate(units, start=series.last + 1)
        ),
        batch_size=BATCH,
    )
    series.last += len(made)
    series.save(update_fields=["last"])
    mine = {name: about[name] for name in ("project", "period", "kind")}
    return Bill.objects.filter(**mine, pk__gte=made[0].pk) if made else Bill.objects.none()


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
    billed = Bill.objects.filter(project=project, period=period, kind=kind, total__gt=0)
    return Charge.objects.filter(
        project=project, state=Charge.State.OPEN, collect=COLLECT[Bill.Kind(kind)], bill=None
    ).exclude(unit=None).exclude(unit__in=billed.values("unit"))  # fmt: skip


def _fill(made: QuerySet[Bill], waiting: QuerySet[Charge]) -> None:
    """Puts the charges on the bills, and only then adds up what stands on them: a charge that came
    in between is on its bill and in its total, or in neither."""
    bill = made.filter(unit=OuterRef("unit")).values("pk")[:1]
    waiting.filter(unit__in=made.values("unit")).update(
        bill=Subquery(bill), state=Charge.State.BILLED
    )
    left = F("amount") - F("paid") - F("written_off")
    on_it = Charge.objects.filter(bill=OuterRef("pk")).order_by().values("bill")
    total = Subquery(on_it.annotate(sum=Round(Sum(left), 2)).values("sum"))
    made.update(total=Coalesce(total, ZERO))
    made.filter(total=ZERO).delete()  # paid in this very moment


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
