"""How a stored cell is written, the same on screen and on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.timezone import localtime

from shouwen.rules.figures import percent


def shown(cell: Any, kind: str) -> str:
    if cell is None or cell == "":
        return ""
    match kind:
        case "moment":
            return f"{localtime(datetime.fromisoformat(cell)):%Y-%m-%d %H:%M}"
        case "due":
            return due_words(datetime.fromisoformat(cell))
        case "money":
            return f"{Decimal(cell):,.2f}"
        case "share":
            done, of = cell
            return f"{percent(Fraction(done, of))}%" if of else "—"
        case _:
            return str(cell)


def due_words(due: datetime) -> str:
    """Midnight ends a day: 2026-12-05 24:00."""
    local = localtime(due)
    if f"{local:%H:%M}" == "00:00":
        return f"{local.date() - timedelta(days=1)} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def aim(target: str) -> str:
    """ ">= 95%" as it is printed: ≥ 95%."""
    return target.replace(">=", "≥").replace("<=", "≤")
