"""督办 and 请示: a question about a case to those above, below or beside, and its answer.

Who must answer and by when is said by the regulation (`rules.matters.rules_of`); the question
rings as a commitment of the case until it is answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.dispatching import dispatch, require_near
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.notify.actions import tell
from shouwen.rules.case_kinds import Commitment as Rule
from shouwen.rules.commitments import promises
from shouwen.rules.journal import ANSWERED, ASKED
from shouwen.rules.lifecycle import IN_WORK
from shouwen.rules.matters import (
    DETAILS,
    KINDS,
    Kind,
    require_ahead,
    require_details,
    rules_of,
)
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.keeping import due_of, kept, told, unit_of
from shouwen.supervision.models import Matter
from shouwen.supervision.queries import level_on

Details = Mapping[str, Any]


def ask(
    *,
    case: Case,
    kind: str,
    text: str,
    by: Scope,
    at: datetime,
    details: Details | None = None,
    departments: Sequence[OrgUnit] = (),
    happened: datetime | None = None,
) -> list[Matter]:
    """One question, or one for each department named. It stands until it is answered, and the
    case is not closed before."""
    asked, given = _kind(kind), dict(details or {})
    departments = list(dict.fromkeys(departments))
    _require_asks(asked, text, given, departments, at)
    with transaction.atomic():
        with acting(case, by=by, right=asked.right, at=at) as act:
            rule = _rule(act, kind)
            _require_role(asked, by, act)
            if kind == "special":
                _require_before_deadline(act)
            _prepare(act, asked, given, departments, happened)
            drafts = [
                _write(act, kind, rule, text.strip(), given, unit, happened)
                for unit in (departments or (None,))
            ]
        return [_keep(act, rule, by, **draft) for draft in drafts]


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Refused("unknown-kind", "没有这种督办或请示，请从列表中选。", field="kind")
    return KINDS[code]


def _require_asks(
    asked: Kind, text: str, given: Details, departments: Sequence[OrgUnit], at: datetime
) -> None:
    if not text.strip():
        raise Refused("empty-text", f"请填写“{asked.text}”。", field="text")
    require_details(asked.asks, given)
    for name in asked.asks:
        if DETAILS[name].shape == "moment":
            require_ahead(name, given.get(name), at)
    if asked.departments and not departments:
        raise Refused("no-department", "请选要通知的部门。", field="departments")
    if departments and not asked.departments:
        raise Refused("no-departments-here", f"“{asked.title}”不向部门提出。", field="departments")


def _rule(act: Act, kind: str) -> Rule:
    found = rules_of(act.rulebook, act.state.facts).get(kind)
    if found is None:
        raise Refused("unknown-kind", "本项目采用的制度没有这一种，请从列表中选。", field="kind")
    return found[1]


def _require_role(asked: Kind, by: Scope, act: Act) -> None:
    if asked.roles and not set(asked.roles) & set(by.roles(act.case.project)):
        raise Refused("wrong-role", f"“{asked.title}”由公司领导组织，请向公司领导请示。")


def _require_before_deadline(act: Act) -> None:
    """Reported in time: before the time by which the work was promised (S2-A10r-7c)."""
    running = promises(act.rulebook, act.entries, act.calendars, act.case.number)
    dues = [p.due_at for p in running if p.outcome == "" and p.due_at and "done" in p.rule.met_by]
    if dues and act.at > min(dues):
        raise Refused(
            "after-the-deadline", "特殊情况要在期限之前汇报；原定期限已过，请尽快办结并写明原因。"
        )


def _prepare(
    act: Act,
    asked: Kind,
    given: Details,
    departments: Sequence[OrgUnit],
    happened: datetime | None,
) -> None:
    """What goes before: the situation is calmed first, and who is asked has the case."""
    for unit in departments:
        require_near(unit, act.case)
    if steps := given.get("steps"):
        act.write("noted", {"text": steps, "tag": "stabilise"}, happened=happened)
    new = [unit.code for unit in departments if unit.code not in act.state.parts]
    if new:
        lead = act.state.lead or new[0]
        act.write("dispatched", {"lead": lead, "departments": new}, happened=happened)


def _write(
    act: Act, kind: str, rule: Rule, text: str, given: Details, unit: OrgUnit | None,
    happened: datetime | None,
) -> dict[str, Any]:  # fmt: skip
    number = next_number("K", act.case.project, act.calendars.duty.date_of(act.at))
    said = _plain(given)
    data = {
        "matter": number, "kind": kind, "title": KINDS[kind].title, "text": text,
        **({"department": unit.code} if unit else {}), **said,
    }  # fmt: skip
    act.write(ASKED, data, happened=happened)
    to = unit_of(rule.holder, act.case)
    about = {"kind": kind, "text": text, "details": said, "department": unit, "to_unit": to}
    return {"number": number, **about}


def _plain(given: Details) -> dict[str, str]:
    """As the journal keeps it: moments as text."""
    found = {name: value for name, value in given.items() if value}
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in found.items()
    }


def _keep(act: Act, rule: Rule, by: Scope, **draft: Any) -> Matter:
    unit = draft["department"]
    subject = unit.code if rule.per == "department" and unit else draft["number"]
    giver, due_at = level_on(by, act.case), due_of(act, rule, subject)
    matter = kept(act, rule, by, from_unit=giver, due_at=due_at, **draft)
    told(matter, act.case, act.at)
    return matter


# --- The answer -----------------------------------------------------------------------------------


def answer(
    *,
    matter: Matter,
    text: str,
    by: Scope,
    at: datetime,
    details: Details | None = None,
    department: OrgUnit | None = None,
    happened: datetime | None = None,
) -> Matter:
    """The answer goes back to who asked. `department`: where a case goes that nobody could
    place."""
    kind, given = _kind(matter.kind), dict(details or {})
    if department:
        given["department"] = department.name
    _require_answers(kind, text, given, at)
    with transaction.atomic():
        with acting(matter.case_id, by=by, right=kind.answered_by, at=at) as act:
            held = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
            require_may_answer(held, by)
            held.answered_at = _write_answer(act, held, text.strip(), given, happened)
            if kind.takes_over:
                _take_over(act, by)
            if department:
                require_near(department, act.case)
            place = department if _wants_place(act) else None
        held.answer, held.answers, held.answered_by = text.strip(), _plain(given), by.staff
        held.save(update_fields=["answer", "answers", "answered_by", "answered_at"])
        _tell_asker(held, act.case, at)
        _go_on(held, kind, given, place, by, at)
    return held


def _require_answers(kind: Kind, text: str, given: Details, at: datetime) -> None:
    if not text.strip():
        raise Refused("empty-text", f"请填写“{kind.answer}”。", field="text")
    require_details(kind.answers, given)
    for name in ("promised", "appointment"):
        require_ahead(name, given.get(name), at)


def require_may_answer(matter: Matter, by: Scope) -> None:
    """Who stands at the level that was asked, and did not ask himself."""
    if not matter.is_open:
        raise Refused("answered-already", "已经答复过，不用再答复。")
    by.require(KINDS[matter.kind].answered_by, matter.to_unit)
    if by.staff.pk == matter.by_id:
        raise Refused("own-question", "不能答复自己提出的，请等对方答复。")


def _write_answer(
    act: Act, held: Matter, text: str, given: Details, happened: datetime | None
) -> datetime:
    data = {
        "matter": held.number, "kind": held.kind, "title": held.title, "text": text,
        **_plain(given), "department": held.department.code if held.department else None,
    }  # fmt: skip
    return act.write(ANSWERED, data, happened=happened).at


def _take_over(act: Act, by: Scope) -> None:
    """The conversation is the superior's from now on; the owner stays the owner."""
    if by.staff.number not in (act.state.owner, act.state.delegate):
        about = {"to": by.staff.number, "name": by.staff.name, "reason": "请上级处理"}
        act.write("delegated", about)


def _wants_place(act: Act) -> bool:
    """Nobody has it yet. Where it was sent somewhere meanwhile, or is done, the answer stands for
    itself: it must not keep the case open."""
    return act.state.status in IN_WORK and not act.state.lead


def _tell_asker(matter: Matter, case: Case, at: datetime) -> None:
    tell(
        people=[matter.by],
        event=f"matter:{matter.pk}:answered",
        at=at,
        subject=f"已答复：{matter.title} {case.title}",
        body=matter.answer,
        url=f"/supervision/{matter.number}",
    )


def _go_on(
    matter: Matter, kind: Kind, given: Details, department: OrgUnit | None, by: Scope, at: datetime
) -> None:
    """Where the answer leads: the case goes to its department, the leader sees the customer."""
    if department:
        dispatch(case=matter.case, lead=department, by=by, at=at, note=matter.answer)
    if kind.follows and given.get("verdict") == "reasonable":
        appointed = {"due": given["appointment"]}
        ask(case=matter.case, kind=kind.follows, text=matter.text, by=by, at=at, details=appointed)
