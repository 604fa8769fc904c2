"""One major event, ready to be shown: what is still missing, who was told, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.majors.actions.following import SIDES
from shouwen.majors.actions.reporting import addressees
from shouwen.majors.models import (
    SECTIONS,
    EventAction,
    MajorEvent,
    Meeting,
    Member,
    Opinion,
    Sending,
)
from shouwen.majors.queries import grade_names, open_points
from shouwen.majors.steps import EVENT_STEPS, OF_COMPANY, OF_MEMBERS
from shouwen.services.steps import Step
from shouwen.web.pieces import Check, Choice


@dataclass(frozen=True)
class SendingView:
    """Who must be told, and what the viewer may do about it."""

    sending: Sending
    button: Choice | None


@dataclass(frozen=True)
class ActionView:
    action: EventAction
    finish_url: str


class EventPage:
    """Reads once what the page shows."""

    def __init__(self, event: MajorEvent, scope: Scope, at: datetime) -> None:
        self.event, self.scope, self.at = event, scope, at

    @cached_property
    def may_rule(self) -> bool:
        return self.scope.can("case.rule", self.event.project)

    @cached_property
    def is_member(self) -> bool:
        return any(member.staff_id == self.scope.staff.pk for member in self.members)

    def may(self, step: Step) -> bool:
        """Whether this person may take a step of the event."""
        if step.name in OF_COMPANY:
            return self.scope.can(step.right, self.event.company)
        return self.may_rule or (step.name in OF_MEMBERS and self.is_member)

    def url_of(self, name: str) -> str:
        """Where a step is taken; nothing for who may not take it now."""
        step = EVENT_STEPS[name]
        if not step.when(self.event) or not self.may(step) or name in self._over:
            return ""
        return reverse("majors:event-step", args=[self.event.number, name])

    @cached_property
    def _over(self) -> set[str]:
        """What need not be offered any more: the report was sent, to everybody who gets it."""
        reports = [view.sending for view in self.sendings if view.sending.what == "report"]
        written = any(row.sent_at for row in reports)
        waits = any(row.sent_at is None for row in reports)
        return {*(["report"] if written else []), *([] if waits else ["send"])}

    @cached_property
    def urls(self) -> dict[str, str]:
        return {name: self.url_of(name) for name in EVENT_STEPS}

    @cached_property
    def grade(self) -> str:
        return grade_names(self.event.rulebook_id).get(self.event.grade, self.event.grade)

    def _named(self, axis: str, code: str) -> str:
        value = rulebook(self.event.rulebook_id).value(axis, code) if code else None
        return value.name if value else code

    @property
    def cause(self) -> str:
        return self._named("event_cause", self.event.cause)

    @property
    def event_type(self) -> str:
        return self._named("event_type", self.event.event_type)

    @cached_property
    def points(self) -> list[Check]:
        return open_points(self.event)

    @property
    def sections(self) -> list[tuple[str, str]]:
        return [(str(title), getattr(self.event, name)) for name, title in SECTIONS.items()]

    @cached_property
    def sendings(self) -> list[SendingView]:
        rows = self.event.sendings.select_related("sent_by")
        return [SendingView(row, self._button(row)) for row in rows]

    def _button(self, row: Sending) -> Choice | None:
        if row.received_at or (row.sent_at is None and row.what == "report"):
            return None
        if row.sent_at and row.to:
            mine = self.scope.staff in addressees(self.event, row.to, self.at)
        else:
            mine = self.may_rule
        name, title = ("receive", "签收") if row.sent_at else ("tell", "已告知")
        address = reverse("majors:sending-step", args=[self.event.number, row.pk, name])
        return Choice(title, address) if mine and self.event.is_open else None

    @cached_property
    def members(self) -> list[Member]:
        return list(self.event.members.select_related("staff"))

    @property
    def sides(self) -> list[tuple[str, str]]:
        """The three sides of the task force, each with its people."""
        return [
            (title, "、".join(m.staff.name for m in self.members if m.side == side))
            for side, title in SIDES.items()
        ]

    @property
    def meetings(self) -> list[Meeting]:
        return list(self.event.meetings.select_related("recorded_by"))

    @cached_property
    def _actions(self) -> list[EventAction]:
        return list(self.event.actions.select_related("owner"))

    @property
    def opinions(self) -> list[tuple[Opinion, list[ActionView]]]:
        """What superiors said, each with what followed from it."""
        return [
            (opinion, [self._view(a) for a in self._actions if a.opinion_id == opinion.pk])
            for opinion in self.event.opinions.all()
        ]

    @property
    def measures(self) -> list[ActionView]:
        """What the task force decided by itself."""
        return [self._view(action) for action in self._actions if action.opinion_id is None]

    def _view(self, action: EventAction) -> ActionView:
        mine = action.owner_id == self.scope.staff.pk or self.may_rule
        if action.done_at or not mine or not self.event.is_open:
            return ActionView(action, "")
        return ActionView(
            action, reverse("majors:action-step", args=[self.event.number, action.pk])
        )
