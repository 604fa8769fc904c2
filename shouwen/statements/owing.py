"""Which statements are owed: by every project, company and group, under the regulations that hold
there.

A company owes what a regulation asks of companies as soon as one of its projects follows it; a
group likewise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q
from django.utils.timezone import get_current_timezone, localtime

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.library import from_content
from shouwen.adoption.models import Adoption, RegulationEdition
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.periods import Period
from shouwen.rules.regulation import Regulation
from shouwen.rules.statements import due_of, periods_ready, ready_at
from shouwen.statements.models import Statement

#: A worker that was down for longer leaves out what is older.
BACK = timedelta(days=30)
LEVELS = (OrgUnit.Kind.PROJECT, OrgUnit.Kind.COMPANY, OrgUnit.Kind.GROUP)
Key = tuple[int, str, str, str]


@dataclass(frozen=True)
class Owed:
    """One statement that a unit owes for a period."""

    unit: OrgUnit
    regulation: str
    rule: StatementRule
    period: Period

    @property
    def key(self) -> Key:
        return self.unit.pk, self.regulation, self.rule.id, self.period.key

    @property
    def ready_at(self) -> datetime:
        return moment_of(ready_at(self.rule, self.period))

    @property
    def due_at(self) -> datetime | None:
        due = due_of(self.rule)
        return moment_of(due.after(self.period)) if due else None


def moment_of(local: datetime) -> datetime:
    return local.replace(tzinfo=get_current_timezone())


def owed(at: datetime) -> list[Owed]:
    """What can be prepared by now and has not been, the earliest first."""
    found = list(_ready(at - BACK, at))
    if not found:
        return []
    earliest = min(one.period.last for one in found)
    known = _prepared_since(earliest)
    return sorted((one for one in found if one.key not in known), key=lambda one: one.ready_at)


def _prepared_since(day: date) -> set[Key]:
    rows = Statement.objects.filter(last__gte=day)
    return set(rows.values_list("unit_id", "regulation", "rule", "period"))


def _ready(after: datetime, by: datetime) -> Iterator[Owed]:
    since, until = (localtime(moment).replace(tzinfo=None) for moment in (after, by))
    for law in laws(by, BACK):
        for spans in periods_ready(law.rule, since, until):
            one = Owed(law.unit, law.regulation, law.rule, spans)
            if law.holds_at(one.ready_at):
                yield one


# --- Laws -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Law:
    """A rule that a unit follows from a moment to a moment."""

    unit: OrgUnit
    regulation: str
    rule: StatementRule
    since: datetime
    until: datetime | None

    def holds_at(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def laws(at: datetime, back: timedelta = timedelta(0)) -> Iterator[Law]:
    """Every rule of every unit that held at some time in this stretch. Of a regulation that two
    levels adopt, the nearer one's edition."""
    adoptions = list(
        Adoption.objects.filter(Q(until=None) | Q(until__gt=at - back), since__lte=at)
        .select_related("edition", "unit")
        .defer("edition__content")
        .order_by("position", "pk")
    )
    for unit in OrgUnit.objects.filter(kind__in=LEVELS, closed_at=None).order_by("path"):
        yield from _laws_of(unit, adoptions)


def _laws_of(unit: OrgUnit, adoptions: list[Adoption]) -> Iterator[Law]:
    for adoption in _nearest(unit, adoptions):
        for rule in _statements(adoption.edition.digest):
            if rule.level == unit.kind:
                law = adoption.edition.regulation
                yield Law(unit, law, rule, adoption.since, adoption.until)


def _nearest(unit: OrgUnit, adoptions: list[Adoption]) -> list[Adoption]:
    """Of each regulation those of one unit: of the nearest above, else of the first below."""
    above = [one for one in adoptions if unit.path.startswith(one.unit.path)]
    below = [one for one in adoptions if one.unit.path.startswith(unit.path)]
    chosen: dict[str, int] = {}
    for one in (*sorted(above, key=lambda one: -len(one.unit.path)), *below):
        chosen.setdefault(one.edition.regulation, one.unit_id)
    return [
        one
        for one in dict.fromkeys((*above, *below))
        if chosen[one.edition.regulation] == one.unit_id
    ]


def _statements(digest: str) -> tuple[StatementRule, ...]:
    edition = _edition(digest)
    return edition.statement if edition else ()


@lru_cache(maxsize=64)
def _edition(digest: str) -> Regulation | None:
    """What bears this fingerprint never changes: it is read once."""
    edition = RegulationEdition.objects.filter(digest=digest).first()
    return from_content(edition.content) if edition else None


def regulation_of(row: Statement) -> Regulation | None:
    """The edition that it was owed under, where it was adopted: at its unit, above or below."""
    adoptions = Adoption.objects.filter(
        edition__regulation=row.regulation, since__lte=row.prepared_at
    ).select_related("edition", "unit")
    nearest = _nearest(row.unit, list(adoptions.defer("edition__content").order_by("-since")))
    return _edition(nearest[0].edition.digest) if nearest else None
