"""What must stand in the journal before a verb, above all before closing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shouwen.rules.case_kinds import Need
from shouwen.rules.intake import missing
from shouwen.rules.journal import ANSWERED, Entry
from shouwen.rules.lifecycle import State, fold
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook
from shouwen.rules.visits import REOPENS, visit_rules

#: Answers that settle an earlier unsatisfied one.
SETTLES = frozenset({"satisfied", "ok"})
#: What was agreed outlives its round: work that is done over is not sold twice, and whatever is new
#: has a quotation of its own.
LASTS = frozenset({"consented"})


@dataclass(frozen=True)
class Line:
    """One line of the checklist."""

    id: str
    title: str
    clause: str
    regulation: str
    done: bool
    verb: str
    """The verb that completes it, for the button beside it."""
    tag: str = ""


def checklist(rulebook: Rulebook, entries: Sequence[Entry], before: str = "closed") -> list[Line]:
    """Everything that must be complete before the verb, done or not, in the order of the
    regulations."""
    state = fold(entries)
    round_ = this_round(entries)
    asked = {rule.id for _, rule in visit_rules(rulebook, state.facts)}
    lines = [
        Line(
            rule.id,
            rule.title,
            rule.clause,
            regulation.title,
            is_met(rule.needs, entries if rule.needs.entry in LASTS else round_, state, asked),
            rule.needs.entry,
            rule.needs.tag,
        )
        for regulation, rule in rulebook.all("closing", state.facts)
        if rule.before == before
    ]
    ours = [*_ours(state), *_unsatisfied(round_)] if before == "closed" else []
    return [*_once(lines), *ours, *_intake(rulebook, entries, state, before)]


def _once(lines: list[Line]) -> list[Line]:
    """Two regulations that want the same thing give one line, under the clause of the first."""
    seen: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        seen.setdefault((line.title, line.verb, line.tag), line)
    return list(seen.values())


def _ours(state: State) -> list[Line]:
    """What the product itself wants before closing: every department done, every hold lifted."""
    lines = [
        Line(f"part-{code}", "协办部门已完成", "", "", part.state == "done", "part-done")
        for code, part in state.parts.items()
        if not part.lead
    ]
    lines += [Line(f"hold-{key}", key, "", "", False, "hold-lifted") for key in sorted(state.holds)]
    return lines + [
        Line(f"owed-{number}", f"{title}，还没有答复", "", "", False, ANSWERED)
        for number, title in state.owed.items()
    ]


def _unsatisfied(entries: Sequence[Entry]) -> list[Line]:
    """A customer who said that it is not settled is not closed in silence: he is won over later in
    this round, or somebody above confirms the result (otherwise it is reopened)."""
    answers = [
        str(entry.data.get("result"))
        for entry in entries
        if entry.verb in ("fed-back", "visited", "rated", "verified") and entry.data.get("result")
    ]
    unhappy = [at for at, result in enumerate(answers) if result in REOPENS]
    if not unhappy:
        return []
    settled = any(result in SETTLES for result in answers[unhappy[-1] + 1 :])
    return [
        Line("unsatisfied", "客户表示未解决：继续处理，或由负责人确认", "", "", settled, "verified")
    ]


def _intake(rulebook: Rulebook, entries: Sequence[Entry], state: State, before: str) -> list[Line]:
    return [
        Line(item.id, item.title, item.clause, item.regulation, False, item.verb)
        for item in missing(rulebook, entries, state.facts, before)
    ]


def this_round(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries since the case was opened or last reopened."""
    starts = [i for i, entry in enumerate(entries) if entry.verb in ("opened", "reopened")]
    return entries[starts[-1] :] if starts else entries


def is_met(
    need: Need, entries: Sequence[Entry], state: State, visits: Collection[str] = ()
) -> bool:
    """`visits`: the return-visit rules in force for the case."""
    return sum(_counts(need, entry, state, visits) for entry in entries) >= need.times


def _counts(need: Need, entry: Entry, state: State, visits: Collection[str]) -> bool:
    data = entry.data
    return (
        entry.verb in (need.entry, *need.instead)
        and (not need.tag or data.get("tag") == need.tag)
        and (not need.by or bool(set(need.by) & set(entry.roles)))
        and (not need.not_by or entry.by not in state.handlers)
        and (not need.signed or bool(data.get("signed")))
        and (not need.result or data.get("result") in need.result)
        and (not need.rule or _is_the_visit(need.rule, data.get("rule"), visits))
        and data.get("result") != "not-ok"
    )


def _is_the_visit(wanted: str, made: object, visits: Collection[str]) -> bool:
    """Where another regulation decides who is visited, its visit is the one that was wanted: the
    one named here is never made."""
    return made == wanted or (wanted not in visits and made in visits)


def require_complete(rulebook: Rulebook, entries: Sequence[Entry], before: str = "closed") -> None:
    """Refuse a verb while a line of its checklist is open, naming all that are."""
    open_lines = [line for line in checklist(rulebook, entries, before) if not line.done]
    if open_lines:
        what = "、".join(line.title for line in open_lines)
        verb = "关闭" if before == "closed" else "继续"
        clause = next((line.clause for line in open_lines if line.clause), "")
        raise Refused(f"{before}-incomplete", f"还不能{verb}，还差：{what}。", clause)
