"""The course of a correction: reviewed, opened, planned, done, verified, its effect looked at.

Every act locks the correction first and then, one after the other, the cases that it writes into.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_below
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.learning.actions.proposing import log, tell_of
from shouwen.learning.models import Correction
from shouwen.rules import corrections as rules
from shouwen.rules.lifecycle import MERGED, VOID
from shouwen.rules.refused import Refused

#: Who leads: reviews, opens, moves a time, decides that nothing is opened.
LEADS = "case.rule"
JUDGES = "case.verify"


@contextmanager
def _on(
    correction: Correction, act: str, by: Scope, *, right: str = LEADS, of_owner: bool = False
) -> Iterator[Correction]:
    """Lock, then check, then act; the caller's object becomes what was written. What is `of_owner`
    its owner may do without the right."""
    with transaction.atomic():
        rows = Correction.objects.select_for_update(of=("self",))
        row = rows.select_related("project", "owner", "reviewed_by").get(pk=correction.pk)
        if not (of_owner and row.owner == by.staff):
            by.require(right, row.project)
        rules.require_follows(row.state, act)
        yield row
        row.save()
    correction.__dict__.update(row.__dict__)


def _hold_to(row: Correction) -> None:
    """The ladder begins anew for the time that is waited for now."""
    row.rung, row.ring_at = 0, rules.next_ring(row.waits_until, 0)


def review(*, correction: Correction, text: str, by: Scope, at: datetime) -> Correction:
    """The supervisor's opinion, in writing; whoever acts on it is told (S2-A18-8c)."""
    rules.require_written([("text", "审核意见", text)])
    with _on(correction, "review", by) as row:
        row.reviewed_at, row.reviewed_by = at, by.staff
        log(row, "reviewed", text, by, at)
    return correction


def dismiss(*, correction: Correction, text: str, by: Scope, at: datetime) -> Correction:
    rules.require_written([("text", "不立项的理由", text)])
    with _on(correction, "dismiss", by) as row:
        row.state = Correction.State.DISMISSED
        log(row, "dismissed", text, by, at)
    return correction


def open_correction(
    *,
    correction: Correction,
    owner: Staff,
    due: datetime,
    by: Scope,
    at: datetime,
    department: OrgUnit | None = None,
    text: str = "",
) -> Correction:
    """Somebody answers for it, by a time (S3-4.5-4c, S2-A18-8d). Its cases say so in their
    journals."""
    _require_future(due, at)
    with _on(correction, "open", by) as row:
        reviewer = row.reviewed_by.number if row.reviewed_by else ""
        rules.require_reviewed(row.trigger, reviewer, by.staff.number)
        _require_of_project(row, owner, department, at)
        row.state, row.opened_at = Correction.State.RUNNING, at
        row.owner, row.department, row.due_at = owner, department, due
        _hold_to(row)
        log(row, "opened", f"责任人 {owner.name}，期限 {_day(due)}。{text}", by, at)
        _write(row, "correction-opened", f"{row.number} {row.title}", by, at)
        tell_of(row, [owner], "opened", f"请整改（{_day(due)} 前）：{row.title}", at)
    return correction


def _require_future(due: datetime, at: datetime) -> None:
    if due <= at:
        raise Refused("in-the-past", "期限要晚于现在。", field="due")


def _require_of_project(
    row: Correction, owner: Staff, department: OrgUnit | None, at: datetime
) -> None:
    """Of the project, or of its company: who can be held to it."""
    top = row.company
    if not people_below(top, at).filter(pk=owner.pk).exists():
        raise Refused("not-found", "这个人不在本公司，请另选一位责任人。", field="owner")
    if department and not department.path.startswith(top.path):
        raise Refused("not-found", "没有找到这个部门。", field="department")


def _day(moment: datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}"


def _write(row: Correction, verb: str, text: str, by: Scope, at: datetime) -> None:
    """Into the journal of each of its cases that still has a story."""
    for case in row.cases.exclude(status__in=(VOID, MERGED)).order_by("pk"):
        _write_one(case, verb, {"correction": row.number, "text": text}, by, at)


def _write_one(case: Case, verb: str, data: dict[str, str], by: Scope, at: datetime) -> None:
    with acting(case, by=by, right="case.view", at=at) as act:
        act.write(verb, data)


def plan(
    *,
    correction: Correction,
    cause: str,
    measure: str,
    prevention: str,
    by: Scope,
    at: datetime,
) -> Correction:
    """Why it happened, what is done about it, and what keeps it from coming back."""
    rules.require_written(
        [
            ("cause", "原因", cause),
            ("measure", "纠正措施", measure),
            ("prevention", "预防措施", prevention),
        ]
    )
    with _on(correction, "plan", by, of_owner=True) as row:
        row.cause, row.measure, row.prevention = cause.strip(), measure.strip(), prevention.strip()
        text = f"原因：{row.cause}\n纠正：{row.measure}\n预防：{row.prevention}"
        log(row, "planned", text, by, at)
    return correction


def move(
    *, correction: Correction, due: datetime, text: str, by: Scope, at: datetime
) -> Correction:
    """Another time, for a reason; the old one stays in its story."""
    rules.require_written([("text", "改期的理由", text)])
    _require_future(due, at)
    with _on(correction, "move", by) as row:
        if row.owner == by.staff:
            raise Refused("own-measure", "责任人不能改自己的期限，请立项的主管改期。")
        old = _day(row.due_at) if row.due_at else ""
        row.due_at = due
        _hold_to(row)
        log(row, "moved", f"{old} 改为 {_day(due)}：{text}", by, at)
    return correction


def finish(*, correction: Correction, text: str, by: Scope, at: datetime) -> Correction:
    """The measures are carried out; somebody else verifies. The time runs on until he has."""
    rules.require_written([("text", "做了什么", text)])
    with _on(correction, "finish", by, of_owner=True) as row:
        if not (row.cause and row.measure and row.prevention):
            raise Refused("no-plan", "先写原因、纠正措施和预防措施，再报完成。")
        row.state, row.done_at = Correction.State.DONE, at
        log(row, "finished", text, by, at)
    return correction


def verify(
    *,
    correction: Correction,
    ok: bool,
    text: str,
    by: Scope,
    at: datetime,
    check_due: datetime | None = None,
) -> Correction:
    """Whether it was done as written, by somebody else. Not done: back to its owner, with the time
    that it has."""
    rules.require_written([("text", "验证情况", text)])
    with _on(correction, "verify", by, right=JUDGES) as row:
        rules.require_not_owner(_number(row.owner), by.staff.number)
        if not ok:
            row.state, row.done_at = Correction.State.RUNNING, None
            log(row, "sent-back", text, by, at)
            tell_of(row, _owner(row), f"back:{at.timestamp():.0f}", f"验证不通过：{row.title}", at)
        else:
            row.state = Correction.State.VERIFIED
            row.verified_at, row.verified_by = at, by.staff
            row.check_due_at = check_due or at + rules.CHECK_AFTER
            _require_future(row.check_due_at, at)
            _hold_to(row)
            log(row, "verified", f"{text}（{_day(row.check_due_at)} 前检查效果）", by, at)
    return correction


def check(
    *,
    correction: Correction,
    effective: bool,
    text: str,
    by: Scope,
    at: datetime,
    due: datetime | None = None,
) -> Correction:
    """Whether it came back. Effective: closed, and its cases say so. Not: another round, by a new
    time."""
    rules.require_written([("text", "效果如何", text)])
    with _on(correction, "check", by, right=JUDGES) as row:
        rules.require_not_owner(_number(row.owner), by.staff.number)
        if effective:
            _close(row, text, by, at)
        else:
            _again(row, text, due, by, at)
    return correction


def _close(row: Correction, text: str, by: Scope, at: datetime) -> None:
    row.state, row.closed_at = Correction.State.CLOSED, at
    row.ring_at = None
    log(row, "effective", text, by, at)
    _write(row, "correction-closed", f"{row.number} {text}", by, at)


def _again(row: Correction, text: str, due: datetime | None, by: Scope, at: datetime) -> None:
    if due is None:
        raise Refused("no-due", "效果不够，请填新的整改期限。", field="due")
    _require_future(due, at)
    row.state, row.round, row.due_at = Correction.State.RUNNING, row.round + 1, due
    row.done_at = row.verified_at = row.verified_by = row.check_due_at = None
    row.cause = row.measure = row.prevention = ""
    _hold_to(row)
    log(row, "ineffective", f"{text}（新期限 {_day(due)}）", by, at)
    tell_of(row, _owner(row), "again", f"效果不够，请再整改：{row.title}", at)


def _owner(row: Correction) -> list[Staff]:
    return [row.owner] if row.owner else []


def _number(staff: Staff | None) -> str:
    return staff.number if staff else ""
