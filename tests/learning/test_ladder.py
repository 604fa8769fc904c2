"""Who is told when a time passes: each once, in order, whenever somebody looks."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shouwen.rules.corrections import LADDER, next_ring, quarter_of, ready
from shouwen.rules.ladders import Rung
from tests.learning.conftest import DUE

LOOKS = st.lists(st.integers(min_value=-72, max_value=240), min_size=1, max_size=12)


@given(LOOKS)
def test_however_often_somebody_looks_every_step_rings_once_and_in_order(hours: list[int]) -> None:
    rung: list[Rung] = []
    for at in sorted(DUE + timedelta(hours=hour) for hour in hours):
        steps = ready(DUE, len(rung), at)
        rings = next_ring(DUE, len(rung))
        assert bool(steps) == (rings is not None and rings <= at)
        rung += steps
        assert all(step.after + DUE > at for step in LADDER[len(rung) :])
    assert tuple(rung) == LADDER[: len(rung)]


def test_nothing_rings_without_a_time_or_after_the_last_step() -> None:
    assert next_ring(None, 0) is None
    assert next_ring(DUE, len(LADDER)) is None


def test_a_day_belongs_to_its_quarter() -> None:
    days = {date(2026, 1, 1): "2026Q1", date(2026, 6, 30): "2026Q2", date(2026, 12, 31): "2026Q4"}
    assert {day: quarter_of(day) for day in days} == days
