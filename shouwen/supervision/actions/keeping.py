"""What handing and asking share: the rule that speaks about it, the row, and who is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case, Commitment
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.case_kinds import Commitment as Rule
from shouwen.rules.journal import TAKEN_BACK
from shouwen.rules.refused import Refused
from shouwen.supervision.models import Matter


def rule_for(act: Act, kind: str) -> Rule | None:
    """The first commitment of the case's rulebook that a matter of this kind starts."""
    rules = act.rulebook.all("commitment", act.state.facts)
    return next((rule for _, rule in rules if kind in rule.starts_kind), None)


def due_of(act: Act, rule: Rule | None, subject: str) -> datetime | None:
    """When the promise that was just started is due."""
    running = [
        promise.due_at
        for promise in act.promises
        if rule and promise.rule_id == rule.id and promise.outcome == ""
        if promise.key.rpartition("/")[2].partition("#")[0] == subject
    ]
    return running[-1] if running else None


def kept(act: Act, rule: Rule | None, by: Scope, **about: Any) -> Matter:
    case = act.case
    return Matter.objects.create(
        project_id=case.project_id,
        company_id=case.company_id,
        group_id=case.group_id,
        case=case,
        clause=rule.clause if rule else "",
        role=rule.holder if rule else "",
        by=by.staff,
        at=act.at,
        **about,
    )


def unit_of(role: str, case: Case) -> OrgUnit:
    """The unit that a role of the regulation answers for."""
    if role.startswith("company_") or role == "hotline400":
        return case.project.company or case.project
    return (case.project.group or case.project) if role.startswith("hq_") else case.project


def told(matter: Matter, case: Case, at: datetime) -> None:
    """Who must answer hears of it at once; whom else a clause names, the commitment tells."""
    tell(
        people=_people(matter, case, at),
        event=f"matter:{matter.pk}:asked",
        at=at,
        urgent=case.urgent,
        subject=f"{matter.title}：{case.address or case.customer_name} {case.title}",
        body=matter.text,
        url=f"/supervision/{matter.number}",
    )


def withdraw(*, matter: Matter, reason: str, by: Scope, at: datetime) -> Matter:
    """Taken back by who asked or handed it over: nobody owes an answer any more, and the reason
    stands in its place."""
    if not reason.strip():
        raise Refused("no-reason", "撤回要写明原因。", field="reason")
    with transaction.atomic():
        with acting(matter.case_id, by=by, right="case.view", at=at) as act:
            held = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
            require_may_withdraw(held, by)
            said = {"matter": held.number, "kind": held.kind, "title": held.title}
            act.write(TAKEN_BACK, {**said, "reason": reason.strip()})
        held.answer, held.answers = reason.strip(), {"withdrawn": True}
        held.answered_by, held.answered_at = by.staff, at
        held.save(update_fields=["answer", "answers", "answered_by", "answered_at"])
        _tell_withdrawn(held, act.case, at)
    return held


def require_may_withdraw(matter: Matter, by: Scope) -> None:
    if not matter.is_open:
        raise Refused("answered-already", "已经答复或撤回，不用再撤回。")
    if by.staff.pk != matter.by_id:
        raise Refused("not-yours", f"这是{matter.by.name}提出的，由本人撤回。")


def _tell_withdrawn(matter: Matter, case: Case, at: datetime) -> None:
    people = _people(matter, case, at)
    tell(
        people=people,
        event=f"matter:{matter.pk}:withdrawn",
        at=at,
        subject=f"已撤回，不用答复：{matter.title} {case.title}",
        body=matter.answer,
        url=f"/supervision/{matter.number}",
    )


def _people(matter: Matter, case: Case, at: datetime) -> list[Staff]:
    """Who must answer, without who asks."""
    found = people_for(matter.role or "cs_head", case, at, Commitment(department=matter.department))
    return [person for person in found if person.pk != matter.by_id]


def role_name(matter: Matter) -> str:
    """Who must answer, as users read it."""
    if matter.department:
        return matter.department.name
    role = ROLES.get(matter.role)
    return role.name if role else matter.to_unit.name
