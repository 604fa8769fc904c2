"""The kinds of rule that a case goes by, from what is asked of the caller to the return visit.

Moments of the day are "HH:MM" in the zone of the calendar.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from shouwen.rules.rule import Rule, Strict, Words


class AxisValue(Strict):
    """One value of an axis. `canonical` maps it to the group's list; empty means it is that value
    itself."""

    code: str
    name: str
    canonical: str = ""
    clause: str = ""
    cites: tuple[str, ...] = ()
    level: Literal["", "project", "company", "headquarters"] = ""
    """Of a source: who takes such a contact."""
    sender: bool = False
    """Of a source: another body sent it, with its own number and due time, and is owed a reply."""
    named: bool = False
    """Of a source: it must say who of us heard it (oral), or who received it (letter box)."""
    scanned: bool = False
    """Of a source: a scan of the paper belongs to it."""
    sets: dict[str, str | bool] = Field(default_factory=dict)
    """Facts that choosing this value sets (a government source is urgent)."""


class Axis(Rule):
    """An independent way of classing a case: kind, business, cause, stage, validity, grade,
    source, scope…"""

    values: tuple[AxisValue, ...]
    required: Literal["", "opening", "dispatch", "done", "closing"] = ""
    decided_by: Words = ()
    """Roles that may set it; empty: whoever may classify."""
    never_by: Literal["", "handler", "accused"] = ""
    reason: bool = False
    """Setting it needs a reason (an opinion) in words."""


class Route(Rule):
    """Which department leads, which assist. Departments by function: engineering, security,
    environment…"""

    words: tuple[str, ...] = ()
    """Words in the text that choose this route among those that match."""
    lead: str
    assist: tuple[str, ...] = ()


class Suggest(Rule):
    """Words in the text that suggest a value of an axis ("漏水": kind repair; "电箱": urgent)."""

    axis: str
    value: str | bool
    words: tuple[str, ...]
    decides: bool = False
    """Who says «投诉» complains, whatever else the text is about."""


class Tick(Strict):
    id: str
    title: str
    cites: tuple[str, ...] = ()


class Intake(Rule):
    """What a registration must hold. Saving needs only a text; what is missing is listed until
    `before`."""

    ticks: tuple[Tick, ...] = ()
    """Things that the receiver confirms with a mark (四清楚一报告, 已复述)."""
    details: tuple[str, ...] = ()
    """Fields of the contact that must be filled: name, phone, room, heard_by, nature…"""
    before: Literal["dispatched", "done", "closed"] = "closed"


class DueBranch(Strict):
    """One way to compute a due time; the first branch whose `between` holds the start is used.

    within: "10 minutes", "1 hour", "8 working hours", "3 days", "3 working days", "1 month"
    next:   "09:00", the first such time of day strictly after the start
    until:  "end of day" (24:00 of the day of the start), "end of working day", "17:30" (that time
            today, or the next day's if it has passed), "day 5 of next month", "day 10 of next
            month 17:00"
    """

    between: tuple[str, str] | None = None
    within: str = ""
    next: str = ""
    until: str = ""
    given: str = ""
    """The moment that the starting entry carries under this name: "until" of an agreed time,
    "sender_due"."""
    ends: Literal["", "time", "day"] = ""
    """For days: at the same time of day, or at 24:00 of the last day. Default: day for working
    days and
    calendar days, time for hours and months."""


def _as_branches(value: Any) -> Any:
    if isinstance(value, str):
        return ({"within": value},)
    return value if isinstance(value, (list, tuple)) else (value,)


Branches = Annotated[tuple[DueBranch, ...], BeforeValidator(_as_branches)]


class Late(Strict):
    """Who is told, how long after the due time has passed."""

    after: str
    to: str


class Commitment(Rule):
    """One dated promise. `starts` and `met_by` are verbs of the journal (`rules.journal.VERBS`)."""

    starts: str = "opened"
    starts_kind: Words = ()
    """Where it is started by "handed" or "asked": only by those of these kinds
    (`rules.matters.KINDS`, `rules.matters.HANDINGS`)."""
    met_by: Words
    met_tag: str = ""
    """Where it is met by "noted": only by a note with this tag (`rules.vocabulary.NOTE_TAGS`)."""
    due: Branches
    per: Literal["case", "department", "referral", "matter"] = "case"
    """department: each department handed to gets its own full time; referral: each matter that was
    referred to somebody outside; matter: each handing to another level, each question to it."""
    path: str = ""
    """Per referral: only of those that go this way (the id of a `referral`)."""
    to: Literal["customer", "department", "sender"] = "customer"
    holder: str = "owner"
    """Who must act: owner, department, assignee, or a role."""
    pauses: bool = False
    """Waiting stops it."""
    rounds: bool = True
    """A reopened case gets it anew. An age (one month unresolved) runs on through all rounds."""
    moves: bool = False
    """A new time agreed with the customer replaces its due time (both stay on record)."""
    planned_from: str = ""
    """A window's beginning, for work with a planned day ("1 day" of "1–3 天")."""
    tells: Words = ()
    """Who is told at once when it starts."""
    warn: str = ""
    """How long before the due time the holder is warned."""
    late: tuple[Late, ...] = ()
    urgent: bool = False
    """Its reminders do not wait for working time."""
    raises: dict[str, str] = Field(default_factory=dict)
    """Axis values proposed when it falls late (one month unresolved -> grade major)."""


class Need(Strict):
    """Something that must stand in the journal of this round."""

    entry: str
    instead: Words = ()
    """Entries that do as well: who replies upwards has reported."""
    tag: str = ""
    """For "noted": explain, soothe, investigate, analyse, plan, apologise, coordinate,
    supervise…"""
    times: int = 1
    by: Words = ()
    """One of these roles must have done it."""
    not_by: Literal["", "handler"] = ""
    signed: bool = False
    result: Words = ()
    rule: str = ""
    """For "visited": the visit planned by this return-visit rule."""


class Closing(Rule):
    """One line of the checklist that must be complete before a verb, usually before closing."""

    before: str = "closed"
    needs: Need


class Permission(Rule):
    """Who may (not) do a verb in such a case."""

    verb: str
    only: Words = ()
    never_by: Literal["", "handler", "accused"] = ""


class Score(Strict):
    id: str
    title: str
    kind: Literal["score", "text"] = "score"
    required: bool = True


class ReturnVisit(Rule):
    """Asking, after the work, whether it is settled."""

    after: Literal["done", "closed", "fed-back"] = "done"
    rate: str = "100%"
    """How many are drawn."""
    target: str = ""
    """What is reported against; empty: the same as `rate`."""
    most: str = ""
    """No more than so many, drawn by hand too; empty: all."""
    window: tuple[str, str]
    """Not before, not after; durations from `after`. Too early does not count, too late is late."""
    by: Words = ("csr",)
    together: int = 1
    """How many visitors go, each holding one of the roles in `by`, all of them different people."""
    organised: bool = False
    """Who holds one of the roles may send anybody («组织进行»)."""
    never_by: Literal["", "handler"] = "handler"
    modes: Words = ()
    """phone, home, meet, site; empty: any."""
    proof: Literal["", "record", "signature"] = ""
    scores: tuple[Score, ...] = ()
    level: Literal["", "company", "headquarters"] = ""
    """A second visit by a higher level (400)."""
    warn: str = ""
    late: tuple[Late, ...] = ()


class Provision(Rule):
    """A clause that the program itself keeps, everywhere the regulation is adopted.

    `kept_by` is the dotted path of the function or class that keeps it; `regulation check`
    resolves it.
    """

    kept_by: str


class Script(Rule):
    """What to say at a moment. `{project}`, `{customer}`, `{staff}` are filled in."""

    moment: str
    text: str


class ChecklistItem(Strict):
    id: str
    title: str
    cites: tuple[str, ...] = ()


class Checklist(Rule):
    occasion: str
    items: tuple[ChecklistItem, ...]
