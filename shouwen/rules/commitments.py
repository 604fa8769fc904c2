"""Facts in, promises out: what a journal commits us to under the regulations in force.

`promises` is the one place where a due time is decided. It never asks the time: a promise says
when it
started, when it is due and how it ended; whether it is late at some moment is a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shouwen.rules.case_kinds import Commitment, Late
from shouwen.rules.due import Due, after, before, due, window
from shouwen.rules.due_words import stamp
from shouwen.rules.grades import grades_anew
from shouwen.rules.journal import ANSWERED, TAKEN_BACK, VERBS, Entry
from shouwen.rules.lifecycle import CLOSED, MERGED, VOID, State, advance
from shouwen.rules.referrals import OPENED, WITHDRAWN, path_commitments
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.rule import Applies, Facts
from shouwen.rules.visits import as_commitment, is_drawn, visit_rules
from shouwen.rules.worktime import Calendar

#: Without approval a wait stops the clocks for so long and no longer (a regulation may say
#: otherwise).
UNAPPROVED_WAIT_HOURS = "24"

Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Calendars:
    """The working calendar of a project, and the facts of cases that it serves day and night."""

    duty: Calendar
    round_the_clock: tuple[Applies, ...] = ()

    def for_case(self, facts: Facts) -> Calendar:
        """The duty calendar, or one without closing hours where such cases are served day and
        night."""
        if any(_all_hold(applies, facts) for applies in self.round_the_clock):
            return Calendar.always(self.duty.tz)
        return self.duty


def _all_hold(applies: Applies, facts: Facts) -> bool:
    return all(
        bool(facts.get(axis)) is accepted
        if isinstance(accepted, bool)
        else facts.get(axis) in accepted
        for axis, accepted in applies.items()
    )


@dataclass(frozen=True)
class Ring:
    """When somebody is told, and who: "warn" before the due time, "late" after it."""

    at: datetime
    to: str
    kind: str


@dataclass(frozen=True)
class Promise:
    """One commitment of a case. `due.at` is None while waiting stops it."""

    key: str
    regulation: Regulation
    rule: Commitment
    round: int
    department: str
    started_at: datetime
    not_before: datetime | None
    due: Due
    first_due: datetime | None
    """The due time before waiting or an agreed time moved it."""
    agreed: datetime | None
    ended_at: datetime | None
    outcome: str
    """"" while it runs, "met", "late", "waived"."""
    why: str

    @property
    def due_at(self) -> datetime | None:
        return self.due.at

    @property
    def rule_id(self) -> str:
        return self.rule.id

    def late_by(self, at: datetime) -> timedelta | None:
        """How late it is at a moment, or was when it ended; None when on time. Exactly on time is
        met."""
        if self.outcome == "waived" or self.due.at is None:
            return None
        over = (self.ended_at or at) - self.due.at
        return over if over > timedelta(0) else None

    def rings(self) -> list[Ring]:
        """Whom to tell when, in order, while it runs. At the due time the holder is always told."""
        if self.due.at is None:
            return []
        late = [Ring(self.due.at, "holder", "late")]
        late += [
            Ring(after(self.due.at, step.after), step.to, "late") for step in _steps(self.rule)
        ]
        rings = dict.fromkeys(sorted(late, key=lambda ring: ring.at))
        if self.rule.warn:
            warned = max(before(self.due.at, self.rule.warn), self.started_at)
            return [Ring(warned, "holder", "warn"), *rings]
        return list(rings)


def _steps(rule: Commitment) -> Sequence[Late]:
    """The reporting line of a rule; without one the project manager hears of it after an hour."""
    return rule.late or (Late(after="1 hour", to="project_manager"),)


@dataclass
class _Running:
    """A promise while the journal is being read."""

    key: str
    regulation: Regulation
    rule: Commitment
    round: int
    subject: str
    """The department, referral or matter that has this time of its own; empty: the whole case."""
    start: Entry
    agreed: datetime | None = None
    agreed_at: datetime | None = None
    ended_at: datetime | None = None
    waived: str = ""

    @property
    def department(self) -> str:
        return self.subject if self.rule.per == "department" else ""


def promises(
    rulebook: Rulebook, entries: Sequence[Entry], calendars: Calendars, seed: str = ""
) -> list[Promise]:
    """Every promise that the journal made, ended or running, in the order in which they began.

    `seed` is the number of the case: the draw of return visits depends on nothing else.
    """
    reading = _Reading(rulebook, seed)
    for entry in entries:
        reading.take(entry)
    pauses = waits(entries, unapproved_limit(rulebook))
    calendar = calendars.for_case(reading.state.facts)
    return [_promise(running, calendar, pauses) for running in reading.found.values()]


@dataclass
class _Reading:
    """Reads a journal once and notes which promises began, moved and ended."""

    rulebook: Rulebook
    seed: str
    state: State = field(default_factory=State)
    read: list[Entry] = field(default_factory=list)
    found: dict[str, _Running] = field(default_factory=dict)
    referred: bool = False
    """Whether it was ever brought before somebody outside: most never are."""
    speaking: list[tuple[Regulation, Commitment]] = field(default_factory=list)
    spoken_of: tuple[Facts, bool] | None = None

    def take(self, entry: Entry) -> None:
        self.referred |= entry.verb == OPENED
        facts_before = self.state.facts
        round_before = self.state.round
        advance(self.state, entry)
        self.read.append(entry)
        if self.state.round != round_before:
            self._end_round(entry)
        self._end(entry)
        self._waive(entry, self._live())
        self._move(entry)
        if self.state.facts != facts_before and entry.verb not in ("opened", "reopened"):
            self._reclass(entry)
        self._begin(entry, self._rules())
        if self.state.status in (CLOSED, VOID, MERGED):
            self._stop(entry)

    def _rules(self) -> list[tuple[Regulation, Commitment]]:
        """The commitments, and the return visits as commitments, that speak about the case as it
        is now. Looked for again only when that has changed."""
        facts = self.state.facts
        if self.spoken_of != (facts, self.referred):
            made = [
                (regulation, as_commitment(rule))
                for regulation, rule in visit_rules(self.rulebook, facts)
            ]
            outside = path_commitments(self.rulebook, facts) if self.referred else ()
            self.speaking = [*self.rulebook.all("commitment", facts), *outside, *made]
            self.spoken_of = (dict(facts), self.referred)
        return self.speaking

    def _begin(self, entry: Entry, rules: Iterable[tuple[Regulation, Commitment]]) -> None:
        for regulation, rule in rules:
            if _starts(rule, entry) and self._wanted(rule, entry):
                for subject in _subjects(rule, entry):
                    self._add(regulation, rule, subject, self._counted_from(rule, entry))

    def _counted_from(self, rule: Commitment, entry: Entry) -> Entry:
        """A visit drawn later, by hand, counts from the work like those drawn at once."""
        if entry.verb != "visit-planned":
            return entry
        return next((e for e in reversed(self.read) if e.verb == rule.starts), entry)

    def _wanted(self, rule: Commitment, entry: Entry) -> bool:
        """A return visit only where the case is drawn, or was chosen by hand."""
        if not rule.id.startswith("visit:"):
            return True
        rule_id = rule.id.removeprefix("visit:")
        if entry.verb == "visit-planned":
            return bool(entry.data["rule"] == rule_id)
        return any(
            visit.id == rule_id and is_drawn(visit, self.seed, self.state.round)
            for _, visit in visit_rules(self.rulebook, self.state.facts)
        )

    def _add(self, regulation: Regulation, rule: Commitment, subject: str, entry: Entry) -> None:
        base = "/".join(filter(None, (rule.id, str(self.state.round), subject)))
        key, again = base, 2
        while key in self.found:
            if self._is_running(self.found[key]):
                return
            if self.found[key].waived == "" and _once_a_round(rule):
                return
            key, again = f"{base}#{again}", again + 1
        self.found[key] = _Running(key, regulation, rule, self.state.round, subject, entry)

    @staticmethod
    def _is_running(running: _Running) -> bool:
        return running.ended_at is None

    def _live(self) -> list[_Running]:
        return [running for running in self.found.values() if self._is_running(running)]

    def _end(self, entry: Entry) -> None:
        for running in self._live():
            if _meets(running, entry):
                running.ended_at = max(entry.at, running.start.at)

    @staticmethod
    def _waive(entry: Entry, live: Iterable[_Running]) -> None:
        """What an entry takes back of those that run, other clocks run on."""
        for running in live:
            if why := _taken_back(running, entry):
                running.ended_at, running.waived = entry.at, why

    def _move(self, entry: Entry) -> None:
        """An agreed time moves the promises named, and no other."""
        if entry.verb != "promise-agreed":
            return
        until = datetime.fromisoformat(entry.data["until"])
        for running in self._live():
            if running.rule.moves and running.key in entry.data.get("keys", ()):
                running.agreed, running.agreed_at = until, entry.at

    def _reclass(self, entry: Entry) -> None:
        """After a change of class: rules that no longer speak are waived, new ones count from
        where the
        thing that starts them happened, with what has happened since."""
        now = {rule.id for _, rule in self._rules()}
        for running in self._live():
            if running.rule.id not in now:
                running.ended_at, running.waived = entry.at, "分类已改"
        known = {running.rule.id for running in self.found.values() if running.waived == ""}
        fresh = [pair for pair in self._rules() if pair[1].id not in known]
        if not fresh:
            return
        for earlier in self._this_round():
            for running in self._live():
                if running.rule.id not in known and _meets(running, earlier):
                    running.ended_at = max(earlier.at, running.start.at)
            self._waive(earlier, [r for r in self._live() if r.rule.id not in known])
            self._begin(earlier, fresh)

    def _this_round(self) -> list[Entry]:
        """Entries since the case was opened or last reopened, but the last, which is being
        taken."""
        start = max(i for i, entry in enumerate(self.read) if entry.verb in ("opened", "reopened"))
        return self.read[start:-1]

    def _end_round(self, entry: Entry) -> None:
        for running in self._live():
            if running.rule.rounds and running.round < self.state.round:
                running.ended_at, running.waived = entry.at, "重新打开，另行计时"

    def _stop(self, entry: Entry) -> None:
        """A case that has ended owes nothing more, but the visit that follows its closing."""
        why = {CLOSED: "已关闭", VOID: "已作废", MERGED: "已并入"}[self.state.status]
        for running in self._live():
            if self.state.status == CLOSED and running.rule.starts in (
                "done",
                "fed-back",
                "closed",
            ):
                continue
            running.ended_at, running.waived = entry.at, why


def _once_a_round(rule: Commitment) -> bool:
    """What was kept is not owed again in the same round."""
    return (rule.per == "case" and rule.starts == "opened") or rule.id.startswith("visit:")


def _starts(rule: Commitment, entry: Entry) -> bool:
    if entry.verb == "visit-planned":
        return rule.id == f"visit:{entry.data['rule']}"
    if entry.verb == "reopened":
        return rule.starts == "reopened" or (rule.starts == "opened" and rule.rounds)
    if entry.verb == "transferred" and rule.starts == "dispatched":
        return rule.per == "department"
    if entry.verb == "ruled" and rule.starts == "dispatched" and rule.per == "department":
        return bool(entry.data.get("to"))
    return (
        entry.verb == rule.starts
        and (not rule.path or entry.data.get("path") == rule.path)
        and (not rule.starts_kind or entry.data.get("kind") in rule.starts_kind)
    )


def _subjects(rule: Commitment, entry: Entry) -> Sequence[str]:
    """The departments, the referral or the matter that a start concerns, where each gets its own
    full time."""
    data = entry.data
    if rule.per == "case":
        return ("",)
    if rule.per in ("referral", "matter"):
        return (data[rule.per],)
    return data.get("departments") or [
        data.get("to") or data.get("department") or data.get("lead") or ""
    ]


def _taken_back(running: _Running, entry: Entry) -> str:
    """Why it is owed no more: the department that the work was taken from, what is not asked of
    another level or of somebody outside any more, the lowering of a grade that another has
    replaced, the visit after work that did not stand (it is promised anew when that is done
    again)."""
    if running.department and running.department == _left(entry):
        return "已转出"
    per_referral = running.rule.per == "referral" and entry.verb == WITHDRAWN
    if per_referral and running.subject == entry.data["referral"]:
        return "已撤回"
    if entry.verb == TAKEN_BACK and running.start.data.get("matter") == entry.data["matter"]:
        return "已撤回"
    if running.rule.starts == "downgrade-asked" and grades_anew(entry):
        return "已另行定级"
    sent_back = entry.verb == "verified" and entry.data.get("result") == "not-ok"
    return "验证未通过" if sent_back and running.rule.id.startswith("visit:") else ""


def _left(entry: Entry) -> str:
    """The department that an entry takes the work from."""
    if entry.verb == "transferred":
        return str(entry.data["from"])
    if entry.verb == "ruled" and entry.data["refusal_stands"]:
        return str(entry.data["department"])
    return ""


def _meets(running: _Running, entry: Entry) -> bool:
    rule, data = running.rule, entry.data
    if entry.verb not in rule.met_by:
        return False
    if entry.verb == "noted" and rule.met_tag and data.get("tag") != rule.met_tag:
        return False
    if running.subject and data.get(rule.per) not in (running.subject, None):
        return False
    if rule.starts_kind and entry.verb == ANSWERED and data["kind"] not in rule.starts_kind:
        return False
    if entry.verb == "visited":
        return _visit_counts(running, entry)
    return True


def _visit_counts(running: _Running, entry: Entry) -> bool:
    """Only a visit by this rule, after the work, and not before its window opens (S2-A18-2c,
    S4-3.7-1)."""
    of_a_visit_rule = running.rule.id.startswith("visit:")
    if of_a_visit_rule and running.rule.id != f"visit:{entry.data.get('rule', '')}":
        return False
    return entry.data.get("phase", "after") == "after" and not entry.data.get("too_early", False)


def _promise(running: _Running, calendar: Calendar, pauses: Sequence[Pause]) -> Promise:
    rule, start = running.rule, running.start.at
    mine = _while_running(running, pauses) if rule.pauses else ()
    counted = _due(rule, running.start, calendar, mine)
    plain = _due(rule, running.start, calendar, ()) if mine else counted
    shown = _agreed(counted, running, calendar) if running.agreed else counted
    opens = window((rule.planned_from,) * 2, start, calendar)[0] if rule.planned_from else None
    return Promise(
        running.key,
        running.regulation,
        rule,
        running.round,
        running.department,
        start,
        opens,
        shown,
        plain.at,
        running.agreed,
        running.ended_at,
        _outcome(running, shown),
        running.waived,
    )


def _due(rule: Commitment, start: Entry, calendar: Calendar, pauses: Sequence[Pause]) -> Due:
    given = next((branch.given for branch in rule.due if branch.given), "")
    if not given:
        return due(rule.due, start.at, calendar, pauses, event=VERBS[start.verb])
    moment = start.data.get(given)
    if not moment:
        return Due(None, "没有给出时间", False)
    at = datetime.fromisoformat(str(moment))
    return Due(
        at, f"{VERBS[start.verb]} {stamp(start.at, calendar)} 时给出 → {stamp(at, calendar)}", False
    )


def _agreed(counted: Due, running: _Running, calendar: Calendar) -> Due:
    """A time agreed with the customer stands as agreed: no waiting and no calendar moves it
    again."""
    if running.agreed is None or running.agreed_at is None:
        return counted
    said = f"{stamp(running.agreed_at, calendar)} 客户同意改到 {stamp(running.agreed, calendar)}"
    return Due(running.agreed, f"{counted.words}；{said}，其余承诺不动", False)


def _outcome(running: _Running, counted: Due) -> str:
    if running.ended_at is None:
        return ""
    if counted.at is not None and running.ended_at > counted.at:
        return "late"
    return "waived" if running.waived else "met"


def waits(entries: Iterable[Entry], unapproved_limit: timedelta) -> list[Pause]:
    """When the case waited. What was not approved counts only up to the limit."""
    found: list[Pause] = []
    begun: datetime | None = None
    approved = False
    for entry in entries:
        if entry.verb == "waiting":
            begun, approved = entry.at, bool(entry.data.get("approved", False))
        elif entry.verb == "wait-approved":
            approved = True
        elif begun is not None and entry.verb in _ENDS_WAITING:
            found.append((begun, _shorter(begun, entry.at, approved, unapproved_limit)))
            begun = None
    if begun is not None:
        found.append((begun, None if approved else begun + unapproved_limit))
    return found


_ENDS_WAITING = frozenset({"resumed", "voided", "merged"})


def _shorter(begun: datetime, ended: datetime, approved: bool, limit: timedelta) -> datetime:
    return ended if approved else min(ended, begun + limit)


def _while_running(running: _Running, pauses: Sequence[Pause]) -> list[Pause]:
    """Those parts of the waits in which the promise ran."""
    start, end = running.start.at, running.ended_at
    return [
        (max(begun, start), ended)
        for begun, ended in pauses
        if (ended is None or ended > start) and (end is None or begun < end)
    ]


def unapproved_limit(rulebook: Rulebook) -> timedelta:
    hours = rulebook.term("unapproved_wait_hours", UNAPPROVED_WAIT_HOURS)
    return timedelta(hours=float(hours))


def earliest(found: Iterable[Promise]) -> datetime | None:
    """The displayed minimum: the earliest due time among those that run."""
    return min((p.due.at for p in found if p.outcome == "" and p.due.at), default=None)


def preview(
    rulebook: Rulebook,
    facts: Mapping[str, str | bool],
    at: datetime,
    calendars: Calendars,
    given: Mapping[str, str] | None = None,
) -> list[Promise]:
    """The promises that registering at this moment would make, and those that dispatching at once
    would."""
    opened = Entry(1, "opened", at, data={"owner": "", "facts": dict(facts), **(given or {})})
    return promises(rulebook, [opened], calendars)
