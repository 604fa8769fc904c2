"""A figure: what the verdicts of a measure come to, against its target.

Undecided records (the window of the visit is still open) and excluded ones (void, merged, excused
with approval) stand beside it; they are neither successes nor failures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from shouwen.rules.figure_kinds import Measure

Outcome = Literal["hit", "miss", "open", "out"]
OUTCOMES: dict[Outcome, str] = {"hit": "达标", "miss": "未达标", "open": "未定", "out": "不计"}
#: A share of fewer than so many says little: it is shown with its numbers and marked.
SMALL = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records were judged how."""

    hit: int = 0
    miss: int = 0
    open: int = 0
    out: int = 0
    base: int = 0
    """A denominator that is no list of records (households); 0: hit + miss."""
    waited: int = 0
    """Of those judged or undecided: whose time was stopped by an approved waiting."""
    score: float = 0
    """Of a mean: the sum of what was scored."""

    @property
    def n(self) -> int:
        return self.base or self.hit + self.miss

    @property
    def listed(self) -> int:
        """How many records the figure opens into."""
        return self.hit + self.miss + self.open + self.out

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.hit + other.hit, self.miss + other.miss, self.open + other.open,
            self.out + other.out, self.base + other.base, self.waited + other.waited,
            self.score + other.score,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one place and period."""

    regulation: str
    measure: Measure
    counts: Counts

    @property
    def key(self) -> str:
        return f"{self.regulation}/{self.measure.id}"

    @property
    def value(self) -> Fraction | None:
        """The share, or the count; none where there is nothing to divide by."""
        counts = self.counts
        if self.measure.value == "count":
            return Fraction(counts.hit)
        if self.measure.value == "mean":
            return Fraction(str(counts.score)) / counts.n if counts.n else None
        return Fraction(counts.hit, counts.n) if counts.n else None

    @property
    def words(self) -> str:
        """ "93.1%", "3", or "—" where nothing was to be judged."""
        if self.value is None:
            return "—"
        if self.measure.value == "count":
            return str(self.counts.hit)
        if self.measure.value == "mean":
            return f"{float(self.value):.2f}"
        return f"{percent(self.value)}%"

    @property
    def is_small(self) -> bool:
        return self.measure.value == "rate" and 0 < self.counts.n < SMALL

    @property
    def is_met(self) -> bool | None:
        """None where there is no target or nothing to judge."""
        bound, value = self.measure.bound, self.value
        if bound is None or value is None:
            return None
        sign, limit = bound
        match sign:
            case ">=":
                return value >= limit
            case ">":
                return value > limit
            case "<=":
                return value <= limit
            case _:
                return value < limit

    @property
    def gap(self) -> int:
        """How many more of the undecided and failed records must succeed: "还差 3 件". 0 where the
        target is met or is an upper one."""
        bound = self.measure.bound
        if self.measure.value == "mean" or bound is None:
            return 0
        if self.is_met is not False or bound[0] not in (">=", ">"):
            return 0
        needed = bound[1] if self.measure.value == "count" else bound[1] * self.counts.n
        least = floor(needed) + 1 if bound[0] == ">" else ceil(needed)
        return max(0, least - self.counts.hit)

    def with_counts(self, counts: Counts) -> Figure:
        return replace(self, counts=counts)


def percent(share: Fraction) -> str:
    """In percent with one decimal; never rounded up to a target that was missed (99.96 % is not
    100 %), nor down to nothing."""
    tenths = share * 1000
    whole = floor(tenths)
    shown = whole if share < 1 else round(tenths)
    if share > 0 and shown == 0:
        shown = 1
    return f"{shown // 10}" if shown % 10 == 0 else f"{shown / 10:.1f}"
