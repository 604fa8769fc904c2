"""The bench still works. What it measures is no business of a test: no time is asserted here."""

import pytest
from django.db.models import Sum
from django.test import Client

from bench import million
from bench.figures import percentile, ratios, short, spread
from bench.inside import look, pages, quiet, sweep
from bench.many import RARE, build
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.models import Case, Commitment, Contact
from shouwen.cases.search import Wanted, find
from shouwen.figures.models import Tally
from shouwen.notify.models import OutboxMessage
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import SetClock


@pytest.mark.django_db(transaction=True)
def test_a_few_real_cases_become_as_many_as_are_wanted_and_every_page_opens(
    cast: Cast, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.many.REAL", 5)
    now = clock("2026-11-19 12:00", "周四")
    build(cast, 21, now)
    assert Case.objects.count() == Contact.objects.count() == 21
    assert Case.objects.filter(status="closed").count() == 16
    assert find(scope_of(cast.limin, now), Wanted(RARE)).count() == 1
    client = Client(SERVER_NAME="localhost")
    client.force_login(Staff.objects.get(pk=cast.limin.pk), backend=MODEL_BACKEND)
    for path in pages().values():
        look(path, client)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_rings_just_what_it_was_asked_to_make_due(
    cast: Cast, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.many.REAL", 5)
    now = clock("2026-11-19 12:00", "周四")
    build(cast, 11, now)
    quiet(now)
    told = OutboxMessage.objects.count()
    sweep(0)
    assert OutboxMessage.objects.count() == told
    sweep(2)
    assert OutboxMessage.objects.count() == told + 2
    assert Commitment.objects.filter(rung=1).count() >= 2


@pytest.mark.django_db(transaction=True)
def test_a_month_of_many_cases_is_locked_and_its_sums_are_those_of_its_verdicts(
    clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.many.REAL", 5)
    clock("2026-11-19 12:00", "周四")
    told = dict(million.measure(100, 1))
    assert told["tallies"] == Tally.objects.count() > 0
    whole = Tally.objects.filter(measure=million.MEASURE, by="").aggregate(
        hit=Sum("hit"), miss=Sum("miss"), out=Sum("out")
    )
    assert whole == {"hit": 90, "miss": 9, "out": 1}
    levels = {"project", "company", "group"}
    assert told["locked"].keys() == told["statement"].keys() == told["live"].keys() == levels


def test_figures_are_read_as_medians_with_their_spread() -> None:
    assert str(spread([3.0, 1.0, 200.0])) == "3.00 (1.00–200)"
    assert ratios([2.0, 3.0], [1.0, 1.0]).middle == 2.5
    assert [short(value) for value in (1234.4, 99.94, 1.005)] == ["1,234", "99.9", "1.00"]
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
