"""Doing the work: arriving, waiting and going on, notes, questions upwards, reporting done,
verifying."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.dispatching import require_acts_for
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.lifecycle import DISPATCHED
from shouwen.rules.refused import Refused

#: Why a case may wait. Each is something that we cannot hurry by working.
WAITING_REASONS: dict[str, str] = {
    "customer": "等业主",
    "parts": "等配件",
    "developer": "等开发商",
    "weather": "天气",
    "outside": "等外单位",
    "approval": "等审批",
    "other": "其他",
}


def arrive(*, case: Case, by: Scope, at: datetime, happened: datetime | None = None) -> Case:
    with acting(case, by=by, right="case.work", at=at) as act:
        accept_by_doing(act, act.state.lead, happened)
        act.write("arrived", {}, happened=happened)
    return case


def accept_by_doing(act: Act, department: str, happened: datetime | None) -> None:
    """Who does the work of a department has taken it: else that promise would ring for ever."""
    part = act.state.parts.get(department)
    if part and part.state == "sent":
        act.write("accepted", {"department": department}, happened=happened)


def wait(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    reason: str,
    text: str,
    until: datetime | None = None,
    happened: datetime | None = None,
) -> Case:
    """Stop what may be stopped. Beyond the regulation's hours it counts only once approved."""
    if reason not in WAITING_REASONS:
        raise Refused("unknown-reason", "请从列表中选一个等待原因。", field="reason")
    if not text.strip():
        raise Refused("no-reason", "请写明在等什么、已经做了什么。", field="text")
    with acting(case, by=by, right="case.work", at=at) as act:
        act.write(
            "waiting",
            {
                "reason": WAITING_REASONS[reason],
                "code": reason,
                "text": text.strip(),
                "until": until.isoformat() if until else "",
                "approved": act.by.can("case.rule", act.case.project) if act.by else False,
            },
            happened=happened,
        )
    return case


def approve_wait(*, case: Case, by: Scope, at: datetime, text: str = "") -> Case:
    with acting(case, by=by, right="case.rule", at=at) as act:
        act.write("wait-approved", {"text": text})
    return case


def resume(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str = "",
    happened: datetime | None = None,
) -> Case:
    with acting(case, by=by, right="case.work", at=at) as act:
        act.write("resumed", {"text": text}, happened=happened)
    return case


def note(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str,
    tag: str = "",
    happened: datetime | None = None,
    said_by: str = "",
    signed: bool = False,
) -> JournalEntry:
    """Anything worth keeping: investigation, analysis, plan, explanation, coordination,
    supervision.

    On a closed case it reaches the owner (FixMyStreet let such notes fall).
    """
    if not text.strip():
        raise Refused("empty-text", "请写下内容。", field="text")
    with acting(case, by=by, right="case.work", at=at) as act:
        row = act.write(
            "noted",
            {"text": text.strip(), "tag": tag, "signed": signed},
            happened=happened,
            said_by=said_by,
        )
        closed = not act.state.is_open
        if closed or tag == "supervise":
            tell(
                people=people_for("owner" if closed else "department", act.case, at),
                at=at,
                event=f"case:{act.case.pk}:noted:{row.seq}",
                url=f"/cases/{act.case.number}",
                subject=f"{'已关闭事项有新记录' if closed else '督导'}：{act.case.title}",
                body=text.strip(),
                urgent=closed,
            )
    return row


def report_up(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    question: str,
    to: str = "cs_head",
    happened: datetime | None = None,
) -> Case:
    """Ask the next level («请示»): the question stands on the case until it is answered."""
    if not question.strip():
        raise Refused("empty-text", "请写明要请示什么。", field="question")
    with acting(case, by=by, right="case.work", at=at) as act:
        row = act.write("reported", {"text": question.strip(), "to": to}, happened=happened)
        people = [p for p in reach_role(to, act.case.project, at) if p != by.staff]
        tell(
            people=people,
            event=f"case:{act.case.pk}:reported:{row.seq}",
            at=at,
            urgent=True,
            subject=f"请示：{act.case.title}",
            body=question.strip(),
            url=f"/cases/{act.case.number}",
        )
    return case


def answer_question(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str,
    happened: datetime | None = None,
) -> Case:
    """The next level answers; the owner is told."""
    if not text.strip():
        raise Refused("empty-text", "请写下答复。", field="text")
    with acting(case, by=by, right="case.rule", at=at) as act:
        row = act.write("answered", {"text": text.strip()}, happened=happened)
        tell(
            people=people_for("owner", act.case, at),
            at=at,
            url=f"/cases/{act.case.number}",
            event=f"case:{act.case.pk}:answered:{row.seq}",
            body=text.strip(),
            subject=f"请示已答复：{act.case.title}",
        )
    return case


def report_done(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    text: str,
    happened: datetime | None = None,
    result: str = "",
    signed: bool = False,
) -> Case:
    """The leading department, or the desk itself, has done the work. The owner feeds back.
    `signed`: the customer has signed the work order."""
    if not text.strip():
        raise Refused("empty-text", "请写明处理结果。", field="text")
    with acting(case, by=by, right="case.work", at=at) as act:
        if act.state.status == DISPATCHED:
            accept_by_doing(act, act.state.lead, happened)
        row = act.write(
            "done",
            {
                "text": text.strip(),
                "department": act.state.lead or None,
                "result": result,
                "signed": signed,
            },
            happened=happened,
        )
        tell(
            people=people_for("owner", act.case, at),
            at=at,
            url=f"/cases/{act.case.number}",
            event=f"case:{act.case.pk}:done:{row.seq}",
            subject=f"已完成，请反馈客户：{act.case.title}",
        )
    return case


def report_part_done(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    department: OrgUnit,
    text: str,
    happened: datetime | None = None,
) -> Case:
    """An assisting department has done its share."""
    with acting(case, by=by, right="case.work", at=at) as act:
        accept_by_doing(act, department.code, happened)
        require_acts_for(act, department.code)
        act.write(
            "part-done", {"department": department.code, "text": text.strip()}, happened=happened
        )
    return case


def verify(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    ok: bool,
    opinion: str,
    signed: bool = True,
    happened: datetime | None = None,
) -> Case:
    """Somebody who did not do the work checks the result; what does not stand goes back."""
    if not opinion.strip():
        raise Refused("no-opinion", "请写明验证意见。", field="opinion")
    with acting(case, by=by, right="case.verify", at=at) as act:
        if by.staff.number in act.state.handlers:
            raise Refused("own-work", "处理人不能验证自己办的事项，请换一位。")
        row = act.write(
            "verified",
            {"result": "ok" if ok else "not-ok", "text": opinion.strip(), "signed": signed},
            happened=happened,
        )
        if not ok:
            tell(
                people=people_for("department", act.case, at),
                at=at,
                urgent=True,
                event=f"case:{act.case.pk}:not-ok:{row.seq}",
                url=f"/cases/{act.case.number}",
                subject=f"验证未通过，请继续处理：{act.case.title}",
                body=opinion.strip(),
            )
    return case
