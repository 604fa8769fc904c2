"""Making return visits: tried in vain, recorded, and what comes of what the customer said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.closing import record_visit, write_visit_event
from shouwen.cases.actions.contacting import agree_promise
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.linking import link
from shouwen.cases.models import Attachment, Case
from shouwen.followup.actions.planning import locked, require_people
from shouwen.followup.models import Visit, VisitAttempt, VisitItem
from shouwen.followup.queries import handlers_of, rule_of
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.lifecycle import CLOSED, DONE, FED_BACK
from shouwen.rules.refused import Refused
from shouwen.rules.visits import REOPENS

RESULTS = dict(Visit._meta.get_field("result").choices or ())
OUTCOMES = dict(VisitAttempt._meta.get_field("outcome").choices or ())
MODES = {
    "phone": "电话",
    "meet": "面谈",
    "home": "上门",
    "site": "现场查看",
    "message": "短信或微信",
}


def attempt(
    *,
    visit: Visit,
    by: Scope,
    at: datetime,
    outcome: str,
    note: str = "",
    again_at: datetime | None = None,
    happened: datetime | None = None,
) -> VisitAttempt:
    """Tried and reached nobody. The promise stays open."""
    by.require("visit.make", visit.project)
    if outcome not in OUTCOMES:
        raise Refused("unknown-outcome", "请选这次为什么没有访成。", field="outcome")
    if outcome == "later" and again_at is None:
        raise Refused("no-time", "约好再访，请填约定的时间。", field="again_at")
    if again_at and again_at <= at:
        raise Refused("in-the-past", "约定的时间要晚于现在。", field="again_at")
    with transaction.atomic():
        visit = locked(visit)
        _require_waiting(visit)
        data = {
            "rule": visit.rule,
            "outcome": outcome,
            "text": note.strip(),
            "again_at": again_at.isoformat() if again_at else "",
        }
        write_visit_event(case=visit.case, verb="visit-attempted", by=by, at=at, data=data)
        return VisitAttempt.objects.create(
            visit=visit,
            at=happened or at,
            by=by.staff,
            outcome=outcome,
            note=note.strip()[:200],
            again_at=again_at,
        )


def _require_waiting(visit: Visit) -> None:
    if visit.state == Visit.State.NOT_DRAWN:
        raise Refused("not-drawn", "这件事没有抽中回访；需要回访请先加入名单。")
    if visit.state == Visit.State.CANCELLED or visit.round != visit.case.round:
        raise Refused("called-off", "这件事已重新打开、作废或并入，这一次不再回访。")
    if visit.state == Visit.State.DONE:
        raise Refused("visited-already", "这次回访已经有结果。")


@dataclass(frozen=True)
class Said:
    """One opinion or question: answered at once, or an answer promised by a time, or kept open."""

    text: str
    answer: str = ""
    reply_by: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What the customer said."""

    result: str
    """satisfied, partly, unsatisfied"""
    opinion: str = ""
    spoken_to: str = ""
    mode: str = "phone"
    scores: Mapping[str, Any] = field(default_factory=dict)
    visitors: Sequence[Staff] = ()
    """Who made the visit, when not the one who types it."""
    signature: Attachment | None = None
    no_signature: str = ""
    items: Sequence[Said] = ()


def record(
    *,
    visit: Visit,
    answer: Answer,
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> Visit:
    """Record a return visit. Who is not satisfied, or only partly, has his matter opened again in
    the same transaction; a question that waits for its answer becomes a case with that promise."""
    by.require("visit.make", visit.project)
    with transaction.atomic():
        visit = locked(visit)
        _require_waiting(visit)
        rule, visitors = rule_of(visit), list(answer.visitors) or [by.staff]
        _require_typist(rule, visit, by)
        require_people(rule, visit, visitors, visit.assigned_by, at)
        _require_answer(rule, answer, at)
        _store(visit, answer, visitors, by, _moment(visit, happened, at))
        case = record_visit(
            case=visit.case,
            by=by,
            at=at,
            happened=visit.visited_at,
            said_by=answer.spoken_to[:60],
            data=_entry(visit, answer, visitors),
            reopen_because=_why_reopened(visit, answer),
        )
        for said in answer.items:
            _keep_item(visit, case, said, by, at)
    return visit


def _moment(visit: Visit, happened: datetime | None, at: datetime) -> datetime:
    """When it was made: not in the future, and not before the window opens. Forms know minutes,
    so the minute in which the work was done is late enough."""
    moment = happened or at
    if moment > at:
        raise Refused("in-the-future", "回访时间不能晚于现在。", visit.clause, "happened")
    if moment < visit.not_before.replace(second=0, microsecond=0):
        opens = localtime(visit.not_before)
        raise Refused(
            "too-early",
            f"这项回访要在 {opens:%Y-%m-%d %H:%M} 以后进行，在此之前的回访不算数。",
            visit.clause,
            "happened",
        )
    return max(moment, visit.not_before)


def _require_typist(rule: ReturnVisit, visit: Visit, by: Scope) -> None:
    """Else a handler would type in his own praise under another's name."""
    if rule.never_by == "handler" and by.staff.number in handlers_of(visit):
        raise Refused(
            "own-work", "处理人不能录入自己办的事项的回访，请回访人自己录入。", rule.clause
        )


def _require_answer(rule: ReturnVisit, answer: Answer, at: datetime) -> None:
    if answer.result not in RESULTS:
        raise Refused("no-result", "请选客户的评价。", rule.clause, "result")
    if answer.result in REOPENS and not answer.opinion.strip():
        raise Refused("no-opinion", "客户不满意，请写下还有什么没解决。", rule.clause, "opinion")
    _require_form(rule, answer)
    for said in answer.items:
        if said.reply_by and said.reply_by <= at:
            raise Refused("in-the-past", "约定答复的时间要晚于现在。", rule.clause, "items")


def _require_form(rule: ReturnVisit, answer: Answer) -> None:
    """How the rule wants it done: mode, scores, signature."""
    if rule.modes and answer.mode not in rule.modes:
        names = "或".join(MODES[mode] for mode in rule.modes)
        raise Refused("wrong-mode", f"制度规定的回访方式是{names}。", rule.clause, "mode")
    for score in rule.scores:
        if score.required and answer.scores.get(score.id) in (None, ""):
            raise Refused("no-score", f"请填“{score.title}”。", rule.clause, f"score-{score.id}")
    if rule.proof == "signature" and not (answer.signature or answer.no_signature.strip()):
        raise Refused(
            "no-signature", "请附客户签名，没有签名要写明原因。", rule.clause, "no_signature"
        )


def _store(
    visit: Visit, answer: Answer, visitors: Sequence[Staff], by: Scope, visited_at: datetime
) -> None:
    visit.state, visit.visited_at, visit.typed_by = Visit.State.DONE, visited_at, by.staff
    visit.result, visit.opinion, visit.mode = answer.result, answer.opinion.strip(), answer.mode
    visit.spoken_to, visit.scores = answer.spoken_to.strip()[:60], dict(answer.scores)
    visit.signature, visit.no_signature = answer.signature, answer.no_signature.strip()[:100]
    visit.save()
    visit.visitors.set(visitors)


def _entry(visit: Visit, answer: Answer, visitors: Sequence[Staff]) -> dict[str, Any]:
    return {
        "rule": visit.rule,
        "result": visit.result,
        "text": visit.opinion,
        "mode": visit.mode,
        "phase": "after",
        "form": visit.form_number,
        "visitors": [person.number for person in visitors],
        "scores": visit.scores,
        "signed": visit.signature is not None,
        "no_signature": visit.no_signature,
    }


def _why_reopened(visit: Visit, answer: Answer) -> str:
    if answer.result not in REOPENS or visit.case.status not in (DONE, FED_BACK, CLOSED):
        return ""
    return f"回访{RESULTS[answer.result]}：{answer.opinion.strip()}"


# --- What was said besides ------------------------------------------------------------------------


def _keep_item(visit: Visit, case: Case, said: Said, by: Scope, at: datetime) -> None:
    item = VisitItem.objects.create(
        visit=visit, text=said.text.strip(), answer=said.answer.strip()[:200],
        reply_by=said.reply_by,
    )  # fmt: skip
    if said.reply_by and not item.answer:
        opened = open_item(item=item, by=by, at=at)
        agree_promise(
            case=opened,
            by=by,
            at=at,
            until=said.reply_by,
            consent_by=visit.spoken_to or case.customer_name or "客户",
            text=item.text,
        )


def open_item(*, item: VisitItem, by: Scope, at: datetime) -> Case:
    """An opinion becomes a case of its own, told at the visit, linked with the case visited."""
    with transaction.atomic():
        visit = item.visit
        item = VisitItem.objects.select_for_update().get(pk=item.pk)
        if not item.is_open:
            raise Refused("settled-already", "这条意见已经有着落。")
        case = visit.case
        item.case = register(
            project=visit.project, told=_told(visit, item), by=by, at=at, happened=visit.visited_at
        )
        item.save(update_fields=["case"])
        link(case=case, other=item.case, by=by, at=at)
    return item.case


def _told(visit: Visit, item: VisitItem) -> Told:
    case = visit.case
    return Told(
        text=item.text,
        source="visit",
        name=visit.spoken_to or case.customer_name,
        phone=case.customer_phone,
        address=case.address,
        unit=case.unit,
        customer=case.customer,
        heard_by="、".join(person.name for person in visit.visitors.all()),
        heard_at=visit.visited_at,
        previous=case.contact,
    )


def visit_during(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    opinion: str,
    spoken_to: str = "",
    mode: str = "phone",
    happened: datetime | None = None,
) -> Case:
    """Asked while the work goes on (过程中): on record, and in no rate (S4-3.7-1)."""
    if not opinion.strip():
        raise Refused("no-opinion", "请写下客户说了什么。", field="opinion")
    if case.status in (DONE, FED_BACK, CLOSED):
        raise Refused("work-is-done", "工作已经完成，请从回访清单中记录这次回访。")
    return record_visit(
        case=case,
        by=by,
        at=at,
        happened=happened,
        said_by=spoken_to[:60],
        data={"rule": "", "phase": "during", "mode": mode, "text": opinion.strip()},
    )
