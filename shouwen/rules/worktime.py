"""When people work, and arithmetic on working time.

Opening hours are wall-clock intervals of a place; every interval is turned into a pair of UTC
instants before anything is added or subtracted, so that a clock change inside an interval is
counted as it was lived. A time that the wall clock shows twice means its first showing; one that it
skips means the end of the gap.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from shouwen.rules.hours import (
    DAY,
    FULL_DAY,
    Day,
    Hours,
    Season,
    check_hours,
    read_calendar,
    usual_hours,
    without,
    write_calendar,
)
from shouwen.rules.refused import Refused

Period = tuple[datetime, datetime]

NOTHING = timedelta(0)
#: A search that meets no working time for so many days in a row is refused: it would never end.
SEARCH_DAYS = 3_660
_FIRST, _LAST = date(1, 1, 3).toordinal(), date(9999, 12, 28).toordinal()
_KEPT_DAYS = 50_000


@dataclass(frozen=True)
class Calendar:
    """The working time of one place. `complete_until`: the last date whose holidays are known."""

    tz: str
    week: tuple[Hours, ...]
    days: Mapping[date, Day] = field(default_factory=dict)
    breaks: Mapping[date, Hours] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()
    complete_until: date | None = None
    zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _periods: dict[int, tuple[Period, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", _zone(self.tz))
        for hours in self._all_hours():
            check_hours(hours)
        worked = [day.hours for day in self.days.values() if day.kind != "holiday"]
        weeks = [self.week, *(season.week for season in self.seasons)]
        if any(len(week) != 7 for week in weeks):
            raise Refused(
                "calendar-invalid", "日历须写明一周七天的工作时间，休息日留空。", field="hours"
            )
        if not any(any(week) for week in weeks) and not any(worked):
            raise Refused(
                "calendar-empty", "日历里没有任何工作时间，无法计算时限。请至少填一段工作时间。"
            )

    @classmethod
    def always(cls, tz: str) -> Self:
        """Around the clock, every day of the year."""
        return cls(tz, (FULL_DAY,) * 7)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`; also reads a bare list of holidays and shifts without names."""
        return cls(**read_calendar(data))

    def as_json(self) -> dict[str, Any]:
        """Plain values that json can store."""
        return {
            "tz": self.tz,
            **write_calendar(self.week, self.days, self.breaks, self.seasons),
            "complete_until": str(self.complete_until) if self.complete_until else None,
        }

    # Days

    def hours_on(self, day: date) -> Hours:
        """The working hours of a date on the wall clock, breaks taken out."""
        return without(self._planned(day), self.breaks.get(day, ()))

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """The working hours of a date as UTC instants, without what a clock change swallows."""
        return self._periods_of(day.toordinal())

    def is_working_day(self, day: date) -> bool:
        return bool(self._periods_of(day.toordinal()))

    def add_working_days_date(self, day: date, n: int, *, rolled: bool = False) -> date:
        """The nth working day after `day` (before it, for a negative n); `day` itself never counts.

        `rolled`: a free day is first moved to the next working day, as some libraries count. Our
        own rules never do: the law does not count the day of the event, worked or free.
        """
        step = 1 if n > 0 else -1
        ordinal = day.toordinal()
        if rolled and n and not self._periods_of(ordinal):
            ordinal = self._worked(ordinal, step)
        for _ in range(abs(n)):
            ordinal = self._worked(ordinal, step)
        return date.fromordinal(ordinal)

    def count_working_days(self, first: date, last: date) -> int:
        """How many working days lie between two dates, both included."""
        days = range(first.toordinal(), last.toordinal() + 1)
        return sum(1 for ordinal in days if self._periods_of(ordinal))

    # Instants

    def local(self, at: datetime) -> datetime:
        return utc(at).astimezone(self.zone)

    def date_of(self, at: datetime) -> date:
        return self.local(at).date()

    def instant(self, day: date, second: float) -> datetime:
        """The UTC instant at which the clock of the place shows that second of that date."""
        wall = datetime.combine(day, time.min) + timedelta(seconds=second)
        at = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if at.astimezone(self.zone).replace(tzinfo=None) == wall:
            return at
        return _end_of_gap(wall, self.zone)

    def shifted(self, at: datetime, days: int) -> datetime:
        """The same time of day, so many calendar days later."""
        local = self.local(at)
        return self.instant(local.date() + timedelta(days), _second(local))

    def is_provisional(self, at: datetime) -> bool:
        """Whether a working-time answer rests on dates whose holidays nobody has entered yet."""
        if self.complete_until is None:
            return False
        return self.date_of(utc(at) - timedelta.resolution) > self.complete_until

    def is_working_time(self, at: datetime) -> bool:
        """The opening instant is working time, the closing instant is not."""
        at = utc(at)
        today = self.date_of(at).toordinal()
        # Tomorrow too: a clock set back over midnight shows yesterday's date for a second time.
        return any(
            opens <= at < closes
            for ordinal in (today, today + 1)
            for opens, closes in self._periods_of(ordinal)
        )

    def next_working_time(self, at: datetime) -> datetime:
        """`at` itself in working time, else the next opening."""
        at = utc(at)
        return next(max(opens, at) for opens, closes in self._forward(at) if closes > at)

    def previous_working_time(self, at: datetime) -> datetime:
        """`at` itself within or at the end of working time, else the last closing."""
        at = utc(at)
        return next(min(closes, at) for opens, closes in self._backward(at) if opens < at)

    def add_working(self, at: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of working time has been used up.

        Used up exactly at closing ends at the closing instant, not at the next opening.
        """
        if amount < NOTHING:
            return self.subtract_working(at, -amount)
        at = utc(at)
        for opens, closes in self._forward(at):
            begins = max(opens, at)
            if amount <= closes - begins:
                return begins + amount
            amount -= closes - begins
        raise AssertionError("the search ends by answering or by refusing")

    def subtract_working(self, at: datetime, amount: timedelta) -> datetime:
        """The mirror of `add_working`: used up exactly at opening ends at the opening instant."""
        if amount < NOTHING:
            return self.add_working(at, -amount)
        at = utc(at)
        for opens, closes in self._backward(at):
            ends = min(closes, at)
            if amount <= ends - opens:
                return ends - amount
            amount -= ends - opens
        raise AssertionError("the search ends by answering or by refusing")

    def working_between(self, begins: datetime, ends: datetime) -> timedelta:
        """Working time from one instant to another; nothing when they stand the wrong way round."""
        begins, ends = utc(begins), utc(ends)
        total = NOTHING
        if begins >= ends:
            return total
        for ordinal in range(self.date_of(begins).toordinal(), self.date_of(ends).toordinal() + 2):
            for opens, closes in self._periods_of(ordinal):
                total += max(NOTHING, min(closes, ends) - max(opens, begins))
        return total

    def add_working_days(self, at: datetime, n: int) -> datetime:
        """The same time of day, n working days on; outside that day's hours, the next working time.

        A start on a free day counts from the beginning of the next working day. Backwards likewise.
        """
        local = self.local(at)
        if n == 0:
            return self.add_working(at, NOTHING)
        day, second = local.date(), _second(local)
        if not self.is_working_day(day):
            day = self.add_working_days_date(day, 1 if n > 0 else -1)
            second = 0.0 if n > 0 else float(DAY)
        target = self.instant(self.add_working_days_date(day, n), second)
        move = self.add_working if n > 0 else self.subtract_working
        return move(target, NOTHING)

    def first_periods_after(self, at: datetime, n: int) -> list[Period]:
        """The next n stretches of working time; one running at `at` begins there."""
        at = utc(at)
        found: list[Period] = []
        if n <= 0:
            return found
        for opens, closes in self._forward(at):
            if closes > at:
                found.append((max(opens, at), closes))
            if len(found) == n:
                break
        return found

    # Inside

    def _all_hours(self) -> Iterator[Hours]:
        yield from self.week
        yield from self.breaks.values()
        for season in self.seasons:
            yield from season.week
        for day in self.days.values():
            yield day.hours or ()

    def _week_of(self, day: date) -> tuple[Hours, ...]:
        return next((season.week for season in self.seasons if season.holds(day)), self.week)

    def _planned(self, day: date) -> Hours:
        special, week = self.days.get(day), self._week_of(day)
        if special is None:
            return week[day.weekday()]
        if special.kind == "holiday":
            return ()
        if special.hours is not None:
            return special.hours
        return usual_hours(week, day)

    def _periods_of(self, ordinal: int) -> tuple[Period, ...]:
        known = self._periods.get(ordinal)
        if known is not None:
            return known
        if not _FIRST <= ordinal <= _LAST:
            raise Refused("calendar-range", "时限超出可计算的日期范围，请检查时长。")
        day = date.fromordinal(ordinal)
        pairs = [(self.instant(day, a), self.instant(day, b)) for a, b in self.hours_on(day)]
        periods = tuple((opens, closes) for opens, closes in pairs if opens < closes)
        if len(self._periods) >= _KEPT_DAYS:
            self._periods.clear()
        self._periods[ordinal] = periods
        return periods

    def _worked(self, ordinal: int, step: int) -> int:
        """The nearest working day strictly after (before) a day."""
        for _ in range(SEARCH_DAYS):
            ordinal += step
            if self._periods_of(ordinal):
                return ordinal
        raise _no_working_time()

    def _search(self, ordinal: int, step: int) -> Iterator[tuple[Period, ...]]:
        idle = 0
        while idle < SEARCH_DAYS:
            periods = self._periods_of(ordinal)
            idle = 0 if periods else idle + 1
            yield periods
            ordinal += step
        raise _no_working_time()

    def _forward(self, at: datetime) -> Iterator[Period]:
        """Periods that end at `at` or later; yesterday's too, for it may close at 24:00, now."""
        for periods in self._search(self.date_of(at).toordinal() - 1, 1):
            for period in periods:
                if period[1] >= at:
                    yield period

    def _backward(self, at: datetime) -> Iterator[Period]:
        for periods in self._search(self.date_of(at).toordinal() + 1, -1):
            for period in reversed(periods):
                if period[0] <= at:
                    yield period


def _no_working_time() -> Refused:
    return Refused(
        "calendar-empty", "日历在十年之内没有工作时间，无法计算时限。请检查工作时间和节假日。"
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise Refused("calendar-invalid", f"没有名为“{name}”的时区。", field="tz") from error


def utc(at: datetime) -> datetime:
    """The same moment in UTC: adding to any other zone would be arithmetic on the wall clock."""
    if at.tzinfo is None:
        raise ValueError(f"a moment without a zone: {at}")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _second(local: datetime) -> float:
    """The second of the day that the wall clock shows."""
    return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1_000_000


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clock jumps over a wall time that it never shows."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == new:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
