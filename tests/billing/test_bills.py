"""What waits for a bill comes onto one bill a home, once."""

from __future__ import annotations

import threading
import time
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from shouwen.billing.actions.bills import bill_due, run_bills
from shouwen.billing.actions.charging import lock_charges
from shouwen.billing.models import Bill, Charge
from shouwen.billing.queries import balance
from shouwen.rules.refused import Refused
from tests.billing.conftest import EVENING, FINISHED, NEXT_DAY, Counter
from tests.cast import Cast
from tests.databases import asked
from tests.moments import moment

clause = pytest.mark.clause
LATER = moment("2026-12-03 10:00", "周四")


def runs(counter: Counter, period: str = "2026-11", kind: str = "fee") -> list[Bill]:
    by = counter.of(counter.cast.xuqin)
    return run_bills(project=counter.cast.cuihu, period=period, kind=kind, by=by, at=LATER)


@clause("S3-4.2-1g")
def test_what_a_repair_costs_comes_onto_the_homes_next_fee_bill_and_is_collected_with_it(
    counter: Counter,
) -> None:
    case = counter.case()
    repair = counter.charges(case, collect="fee-bill")
    fee = counter.charges(None, unit=counter.cast.home, collect="fee-bill")
    paid_at_once = counter.charges(case)
    (bill,) = runs(counter)
    repair.refresh_from_db()
    assert (repair.bill, repair.state, bill.total) == (bill, "billed", Decimal("172.00"))
    assert set(bill.charges.all()) == {repair, fee}
    assert (bill.unit, bill.due_on) == (counter.cast.home, date(2026, 12, 18))
    counter.pays(repair, fee, amount="172.00", method="transfer", at=LATER)
    bill.refresh_from_db()
    assert bill.paid_at == LATER
    assert balance(counter.cast.home) == paid_at_once.amount


@pytest.fixture
def committing(transactional_db: None, cast: Cast) -> Counter:
    """The counter on a database in which each transaction really commits."""
    return Counter(cast)


@pytest.mark.skipif(asked() != "postgresql", reason="SQLite writes one transaction at a time")
def test_a_round_of_bills_locks_charges_in_the_order_in_which_a_payment_does(
    committing: Counter,
) -> None:
    """It waits for the first charge and holds no later one, so who pays both never waits for it."""
    first, second = (
        committing.charges(None, unit=committing.cast.home, collect="fee-bill") for _ in range(2)
    )
    moved = Charge.objects.filter(pk=first.pk)
    moved.update(number=f"{first.number}-1")  # now it lies behind the second, in every index

    def bill() -> None:
        try:
            runs(committing)
        finally:
            connections.close_all()

    round_ = threading.Thread(target=bill, daemon=True)
    with transaction.atomic():
        lock_charges(Charge.objects.filter(pk=first.pk))
        round_.start()
        _until_somebody_waits()
        assert Charge.objects.select_for_update(nowait=True).filter(pk=second.pk).exists()
    round_.join(20)
    assert {charge.bill for charge in Charge.objects.all()} == {Bill.objects.get()}


def _until_somebody_waits() -> None:
    """Until PostgreSQL says that a transaction waits for ours."""
    ends = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_second_round_bills_nothing_twice_and_what_came_later_waits_for_the_next_bill(
    counter: Counter,
) -> None:
    counter.charges(None, unit=counter.cast.home, collect="fee-bill")
    runs(counter)
    late = counter.charges(None, unit=counter.cast.home, collect="fee-bill", at=NEXT_DAY)
    other = counter.charges(None, unit=counter.cast.neighbour, collect="fee-bill")
    assert [bill.unit for bill in runs(counter)] == [other.unit]
    assert runs(counter) == []
    (december,) = runs(counter, "2026-12")
    assert list(december.charges.all()) == [late]
    assert list(Bill.objects.order_by("number").values_list("number", flat=True)) == [
        "B-CH-202611-0001", "B-CH-202611-0002", "B-CH-202612-0001",
    ]  # fmt: skip


def test_a_part_that_was_paid_before_is_not_asked_for_again(counter: Counter) -> None:
    charge = counter.charges(None, unit=counter.cast.home, collect="fee-bill")
    counter.pays(charge, amount="36.00")
    (bill,) = runs(counter)
    assert bill.total == Decimal("50.00")


@pytest.mark.parametrize(
    ("period", "sentence"), [("2027-01", "还没到"), ("2026-13", "写成"), ("jetzt", "写成")]
)
def test_a_period_that_is_none_is_refused(counter: Counter, period: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        runs(counter, period)


@clause("S4-4.4.3c-1")
def test_paid_services_are_billed_on_the_set_day_of_the_month_without_anybody_asking(
    counter: Counter,
) -> None:
    before = moment("2026-11-20 11:00", "周五")
    service = counter.charges(None, unit=counter.cast.home, collect="monthly-bill", at=before)
    assert bill_due(at=moment("2026-11-24 23:00", "周二")) == 0
    assert bill_due(at=moment("2026-11-25 00:10", "周三")) == 1
    on_the_day = counter.charges(
        None, unit=counter.cast.neighbour, collect="monthly-bill", at=FINISHED
    )
    assert bill_due(at=EVENING) == 0
    service.refresh_from_db()
    on_the_day.refresh_from_db()
    assert service.bill is not None
    assert (service.bill.kind, service.bill.period, service.bill.issued_by) == (
        "monthly", "2026-11", None,
    )  # fmt: skip
    assert on_the_day.bill is None
    counter.pays(service, at=LATER)
    service.bill.refresh_from_db()
    assert service.bill.paid_at == LATER
