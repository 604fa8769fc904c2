"""Carrying a confirmed service out, to its result and its charge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.billing.actions.charging import charge
from shouwen.cases.actions.closing import lift_hold
from shouwen.cases.actions.recording import acting
from shouwen.cases.actions.working import report_done
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.pricing.actions.quoting import require_consent
from shouwen.pricing.queries import agreed_quotation, paid_work_rule
from shouwen.repairs.models import WorkOrder
from shouwen.rules import services as rules
from shouwen.rules.closing import checklist
from shouwen.rules.lifecycle import fold, is_allowed
from shouwen.rules.refused import Refused
from shouwen.services.actions.ordering import clause, cleaned, locked, require_nothing_kept
from shouwen.services.models import ServiceOrder
from shouwen.services.queries import papers_of

#: Where no regulation says how paid services are collected.
COLLECT = "monthly-bill"


def start(
    *,
    order: ServiceOrder,
    by: Scope,
    at: datetime,
    staff: Staff | None = None,
    happened: datetime | None = None,
) -> ServiceOrder:
    """Begin, once the customer has confirmed plan and price (S4-4.4.3b-2). A paid one lacks nothing
    then; a free one begins at once (应急用车), and what it lacks is asked for at its end."""
    with transaction.atomic():
        found = locked(order)
        rules.require_step(found.state, "start", clause(found))
        _require_after(found, happened or at)
        if found.item.paid:
            _require_complete(found, "start")
            require_consent(found.case, found.number, urgent=False)
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write("service-started", {"order": found.number}, happened=happened)
        found.state, found.started_at = rules.STARTED, happened or at
        found.staff = staff or by.staff
        found.save(update_fields=["state", "started_at", "staff"])
    return found


def _require_after(found: ServiceOrder, begins: datetime) -> None:
    """Forms know minutes, so the minute of the confirmation is late enough."""
    confirmed_at = found.confirmed_at
    if confirmed_at and begins < confirmed_at.replace(second=0, microsecond=0):
        raise Refused(
            "before-confirmation", "开始时间早于客户确认的时间，请核对。", clause(found), "happened"
        )


def _require_complete(found: ServiceOrder, step: str) -> None:
    lacks = rules.missing(found.item.details, found.details, step)
    if lacks:
        raise Refused(
            "details-missing",
            f"需求单还缺：{'、'.join(lacks)}。请先补充。",
            clause(found),
            "details",
        )


def finish(
    *,
    order: ServiceOrder,
    result: str,
    by: Scope,
    at: datetime,
    note: str = "",
    told_to: str = "",
    details: Mapping[str, Any] | None = None,
    unbilled: str = "",
    happened: datetime | None = None,
) -> ServiceOrder:
    """It came to this result. With the one hoped for, what was agreed is charged, unless `unbilled`
    says why not. The last order of a case takes the case along to 已完成, where nothing else keeps
    it."""
    with transaction.atomic():
        found = locked(order)
        rules.require_step(found.state, "finish")
        found.details = {**found.details, **cleaned(found.item, details or {})}
        _require_result(found, result, note, told_to)
        hoped_for = result == found.item.choices[0]
        _require_complete(found, "finish" if hoped_for else "start")
        _require_papers(found, hoped_for)
        require_nothing_kept(found)
        _require_opened(found, hoped_for)
        found.state, found.result, found.done_at = rules.DONE, result, happened or at
        found.result_note = note.strip()[:300]
        if told_to.strip():
            found.told_to, found.told_at = told_to.strip()[:60], happened or at
        with acting(found.case, by=by, right="case.work", at=at) as act:
            act.write("service-done", _told(found), happened=happened, said_by=found.told_to)
        found.save()
        if found.item.paid and hoped_for and not unbilled.strip():
            _charge(found, by, at, happened)
        elif unbilled.strip():
            _note_unbilled(found, unbilled, by, at)
        lift_hold(case=found.case, key=found.hold, at=at)
        _finish_case(found, by, at, happened)
    return found


def _require_result(found: ServiceOrder, result: str, note: str, told_to: str) -> None:
    if result not in found.item.choices:
        raise Refused("no-result", f"请选结果：{'、'.join(found.item.choices)}。", field="result")
    rules.require_no_account([note])
    if found.item.closes_told and not told_to.strip():
        raise Refused(
            "not-told", "这项服务要把结果告诉客户才能办结，请填告知了谁。", field="told_to"
        )


def _require_papers(found: ServiceOrder, hoped_for: bool) -> None:
    """Nothing is opened with half of the papers."""
    lacks = [paper for paper, taken in papers_of(found).items() if not taken]
    if hoped_for and lacks:
        raise Refused(
            "papers-missing",
            f"资料还没有收齐：{'、'.join(lacks)}。请先记录收取，再办结。",
            clause(found),
        )


def _require_opened(found: ServiceOrder, hoped_for: bool) -> None:
    """What the order was to open besides itself is there: the listing, the finished repair."""
    if hoped_for and found.item.asks("listing") and not hasattr(found, "mandate"):
        raise Refused("no-mandate", "请先登记租售委托（挂牌），再办结需求单。")
    if (
        found.work_order
        and not WorkOrder.objects.filter(number=found.work_order, done_at__isnull=False).exists()
    ):
        raise Refused(
            "work-not-done", f"维修单 {found.work_order} 还没有完工和评分，完工后再办结。"
        )


def _told(found: ServiceOrder) -> dict[str, Any]:
    said = "，".join(filter(None, (found.result, found.result_note)))
    return {
        "order": found.number,
        "outcome": found.result,
        "told_to": found.told_to,
        "text": f"{found.item.title}：{said}",
    }


# --- The charge -----------------------------------------------------------------------------------


def _charge(found: ServiceOrder, by: Scope, at: datetime, happened: datetime | None) -> None:
    """What the customer agreed to, line by line, collected as the regulation says (S4-4.4.3c-1)."""
    require_consent(found.case, found.number, urgent=False)
    quotation = agreed_quotation(found.case, found.number)
    if quotation is None or not quotation.total:
        return
    rule = paid_work_rule(found.case)
    charge(
        case=found.case, subject=found.number, title=found.item.title,
        lines=[line.as_line for line in quotation.lines.all()],
        collect=rule[1].collect if rule else COLLECT, by=by, at=at, happened=happened,
    )  # fmt: skip


def _note_unbilled(found: ServiceOrder, reason: str, by: Scope, at: datetime) -> None:
    with acting(found.case, by=by, right="case.work", at=at) as act:
        act.write("noted", {"order": found.number, "text": f"不计费：{reason.strip()}", "tag": ""})


# --- The case -------------------------------------------------------------------------------------


def _finish_case(found: ServiceOrder, by: Scope, at: datetime, happened: datetime | None) -> None:
    case = found.case
    still_open = case.service_orders.filter(state__in=rules.OPEN).exists()
    if not still_open and case.kind == "special-service" and _may_be_done(case):
        report_done(
            case=case, by=by, at=at, text=f"{found.item.title}：{found.result}", happened=happened
        )


def _may_be_done(case: Case) -> bool:
    """Its life allows it, nothing else keeps it open, and no line is missing before."""
    entries = as_entries(journal(case))
    state = fold(entries)
    lines = checklist(rulebook(case.rulebook_id), entries, "done")
    return is_allowed(state, "done") and not state.holds and all(line.done for line in lines)
