"""The HTTP side of what the levels hand over and ask, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field, TypeAdapter, ValidationError

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases.queries import get_case
from shouwen.rules.matters import DETAILS, KINDS
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.asking import answer, ask
from shouwen.supervision.actions.handing import RIGHT, hand_down, hand_up, reply_up
from shouwen.supervision.models import Matter
from shouwen.supervision.queries import get_matter, open_matters, visible_matters
from shouwen.web.http import (
    Code,
    Cursor,
    Limit,
    Moment,
    Name,
    Number,
    Order,
    Said,
    Text,
    extra,
)

router = Router()
ASKED_AT = Order[Matter]("at", descending=True)
RELATED = ("case", "project", "from_unit", "to_unit", "department", "by", "answered_by")
Details = dict[Code, Text]
MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


class MatterAnswer(Schema):
    number: str
    case: str
    project: str
    kind: str
    title: str
    clause: str
    from_unit: str
    to_unit: str
    """Codes of units of the tree."""
    department: str
    sender_number: str
    text: str
    details: dict[str, str]
    asked_by: str
    asked_at: datetime
    due_at: datetime | None
    reply_owed: bool
    answered_by: str
    answered_at: datetime | None
    answer: str
    answers: dict[str, str]


class MatterPage(Schema):
    items: list[MatterAnswer]
    next: str | None


class Questions(Schema):
    """One, or one for each department that was asked."""

    items: list[MatterAnswer]


def matter_answer(matter: Matter) -> MatterAnswer:
    return MatterAnswer(
        number=matter.number,
        case=matter.case.number,
        project=matter.project.code,
        kind=matter.kind,
        title=matter.title,
        clause=matter.clause,
        from_unit=matter.from_unit.code,
        to_unit=matter.to_unit.code,
        department=matter.department.code if matter.department else "",
        sender_number=matter.sender_number,
        text=matter.text,
        details=dict(sorted(matter.details.items())),
        asked_by=matter.by.number,
        asked_at=matter.at,
        due_at=matter.due_at,
        reply_owed=matter.reply_owed,
        answered_by=matter.answered_by.number if matter.answered_by else "",
        answered_at=matter.answered_at,
        answer=matter.answer,
        answers=dict(sorted(matter.answers.items())),
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get("/matters", response=MatterPage, summary="督办与请示", openapi_extra=extra("case.view"))
def list_matters(
    request: SignedInRequest,
    owed_by: Annotated[Code | None, Query()] = None,
    owed_to: Annotated[Code | None, Query()] = None,
    open: bool = True,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> MatterPage:
    """What the levels owe each other, the last first; by the codes of the units if asked."""
    request.scope.require("case.view")
    rows = open_matters(request.scope) if open else visible_matters(request.scope)
    asked = {"to_unit__code": owed_by, "from_unit__code": owed_to}
    rows = rows.filter(**{name: code for name, code in asked.items() if code})
    found, following = ASKED_AT.page(rows.select_related(*RELATED), cursor, limit)
    return MatterPage(items=[matter_answer(matter) for matter in found], next=following)


@router.get(
    "/matters/{number}", response=MatterAnswer, summary="一件督办或请示",
    openapi_extra=extra("case.view"),
)  # fmt: skip
def show_matter(request: SignedInRequest, number: Number) -> MatterAnswer:
    return matter_answer(get_matter(request.scope, number))


# --- Handing, asking, answering -------------------------------------------------------------------


class Handed(Said):
    to: Code | None = None
    """Code of the company or project below; without it the case goes to the level above."""
    text: Text
    due: Moment | None = None
    sender_number: Name = ""
    reply_owed: bool = True
    happened: Moment | None = None


class Asked(Said):
    kind: Code
    text: Text
    departments: list[Code] = Field([], max_length=20)
    details: Details = Field({}, max_length=10)
    happened: Moment | None = None


class AnsweredMatter(Said):
    text: Text
    department: Code | None = None
    details: Details = Field({}, max_length=10)
    happened: Moment | None = None


@router.post(
    "/cases/{number}/hand", response=MatterAnswer, summary="交办、上报", openapi_extra=extra(RIGHT)
)
def hand_over(request: SignedInRequest, number: Number, body: Handed) -> MatterAnswer:
    """Down to a level that is named, or up to the next."""
    case = get_case(request.scope, number)
    request.scope.require(RIGHT, case.project)
    said: dict[str, Any] = body.model_dump(exclude={"to"})
    acting: dict[str, Any] = {"case": case, "by": request.scope, "at": request.at, **said}
    if body.to is None:
        return matter_answer(hand_up(**acting))
    return matter_answer(hand_down(to=_unit(body.to, "to"), **acting))


@router.post(
    "/cases/{number}/ask", response=Questions, summary="督办、请示",
    openapi_extra=extra("case.work"),
)  # fmt: skip
def ask_about(request: SignedInRequest, number: Number, body: Asked) -> Questions:
    """The kinds are those of the case's regulations; some want another right than this."""
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    asked = ask(
        case=case, kind=body.kind, text=body.text, details=_typed(body.details),
        departments=[_unit(code, "departments") for code in body.departments],
        by=request.scope, at=request.at, happened=body.happened,
    )  # fmt: skip
    return Questions(items=[matter_answer(matter) for matter in asked])


@router.post(
    "/matters/{number}/answer", response=MatterAnswer, summary="答复交办、督办、请示",
    openapi_extra=extra("case.work"),
)  # fmt: skip
def answer_matter(request: SignedInRequest, number: Number, body: AnsweredMatter) -> MatterAnswer:
    matter = get_matter(request.scope, number)
    right = KINDS[matter.kind].answered_by if matter.kind in KINDS else "case.work"
    request.scope.require(right, matter.to_unit)
    acting: dict[str, Any] = {"matter": matter, "by": request.scope, "at": request.at}
    acting |= {"text": body.text, "happened": body.happened}
    if matter.is_handing:
        reply_up(**acting)
    else:
        place = _unit(body.department, "department") if body.department else None
        answer(**acting, details=_typed(body.details), department=place)
    return matter_answer(get_matter(request.scope, number))


def _unit(code: str, field: str) -> OrgUnit:
    """The action says whether it is one of this case's."""
    found = OrgUnit.objects.filter(code=code, closed_at=None).first()
    if found is None:
        raise Refused("not-found", "没有找到这个单位，请核对代码。", field=field)
    return found


def _typed(details: Details) -> dict[str, Any]:
    """Moments as moments; a name that we do not know is an error and not overheard."""
    unknown = [name for name in details if name not in DETAILS or name == "department"]
    if unknown:
        raise Refused("unknown-detail", "没有这一项，请看接口说明。", field=unknown[0])
    return {name: _value(name, value) for name, value in details.items()}


def _value(name: str, value: str) -> str | datetime:
    if DETAILS[name].shape != "moment":
        return value
    try:
        return MOMENT.validate_python(value)
    except ValidationError:
        sentence = "时间要带时区，例如 2026-11-19T16:00:00+08:00。"
        raise Refused("not-a-moment", sentence, field=name) from None
