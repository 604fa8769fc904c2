"""The next right action: of all that somebody may do with a case now, that of the big button."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shouwen.rules.closing import Line
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import (
    ACCEPTED,
    DISPATCHED,
    DONE,
    FED_BACK,
    IN_WORK,
    REGISTERED,
    WAITING,
    State,
)

#: The verb of a page that writes an entry which a checklist may ask for.
VERB_OF_ENTRY: Mapping[str, str] = {
    "ticked": "tick",
    "detailed": "add-details",
    "classified": "classify",
    "noted": "note",
    "customer-contacted": "contact-customer",
    "reported": "report-up",
    "answered": "answer-question",
    "part-done": "report-part-done",
    "verified": "verify",
    "fed-back": "feed-back",
    "replied-sender": "reply-to-sender",
    "reopened": "reopen",
}


@dataclass(frozen=True)
class Situation:
    """What the choice depends on. Departments are unit codes."""

    state: State
    mine: frozenset[str] = frozenset()
    """Departments of the case that this person works in."""
    promised: frozenset[str] = frozenset()
    """Entries that would keep a promise which is still running."""
    department_late: bool = False
    asked: bool = False
    """A question to the next level («请示») is unanswered."""
    unapproved: bool = False
    """It waits longer than it may without approval."""
    missing: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    """{entry: open lines of its checklist}, for "dispatched", "done" and "closed"."""

    def part(self, *states: str) -> bool:
        """Whether a department of mine has its part in one of these states."""
        return any(
            part.state in states for code, part in self.state.parts.items() if code in self.mine
        )

    @property
    def mine_leads(self) -> bool:
        return self.state.lead in self.mine or not self.state.lead

    def blocks(self, before: str, verb: str) -> bool:
        """Whether this verb completes the first open line before that entry."""
        lines = self.missing.get(before, ())
        return bool(lines) and VERB_OF_ENTRY.get(lines[0].verb) == verb


Step = tuple[str, Callable[[Situation], bool]]


def next_verb(now: Situation, may: Collection[str]) -> str:
    """The first step that is due and that this person may do; "" when others must act."""
    return next((verb for verb, due in STEPS if verb in may and due(now)), "")


def unanswered(entries: Sequence[Entry]) -> bool:
    """Whether the last question to the next level still waits for its answer. The brand department
    is told and not asked."""
    told = [
        e.verb
        for e in entries
        if e.verb in ("reported", "answered") and e.data.get("to") != "brand"
    ]
    return bool(told) and told[-1] == "reported"


#: How an upper floor names the hold of a work order.
ORDER = "order:"
#: What the page of the order does better, while an order is at work.
OF_AN_ORDER = frozenset({"", "arrive", "report-done"})


def order_at_work(state: State) -> str:
    """The number of the order by which the work of a case goes on; "" while there is none."""
    held = sorted(key for key in state.holds if key.startswith(ORDER))
    return held[0].removeprefix(ORDER) if held and state.status in IN_WORK else ""


def _in_work(now: Situation) -> bool:
    return now.state.status in (REGISTERED, DISPATCHED, ACCEPTED)


def _own_work(now: Situation) -> bool:
    """The work is mine: my department leads, or the desk settles it without dispatching."""
    return now.state.status == ACCEPTED and now.mine_leads


def _first_before(entry: str, verb: str, when: Callable[[Situation], bool]) -> Step:
    """The first thing missing before an entry that would otherwise be next."""
    return verb, lambda now: when(now) and now.blocks(entry, verb)


def _for_closing(verb: str) -> Step:
    """Some open line of the closing checklist wants this verb."""
    return (
        verb,
        lambda now: (
            now.state.status in (DONE, FED_BACK)
            and any(VERB_OF_ENTRY.get(line.verb) == verb for line in now.missing.get("closed", ()))
        ),
    )


def _with_department(now: Situation) -> bool:
    """The desk puts straight what would stop the department when it reports the work done."""
    return now.state.status in (DISPATCHED, ACCEPTED)


def _registered(now: Situation) -> bool:
    return now.state.status == REGISTERED


#: In order: what stops others, then the work, then the customer, then what closing still lacks.
STEPS: Sequence[Step] = (
    ("decide-void", lambda now: now.state.void_requested),
    ("rule", lambda now: any(part.state == "refused" for part in now.state.parts.values())),
    ("answer-question", lambda now: now.asked),
    ("accept", lambda now: now.part("sent")),
    ("approve-wait", lambda now: now.unapproved),
    ("resume", lambda now: now.state.status == WAITING),
    _first_before("dispatched", "tick", _registered),
    _first_before("dispatched", "classify", _registered),
    _first_before("dispatched", "add-details", _registered),
    ("dispatch", _registered),
    ("arrive", lambda now: "arrived" in now.promised and _own_work(now)),
    ("contact-customer", lambda now: "customer-contacted" in now.promised and _in_work(now)),
    ("report-part-done", lambda now: now.part("accepted") and not now.mine_leads),
    _first_before("done", "note", _own_work),
    _first_before("done", "classify", _with_department),
    _first_before("done", "tick", _own_work),
    _first_before("done", "add-details", _own_work),
    ("report-done", _own_work),
    ("urge", lambda now: now.department_late and _in_work(now)),
    ("contact-customer", _in_work),
    ("feed-back", lambda now: now.state.status == DONE),
    _for_closing("verify"),
    _for_closing("reply-to-sender"),
    _for_closing("classify"),
    _for_closing("tick"),
    _for_closing("note"),
    _for_closing("add-details"),
    _for_closing("report-up"),
    _for_closing("report-part-done"),
    _for_closing("feed-back"),
    ("close", lambda now: now.state.status == FED_BACK and not now.missing.get("closed")),
)
