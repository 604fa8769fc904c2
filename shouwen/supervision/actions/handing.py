"""二级受理三级处理: a case handed down to who handles it or up to who decides, and the reply."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.classifying import require_value
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.notify.actions import tell
from shouwen.rules.lifecycle import IN_WORK
from shouwen.rules.matters import LEVEL_OF_UNIT, LEVELS, MATTER_NAMES, level_above, require_ahead
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.keeping import due_of, kept, rule_for, told
from shouwen.supervision.models import Matter
from shouwen.supervision.queries import level_on

#: Who handles the case.
AXIS = "handle_level"
#: Who hands a case over may do so with the right to send it anywhere.
RIGHT = "case.dispatch"


def hand_down(
    *,
    case: Case,
    to: OrgUnit,
    text: str,
    by: Scope,
    at: datetime,
    due: datetime | None = None,
    sender_number: str = "",
    reply_owed: bool = True,
    happened: datetime | None = None,
) -> Matter:
    """A higher level gives it to one below, with its own number and its own time, which the case
    then owes beside every other."""
    giver = level_on(by, case)
    if to.pk not in (case.project_id, case.company_id) or _rank(to) >= _rank(giver):
        raise Refused("not-below", "只能交给本级以下、办这件事的公司或项目。", field="to")
    return _hand(case, giver, to, text, due, sender_number, reply_owed, by, at, happened)


def hand_up(
    *,
    case: Case,
    text: str,
    by: Scope,
    at: datetime,
    due: datetime | None = None,
    sender_number: str = "",
    reply_owed: bool = True,
    happened: datetime | None = None,
) -> Matter:
    """What this level cannot settle goes to the next above."""
    giver = level_on(by, case)
    above = {"company": case.company, "headquarters": case.group}
    to = above.get(level_above(LEVEL_OF_UNIT[giver.kind]))
    if to is None:
        raise Refused("no-level-above", "上面没有更高一级，请直接处理或交办下级。")
    return _hand(case, giver, to, text, due, sender_number, reply_owed, by, at, happened)


def _rank(unit: OrgUnit) -> int:
    return LEVELS.index(LEVEL_OF_UNIT[unit.kind])


def _hand(
    case: Case, giver: OrgUnit, to: OrgUnit, text: str, due: datetime | None, sender_number: str,
    reply_owed: bool, by: Scope, at: datetime, happened: datetime | None,
) -> Matter:  # fmt: skip
    kind = f"to-{LEVEL_OF_UNIT[to.kind]}"
    _require_said(text, due, reply_owed, at)
    with transaction.atomic():
        with acting(case, by=by, right=RIGHT, at=at) as act:
            _require_not_there(act, to)
            number = next_number("J", act.case.project, act.calendars.duty.date_of(at))
            rule = rule_for(act, kind)
            data = {
                "matter": number, "kind": kind if reply_owed else "", "title": MATTER_NAMES[kind],
                "from": giver.name, "to": to.name, "text": text.strip(),
                "due": due.isoformat() if due else "", "sender_number": sender_number.strip(),
                "facts": _handled_at(act, giver, to, text),
            }  # fmt: skip
            act.write("handed", data, happened=happened)
        matter = kept(
            act, rule, by, number=number, kind=kind, from_unit=giver, to_unit=to, text=text.strip(),
            sender_number=sender_number.strip(), reply_owed=reply_owed,
            due_at=due or due_of(act, rule, number),
        )  # fmt: skip
        told(matter, act.case, at)
    return matter


def _handled_at(act: Act, giver: OrgUnit, to: OrgUnit, why: str) -> dict[str, str]:
    """Who hands down decides who handles it, where the regulation lets him; what goes up is for
    those above to decide."""
    if _rank(to) > _rank(giver):
        return {}
    level = LEVEL_OF_UNIT[to.kind]
    if act.rulebook.axis(AXIS):
        require_value(act, AXIS, level, why)
    return {AXIS: level}


def _require_said(text: str, due: datetime | None, reply_owed: bool, at: datetime) -> None:
    if not text.strip():
        raise Refused("empty-text", "请写明交办什么、要什么结果。", field="text")
    if reply_owed and due is None:
        raise Refused("no-due", "要对方回复的，请写明期限。", field="due")
    require_ahead("due", due, at)


def _require_not_there(act: Act, to: OrgUnit) -> None:
    """The same level is not given the same case twice while it still owes the first reply."""
    if act.case.matters.filter(
        to_unit=to, kind__startswith="to-", reply_owed=True, answered_at=None
    ).exists():
        raise Refused("handed-already", f"已经交给{to.name}，还在等回复；可以督办。", field="to")


def reply_up(
    *, matter: Matter, text: str, by: Scope, at: datetime, happened: datetime | None = None
) -> Matter:
    """The reply to who handed it over. What was handed down is answered with a result."""
    if not text.strip():
        raise Refused("empty-text", "请写明处理结果。", field="text")
    with transaction.atomic():
        with acting(matter.case_id, by=by, right="case.work", at=at) as act:
            held = Matter.objects.select_for_update().get(pk=matter.pk)
            require_may_reply(held, by)
            if _went_down(held) and act.state.status in IN_WORK:
                raise Refused("not-done", "还没有处理结果；报完成以后再回复交办单位。")
            act.write(
                "handed-replied", {"matter": held.number, "text": text.strip()}, happened=happened
            )
        held.answer, held.answered_by, held.answered_at = text.strip(), by.staff, happened or at
        held.save(update_fields=["answer", "answered_by", "answered_at"])
        tell(
            people=[held.by],
            event=f"matter:{held.pk}:answered",
            at=at,
            subject=f"交办已回复：{act.case.title}",
            body=held.answer,
            url=f"/supervision/{held.number}",
        )
    return held


def require_may_reply(matter: Matter, by: Scope) -> None:
    if not matter.is_open:
        raise Refused("answered-already", "已经回复过，不用再回复。")
    by.require("case.work", matter.to_unit)
    if by.staff.pk == matter.by_id:
        raise Refused("own-question", "这是您自己交办的，由被交办的单位回复。")


def _went_down(matter: Matter) -> bool:
    return _rank(matter.to_unit) < _rank(matter.from_unit)
