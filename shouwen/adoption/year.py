"""A year of a working calendar as a page shows it, and how two calendars differ."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shouwen.adoption.hours_text import write_hours
from shouwen.rules.hours import Day, Hours, clock_text
from shouwen.rules.worktime import Calendar

_MARKS = {"holiday": "休", "makeup": "班", "shift": "变"}
_WORDS = {"holiday": "放假", "makeup": "调休上班", "shift": "时间不同"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One date: how it is worked, the mark for what is special, and all of it in words."""

    day: date
    tone: str
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: list[list[Cell | None]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Special days in a row that are alike."""

    first: date
    last: date
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A date on which two calendars do not agree."""

    day: date
    before: str
    after: str


def months(calendar: Calendar, year: int) -> list[Month]:
    return [
        Month(number, [_week(calendar, number, week) for week in _weeks(year, number)])
        for number in range(1, 13)
    ]


def _weeks(year: int, month: int) -> list[list[date]]:
    return gregorian.Calendar().monthdatescalendar(year, month)


def _week(calendar: Calendar, month: int, days: Iterable[date]) -> list[Cell | None]:
    return [_cell(calendar, day) if day.month == month else None for day in days]


def _cell(calendar: Calendar, day: date) -> Cell:
    special = calendar.days.get(day)
    hours = write_hours(_texts(calendar.hours_on(day)))
    plain = "free" if not hours else "work"
    return Cell(
        day,
        special.kind if special else plain,
        _MARKS[special.kind] if special else "",
        f"{day:%m-%d} {describe(special)} {hours or '休息'}",
    )


def _texts(hours: Hours) -> list[list[str]]:
    return [[clock_text(opens), clock_text(closes)] for opens, closes in hours]


def describe(special: Day | None) -> str:
    """放假 国庆节; nothing for an ordinary day."""
    if special is None:
        return ""
    hours = write_hours(_texts(special.hours)) if special.hours else ""
    return " ".join(filter(None, (_WORDS[special.kind], special.name, hours)))


def special_days(calendar: Calendar, year: int) -> list[Stretch]:
    """The special days of a year, those in a row that are alike as one."""
    found: list[Stretch] = []
    for day in sorted(day for day in calendar.days if day.year == year):
        special = calendar.days[day]
        words = describe(special)
        last = found[-1] if found else None
        if last and last.words == words and day - last.last == timedelta(1):
            found[-1] = Stretch(last.first, day, special.kind, words)
        else:
            found.append(Stretch(day, day, special.kind, words))
    return found


def changes(before: Calendar | None, after: Calendar) -> Iterator[Change]:
    """Every date that one of them treats specially and the other otherwise, in order."""
    old = before.days if before else {}
    for day in sorted({*old, *after.days}):
        was, will = old.get(day), after.days.get(day)
        if was != will:
            yield Change(day, describe(was) or "平常", describe(will) or "平常")
