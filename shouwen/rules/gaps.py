"""How far a figure is from its target, in records: "3 more of the 5 that are undecided"."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from shouwen.rules.figures import Figure

Standing = Literal["none", "spare", "needed", "short", "over"]


@dataclass(frozen=True, slots=True)
class Gap:
    """`spare`: so many more may fail; `needed`: so many of the undecided must succeed; `short`: so
    many are lacking, more than are undecided; `over`: so many too many."""

    standing: Standing
    records: int = 0


def gap(figure: Figure) -> Gap:
    bound = figure.measure.bound
    if bound is None or figure.is_met is None or figure.measure.value == "mean":
        return Gap("none")
    sign, limit = bound
    if sign in ("<", "<="):
        return _under(figure, limit, strict=sign == "<")
    return _over(figure, limit, strict=sign == ">")


def _over(figure: Figure, limit: Fraction, *, strict: bool) -> Gap:
    """Of a target that is to be reached."""
    counts = figure.counts
    if figure.measure.value == "count":
        return Gap("spare") if figure.is_met else Gap("short", figure.gap)
    if figure.is_met:
        return Gap("spare", _may_fail(counts.hit, counts.n, limit, strict=strict))
    missing = limit * counts.n - counts.hit
    if limit < 1:
        needed = missing / (1 - limit)
        more = floor(needed) + 1 if strict else ceil(needed)
        if more <= counts.open:
            return Gap("needed", more)
    return Gap("short", figure.gap)


def _may_fail(hit: int, n: int, limit: Fraction, *, strict: bool) -> int:
    """How many failures more the target bears."""
    if not limit:
        return 0
    room = hit / limit - n
    return max(0, ceil(room) - 1 if strict else floor(room))


def _under(figure: Figure, limit: Fraction, *, strict: bool) -> Gap:
    """Of a target that is not to be exceeded."""
    counts = figure.counts
    allowed = limit if figure.measure.value == "count" else limit * counts.n
    most = ceil(allowed) - 1 if strict else floor(allowed)
    if counts.hit > most:
        return Gap("over", counts.hit - most)
    return Gap("spare", most - counts.hit)
