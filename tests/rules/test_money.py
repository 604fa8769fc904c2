"""Not a cent is lost, and who pays is decided by part, date and damage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.adoption import library
from shouwen.rules.money import Line, split, total, yuan
from shouwen.rules.paid_kinds import Warranty
from shouwen.rules.payer import decide_payer, ends_on
from shouwen.rules.quotation import Asked, Band, Edition, is_effective, require_quotable
from shouwen.rules.refused import Refused
from shouwen.rules.rule import Facts

CENTS = st.decimals("-100000", "100000", places=2)
WEIGHTS = st.lists(st.decimals("0", "1000", places=3), min_size=1, max_size=12).filter(any)
WARRANTIES = library.load("defaults").warranty
HOME: Facts = {"scope": "home"}
TODAY = date(2026, 11, 19)

# --- Amounts --------------------------------------------------------------------------------------


@given(CENTS, WEIGHTS)
def test_shares_sum_to_the_amount_and_none_is_a_cent_away_from_its_due(
    amount: Decimal, weights: list[Decimal]
) -> None:
    shares, whole = split(amount, weights), sum(weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert share == share.quantize(Decimal("0.01"))
        assert abs(share - amount * weight / whole) < Decimal("0.01")


def test_the_cent_that_is_left_goes_to_the_largest_remainder_the_first_of_equals() -> None:
    thirds = split(Decimal("100.00"), [Decimal(1)] * 3)
    assert [str(share) for share in thirds] == ["33.34", "33.33", "33.33"]
    assert split(Decimal("0.05"), [Decimal(1), Decimal(9)]) == [Decimal("0.01"), Decimal("0.04")]


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_there_are_no_shares_without_weights(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal(1), weights)


def test_half_a_cent_is_rounded_up_on_its_line_and_the_total_is_what_stands_there() -> None:
    line = Line("电线", "米", Decimal("0.5"), Decimal("4.05"))
    assert line.amount == Decimal("2.03")
    assert total([line, line]) == Decimal("4.06")
    assert total([]) == Decimal("0.00")
    assert yuan(Decimal("12345.6")) == "12,345.60"


# --- Who pays -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "handed_over", "today", "code"),
    [
        ("waterproof", date(2022, 1, 1), TODAY, "developer"),
        ("waterproof", date(2021, 11, 19), TODAY, "developer"),
        ("waterproof", date(2021, 11, 18), TODAY, "owner"),
        ("plumbing", date(2025, 6, 1), TODAY, "developer"),
        ("plumbing", date(2024, 6, 1), TODAY, "owner"),
        ("structure", date(1998, 6, 1), TODAY, "developer"),
        ("other", date(2026, 6, 1), TODAY, "owner"),
        ("", date(2026, 6, 1), TODAY, "owner"),
        ("plumbing", None, TODAY, "owner"),
    ],
)
def test_the_developer_pays_while_the_warranty_of_the_part_runs(
    part: str, handed_over: date | None, today: date, code: str
) -> None:
    found = decide_payer(HOME, part, handed_over, today, WARRANTIES)
    assert found.code == code
    assert found.is_customer is (code == "owner")
    assert bool(found.clause) is (code == "developer")


@pytest.mark.parametrize(
    ("handed_over", "last"),
    [
        (date(2024, 10, 1), date(2026, 3, 15)),
        (date(2024, 11, 15), date(2026, 3, 15)),
        (date(2024, 12, 1), date(2027, 3, 15)),
        (date(2025, 1, 10), date(2027, 3, 15)),
    ],
)
def test_heating_is_kept_up_for_two_whole_seasons(handed_over: date, last: date) -> None:
    heating = next(rule for rule in WARRANTIES if rule.part == "heating")
    assert ends_on(heating, handed_over) == last


def test_a_home_handed_over_on_a_leap_day_has_its_anniversary_the_day_after() -> None:
    two = Warranty(id="two", title="", part="wiring", years=2)
    assert ends_on(two, date(2024, 2, 29)) == date(2026, 3, 1)


def test_who_did_the_damage_pays_also_in_the_warranty() -> None:
    facts: Facts = {**HOME, "liable": "装修公司"}
    found = decide_payer(facts, "plumbing", date(2026, 6, 1), TODAY, WARRANTIES)
    assert (found.code, found.is_customer) == ("liable", True)
    assert "装修公司" in found.words


@pytest.mark.parametrize(
    ("class_", "code"), [("small", "company"), ("medium", "fund"), ("large", "fund")]
)
def test_public_work_is_paid_from_the_fund_when_it_is_large(class_: str, code: str) -> None:
    facts: Facts = {"scope": "public", "repair_class": class_}
    found = decide_payer(facts, "other", date(2015, 1, 1), TODAY, WARRANTIES)
    assert (found.code, found.is_customer) == (code, False)


def test_the_reason_says_when_a_warranty_ended_or_that_the_handover_is_not_known() -> None:
    ended = decide_payer(HOME, "plumbing", date(2024, 6, 1), TODAY, WARRANTIES)
    assert "已于 2026-06-01 届满" in ended.words
    unknown = decide_payer(HOME, "plumbing", None, TODAY, WARRANTIES)
    assert "交付日期没有登记" in unknown.words


# --- What may be quoted ---------------------------------------------------------------------------

BAND = Band("JS-02", "疏通下水管", Decimal(60), Decimal(120))


@given(st.decimals("0", "200", places=2))
def test_a_price_is_taken_exactly_when_it_lies_within_its_band(price: Decimal) -> None:
    line = Asked("疏通下水管", Decimal(1), price, BAND)
    if 60 <= price <= 120:
        require_quotable([line], negotiated=False)
    else:
        with pytest.raises(Refused, match=r"60\.00–120\.00"):
            require_quotable([line], negotiated=True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Asked(" ", Decimal(1), Decimal(1)), "名称"),
        (Asked("玻璃胶", Decimal(0), Decimal(1)), "大于零"),
        (Asked("玻璃胶", Decimal(1), Decimal(-1)), "小于零"),
        (Asked("玻璃胶", Decimal(1), Decimal(1)), "不在现行收费标准中"),
    ],
)
def test_a_line_without_sense_or_off_the_list_is_refused(line: Asked, words: str) -> None:
    with pytest.raises(Refused, match=words):
        require_quotable([line], negotiated=False)


def test_a_price_agreed_freely_is_taken_where_the_regulation_lets_it_be() -> None:
    require_quotable([Asked("会务策划", Decimal(1), Decimal(3000))], negotiated=True)
    with pytest.raises(Refused, match="至少写一个"):
        require_quotable([], negotiated=True)


@pytest.mark.parametrize(
    ("edition", "holds"),
    [
        (Edition(False, TODAY), False),
        (Edition(True, None), False),
        (Edition(True, TODAY), True),
        (Edition(True, date(2026, 11, 20)), False),
        (Edition(True, date(2026, 1, 1), TODAY), False),
        (Edition(True, date(2026, 1, 1), None, must_post=True), False),
        (Edition(True, date(2026, 1, 1), None, must_post=True, posted_on=TODAY), True),
    ],
)
def test_an_edition_holds_from_its_day_until_the_next_and_once_it_was_posted(
    edition: Edition, holds: bool
) -> None:
    assert is_effective(edition, TODAY) is holds
