"""A record that can be printed: what it is, where it belongs, how it fills its sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.estate.phones import mask_phone
from shouwen.papers.shapes import Head, Sheet
from shouwen.rules.regulation import Rulebook

#: Takes a signed copy back, with what the record does then; returns whether the journal tells it.
TakeBack = Callable[[int, Scope, datetime], bool]


@dataclass(frozen=True)
class Form:
    """A controlled form as the product makes it; number, edition and title come from the adopted
    regulation, by the ids of its `form` rules."""

    title: str
    ids: tuple[str, ...] = ()
    copies: tuple[str, ...] = ("",)
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    form: Form
    record: str
    project: OrgUnit
    url: str
    """The page of the record, where the code of the sheet leads."""
    fill: Callable[[Head], Sheet]
    case: Case | None = None
    book: Rulebook | None = None
    """The rules that it was made under, where neither its case nor the present day says so."""
    unmasked: bool = False
    """A whole phone number will be printed: whoever prints it has looked it up."""
    take_back: TakeBack | None = None


def phone_of(scope: Scope, case: Case) -> tuple[str, bool]:
    """The number as this person may print it, and whether it is the whole one."""
    whole = bool(case.customer_phone) and scope.can("personal.unmask", case.project)
    return (case.customer_phone if whole else mask_phone(case.customer_phone)), whole
