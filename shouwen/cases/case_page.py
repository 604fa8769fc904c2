"""What the page of a case shows, read in a number of queries that does not grow with the story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from shouwen.accounts.rights import FUNCTIONS, ROLES
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Attachment, Case, CaseLink, Commitment
from shouwen.cases.queries import visible_cases
from shouwen.cases.standing import Standing
from shouwen.cases.story import Told, file_link, story
from shouwen.cases.verbs import VERBS, Verb, offered
from shouwen.cases.verifying import verify_case
from shouwen.rules.closing import Line, this_round
from shouwen.rules.lifecycle import ACCEPTED, CLOSED, DISPATCHED, DONE, FED_BACK, REGISTERED
from shouwen.rules.next_step import OF_AN_ORDER, VERB_OF_ENTRY, next_verb, order_at_work
from shouwen.rules.visits import is_drawn, visit_rules
from shouwen.rules.vocabulary import PARTS
from shouwen.web.pieces import FileLink

#: Of a long story the beginning and the end are open, what lies between is folded.
FIRST_SHOWN, LAST_SHOWN = 2, 18
PART_STATES = {"sent": "待接单", "accepted": "已接单", "refused": "退单待裁定", "done": "已完成"}
PART_TONES = {"sent": "warn", "accepted": "info", "refused": "late", "done": "met"}
#: On a phone these stand beside the big button: one thumb, no menu.
AT_WORK = ("accept", "arrive", "contact-customer", "note", "report-done", "wait", "refuse")
AT_THE_DESK = ("contact-customer", "note", "urge", "dispatch")


#: Floors above that show a box of their own on this page, in its order.
PANELS = (
    *("majors", "groups", "supervision", "outside", "repairs", "services", "pricing", "billing"),
    *("learning", "papers", "portal", "followup"),
)


@dataclass(frozen=True)
class Panel:
    """A box that the page fetches by its address."""

    app: str
    url: str


@dataclass(frozen=True)
class Chip:
    word: str
    tone: str = "neutral"
    title: str = ""


@dataclass(frozen=True)
class PromiseView:
    """A promise as the page shows it."""

    row: Commitment
    state: str
    clause: str
    is_default: bool
    """系统默认，非制度规定"""
    holder: str
    tells: str
    """Whom it tells next and when; empty when nobody more."""
    soon: datetime | None
    reading: str

    @property
    def moved_from(self) -> datetime | None:
        """What was due before waiting or an agreed time moved it."""
        row = self.row
        return row.first_due_at if row.first_due_at and row.first_due_at != row.due_at else None


@dataclass(frozen=True)
class CheckView:
    """A line of the closing checklist, with the button that completes it."""

    line: Line
    verb: Verb | None
    query: str = ""


@dataclass(frozen=True)
class PartView:
    name: str
    lead: bool
    state: str
    tone: str
    sent_at: datetime


@dataclass(frozen=True)
class LinkView:
    words: str
    number: str
    title: str
    seen: bool
    """Whether this person may open it."""


class CasePage:
    """Everything on the page, each read once."""

    def __init__(self, case: Case, scope: Scope, at: datetime) -> None:
        self.case = case
        self.at = at
        self.standing = Standing(case, scope, at)

    # --- What to do -------------------------------------------------------------------------------

    @cached_property
    def may(self) -> list[Verb]:
        return offered(self.standing)

    @cached_property
    def next(self) -> Verb | None:
        return None if self.order_url else VERBS.get(self._next_name)

    @cached_property
    def _next_name(self) -> str:
        return next_verb(self.standing.situation, {verb.name for verb in self.may})

    @cached_property
    def order_url(self) -> str:
        """The work order, where the work of this case goes on there."""
        number = order_at_work(self.standing.state)
        if not number or self._next_name not in OF_AN_ORDER:
            return ""
        try:
            return reverse("repairs:order", args=[number])
        except NoReverseMatch:
            return ""

    @property
    def more(self) -> list[Verb]:
        return [verb for verb in self.may if verb != self.next]

    @property
    def quick(self) -> list[Verb]:
        found = {verb.name: verb for verb in self.more}
        if any(entry.verb == "arrived" for entry in this_round(self.standing.entries)):
            found.pop("arrive", None)
        names = AT_WORK if self.standing.mine else AT_THE_DESK
        return [found[name] for name in names if name in found][:3]

    # --- What it is -------------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[Chip]:
        state = self.standing.state
        chips = [Chip("紧急", "late")] if state.facts.get("urgent") else []
        chips += [Chip(*found) for found in self._axis_chips()]
        if state.round > 1:
            chips.append(Chip(f"第 {state.round} 轮", "warn"))
        marks = (("night", "夜间"), ("late_entry", "补录"), ("transferred", "转办"))
        chips += [Chip(word) for fact, word in marks if state.facts.get(fact)]
        return chips

    def _axis_chips(self) -> list[tuple[str, str, str]]:
        """What the case was classed as; what its source brings along for every case is not news."""
        facts, found = self.standing.state.facts, []
        for regulation, axis in self.standing.rulebook.axes():
            code = facts.get(axis.id)
            spoken_of = axis.id == "kind" or (axis.applies and axis.matches(facts))
            if not spoken_of or not isinstance(code, str):
                continue
            value = self.standing.rulebook.value(axis.id, code)
            if value:
                clause = value.clause or axis.clause
                about = " · ".join(filter(None, (axis.title, regulation.title, clause)))
                found.append((value.name, "neutral", about))
        return found

    @property
    def status_tone(self) -> str:
        return {DONE: "met", FED_BACK: "met", CLOSED: "met"}.get(self.case.status, "info")

    @cached_property
    def source(self) -> str:
        value = self.standing.rulebook.value("source", self.case.source)
        return value.name if value else self.case.source

    @cached_property
    def void_reason(self) -> str:
        asked = [e for e in self.standing.entries if e.verb == "void-requested"]
        return str(asked[-1].data.get("reason", "")) if asked and self.case.void_requested else ""

    # --- The story --------------------------------------------------------------------------------

    @cached_property
    def files(self) -> list[Attachment]:
        own = Q(case=self.case) | Q(contact=self.case.contact_id)
        absorbed = Q(case__merged_into=self.case)
        return list(Attachment.objects.filter(own | absorbed).order_by("pk"))

    @cached_property
    def told(self) -> list[Told]:
        return story(self.standing, self.files)

    @property
    def beginning(self) -> Sequence[Told]:
        return self.told if not self.is_long else self.told[:FIRST_SHOWN]

    @property
    def middle(self) -> Sequence[Told]:
        return self.told[FIRST_SHOWN:-LAST_SHOWN] if self.is_long else ()

    @property
    def end(self) -> Sequence[Told]:
        return self.told[-LAST_SHOWN:] if self.is_long else ()

    @property
    def is_long(self) -> bool:
        return len(self.told) > FIRST_SHOWN + LAST_SHOWN + 4

    @cached_property
    def tampering(self) -> str:
        """What is wrong with the journal; empty when nobody changed it."""
        finding = next(iter(verify_case(self.case, self.standing.rows)), None)
        return f"第 {finding.seq} 条：{finding.words}" if finding else ""

    @property
    def loose_files(self) -> list[FileLink]:
        """Files of the contact, and of no entry in particular."""
        shown = {row.pk for row in self.standing.rows}
        return [file_link(file) for file in self.files if file.entry_id not in shown]

    # --- The promises -----------------------------------------------------------------------------

    @cached_property
    def promises(self) -> list[PromiseView]:
        """Running ones by due time, then those that wait, then those that ended, the last first."""
        rows = self.standing.commitments
        live = [row for row in rows if row.outcome == "" and row.due_at]
        paused = [row for row in rows if row.outcome == "" and not row.due_at]
        ended = [row for row in rows if row.outcome and row.why != "已转出"]
        gone = [row for row in rows if row.outcome and row.why == "已转出"]
        ended.sort(key=lambda row: row.ended_at or row.started_at, reverse=True)
        return [self._promise(row) for row in (*live, *paused, *ended, *gone)]

    def _promise(self, row: Commitment) -> PromiseView:
        known = self.standing.rulebook.by_id.get(row.regulation)
        rule = self.standing.rules.get(row.rule)
        is_default = row.default or bool(rule and rule.product_default)
        names = [row.clause, known.title if known and not row.default else ""]
        holder = row.holder.name if row.holder else row.department.name if row.department else ""
        warned = [ring for ring in row.rings if ring[2] == "warn"]
        return PromiseView(
            row,
            row.outcome or "running",
            " · ".join(filter(None, names)),
            is_default,
            holder,
            self._tells(row, holder),
            datetime.fromisoformat(warned[0][0]) if warned else None,
            rule.reading if rule else "",
        )

    def _tells(self, row: Commitment, holder: str) -> str:
        if row.outcome or row.rung >= len(row.rings):
            return ""
        moment, to, kind = row.rings[row.rung]
        when = self.standing.calendar.duty.local(datetime.fromisoformat(moment))
        name = holder or "客服" if to == "holder" else whom(to)
        return f"{when:%m-%d %H:%M} {'提醒' if kind == 'warn' else '超时报'}{name}"

    @cached_property
    def visits_ahead(self) -> list[tuple[str, str, str]]:
        """Return visits that will be promised once the work is done: (title, window, clause)."""
        state = self.standing.state
        if not state.is_open or any(
            row.rule.startswith("visit:") and not row.outcome for row in self.standing.commitments
        ):
            return []
        return [
            (rule.title, _window(rule.after, rule.window[1]), rule.clause)
            for _, rule in visit_rules(self.standing.rulebook, state.facts)
            if is_drawn(rule, self.case.number, state.round)
        ]

    # --- Closing ----------------------------------------------------------------------------------

    @cached_property
    def checks(self) -> list[CheckView]:
        return [self._check(line) for line in self.standing.lines()]

    @cached_property
    def before_next(self) -> list[CheckView]:
        """What still stops the dispatch or the report of the work, whoever must put it straight."""
        before = {REGISTERED: "dispatched", DISPATCHED: "done", ACCEPTED: "done"}
        missing = self.standing.situation.missing
        return [self._check(line) for line in missing.get(before.get(self.case.status, ""), ())]

    def _check(self, line: Line) -> CheckView:
        title = self._hold_reasons.get(line.id, line.title)
        return CheckView(replace(line, title=title), self._button(line), _prefilled(line))

    def _button(self, line: Line) -> Verb | None:
        name = VERB_OF_ENTRY.get(line.verb, "")
        return next((verb for verb in self.may if verb.name == name), None)

    @cached_property
    def _hold_reasons(self) -> dict[str, str]:
        held = [e.data for e in self.standing.entries if e.verb == "held"]
        return {f"hold-{data['key']}": str(data["reason"]) for data in held}

    @property
    def checked(self) -> int:
        return sum(check.line.done for check in self.checks)

    # --- Around it --------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> list[PartView]:
        units = self.standing.units
        return [
            PartView(
                units[code].name if code in units else code,
                part.lead,
                PART_STATES[part.state],
                PART_TONES[part.state],
                part.sent_at,
            )
            for code, part in self.standing.state.parts.items()
        ]

    @cached_property
    def links(self) -> list[LinkView]:
        """Cases that belong together with this one; others' are named but not opened."""
        mine = visible_cases(self.standing.scope)
        rows = (
            CaseLink.objects.filter(Q(a=self.case) | Q(b=self.case))
            .select_related("a", "b")
            .annotate(seen_a=Exists(mine.filter(pk=OuterRef("a"))))
            .annotate(seen_b=Exists(mine.filter(pk=OuterRef("b"))))
        )
        return [_link(row, self.case) for row in rows.order_by("pk")]

    @cached_property
    def panels(self) -> list[Panel]:
        """The boxes of the floors above, each where that floor is there."""
        return [panel for app in PANELS if (panel := _panel(app, self.case))]

    @property
    def visits_url(self) -> str:
        return next((panel.url for panel in self.panels if panel.app == "followup"), "")


def _panel(app: str, case: Case) -> Panel | None:
    try:
        return Panel(app, reverse(f"{app}:panel", args=[case.number]))
    except NoReverseMatch:
        return None


def whom(name: str) -> str:
    """Who is meant by a name in a regulation, as users read it."""
    if name in ROLES:
        return ROLES[name].name
    return PARTS.get(name) or FUNCTIONS.get(name) or {"duty": "值班员"}.get(name, name)


def _window(after: str, closes: str) -> str:
    length, _, unit = closes.partition(" ")
    units = {"working days": "个工作日", "working day": "个工作日", "days": "天", "day": "天",
             "hours": "小时", "months": "个月", "month": "个月", "weeks": "周"}  # fmt: skip
    begins = {"done": "完成", "closed": "关闭", "fed-back": "反馈"}[after]
    return f"{begins}后 {length} {units.get(unit, unit)}内"


def _prefilled(line: Line) -> str:
    given = {"tag": line.tag} if line.tag else {}
    return f"?{urlencode(given)}" if given else ""


_LINK_WORDS = {
    ("merged", True): "并入",
    ("merged", False): "并入本件的",
    ("split", True): "拆出",
    ("split", False): "拆自",
}


def _link(row: Any, case: Case) -> LinkView:
    """`row` is a CaseLink with `seen_a` and `seen_b`."""
    forward = row.a_id == case.pk
    other, seen = (row.b, row.seen_b) if forward else (row.a, row.seen_a)
    words = _LINK_WORDS.get((row.kind, forward)) or row.get_kind_display()
    return LinkView(words, other.number, other.title if seen else "", seen)


def cases_of(scope: Scope, **about: int) -> QuerySet[Case]:
    """Cases of a unit or a customer, open ones first, as far as they may be seen."""
    found = visible_cases(scope).filter(**about).select_related("owner", "department")
    return found.order_by("closed_at", "-opened_at")
