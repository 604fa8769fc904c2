"""The kinds of rule by which a company counts and reports: measures, statements, duties."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from shouwen.rules.case_kinds import Late
from shouwen.rules.periods import PeriodKind
from shouwen.rules.rule import Applies, Rule, Strict, Words

#: What a measure judges, one by one.
RecordKind = Literal[
    "case", "visit", "promise", "service-order", "visit-item", "contact", "call", "home", "record",
    "duty",
]  # fmt: skip
#: The moment that puts a record into a period.
Moment = Literal["opened", "done", "closed", "due", "after", "visited", "at"]
_TARGET = re.compile(r"(>=|<=|<|>) (\d+(?:\.\d+)?)(%?)")


class Of(Strict):
    """The denominator: `{ kind = ["complaint"], opened_in = "period" }`. Keys that are not named
    here are axes of the case."""

    record: RecordKind = "case"
    moment: Moment = "opened"
    axes: Applies = Field(default_factory=dict)
    rules: Words = ()
    """Of visits and promises: only those of these rules."""
    form: Words = ()
    """Of records: filled forms with these ids (`form` rules)."""
    role: Words = ()
    """Of duties: everybody who holds one of these roles owes them."""
    rated: bool = False
    """Only those that the customer rated: the corrected variant of a rate of satisfaction."""

    @model_validator(mode="before")
    @classmethod
    def _sorted(cls, given: Any) -> Any:
        """`opened_in = "period"` names the moment; what is no field of ours is an axis."""
        if not isinstance(given, dict):
            return given
        told: dict[str, Any] = {"axes": dict(given.get("axes", {}))}
        for key, value in given.items():
            if key.endswith("_in") and value == "period":
                told["moment"] = key.removesuffix("_in")
            elif key in cls.model_fields:
                told[key] = value
            else:
                told["axes"][key] = value
        return told


class Count(Strict):
    """The numerator: what makes one of these a success. Every key given must hold."""

    commitment: Words = ()
    """The promises of these rules were kept; those without one of them are not judged."""
    ended: Literal["met"] = "met"
    state: Words = ()
    """The case stands so at the end: closed, done."""
    visited: bool = False
    result: Words = ()
    """What the customer said last: satisfied, partly, unsatisfied."""
    rings: int = 0
    """The call was answered within so many rings."""
    handled: bool = False
    """What was raised in a visit was answered or became a case that is done."""
    scored: str = ""
    """The item of a survey or an inspection; at least `least`."""
    least: int = 0
    done: bool = False
    """It exists at all: a duty done, a home visited, a record filled."""


class Measure(Rule):
    """A figure with numerator, denominator, period and target. One definition for all levels.

    The clause's own formula stands under the clause; where it can mislead, the corrected one stands
    beside it under its own name (`beside`), marked product_default.
    """

    of: Of
    count: Count = Count()
    period: PeriodKind = "month"
    target: str = ""
    """">= 95%", "< 1%", ">= 1"; empty: the document names none."""
    value: Literal["rate", "count", "mean"] = "rate"
    """count: how many, not a share (a reception day a month); mean: of `count.scored`."""
    each: Literal["", "person"] = ""
    """Of duties: owed by everybody, not by the project once."""
    base: Literal["", "households"] = ""
    """A denominator that is no list of records: 投诉率 = complaints ÷ households."""
    beside: str = ""
    """The id of the measure that this one corrects."""
    formula: str = ""
    """As printed: "响应及时数/客户投诉总数"."""

    @field_validator("target")
    @classmethod
    def _is_target(cls, text: str) -> str:
        if text and not _TARGET.fullmatch(text):
            raise ValueError(f'看不懂的目标：{text!r}；写成 ">= 95%"')
        return text

    @property
    def bound(self) -> tuple[str, Fraction] | None:
        """The target as (">=", 19/20); none where the document names none."""
        found = _TARGET.fullmatch(self.target)
        if not found:
            return None
        return found[1], Fraction(found[2]) / (100 if found[3] else 1)


class Recipient(Strict):
    """Who gets a statement: one of our roles, or a body outside of the tree, as printed."""

    name: str
    role: str = ""
    """Empty: a body outside, which is sent it by hand and whose receipt is recorded."""
    level: Literal["project", "company", "group"] = "project"


class StatementRule(Rule):
    """A form filled with figures of a period and a level, signed and sent on time."""

    level: Literal["project", "company", "group"] = "project"
    period: PeriodKind = "month"
    due: str = ""
    """After the period has ended: "day 5 of next month", "09:00" (the next day); of a day itself:
    "same day 17:30". Empty: the document names no time."""
    default_due: str = ""
    """Where the document names none: the product's own, shown as such."""
    form: str = ""
    """The id of the controlled form that it is printed on."""
    sections: Words = ()
    """What stands in it, in order (`statements.sections.SECTIONS`)."""
    required: Words = ()
    """Sections that must hold words before it is signed."""
    measures: Words = ()
    """Ids of measures of this regulation; empty: all."""
    prepared_by: str = "cs_head"
    checked_by: Words = ()
    """Roles that check it first, one after the other, none of them who prepared it."""
    signed_by: Words = ()
    """Roles that sign it, one after the other."""
    to: tuple[Recipient, ...] = ()
    late: tuple[Late, ...] = ()
    by_message: bool = False
    """It goes out as a short message (短信), not as a paper."""
    retention: int = 0
    """Months; 0: the document names none."""


class Duty(Rule):
    """Something to be done so often: a reception day a month, a greeting twice a week."""

    every: PeriodKind = "month"
    times: int = Field(default=1, ge=1)
    by: Words = ()
    """Roles; with `each`, everybody who holds one of them."""
    each: bool = False
    form: str = ""
    """The id of the form that proves it."""
    late: tuple[Late, ...] = ()
