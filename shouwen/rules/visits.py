"""Return visits: which rule asks for one, whether the case is drawn, who may make it, what it
leads to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from math import ceil

from shouwen.rules.refused import Refused
from shouwen.rules.regulation import (
    Commitment,
    DueBranch,
    Facts,
    Late,
    Regulation,
    ReturnVisit,
    Rulebook,
)


def visit_rules(rulebook: Rulebook, facts: Facts) -> list[tuple[Regulation, ReturnVisit]]:
    """The return visits that such a case may need: those of the first regulation that asks for
    any."""
    return rulebook.first("return_visit", facts)


def rate(percent: str) -> float:
    """ "30%" -> 0.3"""
    return float(percent.rstrip("%")) / 100


def draw(seed: str, rule_id: str, round_: int) -> float:
    """Where a case falls in [0, 1). The same for everybody who computes it again, and nobody can
    choose it:
    it is a hash of the case number, the rule and the round."""
    digest = hashlib.sha256(f"{seed}|{rule_id}|{round_}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def is_drawn(rule: ReturnVisit, seed: str, round_: int) -> bool:
    return draw(seed, rule.id, round_) < rate(rule.rate)


def still_needed(finished: int, drawn: int, target: float) -> int:
    """How many more must be drawn to reach the target: the hash draws the rate only on average."""
    return max(0, ceil(round(finished * target, 9)) - drawn)


def top_up(draws: Iterable[tuple[float, str]], needed: int) -> list[str]:
    """Which undrawn cases to add: those that fell lowest, so that this too can be checked."""
    return [name for _, name in sorted(draws)[:needed]]


def as_commitment(rule: ReturnVisit) -> Commitment:
    """The promise to visit within the window."""
    opens, closes = rule.window
    return Commitment(
        id=f"visit:{rule.id}",
        title=rule.title,
        clause=rule.clause,
        cites=rule.cites,
        applies=rule.applies,
        unless=rule.unless,
        starts=rule.after,
        met_by=("visited", "visit-missed"),
        due=(DueBranch(within=closes),),
        planned_from="" if opens.startswith("0 ") else opens,
        holder=rule.by[0] if rule.by else "owner",
        warn=rule.warn or "4 hours",
        late=rule.late
        or (Late(after="0 minutes", to="holder"), Late(after="1 day", to="project_manager")),
    )


def require_visitors(
    rule: ReturnVisit, visitors: Sequence[tuple[str, Sequence[str]]], handlers: Iterable[str]
) -> None:
    """Refuse visitors (staff number, roles) whom the rule does not allow."""
    if len({number for number, _ in visitors}) < rule.together:
        raise Refused(
            "too-few-visitors",
            f"这项回访要 {rule.together} 人共同进行，请补充回访人。",
            rule.clause,
            "visitors",
        )
    handled = set(handlers)
    if rule.never_by == "handler" and any(number in handled for number, _ in visitors):
        raise Refused(
            "own-work", "处理人不能回访自己办的事项，请换一位回访人。", rule.clause, "visitors"
        )
    if rule.by and not any(set(roles) & set(rule.by) for _, roles in visitors):
        raise Refused(
            "wrong-visitor",
            "制度规定的回访人不在其中，请指定有相应岗位的人。",
            rule.clause,
            "visitors",
        )


#: What an answer leads to.
REOPENS = frozenset({"partly", "unsatisfied"})
