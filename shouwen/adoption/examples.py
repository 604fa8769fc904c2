"""Runs the worked examples of a regulation: a case with its dates, and what must be due when.

An example is a small journal. It goes through `rules.commitments.promises`, the same function that
the desk uses, with the office hours and holidays of the sample calendar. The tests replay it
through the actions too (`tests/clauses`), unless it says why that cannot be (`rules_only`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from pydantic import Field, ValidationError

from shouwen.adoption.china import china_calendar
from shouwen.adoption.library import BadRegulation, Folder, read_toml
from shouwen.rules.commitments import Calendars, Promise, promises
from shouwen.rules.intake import implied, is_night
from shouwen.rules.journal import VERBS, Entry
from shouwen.rules.regulation import Rulebook
from shouwen.rules.rule import Strict
from shouwen.rules.worktime import Calendar

WEEKDAYS = "一二三四五六日"
#: Office hours of every example: 9:00 to 12:00 and 13:30 to 18:00 on working days.
HOURS = ((9 * 3600, 12 * 3600), (13 * 3600 + 1800, 18 * 3600))


class Happened(Strict):
    """Something after the opening, in the local time of the calendar."""

    verb: str
    at: str
    data: dict[str, Any] = Field(default_factory=dict)


class Expected(Strict):
    """A promise that the case must have; "" as `due`: its clock stands."""

    commitment: str
    due: str
    department: str = ""
    not_before: str = ""
    round: int = 1
    outcome: Literal["", "met", "late", "waived"] | None = None


class Example(Strict):
    """A case and the promises that come out. Where no weekday is wrong, none was guessed."""

    id: str
    title: str = ""
    cites: tuple[str, ...]
    opened: str
    weekday: Literal["一", "二", "三", "四", "五", "六", "日"]
    facts: dict[str, str | bool] = Field(default_factory=dict)
    number: str = "CH-261119-0001"
    """The number of the case, which decides whether it is drawn for a return visit."""
    data: dict[str, str] = Field(default_factory=dict)
    """What else the registration carries: `sender_due`."""
    entries: tuple[Happened, ...] = ()
    expect: tuple[Expected, ...] = ()
    absent: tuple[str, ...] = ()
    """Promises that the case must not have."""
    rules_only: str = ""
    """Why it cannot be done through the actions of the product; the others are replayed there."""


def read_examples(folder: Folder) -> list[Example]:
    """The worked examples of a regulation's folder."""
    found = []
    for data in read_toml(folder, "examples.toml").get("example", ()):
        try:
            found.append(Example.model_validate(data))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(step) for step in (data.get("id", "?"), *first["loc"]))
            raise BadRegulation(f"{folder.name}/examples.toml", key, first["msg"]) from error
    return found


@cache
def sample_calendar() -> Calendar:
    """Office hours, with the official holidays and make-up days."""
    return china_calendar(HOURS)


def run_example(example: Example, rulebook: Rulebook, calendar: Calendar) -> list[str]:
    """What does not come out as the example says; empty when all does."""
    opened = instant(example.opened, calendar)
    weekday = WEEKDAYS[calendar.local(opened).weekday()]
    if weekday != example.weekday:
        return [f"{example.opened} is a 星期{weekday}, not a 星期{example.weekday}"]
    unknown = [happened.verb for happened in example.entries if happened.verb not in VERBS]
    if unknown:
        return [f"unknown verb {unknown[0]!r}"]
    found = promises(
        rulebook, journal(example, rulebook, calendar), Calendars(calendar), example.number
    )
    wrong = [
        difference
        for expected in example.expect
        for difference in _compare(expected, found, calendar)
    ]
    there = {promise.rule_id for promise in found}
    return wrong + [
        f"{rule_id} must not be there" for rule_id in example.absent if rule_id in there
    ]


def journal(example: Example, rulebook: Rulebook, calendar: Calendar) -> list[Entry]:
    """The story that the example tells. Whether it is night follows from its time."""
    opened = instant(example.opened, calendar)
    facts = {"night": is_night(rulebook, calendar.local(opened)), **example.facts}
    data = {"owner": "0001", "facts": implied(rulebook, facts), **example.data}
    later = [
        Entry(seq, happened.verb, instant(happened.at, calendar), "0002", (), happened.data)
        for seq, happened in enumerate(example.entries, start=2)
    ]
    return [Entry(1, "opened", opened, "0001", ("csr",), data), *later]


def _compare(expected: Expected, found: Sequence[Promise], calendar: Calendar) -> list[str]:
    promise = _find(expected, found)
    if promise is None:
        made = "、".join(dict.fromkeys(one.rule_id for one in found)) or "none"
        return [f"{expected.commitment} is not promised; there are: {made}"]
    pairs = [
        ("due", expected.due, written(promise.due.at, calendar)),
        ("not before", expected.not_before, written(promise.not_before, calendar)),
        ("outcome", expected.outcome, promise.outcome),
    ]
    given = [pair for pair in pairs if pair[1] not in ("", None) or pair[0] == "due"]
    return [
        f"{expected.commitment}: {what} {real or 'none'}, expected {wanted or 'none'}"
        for what, wanted, real in given
        if wanted != real
    ]


def _find(expected: Expected, found: Sequence[Promise]) -> Promise | None:
    return next(
        (
            promise
            for promise in found
            if promise.rule_id == expected.commitment
            and promise.department == expected.department
            and promise.round == expected.round
        ),
        None,
    )


def instant(text: str, calendar: Calendar) -> datetime:
    """ "2026-11-19 09:12" or, for the end of a day, "2026-11-19 24:00"."""
    day, clock = text.split(" ")
    if clock == "24:00":
        midnight = datetime.fromisoformat(day).replace(tzinfo=calendar.zone)
        return midnight + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


def written(at: datetime | None, calendar: Calendar) -> str:
    """A moment as the examples write it: midnight is 24:00 of the day that ends."""
    if at is None:
        return ""
    local = calendar.local(at)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
