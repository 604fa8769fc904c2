"""What is a swing of a measure and what is chance, by examples and by drawing lots."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.rules.control import LEAST, RUN, Point, Swing, explained, limits, swing

#: Twelve months of a project that keeps 95 % of its promises, more or less.
USUAL = [Point(hit, 40) for hit in (38, 39, 37, 38, 40, 38, 37, 39, 38, 38, 37, 39)]
MONTHS = [Point(n) for n in (52, 47, 55, 49, 51, 46, 53, 50, 48, 54)]


def test_a_month_like_the_others_is_no_swing() -> None:
    assert swing([*USUAL, Point(36, 40)]) is None


def test_a_regulation_says_how_far_is_too_far() -> None:
    for now in (Point(33, 40), Point(9, 12)):
        assert swing([*USUAL, now]) is None
        assert swing([*USUAL, now], sigmas=1.5) is not None
    assert swing([*USUAL, Point(29, 40)], sigmas=9) is None


def test_a_month_that_chance_does_not_explain_is_a_swing_and_says_why() -> None:
    now = Point(29, 40)
    found = swing([*USUAL, now])
    assert found is not None
    assert (found.side, found.run, found.limits.periods) == ("low", 1, 12)
    words = explained(found, now)
    assert "本期 72.5%（29/40），低于按此前 12 期算出的正常范围" in words


def test_the_same_percentage_of_few_is_no_swing() -> None:
    """Three of four are 75 %, and nothing to be alarmed about."""
    assert swing([*USUAL, Point(3, 4)]) is None


def test_a_first_failure_after_months_without_any_is_no_swing() -> None:
    spotless = [Point(30, 30)] * 10
    assert swing([*spotless, Point(29, 30)]) is None
    assert swing([*spotless, Point(24, 30)]) is not None


def test_before_eight_periods_nothing_is_known() -> None:
    assert swing([*USUAL[: LEAST - 1], Point(0, 40)]) is None
    assert swing([*USUAL[:LEAST], Point(0, 40)]) is not None


def test_periods_in_which_nothing_was_judged_are_passed_over() -> None:
    empty = [Point(0, 0)] * 20
    assert swing([*empty, *USUAL[: LEAST - 1], Point(0, 40)]) is None
    assert swing([*USUAL, Point(0, 0)]) is None
    assert swing([]) is None


def test_eight_months_below_the_mean_are_a_swing_though_none_is_out_of_the_limits() -> None:
    sinking = [Point(36, 40)] * RUN
    assert swing([*USUAL, *sinking[1:]]) is None
    found = swing([*USUAL, *sinking])
    assert found is not None
    assert (found.side, found.run) == ("low", RUN)
    assert "已连续 8 期低于此前 12 期的均值" in explained(found, sinking[-1])


def test_more_than_usual_is_a_swing_upwards() -> None:
    often_missed = [Point(20, 40), Point(22, 40), Point(19, 40), Point(21, 40)] * 3
    found = swing([*often_missed, Point(38, 40)])
    assert found is not None
    assert found.side == "high"


def test_a_count_swings_by_what_single_values_waver() -> None:
    assert swing([*MONTHS, Point(66)], "count") is None
    found = swing([*MONTHS, Point(90)], "count")
    assert found is not None
    assert found.side == "high"
    assert explained(found, Point(90), "count").startswith("本期 90，高于")


def test_a_month_without_any_complaint_is_seen_in_a_count() -> None:
    found = swing([*MONTHS, Point(0)], "count")
    assert found is not None
    assert found.side == "low"


def test_of_very_many_the_limits_allow_for_months_that_differ() -> None:
    """Of 100,000 the binomial law alone would call half a percent a swing in most months."""
    large = [
        Point(hit, 100_000) for hit in (95200, 94700, 95400, 94900, 95100, 94600, 95300, 94800)
    ]
    assert swing([*large, Point(95600, 100_000)]) is None
    assert swing([*large, Point(90000, 100_000)]) is not None


@settings(max_examples=40)
@given(
    st.lists(
        st.integers(1, 500).flatmap(lambda n: st.builds(Point, st.integers(0, n), st.just(n))),
        min_size=LEAST + 1,
        max_size=30,
    )
)
def test_the_limits_hold_their_mean_and_are_shares(points: list[Point]) -> None:
    found = limits(points[:-1], points[-1])
    assert found is not None
    assert 0 <= found.low <= found.centre <= found.high <= 1
    assert isinstance(swing(points), Swing | None)


@pytest.mark.parametrize(("share", "n"), [(0.95, 40), (0.99, 12), (0.5, 300), (0.8, 5)])
def test_who_draws_lots_is_seldom_alarmed(share: float, n: int) -> None:
    """Months that differ by chance alone: fewer than two in a hundred are called a swing."""
    lots = Random(20261119)
    alarms = 0
    for _ in range(200):
        draws = [sum(lots.random() < share for _ in range(n)) for _ in range(13)]
        alarms += swing([Point(hit, n) for hit in draws]) is not None
    assert alarms < 4
