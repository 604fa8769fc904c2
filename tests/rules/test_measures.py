"""What a measure says about one record, and when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shouwen.rules.figure_kinds import Measure
from shouwen.rules.measures import Judged, Known, Promised, Visited, judge
from tests.moments import moment

OPENED = moment("2026-11-19 09:12", "周四")
ZONE = OPENED.tzinfo
DUE = OPENED + timedelta(hours=1)
MONTH_END = moment("2026-12-01 00:00", "周二")


def measure(count: dict[str, Any], **of: Any) -> Measure:
    told = {"opened_in": "period", "kind": ["complaint"], **of}
    return Measure(id="m", title="指标", of=told, count=count)


@pytest.fixture
def known() -> Known:
    assert ZONE is not None
    return Known(
        record="case", zone=MONTH_END.tzinfo or ZONE, moments={"opened": OPENED},
        facts={"kind": "complaint"}, status="accepted",
    )  # fmt: skip


def outcome(found: Judged | None) -> str:
    assert found is not None
    return found.outcome


def test_a_record_counts_on_the_day_of_its_moment_in_the_zone_of_the_house(known: Known) -> None:
    late = replace(known, moments={"opened": moment("2026-11-30 23:59", "周一")})
    found = judge(measure({"state": "closed"}), late)
    assert found is not None
    assert (found.on, found.decides_at) == (date(2026, 11, 30), MONTH_END)


def test_what_the_measure_does_not_speak_about_is_not_judged(known: Known) -> None:
    assert judge(measure({"state": "closed"}, kind=["repair"]), known) is None
    assert judge(measure({"state": "closed"}, moment="closed"), known) is None
    assert judge(measure({"commitment": "first"}), known) is None
    assert judge(measure({"result": "satisfied"}, rated=True), known) is None


@pytest.mark.parametrize(
    ("promise", "expected"),
    [
        (Promised("first", "met", DUE, DUE), "hit"),
        (Promised("first", "late", DUE, DUE + timedelta(minutes=1)), "miss"),
        (Promised("first", "", DUE), "open"),
        (Promised("first", "", None), "open"),
        (Promised("first", "waived", DUE, OPENED, "已关闭"), "out"),
        (Promised("first", "waived", DUE, DUE + timedelta(days=1), "已关闭"), "miss"),
        (Promised("first", "waived", DUE, DUE + timedelta(days=1), "分类已改"), "out"),
    ],
)
def test_a_promise_is_kept_only_when_it_was_met_in_time(
    known: Known, promise: Promised, expected: str
) -> None:
    asked = replace(known, promises=[promise])
    assert outcome(judge(measure({"commitment": "first"}), asked)) == expected


def test_one_late_round_spoils_the_rest_and_one_open_round_leaves_it_undecided(
    known: Known,
) -> None:
    met, late = Promised("first", "met", DUE, DUE), Promised("first", "late", DUE, DUE)
    running = Promised("first", "", DUE)
    rule = measure({"commitment": "first"})
    assert outcome(judge(rule, replace(known, promises=[met, late]))) == "miss"
    found = judge(rule, replace(known, promises=[met, running]))
    assert found is not None
    assert (found.outcome, found.decides_at) == ("open", DUE)


@pytest.mark.parametrize(
    ("state", "visited_at", "expected", "why"),
    [
        ("done", DUE, "hit", ""),
        ("done", DUE + timedelta(days=9), "hit", "逾期回访"),
        ("planned", None, "open", "回访窗口未结束"),
        ("not-drawn", None, "miss", "未抽中回访"),
        ("cancelled", None, "out", "回访已取消"),
    ],
)
def test_a_case_was_visited_undecided_not_drawn_or_called_off(
    known: Known, state: str, visited_at: Any, expected: str, why: str
) -> None:
    visit = Visited("visit", 1, state, DUE + timedelta(days=3), visited_at)
    done = replace(known, status="closed", visits=[visit])
    found = judge(measure({"visited": True}), done)
    assert found is not None
    assert (found.outcome, found.why) == (expected, why)


def test_the_last_work_is_what_must_be_asked_about(known: Known) -> None:
    first = Visited("visit", 1, "done", DUE, DUE)
    second = Visited("visit", 2, "planned", DUE + timedelta(days=9))
    found = judge(measure({"visited": True}), replace(known, visits=[first, second]))
    assert outcome(found) == "open"


def test_what_is_void_or_merged_counts_nowhere_and_says_why(known: Known) -> None:
    gone = replace(known, left_out="已并入 S-1", status="merged")
    found = judge(measure({"state": "closed"}), gone)
    assert found is not None
    assert (found.outcome, found.why) == ("out", "已并入 S-1")


@pytest.mark.peers("T15")
def test_a_score_is_kept_as_it_was_given_and_what_was_not_scored_is_not_judged(
    known: Known,
) -> None:
    scored = replace(known, record="visit", scores={"attitude": 4.0})
    free = Measure(
        id="m", title="评分", value="mean", of={"record": "visit", "opened_in": "period"},
        count={"scored": "attitude"},
    )  # fmt: skip
    found = judge(free, scored)
    assert found is not None
    assert (found.outcome, found.score) == ("hit", 4.0)
    assert judge(free, replace(scored, scores={})) is None
