"""Who is told when a time passes: before it, at it, and up the line after it, each step once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: so long after (or, below zero, before) the time, to whom."""

    after: timedelta
    to: str


Ladder = tuple[Rung, ...]


def next_ring(ladder: Ladder, due: datetime | None, rung: int) -> datetime | None:
    """When the step number `rung` rings; None after the last, or without a time."""
    return due + ladder[rung].after if due and rung < len(ladder) else None


def ready(ladder: Ladder, due: datetime, rung: int, at: datetime) -> list[Rung]:
    """The steps not rung yet whose moment has come."""
    return [step for step in ladder[rung:] if due + step.after <= at]
