"""Whether a measure swings: the chart of Shewhart, not a fixed percent.

A figure wavers from month to month without anybody's doing. It *swings* when chance alone would
hardly bring it there: beyond three sigma (or as many as a regulation says) of what the periods
before say, or on one side of their mean eight times in a row. What is few is judged by the binomial
law itself, where sigma means little; what is many by Laney's limits, which allow for months that
differ among themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, lgamma, log, sqrt
from typing import Literal

#: Fewer periods than these say nothing of how far a measure wavers.
LEAST = 8
#: So many in a row on one side of the mean are no chance.
RUN = 8
#: Beyond so many sigma it swings, where no regulation says otherwise (`terms.swing_sigmas`).
SIGMAS = 3.0
#: Where fewer are expected on either side, the normal law is no good.
FEW = 5
#: More than these where fewer than five are expected need no exact chance.
ENOUGH = 50
#: The mean distance of two neighbours, in sigma (d₂ of two).
NEIGHBOURS = 1.128

Side = Literal["high", "low"]
Kind = Literal["share", "count"]


@dataclass(frozen=True, slots=True)
class Point:
    """What one period came to: so many of so many. Of a count `n` says nothing."""

    hit: int
    n: int = 0

    @property
    def share(self) -> float:
        return self.hit / self.n


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a figure is expected: its mean, and how far it wavers by itself."""

    centre: float
    low: float
    high: float
    periods: int
    """How many it was learned from."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A figure that chance does not explain."""

    side: Side
    run: int
    """How many in a row on this side; 1: this one alone is out of the limits."""
    limits: Limits


def swing(points: Sequence[Point], kind: Kind = "share", sigmas: float = SIGMAS) -> Swing | None:
    """Whether the last of these, the oldest first, swings against those before it.

    Periods in which nothing was judged are passed over; a last one without anything is none.
    """
    if not points or (kind == "share" and not points[-1].n):
        return None
    known = [point for point in points if kind == "count" or point.n]
    return _alone(known, kind, sigmas) or _in_a_row(known, kind, sigmas)


def limits(
    before: Sequence[Point], now: Point, kind: Kind = "share", sigmas: float = SIGMAS
) -> Limits | None:
    """Where `now` is expected after these; None where they are too few."""
    if len(before) < LEAST:
        return None
    return _of_counts(before, sigmas) if kind == "count" else _of_shares(before, now.n, sigmas)


# --- beyond the limits ----------------------------------------------------------------------------


def _alone(known: Sequence[Point], kind: Kind, sigmas: float) -> Swing | None:
    before, now = known[:-1], known[-1]
    found = limits(before, now, kind, sigmas)
    if found is None:
        return None
    side = _beyond(now.hit if kind == "count" else now.share, found)
    if side is None:
        return None
    if kind == "share" and not _is_rare(now, _centre(before), sigmas):
        return None
    return Swing(side, 1, found)


def _beyond(value: float, found: Limits) -> Side | None:
    if value > found.high:
        return "high"
    return "low" if value < found.low else None


def _centre(before: Sequence[Point]) -> float:
    """The share of all together. One more of either kind is thought of: that none failed so far
    does not mean that none ever may."""
    return (sum(point.hit for point in before) + 1) / (sum(point.n for point in before) + 2)


def _of_shares(before: Sequence[Point], n: int, sigmas: float) -> Limits:
    """Laney's p′: the binomial sigma, widened where the periods differ by more than that."""
    centre = _centre(before)
    spread = sqrt(centre * (1 - centre))
    scores = [(point.share - centre) / (spread / sqrt(point.n)) for point in before]
    reach = sigmas * spread / sqrt(n) * max(1.0, _sigma(scores))
    return Limits(centre, max(0.0, centre - reach), min(1.0, centre + reach), len(before))


def _of_counts(before: Sequence[Point], sigmas: float) -> Limits:
    """The chart of single values; counts waver by the root of their mean at least."""
    counts = [float(point.hit) for point in before]
    centre = sum(counts) / len(counts)
    reach = sigmas * max(_sigma(counts), sqrt(max(centre, 1.0)))
    return Limits(centre, max(0.0, centre - reach), centre + reach, len(before))


def _sigma(values: Sequence[float]) -> float:
    """From the distances of neighbours: a slow drift does not widen it."""
    steps = [abs(b - a) for a, b in pairwise(values)]
    return sum(steps) / len(steps) / NEIGHBOURS


# --- small numbers --------------------------------------------------------------------------------


def _is_rare(now: Point, centre: float, sigmas: float) -> bool:
    """Of few: whether so much of the rarer kind, or so little, comes as seldom as what lies
    beyond so many sigma on one side: of three once in 740 times."""
    rare = erfc(sigmas / sqrt(2)) / 2
    rarer = min(centre, 1 - centre)
    expected = rarer * now.n
    if expected >= FEW:
        return True
    seen = now.hit if centre <= 1 / 2 else now.n - now.hit
    if seen <= expected:
        return _at_most(seen, now.n, rarer) < rare
    return 1 - _at_most(min(seen, ENOUGH) - 1, now.n, rarer) < rare


def _at_most(hits: int, n: int, share: float) -> float:
    """The chance of so many hits or fewer, among n of which each hits with this share."""
    whole = lgamma(n + 1)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log(1 - share))
        for k in range(hits + 1)
    )


# --- on one side ----------------------------------------------------------------------------------


def _in_a_row(known: Sequence[Point], kind: Kind, sigmas: float) -> Swing | None:
    """Eight on one side of the mean of what was before the eight."""
    before, row = known[:-RUN], known[-RUN:]
    found = limits(before, row[-1], kind, sigmas)
    if found is None:
        return None
    values = [point.hit if kind == "count" else point.share for point in row]
    if all(value > found.centre for value in values):
        return Swing("high", RUN, found)
    return Swing("low", RUN, found) if all(value < found.centre for value in values) else None


# --- in words -------------------------------------------------------------------------------------


def explained(found: Swing, now: Point, kind: Kind = "share") -> str:
    """Why it is more than chance, for those who answer for it."""
    expected = found.limits
    if kind == "count":
        value, span = f"{now.hit}", f"{expected.low:.0f}～{expected.high:.0f}"
        mean = f"{expected.centre:.1f}"
    else:
        value = f"{now.share:.1%}（{now.hit}/{now.n}）"
        span, mean = f"{expected.low:.1%}～{expected.high:.1%}", f"{expected.centre:.1%}"
    where = "高于" if found.side == "high" else "低于"
    if found.run > 1:
        return (
            f"本期 {value}，已连续 {found.run} 期{where}此前 {expected.periods} 期的均值 {mean}。"
        )
    return (
        f"本期 {value}，{where}按此前 {expected.periods} 期算出的正常范围 {span}（均值 {mean}）："
        "不像是偶然的上下。"
    )
