"""Who owns the matter: delegation and its return, a change of owner."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused


def delegate(*, case: Case, by: Scope, at: datetime, to: Staff, reason: str) -> Case:
    """Another person does it for the owner, who stays the owner and stays visible (S0-3.1-5)."""
    if not reason.strip():
        raise Refused("no-reason", "委托代办要写明原因。", field="reason")
    with acting(case, by=by, right="case.work", at=at) as act:
        _require_owner(act, by)
        if to == act.case.owner:
            raise Refused("is-owner", "首问责任人不用委托给自己。", field="to")
        _require_works_here(to, act, at)
        act.write("delegated", {"to": to.number, "name": to.name, "reason": reason.strip()})
        _tell(act, to, "委托您代办")
    return case


def hand_back(*, case: Case, by: Scope, at: datetime, text: str) -> Case:
    """The delegate says how it was handled, and the owner has it again (S0-3.1-6)."""
    if not text.strip():
        raise Refused("empty-text", "请告知首问责任人具体处理情况。", field="text")
    with acting(case, by=by, right="case.work", at=at) as act:
        if not act.state.delegate:
            raise Refused("not-delegated", "现在没有委托代办。")
        act.write("handed-back", {"text": text.strip()})
        _tell(act, act.case.owner, "代办已交回")
    return case


def change_owner(*, case: Case, by: Scope, at: datetime, to: Staff, reason: str) -> Case:
    """A new owner, when the first one leaves or cannot be the owner. A case is never without
    one."""
    if not reason.strip():
        raise Refused("no-reason", "更换首问责任人要写明原因。", field="reason")
    with acting(case, by=by, right="case.rule", at=at) as act:
        _require_works_here(to, act, at)
        act.write("owner-changed", {"to": to.number, "name": to.name, "reason": reason.strip()})
        _tell(act, to, "您接任首问责任人")
    return case


def _require_owner(act: Act, by: Scope) -> None:
    if by.staff.number not in (act.state.owner, act.state.delegate) and not by.can(
        "case.rule", act.case.project
    ):
        raise Refused("not-owner", "只有首问责任人或上级可以委托代办。")


def _require_works_here(person: Staff, act: Act, at: datetime) -> None:
    if not scope_of(person, at).can("case.view", act.case.project):
        raise Refused("not-found", "这个人不在本项目，不能接办。", field="to")


def _tell(act: Act, person: Staff, what: str) -> None:
    tell(
        people=[person],
        at=act.at,
        subject=f"{what}：{act.case.title}",
        url=f"/cases/{act.case.number}",
        event=f"case:{act.case.pk}:{what}:{len(act.entries)}",
        urgent=act.case.urgent,
    )
