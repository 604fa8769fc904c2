"""Two regulations side by side: what each promises, from what moment, by when.

Promises are lined up by what starts them and what keeps them ("登记 → 派单"), return visits by what
they follow, lists by their axis. Where one side says nothing the program's own default stands in
its place, marked as such, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shouwen.adoption.library import load
from shouwen.adoption.reading import Reading, ShownRule
from shouwen.adoption.words import length, listed
from shouwen.rules.case_kinds import Axis, Commitment, ReturnVisit
from shouwen.rules.due_words import limit
from shouwen.rules.journal import VERBS
from shouwen.rules.regulation import Regulation

Key = tuple[str, str]
_ORDER = list(VERBS)


@dataclass(frozen=True)
class Said:
    """One rule of one side: for whom, and how long."""

    shown: ShownRule
    words: str
    about: str


@dataclass(frozen=True)
class Line:
    """One kind of promise, and what each side says about it."""

    title: str
    left: list[Said]
    right: list[Said]


def compare(left: Regulation, right: Regulation) -> list[tuple[str, list[Line]]]:
    """Sections of lines; a section in which neither side says anything is left out."""
    sides = [_said(Reading(side)) for side in (left, right)]
    ours = _said(Reading(load("defaults")))
    keys = sorted({key for side in sides for key in side}, key=_place)
    sections: dict[str, list[Line]] = {}
    for key in keys:
        cells = [side.get(key) or ours.get(key, []) for side in sides]
        sections.setdefault(_section(key), []).append(Line(_title(key, cells), *cells))
    return list(sections.items())


def _said(reading: Reading) -> dict[Key, list[Said]]:
    found: dict[Key, list[Said]] = {}
    for shown in reading.rules:
        rule = shown.rule
        about = reading.reader.facts(rule.applies)
        if isinstance(rule, Commitment):
            key, words = (rule.starts, rule.met_by[0]), limit(rule.due)
        elif isinstance(rule, ReturnVisit):
            key = ("visit", rule.after)
            words = f"{length(rule.window[0])} 至 {length(rule.window[1])}，{rule.rate}"
        elif isinstance(rule, Axis):
            key, words = ("axis", rule.id), listed(value.name for value in rule.values)
        else:
            continue
        found.setdefault(key, []).append(Said(shown, words, about))
    return found


def _place(key: Key) -> tuple[int, int, str]:
    first, second = key
    if first in VERBS:
        return 0, _ORDER.index(first) * len(_ORDER) + _ORDER.index(second), second
    return (1, _ORDER.index(second), second) if first == "visit" else (2, 0, second)


def _section(key: Key) -> str:
    return {"visit": "回访", "axis": "分类"}.get(key[0], "时限")


def _title(key: Key, cells: Iterable[list[Said]]) -> str:
    first, second = key
    if first == "visit":
        return f"{VERBS[second]}之后回访"
    if first == "axis":
        return next(said.shown.rule.title for cell in cells for said in cell)
    return f"{VERBS[first]} → {VERBS[second]}"
