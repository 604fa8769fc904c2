"""The small language of time limits: "8 working hours", "3 days", "day 5 of next month 17:00"."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.hours import DAY, second_of

Unit = Literal["minute", "hour", "day", "week", "month"]

_SPAN = re.compile(r"(\d{1,5}) (working )?(minute|hour|day|week|month)s?")
_MONTH_DAY = re.compile(r"day (\d{1,2}) of next month(?: (\d{1,2}:\d{2}))?")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, in elapsed or in working time."""

    n: int
    unit: Unit
    working: bool = False

    @property
    def counts_days(self) -> bool:
        """Whether it is counted on the calendar (days, weeks, months) and not on a stopwatch."""
        return self.unit not in ("minute", "hour")

    @property
    def seconds(self) -> int:
        """Its length on a stopwatch; a day is 24 hours. A month has none."""
        if self.unit == "month":
            raise ValueError("一个月没有固定的长度")
        return self.n * {"minute": 60, "hour": 3600, "day": DAY, "week": 7 * DAY}[self.unit]

    @property
    def days(self) -> int:
        return self.n * 7 if self.unit == "week" else self.n


@dataclass(frozen=True, slots=True)
class Point:
    """A fixed moment to be reached: a time of day, the end of a day, a day of the next month."""

    kind: Literal["clock", "working-day", "month-day"]
    second: int = DAY
    day: int = 0


@cache
def span(text: str) -> Span:
    """Reads a length of time. ValueError names the text that cannot be read."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"看不懂的时长：{text!r}")
    unit, working = cast(Unit, found[3]), bool(found[2])
    if working and unit in ("week", "month"):
        raise ValueError(f"工作时间只能用分钟、小时、天：{text!r}")
    return Span(int(found[1]), unit, working)


@cache
def point(text: str) -> Point:
    """Reads what may follow `until`."""
    if text == "end of day":
        return Point("clock")
    if text == "end of working day":
        return Point("working-day")
    found = _MONTH_DAY.fullmatch(text)
    if not found:
        return Point("clock", clock(text))
    if not 1 <= int(found[1]) <= 31:
        raise ValueError(f"看不懂的日期：{text!r}")
    return Point("month-day", clock(found[2]) if found[2] else DAY, int(found[1]))


@cache
def clock(text: str) -> int:
    """Reads "HH:MM" as seconds of the day."""
    if not re.fullmatch(r"\d{1,2}:\d{2}", text):
        raise ValueError(f"看不懂的时刻：{text!r}")
    return second_of(text)


def is_working(branch: DueBranch) -> bool:
    """Whether working days or hours decide, so that holidays not yet known could change it."""
    if branch.within:
        return span(branch.within).working
    return branch.until == "end of working day"


def ends_with_day(branch: DueBranch) -> bool:
    """Days end at 24:00 and months at the same time of day, unless the branch says otherwise."""
    length = span(branch.within)
    if not length.counts_days:
        return False
    return branch.ends == "day" or (branch.ends == "" and length.unit != "month")
