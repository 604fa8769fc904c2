"""How many records lie between a figure and its target, by examples."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from shouwen.rules.figure_kinds import Measure, Of
from shouwen.rules.figures import Counts, Figure
from shouwen.rules.gaps import Gap, gap
from shouwen.rules.scores import Part, score


def figure(target: str, *, value: Any = "rate", **counts: int) -> Figure:
    measure = Measure(id="closed", title="投诉关闭率", of=Of(), target=target, value=value)
    return Figure("customer-communication", measure, Counts(**counts))


@pytest.mark.parametrize(
    ("target", "counts", "expected"),
    [
        (">= 95%", {"hit": 90, "miss": 10, "open": 5}, Gap("short", 5)),
        (">= 95%", {"hit": 94, "miss": 6, "open": 30}, Gap("needed", 20)),
        (">= 95%", {"hit": 96, "miss": 4}, Gap("spare", 1)),
        (">= 95%", {"hit": 95, "miss": 5}, Gap("spare", 0)),
        ("> 95%", {"hit": 95, "miss": 5, "open": 3}, Gap("needed", 1)),
        (">= 100%", {"hit": 9, "miss": 1, "open": 3}, Gap("short", 1)),
        ("< 1%", {"hit": 2, "miss": 198}, Gap("over", 1)),
        ("<= 1%", {"hit": 2, "miss": 198}, Gap("spare", 0)),
        ("<= 5%", {"hit": 2, "miss": 198}, Gap("spare", 8)),
        (">= 95%", {"open": 4}, Gap("none")),
        ("", {"hit": 3, "miss": 1}, Gap("none")),
    ],
)
def test_the_gap_is_said_in_records(target: str, counts: dict[str, int], expected: Gap) -> None:
    assert gap(figure(target, **counts)) == expected


def test_of_a_count_the_gap_is_what_is_lacking() -> None:
    assert gap(figure(">= 2", value="count", hit=1)) == Gap("short", 1)
    assert gap(figure(">= 2", value="count", hit=3)) == Gap("spare")
    assert gap(figure("<= 2", value="count", hit=3)) == Gap("over", 1)


@pytest.mark.parametrize("target", [">= 95%", "> 95%", ">= 30%", ">= 99.9%"])
@pytest.mark.parametrize(("hit", "miss"), [(94, 6), (9, 3), (0, 2), (399, 21), (28, 72)])
def test_with_as_many_successes_more_the_target_is_met_and_with_one_fewer_it_is_not(
    target: str, hit: int, miss: int
) -> None:
    found = gap(figure(target, hit=hit, miss=miss, open=100_000))
    if found.standing == "needed":
        assert figure(target, hit=hit + found.records, miss=miss).is_met
        assert not figure(target, hit=hit + found.records - 1, miss=miss).is_met
    else:
        assert figure(target, hit=hit, miss=miss + found.records).is_met
        assert not figure(target, hit=hit, miss=miss + found.records + 1).is_met


def test_the_score_of_a_department_weighs_four_shares() -> None:
    parts = {
        "timeliness": Part(9, 10), "closure": Part(4, 5), "satisfaction": Part(1, 2),
        "calm": Part(5, 5),
    }  # fmt: skip
    assert score(parts) == Fraction(40 * 9, 10) + Fraction(30 * 4, 5) + 10 + 10


def test_where_nothing_was_judged_the_other_parts_carry_the_weight() -> None:
    silent = {"timeliness": Part(3, 4), "closure": Part(0, 0), "satisfaction": Part(0, 0)}
    assert score(silent) == 75
    assert score({"timeliness": Part(0, 0)}) is None
