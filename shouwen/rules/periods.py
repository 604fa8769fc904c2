"""The stretches of days that figures and statements are about: a day, a week, a month, a quarter,
half a year, a year.

Days only: which moment belongs to which day is the business of the calendar's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

PeriodKind = Literal["day", "week", "month", "quarter", "half-year", "year"]
PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
PERIOD_NAMES: dict[PeriodKind, str] = {
    "day": "天",
    "week": "周",
    "month": "月",
    "quarter": "季度",
    "half-year": "半年",
    "year": "年",
}
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_KEYS: tuple[tuple[PeriodKind, str], ...] = (
    ("day", r"(\d{4})-(\d{2})-(\d{2})"),
    ("week", r"(\d{4})-W(\d{2})"),
    ("month", r"(\d{4})-(\d{2})"),
    ("quarter", r"(\d{4})-Q([1-4])"),
    ("half-year", r"(\d{4})-H([12])"),
    ("year", r"(\d{4})"),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date
    kind: PeriodKind

    @property
    def key(self) -> str:
        """How it stands in an address and in the database: 2026-11, 2026-Q4, 2026-H2, 2026-W48."""
        year = self.first.year
        match self.kind:
            case "day":
                return self.first.isoformat()
            case "week":
                iso = self.first.isocalendar()
                return f"{iso.year}-W{iso.week:02}"
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{year}-Q{(self.first.month + 2) // 3}"
            case "half-year":
                return f"{year}-H{1 if self.first.month == 1 else 2}"
            case "year":
                return str(year)

    @property
    def words(self) -> str:
        year = self.first.year
        match self.kind:
            case "day":
                return f"{year}年{self.first.month}月{self.first.day}日"
            case "week":
                iso = self.first.isocalendar()
                return f"{iso.year}年第{iso.week}周"
            case "month":
                return f"{year}年{self.first.month}月"
            case "quarter":
                return f"{year}年第{'一二三四'[self.first.month // 3]}季度"
            case "half-year":
                return f"{year}年{'上' if self.first.month == 1 else '下'}半年"
            case "year":
                return f"{year}年"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def before(self) -> Period:
        """The one that ended the day before this begins."""
        return period(self.kind, self.first - timedelta(days=1))

    def after(self) -> Period:
        return period(self.kind, self.last + timedelta(days=1))

    def parts(self, kind: PeriodKind) -> Iterator[Period]:
        """The smaller ones that it consists of; a week belongs to where it begins."""
        part = period(kind, self.first)
        if part.first < self.first:
            part = part.after()
        while part.first <= self.last:
            yield part
            part = part.after()


def period(kind: PeriodKind, day: date) -> Period:
    """The period of this kind that the day lies in. Weeks begin on Monday."""
    if kind == "day":
        return Period(day, day, kind)
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6), kind)
    length = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(first, _months_on(first, length) - timedelta(days=1), kind)


def read_period(key: str) -> Period:
    """What `Period.key` wrote. ValueError where it is none."""
    for kind, pattern in _KEYS:
        if found := re.fullmatch(pattern, key):
            return period(kind, _first_day(kind, [int(part) for part in found.groups()]))
    raise ValueError(f"看不懂的期间：{key!r}")


def _first_day(kind: PeriodKind, parts: list[int]) -> date:
    year, rest = parts[0], parts[1:]
    match kind:
        case "day":
            return date(year, *rest)
        case "week":
            return date.fromisocalendar(year, rest[0], 1)
        case "year":
            return date(year, 1, 1)
        case _:
            return date(year, (rest[0] - 1) * _MONTHS[kind] + 1, 1)


def _months_on(first: date, months: int) -> date:
    """The first of the month so many months later."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
