"""Keeping verdicts: what the records say now is written beside every measure that judges them.

Done twice, it is done once. A verdict of a locked month stands; what would be judged now is written
beside it (`later`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Min, Q
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.one_by_one import raise_all, tried
from shouwen.figures.knowing import Subject, of_cases
from shouwen.figures.measures import Held, end_of, measures_at, midnight
from shouwen.figures.models import Exclusion, MonthLock, Verdict
from shouwen.figures.records import OF_A_MONTH
from shouwen.followup.actions.following import read_on
from shouwen.followup.actions.planning import VISITS, locked_cursor
from shouwen.rules.measures import Judged, judge
from shouwen.rules.periods import PERIOD_KINDS, Period, period

#: Who reads the journal.
FIGURES = "figures"
#: How often it reads on at a time while there is more, so that other steps have their turn.
ROUNDS = 10
#: Cases judged together.
BATCH = 200
#: What a verdict says, and may say differently when it is judged again.
FIELDS = (
    "label", "url", "on", "kind", "department_id", "staff_id", "building_id", "verdict",
    "decides_at", "score", "waited", "why", "later", "later_why",
)  # fmt: skip
#: Why a locked record would not count any more.
NO_MORE = "已不属于这个指标"
Key = tuple[str, str]


def keep(*, at: datetime) -> int:
    """Read on in the journal and judge anew every case in which something happened, once its
    visits are planned. Returns how many entries were read."""

    def take(entries: list[int]) -> list[Exception]:
        changed = JournalEntry.objects.filter(pk__in=entries).values_list("case", flat=True)
        return tried(_parts(sorted(set(changed))), lambda ids: _judge_cases(ids, at))

    read = [read_on(FIGURES, take, at=at, after=VISITS)]
    while read[-1] and len(read) < ROUNDS:
        read.append(read_on(FIGURES, take, at=at, after=VISITS))
    return sum(read)


def rejudge(*, project: OrgUnit, month: Period, at: datetime) -> int:
    """Judge anew every record of a project that can count in a month. Returns how many cases."""
    with transaction.atomic():
        locked_cursor(FIGURES)
        ids = _cases_of(project, month)
        for some in _parts(ids):
            _judge_cases(some, at)
        _look_at(project, month, at)
    return len(ids)


def first_month(project: OrgUnit) -> Period | None:
    """The month in which its first case was opened."""
    first = Case.objects.filter(project=project).aggregate(first=Min("opened_at"))["first"]
    return period("month", localdate(first)) if first else None


def _cases_of(project: OrgUnit, month: Period) -> list[int]:
    """Those in which anything happened in the month, or that were judged to count in it."""
    during = (midnight(month.first), end_of(month))
    told = JournalEntry.objects.filter(case__project=project, at__range=during).values("case")
    opened = Case.objects.filter(project=project, opened_at__range=during).values("pk")
    owed = Q(commitments__due_at__range=during) | Q(visits__due_at__range=during)
    due = Case.objects.filter(owed, project=project).values("pk")
    counted = Verdict.objects.filter(project=project, on__range=(month.first, month.last))
    which = Q(pk__in=told) | Q(pk__in=opened) | Q(pk__in=due) | Q(pk__in=counted.values("case"))
    return list(Case.objects.filter(which).order_by("pk").values_list("pk", flat=True))


def look_at_months(*, at: datetime) -> int:
    """What belongs to days and not to cases (duties, calls, forms) is judged anew in this month
    and the one before it, and in those in which the present half-year and year end. Returns how
    many projects were looked at."""
    projects = OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT, closed_at=None)
    months = _months(localdate(at))
    seen = [(project, month) for project in projects for month in months]
    raise_all(tried(seen, lambda one: _look_at(*one, at)))
    return len(projects)


def _months(today: date) -> list[Period]:
    ending = {period("month", period(kind, today).last) for kind in PERIOD_KINDS}
    return sorted(ending | {period("month", today).before()})


def _look_at(project: OrgUnit, month: Period, at: datetime) -> None:
    """Every record of these kinds in a month; what is owed no more is no more judged."""
    for kind, known in OF_A_MONTH.items():
        during = Q(project=project, on__range=(month.first, month.last))
        _keep(list(known(project, month, at)), at, during & Q(record__startswith=f"{kind}:"))


def judge_again(verdict: Verdict, at: datetime) -> None:
    """One record, by every measure."""
    if verdict.case_id:
        _judge_cases([verdict.case_id], at)
    else:
        _look_at(verdict.project, period("month", verdict.on), at)


def _judge_cases(ids: Sequence[int], at: datetime) -> None:
    subjects = list(of_cases(ids))
    _keep(subjects, at, Q(record__in=[subject.record for subject in subjects]))


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


# --- Verdicts as they should be, against those that stand -----------------------------------------


@dataclass
class _Rules:
    """Which measures hold and which months are locked, each asked for once."""

    at: datetime
    projects: dict[int, OrgUnit]
    locked: set[tuple[int, date]]
    held: dict[tuple[int, Period], list[Held]] = field(default_factory=dict)

    def of(self, subject: Subject, month: Period) -> list[Held]:
        key = (subject.project_id, month)
        if key not in self.held:
            project = self.projects[subject.project_id]
            self.held[key] = measures_at(project, min(self.at, end_of(month)))
        return self.held[key]

    def is_locked(self, project: int, day: date) -> bool:
        return (project, day.replace(day=1)) in self.locked


def _rules(subjects: Iterable[Subject], at: datetime) -> _Rules:
    projects = OrgUnit.objects.in_bulk({subject.project_id for subject in subjects})
    locks = MonthLock.objects.filter(project__in=projects)
    return _Rules(at, projects, {(lock.project_id, lock.month) for lock in locks})


def _keep(subjects: list[Subject], at: datetime, among: Q) -> None:
    """Write what changed, and nothing else. `among`: the verdicts that these subjects explain."""
    rules = _rules(subjects, at)
    wanted = dict(_wanted(subjects, rules))
    _exclude(wanted, subjects)
    standing = {(v.measure, v.record): v for v in Verdict.objects.filter(among)}
    new = [_new(key, one, rules) for key, one in wanted.items() if key not in standing]
    gone = [v for key, v in standing.items() if key not in wanted]
    changed = [v for key, v in standing.items() if key in wanted and _bring(v, wanted[key], at)]
    changed += [v for v in gone if v.locked and _set(v, _beside(v, "out", NO_MORE), at)]
    Verdict.objects.bulk_create(new, batch_size=BATCH)
    Verdict.objects.bulk_update(changed, [*FIELDS, "judged_at"], batch_size=BATCH)
    Verdict.objects.filter(pk__in=[v.pk for v in gone if not v.locked]).delete()


@dataclass
class _Wanted:
    """A record as a measure judges it now."""

    subject: Subject
    judged: Judged
    at: datetime

    @property
    def fields(self) -> dict[str, Any]:
        subject, judged = self.subject, self.judged
        return {
            "label": subject.label, "url": subject.url, "on": judged.on, "kind": subject.kind,
            "department_id": subject.department_id, "staff_id": subject.staff_id,
            "building_id": subject.building_id, "verdict": judged.outcome,
            "decides_at": judged.decides_at, "score": judged.score, "waited": subject.waited,
            "why": judged.why[:120],
        }  # fmt: skip

    @property
    def outcome(self) -> str:
        """As it counts at this moment."""
        decides_at = self.judged.decides_at
        over = self.judged.outcome == "open" and decides_at and decides_at <= self.at
        return "miss" if over else self.judged.outcome


def _wanted(subjects: Iterable[Subject], rules: _Rules) -> Iterator[tuple[Key, _Wanted]]:
    """A measure is the one in force at the end of the month in which the record counts."""
    for subject in subjects:
        known = subject.known
        days = {known.day(moment) for moment in known.moments}
        for month in {period("month", day) for day in days if day}:
            for held in rules.of(subject, month):
                judged = judge(held.measure, known)
                if judged and judged.on in month:
                    yield (held.key, subject.record), _Wanted(subject, judged, rules.at)


def _exclude(wanted: dict[Key, _Wanted], subjects: Sequence[Subject]) -> None:
    """What was excused with approval does not count, whatever is judged."""
    projects = {subject.project_id for subject in subjects}
    for one in Exclusion.objects.filter(Exclusion.HOLDS, project__in=projects):
        if found := wanted.get((one.measure, one.record)):
            judged = found.judged
            found.judged = Judged("out", judged.on, None, f"经批准不计：{one.reason}", judged.score)


def _new(key: Key, one: _Wanted, rules: _Rules) -> Verdict:
    """What comes to light after the lock does not count until it is restated."""
    subject = one.subject
    row = Verdict(
        measure=key[0], record=key[1], case_id=subject.case_id, judged_at=one.at,
        project_id=subject.project_id, company_id=subject.company_id, group_id=subject.group_id,
        **one.fields,
    )  # fmt: skip
    if rules.is_locked(subject.project_id, row.on):
        row.locked, row.verdict = True, ""
        row.later, row.later_why = one.outcome, row.why
    return row


def _bring(row: Verdict, one: _Wanted, at: datetime) -> bool:
    """Bring a verdict to what is judged now. Returns whether anything changed."""
    told = _beside(row, one.outcome, one.judged.why) if row.locked else one.fields
    return _set(row, told, at)


def _beside(row: Verdict, outcome: str, why: str) -> dict[str, Any]:
    """What stands beside a locked one: nothing where it counts so already."""
    same = outcome == (row.restated or row.verdict)
    return {"later": "" if same else outcome, "later_why": "" if same else why[:120]}


def _set(row: Verdict, told: dict[str, Any], at: datetime) -> bool:
    changed = {name: value for name, value in told.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.judged_at = at
    return bool(changed)
