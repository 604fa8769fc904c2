"""Working hours as people type them, in and out: "9:00-12:00 13:30-18:00", "周一至周五 …".

Days: "2027-02-05 至 2027-02-12 放假 春节", "2027-02-14 上班 春节", "2027-03-01 09:00-15:00 停电".
ValueError says, for the reader, which line cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from shouwen.rules.hours import WEEKDAYS, clock_text, second_of

NAMES = "一二三四五六日"
REST = ("", "休息", "休", "-", "—")
ALL_DAY = ("全天", "24小时", "24 小时")
Text = list[list[str]]

_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~～至到]+\s*(\d{1,2}:\d{2})")
_DAYS = re.compile(
    r"(?:周|星期)([一二三四五六日天])(?:\s*[至到–—-]\s*(?:周|星期)?([一二三四五六日天]))?"
)
_SEASON = re.compile(r"(\S+)\s+(\d{1,2})-(\d{1,2})\s*[至到~–—-]\s*(\d{1,2})-(\d{1,2})")
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*[至到~–—]\s*(\d{4}-\d{2}-\d{2}))?\s+(.+)")
_LONGEST_STRETCH = 31


def read_hours(text: str) -> Text:
    """Intervals in their order; nothing for a day of rest."""
    text = text.strip().replace("：", ":")
    if text in REST:
        return []
    if text in ALL_DAY:
        return [["00:00", "24:00"]]
    rest = re.sub(r"[\s,，、;；]+", "", _HOURS.sub("", text))
    if rest:
        raise ValueError(f"看不懂“{rest}”，请写成 09:00-12:00 13:30-18:00，休息日留空。")
    return [[_clock(a), _clock(b)] for a, b in _HOURS.findall(text)]


def _clock(text: str) -> str:
    return clock_text(second_of(text))


def write_hours(hours: Text) -> str:
    return " ".join(f"{opens}-{closes}" for opens, closes in hours)


def read_week(lines: list[str]) -> dict[str, Text]:
    """ "周一至周五 09:00-18:00" and so on; a weekday that no line names is free."""
    week: dict[str, Text] = {name: [] for name in WEEKDAYS}
    for line in lines:
        found = _DAYS.match(line.strip())
        if not found:
            raise ValueError(f"看不懂“{line}”，请写成：周一至周五 09:00-12:00 13:30-18:00。")
        hours = read_hours(line.strip()[found.end() :])
        first, last = (_weekday(name) for name in (found[1], found[2] or found[1]))
        for number in range(first, last + 1):
            week[WEEKDAYS[number]] = hours
    return week


def _weekday(name: str) -> int:
    return NAMES.index("日" if name == "天" else name)


def write_week(week: Mapping[str, Text]) -> Iterator[str]:
    """Weekdays of the same hours as one line; days of rest are left out."""
    first = 0
    for number in range(1, 8):
        hours = week.get(WEEKDAYS[first]) or []
        if number < 7 and (week.get(WEEKDAYS[number]) or []) == hours:
            continue
        if hours:
            to = f"至周{NAMES[number - 1]}" if number - 1 > first else ""
            yield f"周{NAMES[first]}{to} {write_hours(hours)}"
        first = number


def read_seasons(text: str) -> list[dict[str, Any]]:
    """A heading "夏令 06-01 至 09-30", then lines of the week; any number of them."""
    seasons: list[dict[str, Any]] = []
    lines: list[list[str]] = []
    for line in filter(str.strip, text.splitlines()):
        found = _SEASON.fullmatch(line.strip())
        if found:
            begins, ends = (f"{int(found[n]):02}-{int(found[n + 1]):02}" for n in (2, 4))
            _month_days(begins, ends)
            seasons.append({"name": found[1], "from": begins, "to": ends})
            lines.append([])
        elif seasons:
            lines[-1].append(line)
        else:
            raise ValueError(f"“{line}”之前要有一行季节，例如：夏令 06-01 至 09-30。")
    weeks = [read_week(each) for each in lines]
    return [{**season, "hours": week} for season, week in zip(seasons, weeks, strict=True)]


def _month_days(*texts: str) -> None:
    for text in texts:
        try:
            date.fromisoformat(f"2000-{text}")
        except ValueError:
            raise ValueError(f"没有 {text} 这一天。") from None


def write_seasons(seasons: list[dict[str, Any]]) -> str:
    return "\n".join(
        line
        for season in seasons
        for line in (
            f"{season['name'] or '季节'} {season['from']} 至 {season['to']}",
            *write_week(season["hours"]),
        )
    )


def read_days(text: str) -> dict[date, tuple[str, dict[str, Any]]]:
    """Date -> kind and what is written of it, for each line of special days."""
    found: dict[date, tuple[str, dict[str, Any]]] = {}
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line.strip())
        if not match:
            raise ValueError(f"看不懂“{line}”，请写成：2027-02-05 至 2027-02-12 放假 春节。")
        special = _special(match[3].strip(), line)
        found |= dict.fromkeys(_stretch(match[1], match[2] or match[1], line), special)
    return found


def _stretch(first: str, last: str, line: str) -> Iterator[date]:
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ValueError(f"“{line}”里的日期不存在。") from None
    if not begins <= ends <= begins + timedelta(_LONGEST_STRETCH):
        raise ValueError(f"“{line}”：要从早到晚，一次最多 {_LONGEST_STRETCH} 天。")
    for n in range((ends - begins).days + 1):
        yield begins + timedelta(n)


def _special(words: str, line: str) -> tuple[str, dict[str, Any]]:
    word, _, name = words.partition(" ")
    name = name.strip()
    if word in ("放假", "休", "休息"):
        return "holidays", {"name": name}
    if word in ("上班", "班", "调休"):
        return "makeups", {"name": name}
    hours = _HOURS.findall(words.replace("：", ":"))
    if not hours:
        raise ValueError(f"“{line}”要写明放假、上班，或当天的时间。")
    name = _HOURS.sub("", words.replace("：", ":")).strip()
    return "shifts", {"name": name, "hours": [[_clock(a), _clock(b)] for a, b in hours]}
