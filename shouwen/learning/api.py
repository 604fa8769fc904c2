"""The HTTP side of what is learned, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.learning.actions.suggesting import decide
from shouwen.learning.models import Correction, Suggestion
from shouwen.learning.queries import (
    get_correction,
    get_suggestion,
    visible_corrections,
    visible_suggestions,
)
from shouwen.web.http import Code, Cursor, Limit, Number, Order, Said, Text, extra

router = Router()
FOUND = Order[Correction]("found_at", descending=True)
RECEIVED = Order[Suggestion]("received_at", descending=True)


# --- Corrections ----------------------------------------------------------------------------------


class CorrectionAnswer(Schema):
    number: str
    project: str
    trigger: str
    trigger_name: str
    state: str
    state_name: str
    title: str
    problem: str
    clause: str
    round: int
    owner: str
    """Staff number; empty until it is opened."""
    found_at: datetime
    due_at: datetime | None
    check_due_at: datetime | None
    closed_at: datetime | None
    cause: str
    measure: str
    prevention: str


class CorrectionPage(Schema):
    items: list[CorrectionAnswer]
    next: str | None


def correction_answer(row: Correction) -> CorrectionAnswer:
    return CorrectionAnswer(
        number=row.number,
        project=row.project.code,
        trigger=row.trigger,
        trigger_name=str(row.get_trigger_display()),
        state=row.state,
        state_name=str(row.get_state_display()),
        title=row.title,
        problem=row.problem,
        clause=row.clause,
        round=row.round,
        owner=row.owner.number if row.owner else "",
        found_at=row.found_at,
        due_at=row.due_at,
        check_due_at=row.check_due_at,
        closed_at=row.closed_at,
        cause=row.cause,
        measure=row.measure,
        prevention=row.prevention,
    )


@router.get(
    "/corrections", response=CorrectionPage, summary="纠正预防", openapi_extra=extra("case.view")
)
def list_corrections(
    request: SignedInRequest,
    state: Literal["proposed", "running", "done", "verified", "closed", "dismissed"] = "running",
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> CorrectionPage:
    """The newest first."""
    request.scope.require("case.view")
    rows = visible_corrections(request.scope).filter(state=state)
    rows = rows.filter(project__code=project) if project else rows
    found, following = FOUND.page(rows.select_related("project", "owner"), cursor, limit)
    return CorrectionPage(items=[correction_answer(row) for row in found], next=following)


@router.get(
    "/corrections/{number}",
    response=CorrectionAnswer,
    summary="一项纠正预防",
    openapi_extra=extra("case.view"),
)
def show_correction(request: SignedInRequest, number: Number) -> CorrectionAnswer:
    return correction_answer(get_correction(request.scope, number))


# --- Suggestions ----------------------------------------------------------------------------------


class SuggestionAnswer(Schema):
    case: str
    project: str
    received_at: datetime
    told_at: datetime | None
    decision: str
    reason: str
    plan: str
    decided_at: datetime | None
    answered_at: datetime | None
    posted_at: datetime | None


class SuggestionPage(Schema):
    items: list[SuggestionAnswer]
    next: str | None


class DecidedWish(Said):
    decision: Literal["adopted", "planned", "declined"]
    reason: Text = ""
    plan: Text = ""


def suggestion_answer(row: Suggestion) -> SuggestionAnswer:
    return SuggestionAnswer(
        case=row.case.number,
        project=row.project.code,
        received_at=row.received_at,
        told_at=row.told_at,
        decision=row.decision,
        reason=row.reason,
        plan=row.plan,
        decided_at=row.decided_at,
        answered_at=row.answered_at,
        posted_at=row.posted_at,
    )


@router.get(
    "/suggestions", response=SuggestionPage, summary="建议", openapi_extra=extra("case.view")
)
def list_suggestions(
    request: SignedInRequest,
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> SuggestionPage:
    """The newest first."""
    request.scope.require("case.view")
    rows = visible_suggestions(request.scope)
    rows = rows.filter(project__code=project) if project else rows
    found, following = RECEIVED.page(rows.select_related("project", "case"), cursor, limit)
    return SuggestionPage(items=[suggestion_answer(row) for row in found], next=following)


@router.post(
    "/suggestions/{number}/decide",
    response=SuggestionAnswer,
    summary="决定建议采纳与否",
    openapi_extra=extra("case.rule"),
)
def decide_suggestion(
    request: SignedInRequest, number: Number, body: DecidedWish
) -> SuggestionAnswer:
    """By the number of its case. From then on the resident is to be told."""
    found = get_suggestion(request.scope, number)
    request.scope.require("case.rule", found.project)
    decide(suggestion=found, by=request.scope, at=request.at, **body.model_dump())
    return suggestion_answer(get_suggestion(request.scope, number))
