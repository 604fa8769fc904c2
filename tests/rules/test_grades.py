"""Amounts as people write them, and which grade stands above which."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.adoption.library import rulebook
from shouwen.rules.grades import amount_of, rank, require_not_lowered
from shouwen.rules.refused import Refused

S4 = rulebook(("customer-communication", "defaults"))


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("", 0), ("没有说", 0), ("5000", 5000), ("5,000.50元", Decimal("5000.50")),
        ("1.2万", 12000), ("3千", 3000), ("要求赔 8，000 元", 8000), ("2 万元，另道歉", 20000),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text: str, yuan: object) -> None:
    assert amount_of(text) == yuan


@given(st.integers(0, 10**9))
def test_every_whole_amount_is_read_back(yuan: int) -> None:
    assert amount_of(f"索赔{yuan:,}元") == amount_of(f"{yuan}") == yuan


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    assert amount_of(text) >= 0


def test_the_list_begins_with_the_ordinary_grade() -> None:
    ranks = [rank(S4, grade) for grade in ("", None, "unknown", "general", "major", "group")]
    assert ranks == [0, 0, 0, 0, 1, 2]


@given(
    st.sampled_from(["", "general", "major", "group"]),
    st.sampled_from(["general", "major", "group"]),
)
def test_only_what_is_lower_is_refused(before: str, after: str) -> None:
    was, now = {"kind": "complaint", "grade": before}, {"grade": after}
    if rank(S4, after) >= rank(S4, before):
        require_not_lowered(S4, was, now)
        return
    with pytest.raises(Refused) as refused:
        require_not_lowered(S4, was, now)
    assert refused.value.code == "grade-lowered"
