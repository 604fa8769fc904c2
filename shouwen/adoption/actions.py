"""Adopting regulations and approving calendars."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.examples import sample_calendar
from shouwen.adoption.library import content, from_content, load, sha256
from shouwen.adoption.models import Adoption, PinnedRulebook, RegulationEdition, WorkCalendar
from shouwen.adoption.queries import (
    calendar_row,
    calendars,
    first_ground,
    in_force,
    rulebook,
    with_tighter_times,
)
from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.commitments import Calendars
from shouwen.rules.due import due
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.worktime import Calendar


def store_edition(regulation: Regulation, at: datetime) -> RegulationEdition:
    """The regulation as it is now, kept for ever under the hash of its content."""
    edition, _ = RegulationEdition.objects.get_or_create(
        digest=sha256(regulation),
        defaults={
            "regulation": regulation.id,
            "edition": regulation.edition,
            "title": regulation.title,
            "content": content(regulation),
            "stored_at": at,
        },
    )
    return edition


@transaction.atomic
def adopt(
    *,
    unit: OrgUnit,
    regulation: str,
    position: int = 0,
    since: datetime,
    by: Staff | None = None,
    tightened: dict[str, Any] | None = None,
) -> Adoption:
    """From `since` on, new cases of the unit and everything below it follow this regulation.

    What stood at this position ends then. Cases opened before keep what they were opened under.
    Shorter times that a level above gave itself go on holding.
    """
    chosen = load(regulation)
    above = _adopted(unit.parent, regulation, since) if unit.parent else None
    inherited = above.tightened if above else {}
    _require_tighter(with_tighter_times(chosen, inherited), tightened or {})
    return _place(
        unit, store_edition(chosen, since), position, since, by, {**inherited, **(tightened or {})}
    )


@transaction.atomic
def tighten(
    *,
    unit: OrgUnit,
    regulation: str,
    rule: str,
    due: list[dict[str, Any]],
    since: datetime,
    by: Staff | None = None,
) -> Adoption:
    """From `since` on the unit gives itself a shorter time for one rule of an edition that it
    follows; an empty `due` goes back to what it inherits."""
    held = _adopted(unit, regulation, since)
    if held is None:
        raise Refused("not-adopted", "这个单位没有采用这部制度，先采用再加严。")
    above = _adopted(unit.parent, regulation, since) if unit.parent else None
    edition = from_content(held.edition.content)
    inherited = above.tightened if above else {}
    own = {rule: {"due": due}} if due else {}
    _require_tighter(with_tighter_times(edition, inherited), own)
    kept = {name: change for name, change in held.tightened.items() if name != rule}
    back = {rule: inherited[rule]} if rule in inherited else {}
    return _place(unit, held.edition, held.position, since, by, {**kept, **back, **own})


def _adopted(unit: OrgUnit, regulation: str, at: datetime) -> Adoption | None:
    """The adoption through which a unit follows a regulation, its own or one from above."""
    return next((a for a in in_force(unit, at) if a.edition.regulation == regulation), None)


def _place(
    unit: OrgUnit,
    edition: RegulationEdition,
    position: int,
    since: datetime,
    by: Staff | None,
    tightened: dict[str, Any],
) -> Adoption:
    """Ends what holds, or would hold, at this position from then on."""
    there = Adoption.objects.filter(unit=unit, position=position)
    there.filter(Q(until=None) | Q(until__gt=since)).update(until=since)
    return Adoption.objects.create(
        unit=unit, edition=edition, position=position, since=since, decided_by=by,
        tightened=tightened,
    )  # fmt: skip


def stop_adopting(*, adoption: Adoption, at: datetime) -> None:
    """New cases no longer follow it; one that had not begun never does."""
    if adoption.until is not None and adoption.until <= at:
        raise Refused("stopped-already", "这一条已经停用。")
    adoption.until = at
    adoption.save(update_fields=["until"])


def _require_tighter(regulation: Regulation, tightened: dict[str, Any]) -> None:
    """A lower level may shorten what it inherits, never lengthen it."""
    rules = {rule.id: rule for rule in regulation.commitment}
    for rule_id, change in tightened.items():
        if rule_id not in rules:
            raise Refused("unknown-rule", f"制度中没有这条时限：{rule_id}", field="tightened")
        branches = tuple(DueBranch(**branch) for branch in change["due"])
        if any(branch.given for branch in rules[rule_id].due):
            raise Refused("given", "这条时限由约定或来文给定，不能另定。", field="tightened")
        if _is_ever_later(branches, rules[rule_id].due):
            raise Refused(
                "looser",
                f"“{rules[rule_id].title}”只能比上级更严，不能放宽。",
                rules[rule_id].clause,
                "tightened",
            )


def _is_ever_later(ours: Sequence[DueBranch], theirs: Sequence[DueBranch]) -> bool:
    """Tried at every half hour of two weeks, the second before a long holiday, in office hours
    and around the clock: two working days are shorter than three days only in some weeks."""
    for calendar in (Calendar.always("Asia/Shanghai"), sample_calendar()):
        for start in _samples():
            mine, given = due(ours, start, calendar).at, due(theirs, start, calendar).at
            if mine and given and mine > given:
                return True
    return False


def _samples() -> list[datetime]:
    mondays = ("2026-11-16T00:00:00+08:00", "2026-09-28T00:00:00+08:00")
    return [
        datetime.fromisoformat(monday) + timedelta(minutes=30 * half_hour)
        for monday in mondays
        for half_hour in range(7 * 48)
    ]


def pin(project: OrgUnit, at: datetime) -> PinnedRulebook:
    """The rulebook in force for a project, as a row that cases refer to. Same rules, same row."""
    editions = [[a.edition_id, a.tightened] for a in in_force(project, at)]
    key = hashlib.sha256(json.dumps(editions, sort_keys=True).encode()).hexdigest()
    pinned, _ = PinnedRulebook.objects.get_or_create(
        digest=key, defaults={"editions": editions, "created_at": at}
    )
    return pinned


@dataclass(frozen=True)
class Footing:
    """What a case of a project begins on: the rulebook and calendar in force, as rows and ready
    to use."""

    pinned: PinnedRulebook
    calendar: WorkCalendar
    rulebook: Rulebook
    calendars: Calendars


def footing(project: OrgUnit, at: datetime) -> Footing:
    """The rules and the calendar of a project at a moment; pins the rulebook on its first use.

    Before anything was adopted (messages taken in from years ago) it is what was adopted first.
    """
    first = first_ground(project)
    at = max(at, first) if first else at
    pinned, calendar = pin(project, at), calendar_row(project, at)
    return Footing(pinned, calendar, rulebook(pinned.pk), calendars(calendar.pk))


def propose_calendar(
    *,
    unit: OrgUnit,
    name: str,
    content: dict[str, Any],
    at: datetime,
    source: str = "",
    round_the_clock: list[dict[str, Any]] | None = None,
) -> WorkCalendar:
    """A calendar to be looked at; nothing follows it until somebody approves it."""
    Calendar.from_json(content)
    return WorkCalendar.objects.create(
        unit=unit,
        name=name,
        content=content,
        source=source,
        created_at=at,
        round_the_clock=round_the_clock or [],
    )


def revise_proposal(
    *,
    calendar: WorkCalendar,
    content: dict[str, Any],
    name: str = "",
    source: str | None = None,
    round_the_clock: list[dict[str, Any]] | None = None,
) -> None:
    """Changes a calendar that nobody has approved yet; what is not given stays."""
    _require_proposal(calendar)
    Calendar.from_json(content)
    calendar.content = content
    calendar.name = name or calendar.name
    if source is not None:
        calendar.source = source
    if round_the_clock is not None:
        calendar.round_the_clock = round_the_clock
    calendar.save(update_fields=["content", "name", "source", "round_the_clock"])


def discard_proposal(*, calendar: WorkCalendar) -> None:
    _require_proposal(calendar)
    calendar.delete()


def _require_proposal(calendar: WorkCalendar) -> None:
    if calendar.approved_at:
        raise Refused("approved-already", "这份日历已经批准；要修改请另建一份。")


def approve_calendar(*, calendar: WorkCalendar, by: Staff | None, at: datetime) -> WorkCalendar:
    """From now on new cases follow it. Running promises move only by `cases.actions.recalendar`."""
    _require_proposal(calendar)
    calendar.approved_at, calendar.approved_by, calendar.since = at, by, at
    calendar.save(update_fields=["approved_at", "approved_by", "since"])
    return calendar
