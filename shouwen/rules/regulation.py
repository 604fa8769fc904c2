"""The shape of a written regulation: every kind of rule, validated, and how rules are found for a
case.

A regulation is data (`shouwen/regulations/`); reading the files is the business of
`adoption.library`.
Unknown keys are refused. Moments of the day are "HH:MM" in the zone of the calendar.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

#: What is known of a case on its axes: {"kind": "repair", "urgent": True, "source": "phone"}.
Facts = Mapping[str, str | bool]


def _as_tuple(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


#: One word or a list of words in TOML, always a tuple here.
Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
#: Axis -> accepted values. A case matches when every axis named has one of its values.
Applies = dict[str, bool | Words]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """What all rules share: a name, its clause as printed, and the ids in clauses.csv that it
    keeps."""

    id: str
    title: str
    clause: str = ""
    cites: tuple[str, ...] = ()
    applies: Applies = Field(default_factory=dict)
    unless: Applies = Field(default_factory=dict)
    reading: str = ""
    """How an ambiguous sentence was read, and why."""
    product_default: bool = False
    """The clause is the document's, the value ours ("及时" as one hour): 系统默认，非制度规定."""

    def matches(self, facts: Facts) -> bool:
        """Whether this rule speaks about a case with these facts."""
        if not all(_holds(accepted, facts.get(axis)) for axis, accepted in self.applies.items()):
            return False
        return not self.unless or not all(
            _holds(accepted, facts.get(axis)) for axis, accepted in self.unless.items()
        )


def _holds(accepted: bool | tuple[str, ...], value: str | bool | None) -> bool:
    if isinstance(accepted, bool):
        return bool(value) is accepted
    return value in accepted


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


class Form(Rule):
    number: str = ""
    edition: str = ""
    columns: tuple[str, ...] = ()
    copies: int = 1
    signatures: tuple[str, ...] = ()
    retention: str = ""


class PaidWork(Rule):
    """Work that a customer pays for: which prices hold, what he must have agreed to before, and how
    the money comes in. The first regulation that speaks about a case answers."""

    consent_before: Literal["", "dispatched", "started"] = "started"
    """Who agreed, when, and to what amount stands on record before this; making safe never
    waits."""
    prices: Literal["", "repair", "special"] = ""
    """The kind of price list that is quoted from; empty: any that is in force."""
    negotiated: bool = False
    """A price may be agreed freely, beside the items of the list."""
    collect: Literal["cash", "fee-bill", "monthly-bill"] = "cash"
    """Paid there and then; with the next bill of the management fee; with a bill of its own each
    month."""
    bill_day: int = Field(default=0, ge=0, le=28)
    """Of the month, for a monthly bill."""
    receipt_by: Words = ()
    """Roles that write the receipt."""
    hand_in: bool = False
    """Who did the work brings the cash to the centre."""


class Approval(Strict):
    """One step on the way of a price list into force."""

    title: str
    """The office, as users read it."""
    role: str
    """Who decides; of an outside office: who hands it in and records its answer."""
    outside: bool = False
    """The answer is another body's: it carries a number and a day."""
    modes: Words = ()
    """How an outside body may answer: 审批, 备案."""


class PriceList(Rule):
    """A list of prices: who draws it up, who must approve it, whether it is put up in public. A
    project has one of each kind, by the first regulation that speaks of that kind."""

    kind: Literal["repair", "special"]
    drafted_by: Words
    approvals: tuple[Approval, ...] = ()
    posted: bool = False
    """In force only once it is on record where it was put up (公示)."""


class Warranty(Rule):
    """How long the developer answers for a part, from the day of the handover."""

    part: str
    """Of `rules.vocabulary.HOUSE_PARTS`."""
    years: int = Field(default=0, ge=0)
    seasons: int = Field(default=0, ge=0)
    """Heating or cooling seasons, instead of years."""


class ServiceItem(Rule):
    """One service of the catalogue. Its title is its name."""

    code: str
    way: Literal["", "phone", "counter", "agency", "team", "desk"] = ""
    """How it is booked (`rules.vocabulary.SERVICE_WAYS`)."""
    provider: str = ""
    paid: bool = False
    price_item: str = ""
    """Code of the item in the price list."""
    details: tuple[str, ...] = ()
    """What is asked (`rules.vocabulary.SERVICE_DETAILS`)."""
    papers: tuple[str, ...] = ()
    """What the customer hands in (资料清单), where `details` has documents."""
    results: tuple[str, ...] = ()
    """The results to choose from, where the document names them."""
    sub: tuple[str, ...] = ()
    """Services that it consists of, one of which is chosen."""
    closes_told: bool = False
    """Finished only when the customer was told the result."""


class Repeat(Strict):
    """The same trouble at the same home, so many times in so many months."""

    times: int = Field(ge=2)
    months: int = Field(ge=1)


class WorkOrder(Rule):
    """The repair order: who writes it, how it reaches a hand, and what it needs at the end."""

    issued_by: Words = ()
    """Roles that may write one; empty: whoever may dispatch."""
    handover: str = "10 minutes"
    """From being written to being sent to somebody."""
    modes: dict[str, Literal["assign", "grab", "rotate"]] = Field(default_factory=dict)
    """By range ("home", "public"); a range that is not named is assigned."""
    most_open: int = Field(default=0, ge=0)
    """How many open orders one person may hold; 0: any number."""
    copies: int = 1
    completion: tuple[str, ...] = ()
    """What must be there when it is finished (`rules.vocabulary.ORDER_NEEDS`)."""
    repeats: Repeat | None = None


class Recurrence(Rule):
    """What comes back so often that its cause is to be removed: a correction is proposed. How often
    a repair comes back stands with `work_order.repeats`."""

    of: Literal["complaint", "unsatisfied-visit"]
    times: int = Field(default=1, ge=1)
    """A complaint: of the same matter by the same home. A visit: that left a customer dissatisfied
    with the same matter."""
    months: int = Field(default=12, ge=1)
    """How far back is counted."""


class Retention(Rule):
    """How long the file of a closed case is kept, from its closing."""

    months: int = Field(ge=1)


class Grade(Rule):
    """What makes a complaint graver than an ordinary one. A criterion speaks once a round: what
    was ruled lower after it is not raised by it again."""

    grade: str
    """The value of the axis `grade` that it gives."""
    when: Literal["source", "households", "unresolved", "claimed", "raised", "asked"]
    """source: such a case as `applies` says; households, claimed (yuan), raised (times after the
    first): at least `least`; unresolved: open for `after`; asked: somebody must judge it."""
    least: int = Field(default=0, ge=0)
    after: str = ""
    decides: bool = False
    """The product sets the grade itself; else it proposes, and somebody rules."""
    event: str = ""
    """The type of major event that it is (value of the axis `event_type`); empty: none by
    itself."""


class Reporting(Rule):
    """Who is told of a major matter, and within what time. `applies` names grade and cause."""

    to: str = ""
    """A role or department of ours; empty for a body outside."""
    body: str = ""
    """The addressee as printed, where it is not one of our roles."""
    within: str = "24 hours"
    what: Literal["report", "notice"] = "report"
    """report: the special report, with a receipt; notice: told at once."""


class EarlyWarning(Rule):
    """When complaints together foretell something graver, and who must respond."""

    watch: Literal["count", "repeat", "trend", "overdue", "words"]
    """count: so many homes with one business class; repeat: one home so often; trend: twice as many
    as in the time before; overdue: so many complaints late; words: the text has one of them."""
    least: int = Field(default=1, ge=1)
    within: str = "7 days"
    words: tuple[str, ...] = ()
    to: str = "project_manager"
    respond: str = "4 hours"


class PathStep(Strict):
    """One step of a path outside (`rules.referrals.STEPS`)."""

    step: str
    title: str = ""
    by: Words = ()
    """Roles that alone may do it; empty: whoever works on the case."""
    of: str = ""
    """The function of the department in which they must stand: engineering."""
    within: str = ""
    """Its own time, counted from the step before."""
    holder: str = "owner"
    """On whose board it stands meanwhile."""


class ReferralPath(Rule):
    """The way of a matter that somebody outside must settle (the developer, the street office): its
    steps in their order. Until the last is done, its case stays open."""

    to: Words = ()
    """Kinds of parties (`rules.referrals.PARTIES`); empty: any."""
    asks: Words = ()
    """What is asked besides the problem (`rules.referrals.ASKS`)."""
    form: str = ""
    """The id of the `form` that it is printed on."""
    steps: tuple[PathStep, ...]
    late: tuple[Late, ...] = ()


class LaterRule(Rule):
    """A kind of rule that a later floor reads (measure, statement, duty, survey, grade); kept as
    written until that floor defines it."""

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
    measure: tuple[LaterRule, ...] = ()
    statement: tuple[LaterRule, ...] = ()
    duty: tuple[LaterRule, ...] = ()
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
