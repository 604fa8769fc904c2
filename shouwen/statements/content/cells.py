"""How a stored cell is written, the same on screen and on paper."""

from __future__ import annotations

from datetime import datetime
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
        case "money":
            return f"{Decimal(cell):,.2f}"
        case "share":
            done, of = cell
            return f"{percent(Fraction(done, of))}%" if of else "—"
        case _:
            return str(cell)
