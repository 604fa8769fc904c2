"""How grave a complaint is: which criteria of which clauses it meets, and what may follow from
that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.complaint_kinds import Grade
from shouwen.rules.due import due
from shouwen.rules.journal import Entry
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.rule import Facts
from shouwen.rules.worktime import Calendar

AXIS = "grade"
_AMOUNT = re.compile(r"(\d[\d,，]*(?:\.\d+)?)\s*(万|千|百)?")
_TIMES = {"万": 10_000, "千": 1_000, "百": 100}


@dataclass(frozen=True)
class Circumstances:
    """What is known of a complaint besides its axes."""

    opened_at: datetime
    households: int = 1
    """Homes that raised the same matter."""
    claimed: Decimal = Decimal(0)
    raised: int = 0
    """How often after the first time."""
    judged: Mapping[str, bool] = field(default_factory=dict)
    """Criteria that somebody judged, by the id of their rule."""


@dataclass(frozen=True)
class Proposal:
    """A grade, and the criterion that makes it so."""

    rule: str
    grade: str
    title: str
    clause: str
    words: str
    """What was found, in Chinese: 6 户提出同一问题（满 5 户）."""
    decides: bool
    event: str
    default: bool
    """Of the product, and of no regulation."""


def proposals(
    rulebook: Rulebook, facts: Facts, known: Circumstances, at: datetime, calendar: Calendar
) -> list[Proposal]:
    """Every criterion that is met, the gravest grade first."""
    found = [
        Proposal(
            rule.id, rule.grade, rule.title, rule.clause, words, rule.decides, rule.event,
            regulation.product_default or rule.product_default,
        )
        for regulation, rule in criteria(rulebook, facts)
        if (words := _met(rule, known, at, calendar))
    ]  # fmt: skip
    return sorted(found, key=lambda one: -rank(rulebook, one.grade))


def criteria(rulebook: Rulebook, facts: Facts) -> list[tuple[Regulation, Grade]]:
    """The criteria that speak about such a case and give a grade that may be chosen there."""
    listed = set(_grades(rulebook))
    return [pair for pair in rulebook.all("grade", facts) if pair[1].grade in listed]


def _met(rule: Grade, known: Circumstances, at: datetime, calendar: Calendar) -> str:
    """What was found, in words; nothing when the criterion is not met."""
    if rule.when == "unresolved":
        passed = due((DueBranch(within=rule.after),), known.opened_at, calendar).at
        return f"登记于 {known.opened_at.astimezone(calendar.zone):%Y-%m-%d}，至今未解决" if (
            passed is not None and at >= passed
        ) else ""  # fmt: skip
    if rule.when == "asked":
        return "经核对属实" if known.judged.get(rule.id) else ""
    if rule.when == "source":
        return "来源如此"
    number, found = {
        "households": (Decimal(known.households), f"{known.households} 户提出同一问题"),
        "claimed": (known.claimed, f"索赔 {known.claimed} 元"),
        "raised": (Decimal(known.raised), f"首次之后又提出 {known.raised} 次"),
    }[rule.when]
    unit = {"households": "户", "claimed": "元", "raised": "次"}[rule.when]
    return f"{found}（满 {rule.least} {unit}）" if number >= rule.least else ""


def next_look(
    rulebook: Rulebook, facts: Facts, opened_at: datetime, at: datetime, calendar: Calendar
) -> datetime | None:
    """When time alone may meet a criterion next; None when no more is to come."""
    moments = [
        due((DueBranch(within=rule.after),), opened_at, calendar).at
        for _, rule in criteria(rulebook, facts)
        if rule.when == "unresolved"
    ]
    return min((moment for moment in moments if moment and moment > at), default=None)


def circumstances(entries: Sequence[Entry], households: int = 1) -> Circumstances:
    """What a journal tells. `households` is what is known beside it."""
    told = [int(e.data.get("households", 1)) for e in entries if e.verb == "grade-answered"]
    judged: dict[str, bool] = {}
    for entry in entries:
        if entry.verb == "grade-answered":
            judged |= entry.data.get("judged", {})
    return Circumstances(
        entries[0].at,
        max([households, *told]),
        _claimed(entries),
        sum(_raised_again(entry) for entry in entries),
        judged,
    )


def _claimed(entries: Sequence[Entry]) -> Decimal:
    """The last amount that was written down."""
    said = [
        str(entry.data.get("details", {}).get("claim") or "")
        for entry in entries
        if entry.verb in ("opened", "detailed")
    ]
    said += [str(e.data.get("claim") or "") for e in entries if e.verb == "grade-answered"]
    return amount_of(next((text for text in reversed(said) if text), ""))


def _raised_again(entry: Entry) -> bool:
    if entry.verb == "urged":
        return bool(entry.data.get("by_customer", True))
    if entry.verb == "linked":
        return entry.data.get("kind") == "again"
    return entry.verb == "reopened"


def amount_of(text: str) -> Decimal:
    """The first amount in what somebody wrote: 5,000 元, 1.2 万."""
    found = _AMOUNT.search(text)
    if not found:
        return Decimal(0)
    number = Decimal(found[1].replace(",", "").replace("，", ""))
    return number * _TIMES.get(found[2] or "", 1)


# --- Higher and lower -----------------------------------------------------------------------------


def _grades(rulebook: Rulebook) -> list[str]:
    found = rulebook.axis(AXIS)
    return [value.code for value in found[1].values] if found else []


def rank(rulebook: Rulebook, grade: object) -> int:
    """How grave a grade is: its place in the list, which begins with the ordinary one."""
    grades = _grades(rulebook)
    return grades.index(str(grade)) if grade in grades else 0


def is_grave(rulebook: Rulebook, facts: Facts) -> bool:
    """Whether a complaint is more than an ordinary one."""
    return rank(rulebook, facts.get(AXIS)) > 0


def require_not_lowered(rulebook: Rulebook, before: Facts, changed: Facts) -> None:
    """A grade is lowered on request and with approval, never in passing; nor does a grave complaint
    stop to be a complaint."""
    found = rulebook.axis(AXIS)
    clause = found[1].clause if found else ""
    after = changed.get(AXIS, before.get(AXIS))
    if rank(rulebook, after) < rank(rulebook, before.get(AXIS)):
        raise Refused(
            "grade-lowered",
            "降低投诉程度要先申请、经上级批准，请在“定级”中申请降级。",
            clause,
            AXIS,
        )
    if is_grave(rulebook, before) and changed.get("kind", before.get("kind")) != before.get("kind"):
        raise Refused("grave-complaint", "重大投诉不能改为别的类别，请先申请降级。", clause, "kind")


# --- What stands on record ------------------------------------------------------------------------


def spoken(entries: Sequence[Entry]) -> set[str]:
    """The criteria that have spoken already."""
    return {
        rule["id"]
        for entry in entries
        if entry.verb == "grade-proposed"
        for rule in entry.data.get("rules", ())
    }


def open_proposal(entries: Sequence[Entry], rulebook: Rulebook, facts: Facts) -> Entry | None:
    """The last proposal of something graver than what holds, unless somebody has ruled since."""
    for entry in reversed(entries):
        if entry.verb in ("grade-kept", "downgrade-ruled", "reopened") or grades_anew(entry):
            return None
        if entry.verb == "grade-proposed":
            graver = rank(rulebook, entry.data["grade"]) > rank(rulebook, facts.get(AXIS))
            return entry if graver else None
    return None


def grades_anew(entry: Entry) -> bool:
    """Whether an entry set the grade, so that what was asked about the one before is over."""
    return entry.verb == "classified" and AXIS in entry.data.get("facts", {})


def open_downgrade(entries: Sequence[Entry]) -> Entry | None:
    """The request to lower the grade that nobody has ruled on yet. It ends with the case, and where
    another grade is set meanwhile."""
    for entry in reversed(entries):
        if entry.verb in ("downgrade-ruled", "closed", "voided", "merged") or grades_anew(entry):
            return None
        if entry.verb == "downgrade-asked":
            return entry
    return None
