"""What is said of a figure, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shouwen.rules.commentary import (
    Came,
    Spoken,
    changed,
    overview,
    rose_or_fell,
    sentence,
    small_ones,
    swings,
    top,
    unjudged,
    verdict,
    weakest,
)
from shouwen.rules.figure_kinds import Measure, Of
from shouwen.rules.figures import Counts, Figure

RESPONSE = Measure(id="response", title="投诉响应及时率", of=Of(), target=">= 95%")
LIMIT = Measure(id="share", title="投诉率", of=Of(), target="< 1%", base="households")
DAYS = Measure(id="days", title="接待日", of=Of(), target=">= 1", value="count")
CAME = Came(128, 120, 30, 31, {"投诉": (12, 11), "报修": (80, 78), "咨询": (30, 25)})


def figure(hit: int, miss: int, measure: Measure = RESPONSE, **more: int) -> Figure:
    return Figure("customer-communication", measure, Counts(hit, miss, **more))


def test_a_target_that_was_reached_is_said_with_its_numbers() -> None:
    said = sentence(Spoken(figure(29, 1)))
    assert said == "投诉响应及时率 96.6%（29/30），达到目标（不低于 95%）。"


def test_a_target_that_was_missed_says_by_how_many_records() -> None:
    said = sentence(Spoken(figure(27, 3)))
    assert said == "投诉响应及时率 90%（27/30），未达到目标（不低于 95%），还差 2 件。"


def test_an_upper_target_that_was_missed_has_no_records_to_make_up() -> None:
    said = sentence(Spoken(figure(12, 0, LIMIT, base=1000)))
    assert said == "投诉率 1.2%（12/1000），未达到目标（低于 1%）。"


def test_a_count_is_no_share() -> None:
    said = sentence(Spoken(figure(0, 0, DAYS), figure(1, 0, DAYS)))
    assert said == "接待日 0，未达到目标（不低于 1），还差 1 件；上期 1。"


def test_a_mean_says_of_how_many() -> None:
    mean = Measure(id="mean", title="服务行为", of=Of(), value="mean")
    said = sentence(Spoken(figure(12, 0, mean, score=51)))
    assert said == "服务行为 4.25（12 份），制度未定目标。"


def test_nothing_to_judge_is_neither_praise_nor_blame() -> None:
    said = sentence(Spoken(figure(0, 0, open=2)))
    assert said == "投诉响应及时率：本期没有需要考核的记录，另有 2 件期限未到、尚未定论。"


def test_undecided_and_excluded_records_are_said_apart() -> None:
    said = sentence(Spoken(figure(29, 1, open=3, out=2)))
    assert "另有 3 件期限未到、尚未定论，2 件不计" in said


def test_what_had_nothing_to_judge_is_named_once() -> None:
    said = unjudged([figure(0, 0), figure(29, 1), figure(0, 0, LIMIT)])
    assert said == "本期没有需要考核的记录：投诉响应及时率、投诉率。"


def test_few_records_are_called_few() -> None:
    assert "只有 4 件，比率仅供参考" in sentence(Spoken(figure(4, 0)))
    assert small_ones([figure(4, 0), figure(29, 1)]) == "投诉响应及时率不足 10 件，比率仅供参考。"


def test_a_change_within_chance_is_no_change() -> None:
    assert "与上期（96.6%）相比没有明显变化" in sentence(Spoken(figure(27, 3), figure(29, 1)))


def test_a_change_beyond_chance_is_said_with_its_direction() -> None:
    said = sentence(Spoken(figure(160, 40), figure(190, 10)))
    assert "比上期（95%）明显下降" in said
    assert "比上期（80%）明显上升" in sentence(Spoken(figure(190, 10), figure(160, 40)))


@pytest.mark.parametrize(
    ("now", "before", "is_news"),
    [
        ((1, 1), (2, 0), False),
        ((0, 5), (5, 0), True),
        ((50, 50), (60, 40), False),
        ((500, 500), (600, 400), True),
        ((30, 0), (30, 0), False),
        ((0, 0), (30, 0), False),
    ],
)
def test_what_chance_explains_is_no_news(
    now: tuple[int, int], before: tuple[int, int], is_news: bool
) -> None:
    assert changed(figure(*now), figure(*before)) is is_news


def test_a_longer_month_brings_more_without_being_news() -> None:
    assert rose_or_fell(3100, 2800, 31, 28) == 0
    assert rose_or_fell(3100, 2800) == 1
    assert rose_or_fell(5, 30, 30, 31) == -1
    assert rose_or_fell(0, 0) == 0


def test_the_weakest_department_is_named_where_the_whole_missed_its_target() -> None:
    parts = (("工程部", figure(8, 2)), ("环境部", figure(19, 1)), ("护管部", figure(0, 0)))
    said = Spoken(figure(27, 3), parts=parts)
    assert "最薄弱的是工程部，80%（8/10）" in sentence(said)
    assert weakest(replace(said, figure=figure(29, 1))) is None


def test_with_an_upper_target_the_highest_share_is_the_weakest() -> None:
    parts = (("一区", figure(2, 0, LIMIT, base=500)), ("二区", figure(10, 0, LIMIT, base=500)))
    found = weakest(Spoken(figure(12, 0, LIMIT, base=1000), parts=parts))
    assert found is not None
    assert found[0] == "二区"


def test_the_three_most_frequent_reasons_are_named() -> None:
    reasons = {"超过 1 小时未联系": 4, "夜间无人接单": 2, "电话错误": 1, "漏派": 2, "": 9}
    said = sentence(Spoken(figure(20, 9), reasons=reasons))
    named = "超过 1 小时未联系（4 件）、夜间无人接单（2 件）、漏派（2 件）"
    assert said.endswith(f"未达标的主要情形：{named}。")
    assert top(reasons) == top(dict(reversed(reasons.items())))


def test_all_measures_together_are_judged_in_one_sentence() -> None:
    assert verdict([figure(29, 1)]) == "有目标的 1 项指标全部达到。"
    both = verdict([figure(29, 1), figure(12, 0, LIMIT, base=1000), figure(0, 0)])
    assert both == "有目标的 2 项指标达到 1 项，未达到 1 项：投诉率。"
    assert verdict([]) == ""


def test_what_came_in_is_told_with_what_still_stands() -> None:
    said = overview(replace(CAME, void=2, unclosed=9, late=4, unsatisfied=3))
    assert said == (
        "本期登记客户信息 128 件，其中报修 80 件、咨询 30 件、投诉 12 件；作废或并入 2 件。"
        "上期 120 件，没有明显变化。"
        "期末未关闭 9 件；本期有超时 4 件，回访不满意或只部分解决 3 件。"
    )


def test_a_clean_month_says_so() -> None:
    assert overview(CAME).endswith("期末没有未关闭的事项，本期没有超时和不满意。")


def test_only_kinds_that_swung_beyond_chance_are_named() -> None:
    assert swings(CAME) == "各类数量与上期相比没有明显变化。"
    more = replace(CAME, kinds={"投诉": (40, 11), "报修": (80, 78), "咨询": (5, 30)})
    assert swings(more) == "与上期相比，投诉明显增加（11 → 40 件），咨询明显减少（30 → 5 件）。"
