"""From the case to the person who goes: opening an order, who pays, dispatch, refusal and its
ruling, the time agreed with the customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import department_for, present, staff_of
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.closing import place_hold
from shouwen.cases.actions.intake import next_number, title_of
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.pricing.queries import paid_work_rule
from shouwen.repairs.actions.recording import OrderAct, apply_order, require_hands, working_on
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import candidates, open_orders_of, order_rule, proposed_payer
from shouwen.rules.closing import checklist
from shouwen.rules.due import after
from shouwen.rules.intake import is_night
from shouwen.rules.lifecycle import is_allowed
from shouwen.rules.next_step import ORDER
from shouwen.rules.orders import (
    MODES,
    OPENED,
    RANGES,
    fold_order,
    next_in_turn,
    require_consent_to_work,
)
from shouwen.rules.paid_kinds import WorkOrder as OrderRule
from shouwen.rules.payer import CUSTOMERS, PAYERS
from shouwen.rules.refused import Refused


def hold_key(order: WorkOrder) -> str:
    return f"{ORDER}{order.number}"


def issue(
    *,
    case: Case,
    range: str,
    title: str,
    text: str = "",
    by: Scope,
    at: datetime,
    mandatory: bool = True,
    work_class: str = "",
    trade: str = "",
    part: str = "",
    materials: str = "",
    department: OrgUnit | None = None,
    happened: datetime | None = None,
) -> WorkOrder:
    """One more order of a case. While a mandatory one is open the case cannot close (T20)."""
    if range not in RANGES:
        raise Refused("unknown-range", "请选维修范围：室内，还是公共区域。", field="range")
    if not title.strip():
        raise Refused("no-title", "请写维修项目，例如“更换角阀”。", field="title")
    with transaction.atomic():
        with acting(case, by=by, right="case.dispatch", at=at) as act:
            _require_issuer(order_rule(act.case, range), act)
            order = _new(act, range, title, by, at, happened)
            order.text, order.mandatory = text.strip() or act.case.text, mandatory
            order.work_class, order.trade, order.part = work_class, trade, part
            order.materials = materials.strip()[:300]
            order.department = department or _department(act.case)
            act.write("order-opened", _opening(order, act), happened=happened)
            if act.state.facts.get("urgent") or not _missing(act):
                _hand_to_department(act, order, "", happened)
            apply_order(order, fold_order(order.number, act.entries))
        if mandatory:
            reason = f"维修单 {order.number} 还没有完工"
            place_hold(case=case, key=hold_key(order), reason=reason, at=at)
    return order


def _require_issuer(rule: OrderRule, act: Act) -> None:
    roles = act.by.roles(act.case.project) if act.by else ()
    if rule.issued_by and not set(rule.issued_by) & set(roles):
        names = "、".join(ROLES[role].name for role in rule.issued_by)
        raise Refused("wrong-issuer", f"维修单由{names}开具，请交给他们开。", rule.clause)


def _new(
    act: Act, range: str, title: str, by: Scope, at: datetime, happened: datetime | None
) -> WorkOrder:
    case, calendar, opened = act.case, act.calendars.duty, happened or at
    return WorkOrder(
        project=case.project,
        company_id=case.company_id,
        group_id=case.group_id,
        number=next_number("W", case.project, calendar.date_of(opened)),
        case=case,
        unit=case.unit,
        range=range,
        title=title_of(title),
        urgent=bool(act.state.facts.get("urgent")),
        night=is_night(act.rulebook, calendar.local(opened)),
        opened_at=opened,
        opened_by=by.staff,
        hand_over_due_at=after(opened, order_rule(case, range).handover, calendar),
        state=OPENED,
    )


def _department(case: Case) -> OrgUnit:
    found = case.department or department_for(case.project, "engineering")
    if found is None:
        raise Refused("no-department", "本项目没有工程部，请先选承办部门。", field="department")
    return found


def _opening(order: WorkOrder, act: Act) -> dict[str, Any]:
    said = {
        "order": order.number, "range": order.range, "title": order.title, "text": order.title,
        "work_class": order.work_class, "trade": order.trade, "part": order.part,
        "materials": order.materials, "department": order.department.code,
        "urgent": order.urgent, "mandatory": order.mandatory, "facts": _new_facts(order, act),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value not in ("", {})}


def _new_facts(order: WorkOrder, act: Act) -> dict[str, str]:
    """What the order says of range and class is not asked once more of the case."""
    told = {"scope": order.range, "repair_class": order.work_class}
    return {
        axis: value
        for axis, value in told.items()
        if value and not act.state.facts.get(axis) and act.rulebook.value(axis, value)
    }


# --- Who pays -------------------------------------------------------------------------------------


def decide_payer(
    *,
    order: WorkOrder,
    payer: str,
    by: Scope,
    at: datetime,
    reason: str = "",
    happened: datetime | None = None,
) -> WorkOrder:
    """Developer, fund, company, whoever did the damage, or the owner. Other than the warranty
    says only with a reason."""
    if payer not in PAYERS:
        raise Refused("unknown-payer", "请选费用由谁承担。", field="payer")
    with working_on(order, by=by, right="case.work", at=at) as mine:
        case = mine.act.case
        proposal = proposed_payer(
            case, range=order.range, part=order.part, work_class=order.work_class, at=at
        )
        as_proposed = payer == proposal.code
        if not as_proposed and not reason.strip():
            raise Refused(
                "no-reason", f"按规定应为“{proposal.name}”；改为别的请写明理由。", field="reason"
            )
        paid = payer in CUSTOMERS
        words = proposal.words if as_proposed else reason.strip()
        clause = proposal.clause if as_proposed else ""
        data = {"payer": payer, "text": f"{PAYERS[payer]}：{words}", "clause": clause, "paid": paid,
                "facts": _fee(mine.act, paid)}  # fmt: skip
        mine.write("payer-decided", data, happened=happened)
        mine.order.payer_words, mine.order.payer_clause = words[:200], clause[:60]
    return order


def _fee(act: Act, paid: bool) -> dict[str, str | bool]:
    """The case is paid or free as its order is, in the regulation's own words where it has them."""
    word = "paid" if paid else "free"
    return {"paid": paid, **({"fee": word} if act.rulebook.value("fee", word) else {})}


# --- To the person who goes -----------------------------------------------------------------------


def dispatch(
    *,
    order: WorkOrder,
    to: Staff | None = None,
    mode: str = "",
    by: Scope,
    at: datetime,
    notified_by: str = "",
    happened: datetime | None = None,
) -> WorkOrder:
    """Send it: to somebody, to whose turn it is, or to be taken by anybody of the department."""
    with working_on(order, by=by, right="case.dispatch", at=at) as mine:
        mode = mode or ("assign" if to else mine.rule.modes.get(order.range, "assign"))
        if mode not in MODES:
            raise Refused("unknown-mode", "请选派工方式。", field="mode")
        person = _chosen(mine, mode, to, at)
        _require_consent(mine)
        _hand_to_department(mine.act, mine.order, notified_by, happened)
        data = {
            "to": person.number if person else "", "name": person.name if person else "",
            "mode": mode, "notified_by": notified_by,
        }  # fmt: skip
        before = mine.state.assignee
        mine.write("order-sent", data, happened=happened)
        _assign_case(mine, person, before, happened)
        _tell_sent(mine, person, at)
    return order


def _require_consent(mine: OrderAct) -> None:
    """Where the regulation wants consent before dispatch, paid work is not sent without; an
    emergency always is (S3-4.2-1d, T30)."""
    found = paid_work_rule(mine.act.case)
    if found and found[1].consent_before == "dispatched" and not mine.state.urgent:
        require_consent_to_work(mine.state, clause=found[1].clause)


def _chosen(mine: OrderAct, mode: str, to: Staff | None, at: datetime) -> Staff | None:
    if mode == "grab":
        return None
    if mode == "rotate":
        return _in_turn(mine, at)
    if to is None:
        raise Refused("nobody-chosen", "请选派给谁。", field="to")
    if to not in staff_of(mine.order.department, at):
        raise Refused("not-in-department", "只能派给承办部门的人。", field="to")
    if to not in present([to], at):
        raise Refused("away", f"{to.name}现在不在岗，请另选一位。", field="to")
    require_room(mine, to)
    return to


def _in_turn(mine: OrderAct, at: datetime) -> Staff:
    order, most = mine.order, 0 if mine.state.urgent else mine.rule.most_open
    number = next_in_turn(candidates(order.department, order.trade, at), most)
    if not number:
        raise Refused("nobody-free", "在岗的人手里都满了，请指派到人或先催完工。", field="mode")
    return Staff.objects.get(number=number)


def require_room(mine: OrderAct, person: Staff) -> None:
    """Nobody holds more open orders than the regulation lets him; an emergency always fits in."""
    most = mine.rule.most_open
    if not most or mine.state.urgent or mine.state.assignee == person.number:
        return
    held = open_orders_of([person]).get(person.pk, 0)
    if held >= most:
        raise Refused(
            "too-many-open",
            f"{person.name}手里已有 {held} 张未完工的维修单，最多 {most} 张，请另选一位。",
            mine.rule.clause,
            "to",
        )


def _missing(act: Act) -> bool:
    """Whether something must still stand before the case may be handed to a department."""
    return any(not line.done for line in checklist(act.rulebook, act.entries, "dispatched"))


def _hand_to_department(
    act: Act, order: WorkOrder, notified_by: str, happened: datetime | None
) -> None:
    """The case goes where its order goes: its promises and its readers follow."""
    code = order.department.code
    if code in act.state.parts or not is_allowed(act.state, "dispatched"):
        return
    data = {"lead": act.state.lead or code, "departments": [code],
            "note": f"维修单 {order.number}", "notified_by": notified_by}  # fmt: skip
    act.write("dispatched", data, happened=happened)


def _assign_case(
    mine: OrderAct, person: Staff | None, before: str, happened: datetime | None
) -> None:
    """The case is in the hands of who goes, unless somebody else has it already."""
    act = mine.act
    if person is None or act.state.assignee not in ("", before):
        return
    if act.state.assignee != person.number and mine.may("assigned"):
        act.write("assigned", {"to": person.number, "name": person.name}, happened=happened)


def _tell_sent(mine: OrderAct, person: Staff | None, at: datetime) -> None:
    order = mine.order
    people = [person] if person else staff_of(order.department, at)
    tell(
        people=present(people, at),
        at=at,
        event=f"order:{order.pk}:sent:{len(mine.act.entries)}",
        subject=f"{'维修单' if person else '可抢的维修单'}：{order.place} {order.title}",
        url=f"/orders/{order.number}",
        urgent=order.urgent,
    )


# --- Not this, not now ----------------------------------------------------------------------------


def refuse(
    *,
    order: WorkOrder,
    reason: str,
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> WorkOrder:
    """Sent back with a reason. It stays with him until somebody who dispatches has ruled."""
    if not reason.strip():
        raise Refused("no-reason", "退单要写明理由，由主管裁定。", field="reason")
    with working_on(order, by=by, right="case.work", at=at) as mine:
        require_hands(mine)
        row = mine.write("order-refused", {"reason": reason.strip()}, happened=happened)
        tell(
            people=people_for("department", mine.act.case, at),
            at=at,
            event=f"order:{order.pk}:refused:{row.seq}",
            subject=f"退单待裁定：{order.title}",
            body=reason.strip(),
            url=f"/orders/{order.number}",
            urgent=True,
        )
    return order


def rule_refusal(
    *,
    order: WorkOrder,
    refusal_stands: bool,
    reason: str,
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> WorkOrder:
    """The refusal stands, and the order waits for another person; or it is to be done after all."""
    if not reason.strip():
        raise Refused("no-reason", "裁定要写明依据。", field="reason")
    with working_on(order, by=by, right="case.dispatch", at=at) as mine:
        if by.staff.number == mine.state.assignee:
            raise Refused("own-refusal", "不能裁定自己退的单，请另一位主管决定。")
        person = mine.order.assignee
        data = {"refusal_stands": refusal_stands, "reason": reason.strip()}
        row = mine.write("order-ruled", data, happened=happened)
        tell(
            people=[person] if person else [],
            at=at,
            event=f"order:{order.pk}:ruled:{row.seq}",
            subject=f"退单{'成立' if refusal_stands else '不成立，请办理'}：{order.title}",
            body=reason.strip(),
            url=f"/orders/{order.number}",
        )
    return order


def appoint(
    *,
    order: WorkOrder,
    starts: datetime,
    ends: datetime,
    agreed_by: str,
    by: Scope,
    at: datetime,
    keys: Sequence[str] = (),
    happened: datetime | None = None,
) -> WorkOrder:
    """A window that the customer agreed to: the work is to be done in it (S3-4.2-1e), and the
    promises that he let move (`keys`) move to its end."""
    _require_window(starts, ends, agreed_by, happened or at)
    with working_on(order, by=by, right="case.work", at=at) as mine:
        window = {"from": starts.isoformat(), "to": ends.isoformat()}
        words = f"{localtime(starts):%m-%d %H:%M}–{localtime(ends):%H:%M}"
        mine.write("order-appointed", {**window, "text": words}, happened=happened,
                   said_by=agreed_by.strip())  # fmt: skip
        mine.order.agreed_by = agreed_by.strip()[:60]
        running = set(mine.act.case.commitments.filter(outcome="").values_list("key", flat=True))
        if set(keys) - running:
            raise Refused(
                "unknown-commitment", "要改期的承诺已经结束，请刷新后再选。", field="keys"
            )
        if mine.may("promise-agreed"):
            said = {"until": ends.isoformat(), "keys": list(keys), "text": f"约定上门 {words}"}
            mine.act.write("promise-agreed", said, happened=happened, said_by=agreed_by.strip())
    return order


def _require_window(starts: datetime, ends: datetime, agreed_by: str, at: datetime) -> None:
    if not agreed_by.strip():
        raise Refused("no-consent", "请写明是和谁约的。", field="agreed_by")
    if ends <= starts:
        raise Refused("bad-window", "预约的结束时间要晚于开始时间。", field="ends")
    if ends <= at:
        raise Refused("in-the-past", "预约的时间要晚于现在。", field="ends")
