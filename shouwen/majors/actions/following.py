"""What an event sets in motion: the task force, its meetings, superiors' opinions, and actions
with owner, due time and proof."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.majors.actions.events import locked
from shouwen.majors.models import EventAction, MajorEvent, Meeting, Member, Opinion
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused

SIDES = {"leader": "分管领导", "company": "公司部门", "project": "项目人员"}


def join(*, event: MajorEvent, staff: Staff, side: str, by: Scope, at: datetime) -> Member:
    """Into the task force, as leader in charge, for the company or for the project."""
    if side not in SIDES:
        raise Refused("unknown-side", "请选成员的身份。", "4.4.1c", "side")
    with transaction.atomic():
        found = locked(event)
        by.require("case.rule", found.project)
        member, new = Member.objects.get_or_create(
            event=found, staff=staff, defaults={"side": side, "since": at}
        )
        if not new:
            raise Refused(
                "member-already", f"{staff.name}已在处理小组中，不用再加。", field="staff"
            )
        tell(
            people=[staff],
            event=f"event:{found.pk}:member:{staff.pk}",
            at=at,
            subject=f"请参加处理小组 {found.number}：{found.title}",
            url=f"/majors/{found.number}",
        )
    return member


def require_part(event: MajorEvent, by: Scope) -> None:
    """Members of the task force, and whoever may rule in the project."""
    if not event.members.filter(staff=by.staff).exists():
        by.require("case.rule", event.project)


def meet(
    *,
    event: MajorEvent,
    held_at: datetime,
    attendees: str,
    decision: str,
    by: Scope,
    at: datetime,
) -> Meeting:
    """Minutes of the task force; the measures that it decided are planned one by one."""
    _require_minutes(held_at, attendees, decision, at)
    with transaction.atomic():
        found = locked(event)
        require_part(found, by)
        return Meeting.objects.create(
            event=found, held_at=held_at, attendees=attendees.strip()[:300],
            decision=decision.strip(), recorded_by=by.staff, recorded_at=at,
        )  # fmt: skip


def resolve(
    *, case: Case, held_at: datetime, attendees: str, decision: str, by: Scope, at: datetime
) -> Meeting:
    """What the company decided before an authority is answered: day, who sat there, decision
    (二，S1). Without it the reply is refused."""
    _require_minutes(held_at, attendees, decision, at)
    with acting(case, by=by, right="case.rule", at=at) as act:
        act.write(
            "noted",
            {
                "tag": "resolution",
                "text": decision.strip(),
                "attendees": attendees.strip(),
                "held_at": held_at.isoformat(),
            },
        )
        return Meeting.objects.create(
            case=act.case, held_at=held_at, attendees=attendees.strip()[:300],
            decision=decision.strip(), recorded_by=by.staff, recorded_at=at,
        )  # fmt: skip


def _require_minutes(held_at: datetime, attendees: str, decision: str, at: datetime) -> None:
    if held_at > at:
        raise Refused("in-the-future", "会议还没有开，开过以后再记。", field="held_at")
    if not attendees.strip():
        raise Refused("no-attendees", "请写明参会人。", field="attendees")
    if not decision.strip():
        raise Refused("no-decision", "请写明决议。", field="decision")


def record_opinion(
    *, event: MajorEvent, said_by: str, text: str, by: Scope, at: datetime
) -> Opinion:
    """What a superior wants; it is open until actions follow from it (4.3.4)."""
    if not said_by.strip():
        raise Refused("no-name", "请写明哪个上级单位。", "4.3.4", "said_by")
    if not text.strip():
        raise Refused("empty-text", "请写下处理意见。", "4.3.4", "text")
    with transaction.atomic():
        found = locked(event)
        by.require("case.rule", found.project)
        return Opinion.objects.create(
            event=found, said_by=said_by.strip()[:80], text=text.strip(), at=at,
            recorded_by=by.staff,
        )  # fmt: skip


def plan(
    *,
    event: MajorEvent,
    text: str,
    owner: Staff,
    due_at: datetime,
    by: Scope,
    at: datetime,
    opinion: Opinion | None = None,
) -> EventAction:
    """One thing to be done, whose, and until when; it rings until there is proof."""
    if not text.strip():
        raise Refused("empty-text", "请写明要做什么。", "4.3.4", "text")
    if due_at <= at:
        raise Refused("past", "完成时限要在现在之后。", "4.3.4", "due_at")
    with transaction.atomic():
        found = locked(event)
        require_part(found, by)
        if opinion is not None and opinion.event_id != found.pk:
            raise Refused(
                "other-event", "这条意见属于另一个事件，请从本事件的意见中选。", field="opinion"
            )
        action = EventAction.objects.create(
            event=found, opinion=opinion, text=text.strip()[:300], owner=owner, due_at=due_at,
            created_at=at, created_by=by.staff,
        )  # fmt: skip
        tell(
            people=[owner],
            event=f"event-action:{action.pk}",
            at=at,
            subject=f"重大事件 {found.number} 的措施：{action.text}"[:200],
            url=f"/majors/{found.number}",
        )
    return action


def finish(*, action: EventAction, proof: str, by: Scope, at: datetime) -> EventAction:
    """Done, with what proves it; by its owner, or by who may rule."""
    if not proof.strip():
        raise Refused("no-proof", "请写明完成情况和凭据。", "4.3.4", "proof")
    with transaction.atomic():
        event = locked(action.event)
        if by.staff.pk != action.owner_id:
            by.require("case.rule", event.project)
        found = EventAction.objects.select_for_update().get(pk=action.pk)
        if found.done_at:
            raise Refused("done-already", "这项措施已经完成，不用再报。")
        found.done_at, found.proof = at, proof.strip()
        found.save(update_fields=["done_at", "proof"])
    return found
