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
    """A rule that a unit follows from a moment to a moment, but while a nearer one holds."""

    unit: OrgUnit
    regulation: str
    rule: StatementRule
    adoption: Adoption
    nearer: tuple[Adoption, ...]

    def holds_at(self, at: datetime) -> bool:
        return _holds(self.adoption, at) and not any(_holds(one, at) for one in self.nearer)


def _holds(adoption: Adoption, at: datetime) -> bool:
    return adoption.since <= at and (adoption.until is None or at < adoption.until)


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
    around = _around(unit, adoptions)
    for place, adoption in enumerate(around):
        law = adoption.edition.regulation
        nearer = tuple(
            one
            for one in around[:place]
            if one.edition.regulation == law and one.unit_id != adoption.unit_id
        )
        for rule in _statements(adoption.edition.digest):
            if rule.level == unit.kind:
                yield Law(unit, law, rule, adoption, nearer)


def _around(unit: OrgUnit, adoptions: list[Adoption]) -> list[Adoption]:
    """Those of the unit and of those above it, the nearest first; then those below it."""
    above = [one for one in adoptions if unit.path.startswith(one.unit.path)]
    below = [one for one in adoptions if one.unit.path.startswith(unit.path)]
    return list(dict.fromkeys((*sorted(above, key=lambda one: -len(one.unit.path)), *below)))


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
    around = _around(row.unit, list(adoptions.defer("edition__content").order_by("-since")))
    held = [one for one in around if _holds(one, row.prepared_at)] or around
    return _edition(held[0].edition.digest) if held else None
