"""What a regulation itself says on who may (not) do a verb, on top of our table of rights."""

from __future__ import annotations

from collections.abc import Iterable

from shouwen.rules.lifecycle import State
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook

#: What is an answer to the customer, or to the body that speaks for him.
ANSWERS = frozenset({"customer-contacted", "fed-back", "replied-sender"})


def require_permitted(
    rulebook: Rulebook,
    state: State,
    verb: str,
    *,
    by: str,
    roles: Iterable[str],
    accused: bool = False,
) -> None:
    """Refuse a person (staff number, roles at this moment) whom a clause keeps from this verb.

    `accused` says that this person belongs to the department that the complaint is about.
    """
    if state.speaker and verb in ANSWERS and by != state.speaker:
        raise Refused(
            "only-the-speaker",
            "这件事已指定专人回复客户，其他人不能答复；请把要说的告诉回复专人。",
            state.speaker_clause,
        )
    for _, rule in rulebook.all("permission", state.facts):
        if rule.verb != verb:
            continue
        if rule.only and not set(rule.only) & set(roles):
            raise Refused(
                "regulation-forbids", f"{rule.title}，您的岗位不能做这一步。", rule.clause
            )
        if rule.never_by == "handler" and by in state.handlers:
            raise Refused("own-work", f"{rule.title}，处理人不能自己做这一步。", rule.clause)
        if rule.never_by == "accused" and accused:
            raise Refused("accused", f"{rule.title}，被投诉部门的人不能做这一步。", rule.clause)
