"""Working time by brute force, for comparison: walks along UTC and looks at the clock.

Shares no code with `shouwen.rules`. It reads the calendar as it is stored (JSON) and asks of every
five minutes what the wall clock of the place shows. The one convention that both must agree on: a
stretch of time that the wall clock shows a second time is worked when the last moment before the
repetition was. All times and hours must be multiples of five minutes.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=5)
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _inside(minute: int, stretches: Any) -> bool:
    return any(_minutes(a) <= minute < _minutes(b) for a, b in stretches)


class Oracle:
    def __init__(self, stored: dict[str, Any]) -> None:
        self.stored = stored
        self.zone = ZoneInfo(stored["tz"])

    def hours(self, day: date) -> Any:
        key = day.isoformat()
        if key in self.stored.get("holidays", {}):
            return []
        if key in self.stored.get("makeups", {}):
            own = self.stored["makeups"][key].get("hours")
            usual = [self.stored["hours"][name] for name in NAMES[:5] if self.stored["hours"][name]]
            return own if own is not None else usual[0]
        if key in self.stored.get("shifts", {}):
            return self.stored["shifts"][key]["hours"]
        return self.stored["hours"][NAMES[day.weekday()]]

    def on_wall(self, wall: datetime) -> bool:
        minute = wall.hour * 60 + wall.minute
        if _inside(minute, self.stored.get("breaks", {}).get(wall.date().isoformat(), [])):
            return False
        return _inside(minute, self.hours(wall.date()))

    def works(self, at: datetime) -> bool:
        """Whether the five minutes from this UTC moment on are working time."""
        local = at.astimezone(self.zone)
        while local.fold:
            at -= STEP
            local = at.astimezone(self.zone)
        return self.on_wall(local)

    def add(self, at: datetime, steps: int) -> datetime:
        """At least one step."""
        while True:
            steps -= self.works(at)
            at += STEP
            if steps == 0:
                return at

    def subtract(self, at: datetime, steps: int) -> datetime:
        while True:
            at -= STEP
            steps -= self.works(at)
            if steps == 0:
                return at

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        total = timedelta(0)
        while begins < ends:
            total += STEP * self.works(begins)
            begins += STEP
        return total

    def next(self, at: datetime) -> datetime:
        while not self.works(at):
            at += STEP
        return at

    def previous(self, at: datetime) -> datetime:
        while not self.works(at - STEP):
            at -= STEP
        return at

    def working_day(self, day: date) -> bool:
        """Whether anything is worked while the clock of the place shows this date."""
        first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
        moments = (first + n * STEP for n in range(54 * 12))
        return any(at.astimezone(self.zone).date() == day and self.works(at) for at in moments)

    def nth_working_day(self, day: date, n: int) -> date:
        while n:
            day += timedelta(1)
            n -= self.working_day(day)
        return day


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
