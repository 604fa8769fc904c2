"""What a text suggests, where it goes, and what a registration still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from shouwen.rules.case_kinds import Route, Suggest
from shouwen.rules.journal import Entry
from shouwen.rules.regulation import Rulebook
from shouwen.rules.rule import Facts

#: Names of the details of a contact, as users read them.
DETAILS: dict[str, str] = {
    "name": "客户姓名",
    "phone": "电话",
    "room": "房号",
    "heard_by": "听到的人",
    "heard_at": "听到的时间",
    "nature": "投诉性质",
    "sender": "转办单位",
    "sender_number": "转办编号",
    "scan": "来件扫描件",
    "form": "日常或专项",
    "medium": "书面或口头",
    "claim": "索赔金额",
    "waited": "等候分钟",
    "accused": "被投诉人或部门",
    "notified_by": "通知方式",
}


@dataclass(frozen=True)
class Suggestion:
    """A value for an axis, and the words in the text that made it so."""

    axis: str
    value: str | bool
    words: tuple[str, ...]
    regulation: str


def suggest(rulebook: Rulebook, text: str, facts: Facts | None = None) -> list[Suggestion]:
    """The likeliest value of each axis by the word lists: most words hit, then the longest hit.

    An axis that does not concern such a case (a complaint has no repair class) is not suggested:
    the kind in `facts`, else the suggested one, decides.
    """
    best = _best(rulebook, text)
    kind = (facts or {}).get("kind") or (best["kind"].value if "kind" in best else "other")
    known = {**(facts or {}), "kind": kind}
    return [found for found in best.values() if _concerns(rulebook, found.axis, known)]


def _best(rulebook: Rulebook, text: str) -> dict[str, Suggestion]:
    best: dict[str, tuple[tuple[bool, int, int], Suggestion]] = {}
    for regulation, rule in rulebook.all("suggest"):
        hits = tuple(dict.fromkeys(word for word in rule.words if word in text))
        if not hits or not _listed(rulebook, rule):
            continue
        weight = (rule.decides, len(hits), max(map(len, hits)))
        if rule.axis not in best or weight > best[rule.axis][0]:
            best[rule.axis] = (
                weight,
                Suggestion(rule.axis, rule.value, hits, regulation.title),
            )
    return {axis: suggestion for axis, (_, suggestion) in best.items()}


def _listed(rulebook: Rulebook, rule: Suggest) -> bool:
    """Whether the value is one of those that the regulation in force lets choose."""
    found = rulebook.axis(rule.axis)
    return found is None or rule.value in {value.code for value in found[1].values}


def _concerns(rulebook: Rulebook, axis_id: str, facts: Facts) -> bool:
    found = rulebook.axis(axis_id)
    return found is None or found[1].matches(facts)


@dataclass(frozen=True)
class Routing:
    """Departments by function, and the clause that sends it there."""

    lead: str
    assist: tuple[str, ...]
    clause: str
    title: str
    words: tuple[str, ...] = ()


def route(rulebook: Rulebook, facts: Facts, text: str = "") -> Routing | None:
    """Where such a case goes by the first regulation that says anything: a route whose words the
    text has, else the first plain one."""
    for regulation in rulebook.regulations:
        routes = [rule for rule in regulation.route if rule.matches(facts)]
        for rule in sorted(routes, key=lambda rule: not _hits(rule, text)):
            hits = _hits(rule, text)
            if hits or not rule.words:
                return Routing(rule.lead, rule.assist, rule.clause, regulation.title, hits)
    return None


def _hits(rule: Route, text: str) -> tuple[str, ...]:
    return tuple(word for word in rule.words if word in text)


@dataclass(frozen=True)
class Missing:
    """Something that the regulation wants of a registration and that is not there yet."""

    id: str
    title: str
    clause: str
    regulation: str
    verb: str


def wanted(rulebook: Rulebook, facts: Facts) -> tuple[list[tuple[str, str, str]], list[str]]:
    """The ticks (id, title, clause) and the details that a registration of such a case should
    have."""
    rules = rulebook.first("intake", facts)
    ticks = [(tick.id, tick.title, rule.clause) for _, rule in rules for tick in rule.ticks]
    details = [detail for _, rule in rules for detail in rule.details]
    return list(dict.fromkeys(ticks)), list(dict.fromkeys(details))


def missing(
    rulebook: Rulebook, entries: Sequence[Entry], facts: Facts, before: str = "closed"
) -> list[Missing]:
    """What is still to be ticked or filled before a verb."""
    ticks, details = _given(entries)
    found: list[Missing] = []
    for regulation, rule in rulebook.first("intake", facts):
        if rule.before != before:
            continue
        found += [
            Missing(tick.id, tick.title, rule.clause, regulation.title, "ticked")
            for tick in rule.ticks
            if tick.id not in ticks
        ]
        found += [
            Missing(detail, DETAILS.get(detail, detail), rule.clause, regulation.title, "detailed")
            for detail in rule.details
            if not details.get(detail)
        ]
    for regulation, axis in rulebook.axes():
        if axis.required == _WHEN.get(before) and axis.matches(facts) and not facts.get(axis.id):
            found.append(Missing(axis.id, axis.title, axis.clause, regulation.title, "classified"))
    return found


_WHEN = {"dispatched": "dispatch", "done": "done", "closed": "closing"}


def _given(entries: Iterable[Entry]) -> tuple[set[str], Mapping[str, object]]:
    ticks: set[str] = set()
    details: dict[str, object] = {}
    for entry in entries:
        if entry.verb in ("opened", "ticked", "detailed"):
            ticks |= set(entry.data.get("ticks", ()))
            details.update({k: v for k, v in entry.data.get("details", {}).items() if v})
    return ticks, details


def is_night(rulebook: Rulebook, local: datetime) -> bool:
    """Whether a local time falls in the night hours of the first regulation that says so."""
    begins, ends = (time.fromisoformat(text) for text in rulebook.regulations[0].night)
    clock = local.time()
    return clock >= begins or clock < ends if begins > ends else begins <= clock < ends


def implied(rulebook: Rulebook, facts: Facts) -> dict[str, str | bool]:
    """Facts with those that chosen values bring along (a government source is urgent). What a value
    takes away (free of charge) is taken away; else nothing that stood there is overwritten."""
    found = dict(facts)
    for axis_id, value in facts.items():
        known = rulebook.value(axis_id, str(value)) if isinstance(value, str) else None
        for name, brought in (known.sets if known else {}).items():
            found[name] = brought is not False and (found.get(name) or brought)
    return found
