"""Due times: every form of a limit, pauses, the arithmetic in words, and mistakes in a rule."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.adoption.china import china_calendar
from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.due import Pause, after, before, check, due, window
from shouwen.rules.worktime import Calendar
from tests.rules.calendars import HOUR, OFFICE, at, calendar, situations
from tests.rules.worktime_oracle import STEP, Oracle

S4 = (DueBranch(between=("08:00", "18:00"), within="1 hour"), DueBranch(next="09:00"))
#: Monday to Friday 08:30–12:00 and 14:00–18:00, with the official days of China.
CHINA = china_calendar(tuple((30_600 + n * 19_800, 43_200 + n * 21_600) for n in (0, 1)))


def limit(form: str, ends: Any = "") -> tuple[DueBranch, ...]:
    """One branch from "within 3 days" as a regulation would write it."""
    kind, text = form.split(" ", 1)
    return (DueBranch.model_validate({kind: text, "ends": ends}),)


def when(form: str, start: str, pauses: list[tuple[str, str]] | None = None, ends: str = "") -> Any:
    paused: list[Pause] = [(at(one), at(two)) for one, two in pauses or []]
    return due(limit(form, ends), at(start), CHINA, paused).at


# Every form


@pytest.mark.parametrize(
    ("form", "start", "expected"),
    [
        ("within 10 minutes", "2026-11-19 四 09:12:30", "2026-11-19 四 09:22:30"),
        ("within 1 hour", "2026-11-19 四 23:30", "2026-11-20 五 00:30"),
        ("within 24 hours", "2026-11-20 五 09:12", "2026-11-21 六 09:12"),
        ("within 8 working hours", "2026-11-19 四 17:00", "2026-11-20 五 17:30"),
        ("within 90 working minutes", "2026-11-19 四 11:00", "2026-11-19 四 14:30"),
        ("within 3 days", "2026-11-19 四 00:00", "2026-11-23 一 00:00"),
        ("within 3 days", "2026-11-19 四 23:59", "2026-11-23 一 00:00"),
        ("within 0 days", "2026-11-19 四 10:00", "2026-11-20 五 00:00"),
        ("within 1 week", "2026-11-19 四 10:00", "2026-11-27 五 00:00"),
        ("within 3 working days", "2026-11-19 四 10:00", "2026-11-25 三 00:00"),
        ("within 3 working days", "2026-09-30 三 10:00", "2026-10-11 日 00:00"),
        ("within 1 working day", "2026-11-21 六 10:00", "2026-11-24 二 00:00"),
        ("within 1 month", "2026-11-19 四 10:00", "2026-12-19 六 10:00"),
        ("within 1 month", "2026-01-31 六 09:00", "2026-03-01 日 00:00"),
        ("within 1 month", "2026-01-28 三 09:00", "2026-02-28 六 09:00"),
        ("next 09:00", "2026-11-19 四 08:59:59", "2026-11-19 四 09:00"),
        ("next 09:00", "2026-11-19 四 09:00", "2026-11-20 五 09:00"),
        ("until end of day", "2026-11-19 四 00:00", "2026-11-20 五 00:00"),
        ("until end of day", "2026-11-19 四 23:59", "2026-11-20 五 00:00"),
        ("until end of working day", "2026-11-19 四 10:00", "2026-11-19 四 18:00"),
        ("until end of working day", "2026-11-20 五 18:00", "2026-11-23 一 18:00"),
        ("until end of working day", "2026-11-19 四 12:30", "2026-11-19 四 18:00"),
        ("until day 5 of next month", "2026-12-31 四 10:00", "2027-01-06 三 00:00"),
        ("until day 31 of next month", "2026-01-01 四 10:00", "2026-03-01 日 00:00"),
        ("until day 10 of next month 17:30", "2026-11-19 四 10:00", "2026-12-10 四 17:30"),
        ("until 17:30", "2026-11-19 四 17:29", "2026-11-19 四 17:30"),
        ("until 17:30", "2026-11-19 四 17:30", "2026-11-20 五 17:30"),
    ],
)
def test_each_form_of_a_limit(form: str, start: str, expected: str) -> None:
    assert when(form, start) == at(expected)


@pytest.mark.parametrize(
    ("form", "ends", "start", "expected"),
    [
        ("within 3 days", "time", "2026-11-19 四 10:15", "2026-11-22 日 10:15"),
        ("within 3 days", "day", "2026-11-19 四 10:15", "2026-11-23 一 00:00"),
        ("within 3 working days", "time", "2026-11-19 四 10:15", "2026-11-24 二 10:15"),
        ("within 1 working day", "time", "2026-11-19 四 19:00", "2026-11-23 一 08:30"),
        ("within 1 working day", "time", "2026-11-21 六 10:15", "2026-11-24 二 08:30"),
        ("within 1 month", "day", "2026-11-19 四 10:15", "2026-12-20 日 00:00"),
    ],
)
def test_days_and_months_end_as_the_rule_says(
    form: str, ends: str, start: str, expected: str
) -> None:
    assert when(form, start, ends=ends) == at(expected)


@pytest.mark.clause("S4-4.4.2b-3", "S4-4.4.2b-4")
@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-19 四 07:59:59", "2026-11-19 四 09:00"),
        ("2026-11-19 四 08:00", "2026-11-19 四 09:00"),
        ("2026-11-19 四 17:59:59", "2026-11-19 四 18:59:59"),
        ("2026-11-19 四 18:00", "2026-11-20 五 09:00"),
        ("2026-11-20 五 00:30", "2026-11-20 五 09:00"),
    ],
)
def test_a_repair_is_answered_within_the_hour_by_day_and_by_nine_after_a_night(
    start: str, expected: str
) -> None:
    assert due(S4, at(start), CHINA).at == at(expected)


@pytest.mark.clause("S4-4.4.2b-3", "S4-4.4.2b-4")
@given(st.integers(0, 14 * 86_400), st.integers(0, 2 * 86_400))
def test_a_repair_reported_later_is_never_due_earlier(second: int, later: int) -> None:
    first = at("2026-09-28 一 00:00") + timedelta(seconds=second)
    one, two = (due(S4, start, CHINA).at for start in (first, first + timedelta(seconds=later)))
    assert one is not None
    assert two is not None
    assert one <= two


FORMS = [
    "within 10 minutes", "within 24 hours", "within 8 working hours", "within 3 days",
    "within 1 week", "within 3 working days", "within 1 month", "next 09:00", "until end of day",
    "until end of working day", "until day 5 of next month", "until 17:30",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(situations(), st.sampled_from(FORMS), st.integers(0, 4_000), st.booleans())
def test_whatever_starts_later_is_never_due_earlier(
    situation: tuple[dict[str, Any], datetime], form: str, later: int, to_the_minute: bool
) -> None:
    ours, start = Calendar.from_json(situation[0]), situation[1]
    days = form.startswith("within") and not form.endswith(("minutes", "hours"))
    branches = limit(form, "time" if days and to_the_minute else "")
    one = due(branches, start, ours).at
    two = due(branches, start + timedelta(minutes=later), ours).at
    assert one is not None
    assert two is not None
    assert start < one <= two


@pytest.mark.deadline("D13")
@pytest.mark.parametrize(
    ("form", "start", "expected"),
    [
        ("within 24 hours", "2026-03-28T12:00Z", "2026-03-29T12:00Z"),
        ("next 09:00", "2026-03-28T12:00Z", "2026-03-29T08:00Z"),
        ("next 01:30", "2026-03-28T12:00Z", "2026-03-29T01:00Z"),
        ("within 1 day", "2026-03-28T12:00Z", "2026-03-29T23:00Z"),
        ("next 09:00", "2026-10-24T12:00Z", "2026-10-25T09:00Z"),
        ("next 01:30", "2026-10-24T12:00Z", "2026-10-25T00:30Z"),
        ("within 1 month", "2026-10-24T12:00Z", "2026-11-24T13:00Z"),
    ],
)
def test_clock_changes_move_moments_of_the_day_and_not_hours(
    form: str, start: str, expected: str
) -> None:
    london = calendar("Europe/London")
    found = due(limit(form), datetime.fromisoformat(start), london).at
    assert found == datetime.fromisoformat(expected)


def test_the_zone_in_which_a_start_is_written_does_not_matter() -> None:
    new_york = calendar("America/New_York")
    start = datetime(2026, 3, 7, 12, tzinfo=new_york.zone)
    found = due(limit("within 24 hours"), start, new_york).at
    assert found == datetime(2026, 3, 8, 17, tzinfo=UTC)
    assert found == due(limit("within 24 hours"), start.astimezone(UTC), new_york).at


# Pauses


@pytest.mark.deadline("D1")
@pytest.mark.parametrize(
    "form", ["within 8 working hours", "within 3 working days", "until end of working day"]
)
@pytest.mark.parametrize(
    ("start", "begins", "ends"),
    [
        ("2026-11-20 五 16:00", "2026-11-20 五 18:00", "2026-11-23 一 08:30"),
        ("2026-11-20 五 16:00", "2026-11-20 五 19:00", "2026-11-21 六 10:00"),
        ("2026-09-30 三 16:00", "2026-09-30 三 18:00", "2026-10-08 四 08:30"),
        ("2026-11-20 五 11:00", "2026-11-20 五 12:00", "2026-11-20 五 14:00"),
    ],
)
@pytest.mark.parametrize("ends_with", ["", "time"])
def test_pausing_over_a_weekend_or_holiday_costs_nothing_and_gains_nothing(
    form: str, start: str, begins: str, ends: str, ends_with: str
) -> None:
    ends_with = ends_with if form.endswith("days") else ""
    without = when(form, start, ends=ends_with)
    assert when(form, start, [(begins, ends)], ends=ends_with) == without


@pytest.mark.peers("T8")
def test_a_pause_is_added_in_working_time_at_the_end() -> None:
    paused = [("2026-11-19 四 16:00", "2026-11-20 五 10:00")]  # 2 + 1.5 working hours
    assert when("within 8 working hours", "2026-11-19 四 14:30") == at("2026-11-20 五 15:00")
    assert when("within 8 working hours", "2026-11-19 四 14:30", paused) == at(
        "2026-11-23 一 09:00"
    )


@pytest.mark.parametrize(
    ("form", "begins", "ends", "expected"),
    [
        # a whole working day was taken: Thursday noon to Friday noon
        ("within 3 working days", "11-19 四 12:00", "11-20 五 12:00", "11-26 四 00:00"),
        # two hours are no day
        ("within 3 working days", "11-20 五 09:00", "11-20 五 11:00", "11-25 三 00:00"),
        # but the last day does not end while it stands paused
        ("within 3 working days", "11-24 二 17:00", "11-25 三 09:00", "11-26 四 00:00"),
        ("within 3 days", "11-20 五 09:00", "11-22 日 09:00", "11-25 三 00:00"),
        ("within 3 days", "11-20 五 09:00", "11-20 五 21:00", "11-23 一 00:00"),
        ("within 3 days", "11-22 日 22:00", "11-23 一 09:00", "11-24 二 00:00"),
        ("within 24 hours", "11-19 四 12:00", "11-19 四 15:30", "11-20 五 13:30"),
        ("next 09:00", "11-19 四 12:00", "11-19 四 15:00", "11-20 五 09:00"),
        ("next 09:00", "11-20 五 08:00", "11-20 五 10:00", "11-21 六 09:00"),
        ("next 09:00", "11-20 五 08:00", "11-20 五 09:00", "11-21 六 09:00"),
        ("until end of day", "11-19 四 12:00", "11-21 六 10:00", "11-22 日 00:00"),
        ("until end of working day", "11-19 四 17:00", "11-20 五 09:00", "11-20 五 18:00"),
        ("within 1 month", "11-20 五 08:00", "11-21 六 10:00", "12-20 日 12:00"),
    ],
)
def test_a_pause_moves_each_kind_of_limit_by_its_own_measure(
    form: str, begins: str, ends: str, expected: str
) -> None:
    pause = (f"2026-{begins}", f"2026-{ends}")
    assert when(form, "2026-11-19 四 10:00", [pause]) == at(f"2026-{expected}")


@pytest.mark.peers("T2")
@pytest.mark.deadline("D3")
def test_a_paused_clock_has_no_due_time() -> None:
    start, paused = at("2026-11-19 四 10:00"), at("2026-11-19 四 12:00")
    for form in FORMS:
        if form == "within 10 minutes":
            continue
        found = due(limit(form), start, CHINA, [(paused, None)])
        assert found.at is None, form
        assert "暂停中（自 11-19（四）12:00）" in found.words


def test_what_was_due_before_a_pause_stays_due() -> None:
    start = at("2026-11-19 四 10:00")
    late = due(limit("within 10 minutes"), start, CHINA, [(start + HOUR, None)])
    assert late.at == at("2026-11-19 四 10:10")


def test_waiting_before_the_start_is_nothing_to_this_commitment() -> None:
    early = [("2026-11-18 三 09:00", "2026-11-19 四 12:00")]
    plain = when("within 24 hours", "2026-11-19 四 10:00")
    assert when("within 24 hours", "2026-11-19 四 10:00", early) == plain + 2 * HOUR
    over = [("2026-11-18 三 09:00", "2026-11-19 四 09:00")]
    assert when("within 24 hours", "2026-11-19 四 10:00", over) == plain


pauses_of = st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 600)), max_size=4)


def _pauses(start: datetime, drawn: list[tuple[int, int]]) -> list[Pause]:
    return [(start + a * STEP, start + (a + length) * STEP) for a, length in drawn]


@pytest.mark.deadline("D1", "D2")
@settings(max_examples=120, deadline=None)
@given(situations(), st.integers(1, 100), pauses_of)
def test_what_remains_of_working_time_outside_pauses_is_what_was_promised(
    situation: tuple[dict[str, Any], datetime], steps: int, drawn: list[tuple[int, int]]
) -> None:
    kept, start = situation
    ours, oracle = Calendar.from_json(kept), Oracle(kept)
    paused = _pauses(start, drawn)
    end = due(limit(f"within {steps * 5} working minutes"), start, ours, paused).at
    assert end is not None
    lived, here = 0, start
    while here < end:
        stands = any(one <= here < two for one, two in paused if two)
        lived += oracle.works(here) and not stands
        here += STEP
    assert lived == steps


@pytest.mark.deadline("D2")
@settings(max_examples=120, deadline=None)
@given(situations(), st.sampled_from(FORMS), pauses_of, st.randoms())
def test_the_order_and_the_cutting_up_of_pauses_do_not_matter(
    situation: tuple[dict[str, Any], datetime],
    form: str,
    drawn: list[tuple[int, int]],
    random: Any,
) -> None:
    ours, start = Calendar.from_json(situation[0]), situation[1]
    paused = _pauses(start, drawn)
    pieces: list[Pause] = []
    for begins, ends in paused:
        assert ends is not None
        middle = begins + (ends - begins) / 2
        pieces += [(begins, middle), (middle, ends)]
    random.shuffle(pieces)
    assert due(limit(form), start, ours, paused).at == due(limit(form), start, ours, pieces).at


@settings(max_examples=120, deadline=None)
@given(situations(), st.sampled_from(FORMS), pauses_of)
def test_no_pause_brings_a_due_time_forward(
    situation: tuple[dict[str, Any], datetime], form: str, drawn: list[tuple[int, int]]
) -> None:
    ours, start = Calendar.from_json(situation[0]), situation[1]
    paused = _pauses(start, drawn)
    found = [due(limit(form), start, ours, paused[:n]).at for n in range(len(paused) + 1)]
    assert all(one <= two for one, two in pairwise(found) if one and two)


# Reminders and windows


@pytest.mark.deadline("D5")
@settings(max_examples=100, deadline=None)
@given(
    situations(),
    st.sampled_from(["15 minutes", "0 minutes", "30 working minutes", "1 day", "11 working hours"]),
    st.integers(1, 3_000),
)
def test_a_warning_and_its_due_time_are_each_others_inverse(
    situation: tuple[dict[str, Any], datetime], length: str, minutes: int
) -> None:
    ours, start = Calendar.from_json(situation[0]), situation[1]
    end = due(limit(f"within {minutes} working minutes"), start, ours).at
    assert end is not None
    assert after(before(end, length, ours), length, ours) == end


@pytest.mark.deadline("D5")
def test_a_warning_is_never_at_midnight_by_accident() -> None:
    end = at("2026-11-20 五 09:00")
    assert before(end, "15 minutes") == at("2026-11-20 五 08:45")
    assert before(end, "1 working hour", CHINA) == at("2026-11-19 四 17:30")
    assert after(end, "1 hour") == at("2026-11-20 五 10:00")
    with pytest.raises(ValueError, match="日历"):
        before(end, "1 working hour")


@pytest.mark.clause("S4-4.4.1c-8")
def test_a_complaint_is_visited_within_three_working_days() -> None:
    done = at("2026-09-29 二 16:00")
    earliest, latest = window(("0 days", "3 working days"), done, CHINA)
    assert earliest == done
    assert latest.at == at("2026-10-10 六 00:00")
    assert latest.words.startswith("完成 09-29（二）16:00，3 个工作日")


@pytest.mark.clause("S2-A18-2c")
def test_a_repair_project_is_visited_in_its_second_month() -> None:
    earliest, latest = window(("1 month", "2 months"), at("2026-11-19 四 10:00"), CHINA)
    assert earliest == at("2026-12-19 六 00:00")
    assert latest.at == at("2027-01-19 二 10:00")
    assert window(("2 working days", "1 week"), earliest, CHINA)[0] == at("2026-12-22 二 00:00")


# Words


@pytest.mark.parametrize(
    ("form", "start", "words"),
    [
        (
            "within 24 hours",
            "2026-11-19 四 09:12",
            "登记 11-19（四）09:12，24 小时按自然时间计 → 11-20（五）09:12",
        ),
        (
            "within 3 working days",
            "2026-09-30 三 10:00",
            "登记 09-30（三）10:00，3 个工作日（当日不计，至末日 24:00），"
            "跳过 10-01 至 10-07 国庆节，"
            "10-10（六）调休上班，计入 → 10-10（六）24:00",
        ),
        (
            "within 8 working hours",
            "2026-11-20 五 16:00",
            "登记 11-20（五）16:00，8 小时按工作时间计，跳过休息日 2 天 → 11-23（一）16:30",
        ),
        (
            "until end of day",
            "2026-12-31 四 10:00",
            "登记 12-31（四）10:00，当日 24:00 前 → 12-31（四）24:00",
        ),
        (
            "next 09:00",
            "2026-12-31 四 10:00",
            "登记 12-31（四）10:00，其后第一个 09:00 → 2027-01-01（五）09:00",
        ),
    ],
)
def test_the_arithmetic_is_told_in_words(form: str, start: str, words: str) -> None:
    assert due(limit(form), at(start), CHINA).words == words


def test_the_words_name_the_event_the_branch_and_the_pauses() -> None:
    paused = [
        (at("2026-11-19 四 12:00"), at("2026-11-19 四 13:00")),
        (at("2026-11-19 四 14:00"), at("2026-11-19 四 16:00")),
    ]
    told = due(
        limit("within 4 working hours"), at("2026-11-19 四 11:00"), CHINA, paused, event="派单"
    )
    assert told.words == (
        "派单 11-19（四）11:00，4 小时按工作时间计，"
        "11-19（四）12:00 至 11-19（四）13:00 暂停，不影响到期，"
        "11-19（四）14:00 至 11-19（四）16:00 暂停，顺延 → 11-20（五）09:30"
    )
    assert "08:00–18:00 时段内 1 小时" in due(S4, at("2026-11-19 四 09:00"), CHINA).words


@pytest.mark.deadline("D14")
def test_working_time_beyond_the_known_holidays_is_provisional_and_says_so() -> None:
    crossing = due(limit("within 3 working days"), at("2026-12-30 三 10:00"), CHINA)
    assert crossing.provisional
    assert "2026-12-31 之后的放假安排尚未录入" in crossing.words
    assert not due(limit("within 1 working day"), at("2026-12-30 三 10:00"), CHINA).provisional
    assert not due(limit("within 3 days"), at("2026-12-30 三 10:00"), CHINA).provisional


# Mistakes in a rule


def test_a_sound_rule_has_no_problems() -> None:
    assert check(S4) == []
    assert [problem for form in FORMS for problem in check(limit(form))] == []
    assert check(limit("within 2 working days", "time")) == []


@pytest.mark.parametrize(
    ("branches", "problem"),
    [
        ([], "没有写时限"),
        ([{"within": "3 fortnights"}], "'3 fortnights'"),
        ([{"within": "2 working weeks"}], "'2 working weeks'"),
        ([{"next": "25:00"}], "'25:00'"),
        ([{"until": "day 32 of next month"}], "'day 32 of next month'"),
        ([{"until": "tomorrow"}], "'tomorrow'"),
        ([{"within": "1 hour", "next": "09:00"}], "现有 2 个"),
        ([{}], "现有 0 个"),
        ([{"within": "1 hour", "ends": "day"}], "ends 只用于"),
        ([{"between": ["08:00", "18:00"], "within": "1 hour"}], "00:00 至 08:00 没有适用"),
        (
            [
                {"between": ["08:00", "18:00"], "within": "1 hour"},
                {"between": ["17:00", "08:00"], "next": "09:00"},
            ],
            "17:00 至 18:00 有多条时限重叠",
        ),
        ([{"within": "1 hour"}, {"next": "09:00"}], "第 2 条时限永远用不到"),
        ([{"between": ["08:00", "18:00"], "within": "24 hours"}, {"next": "09:00"}], "不单调"),
    ],
)
def test_a_mistake_in_a_rule_is_named(branches: list[dict[str, Any]], problem: str) -> None:
    found = check([DueBranch.model_validate(branch) for branch in branches])
    assert any(problem in each for each in found), found


def test_a_start_that_no_branch_covers_is_an_error() -> None:
    with pytest.raises(ValueError, match="07:00"):
        due(S4[:1], at("2026-11-19 四 07:00"), CHINA)


def test_office_hours_of_the_examples_are_what_they_say() -> None:
    assert CHINA.as_json()["hours"]["mon"] == OFFICE
