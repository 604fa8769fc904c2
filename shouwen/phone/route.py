"""In which order one goes: emergencies, then building by building."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_NEVER = "9999"


@dataclass(frozen=True)
class Stop:
    """One order on the way. `due` is when somebody must be there; None when nothing presses."""

    urgent: bool
    building: str
    place: str
    due: datetime | None
    under_way: bool = False
    """He is on his way or there: nothing comes before that, but an emergency."""

    @property
    def pressing(self) -> str:
        return self.due.isoformat() if self.due else _NEVER


def route(stops: Iterable[Stop]) -> list[Stop]:
    """Emergencies by their due times, then what is under way. The rest building by building: first
    the building in which something is due first, and in it from the first door to the last."""
    stops = list(stops)
    first: dict[str, str] = {}
    for stop in stops:
        first[stop.building] = min(stop.pressing, first.get(stop.building, _NEVER))

    def turn(stop: Stop) -> tuple[Any, ...]:
        if stop.urgent:
            return (0, stop.pressing, "", "", "")
        if stop.under_way:
            return (1, stop.pressing, "", "", "")
        return (2, first[stop.building], stop.building, stop.place, stop.pressing)

    return sorted(stops, key=turn)
