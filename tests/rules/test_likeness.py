"""Whether two tellings are about the same matter, and why in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.rules.likeness import (
    LIKELY,
    Place,
    Telling,
    belongs,
    count_households,
    grams,
    likeness,
    rarity,
)

FLAT = rarity({}, 0)
HOME = Place(3, "2", "501", "5")
BELOW = Place(3, "2", "401", "4")
OTHER = Place(3, "1", "602", "6")
FAR = Place(1, "1", "101", "1")


def told(text: str, place: Place | None = None, kind: str = "complaint") -> Telling:
    return Telling(text, FLAT, kind, place)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("电梯又坏了，困住老人", "电梯坏了三天没人修"),
        ("楼下饭店油烟太大，开窗就呛", "底商饭店的油烟熏得人受不了"),
        ("小区大门口道闸抬不起来，堵车", "大门道闸坏了，早上堵车半小时"),
    ],
)
def test_the_same_matter_in_other_words_is_alike(one: str, other: str) -> None:
    assert likeness(told(one), told(other)).score >= LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("电梯又坏了，困住老人", "楼下饭店油烟太大"),
        ("物业费太高，希望处理", "噪音太大，希望物业处理"),
        ("你好", "你好"),
    ],
)
def test_what_everybody_says_makes_nothing_alike(one: str, other: str) -> None:
    assert likeness(told(one), told(other)).score < LIKELY


def test_it_says_why_with_place_and_words() -> None:
    found = likeness(told("卫生间天花板滴水", HOME), told("卫生间往下滴水", BELOW))
    assert found.why == "同一立管；都说到“卫生间”“滴水”"


def test_it_says_that_the_kinds_differ() -> None:
    found = likeness(told("电梯异响"), told("电梯异响", kind="repair"))
    assert found.why == "都说到“电梯异响”；类别不同"


def test_the_nearer_the_likelier() -> None:
    text = "厨房墙面渗水"
    scores = [
        likeness(told(text, HOME), told("厨房吊顶渗水发霉", place)).score
        for place in (FAR, OTHER, BELOW, HOME)
    ]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_a_code_is_a_word() -> None:
    assert {"a7县", "58车"} <= grams("A7县的58车贷案").keys()
    assert "13900000421" not in grams("电话13900000421")


def test_what_the_beginning_says_counts_more() -> None:
    letter = "关于油烟扰民。" + "另外" * 20 + "想说说园区绿化养护不及时树木枯死。"
    smoke, trees = told("油烟扰民"), told("树木枯死")
    assert likeness(smoke, told(letter)).score > likeness(trees, told(letter)).score


def test_a_chain_of_neighbours_is_no_group() -> None:
    assert belongs([0.5, 0.3])
    assert not belongs([LIKELY + 0.01, 0.0, 0.0, 0.0])
    assert not belongs([])


WORDS = st.text(alphabet="电梯坏停水油烟噪音渗漏车位道闸3栋A", max_size=60)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_between_nothing_and_all(one: str, other: str) -> None:
    there, back = likeness(told(one), told(other)), likeness(told(other), told(one))
    assert there.score == pytest.approx(back.score)
    assert 0 <= there.score <= 1


@given(WORDS)
def test_nothing_is_liker_than_itself(text: str) -> None:
    itself = likeness(told(text), told(text)).score
    assert likeness(told(text), told(f"{text}绿化枯死围墙倒塌")).score <= itself + 1e-9


@pytest.mark.clause("S4-4.4.1a-1f")
def test_households_are_counted_and_not_messages() -> None:
    same_home = [["unit:1"], ["unit:1", "phone:139"], ["phone:139"]]
    assert count_households([*same_home, ["unit:2"], ["phone:138"]]) == 3


def test_who_says_nothing_of_himself_counts_for_one() -> None:
    assert count_households([[], [], ["unit:1"]]) == 3


TRACES = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=3), max_size=12)


@given(TRACES, st.randoms(use_true_random=False))
def test_the_order_of_messages_changes_no_count(traces: list[list[str]], lot: object) -> None:
    shuffled = traces[:]
    lot.shuffle(shuffled)  # type: ignore[attr-defined] # random.Random
    assert count_households(traces) == count_households(shuffled)
    assert count_households(traces + traces[:1]) <= count_households(traces) + (
        1 if traces and not traces[0] else 0
    )
