"""The HTTP side of return visits, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import Staff
from shouwen.followup.actions.recording import Answer, attempt, record
from shouwen.followup.models import Visit
from shouwen.followup.queries import get_visit, visible_visits
from shouwen.rules.refused import Refused
from shouwen.web.http import (
    Code,
    Cursor,
    Id,
    Limit,
    Moment,
    Name,
    Order,
    Said,
    Short,
    Text,
    extra,
)

router = Router()
DUE = Order[Visit]("due_at")
Score = StrictBool | Annotated[StrictInt, Field(ge=-1_000_000, le=1_000_000)] | Short


class VisitAnswer(Schema):
    id: int
    case: str
    project: str
    round: int
    rule: str
    title: str
    clause: str
    kind: str
    state: str
    state_name: str
    after_at: datetime
    not_before: datetime
    due_at: datetime
    visitors: list[str]
    """Staff numbers."""
    tries: int
    """How often nobody was reached."""
    visited_at: datetime | None
    result: str
    opinion: str
    spoken_to: str
    mode: str
    scores: dict[str, bool | int | str]
    form_number: str


class VisitPage(Schema):
    items: list[VisitAnswer]
    next: str | None


def visit_answer(visit: Visit) -> VisitAnswer:
    return VisitAnswer(
        id=visit.pk,
        case=visit.case.number,
        project=visit.project.code,
        round=visit.round,
        rule=visit.rule,
        title=visit.title,
        clause=visit.clause,
        kind=visit.kind,
        state=visit.state,
        state_name=str(visit.get_state_display()),
        after_at=visit.after_at,
        not_before=visit.not_before,
        due_at=visit.due_at,
        visitors=[person.number for person in visit.visitors.all()],
        tries=len(visit.attempts.all()),
        visited_at=visit.visited_at,
        result=visit.result,
        opinion=visit.opinion,
        spoken_to=visit.spoken_to,
        mode=visit.mode,
        scores=dict(sorted(visit.scores.items())),
        form_number=visit.form_number,
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get("/visits", response=VisitPage, summary="回访清单", openapi_extra=extra("case.view"))
def list_visits(
    request: SignedInRequest,
    state: Literal["not-drawn", "planned", "done", "cancelled"] = "planned",
    project: Annotated[Code | None, Query()] = None,
    due_before: Annotated[Moment | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> VisitPage:
    """By the end of their window, the most urgent first."""
    request.scope.require("case.view")
    asked = {"project__code": project, "due_at__lt": due_before}
    rows = visible_visits(request.scope).filter(
        state=state, **{name: value for name, value in asked.items() if value}
    )
    related = rows.select_related("case", "project").prefetch_related("visitors", "attempts")
    visits, following = DUE.page(related, cursor, limit)
    return VisitPage(items=[visit_answer(visit) for visit in visits], next=following)


@router.get(
    "/visits/{id}", response=VisitAnswer, summary="一次回访", openapi_extra=extra("case.view")
)
def show_visit(request: SignedInRequest, id: Id) -> VisitAnswer:
    return visit_answer(get_visit(request.scope, id))


# --- Making them ----------------------------------------------------------------------------------


class Attempt(Said):
    outcome: Literal["no-answer", "not-home", "refused", "later"]
    note: Short = ""
    again_at: Moment | None = None
    happened: Moment | None = None


class Recorded(Said):
    result: Literal["satisfied", "partly", "unsatisfied"]
    opinion: Text = ""
    spoken_to: Name = ""
    mode: Annotated[Name, Field(max_length=12)] = "phone"
    scores: dict[Code, Score] = Field({}, max_length=50)
    visitors: list[Code] = Field([], max_length=10)
    """Staff numbers of who made the visit, when not the one whom the token stands for."""
    no_signature: Annotated[Short, Field(max_length=100)] = ""
    happened: Moment | None = None


@router.post(
    "/visits/{id}/attempt",
    response=VisitAnswer,
    summary="回访未成",
    openapi_extra=extra("visit.make"),
)
def try_visit(request: SignedInRequest, id: Id, body: Attempt) -> VisitAnswer:
    """Tried and reached nobody. The promise stays open."""
    visit = get_visit(request.scope, id)
    attempt(visit=visit, by=request.scope, at=request.at, **body.model_dump())
    return visit_answer(get_visit(request.scope, id))


@router.post(
    "/visits/{id}/record",
    response=VisitAnswer,
    summary="记录回访结果",
    openapi_extra=extra("visit.make"),
)
def record_visit(request: SignedInRequest, id: Id, body: Recorded) -> VisitAnswer:
    """Who is not satisfied, or only partly, has his matter opened again at once."""
    visit = get_visit(request.scope, id)
    said = body.model_dump(exclude={"visitors", "happened"})
    answer = Answer(**said, visitors=_people(body.visitors))
    record(visit=visit, answer=answer, by=request.scope, at=request.at, happened=body.happened)
    return visit_answer(get_visit(request.scope, id))


def _people(numbers: list[str]) -> list[Staff]:
    """The action says whether they may: somebody of another project is not found there."""
    found = {p.number: p for p in Staff.objects.filter(number__in=numbers, is_active=True)}
    if len(found) < len(set(numbers)):
        raise Refused("not-found", "这个人不在本项目，不能回访。", field="visitors")
    return list(found.values())
