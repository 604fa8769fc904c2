"""The official days off and make-up working days of mainland China, as a proposal for a calendar.

The dates come from the `holidays` package, which has every arrangement of the State Council since
2004. What it lacks or has wrong stands in CORRECTIONS, each with its reason. A person reviews the
proposal before it is used: a later emergency notice may change a day that is already in force, as
on 2020-02-01.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

import holidays

from shouwen.rules.hours import Day, Hours, Kind
from shouwen.rules.worktime import Calendar

FIRST_YEAR = 2004
#: The last day whose arrangement has been published and is in the package.
COMPLETE_UNTIL = date(2026, 12, 31)

#: None takes a day out. Compared with two other tables for 2019 to 2026: nothing to correct so far.
CORRECTIONS: dict[date, tuple[Kind, str] | None] = {}

OFFICE_HOURS: Hours = ((9 * 3600, 17 * 3600),)

_EXCHANGED = re.compile(r"休息日（由 (\d{4}-\d{2}-\d{2}) 调休）")
_SUFFIX = re.compile(r"（补假）|延长假期")
#: The eve belongs to the festival's days off.
_NAMES = {"农历除夕": "春节", "中秋节; 国庆节": "国庆节、中秋节"}
_ONE_DAY = timedelta(1)


def china_days(years: Iterable[int]) -> dict[date, tuple[Kind, str]]:
    """Every day off and every make-up day of these years, with the festival that it belongs to.

    Weekends inside or beside a festival are days off of that festival, as the notices count them.
    """
    wanted = set(years)
    around = {year + near for year in wanted for near in (-1, 0, 1)}
    table = holidays.country_holidays("CN", years=sorted(around), language="zh_CN")
    worked = {day for day in table.weekend_workdays if day.year in around}
    off = _with_weekends(_named(dict(table.items()), worked), worked)
    days: dict[date, tuple[Kind, str]] = {day: ("holiday", name) for day, name in off.items()}
    days |= {day: ("makeup", _festival_of(day, dict(table.items()), off)) for day in worked}
    for day, correction in CORRECTIONS.items():
        days.pop(day, None)
        if correction:
            days[day] = correction
    return {day: days[day] for day in sorted(days) if day.year in wanted}


def china_calendar(hours: Hours = OFFICE_HOURS, until: date = COMPLETE_UNTIL) -> Calendar:
    """Monday to Friday with the official days off and make-up days, known up to a date."""
    days = {
        day: Day(kind, name)
        for day, (kind, name) in china_days(range(FIRST_YEAR, until.year + 1)).items()
        if day <= until
    }
    week = (hours, hours, hours, hours, hours, (), ())
    return Calendar("Asia/Shanghai", week, days, complete_until=until)


def _named(table: dict[date, str], worked: set[date]) -> dict[date, str]:
    """Days off with the festival's plain name; an exchanged day takes the name of its neighbour."""
    plain = {
        day: _NAMES.get(_SUFFIX.sub("", name), _SUFFIX.sub("", name))
        for day, name in table.items()
        if not _EXCHANGED.fullmatch(name) and day not in worked
    }
    exchanged = {day for day, name in table.items() if _EXCHANGED.fullmatch(name)}
    return plain | {day: _nearest(day, plain) for day in exchanged}


def _nearest(day: date, named: dict[date, str]) -> str:
    """The name of the closest named day; no exchange is further from its festival than a week."""
    for distance in range(1, 8):
        for near in (day - distance * _ONE_DAY, day + distance * _ONE_DAY):
            if near in named:
                return named[near]
    return "调休"


def _with_weekends(off: dict[date, str], worked: set[date]) -> dict[date, str]:
    """Joins the free Saturdays and Sundays that touch a festival."""
    joined = dict(off)
    for step in (_ONE_DAY, -_ONE_DAY):
        for day in sorted(off):
            near = day + step
            while near.weekday() >= 5 and near not in worked and near not in joined:
                joined[near] = off[day]
                near += step
    return _one_name(joined)


def _one_name(off: dict[date, str]) -> dict[date, str]:
    """A stretch of days off that belongs to two festivals bears both names throughout."""
    named: dict[date, str] = {}
    stretch: list[date] = []
    for day in [*sorted(off), date.max]:
        if stretch and day - stretch[-1] > _ONE_DAY:
            names = {name for each in stretch for name in off[each].split("、")}
            named |= dict.fromkeys(stretch, "、".join(sorted(names, reverse=True)))
            stretch = []
        stretch.append(day)
    return named


def _festival_of(worked: date, table: dict[date, str], off: dict[date, str]) -> str:
    """For which festival a make-up day is worked: that of the day it was exchanged for."""
    for day, name in table.items():
        found = _EXCHANGED.fullmatch(name)
        if found and found[1] == worked.isoformat():
            return off[day]
    return _nearest(worked, off)
