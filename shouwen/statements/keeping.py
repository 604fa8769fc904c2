"""How punctually a place reports in a month: of every statement that it owes how many went out in
time, how many late, how many are still to come (S1-1.1-0b, S1-4.2-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from shouwen.accounts.models import OrgUnit
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.periods import Period
from shouwen.rules.periods import period as period_of
from shouwen.rules.statements import due_of, due_words
from shouwen.statements.models import Statement
from shouwen.statements.owing import Law, laws, moment_of


@dataclass
class Kept:
    """One statement of one unit, and how it was sent in the month."""

    unit: OrgUnit
    regulation: str
    rule: StatementRule
    in_time: list[Statement] = field(default_factory=list)
    late: list[Statement] = field(default_factory=list)
    open: list[Statement] = field(default_factory=list)
    coming: list[datetime] = field(default_factory=list)
    """When those are due that are not prepared yet."""

    @property
    def due_words(self) -> str:
        return due_words(self.rule)

    @property
    def next(self) -> datetime | None:
        """The earliest that is still owed."""
        waiting = [row.due_at for row in self.open if row.due_at]
        return min([*waiting, *self.coming], default=None)

    @property
    def owing(self) -> int:
        return len(self.open) + len(self.coming)

    @property
    def latest(self) -> Statement | None:
        """The last that was prepared."""
        return max([*self.in_time, *self.late, *self.open], key=lambda row: row.last, default=None)

    def is_overdue(self, at: datetime) -> bool:
        return any(row.due_at and row.due_at < at for row in self.open)

    def put(self, row: Statement) -> None:
        where = self.open if row.is_open else self.late if row.is_late else self.in_time
        where.append(row)


def kept(place: OrgUnit, month: Period, at: datetime) -> list[Kept]:
    """Of the place and of everything below it that reports, what is due in the month; what is due
    first comes first."""
    rows = _sent_or_due(place, month)
    found = [_kept(law, month, rows) for law in laws(at) if law.unit.path.startswith(place.path)]
    owing = [one for one in found if one.in_time or one.late or one.open or one.coming]
    return sorted(owing, key=lambda one: (one.next is None, one.next or at, one.unit.path))


def _sent_or_due(place: OrgUnit, month: Period) -> dict[tuple[int, str, str], list[Statement]]:
    """The first editions that are due in the month: a correction has no time of its own."""
    since = moment_of(datetime.combine(month.first, datetime.min.time()))
    until = moment_of(datetime.combine(month.last, datetime.min.time())) + timedelta(days=1)
    due = Statement.objects.filter(
        unit__path__startswith=place.path, edition=1, due_at__gt=since, due_at__lte=until
    ).defer("content", "texts", "law")
    found = defaultdict(list)
    for row in due.order_by("due_at"):
        found[row.unit_id, row.regulation, row.rule].append(row)
    return found


def _kept(law: Law, month: Period, rows: dict[tuple[int, str, str], list[Statement]]) -> Kept:
    one = Kept(law.unit, law.regulation, law.rule)
    prepared = rows.get((law.unit.pk, law.regulation, law.rule.id), [])
    for row in prepared:
        one.put(row)
    known = {row.period for row in prepared}
    due = _due_in(law.rule, month)
    one.coming = [
        moment for spans, moment in due if spans.key not in known and law.holds_at(moment)
    ]
    return one


def _due_in(rule: StatementRule, month: Period) -> Iterable[tuple[Period, datetime]]:
    """The periods whose statement is due in the month, the first first."""
    due = due_of(rule)
    if due is None:
        return []
    spans, found = period_of(rule.period, month.last), []
    while (local := due.after(spans)) > datetime.combine(month.first, datetime.min.time()):
        if local <= datetime.combine(month.last, datetime.min.time()) + timedelta(days=1):
            found.append((spans, moment_of(local)))
        spans = spans.before()
    return reversed(found)


def this_month(at: datetime) -> Period:
    return period_of("month", localtime(at).date())
