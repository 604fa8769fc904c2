"""Which regulations and which calendar hold for a project at a moment."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Min, Q

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import line_above
from shouwen.adoption.library import from_content, load
from shouwen.adoption.models import Adoption, PinnedRulebook, RegulationEdition, WorkCalendar
from shouwen.rules.commitments import Calendars
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import DueBranch, Regulation, Rulebook
from shouwen.rules.worktime import Calendar


def in_force(project: OrgUnit, at: datetime) -> list[Adoption]:
    """The adoptions that hold, the first speaking first: position, then the nearest level of the
    tree.

    Where two levels adopt the same regulation the nearer one's edition holds.
    """
    units = line_above(project)
    nearness = {unit.pk: n for n, unit in enumerate(units)}
    found = list(
        Adoption.objects.filter(Q(until=None) | Q(until__gt=at), unit__in=units, since__lte=at)
        .select_related("edition", "unit")
        .order_by("position")
    )
    found.sort(key=lambda adoption: (adoption.position, nearness[adoption.unit_id]))
    once: dict[str, Adoption] = {}
    for adoption in sorted(found, key=lambda a: nearness[a.unit_id]):
        once.setdefault(adoption.edition.regulation, adoption)
    return [adoption for adoption in found if once[adoption.edition.regulation] == adoption]


def first_ground(project: OrgUnit) -> datetime | None:
    """Since when the project has both a calendar and, if ever any, a regulation."""
    units = line_above(project)
    calendars_since = WorkCalendar.objects.filter(unit__in=units).aggregate(first=Min("since"))
    adopted_since = Adoption.objects.filter(unit__in=units).aggregate(first=Min("since"))
    moments = [row["first"] for row in (calendars_since, adopted_since) if row["first"]]
    return max(moments) if moments else None


@lru_cache(maxsize=64)
def rulebook(pinned_id: int) -> Rulebook:
    """The rules of a pinned rulebook. A pinned rulebook never changes, so it is read once."""
    pinned = PinnedRulebook.objects.get(pk=pinned_id)
    ids = [edition_id for edition_id, _ in pinned.editions]
    editions = RegulationEdition.objects.in_bulk(ids)
    regulations = [
        with_tighter_times(from_content(editions[pk].content), tightened)
        for pk, tightened in pinned.editions
    ]
    return Rulebook(regulations=(*regulations, load("defaults")))


def with_tighter_times(regulation: Regulation, tightened: dict[str, Any]) -> Regulation:
    """The regulation with the shorter times that a unit gave itself."""
    if not tightened:
        return regulation
    commitments = tuple(
        rule.model_copy(
            update={"due": tuple(DueBranch(**branch) for branch in tightened[rule.id]["due"])}
        )
        if rule.id in tightened
        else rule
        for rule in regulation.commitment
    )
    return regulation.model_copy(update={"commitment": commitments})


def calendar_row(project: OrgUnit, at: datetime) -> WorkCalendar:
    """The approved calendar of the project, else of the nearest level above that has one."""
    units = line_above(project)
    rows = WorkCalendar.objects.filter(unit__in=units, approved_at__isnull=False, since__lte=at)
    by_unit: dict[int, WorkCalendar] = {}
    for row in rows.order_by("since", "pk"):
        by_unit[row.unit_id] = row
    for unit in units:
        if unit.pk in by_unit:
            return by_unit[unit.pk]
    raise Refused("no-calendar", "这个项目还没有批准的工作日历，请系统管理员先在“制度”中批准一份。")


@lru_cache(maxsize=64)
def calendars(calendar_id: int) -> Calendars:
    """An approved calendar, ready for the rules. It never changes, so it is read once."""
    row = WorkCalendar.objects.get(pk=calendar_id)
    return Calendars(Calendar.from_json(row.content), tuple(_applies(row.round_the_clock)))


def _applies(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v if isinstance(v, bool) else tuple(v) for k, v in row.items()} for row in rows]
