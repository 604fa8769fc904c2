"""Doing the work of an order: going there, waiting, photos, the report, the check, taking it back.

All take `happened`, the true time of a phone that had no signal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import staff_of
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.closing import lift_hold, place_hold
from shouwen.cases.actions.working import WAITING_REASONS, accept_by_doing
from shouwen.cases.models import Attachment, JournalEntry
from shouwen.notify.actions import tell
from shouwen.repairs.actions.finishing import charge_agreed, complete_case, confirm_case
from shouwen.repairs.actions.issuing import hold_key, require_room
from shouwen.repairs.actions.recording import OrderAct, require_hands, working_on
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import open_mandatory
from shouwen.rules.lifecycle import DISPATCHED
from shouwen.rules.orders import PAUSED, SENT, Finish, require_finished, require_returned
from shouwen.rules.refused import Refused

STAGES = {"before": "维修前照片", "after": "维修后照片"}


def accept(
    *, order: WorkOrder, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    """Taken by the one it was sent to, or by the first of the department who grabs it."""
    with working_on(order, by=by, right="case.work", at=at) as mine:
        _accept(mine, by, at, happened)
    return order


def _accept(mine: OrderAct, by: Scope, at: datetime, happened: datetime | None) -> None:
    if mine.state.assignee or mine.state.mode != "grab":
        require_hands(mine)
    else:
        if by.staff not in staff_of(mine.order.department, at):
            raise Refused("not-in-department", "只有承办部门的人能接这张单。")
        require_room(mine, by.staff)
    mine.write("order-accepted", {"name": by.staff.name}, happened=happened)
    act = mine.act
    if act.state.status == DISPATCHED:
        accept_by_doing(act, act.state.lead, happened)
    if not act.state.assignee and mine.may("assigned"):
        worker = Staff.objects.get(number=mine.state.assignee)
        act.write("assigned", {"to": worker.number, "name": worker.name}, happened=happened)


def depart(
    *, order: WorkOrder, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    with working_on(order, by=by, right="case.work", at=at) as mine:
        _take_by_doing(mine, by, at, happened)
        mine.write("order-departed", {}, happened=happened)
    return order


def _take_by_doing(mine: OrderAct, by: Scope, at: datetime, happened: datetime | None) -> None:
    """Who goes has taken it."""
    if mine.state.state == SENT:
        _accept(mine, by, at, happened)
    else:
        require_hands(mine)


def arrive(
    *, order: WorkOrder, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    """At the door: the case has somebody on the spot too."""
    with working_on(order, by=by, right="case.work", at=at) as mine:
        _take_by_doing(mine, by, at, happened)
        first = mine.state.arrived_at is None
        then = mine.write("order-arrived", {}, happened=happened).at
        mine.wake_case(then)
        if first and mine.may("arrived"):
            mine.act.write("arrived", {"order": order.number}, happened=then)
    return order


def make_safe(
    *, order: WorkOrder, text: str, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    """Shut off, fenced in, propped up: before any price, and never stopped by money (T30)."""
    if not text.strip():
        raise Refused("empty-text", "请写明做了什么应急处置。", field="text")
    with working_on(order, by=by, right="case.work", at=at) as mine:
        mine.write("order-made-safe", {"text": text.strip()}, happened=happened)
    return order


def pause(
    *,
    order: WorkOrder,
    reason: str,
    text: str,
    by: Scope,
    at: datetime,
    until: datetime | None = None,
    happened: datetime | None = None,
) -> WorkOrder:
    """Waiting for parts, the customer, the weather. Where nothing else of the case goes on, the
    case waits too, and its promises with it as far as their rules let them."""
    if reason not in WAITING_REASONS:
        raise Refused("unknown-reason", "请从列表中选一个等待原因。", field="reason")
    if not text.strip():
        raise Refused("no-reason", "请写明在等什么、已经做了什么。", field="text")
    with working_on(order, by=by, right="case.work", at=at) as mine:
        require_hands(mine)
        waiting = {"reason": WAITING_REASONS[reason], "code": reason, "text": text.strip(),
                   "until": until.isoformat() if until else ""}  # fmt: skip
        mine.write("order-paused", waiting, happened=happened)
        others = open_mandatory(order.case_id).exclude(pk=order.pk).exclude(state=PAUSED)
        if mine.may("waiting") and not others.exists():
            approved = by.can("case.rule", mine.act.case.project)
            mine.act.write("waiting", {**waiting, "approved": approved}, happened=happened)
    return order


def resume(
    *, order: WorkOrder, by: Scope, at: datetime, text: str = "", happened: datetime | None = None
) -> WorkOrder:
    """The parts are here: he goes again."""
    with working_on(order, by=by, right="case.work", at=at) as mine:
        require_hands(mine)
        mine.write("order-resumed", {"text": text.strip()}, happened=happened)
        mine.wake_case(happened)
    return order


def photo(
    *,
    order: WorkOrder,
    stage: str,
    files: Sequence[Attachment],
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> JournalEntry:
    """Pictures of before or after, which hang on the entry that tells of them."""
    if stage not in STAGES:
        raise Refused("unknown-stage", "请选是维修前还是维修后的照片。", field="stage")
    if not files:
        raise Refused("no-photo", "请先拍照或选择照片。", field="files")
    with working_on(order, by=by, right="case.work", at=at) as mine:
        said = {"tag": "photo", "stage": stage, "text": STAGES[stage]}
        row = mine.write("noted", said, happened=happened)
        Attachment.objects.filter(pk__in=[file.pk for file in files]).update(entry=row)
    return row


# --- Done -----------------------------------------------------------------------------------------


def finish(
    *,
    order: WorkOrder,
    text: str,
    by: Scope,
    at: datetime,
    result: str = "repaired",
    signature: Attachment | None = None,
    signed_name: str = "",
    no_signature: str = "",
    scores: Mapping[str, int] | None = None,
    opinion: str = "",
    phone: str = "",
    labour_minutes: int | None = None,
    happened: datetime | None = None,
) -> WorkOrder:
    """Report it done, with all that the regulation wants of it. The last mandatory order reports
    the case done; what was agreed is charged in the same transaction."""
    scores = scores or {}
    told = Finish(
        text=text.strip(), result=result, signed=signature is not None,
        signed_name=signed_name.strip()[:60], no_signature=no_signature.strip()[:100],
        quality=scores.get("quality"), attitude=scores.get("attitude"), opinion=opinion.strip(),
        phone=phone.strip()[:40], labour_minutes=labour_minutes,
    )  # fmt: skip
    with transaction.atomic():
        with working_on(order, by=by, right="case.work", at=at) as mine:
            require_hands(mine)
            rule = mine.rule
            require_finished(mine.state, told, rule.completion, rule.clause)
            row = mine.write(
                "order-done", _entry(told), happened=happened, said_by=told.signed_name
            )
            _store(mine.order, told, signature)
            if signature:
                Attachment.objects.filter(pk=signature.pk, entry=None).update(entry=row)
            complete_case(mine, told, row.at)
        charge_agreed(order=order, by=by, at=at, happened=row.at)
        if order.mandatory:
            lift_hold(case=order.case, key=hold_key(order), at=at)
    return order


def _entry(told: Finish) -> dict[str, object]:
    return {name: value for name, value in asdict(told).items() if value not in ("", None)}


def _store(order: WorkOrder, told: Finish, signature: Attachment | None) -> None:
    """What only the row keeps; states and times follow the journal."""
    order.done_text, order.opinion = told.text, told.opinion
    order.signature, order.signed_name = signature, told.signed_name
    order.no_signature = told.no_signature
    order.score_quality, order.score_attitude = told.quality, told.attitude
    order.phone_for_visit, order.labour_minutes = told.phone, told.labour_minutes


def check(
    *,
    order: WorkOrder,
    ok: bool,
    opinion: str,
    by: Scope,
    at: datetime,
    training_case: bool = False,
    happened: datetime | None = None,
) -> WorkOrder:
    """Somebody who did not do the work looks at it, with both copies in hand; what does not stand
    goes back to who did it, and holds the case again."""
    if not opinion.strip():
        raise Refused("no-opinion", "请写明验收意见。", field="opinion")
    with transaction.atomic():
        with working_on(order, by=by, right="case.verify", at=at) as mine:
            if by.staff.number in mine.state.workers:
                raise Refused("own-work", "维修人不能验收自己修的，请换一位。")
            if not ok and order.mandatory and not mine.act.state.is_open:
                raise Refused("case-closed", "事项已经关闭，请先重新打开，再退回返修。")
            if ok:
                require_returned(mine.state, mine.rule.completion, mine.rule.clause)
            said = {"result": "ok" if ok else "not-ok", "text": opinion.strip()}
            mine.write("order-checked", said, happened=happened)
            mine.order.checked_at = (happened or at) if ok else None
            mine.order.training_case = training_case
            confirm_case(mine, ok, opinion.strip(), happened)
        if not ok and order.mandatory:
            reason = f"维修单 {order.number} 验收未通过"
            place_hold(case=order.case, key=hold_key(order), reason=reason, at=at)
    return order


def cancel(
    *, order: WorkOrder, reason: str, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    """Not wanted any more. It counts as no work done (T13)."""
    if not reason.strip():
        raise Refused("no-reason", "取消维修单要写明原因。", field="reason")
    with transaction.atomic():
        with working_on(order, by=by, right="case.dispatch", at=at) as mine:
            row = mine.write("order-cancelled", {"reason": reason.strip()}, happened=happened)
            person = mine.order.assignee
            tell(
                people=[person] if person else [],
                at=at,
                event=f"order:{order.pk}:cancelled:{row.seq}",
                subject=f"维修单已取消：{order.title}",
                body=reason.strip(),
                url=f"/orders/{order.number}",
            )
        if order.mandatory and order.case.is_open:
            lift_hold(case=order.case, key=hold_key(order), at=at)
    return order


# --- The paper comes back -------------------------------------------------------------------------


def record_communication(
    *, order: WorkOrder, text: str, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    """How it went with this customer, told by the repairer when he hands the order back
    (S2-RP-11b); it stands in 《业户沟通情况一览表》."""
    if not text.strip():
        raise Refused("empty-text", "请简单写下与业户的沟通情况。", field="text")
    with working_on(order, by=by, right="case.work", at=at) as mine:
        said = {"tag": "communication", "text": text.strip()}
        mine.write("noted", said, happened=happened)
        mine.order.comm_report, mine.order.comm_reported_at = text.strip(), happened or at
    return order


def return_copy(
    *, order: WorkOrder, copy: int, by: Scope, at: datetime, happened: datetime | None = None
) -> WorkOrder:
    """A copy of the finished paper is back: the second with the service centre (S2-RP-11), the
    first with the head of the repairers (S2-RP-13)."""
    with working_on(order, by=by, right="case.work", at=at) as mine:
        if mine.state.done_at is None:
            raise Refused("not-done-yet", "完工以后才收回维修单。")
        tag, words = {
            2: ("copy-returned", "第二联已交回客服中心"),
            1: ("copy-to-head", "第一联已交维修班长"),
        }[copy]
        mine.write("noted", {"tag": tag, "text": words}, happened=happened)
        if copy == 2:
            mine.order.copy2_at = happened or at
        else:
            mine.order.copy1_at = happened or at
    return order
