"""Opening hours as people write them: intervals, special days, seasons; and their JSON form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from shouwen.rules.refused import Refused

#: [open, close) in seconds of the local day; 86400 is 24:00.
Hours = tuple[tuple[int, int], ...]
Kind = Literal["holiday", "makeup", "shift"]

DAY = 86_400
FULL_DAY: Hours = ((0, DAY),)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Day:
    """What is special about one date.

    holiday: closed. makeup: a day that would be free and is worked (调休), with its own hours or
    those of an ordinary weekday. shift: other hours on that day only.
    """

    kind: Kind
    name: str = ""
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """Other weekly hours between two days of the year, both included; may run over new year."""

    name: str
    begins: tuple[int, int]
    ends: tuple[int, int]
    week: tuple[Hours, ...]

    def holds(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.begins <= self.ends:
            return self.begins <= here <= self.ends
        return here >= self.begins or here <= self.ends


def check_hours(hours: Hours) -> None:
    if any(not 0 <= opens < closes <= DAY for opens, closes in hours) or any(
        one[1] > two[0] for one, two in pairwise(hours)
    ):
        raise Refused(
            "calendar-invalid",
            f"工作时间 {_write_hours(hours)} 有误：须从早到晚、互不重叠。",
            field="hours",
        )


def usual_hours(week: tuple[Hours, ...], day: date) -> Hours:
    """What a make-up day works: the hours of the first of Monday to Friday that has any."""
    return next((hours for hours in week[:5] if hours), week[day.weekday()])


def without(hours: Hours, breaks: Hours) -> Hours:
    for begins, ends in breaks:
        pieces = [
            piece
            for opens, closes in hours
            for piece in ((opens, min(closes, begins)), (max(opens, ends), closes))
        ]
        hours = tuple(piece for piece in pieces if piece[0] < piece[1])
    return hours


def second_of(text: str | int) -> int:
    """Seconds of the day from "HH:MM", "HH:MM:SS" or minutes; "24:00" is the end of it."""
    if isinstance(text, int):
        return text * 60
    parts = [int(part) if part.isdigit() else -1 for part in text.split(":")]
    if len(parts) not in (2, 3) or min(parts) < 0 or max(parts[1:]) > 59:
        raise ValueError(f"不是一天中的时刻：{text!r}")
    second = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)
    if second > DAY:
        raise ValueError(f"不是一天中的时刻：{text!r}")
    return second


def clock_text(second: int) -> str:
    """Seconds of the day as HH:MM, with seconds only where there are any."""
    minutes, seconds = divmod(second, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _read_hours(value: Any) -> Hours:
    """Sorted; stretches that touch or overlap become one. Closing at 00:00 means 24:00."""
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted((second_of(a), second_of(b) or DAY) for a, b in value):
        if opens >= closes:
            raise ValueError(f"{clock_text(opens)} 至 {clock_text(closes)}，跨零点的请分成两段")
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return tuple(merged)


def _write_hours(hours: Hours) -> list[list[str]]:
    return [[clock_text(opens), clock_text(closes)] for opens, closes in hours]


def _read_week(value: Mapping[str, Any]) -> tuple[Hours, ...]:
    unknown = set(value) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"不认识的星期 {sorted(unknown)}")
    return tuple(_read_hours(value.get(name) or ()) for name in WEEKDAYS)


def _write_week(week: tuple[Hours, ...]) -> dict[str, list[list[str]]]:
    return {name: _write_hours(hours) for name, hours in zip(WEEKDAYS, week, strict=True)}


def _write_day(day: Day) -> dict[str, Any]:
    written: dict[str, Any] = {"name": day.name}
    if day.hours is not None:
        written["hours"] = _write_hours(day.hours)
    return written


def _read_day(kind: Kind, value: Any) -> Day:
    if value is None or isinstance(value, str):
        return Day(kind, value or "")
    if isinstance(value, Mapping):
        hours = value.get("hours")
        return Day(kind, value.get("name", ""), None if hours is None else _read_hours(hours))
    return Day(kind, "", _read_hours(value))


def _dated(value: Any) -> dict[date, Any]:
    pairs = value.items() if isinstance(value, Mapping) else ((on, None) for on in value or ())
    return {date.fromisoformat(on): each for on, each in pairs}


def _read_days(data: Mapping[str, Any]) -> dict[date, Day]:
    """A holiday wins over a make-up day, which wins over a shift."""
    kinds: tuple[Kind, ...] = ("shift", "makeup", "holiday")
    return {
        on: _read_day(kind, value)
        for kind in kinds
        for on, value in _dated(data.get(f"{kind}s")).items()
    }


def _month_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2000-{text}")
    return day.month, day.day


def _read_season(value: Mapping[str, Any]) -> Season:
    begins, ends = _month_day(value["from"]), _month_day(value["to"])
    return Season(value.get("name", ""), begins, ends, _read_week(value["hours"]))


_KEYS = {"tz", "hours", "holidays", "makeups", "shifts", "breaks", "seasons", "complete_until"}


def read_calendar(data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(data) - _KEYS
    if unknown:
        raise Refused("calendar-invalid", f"日历里有不认识的项目：{'、'.join(sorted(unknown))}。")
    try:
        complete = data.get("complete_until")
        return {
            "tz": data["tz"],
            "week": _read_week(data["hours"]),
            "days": _read_days(data),
            "breaks": {on: _read_hours(v) for on, v in _dated(data.get("breaks")).items()},
            "seasons": tuple(_read_season(value) for value in data.get("seasons") or ()),
            "complete_until": date.fromisoformat(complete) if complete else None,
        }
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused("calendar-invalid", f"日历写得不对：{error}。") from error


def write_calendar(
    week: tuple[Hours, ...],
    days: Mapping[date, Day],
    breaks: Mapping[date, Hours],
    seasons: tuple[Season, ...],
) -> dict[str, Any]:
    """Every weekday is written, so that nothing is left to guess."""
    return {
        "hours": _write_week(week),
        "holidays": {str(on): day.name for on, day in _of_kind(days, "holiday")},
        "makeups": {str(on): _write_day(day) for on, day in _of_kind(days, "makeup")},
        "shifts": {str(on): _write_day(day) for on, day in _of_kind(days, "shift")},
        "breaks": {str(on): _write_hours(breaks[on]) for on in sorted(breaks)},
        "seasons": [_write_season(season) for season in seasons],
    }


def _of_kind(days: Mapping[date, Day], kind: Kind) -> list[tuple[date, Day]]:
    return [(on, days[on]) for on in sorted(days) if days[on].kind == kind]


def _write_season(season: Season) -> dict[str, Any]:
    return {
        "name": season.name,
        "from": "{:02}-{:02}".format(*season.begins),
        "to": "{:02}-{:02}".format(*season.ends),
        "hours": _write_week(season.week),
    }
