"""Judging one record by one measure: kept, failed, undecided, not counted.

Nothing here asks what time it is. An undecided record says from when on it has failed if nobody
settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from math import inf

from shouwen.rules.figure_kinds import Measure, Moment, RecordKind
from shouwen.rules.figures import Outcome
from shouwen.rules.periods import period
from shouwen.rules.rule import Facts, all_hold

#: Why a promise was taken back so that it was never owed, however late it was by then.
NEVER_OWED = frozenset({"分类已改"})
#: What is said of an undecided record once its time has passed.
SINCE: dict[str, str] = {
    "期间未结束": "期间结束时仍未关闭",
    "回访窗口未结束": "窗口已过，未回访",
    "等待评价": "未评价",
    "期限未到": "到期未完成",
    "尚未落实": "到期未落实",
}
#: What a customer may say of the result.
ANSWERS = frozenset({"satisfied", "partly", "unsatisfied"})
FINISHED = frozenset({"done", "fed-back", "closed"})


@dataclass(frozen=True)
class Promised:
    """One commitment of a case, as it stands."""

    rule: str
    outcome: str
    """"" while it runs, "met", "late", "waived"."""
    due_at: datetime | None
    """None while waiting stops it."""
    ended_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Visited:
    """One return visit, as it stands."""

    rule: str
    round: int
    state: str
    """not-drawn, planned, done, cancelled"""
    due_at: datetime
    visited_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.visited_at is not None and self.visited_at > self.due_at


@dataclass(frozen=True)
class Known:
    """What a measure may know of one record. A visit or a promise knows its case, too."""

    record: RecordKind
    zone: tzinfo
    moments: Mapping[Moment, datetime] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    status: str = ""
    """Of the case."""
    left_out: str = ""
    """Why it counts in no measure: void, merged."""
    rule: str = ""
    """Of a visit or promise: which. Of a filled form: the id of the form."""
    promises: Sequence[Promised] = ()
    visits: Sequence[Visited] = ()
    detours: int = 0
    """How often it was refused or passed on."""
    rating: str = ""
    """What the customer said last: satisfied, partly, unsatisfied."""
    scores: Mapping[str, float] = field(default_factory=dict)
    rings: int | None = None
    """Of a call: after how many rings it was answered; None: never."""
    settled: bool = False
    """Of what was raised in a visit: answered, or its case is done. Of a duty, a home: done."""
    until: datetime | None = None
    """While it is not settled: from when on it has failed."""

    def day(self, moment: Moment) -> date | None:
        at = self.moments.get(moment)
        return at.astimezone(self.zone).date() if at else None


@dataclass(frozen=True)
class Judged:
    """What a measure found."""

    outcome: Outcome
    on: date
    decides_at: datetime | None = None
    why: str = ""
    score: float | None = None


@dataclass(frozen=True)
class _Part:
    """What one key of a count found."""

    outcome: Outcome
    why: str = ""
    decides_at: datetime | None = None
    score: float | None = None


_HIT = _Part("hit")


def judge(measure: Measure, known: Known) -> Judged | None:
    """How the record counts; None where the measure does not speak about it."""
    on = known.day(measure.of.moment)
    if on is None or not speaks_about(measure, known):
        return None
    if known.left_out:
        return Judged("out", on, why=known.left_out)
    end = _end(measure, on, known.zone)
    parts = [part(measure, known, end) for key, part in _PARTS if _asked(measure, key)]
    found = [part for part in parts if part]
    if len(found) < len(parts):
        return None
    whole = _worst(found)
    return Judged(whole.outcome, on, whole.decides_at, whole.why, whole.score)


def speaks_about(measure: Measure, known: Known) -> bool:
    """Whether the record is one of those in the denominator, whatever became of it."""
    of = measure.of
    return (
        known.record == of.record
        and measure.matches(known.facts)
        and all_hold(of.axes, known.facts)
        and (not of.rules or known.rule in of.rules)
        and (not of.form or known.rule in of.form)
        and (not of.rated or bool(known.rating))
    )


def _asked(measure: Measure, key: str) -> bool:
    """A promise is judged by itself, without being named."""
    of_itself = key == "commitment" and measure.of.record == "promise"
    return of_itself or bool(getattr(measure.count, key))


def _end(measure: Measure, on: date, zone: tzinfo) -> datetime:
    """The moment at which the period that the record counts in is over."""
    last = period(measure.period, on).last
    return datetime.combine(last + timedelta(days=1), time(), zone)


def _worst(parts: Iterable[_Part]) -> _Part:
    """Every key must hold: one that failed decides, then one that is undecided."""
    rank = {"miss": 0, "open": 1, "out": 2, "hit": 3}

    def place(part: _Part) -> tuple[int, float]:
        return rank[part.outcome], part.decides_at.timestamp() if part.decides_at else inf

    return min(parts, key=place, default=_HIT)


# --- What a count may ask -------------------------------------------------------------------------


def _kept(measure: Measure, known: Known, end: datetime) -> _Part | None:
    """The promises of these rules. Late stays late, whatever followed; what waits or was broken off
    is never kept."""
    names = measure.count.commitment
    mine = [promise(one) for one in known.promises if not names or one.rule in names]
    if not mine:
        return None
    owed = [part for part in mine if part.outcome != "out"]
    return _worst(owed) if owed else mine[-1]


def promise(one: Promised) -> _Part:
    """How one promise counts."""
    if one.outcome == "met":
        return _HIT
    if one.outcome == "late":
        return _Part("miss", "超时完成")
    if one.outcome == "waived":
        was_late = one.due_at and one.ended_at and one.ended_at > one.due_at
        if was_late and one.why not in NEVER_OWED:
            return _Part("miss", f"结束前已超时（{one.why}）")
        return _Part("out", one.why)
    if one.due_at is None:
        return _Part("open", "暂停中")
    return _Part("open", "期限未到", one.due_at)


def _stands(measure: Measure, known: Known, end: datetime) -> _Part:
    """The case stands so; while the period lasts it still may."""
    if known.status in measure.count.state:
        return _HIT
    return _Part("open", "期间未结束", end)


def _was_visited(measure: Measure, known: Known, end: datetime) -> _Part:
    """A visit was made about the last work that any was asked for."""
    asked = [visit for visit in known.visits if visit.state != "cancelled"]
    last = [visit for visit in asked if visit.round == max(v.round for v in asked)]
    made = [visit for visit in last if visit.state == "done"]
    if made:
        late = all(visit.is_late for visit in made)
        return _Part("hit", "逾期回访" if late else "")
    planned = [visit.due_at for visit in last if visit.state == "planned"]
    if planned:
        return _Part("open", "回访窗口未结束", max(planned))
    if last:
        return _Part("miss", "未抽中回访")
    if known.record != "visit" and known.status not in FINISHED:
        return _Part("open", "尚未完成，未到回访")
    return _Part("miss", "没有回访") if not known.visits else _Part("out", "回访已取消")


def _said(measure: Measure, known: Known, end: datetime) -> _Part:
    """What the customer said last; while he may still be asked it is undecided."""
    if known.rating:
        happy = known.rating in measure.count.result
        return _HIT if happy else _Part("miss", "客户不满意或部分解决")
    if known.record == "case" and known.status not in FINISHED:
        return _Part("open", "尚未完成，未评价")
    planned = [visit.due_at for visit in known.visits if visit.state == "planned"]
    return _Part("open", "等待评价", max(planned)) if planned else _Part("miss", "未评价")


def _answered(measure: Measure, known: Known, end: datetime) -> _Part:
    if known.rings is None:
        return _Part("miss", "未接")
    return _HIT if known.rings <= measure.count.rings else _Part("miss", f"{known.rings} 声")


def _scored(measure: Measure, known: Known, end: datetime) -> _Part | None:
    """Of a mean, or of a share of those that scored at least so much; unscored are not judged."""
    score = known.scores.get(measure.count.scored)
    if score is None:
        return None
    return _Part("hit" if score >= measure.count.least else "miss", f"{score:g} 分", score=score)


def _settled(measure: Measure, known: Known, end: datetime) -> _Part:
    return _HIT if known.settled else _Part("open", "尚未落实", known.until or end)


def _straight(measure: Measure, known: Known, end: datetime) -> _Part:
    return _Part("miss", f"退单、转派 {known.detours} 次") if known.detours else _HIT


def _at_once(measure: Measure, known: Known, end: datetime) -> _Part:
    again = bool(known.facts.get("round2"))
    return _Part("miss", "重新打开过") if again else _HIT


_Find = Callable[[Measure, Known, datetime], _Part | None]
#: The keys of `Count`, and what finds out whether each holds.
_PARTS: tuple[tuple[str, _Find], ...] = (
    ("commitment", _kept),
    ("state", _stands),
    ("visited", _was_visited),
    ("result", _said),
    ("rings", _answered),
    ("handled", _settled),
    ("straight", _straight),
    ("once", _at_once),
    ("scored", _scored),
    ("done", _settled),
)
