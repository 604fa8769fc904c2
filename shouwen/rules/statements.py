"""A statement in time: when it is due, from when on it can be prepared, who signs it one after the
other, and who is told when it is late.

Days and times here are those of the unit's own clock; someone who knows the zone makes moments of
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from shouwen.rules.case_kinds import Late
from shouwen.rules.figure_kinds import Level, StatementRule
from shouwen.rules.ladders import Ladder, Rung
from shouwen.rules.periods import Period, period
from shouwen.rules.spans import span

_DUE = re.compile(r"(?:(same day) |day (\d{1,2}) of next month ?)?(\d{2}:\d{2})?")
#: A statement of a day that is not over is prepared so long before it is due.
IN_TIME = timedelta(minutes=15)
#: Whose turn it is to do something.
TURN = "turn"
_WARN = {"day": timedelta(minutes=30)}
_CLIMBS: dict[Level, tuple[str, ...]] = {
    "project": ("project_manager", "company_cs"),
    "company": ("company_leader", "hq_cs"),
    "group": ("hq_cs",),
}
LEVELS: dict[Level, str] = {"project": "项目", "company": "公司", "group": "集团"}


# --- When -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """ "day 5 of next month", "09:00", "same day 17:30", read."""

    same_day: bool
    month_day: int
    time: str
    """ "17:30"; empty: by the end of the day."""

    def after(self, spans: Period) -> datetime:
        """The moment by which it must be sent."""
        return _at(self._day(spans), self.time)

    def _day(self, spans: Period) -> date:
        if self.same_day:
            return spans.last
        following = spans.last + timedelta(days=1)
        if not self.month_day:
            return following
        return period("month", spans.last).after().first.replace(day=self.month_day)

    @property
    def words(self) -> str:
        day = f"次月 {self.month_day} 日" if self.month_day else "当日" if self.same_day else "次日"
        return f"{day} {self.time} 前" if self.time else f"{day}前（含当日）"


def read_due(text: str) -> Due:
    """ValueError names the text that cannot be read."""
    found = _DUE.fullmatch(text)
    if not found or not (found[2] or found[3]) or int(found[2] or 1) not in range(1, 29):
        raise ValueError(f"看不懂的报送期限：{text!r}")
    return Due(bool(found[1]), int(found[2] or 0), found[3] or "")


def _at(day: date, clock: str) -> datetime:
    """That time of the day; without one, its end."""
    if not clock:
        return datetime.combine(day + timedelta(days=1), time())
    return datetime.combine(day, time.fromisoformat(clock))


def due_of(rule: StatementRule) -> Due | None:
    """As the document says; where it names no time, as the product proposes."""
    text = rule.due or rule.default_due
    return read_due(text) if text else None


def due_words(rule: StatementRule) -> str:
    """ "次月 5 日前（含当日）（4.3.6）"; ours is marked as ours."""
    due = due_of(rule)
    if due is None:
        return ""
    from_where = rule.clause if rule.due and not rule.product_default else "系统默认，非制度规定"
    return f"{due.words} · {from_where}" if from_where else due.words


def ready_at(rule: StatementRule, spans: Period) -> datetime:
    """From when on it can be prepared: when the period is over, or shortly before it is due."""
    due = due_of(rule)
    if due and due.same_day:
        return due.after(spans) - IN_TIME
    return _at(spans.last, "")


def periods_ready(rule: StatementRule, after: datetime, by: datetime) -> Iterator[Period]:
    """Those that could be prepared in (after, by], the last first."""
    spans = period(rule.period, by.date())
    while (ready := ready_at(rule, spans)) > after:
        if ready <= by:
            yield spans
        spans = spans.before()


# --- Who ------------------------------------------------------------------------------------------

Sign = Literal["submitted", "checked", "signed"]


@dataclass(frozen=True, slots=True)
class Place:
    """One place to sign."""

    verb: Sign
    role: str

    @property
    def words(self) -> str:
        return {"submitted": "编制", "checked": "审核", "signed": "签字"}[self.verb]


def places(rule: StatementRule) -> tuple[Place, ...]:
    """Who signs, one after the other: who drew it up, who checks, who signs."""
    return (
        Place("submitted", rule.prepared_by),
        *(Place("checked", role) for role in rule.checked_by),
        *(Place("signed", role) for role in rule.signed_by),
    )


def next_place(rule: StatementRule, signed: int) -> Place | None:
    """Where the next signature belongs, after so many."""
    wanted = places(rule)
    return wanted[signed] if signed < len(wanted) else None


def state_of(rule: StatementRule, signed: int) -> str:
    """How a statement stands that bears so many signatures and was not sent."""
    place = next_place(rule, signed)
    if place is None:
        return "signed"
    return {"submitted": "prepared", "checked": "submitted", "signed": "checked"}[place.verb]


# --- Who is told when it is late ------------------------------------------------------------------


def ladder(rule: StatementRule) -> Ladder:
    """Before and at the time whose turn it is, then up the line: as the rule says, or ours."""
    late = rule.late or _climbs(rule)
    return (
        Rung(-_WARN.get(rule.period, timedelta(days=1)), TURN),
        Rung(timedelta(0), TURN),
        *(Rung(timedelta(seconds=span(step.after).seconds), step.to) for step in late),
    )


def _climbs(rule: StatementRule) -> tuple[Late, ...]:
    unit = "hour" if rule.period == "day" else "day"
    lengths = (f"1 {unit}", f"3 {unit}s")
    return tuple(
        Late(after=after, to=role)
        for after, role in zip(lengths, _CLIMBS[rule.level], strict=False)
    )
