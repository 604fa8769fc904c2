"""What is sent with each verb of a case. The names are those of the actions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from shouwen.cases.api.intake import Facts
from shouwen.web.http import Code, Moment, Name, Said, Short, Text

#: Upwards, whoever is there: the levels of the reporting line.
Role = Literal["cs_head", "project_manager", "company_cs", "company_leader", "hq_cs"]


class Happened(Said):
    happened: Moment | None = None
    """When it took place, if earlier than now."""


class Words(Happened):
    text: Text


class MaybeWords(Happened):
    text: Text = ""


class UndatedWords(Said):
    text: Text


class ApproveWait(Said):
    text: Text = ""


class Reason(Said):
    reason: Text


class DatedReason(Happened):
    reason: Text


class Dispatch(Happened):
    lead: Code | None = None
    """The code of the leading department; may be left out when only assisting ones are added."""
    assist: list[Code] = Field([], max_length=10)
    note: Short = ""
    notified_by: Name = ""


class Accept(Happened):
    department: Code | None = None
    """Left out: the leading one."""


class Refuse(DatedReason):
    department: Code | None = None


class Rule(DatedReason):
    department: Code
    refusal_stands: StrictBool
    to: Code | None = None


class Transfer(DatedReason):
    to: Code
    from_: Code | None = None


class Assign(Happened):
    to: Code
    """A staff number."""


class ContactCustomer(Words):
    channel: Name = "phone"
    reached: StrictBool = True
    tag: Name = ""
    said_by: Name = ""


class AgreePromise(MaybeWords):
    until: Moment
    consent_by: Name
    keys: list[Short] = Field([], max_length=50)
    """Keys of the running commitments that it moves."""


class Note(Words):
    tag: Name = ""
    said_by: Name = ""
    signed: StrictBool = False


class Wait(Words):
    reason: Literal["customer", "parts", "developer", "weather", "outside", "approval", "other"]
    until: Moment | None = None


class ReportUp(Happened):
    question: Text
    to: Role = "cs_head"


class ReportDone(Words):
    result: Name = ""


class ReportPartDone(Words):
    department: Code


class Verify(Happened):
    ok: StrictBool
    opinion: Text
    signed: StrictBool = True


class FeedBack(Words):
    channel: Name = "phone"
    said_by: Name = ""
    result: Literal["", "satisfied", "partly", "unsatisfied"] = ""


class Reply(Words):
    channel: Name = "platform"


class Reopen(DatedReason):
    channel: Name
    said_by: Name = ""


class Urge(Words):
    by_customer: StrictBool = True
    said_by: Name = ""


class Classify(Happened):
    facts: Facts
    reason: Text = ""


class Tick(Said):
    ticks: list[Code] = Field(min_length=1, max_length=20)


class Details(Said):
    details: Annotated[dict[Code, Short], Field(min_length=1, max_length=20)]


class ToPerson(Reason):
    to: Code
    """A staff number."""


class Link(Said):
    other: Code
    kind: Literal["related", "again"] = "related"


class Merge(Reason):
    into: Code


class DecideVoid(Said):
    approve: StrictBool
    reason: Text = ""
