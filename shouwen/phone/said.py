"""What a phone says: a batch of acts, and what belongs to each. A name that we do not know is an
error and not overheard."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from shouwen.web.http import Code, Moment, Name, Said, Short, Text

#: So many acts a phone sends at once.
BATCH = 50

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Files = Annotated[list[Sha256], Field(max_length=20)]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=2)]
Price = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Score = Annotated[int, Field(ge=1, le=5)]


class Act(Said):
    """One thing done: on which order or case, when by the clock of the phone, and its particulars.
    The key is the phone's own, made once and sent as often as it takes."""

    key: Code
    act: Code
    order: Name = ""
    at: AwareDatetime
    data: dict[str, Any] = Field(default_factory=dict)


class Batch(Said):
    now: AwareDatetime
    """By the clock of the phone, when it sent this: what tells how wrong that clock is."""
    acts: Annotated[list[dict[str, Any]], Field(max_length=BATCH)]
    """Each is an `Act`, looked at one by one: one that we cannot read holds up no other."""


# --- What belongs to each act ---------------------------------------------------------------------


class Nothing(Said):
    """The act says it all."""

    def hashes(self) -> list[str]:
        """The files that must be here before the act can be written."""
        return [*getattr(self, "files", []), *filter(None, [getattr(self, "signature", None)])]


class Words(Nothing):
    text: Text
    files: Files = Field(default_factory=list)


class Contacted(Nothing):
    text: Text
    reached: bool = True
    said_by: Name = ""


class Reported(Nothing):
    """A fault that somebody found on his round."""

    text: Text
    address: Short = ""
    urgent: bool | None = None
    files: Files = Field(default_factory=list)


class Dismissed(Nothing):
    conflict: Code


class Reason(Nothing):
    reason: Short


class Photo(Nothing):
    when: Annotated[str, StringConstraints(pattern="^(before|after)$")]
    files: Files


class Paused(Nothing):
    reason: Code
    """One of `cases.actions.working.WAITING_REASONS`."""
    text: Short
    until: Moment | None = None


class Appointed(Nothing):
    start: Moment
    end: Moment
    consent_by: Name


class Payer(Nothing):
    payer: Code
    reason: Short = ""


class QuoteLine(Said):
    """From the price list by its code, or a price that was agreed by talking."""

    code: Name = ""
    name: Short
    unit: Name = ""
    quantity: Quantity
    price: Price
    material: bool = False


class Quoted(Nothing):
    lines: Annotated[list[QuoteLine], Field(min_length=1, max_length=40)]


class Consented(Nothing):
    """`total` is what stood above the signature: no other amount was agreed to."""

    name: Name
    relation: Name = ""
    total: Price
    signature: Sha256


class Declined(Nothing):
    name: Name = ""
    reason: Short


class MaterialLine(Said):
    code: Code
    quantity: Quantity


class Drawn(Nothing):
    lines: Annotated[list[MaterialLine], Field(min_length=1, max_length=40)]


class Finished(Nothing):
    text: Text
    result: Code = "repaired"
    files: Files = Field(default_factory=list)
    signature: Sha256 | None = None
    signed_name: Name = ""
    no_signature: Short = ""
    quality: Score | None = None
    attitude: Score | None = None
    opinion: Text = ""
    phone: Name = ""
    minutes: Annotated[int, Field(ge=0, le=10_000)] | None = None


class Collected(Nothing):
    """What the customer paid there and then."""

    amount: Price
    payer: Name = ""
