"""Return visits: which rule asks for one, whether the case is drawn, who may make it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import permutations
from math import ceil, floor

from shouwen.rules.case_kinds import Commitment, DueBranch, Late, ReturnVisit
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.rule import Facts


def visit_rules(rulebook: Rulebook, facts: Facts) -> list[tuple[Regulation, ReturnVisit]]:
    """The return visits that such a case may need: those of the first regulation that asks."""
    return rulebook.first("return_visit", facts)


def rate(percent: str) -> float:
    """ "30%" -> 0.3"""
    return float(percent.rstrip("%")) / 100


def draw(seed: str, rule_id: str, round_: int) -> float:
    """Where a case falls in [0, 1): a hash of its number, the rule and the round.

    The same for everybody who computes it again, and nobody can choose it.
    """
    digest = hashlib.sha256(f"{seed}|{rule_id}|{round_}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def is_drawn(rule: ReturnVisit, seed: str, round_: int) -> bool:
    return draw(seed, rule.id, round_) < rate(rule.rate)


def still_needed(finished: int, drawn: int, target: float) -> int:
    """How many more must be drawn to reach the target: the hash draws the rate only on average."""
    return max(0, ceil(round(finished * target, 9)) - drawn)


def may_draw(finished: int, drawn: int, most: float) -> int:
    """How many more may be drawn before the regulation's upper limit."""
    return max(0, floor(round(finished * most, 9)) - drawn)


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
        holder=_holder(rule),
        warn=rule.warn or "4 hours",
        late=rule.late
        or (Late(after="0 minutes", to="holder"), Late(after="1 day", to="project_manager")),
    )


def _holder(rule: ReturnVisit) -> str:
    if not rule.by:
        return "owner"
    return "assignee" if rule.by[0] == HANDLER else rule.by[0]


#: Named in `by` where those who did the work must go themselves.
HANDLER = "handler"
#: Whoever heads a department, whatever the post is called there.
HEADS = frozenset({"dept_head", "repair_head", "cs_head"})
Visitor = tuple[str, Sequence[str]]


def require_visitors(
    rule: ReturnVisit,
    visitors: Sequence[Visitor],
    handlers: Iterable[str],
    sent_by: Sequence[str] = (),
) -> None:
    """Refuse visitors (staff number, roles) whom the rule does not allow. `sent_by` are the roles
    of who named them: where the rule says 组织进行, he may send others."""
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
    if rule.organised and set(sent_by) & set(rule.by):
        return
    if rule.by and not _places_filled(rule, visitors, handled):
        raise Refused(
            "wrong-visitor",
            "制度规定的回访人不在其中，请指定有相应岗位的人。",
            rule.clause,
            "visitors",
        )


def _places_filled(rule: ReturnVisit, visitors: Sequence[Visitor], handlers: set[str]) -> bool:
    """Whether each place is taken by a different person: several go with one role each, who goes
    alone holds any of them."""
    can = [
        {role for role in rule.by if fills(role, number, roles, handlers)}
        for number, roles in visitors
    ]
    if rule.together <= 1:
        return any(can)
    places = rule.by[: rule.together]
    return any(
        all(place in roles for place, roles in zip(places, order, strict=True))
        for order in permutations(can, len(places))
    )


def fills(place: str, number: str, roles: Sequence[str], handlers: Iterable[str]) -> bool:
    """Whether somebody may stand for a name in `by`."""
    if place == HANDLER:
        return number in set(handlers)
    return place in roles or (place == "dept_head" and not HEADS.isdisjoint(roles))


#: Answers that open the matter again.
REOPENS = frozenset({"partly", "unsatisfied"})
