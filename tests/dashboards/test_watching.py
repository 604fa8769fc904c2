"""A measure that swings for the worse brings up a correction, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.accounts.scope import scope_of
from shouwen.adoption.models import Adoption
from shouwen.dashboards.actions.watching import FRESH, is_worse, watch
from shouwen.dashboards.models import Watch
from shouwen.figures.actions import locking
from shouwen.learning.models import Correction
from shouwen.notify.models import OutboxMessage
from shouwen.rules.control import Limits, Swing
from shouwen.rules.figure_kinds import Measure, Of
from shouwen.rules.figures import Counts, Figure
from shouwen.rules.periods import read_period
from tests.dashboards.conftest import NEXT_DAY, Hall

AFTER = NEXT_DAY + timedelta(days=15)


def lock(hall: Hall, month: str = "2026-11") -> None:
    by = scope_of(hall.cast.zhoumin, AFTER)
    locking.lock(project=hall.cast.cuihu, month=read_period(month), by=by, at=AFTER)


@pytest.mark.clause("S3-4.5-4b")
def test_a_swing_for_the_worse_brings_up_a_correction_that_says_why(hall: Hall) -> None:
    hall.year(29)
    lock(hall)
    assert watch(at=AFTER) == 1
    correction = Correction.objects.get()
    assert correction.trigger == Correction.Trigger.SWING
    assert correction.title == "指标波动：投诉关闭率 72.5%"
    assert "正常范围" in correction.problem
    assert "目标 >= 100%" in correction.problem
    assert correction.clause == "4.3.5"
    assert OutboxMessage.objects.filter(staff=hall.cast.sunli).exists()


def test_a_month_like_the_others_brings_up_nothing(hall: Hall) -> None:
    hall.year(37)
    lock(hall)
    assert watch(at=AFTER) == 0
    assert Watch.objects.get(period="2026-11").swings == 0


def test_who_wants_to_hear_sooner_writes_it_into_the_regulation(hall: Hall) -> None:
    hall.year(33)
    lock(hall)
    adoption = Adoption.objects.get(edition__regulation="customer-communication", until=None)
    edition = adoption.edition
    edition.content["terms"]["swing_sigmas"] = "1.5"
    edition.pk, edition.edition, edition.digest = None, "2", "sooner"
    edition.save()
    Adoption.objects.filter(pk=adoption.pk).update(edition=edition)
    assert watch(at=AFTER) == 1


def test_the_worker_looks_at_a_month_once(hall: Hall) -> None:
    hall.year(29)
    lock(hall)
    assert watch(at=AFTER) == 1
    assert watch(at=AFTER + timedelta(hours=1)) == 0
    Watch.objects.all().delete()
    assert watch(at=AFTER + timedelta(hours=2)) == 0
    assert Correction.objects.count() == 1


def test_what_is_being_corrected_is_not_brought_up_by_the_next_month(hall: Hall) -> None:
    hall.year(29, 28)
    months = ("2026-10", "2026-11")
    for month in months:
        lock(hall, month)
    assert watch(at=AFTER) == 1
    assert Correction.objects.get().key.endswith(":2026-10")
    assert set(Watch.objects.filter(period__in=months).values_list("swings", flat=True)) == {1}


def test_a_lock_of_long_ago_asks_nobody_to_act(hall: Hall) -> None:
    hall.year(29)
    lock(hall)
    assert watch(at=AFTER + FRESH + timedelta(days=1)) == 0


def test_weeks_are_looked_at_on_the_monday_after(hall: Hall) -> None:
    for week in range(10):
        day = NEXT_DAY.date() - timedelta(weeks=10 - week)
        hall.judged(day, 38, 2)
    hall.judged(NEXT_DAY.date(), 20, 20)
    assert watch(at=NEXT_DAY) == 0
    monday = NEXT_DAY + timedelta(days=3)
    assert watch(at=monday) == 1
    assert Watch.objects.filter(period="2026-W47").exists()
    assert "第47周" in Correction.objects.get().problem


@pytest.mark.parametrize(
    ("target", "side", "worse"),
    [
        (">= 95%", "low", True),
        (">= 95%", "high", False),
        ("< 1%", "high", True),
        ("<= 5%", "low", False),
        ("", "high", True),
    ],
)
def test_a_swing_towards_the_target_is_no_fault(target: str, side: str, worse: bool) -> None:
    measure = Measure(id="closed", title="投诉关闭率", of=Of(), target=target)
    found = Swing(side, 1, Limits(0.9, 0.8, 1.0, 12))  # type: ignore[arg-type] # high or low
    assert is_worse(Figure("customer-communication", measure, Counts(9, 1)), found) is worse
