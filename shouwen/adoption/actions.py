"""Adopting regulations and approving calendars."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.library import content, load, sha256
from shouwen.adoption.models import Adoption, PinnedRulebook, RegulationEdition, WorkCalendar
from shouwen.adoption.queries import (
    calendar_row,
    calendars,
    first_ground,
    in_force,
    rulebook,
)
from shouwen.rules.commitments import Calendars
from shouwen.rules.due import due
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import DueBranch, Regulation, Rulebook
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
    """
    chosen = load(regulation)
    _require_tighter(chosen, tightened or {})
    Adoption.objects.filter(unit=unit, position=position, until=None).update(until=since)
    return Adoption.objects.create(
        unit=unit,
        edition=store_edition(chosen, since),
        position=position,
        since=since,
        decided_by=by,
        tightened=tightened or {},
    )


def stop_adopting(*, adoption: Adoption, at: datetime) -> None:
    adoption.until = at
    adoption.save(update_fields=["until"])


def _require_tighter(regulation: Regulation, tightened: dict[str, Any]) -> None:
    """A lower level may shorten what it inherits, never lengthen it: tried at every half hour of
    a week."""
    rules = {rule.id: rule for rule in regulation.commitment}
    calendar = Calendar.always("Asia/Shanghai")
    for rule_id, change in tightened.items():
        if rule_id not in rules:
            raise Refused("unknown-rule", f"制度中没有这条时限：{rule_id}", field="tightened")
        branches = tuple(DueBranch(**branch) for branch in change["due"])
        for start in _samples():
            ours, theirs = (
                due(branches, start, calendar).at,
                due(rules[rule_id].due, start, calendar).at,
            )
            if ours and theirs and ours > theirs:
                raise Refused(
                    "looser",
                    f"“{rules[rule_id].title}”只能比上级更严，不能放宽。",
                    rules[rule_id].clause,
                    "tightened",
                )


def _samples() -> list[datetime]:
    monday = datetime.fromisoformat("2026-11-16T00:00:00+08:00")
    return [
        monday.replace(hour=h, minute=m, day=monday.day + d)
        for d in range(7)
        for h in range(24)
        for m in (0, 30)
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


def approve_calendar(*, calendar: WorkCalendar, by: Staff | None, at: datetime) -> WorkCalendar:
    """From now on new cases follow it. Running promises move only by `cases.actions.recalendar`."""
    if calendar.approved_at:
        raise Refused("approved-already", "这份日历已经批准；要修改请另建一份。")
    calendar.approved_at, calendar.approved_by, calendar.since = at, by, at
    calendar.save(update_fields=["approved_at", "approved_by", "since"])
    return calendar
