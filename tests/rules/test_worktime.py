"""Working-time arithmetic: examples, laws, other people's vectors, and a brute-force oracle."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.adoption.china import COMPLETE_UNTIL, china_calendar, china_days
from shouwen.adoption.worktime_check import answer, results, worktime
from shouwen.rules.refused import Refused
from shouwen.rules.worktime import Calendar
from tests.rules.calendars import (
    HOUR,
    NAMES,
    NINE_TO_FIVE,
    OFFICE,
    at,
    calendar,
    situations,
    stored,
)
from tests.rules.worktime_oracle import STEP, Oracle

# Examples


@pytest.mark.peers("T7")
def test_a_case_that_comes_in_at_lunch_starts_when_lunch_is_over() -> None:
    office = calendar()
    assert office.next_working_time(at("2026-11-19 四 13:00")) == at("2026-11-19 四 14:00")
    assert office.add_working(at("2026-11-19 四 13:00"), HOUR) == at("2026-11-19 四 15:00")
    assert office.add_working(at("2026-11-19 四 11:30"), HOUR) == at("2026-11-19 四 14:30")


def test_time_used_up_exactly_at_closing_ends_at_closing() -> None:
    office = calendar()
    assert office.add_working(at("2026-11-20 五 17:00"), HOUR) == at("2026-11-20 五 18:00")
    assert office.add_working(at("2026-11-20 五 17:00"), HOUR + timedelta(seconds=1)) == at(
        "2026-11-23 一 08:30:01"
    )


@pytest.mark.deadline("D5")
def test_no_time_at_all_ends_where_it_starts_in_working_time_and_at_its_ends() -> None:
    office, nothing = calendar(), timedelta(0)
    for moment in ("2026-11-20 五 18:00", "2026-11-20 五 08:30", "2026-11-20 五 12:00"):
        assert office.add_working(at(moment), nothing) == at(moment)
        assert office.subtract_working(at(moment), nothing) == at(moment)
    assert office.add_working(at("2026-11-21 六 10:00"), nothing) == at("2026-11-23 一 08:30")
    assert office.subtract_working(at("2026-11-21 六 10:00"), nothing) == at("2026-11-20 五 18:00")
    until_midnight = calendar(hours={"fri": [["08:00", "24:00"]]})
    assert until_midnight.add_working(at("2026-11-21 六 00:00"), nothing) == at(
        "2026-11-21 六 00:00"
    )


@pytest.mark.deadline("D13")
def test_a_clock_set_back_over_midnight_does_not_close_what_is_open() -> None:
    st_johns = calendar("America/St_Johns", {"sun": [["00:00", "02:00"]]})
    again = datetime(2006, 10, 29, 3, 0, tzinfo=UTC)
    assert f"{st_johns.local(again):%a %H:%M}" == "Sat 23:30"
    assert st_johns.is_working_time(again)
    assert st_johns.add_working(again, HOUR) == again + HOUR
    assert st_johns.previous_working_time(again) == again


def test_seconds_are_kept() -> None:
    office = calendar()
    assert office.add_working(at("2026-11-20 五 17:59:42"), timedelta(minutes=2)) == at(
        "2026-11-23 一 08:31:42"
    )


def test_a_break_closes_part_of_one_day() -> None:
    office = calendar(breaks={"2026-11-19": [["09:00", "10:00"]]})
    assert office.add_working(at("2026-11-19 四 08:30"), HOUR) == at("2026-11-19 四 10:30")
    assert office.add_working(at("2026-11-20 五 08:30"), HOUR) == at("2026-11-20 五 09:30")


def test_summer_hours_hold_from_their_first_to_their_last_day() -> None:
    summer = {"mon": [["07:00", "11:00"]], "tue": [["07:00", "11:00"]]}
    office = calendar(seasons=[{"name": "夏令", "from": "06-01", "to": "09-30", "hours": summer}])
    assert office.is_working_time(at("2026-06-01 一 07:30"))
    assert not office.is_working_day(date(2026, 9, 30))
    assert office.is_working_time(at("2026-10-01 四 08:30"))


def test_a_season_may_run_over_new_year() -> None:
    winter = {"fri": [["10:00", "15:00"]]}
    office = calendar(seasons=[{"from": "12-15", "to": "01-15", "hours": winter}])
    assert [
        office.is_working_time(at(text)) for text in ("2026-12-18 五 10:30", "2027-01-01 五 10:30")
    ]
    assert not office.is_working_day(date(2027, 1, 4))
    assert office.is_working_day(date(2027, 1, 18))


@pytest.mark.peers("T6")
def test_a_make_up_saturday_is_worked_with_weekday_hours_or_its_own() -> None:
    office = calendar(
        makeups={"2026-10-10": "国庆节", "2026-09-20": {"hours": [["09:00", "12:00"]]}}
    )
    assert office.add_working(at("2026-10-09 五 17:30"), HOUR) == at("2026-10-10 六 09:00")
    assert office.add_working(at("2026-09-18 五 17:30"), HOUR) == at("2026-09-20 日 09:30")
    assert not office.is_working_day(date(2026, 10, 11))


def test_around_the_clock_knows_no_holiday() -> None:
    always = Calendar.always("Asia/Shanghai")
    start = at("2026-10-01 四 23:30")
    assert always.add_working(start, 100 * HOUR) == start + 100 * HOUR
    assert always.subtract_working(start, 100 * HOUR) == start - 100 * HOUR
    assert always.is_working_time(start)


@pytest.mark.peers("T9")
@pytest.mark.deadline("D10")
def test_a_calendar_without_working_time_is_refused() -> None:
    with pytest.raises(Refused) as no:
        calendar(hours={})
    assert no.value.code == "calendar-empty"


@pytest.mark.peers("T9")
def test_a_search_through_years_of_holidays_is_refused_and_does_not_hang() -> None:
    first = date(2026, 1, 1)
    closed = [str(first + timedelta(n)) for n in range(366 * 11)]
    office = calendar(holidays=closed)
    with pytest.raises(Refused):
        office.add_working(at("2026-01-05 一 09:00"), HOUR)
    with pytest.raises(Refused):
        office.add_working_days_date(date(2026, 1, 5), 1)
    with pytest.raises(Refused):
        calendar(hours={}, shifts={"2026-01-05": OFFICE}).next_working_time(
            at("2026-01-06 二 09:00")
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"tz": "Asia/Nowhere"},
        {"hours": {"mon": [["17:00", "09:00"]]}},
        {"hours": {"mon": [["09:00", "25:00"]]}},
        {"hours": {"monday": NINE_TO_FIVE}},
        {"holidays": ["2026-02-30"]},
        {"unknown": 1},
        {"seasons": [{"from": "06-01", "hours": {}}]},
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        Calendar.from_json(stored() | wrong)
    assert no.value.code == "calendar-invalid"


def test_a_moment_without_a_zone_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        calendar().add_working(datetime(2026, 11, 19, 9), HOUR)


# Against the oracle


@pytest.mark.deadline("D13")
@settings(max_examples=150, deadline=None)
@given(situations(), st.integers(1, 60))
def test_adding_and_taking_away_agree_with_counting_every_five_minutes(
    situation: tuple[dict[str, Any], datetime], steps: int
) -> None:
    kept, start = situation
    ours, oracle = Calendar.from_json(kept), Oracle(kept)
    assert ours.add_working(start, steps * STEP) == oracle.add(start, steps)
    assert ours.subtract_working(start, steps * STEP) == oracle.subtract(start, steps)
    assert ours.next_working_time(start) == oracle.next(start)
    assert ours.previous_working_time(start) == oracle.previous(start)


@pytest.mark.deadline("D13")
@settings(max_examples=80, deadline=None)
@given(situations(), st.integers(0, 1500))
def test_measuring_agrees_with_counting_every_five_minutes(
    situation: tuple[dict[str, Any], datetime], length: int
) -> None:
    kept, start = situation
    ours, oracle, end = Calendar.from_json(kept), Oracle(kept), start + length * STEP
    assert ours.working_between(start, end) == oracle.between(start, end)
    assert ours.is_working_time(start) == oracle.works(start)
    assert ours.working_between(end, start) == timedelta(0)


@settings(max_examples=60, deadline=None)
@given(situations(), st.integers(1, 12))
def test_counting_working_days_agrees_with_looking_at_every_day(
    situation: tuple[dict[str, Any], datetime], n: int
) -> None:
    kept, start = situation
    ours, oracle = Calendar.from_json(kept), Oracle(kept)
    last = oracle.nth_working_day(start.date(), n)
    assert ours.add_working_days_date(start.date(), n) == last
    assert ours.count_working_days(start.date() + timedelta(1), last) == n


@pytest.mark.deadline("D10")
def test_any_set_of_weekdays_works() -> None:
    start = at("2026-11-19 四 16:30")
    for chosen in range(1, 128):
        week = {name: NINE_TO_FIVE for n, name in enumerate(NAMES) if chosen >> n & 1}
        kept = stored(hours=week)
        ours, oracle = Calendar.from_json(kept), Oracle(kept)
        assert ours.add_working(start, HOUR) == oracle.add(start, 12), chosen
        assert ours.subtract_working(start, 9 * HOUR) == oracle.subtract(start, 108), chosen


@pytest.mark.deadline("D5")
@settings(max_examples=150, deadline=None)
@given(situations(), st.integers(1, 100_000), st.integers(0, 100_000))
def test_a_reminder_before_a_due_time_leads_back_to_it(
    situation: tuple[dict[str, Any], datetime], length: int, reminder: int
) -> None:
    kept, start = situation
    ours, early = Calendar.from_json(kept), timedelta(seconds=reminder)
    due = ours.add_working(start, timedelta(seconds=length))
    assert ours.add_working(ours.subtract_working(due, early), early) == due


@settings(max_examples=100, deadline=None)
@given(situations(), st.integers(0, 100_000), st.integers(0, 5_000))
def test_a_later_start_never_ends_earlier(
    situation: tuple[dict[str, Any], datetime], length: int, later: int
) -> None:
    kept, start = situation
    ours, amount = Calendar.from_json(kept), timedelta(seconds=length)
    after = start + timedelta(minutes=later)
    assert ours.add_working(start, amount) <= ours.add_working(after, amount)
    days = length % 7
    assert ours.add_working_days(start, days) <= ours.add_working_days(after, days)


@given(situations())
def test_a_calendar_is_stored_and_read_without_loss(
    situation: tuple[dict[str, Any], datetime],
) -> None:
    ours = Calendar.from_json(situation[0])
    assert Calendar.from_json(ours.as_json()) == ours


# Clock changes, one by one

NIGHT = {name: [["00:00", "06:00"]] for name in NAMES}
ALL_DAY = {name: [["00:00", "24:00"]] for name in NAMES}


@pytest.mark.deadline("D13")
@pytest.mark.parametrize(
    ("tz", "day", "hours_lived"),
    [
        ("Europe/London", "2026-03-29", 5),
        ("Europe/London", "2026-10-25", 7),
        ("America/New_York", "2026-03-08", 5),
        ("America/New_York", "2026-11-01", 7),
        ("Asia/Shanghai", "1986-05-04", 5),
        ("Asia/Shanghai", "1991-09-15", 7),
        ("Asia/Shanghai", "2026-03-29", 6),
        ("Asia/Urumqi", "2026-10-25", 6),
    ],
)
def test_a_night_with_a_clock_change_is_counted_as_it_was_lived(
    tz: str, day: str, hours_lived: int
) -> None:
    night = calendar(tz, NIGHT)
    midnight = night.instant(date.fromisoformat(day), 0)
    assert night.working_between(midnight, midnight + 20 * HOUR) == hours_lived * HOUR
    six = night.add_working(midnight, hours_lived * HOUR)
    assert f"{night.local(six):%H:%M}" == "06:00"


@pytest.mark.deadline("D13")
@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_office_hours_are_eight_hours_on_the_day_of_a_clock_change(day: str) -> None:
    office = calendar("America/New_York", dict.fromkeys(NAMES, NINE_TO_FIVE))
    opens, closes = office.periods_on(date.fromisoformat(day))[0]
    assert closes - opens == 8 * HOUR
    assert f"{office.local(opens):%H:%M}–{office.local(closes):%H:%M}" == "09:00–17:00"


@pytest.mark.deadline("D13")
def test_an_opening_time_that_the_clock_skips_is_the_end_of_the_gap() -> None:
    early = calendar("Europe/London", {name: [["01:30", "03:00"]] for name in NAMES})
    assert early.periods_on(date(2026, 3, 29)) == (
        (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC)),
    )


@pytest.mark.deadline("D13")
def test_a_date_that_a_place_never_had_is_no_working_day() -> None:
    samoa = calendar("Pacific/Apia", ALL_DAY)
    assert not samoa.is_working_day(date(2011, 12, 30))
    assert samoa.add_working_days_date(date(2011, 12, 29), 1) == date(2011, 12, 31)


@pytest.mark.deadline("D13")
def test_beijing_time_and_urumqi_time_name_the_same_moment_differently() -> None:
    start = at("2026-11-19 四 17:30")
    assert calendar("Asia/Shanghai", dict.fromkeys(NAMES[:5], NINE_TO_FIVE)).next_working_time(
        start
    ) == at("2026-11-20 五 09:00")
    assert (
        calendar("Asia/Urumqi", dict.fromkeys(NAMES[:5], NINE_TO_FIVE)).next_working_time(start)
        == start
    )


# The Chinese calendar

#: Every make-up working day of the State Council's notices, written down year by year.
MAKE_UP_DAYS = {
    2004: "0117 0118 0508 0509 1009 1010",
    2005: "0205 0206 0430 0508 1008 1009 1231",
    2006: "0128 0205 0429 0430 0930 1008 1230 1231",
    2007: "0217 0225 0428 0429 0929 0930 1229",
    2008: "0202 0203 0504 0927 0928",
    2009: "0104 0124 0201 0531 0927 1010",
    2010: "0220 0221 0612 0613 0919 0925 0926 1009",
    2011: "0130 0212 0402 1008 1009 1231",
    2012: "0121 0129 0331 0401 0428 0929",
    2013: "0105 0106 0216 0217 0407 0427 0428 0608 0609 0922 0929 1012",
    2014: "0126 0208 0504 0928 1011",
    2015: "0104 0215 0228 0906 1010",
    2016: "0206 0214 0612 0918 1008 1009",
    2017: "0122 0204 0401 0527 0930",
    2018: "0211 0224 0408 0428 0929 0930 1229",
    2019: "0202 0203 0428 0505 0929 1012",
    2020: "0119 0426 0509 0628 0927 1010",
    2021: "0207 0220 0425 0508 0918 0926 1009",
    2022: "0129 0130 0402 0424 0507 1008 1009",
    2023: "0128 0129 0423 0506 0625 1007 1008",
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}


@pytest.mark.deadline("D14")
@pytest.mark.parametrize("year", MAKE_UP_DAYS)
def test_every_official_make_up_day_is_a_working_day(year: int) -> None:
    written = {date(year, int(day[:2]), int(day[2:])) for day in MAKE_UP_DAYS[year].split()}
    known = china_days([year])
    assert {day for day, (kind, _) in known.items() if kind == "makeup"} == written
    assert all(day.weekday() >= 5 for day in written)
    office = china_calendar()
    assert all(office.is_working_day(day) for day in written)
    assert not any(office.is_working_day(day) for day in known if day not in written)


def test_each_day_off_names_its_festival() -> None:
    days = china_days([2020, 2026])
    assert {days[date(2026, 10, day)] for day in range(1, 8)} == {("holiday", "国庆节")}
    assert {days[date(2020, 10, day)] for day in range(1, 9)} == {("holiday", "国庆节、中秋节")}
    assert days[date(2026, 2, 14)] == ("makeup", "春节")
    assert {name for _, name in china_days(range(2004, 2027)).values()} == {
        "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", "国庆节、中秋节",
        "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
    }  # fmt: skip


@pytest.mark.deadline("D14")
def test_an_answer_beyond_the_last_known_year_is_provisional() -> None:
    office = china_calendar()
    assert date(2026, 12, 31) == COMPLETE_UNTIL
    assert not office.is_provisional(office.add_working(at("2026-12-31 四 16:00"), HOUR))
    assert not office.is_provisional(office.instant(date(2026, 12, 31), 86_400))
    assert office.is_provisional(office.add_working(at("2026-12-31 四 16:30"), HOUR))
    assert office.is_working_day(date(2027, 1, 1)), "only weekends are known of 2027"


# Other people's vectors

SHARED = Path(os.environ.get("SHOUWEN_SHARED", Path(__file__).parents[3] / "shared")) / "data"
CHOICES = {"biz-023", "erpnext-quirk-1", "cn-test-047"}


@pytest.mark.parametrize(
    ("name", "agree"), [("business-hours.json", 147), ("cn-working-days.json", 1470)]
)
def test_other_peoples_vectors_agree_but_for_the_named_choices(name: str, agree: int) -> None:
    file = SHARED / "worktime" / name
    if not file.exists():
        pytest.skip("the shared vectors are not beside the repository")
    run = CliRunner().invoke(worktime, ["check", str(file)])
    lines = run.output.splitlines()
    assert run.exit_code == 0
    assert {line.split()[0] for line in lines[:-1]} <= CHOICES
    assert lines[-1] == f"{agree} agree, {len(lines) - 1} differ, 0 not applicable"


def vector(op: str, expected: Any, **given: Any) -> dict[str, Any]:
    week = dict.fromkeys(NAMES[:5], NINE_TO_FIVE)
    own = {"tz": "Asia/Tokyo", "hours": week}
    return {"id": "v", "op": op, "calendar": own, "input": given, "expected": expected}


def test_answers_come_in_the_form_of_the_expected_one() -> None:
    add = "add_working_seconds"
    asked = [
        vector(add, "2026-11-19T01:00:00Z", start="2026-11-19T00:00:00Z", seconds=3600),
        vector(add, "2026-11-19T10:00", start="2026-11-19T09:00:00", seconds=3600),
        vector(add, "2026-11-19T02:00:00+01:00", start="2026-11-19T09:00:00", seconds=3600),
        vector("next_working_time", "2026-11-20T00:00:00Z", start="2026-11-19T17:00:00+09:00"),
    ]
    assert [result.verdict for result in results(asked)] == ["agree"] * 4


def test_a_wrong_answer_is_printed_and_fails_the_command(tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    wrong = {"id": "a", "op": "is_working_day", "input": {"date": "2026-10-10"}, "expected": False}
    file.write_text(json.dumps({"vectors": [wrong, {"op": "tell_fortune"}, 7]}))
    run = CliRunner().invoke(worktime, ["check", str(file)])
    assert run.exit_code == 1
    assert "a is_working_day: 应为 false，得到 true" in run.output
    assert run.output.splitlines()[-1] == "0 agree, 1 differ, 2 not applicable"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '"words"', "\udcff"])
def test_a_file_that_holds_no_vectors_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    run = CliRunner().invoke(worktime, ["check", str(file)])
    assert run.exit_code == 2
    assert "bad.json" in run.output


@pytest.mark.parametrize(
    "broken",
    [
        {"input": None},
        {"input": {"start": "yesterday", "seconds": 1}},
        {"input": {"start": "2026-11-19T09:00:00", "seconds": "many"}},
        {"input": {"start": "9999-12-31T23:00:00", "seconds": 1}},
        {"calendar": {"tz": "UTC", "hours": {}}},
        {"calendar": 5},
        {"expected": None},
    ],
)
def test_a_question_that_cannot_be_put_is_not_applicable(broken: dict[str, Any]) -> None:
    asked = vector("add_working_seconds", "x", start="2026-11-19T09:00:00", seconds=1) | broken
    result = answer(asked, 1)
    assert result.verdict == "not applicable"
    assert result.reason
