"""Moments as people write them."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
#: What the fixture `clock` is: takes what `moment` takes, and gives the moment back.
SetClock = Callable[..., datetime]


def moment(text: str, weekday: str = "") -> datetime:
    """ "2026-11-19 09:12" in Shanghai. Who names the weekday ("周四") is held to it."""
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    real = f"周{WEEKDAYS[at.weekday()]}"
    if weekday not in ("", real):
        raise ValueError(f"{text} is a {real}, not a {weekday}")
    return at
