"""The course of a correction (纠正预防): what may follow what, who may not judge whom, and who is
told when a time passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial

from shouwen.rules import ladders
from shouwen.rules.ladders import Rung
from shouwen.rules.refused import Refused

PROPOSED, RUNNING, DONE, VERIFIED = "proposed", "running", "done", "verified"
CLOSED, DISMISSED = "closed", "dismissed"

#: Which acts may follow in which state.
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    PROPOSED: ("review", "open", "dismiss"),
    RUNNING: ("plan", "finish", "move"),
    DONE: ("verify",),
    VERIFIED: ("check",),
    CLOSED: (),
    DISMISSED: (),
}
_WHERE = {
    PROPOSED: "还没有立项",
    RUNNING: "正在整改",
    DONE: "等待验证",
    VERIFIED: "等待检查效果",
    CLOSED: "已经结案",
    DISMISSED: "已决定不立项",
}

#: What the visits, complaints and repairs of a month bring up goes to the supervisor first, in
#: writing, and then to the director (第十八条).
REVIEWED_FIRST = frozenset({"visit", "complaints", "repairs"})
CLAUSE_OF_REVIEW = "第十八条"

#: Where nobody says another day, the effect is looked at so long after the verification. Ours: no
#: clause names a number.
CHECK_AFTER = timedelta(days=30)


def require_follows(state: str, act: str) -> None:
    if act not in FOLLOWS[state]:
        raise Refused(f"{act}-not-now", f"这项纠正预防{_WHERE[state]}，请看最新情况再操作。")


def require_reviewed(trigger: str, reviewed_by: str, by: str) -> None:
    """Two people: the supervisor reviews, the director acts."""
    if trigger not in REVIEWED_FIRST:
        return
    if not reviewed_by:
        raise Refused("not-reviewed", "先由客服主管书面审核，再立项。", CLAUSE_OF_REVIEW)
    if reviewed_by == by:
        raise Refused("same-person", "审核人不能自己立项，请主任或经理立项。", CLAUSE_OF_REVIEW)


def require_not_owner(owner: str, by: str) -> None:
    """Nobody verifies, or judges the effect of, his own measures."""
    if owner == by:
        raise Refused("own-measure", "责任人不能验证自己的整改，请另一位主管验证。")


def require_written(fields: Iterable[tuple[str, str, str]]) -> None:
    """(name, words, text): each must say something."""
    for name, words, text in fields:
        if not text.strip():
            raise Refused(f"no-{name}", f"请写明{words}。", field=name)


# --- Time -----------------------------------------------------------------------------------------


#: Who is told when: the day before and at the time who owes it, then up the line.
LADDER = (
    Rung(timedelta(days=-1), "owner"),
    Rung(timedelta(0), "owner"),
    Rung(timedelta(0), "cs_head"),
    Rung(timedelta(days=1), "project_manager"),
    Rung(timedelta(days=3), "company_cs"),
    Rung(timedelta(days=7), "company_leader"),
)


next_ring = partial(ladders.next_ring, LADDER)
ready = partial(ladders.ready, LADDER)


def quarter_of(day: date) -> str:
    """ "2026Q4" """
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"
