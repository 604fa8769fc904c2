"""The kinds of rule for complaints: how grave, who is told, who settles it outside, what stays."""

from typing import Literal

from pydantic import Field

from shouwen.rules.case_kinds import Late
from shouwen.rules.periods import PeriodKind
from shouwen.rules.rule import Rule, Strict, Words


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
    """How long something is kept, and when it is handed to its keeper."""

    of: Literal["case", "statement", "record", "visits", "order"] = "case"
    """case: the file of a closed case, from its closing; visits: the papers of the return visits of
    a period; order: the signed copies of a work order."""
    months: int = Field(default=0, ge=0)
    """0: for ever."""
    every: PeriodKind | None = None
    """Of visits: the papers of each such period are handed over together."""
    by_day: int = Field(default=0, ge=0, le=28)
    """Of visits: at the latest on this day after the period has ended."""
    keepers: Words = ()
    """Of an order: the departments of which each keeps a copy."""


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
