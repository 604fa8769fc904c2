"""Moments, spans and due times as a reader says them. Local time is Django's current time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

WEEKDAYS = "一二三四五六日"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time as a badge shows it: the words and their tone."""

    words: str
    tone: str


def moment(at: datetime, now: datetime | None = None) -> str:
    """11-19 09:12, with the year when it is not that of `now`."""
    local = localtime(at)
    if now is not None and localtime(now).year != local.year:
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{local:%m-%d %H:%M}"


def full_moment(at: datetime) -> str:
    """2026-11-19（四）09:12"""
    local = localtime(at)
    return f"{local:%Y-%m-%d}（{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def clock_time(at: datetime) -> str:
    """09:12"""
    return f"{localtime(at):%H:%M}"


def day(at: datetime | date) -> str:
    """11-24 周二"""
    local = localtime(at).date() if isinstance(at, datetime) else at
    return f"{local:%m-%d} 周{WEEKDAYS[local.weekday()]}"


def span(length: timedelta) -> str:
    """42 分 · 2 时 10 分 · 3 天 4 时: the two largest parts, rounded down, without a sign."""
    minutes = abs(length) // MINUTE
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if minutes == 0:
        return "不到 1 分"
    if days:
        return _parts((days, "天"), (hours, "时"))
    return _parts((hours, "时"), (rest, "分"))


def _parts(*pairs: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in pairs if number)


def running(due: datetime, now: datetime, soon: datetime) -> Due:
    """A due time still to be met: late after it, amber from `soon` on, else its day."""
    if now > due:
        return Due(f"超时 {span(now - due)}", "late")
    if now >= soon:
        return Due(f"剩 {span(due - now)} · {_hour_or_day(due, now)}", "warn")
    return Due(_near_day(due, now), "neutral")


def ended(due: datetime, state: str, began: datetime | None, end: datetime | None) -> Due:
    """A due time that has been judged: 按时 with what it took, 超时 by how much, or 免责."""
    if state == "waived":
        return Due("免责", "neutral")
    if state == "met":
        return Due(f"按时 · 用 {span(end - began)}" if began and end else "按时", "met")
    return Due(f"超时 {span(end - due)}" if end else "超时", "late")


def _hour_or_day(due: datetime, now: datetime) -> str:
    return clock_time(due) if due - now < DAY else moment(due, now)


def _near_day(due: datetime, now: datetime) -> str:
    """今天 20:00 · 今天 24:00 · 明天 09:00 · 11-24 周二 · 2027-01-05 周二. Midnight ends a day."""
    local, today = localtime(due), localtime(now).date()
    last, clock = local.date(), f"{local:%H:%M}"
    if clock == "00:00":
        last, clock = last - DAY, "24:00"
    if last - today in _NEAR:
        return f"{_NEAR[last - today]} {clock}"
    return day(last) if last.year == today.year else f"{last.year}-{day(last)}"


_NEAR = {timedelta(0): "今天", DAY: "明天"}


def size(octets: int) -> str:
    """The size of a file: 312 KB, 4.2 MB."""
    if octets < 1024 * 1024:
        return f"{max(1, octets // 1024)} KB"
    return f"{octets / 1024 / 1024:.1f} MB"
