"""A written regulation, validated whole, and how rules are found for a case.

A regulation is data (`shouwen/regulations/`); reading the files is the business of
`adoption.library`. What each kind of rule holds is in `case_kinds`, `form_kinds`, `paid_kinds`,
`complaint_kinds` and `figure_kinds`.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pydantic import ConfigDict, Field

from shouwen.rules.case_kinds import (
    Axis,
    AxisValue,
    Checklist,
    Closing,
    Commitment,
    Intake,
    Permission,
    Provision,
    ReturnVisit,
    Route,
    Script,
    Suggest,
)
from shouwen.rules.complaint_kinds import (
    EarlyWarning,
    Grade,
    Recurrence,
    ReferralPath,
    Reporting,
    Retention,
)
from shouwen.rules.figure_kinds import Duty, Measure, StatementRule
from shouwen.rules.form_kinds import Form
from shouwen.rules.paid_kinds import PaidWork, PriceList, ServiceItem, Warranty, WorkOrder
from shouwen.rules.rule import Facts, Rule, Strict


class LaterRule(Rule):
    """A kind of rule that a later floor reads (survey); kept as written until it defines it."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Role(Strict):
    """A local name of a canonical role (`accounts.rights.ROLES`)."""

    code: str
    name: str
    cites: tuple[str, ...] = ()


class Clause(Strict):
    """One row of clauses.csv: where it stands, its words, and what the program does about it."""

    id: str
    section: str = ""
    clause: str
    quote: str
    category: str
    kind: str
    does: str = ""


class Regulation(Strict):
    """A written regulation, complete."""

    id: str
    title: str
    source: str = ""
    """S0…S4, the document; empty for the product's own defaults."""
    document: str = ""
    """The document's own code, as printed ("XS-ZH-111")."""
    edition: str
    company: str = ""
    basis: str = ""
    product_default: bool = False
    """Shown as 系统默认，非制度规定."""
    night: tuple[str, str] = ("18:00", "08:00")
    terms: dict[str, str] = Field(default_factory=dict)
    """Single values that a rule kind has no place for: {"complaint_includes_repair": "true"}."""
    roles: tuple[Role, ...] = ()
    axis: tuple[Axis, ...] = ()
    route: tuple[Route, ...] = ()
    suggest: tuple[Suggest, ...] = ()
    intake: tuple[Intake, ...] = ()
    commitment: tuple[Commitment, ...] = ()
    closing: tuple[Closing, ...] = ()
    permission: tuple[Permission, ...] = ()
    return_visit: tuple[ReturnVisit, ...] = ()
    provision: tuple[Provision, ...] = ()
    paid_work: tuple[PaidWork, ...] = ()
    price_list: tuple[PriceList, ...] = ()
    warranty: tuple[Warranty, ...] = ()
    service_item: tuple[ServiceItem, ...] = ()
    work_order: tuple[WorkOrder, ...] = ()
    referral: tuple[ReferralPath, ...] = ()
    script: tuple[Script, ...] = ()
    checklist: tuple[Checklist, ...] = ()
    form: tuple[Form, ...] = ()
    measure: tuple[Measure, ...] = ()
    statement: tuple[StatementRule, ...] = ()
    duty: tuple[Duty, ...] = ()
    repeat: tuple[Recurrence, ...] = ()
    retention: tuple[Retention, ...] = ()
    survey: tuple[LaterRule, ...] = ()
    grade: tuple[Grade, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    early_warning: tuple[EarlyWarning, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule with the name of its kind."""
        for kind in RULE_KINDS:
            for rule in getattr(self, kind):
                yield kind, rule


RULE_KINDS = tuple(
    name
    for name, field in Regulation.model_fields.items()
    if name not in {"roles", "clauses"}
    and str(field.annotation).startswith("tuple[")
    and name != "night"
)


class Rulebook(Strict):
    """The regulations in force for one project at one moment, the first speaking before those
    beneath it.

    Commitments, closing lines, permissions and provisions of all of them hold side by side. Where
    only one
    answer can be given (axis, intake ticks, return visits, scripts, night hours), the first
    regulation that says anything answers.
    """

    regulations: tuple[Regulation, ...]

    @cached_property
    def by_id(self) -> dict[str, Regulation]:
        return {regulation.id: regulation for regulation in self.regulations}

    def all(self, kind: str, facts: Facts | None = None) -> list[tuple[Regulation, Any]]:
        """All rules of a kind, in order, that match the facts (or all, when no facts are given)."""
        return [
            (regulation, rule)
            for regulation in self.regulations
            for rule in getattr(regulation, kind)
            if facts is None or rule.matches(facts)
        ]

    def first(self, kind: str, facts: Facts | None = None) -> list[tuple[Regulation, Any]]:
        """The matching rules of the first regulation that has any."""
        for regulation in self.regulations:
            found = [
                (regulation, rule)
                for rule in getattr(regulation, kind)
                if facts is None or rule.matches(facts)
            ]
            if found:
                return found
        return []

    def term(self, name: str, default: str) -> str:
        """The single value of this name, from the first regulation that names one."""
        named = (one.terms[name] for one in self.regulations if name in one.terms)
        return next(named, default)

    def axis(self, axis_id: str) -> tuple[Regulation, Axis] | None:
        """The list of values for an axis, from the first regulation that has one."""
        for regulation in self.regulations:
            for axis in regulation.axis:
                if axis.id == axis_id:
                    return regulation, axis
        return None

    def axes(self) -> list[tuple[Regulation, Axis]]:
        """Every axis once, each from the first regulation that has it."""
        seen: dict[str, tuple[Regulation, Axis]] = {}
        for regulation in self.regulations:
            for axis in regulation.axis:
                seen.setdefault(axis.id, (regulation, axis))
        return list(seen.values())

    def value(self, axis_id: str, code: str) -> AxisValue | None:
        """The value with this code, searched in every regulation (a case may hold an older list's
        value)."""
        return next(
            (
                value
                for regulation in self.regulations
                for axis in regulation.axis
                if axis.id == axis_id
                for value in axis.values
                if value.code == code
            ),
            None,
        )
