"""The HTTP side of grades, major events and early warnings, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, get_case, journal
from shouwen.majors.actions import grading
from shouwen.majors.models import SECTIONS, EarlyWarning, MajorEvent, Sending
from shouwen.majors.queries import (
    event_of,
    get_event,
    open_points,
    visible_events,
    visible_warnings,
)
from shouwen.rules.grades import AXIS, open_downgrade, open_proposal
from shouwen.web.http import Code, Cursor, Limit, Name, Number, Order, Said, Text, extra

router = Router()
OPENED = Order[MajorEvent]("opened_at", descending=True)
RAISED = Order[EarlyWarning]("raised_at", descending=True)


# --- Grades ---------------------------------------------------------------------------------------


class Criterion(Schema):
    """One criterion that speaks for a graver grade."""

    id: str
    title: str
    clause: str
    words: str


class GradeAnswer(Schema):
    case: str
    grade: str
    proposed: str
    """The grade that is proposed and not ruled on; empty when there is none."""
    criteria: list[Criterion]
    lowering_to: str
    """The lower grade that was asked for and not ruled on."""
    event: str
    """Number of the open major event."""


class CriteriaJudged(Said):
    """What was found about the criteria, by the ids of their rules."""

    judged: list[Code] = Field([], max_length=20)
    claim: Name = ""
    households: Annotated[int, Field(ge=0, le=9999)] = 0


class GradeRuled(Said):
    grade: Code
    reason: Text


class LoweringRuled(Said):
    ok: bool
    reason: Text


def grade_answer(case: Case) -> GradeAnswer:
    entries, rules = as_entries(journal(case)), rulebook(case.rulebook_id)
    proposed, lowering = open_proposal(entries, rules, case.facts), open_downgrade(entries)
    event = event_of(case)
    return GradeAnswer(
        case=case.number,
        grade=str(case.facts.get(AXIS) or ""),
        proposed=proposed.data["grade"] if proposed else "",
        criteria=[Criterion(**rule) for rule in proposed.data["rules"]] if proposed else [],
        lowering_to=lowering.data["to"] if lowering else "",
        event=event.number if event else "",
    )


@router.get(
    "/cases/{number}/grade", response=GradeAnswer, summary="投诉程度",
    openapi_extra=extra("case.view"),
)  # fmt: skip
def show_grade(request: SignedInRequest, number: Number) -> GradeAnswer:
    """The grade, what speaks for a graver one, and what waits for a ruling."""
    return grade_answer(get_case(request.scope, number))


@router.post(
    "/cases/{number}/grade/judge", response=GradeAnswer, summary="核对定级情形",
    openapi_extra=extra("case.classify"),
)  # fmt: skip
def judge_grade(request: SignedInRequest, number: Number, body: CriteriaJudged) -> GradeAnswer:
    """What somebody found; a criterion that decides sets the grade at once."""
    case = get_case(request.scope, number)
    grading.answer(
        case=case, judged=dict.fromkeys(body.judged, True), claim=body.claim,
        households=body.households, by=request.scope, at=request.at,
    )  # fmt: skip
    return grade_answer(get_case(request.scope, number))


@router.post(
    "/cases/{number}/grade/rule", response=GradeAnswer, summary="裁定投诉程度",
    openapi_extra=extra("case.classify"),
)  # fmt: skip
def rule_grade(request: SignedInRequest, number: Number, body: GradeRuled) -> GradeAnswer:
    """As it is or graver; never by the department complained about."""
    case = get_case(request.scope, number)
    grading.rule_grade(case=case, by=request.scope, at=request.at, **body.model_dump())
    return grade_answer(case)


@router.post(
    "/cases/{number}/grade/lower", response=GradeAnswer, summary="申请降级",
    openapi_extra=extra("case.classify"),
)  # fmt: skip
def ask_downgrade(request: SignedInRequest, number: Number, body: GradeRuled) -> GradeAnswer:
    """It stays as it is until somebody above has approved."""
    case = get_case(request.scope, number)
    grading.ask_downgrade(case=case, by=request.scope, at=request.at, **body.model_dump())
    return grade_answer(case)


@router.post(
    "/cases/{number}/grade/approve", response=GradeAnswer, summary="裁定降级",
    openapi_extra=extra("case.rule"),
)  # fmt: skip
def rule_downgrade(request: SignedInRequest, number: Number, body: LoweringRuled) -> GradeAnswer:
    """By somebody higher in the reporting line than who asked."""
    case = get_case(request.scope, number)
    grading.rule_downgrade(case=case, by=request.scope, at=request.at, **body.model_dump())
    return grade_answer(case)


# --- Events ---------------------------------------------------------------------------------------


class SendingAnswer(Schema):
    name: str
    what: str
    clause: str
    due_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    received_by: str


class EventAnswer(Schema):
    number: str
    project: str
    title: str
    case: str
    group: str
    grade: str
    type: str
    cause: str
    reason: str
    clause: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    report: dict[str, str]
    """The four sections by their codes."""
    told: list[SendingAnswer]
    missing: list[str]
    """What must be there before it is over."""


class EventPage(Schema):
    items: list[EventAnswer]
    next: str | None


def _told(row: Sending) -> SendingAnswer:
    return SendingAnswer(
        name=row.name, what=row.what, clause=row.clause, due_at=row.due_at, sent_at=row.sent_at,
        received_at=row.received_at, received_by=row.received_by,
    )  # fmt: skip


def event_answer(event: MajorEvent) -> EventAnswer:
    return EventAnswer(
        number=event.number,
        project=event.project.code,
        title=event.title,
        case=event.case.number if event.case else "",
        group=event.group_number,
        grade=event.grade,
        type=event.event_type,
        cause=event.cause,
        reason=event.reason,
        clause=event.clause,
        state=event.state,
        opened_at=event.opened_at,
        closed_at=event.closed_at,
        report={name: getattr(event, name) for name in SECTIONS},
        told=[_told(row) for row in event.sendings.all()],
        missing=[point.title for point in open_points(event) if not point.done],
    )


@router.get("/majors", response=EventPage, summary="重大事件", openapi_extra=extra("case.view"))
def list_majors(
    request: SignedInRequest,
    state: Literal["open", "closed"] = "open",
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 20,
) -> EventPage:
    """The newest first."""
    request.scope.require("case.view")
    rows = visible_events(request.scope).filter(state=state)
    rows = rows.filter(project__code=project) if project else rows
    related = rows.select_related("case", "project").prefetch_related("sendings")
    found, following = OPENED.page(related, cursor, limit)
    return EventPage(items=[event_answer(event) for event in found], next=following)


@router.get(
    "/majors/{number}", response=EventAnswer, summary="一件重大事件",
    openapi_extra=extra("case.view"),
)  # fmt: skip
def show_major(request: SignedInRequest, number: Number) -> EventAnswer:
    return event_answer(get_event(request.scope, number))


# --- Warnings -------------------------------------------------------------------------------------


class WarningAnswer(Schema):
    id: int
    project: str
    rule: str
    title: str
    clause: str
    words: str
    cases: list[str]
    raised_at: datetime
    due_at: datetime
    responder: str
    """Staff number of the person who must respond."""
    answered_at: datetime | None
    response: str


class WarningPage(Schema):
    items: list[WarningAnswer]
    next: str | None


@router.get("/warnings", response=WarningPage, summary="投诉预警", openapi_extra=extra("case.view"))
def list_warnings(
    request: SignedInRequest, open: bool = True, cursor: Cursor = "", limit: Limit = 50
) -> WarningPage:
    """Those that nobody has responded to, or all others; the newest first."""
    request.scope.require("case.view")
    rows = visible_warnings(request.scope).filter(answered_at__isnull=open)
    found, following = RAISED.page(rows, cursor, limit)
    return WarningPage(items=[_warning(row) for row in found], next=following)


def _warning(row: EarlyWarning) -> WarningAnswer:
    return WarningAnswer(
        id=row.pk,
        project=row.project.code,
        rule=row.rule,
        title=row.title,
        clause=row.clause,
        words=row.words,
        cases=row.cases,
        raised_at=row.raised_at,
        due_at=row.due_at,
        responder=row.responder.number if row.responder else "",
        answered_at=row.answered_at,
        response=row.response,
    )
