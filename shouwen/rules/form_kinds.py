"""The controlled forms of a regulation: what is written on them, who signs, how long they are kept.

A form with `fields` is filled in the program; one with `columns` alone is kept by another floor
(a register of contacts, a 维修单) and only printed under its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from shouwen.rules.rule import Rule, Strict, Words

#: What a field takes. Of a case, a home, a person and a department a form names at most one each:
#: these are where its record belongs.
FieldKind = Literal[
    "text", "long", "date", "moment", "time", "number", "money", "choice", "yes", "phone",
    "identity", "staff", "department", "unit", "case", "scores", "photo", "table",
]  # fmt: skip
ABOUT: tuple[FieldKind, ...] = ("staff", "department", "unit", "case")
#: What is masked wherever it is only looked at.
PERSONAL: tuple[FieldKind, ...] = ("phone", "identity")
#: The marks of a survey or an inspection, the best first.
MARKS: dict[int, str] = {5: "很满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}


class Item(Strict):
    """One thing that is given a mark: 供电管理 of a survey, 工装 of an inspection."""

    id: str
    title: str
    cites: tuple[str, ...] = ()


class FormField(Strict):
    id: str
    """Also the placeholder in a company's own Word file."""
    title: str
    kind: FieldKind = "text"
    options: Words = ()
    """Of a choice."""
    items: tuple[Item, ...] = ()
    """Of scores."""
    columns: tuple[FormField, ...] = ()
    """Of a table: what stands in each of its lines."""
    required: bool = False
    help: str = ""


class Form(Rule):
    number: str = ""
    edition: str = ""
    columns: tuple[str, ...] = ()
    copies: int = 1
    copy_names: Words = ()
    """业主联, 存档联: who keeps which."""
    signatures: tuple[str, ...] = ()
    signers: dict[str, Words] = Field(default_factory=dict)
    """Of a place to sign: the roles that sign it signed in. A place that is not named here is
    signed by hand, on the screen or on paper."""
    retention: str = ""
    fields: tuple[FormField, ...] = ()
    listed: Words = ()
    """The fields that stand in the list; empty: all that are short."""
    paper: Literal["a4", "a5"] = "a4"
    landscape: bool = False
    keep_months: int = 0
    """How long it is kept; 0: the document names no time."""
    closed: bool = False
    """Of people: seen only by who leads, who filled it in, and the head of the department."""

    def field_of(self, kind: FieldKind) -> FormField | None:
        """The first field of a kind."""
        return next((field for field in self.fields if field.kind == kind), None)

    def in_list(self) -> Iterator[FormField]:
        long = ("long", "photo", "table", "scores")
        for field in self.fields:
            if field.id in self.listed or (not self.listed and field.kind not in long):
                yield field
