"""Closing, reopening, voiding, return-visit records, and holds of upper floors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case, Hold
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused


def close(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str = "",
    happened: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Close it: allowed only when the closing checklist is complete and nothing holds it."""
    with acting(case, by=by, right="case.close", at=at, version=version) as act:
        held = act.case.holds.filter(lifted_at=None).first()
        if held:
            raise Refused("held", f"还不能关闭：{held.reason}")
        act.write("closed", {"text": text}, happened=happened)
    return case


def reopen(
    *,
    case: Case,
    by: Scope | None,
    at: datetime,
    reason: str,
    channel: str,
    said_by: str = "",
    happened: datetime | None = None,
) -> Case:
    """A new round with its own times. Always with a reason, who wanted it and how he said so.
    Without `by` the customer asks for it himself."""
    _require_reason(reason, channel)
    with acting(case, by=by, right="case.close", at=at) as act:
        write_reopened(act, reason, channel, said_by, happened)
    return case


def _require_reason(reason: str, channel: str) -> None:
    if not reason.strip():
        raise Refused("no-reason", "重新打开要写明原因。", field="reason")
    if not channel.strip():
        raise Refused("no-channel", "请写明客户是怎么提出的（电话、来访……）。", field="channel")


def write_reopened(
    act: Act, reason: str, channel: str, said_by: str = "", happened: datetime | None = None
) -> None:
    row = act.write(
        "reopened",
        {"reason": reason.strip(), "channel": channel},
        happened=happened,
        said_by=said_by,
    )
    tell(
        people=people_for("owner", act.case, act.at),
        at=act.at,
        urgent=True,
        event=f"case:{act.case.pk}:reopened:{row.seq}",
        url=f"/cases/{act.case.number}",
        subject=f"重新打开：{act.case.title}",
        body=reason.strip(),
    )


def request_void(*, case: Case, by: Scope, at: datetime, reason: str) -> Case:
    """Ask that a mistaken registration be voided. Somebody else decides."""
    if not reason.strip():
        raise Refused("no-reason", "申请作废要写明原因。", field="reason")
    with acting(case, by=by, right="case.work", at=at) as act:
        if act.state.void_requested:
            raise Refused("void-pending", "已经有人申请作废，等待批准。")
        row = act.write("void-requested", {"reason": reason.strip()})
        tell(
            people=[p for p in reach_role("cs_head", act.case.project, at) if p != by.staff],
            at=at,
            event=f"case:{act.case.pk}:void:{row.seq}",
            url=f"/cases/{act.case.number}",
            subject=f"申请作废：{act.case.title}",
            body=reason.strip(),
        )
    return case


def decide_void(*, case: Case, by: Scope, at: datetime, approve: bool, reason: str = "") -> Case:
    """Approve or refuse a request to void; never one's own."""
    with acting(case, by=by, right="case.void", at=at) as act:
        if not act.state.void_requested:
            raise Refused("no-request", "没有人申请作废。")
        asked_by = [e.by for e in act.entries if e.verb == "void-requested"][-1]
        if by.staff.number == asked_by:
            raise Refused("own-request", "不能批准自己的作废申请，请另一位有权的人决定。")
        if approve:
            act.write("voided", {"reason": reason.strip()})
        elif not reason.strip():
            raise Refused("no-reason", "不同意作废要写明理由。", field="reason")
        else:
            act.write("void-refused", {"reason": reason.strip()})
    return case


def record_visit(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    data: Mapping[str, Any],
    happened: datetime | None,
    said_by: str,
    reopen_because: str = "",
) -> Case:
    """The journal's side of a return visit (`followup.actions.record`): what was answered, and
    where the
    customer is not satisfied, the next round in the same transaction (S0-3.1-13, T16)."""
    with acting(case, by=by, right="visit.make", at=at) as act:
        act.write("visited", data, happened=happened, said_by=said_by)
        if reopen_because:
            write_reopened(act, reopen_because, str(data.get("mode", "回访")), said_by)
    return case


def write_visit_event(
    *,
    case: Case,
    verb: str,
    by: Scope | None,
    at: datetime,
    data: Mapping[str, Any],
) -> Case:
    """Planned by hand, tried in vain, or missed."""
    with acting(case, by=by, right="visit.make", at=at) as act:
        act.write(verb, data)
    return case


def place_hold(*, case: Case, key: str, reason: str, at: datetime) -> None:
    """An upper floor stops the closing (an open work order) until it lifts the hold."""
    with acting(case, by=None, right="", at=at) as act:
        Hold.objects.update_or_create(
            case=act.case, key=key, defaults={"reason": reason, "placed_at": at, "lifted_at": None}
        )
        act.write("held", {"key": key, "reason": reason})


def lift_hold(*, case: Case, key: str, at: datetime) -> None:
    with acting(case, by=None, right="", at=at) as act:
        Hold.objects.filter(case=act.case, key=key).update(lifted_at=at)
        act.write("hold-lifted", {"key": key})
