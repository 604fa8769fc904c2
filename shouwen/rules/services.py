"""Services on request (特约服务、便民服务): what each asks, when it is complete, what comes next.

A service is data (`service_item` in a regulation): which details it wants is a list of the names
here, so that twenty-four free services and the paid ones are one kind of order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from shouwen.rules.refused import Refused
from shouwen.rules.vocabulary import SERVICE_DETAILS

ASKED, PLANNED, CONFIRMED = "asked", "planned", "confirmed"
STARTED, DONE, CANCELLED = "started", "done", "cancelled"

STATE_NAMES = {
    ASKED: "待定方案",
    PLANNED: "待客户确认",
    CONFIRMED: "待开始",
    STARTED: "服务中",
    DONE: "已办结",
    CANCELLED: "已取消",
}
OPEN = (ASKED, PLANNED, CONFIRMED, STARTED)

#: What may be done next in a state, the usual one first.
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    ASKED: ("plan", "cancel"),
    PLANNED: ("confirm", "plan", "cancel"),
    CONFIRMED: ("start", "plan", "cancel"),
    STARTED: ("finish", "cancel"),
    DONE: (),
    CANCELLED: (),
}
STEP_NAMES = {
    "plan": "拟定方案和价格",
    "confirm": "客户确认",
    "start": "开始服务",
    "finish": "办结",
    "cancel": "取消",
}

#: Where a service item names no results of its own. The first is the one that was hoped for: only
#: with it are the last details wanted, and the price due.
RESULTS = ("已办妥", "未办成")

Shape = Literal["line", "lines", "number", "money", "day", "moment", "score"]


@dataclass(frozen=True)
class Detail:
    """How one thing that an order holds is filled in; its title is in `SERVICE_DETAILS`. `when` is
    the step that cannot go on without it; empty: it is welcome, and not needed."""

    shape: Shape = "line"
    when: Literal["", "start", "finish"] = "start"


#: The fields of an order. What the vocabulary knows besides is no field but a record of its own:
#: `RECORDS`.
DETAILS: Mapping[str, Detail] = {
    "need": Detail("lines"),
    "items": Detail("lines"),
    "quantity": Detail("number"),
    "title": Detail(),
    "period": Detail(),
    "start": Detail("day"),
    "end": Detail("day"),
    "arrive_on": Detail("day"),
    "leave_on": Detail("day"),
    "begins_at": Detail("moment"),
    "ends_at": Detail("moment"),
    "trip": Detail(),
    "passenger": Detail(),
    "destination": Detail(),
    "pickup_at": Detail("moment"),
    "return_at": Detail("moment"),
    "deliver_at": Detail("moment"),
    "booking": Detail(when="finish"),
    "passed_on": Detail("money", "finish"),
    "appointment": Detail("moment"),
    "candidate": Detail("lines", "finish"),
    "identity": Detail(when="finish"),
    "employer": Detail(when="finish"),
    "satisfaction": Detail("score", "finish"),
    "driver": Detail(when="finish"),
    "kilometres": Detail("number", "finish"),
    "carrier": Detail(),
    "tracking": Detail(when="finish"),
    "area": Detail("number"),
    "place": Detail(),
    "hours": Detail(),
    "people": Detail("number"),
    "note": Detail("lines", ""),
}

#: Names of the vocabulary that are kept as records: the partner who does it, what was taken into
#: our keeping and given back, how it goes on, the agency's listing.
RECORDS = ("partner", "documents", "returned", "progress", "listing")
#: Details that say until when something of the customer's is to be delivered or back.
PROMISED = ("return_at", "deliver_at")
#: An order whose item asks these is a subscription, and is reminded of before it ends.
ENDS = "end"


def fields(wanted: Iterable[str]) -> list[str]:
    """Those of an item's details that are fields of its order."""
    return [name for name in wanted if name in DETAILS]


def _number(text: str) -> bool:
    return Decimal(text).is_finite()


def _moment(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


def _day(text: str) -> bool:
    return bool(date.fromisoformat(text))


_IS: Mapping[str, Callable[[str], bool]] = {
    "number": _number,
    "money": _number,
    "moment": _moment,
    "day": _day,
}


def require_shape(name: str, value: object) -> None:
    """Refuse a detail that is not what it should be: a moment without its offset, a number in
    words."""
    try:
        right = _IS.get(DETAILS[name].shape, bool)(str(value))
    except (ValueError, ArithmeticError):
        right = False
    if not right:
        title = SERVICE_DETAILS[name]
        raise Refused("bad-detail", f"“{title}”填得不对，请核对。", field="details")


def missing(wanted: Iterable[str], given: Mapping[str, object], when: str) -> list[str]:
    """The titles of what a step still lacks; finishing lacks whatever starting lacked too."""
    steps = ("start",) if when == "start" else ("start", "finish")
    return [
        SERVICE_DETAILS[name]
        for name in fields(wanted)
        if DETAILS[name].when in steps and not given.get(name)
    ]


def require_step(state: str, step: str, clause: str = "") -> None:
    """Refuse a step that may not follow, saying what is to be done instead."""
    if step in FOLLOWS[state]:
        return
    if step == "start":
        raise Refused("not-confirmed", "服务方案和价格还没有经客户确认，确认以后才能开始。", clause)
    usual = next(iter(FOLLOWS[state]), "")
    instead = f"，现在应当“{STEP_NAMES[usual]}”" if usual else ""
    raise Refused(
        f"{step}-not-now",
        f"需求单现在是“{STATE_NAMES[state]}”，不能“{STEP_NAMES[step]}”{instead}。",
    )


_LONG_NUMBER = re.compile(r"(?:\d[ -]?){15,}")


def require_no_account(texts: Iterable[object]) -> None:
    """Numbers of bank accounts, cards and identity cards are not ours to keep (S2-A2-14)."""
    if any(_LONG_NUMBER.search(str(text)) for text in texts):
        raise Refused(
            "account-number",
            "不要记录银行账号、卡号或身份证号，请删去以后再保存。",
            field="details",
        )


# --- Overtime of the air conditioning -------------------------------------------------------------


@dataclass(frozen=True)
class Supply:
    """Hours in which something is supplied without asking. Weekdays: Monday is 0."""

    weekdays: tuple[int, ...]
    since: time
    until: time


def overtime(begins: datetime, ends: datetime, supplied: Sequence[Supply]) -> Decimal:
    """Hours of [begins, ends) outside the supply, to hundredths. Both moments are local."""
    days = [begins.date() + timedelta(days=n) for n in range((ends - begins).days + 2)]
    covered = sum((_covered(day, begins, ends, supplied) for day in days), timedelta())
    minutes = Decimal((ends - begins - covered).total_seconds()) / 60
    return (minutes / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _covered(day: date, begins: datetime, ends: datetime, supplied: Sequence[Supply]) -> timedelta:
    """How much of [begins, ends) is supplied on a day; hours that overlap count once."""
    covered, at = timedelta(), begins
    for hours in sorted(supplied, key=lambda hours: hours.since):
        since = max(at, datetime.combine(day, hours.since, begins.tzinfo))
        until = min(ends, datetime.combine(day, hours.until, begins.tzinfo))
        if day.weekday() in hours.weekdays and since < until:
            covered, at = covered + (until - since), until
    return covered
