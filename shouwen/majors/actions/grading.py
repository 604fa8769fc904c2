"""Grading a complaint: criteria propose (some decide), somebody outside the accused department
rules, and down it goes only on request and with approval from above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import REPORTING_LINE, reach_role
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.actions.classifying import require_value
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.cases.one_by_one import raise_all, tried
from shouwen.cases.queries import as_entries, journal
from shouwen.majors.actions.events import open_event
from shouwen.majors.actions.foreseeing import warn
from shouwen.majors.models import GradeWatch
from shouwen.majors.queries import to_be_judged
from shouwen.notify.actions import tell
from shouwen.rules.commitments import Calendars
from shouwen.rules.grades import (
    AXIS,
    Proposal,
    circumstances,
    criteria,
    next_look,
    open_downgrade,
    open_proposal,
    proposals,
    rank,
    spoken,
)
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import State, fold
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook

BATCH = 100
#: What could not be judged waits so long, or until something new is known of it.
PUT_OFF = timedelta(hours=1)


def look_at_all(*, at: datetime, limit: int = BATCH) -> int:
    """Put the criteria and the early warnings to every complaint of which something new is known
    (the worker does). Returns to how many. One that fails is put off in its `GradeWatch` and
    raised after the others."""
    cases = list(to_be_judged(at).select_related("project")[:limit])

    def judge(case: Case) -> None:
        look(case=case, at=at)
        warn(case=case, at=at)

    raise_all(tried(cases, judge, put_off=lambda case: _put_off(case, at)))
    return len(cases)


def _put_off(case: Case, at: datetime) -> None:
    known = {"version": case.version, "look_at": at + PUT_OFF}
    GradeWatch.objects.update_or_create(case=case, defaults=known)


def look(*, case: Case, at: datetime, households: int = 1) -> list[Proposal]:
    """Put the criteria to a complaint. What is new is proposed; what a clause decides is set, and
    opens a major event where it says so. Returns what is new."""
    with transaction.atomic():
        homes = max(households, _homes(case))
        new = _new(_Seen.of(case), at, homes) and _propose(case, at, homes)
        case.refresh_from_db(fields=["version"])
        look_at = _look_at(_Seen.of(case), at)
        known = {"version": case.version, "look_at": look_at}
        GradeWatch.objects.update_or_create(case=case, defaults=known)
        if new:
            _tell_proposed(case, new, at)
            _open(case, new, at)
    return new


def _propose(case: Case, at: datetime, households: int) -> list[Proposal]:
    """Once more under the lock, and on record."""
    with acting(case, by=None, right="", at=at) as act:
        new = _new(act, at, households)
        if new:
            act.write("grade-proposed", _as_data(new))
            _decide(act, new)
    return new


def _homes(case: Case) -> int:
    """Homes of this case and of those that were merged into it."""
    rows = Case.objects.filter(merged_into=case).exclude(address="").values_list("address")
    return len({case.address, *(address for (address,) in rows)})


@dataclass(frozen=True)
class _Seen:
    """A case read without being locked: most looks find nothing to write."""

    rulebook: Rulebook
    calendars: Calendars
    entries: list[Entry]
    state: State

    @classmethod
    def of(cls, case: Case) -> _Seen:
        entries = as_entries(journal(case))
        ground = rulebook(case.rulebook_id), calendars(case.calendar_id)
        return cls(*ground, entries, fold(entries))


def _new(act: Act | _Seen, at: datetime, households: int) -> list[Proposal]:
    """What is met and has not spoken yet, if it would make the complaint graver."""
    facts = act.state.facts
    if facts.get("kind") != "complaint" or not act.state.is_open:
        return []
    known = circumstances(act.entries, households)
    calendar = act.calendars.for_case(facts)
    heard = spoken(act.entries)
    return [
        one
        for one in proposals(act.rulebook, facts, known, at, calendar)
        if one.rule not in heard
        and (rank(act.rulebook, one.grade) > rank(act.rulebook, facts.get(AXIS)) or one.event)
    ]


def _look_at(act: _Seen, at: datetime) -> datetime | None:
    if act.state.opened_at is None:
        return None
    calendar = act.calendars.for_case(act.state.facts)
    return next_look(act.rulebook, act.state.facts, act.state.opened_at, at, calendar)


def _as_data(new: list[Proposal]) -> dict[str, Any]:
    rules = [
        {"id": one.rule, "title": one.title, "clause": one.clause, "words": one.words}
        for one in new
    ]
    return {"grade": new[0].grade, "rules": rules, "text": "；".join(map(_said, new))}


def _said(one: Proposal) -> str:
    return (
        f"{one.title}（{one.clause}）：{one.words}" if one.clause else f"{one.title}：{one.words}"
    )


def _decide(act: Act, new: list[Proposal]) -> None:
    """A clause that leaves nothing to judge sets the grade itself."""
    deciding = next((one for one in new if one.decides), None)
    now = act.state.facts.get(AXIS)
    if deciding and rank(act.rulebook, deciding.grade) > rank(act.rulebook, now):
        data = {"facts": {AXIS: deciding.grade}, "reason": _said(deciding)}
        act.write("classified", {**data, "clause": deciding.clause})


def _tell_proposed(case: Case, new: list[Proposal], at: datetime) -> None:
    decided = any(one.decides for one in new)
    tell(
        people=dict.fromkeys(
            person
            for role in ("cs_head", "project_manager", "company_cs")
            for person in reach_role(role, case.project, at)
        ),
        event=f"case:{case.pk}:grade:{case.round}:{','.join(one.rule for one in new)}"[:120],
        at=at,
        urgent=True,
        subject=f"{'已转为重大投诉' if decided else '可能是重大投诉，请裁定'}：{case.title}",
        body="\n".join(map(_said, new)),
        url=f"/cases/{case.number}",
    )


def _open(case: Case, new: list[Proposal], at: datetime) -> None:
    """The clause that decides and names a type of event makes it one."""
    for one in new:
        if one.decides and one.event:
            open_event(
                case=case,
                reason=_said(one),
                clause=one.clause,
                event_type=one.event,
                by=None,
                at=at,
            )


# --- What must be judged --------------------------------------------------------------------------


def answer(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    judged: Mapping[str, bool] | None = None,
    claim: str = "",
    households: int = 0,
) -> list[Proposal]:
    """What was asked about the criteria: which are so, how much is claimed, how many homes.
    Returns what follows from it."""
    with transaction.atomic():
        with acting(case, by=by, right="case.classify", at=at) as act:
            asked = {rule.id: rule for _, rule in criteria(act.rulebook, act.state.facts)}
            found = {rule: yes for rule, yes in (judged or {}).items() if rule in asked}
            said: dict[str, Any] = {
                "judged": found,
                "claim": claim.strip(),
                "households": households,
                "text": "；".join(asked[rule].title for rule, yes in found.items() if yes),
            }
            said = {name: value for name, value in said.items() if value}
            if not said:
                raise Refused("nothing-answered", "请核对至少一种情形。")
            act.write("grade-answered", said)
        return look(case=case, at=at)


def count_households(
    *, case: Case, households: int, by: Scope | None, at: datetime
) -> list[Proposal]:
    """So many homes raise the same matter (a group was found): on record, and judged at once."""
    with transaction.atomic():
        with acting(case, by=by, right="case.classify", at=at) as act:
            act.write("grade-answered", {"households": households})
        return look(case=case, at=at)


def rule_grade(*, case: Case, grade: str, reason: str, by: Scope, at: datetime) -> Case:
    """Decide how grave it is: as proposed, or as it is, with an opinion. Never by somebody of the
    department complained about, and never downwards."""
    if not reason.strip():
        raise Refused("no-reason", "请写明裁定意见。", field="reason")
    with acting(case, by=by, right="case.classify", at=at) as act:
        proposed = open_proposal(act.entries, act.rulebook, act.state.facts)
        _require_not_accused(act)
        require_value(act, AXIS, grade, reason)
        now = act.state.facts.get(AXIS)
        if rank(act.rulebook, grade) < rank(act.rulebook, now):
            raise Refused("grade-lowered", "降低投诉程度请用“申请降级”。", field="grade")
        said = {"reason": reason.strip(), **_because(proposed)}
        if grade != now:
            act.write("classified", {"facts": {AXIS: grade}, **said})
        elif proposed is None:
            raise Refused("nothing-changed", "投诉程度没有变化，也没有等待裁定的提示，不用裁定。")
        else:
            act.write("grade-kept", said)
    return case


def _because(proposed: Entry | None) -> dict[str, Any]:
    """The clauses that it is decided by, as they were proposed."""
    rules = proposed.data["rules"] if proposed else []
    clauses = "、".join(dict.fromkeys(rule["clause"] for rule in rules if rule["clause"]))
    return {"clause": clauses} if clauses else {}


def _require_not_accused(act: Act) -> None:
    if act.is_accused():
        raise Refused("accused", "被投诉的部门和人不能裁定投诉程度，请由其他部门或上级裁定。")


# --- Down again -----------------------------------------------------------------------------------


def ask_downgrade(*, case: Case, grade: str, reason: str, by: Scope, at: datetime) -> Case:
    """Ask to lower the grade; it stays as it is until somebody above has ruled."""
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么可以降级。", field="reason")
    with acting(case, by=by, right="case.classify", at=at) as act:
        _require_not_accused(act)
        above = _above(_height(by.roles(act.case.project)), act.case, at)
        if not above:
            raise Refused("nobody-above", "您上面没有人可以批准，请由下级申请、您来裁定。")
        waiting = open_downgrade(act.entries)
        if waiting and _above(_height(waiting.roles), act.case, at):
            raise Refused("asked-already", "已有一份降级申请等待批准，请等裁定后再申请。")
        now = str(act.state.facts.get(AXIS) or "")
        if rank(act.rulebook, grade) >= rank(act.rulebook, now):
            raise Refused("not-lower", "请选比现在低的程度。", field="grade")
        require_value(act, AXIS, grade, reason)
        asked = {"from": now, "to": grade, "reason": reason.strip()}
        row = act.write("downgrade-asked", asked)
        tell(
            people=above,
            event=f"case:{act.case.pk}:downgrade:{row.seq}",
            at=at,
            urgent=True,
            subject=f"申请降级，请裁定：{act.case.title}",
            body=reason.strip(),
            url=f"/cases/{act.case.number}",
        )
    return case


def rule_downgrade(*, case: Case, ok: bool, reason: str, by: Scope, at: datetime) -> Case:
    """Approve or refuse: somebody higher in the reporting line than who asked, with a reason."""
    if not reason.strip():
        raise Refused("no-reason", "请写明批准或不批准的理由。", field="reason")
    with acting(case, by=by, right="case.rule", at=at) as act:
        asked = open_downgrade(act.entries)
        if asked is None:
            raise Refused("nothing-asked", "没有等待批准的降级申请，请刷新看最新情况。")
        _require_not_accused(act)
        _require_above(act, asked, by)
        said = {"approved": ok, "reason": reason.strip(), "asked": asked.seq}
        act.write("downgrade-ruled", said)
        if ok:
            lowered = {"facts": {AXIS: asked.data["to"]}, "reason": asked.data["reason"]}
            act.write("classified", {**lowered, "approved_by": by.staff.number})
        tell(
            people=Staff.objects.filter(number=asked.by),
            event=f"case:{act.case.pk}:downgrade-ruled:{asked.seq}",
            at=at,
            subject=f"{'同意' if ok else '不同意'}降级：{act.case.title}",
            body=reason.strip(),
            url=f"/cases/{act.case.number}",
        )
    return case


def _height(roles: tuple[str, ...]) -> int:
    """How high in the reporting line; -1 for who is not in it."""
    return max((REPORTING_LINE.index(role) for role in roles if role in REPORTING_LINE), default=-1)


def _require_above(act: Act, asked: Entry, by: Scope) -> None:
    if by.staff.number == asked.by:
        raise Refused("own-request", "不能批准自己的申请，请上级裁定。")
    if _height(by.roles(act.case.project)) <= _height(asked.roles):
        raise Refused("not-above", "降级要由申请人的上级批准，请转给他的上级。")


def _above(height: int, case: Case, at: datetime) -> list[Staff]:
    """Who may approve: the next in the reporting line above who asks."""
    roles = REPORTING_LINE[max(height + 1, 1) :]
    return reach_role(roles[0], case.project, at) if roles else []


def describe(found: list[Proposal]) -> list[dict[str, Any]]:
    """Proposals as the API shows them."""
    return [asdict(one) for one in found]
