"""Which regulations and which calendar hold for a project at a moment."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet
from django.utils.timezone import localtime

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import line_above
from shouwen.accounts.scope import Scope
from shouwen.adoption.library import from_content, load
from shouwen.adoption.models import Adoption, PinnedRulebook, RegulationEdition, WorkCalendar
from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.commitments import Calendars
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.worktime import Calendar


def in_force(project: OrgUnit, at: datetime) -> list[Adoption]:
    """The adoptions that hold, the first speaking first: position, then the nearest level of the
    tree.

    Where two levels adopt the same regulation the nearer one's edition holds.
    """
    line = _line(project)
    nearness = {pk: n for n, pk in enumerate(line)}
    found = list(
        Adoption.objects.filter(Q(until=None) | Q(until__gt=at), unit__in=line, since__lte=at)
        .select_related("edition", "unit")
        .defer("edition__content")
        .order_by("position")
    )
    found.sort(key=lambda adoption: (adoption.position, nearness[adoption.unit_id]))
    once: dict[str, Adoption] = {}
    for adoption in sorted(found, key=lambda a: nearness[a.unit_id]):
        once.setdefault(adoption.edition.regulation, adoption)
    return [adoption for adoption in found if once[adoption.edition.regulation] == adoption]


def next_position(unit: OrgUnit, at: datetime) -> int:
    """Where a further regulation stands so that it takes no other's place: after all of them."""
    held = Adoption.objects.filter(still_to_hold(at), unit__in=line_above(unit))
    last = held.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _line(unit: OrgUnit) -> list[int]:
    """The ids of the unit and of everything above it, nearest first."""
    return [int(part) for part in reversed(unit.path.strip("/").split("/"))]


def first_ground(project: OrgUnit) -> datetime | None:
    """Since when the project has both a calendar and, if ever any, a regulation."""
    line = _line(project)
    calendars_since = WorkCalendar.objects.filter(unit__in=line).aggregate(first=Min("since"))
    adopted_since = Adoption.objects.filter(unit__in=line).aggregate(first=Min("since"))
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
    line = _line(project)
    rows = WorkCalendar.objects.filter(unit__in=line, approved_at__isnull=False, since__lte=at)
    by_unit: dict[int, WorkCalendar] = {}
    for row in rows.order_by("since", "pk").defer("content"):
        by_unit[row.unit_id] = row
    for pk in line:
        if pk in by_unit:
            return by_unit[pk]
    raise Refused("no-calendar", "这个项目还没有批准的工作日历，请系统管理员先在“制度”中批准一份。")


@lru_cache(maxsize=64)
def calendars(calendar_id: int) -> Calendars:
    """An approved calendar, ready for the rules. It never changes, so it is read once."""
    row = WorkCalendar.objects.get(pk=calendar_id)
    return Calendars(Calendar.from_json(row.content), tuple(_applies(row.round_the_clock)))


def _applies(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v if isinstance(v, bool) else tuple(v) for k, v in row.items()} for row in rows]


# What somebody may see

VIEW = "regulation.view"
#: From this month on the holidays of the next year are missed; they are published around then.
NEXT_YEAR_FROM = 11


def visible_units(scope: Scope) -> QuerySet[OrgUnit]:
    """Units that the posts reach, and those above, from which they inherit."""
    reached = [reach.unit for reach in scope.reaches if VIEW in reach.rights]
    above = {int(part) for unit in reached for part in unit.path.strip("/").split("/")}
    return OrgUnit.objects.filter(scope.below(VIEW) | Q(pk__in=above), closed_at=None).order_by(
        "path"
    )


def visible_adoptions(scope: Scope, at: datetime) -> QuerySet[Adoption]:
    """What these units adopted that holds or is still to come, the highest unit first."""
    return (
        Adoption.objects.filter(still_to_hold(at), unit__in=visible_units(scope))
        .select_related("unit", "edition", "decided_by")
        .order_by("unit__path", "position", "since")
    )


def still_to_hold(at: datetime) -> Q:
    """The condition for adoptions that hold at a moment or will later."""
    return Q(until=None) | (Q(until__gt=at) & Q(until__gt=F("since")))


def visible_calendars(scope: Scope) -> QuerySet[WorkCalendar]:
    """The calendars of these units, the latest first; proposals before what is approved."""
    return (
        WorkCalendar.objects.filter(unit__in=visible_units(scope))
        .select_related("unit", "approved_by")
        .order_by("unit__path", F("since").desc(nulls_first=True), "-pk")
    )


def current_calendar(place: OrgUnit | None, at: datetime) -> WorkCalendar | None:
    """The calendar that holds at a place, if any."""
    try:
        return calendar_row(place, at) if place else None
    except Refused:
        return None


def calendars_in_use(at: datetime) -> list[WorkCalendar]:
    """Of every unit that has its own, the calendar that holds."""
    rows = WorkCalendar.objects.filter(approved_at__isnull=False, since__lte=at)
    latest: dict[int, WorkCalendar] = {}
    for row in rows.filter(unit__closed_at=None).order_by("since", "pk"):
        latest[row.unit_id] = row
    return list(latest.values())


def calendar_warning(at: datetime, place: OrgUnit | None = None) -> str:
    """What to say loudly while holidays are missing that promises already reach; else nothing.

    Of one place, or of the whole installation. From 1 November next year's are wanted.
    """
    here = current_calendar(place, at)
    rows = ([here] if here else []) if place else calendars_in_use(at)
    wanted = _known_until(at)
    return "".join(_missing(row, wanted) for row in rows if _complete(row) < wanted)


def _known_until(at: datetime) -> date:
    today = localtime(at).date()
    return date(today.year + (today.month >= NEXT_YEAR_FROM), 12, 31)


def _complete(row: WorkCalendar) -> date:
    """Up to when its holidays are known; one without a date knows all that it wants to."""
    known = row.content.get("complete_until")
    return date.fromisoformat(known) if known else date.max


def _missing(row: WorkCalendar, wanted: date) -> str:
    return (
        f"“{row.name}”的放假与调休只录到 {_complete(row)}，{wanted.year} 年的还没有录入："
        "到那时的期限暂按周末推算。请按正式通知录入并批准。"
    )
