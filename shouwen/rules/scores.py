"""The score of a department for a month: a weighted mean of four shares, out of 100.

The regulation asks that responsible departments be assessed and names no formula: the weights are
the product's own (系统默认，非制度规定).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

#: What counts how much.
WEIGHTS = {"timeliness": 40, "closure": 30, "satisfaction": 20, "calm": 10}
TITLES = {
    "timeliness": "按时",
    "closure": "关闭",
    "satisfaction": "满意",
    "calm": "未被催办",
}


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    hit: int
    n: int


def score(parts: dict[str, Part]) -> Fraction | None:
    """Out of 100. Where nothing was to be judged the others carry the weight; None where nothing
    was at all."""
    judged = {name: part for name, part in parts.items() if part.n}
    weight = sum(WEIGHTS[name] for name in judged)
    if not weight:
        return None
    gained = sum(WEIGHTS[name] * Fraction(part.hit, part.n) for name, part in judged.items())
    return Fraction(100 * gained, weight)
