"""The life of a case: what state its journal leads to, and what may follow.

`fold` is the one reading of a journal; the row of a case must always equal it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shouwen.rules.journal import VERBS, Entry
from shouwen.rules.refused import Refused

REGISTERED, DISPATCHED, ACCEPTED, WAITING = "registered", "dispatched", "accepted", "waiting"
DONE, FED_BACK, CLOSED, MERGED, VOID = "done", "fed-back", "closed", "merged", "void"

IN_WORK = frozenset({REGISTERED, DISPATCHED, ACCEPTED, WAITING})
OPEN = IN_WORK | {DONE, FED_BACK}

STATUS_NAMES = {
    REGISTERED: "已登记",
    DISPATCHED: "已派单",
    ACCEPTED: "处理中",
    WAITING: "等待",
    DONE: "已完成",
    FED_BACK: "已反馈",
    CLOSED: "已关闭",
    MERGED: "已并入",
    VOID: "已作废",
}


@dataclass
class Part:
    """A department's share: sent, accepted, refused, done."""

    lead: bool
    state: str
    sent_at: datetime


@dataclass
class State:
    """Where a case stands. Departments are unit codes, people are staff numbers."""

    status: str = ""
    facts: dict[str, str | bool] = field(default_factory=dict)
    round: int = 1
    owner: str = ""
    delegate: str = ""
    assignee: str = ""
    parts: dict[str, Part] = field(default_factory=dict)
    opened_at: datetime | None = None
    done_at: datetime | None = None
    fed_back_at: datetime | None = None
    closed_at: datetime | None = None
    waiting_for: str = ""
    before_waiting: str = ACCEPTED
    merged_into: str = ""
    void_requested: bool = False
    handlers: set[str] = field(default_factory=set)
    """Who did the work in this round; they neither verify nor visit."""
    holds: set[str] = field(default_factory=set)
    owed: dict[str, str] = field(default_factory=dict)
    """What one level still owes another: number of the handing or question, and its title."""
    speaker: str = ""
    """Who alone may answer the customer (指定专人); empty: whoever works on the case."""
    speaker_clause: str = ""

    @property
    def lead(self) -> str:
        """The leading department, "" while there is none."""
        return next((code for code, part in self.parts.items() if part.lead), "")

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def fold(entries: Iterable[Entry]) -> State:
    """The state that a journal leads to."""
    state = State()
    for entry in entries:
        advance(state, entry)
    return state


def advance(state: State, entry: Entry) -> None:
    """Take one more entry into account. Verbs that only tell something change nothing."""
    change = _CHANGES.get(entry.verb)
    if change:
        change(state, entry)


def _opened(state: State, entry: Entry) -> None:
    state.status = REGISTERED
    state.opened_at = entry.at
    state.owner = entry.data["owner"]
    state.facts = dict(entry.data.get("facts", {}))


def _facts(state: State, entry: Entry) -> None:
    state.facts = {**state.facts, **entry.data.get("facts", {})}


def _urgent(state: State, entry: Entry) -> None:
    state.facts = {**state.facts, "urgent": bool(entry.data.get("urgent", True))}


def _dispatched(state: State, entry: Entry) -> None:
    lead = entry.data.get("lead", "")
    for code in entry.data["departments"]:
        state.parts[code] = Part(lead=code == lead, state="sent", sent_at=entry.at)
    if state.status == REGISTERED:
        state.status = DISPATCHED


def _accepted(state: State, entry: Entry) -> None:
    part = state.parts[entry.data["department"]]
    part.state = "accepted"
    state.handlers.add(entry.by)
    if part.lead and state.status == DISPATCHED:
        state.status = ACCEPTED


def _refused(state: State, entry: Entry) -> None:
    state.parts[entry.data["department"]].state = "refused"


def _ruled(state: State, entry: Entry) -> None:
    """The refusal stands (the part goes away, perhaps to another department) or the department
    must act."""
    code = entry.data["department"]
    part = state.parts[code]
    if not entry.data["refusal_stands"]:
        part.state = "accepted"
        if part.lead and state.status == DISPATCHED:
            state.status = ACCEPTED
        return
    del state.parts[code]
    to = entry.data.get("to", "")
    if to:
        state.parts[to] = Part(lead=part.lead, state="sent", sent_at=entry.at)
    if part.lead:
        state.assignee = ""
        state.status = DISPATCHED if to else REGISTERED


def _transferred(state: State, entry: Entry) -> None:
    part = state.parts.pop(entry.data["from"])
    state.parts[entry.data["to"]] = Part(lead=part.lead, state="sent", sent_at=entry.at)
    if part.lead:
        state.assignee = ""
        state.status = WAITING if state.status == WAITING else DISPATCHED


def _assigned(state: State, entry: Entry) -> None:
    state.assignee = entry.data["to"]
    state.handlers.add(entry.data["to"])


def _arrived(state: State, entry: Entry) -> None:
    state.handlers.add(entry.by)
    if state.status == DISPATCHED:
        state.status = ACCEPTED
        if state.lead:
            state.parts[state.lead].state = "accepted"


def _waiting(state: State, entry: Entry) -> None:
    state.before_waiting = state.status
    state.status = WAITING
    state.waiting_for = entry.data["reason"]


def _resumed(state: State, entry: Entry) -> None:
    state.status = state.before_waiting
    state.waiting_for = ""


def _done(state: State, entry: Entry) -> None:
    state.status = DONE
    state.done_at = entry.at
    state.handlers.add(entry.by)
    if state.lead:
        state.parts[state.lead].state = "done"


def _part_done(state: State, entry: Entry) -> None:
    state.parts[entry.data["department"]].state = "done"
    state.handlers.add(entry.by)


def _verified(state: State, entry: Entry) -> None:
    """A result that does not stand goes back to the leading department."""
    if entry.data.get("result") == "not-ok":
        state.status = ACCEPTED if state.lead else REGISTERED
        state.done_at = state.fed_back_at = None
        if state.lead:
            state.parts[state.lead].state = "accepted"


def _fed_back(state: State, entry: Entry) -> None:
    state.status = FED_BACK
    state.fed_back_at = entry.at


def _closed(state: State, entry: Entry) -> None:
    state.status = CLOSED
    state.closed_at = entry.at
    state.delegate = ""


def _reopened(state: State, entry: Entry) -> None:
    state.status = REGISTERED
    state.round += 1
    state.facts = {**state.facts, "round2": True}
    state.done_at = state.fed_back_at = state.closed_at = None
    state.assignee = state.waiting_for = ""
    state.parts = {}
    state.handlers = set()


def _delegated(state: State, entry: Entry) -> None:
    state.delegate = entry.data["to"]


def _handed_back(state: State, entry: Entry) -> None:
    state.delegate = ""


def _owner_changed(state: State, entry: Entry) -> None:
    state.owner = entry.data["to"]
    state.delegate = ""


def _merged(state: State, entry: Entry) -> None:
    state.status = MERGED
    state.merged_into = entry.data["into"]


def _void_requested(state: State, entry: Entry) -> None:
    state.void_requested = True


def _void_refused(state: State, entry: Entry) -> None:
    state.void_requested = False


def _voided(state: State, entry: Entry) -> None:
    state.status = VOID
    state.void_requested = False


def _held(state: State, entry: Entry) -> None:
    state.holds.add(entry.data["key"])


def _lifted(state: State, entry: Entry) -> None:
    state.holds.discard(entry.data["key"])


def _handed(state: State, entry: Entry) -> None:
    """Another level has it now; where a reply is owed, the case does not close without."""
    _facts(state, entry)
    if entry.data.get("kind"):
        _asked(state, entry)


def _asked(state: State, entry: Entry) -> None:
    state.owed[entry.data["matter"]] = entry.data["title"]


def _answered(state: State, entry: Entry) -> None:
    state.owed.pop(entry.data["matter"], None)


def _speaker_named(state: State, entry: Entry) -> None:
    state.speaker, state.speaker_clause = entry.data["to"], entry.data.get("clause", "")


def _speaker_freed(state: State, entry: Entry) -> None:
    state.speaker = state.speaker_clause = ""


_CHANGES: Mapping[str, Callable[[State, Entry], None]] = {
    "opened": _opened,
    "classified": _facts,
    "order-opened": _facts,
    "payer-decided": _facts,
    "marked-urgent": _urgent,
    "dispatched": _dispatched,
    "accepted": _accepted,
    "refused": _refused,
    "ruled": _ruled,
    "transferred": _transferred,
    "assigned": _assigned,
    "arrived": _arrived,
    "waiting": _waiting,
    "resumed": _resumed,
    "done": _done,
    "part-done": _part_done,
    "verified": _verified,
    "fed-back": _fed_back,
    "closed": _closed,
    "reopened": _reopened,
    "delegated": _delegated,
    "handed-back": _handed_back,
    "owner-changed": _owner_changed,
    "merged": _merged,
    "void-requested": _void_requested,
    "void-refused": _void_refused,
    "voided": _voided,
    "held": _held,
    "hold-lifted": _lifted,
    "handed": _handed,
    "handed-replied": _answered,
    "asked": _asked,
    "asked-answered": _answered,
    "matter-withdrawn": _answered,
    "speaker-named": _speaker_named,
    "speaker-freed": _speaker_freed,
}

_HANDED_OVER = OPEN - {REGISTERED}

#: Money outlives the matter: it is paid and given back whatever became of the case.
_ALWAYS = (OPEN | {CLOSED, MERGED, VOID}, "")

#: In which statuses a verb is right, and what to say where it is not. Verbs that are not here
#: may be done as long as the case is open.
_RIGHT_IN: Mapping[str, tuple[frozenset[str], str]] = {
    "dispatched": (IN_WORK, "工作已完成，不能再派单；需要再办请重新打开。"),
    # An assisting department may still take or refuse its share when the leading one is done.
    "accepted": (_HANDED_OVER, "还没有派单，先派给部门再接单。"),
    "refused": (_HANDED_OVER, "现在没有可以退的派单。"),
    "ruled": (_HANDED_OVER, "现在没有等待裁定的退单。"),
    "transferred": (
        frozenset({DISPATCHED, ACCEPTED, WAITING}),
        "还没有派单，直接派给正确的部门即可。",
    ),
    "assigned": (frozenset({DISPATCHED, ACCEPTED, WAITING}), "先派单，再指派到人。"),
    "arrived": (
        frozenset({REGISTERED, DISPATCHED, ACCEPTED}),
        "等待中或已完成的事项不能记到场，先恢复处理。",
    ),
    "promise-agreed": (IN_WORK, "已完成的事项不再约定处理时间。"),
    "waiting": (frozenset({REGISTERED, DISPATCHED, ACCEPTED}), "已在等待中，或工作已完成。"),
    "wait-approved": (frozenset({WAITING}), "现在没有等待需要批准。"),
    "resumed": (frozenset({WAITING}), "现在没有在等待。"),
    "done": (frozenset({REGISTERED, DISPATCHED, ACCEPTED}), "等待中的事项先恢复处理，再报完成。"),
    "part-done": (OPEN, "案件已结束。"),
    "verified": (frozenset({DONE, FED_BACK}), "工作还没有报完成，完成后再验证。"),
    "fed-back": (
        frozenset({DONE, FED_BACK}),
        "工作还没有报完成；进展请用“联系客户”记录，完成后再反馈结果。",
    ),
    "replied-sender": (frozenset({DONE, FED_BACK, CLOSED}), "有了处理结果才能回复转办单位。"),
    "closed": (frozenset({FED_BACK}), "先向客户反馈处理结果，再关闭。"),
    "reopened": (
        frozenset({DONE, FED_BACK, CLOSED}),
        "事项还在处理中，不需要重新打开；可以催办或补充记录。",
    ),
    "visited": (frozenset({DONE, FED_BACK, CLOSED}) | IN_WORK, "已作废或已并入的事项不回访。"),
    "visit-attempted": (frozenset({DONE, FED_BACK, CLOSED}), "工作还没有完成，不到回访的时候。"),
    "visit-planned": (frozenset({DONE, FED_BACK, CLOSED}), "工作还没有完成，不到回访的时候。"),
    "visit-missed": (frozenset({DONE, FED_BACK, CLOSED}), "没有要回访的事项。"),
    "rated": (frozenset({DONE, FED_BACK, CLOSED}), "工作还没有完成，完成后再请客户评价。"),
    "noted": (OPEN | {CLOSED}, "已作废或已并入的事项不再记录，请到并入的事项中记录。"),
    "customer-contacted": (OPEN | {CLOSED}, "已作废或已并入的事项不再记录，请到并入的事项中记录。"),
    "linked": (OPEN | {CLOSED}, "已作废的事项不能关联。"),
    "service-changed": (OPEN | {CLOSED}, "已作废或已并入的事项不再变更订购。"),
    "material-returned": (OPEN | {CLOSED}, "已作废或已并入的事项不再退料，请不填维修单直接退库。"),
    "urged": (OPEN | {CLOSED}, "已作废或已并入的事项不能催办，请到并入的事项催办。"),
    "charged": (OPEN | {CLOSED}, "已作废或已并入的事项不再计费，请到并入的事项中办理。"),
    "charge-cancelled": _ALWAYS,
    "paid": _ALWAYS,
    "receipted": _ALWAYS,
    "refunded": _ALWAYS,
    "written-off": _ALWAYS,
    # An order that need not be done may outlive its case, and the check comes when it comes.
    **{
        verb: (OPEN | {CLOSED}, "事项已作废或并入，请到并入的事项中办理。")
        for verb in VERBS
        if verb.startswith("order-")
    },
    "order-opened": (IN_WORK, "工作已完成，不能再开维修单；客户再次提出请重新打开。"),
    "order-cancelled": (OPEN | {CLOSED, MERGED, VOID}, ""),
    # What a major matter set in motion outlives the case.
    **{
        verb: (OPEN | {CLOSED}, "事项已作废或并入，请到并入的事项中办理。")
        for verb in ("event-opened", "event-reported", "event-closed", "spoke-outside")
    },
    "remedy-set": (IN_WORK, "工作已完成，不再定完成期限。"),
    "referral-opened": (IN_WORK, "工作已完成，不再提外部协商；需要再办请重新打开。"),
    "absorbed": (OPEN, "只能并入还没有关闭的事项。"),
    "merged": (IN_WORK, "已完成的事项不能并入别的事项。"),
    # Many households have one cause, whatever became of the case of each.
    **{
        verb: (OPEN | {CLOSED}, "事项已作废或并入，请到并入的事项中办理。")
        for verb in ("grouped", "speaker-named")
    },
    "ungrouped": _ALWAYS,
    "speaker-freed": _ALWAYS,
    # What is learned from a matter is learned when it is over, too.
    "correction-opened": (OPEN | {CLOSED}, "已作废或已并入的事项不立项整改。"),
    "correction-closed": _ALWAYS,
    "praise-linked": (OPEN | {CLOSED}, "已作废或已并入的事项不再记录。"),
}


def require_allowed(state: State, verb: str, data: Mapping[str, Any]) -> None:
    """Refuse a verb that may not follow, with a sentence saying what to do instead."""
    statuses, sentence = _RIGHT_IN.get(
        verb, (OPEN, "事项已经结束，不能再改；客户再次提出请重新打开。")
    )
    if state.status not in statuses:
        name = STATUS_NAMES.get(state.status, state.status)
        raise Refused(f"{verb}-not-now", f"现在是“{name}”。{sentence}")
    if state.void_requested and verb in {"closed", "dispatched", "done", "merged"}:
        raise Refused("void-pending", "正在申请作废，先由有权的人批准或退回申请。")
    if state.holds and verb in {"merged", "voided"}:
        sentence = "还有没结束的维修单、服务需求单或外部协商，先完成或取消，再并入或作废。"
        raise Refused("held", sentence)
    if "department" in data and verb in _NEEDS_PART:
        _require_part(state, verb, data["department"])


def is_allowed(state: State, verb: str, data: Mapping[str, Any] | None = None) -> bool:
    """Whether a verb may follow now; `require_allowed` says why not."""
    try:
        require_allowed(state, verb, data or {})
    except Refused:
        return False
    return True


#: Verbs of a department, and the states that its part may be in.
_NEEDS_PART: Mapping[str, tuple[frozenset[str], str]] = {
    "accepted": (frozenset({"sent"}), "已经接单，不用再接。"),
    "refused": (frozenset({"sent", "accepted"}), "已经退单或完成，不能再退。"),
    "ruled": (frozenset({"refused"}), "这个部门没有退单。"),
    "part-done": (frozenset({"sent", "accepted"}), "这个部门已经完成或正在退单。"),
}


def _require_part(state: State, verb: str, code: str) -> None:
    part = state.parts.get(code)
    if part is None:
        raise Refused("not-dispatched-there", "这件事没有派给这个部门。", field="department")
    allowed, sentence = _NEEDS_PART[verb]
    if part.state not in allowed:
        raise Refused(f"{verb}-not-now", sentence, field="department")
