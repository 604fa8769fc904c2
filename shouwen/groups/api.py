"""The HTTP side of groups, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case, visible_cases
from shouwen.groups.actions.answering import answer_all
from shouwen.groups.actions.grouping import join, leave, open_matter
from shouwen.groups.index import likest
from shouwen.groups.models import GroupMatter
from shouwen.groups.queries import get_matter, members, statement_of, visible_matters
from shouwen.rules.refused import Refused
from shouwen.web.http import Code, Cursor, Limit, Number, Order, Said, Short, Text, extra

router = Router()
OPENED = Order[GroupMatter]("opened_at", descending=True)


class GroupAnswer(Schema):
    number: str
    project: str
    title: str
    opened_at: datetime
    households: int
    complaining: int
    """Households to whom the rule on the threshold speaks."""
    major_at: datetime | None
    statement_due_at: datetime | None
    speaker: str
    """Staff number of who alone answers; empty while anybody may."""
    closed_at: datetime | None


class GroupPage(Schema):
    items: list[GroupAnswer]
    next: str | None


class GroupDetail(GroupAnswer):
    cases: list[str]
    """Of its cases those that the caller may see."""
    statement: str
    """The wording that holds; empty while none is approved."""


class AlikeAnswer(Schema):
    case: str
    score: float
    why: str


class AlikeList(Schema):
    items: list[AlikeAnswer]


def group_answer(matter: GroupMatter) -> GroupAnswer:
    return GroupAnswer(
        number=matter.number,
        project=matter.project.code,
        title=matter.title,
        opened_at=matter.opened_at,
        households=matter.households,
        complaining=matter.complaining,
        major_at=matter.major_at,
        statement_due_at=matter.statement_due_at,
        speaker=matter.speaker.number if matter.speaker else "",
        closed_at=matter.closed_at,
    )


def _detail(request: SignedInRequest, number: str) -> GroupDetail:
    matter = get_matter(request.scope, number)
    ids = [member.case_id for member in members(matter)]
    seen = visible_cases(request.scope).filter(pk__in=ids).order_by("opened_at", "pk")
    said = statement_of(matter)
    return GroupDetail(
        **group_answer(matter).model_dump(),
        cases=list(seen.values_list("number", flat=True)),
        statement=said.text if said else "",
    )


# --- Reading --------------------------------------------------------------------------------------


@router.get("/groups", response=GroupPage, summary="群体事项", openapi_extra=extra("case.view"))
def list_groups(
    request: SignedInRequest,
    state: Literal["open", "ended"] = "open",
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> GroupPage:
    """The last opened first."""
    request.scope.require("case.view")
    rows = visible_matters(request.scope).filter(closed_at__isnull=state == "open")
    if project:
        rows = rows.filter(project__code=project)
    found, following = OPENED.page(rows.select_related("project", "speaker"), cursor, limit)
    return GroupPage(items=[group_answer(matter) for matter in found], next=following)


@router.get(
    "/groups/{number}", response=GroupDetail, summary="一个群体事项",
    openapi_extra=extra("case.view"),
)  # fmt: skip
def show_group(request: SignedInRequest, number: Number) -> GroupDetail:
    return _detail(request, number)


@router.get(
    "/cases/{number}/alike", response=AlikeList, summary="同类诉求",
    openapi_extra=extra("case.view"),
)  # fmt: skip
def list_alike(request: SignedInRequest, number: Number) -> AlikeList:
    """The likest cases before this one, open and past, the likest first, and why."""
    case = get_case(request.scope, number)
    found = likest(case.project, case.text, kind=case.kind, unit=case.unit, before=case, most=10)
    ids = [one.case.pk for one in found]
    seen = set(visible_cases(request.scope).filter(pk__in=ids).values_list("pk", flat=True))
    items = [
        AlikeAnswer(case=one.case.number, score=round(one.likeness.score, 3), why=one.likeness.why)
        for one in found
        if one.case.pk in seen
    ]
    return AlikeList(items=items)


# --- Writing --------------------------------------------------------------------------------------


class NewGroup(Said):
    title: Annotated[Short, Field(max_length=80)]
    cases: list[Code] = Field(max_length=200)


class Joining(Said):
    cases: list[Code] = Field(max_length=200)
    why: Short = ""


class Leaving(Said):
    case: Code
    why: Short


class ToAll(Said):
    text: Text
    channel: Literal["phone", "sms", "wechat", "notice", "visit"]
    cases: list[Code] = Field([], max_length=200)
    """Empty: every case of the group."""
    result: bool = False


class ToldAll(Schema):
    told: list[str]
    refused: dict[str, str]
    """Cases that were not answered, each with the reason."""


def _cases(request: SignedInRequest, numbers: list[str]) -> list[Case]:
    rows = visible_cases(request.scope).filter(number__in=numbers)
    found = {case.number: case for case in rows.select_related("project", "merged_into")}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise Refused("not-found", f"没有找到：{'、'.join(missing[:5])}", field="cases")
    return [found[number] for number in dict.fromkeys(numbers)]


@router.post(
    "/groups", response={201: GroupDetail}, summary="建立群体事项",
    openapi_extra=extra("case.classify"),
)  # fmt: skip
def open_group(request: SignedInRequest, body: NewGroup) -> tuple[int, GroupDetail]:
    request.scope.require("case.classify")
    cases = _cases(request, body.cases)
    matter = open_matter(cases=cases, title=body.title, by=request.scope, at=request.at)
    return 201, _detail(request, matter.number)


@router.post(
    "/groups/{number}/join", response=GroupDetail, summary="归入诉求",
    openapi_extra=extra("case.classify"),
)  # fmt: skip
def join_group(request: SignedInRequest, number: Number, body: Joining) -> GroupDetail:
    matter = get_matter(request.scope, number)
    request.scope.require("case.classify", matter.project)
    cases = _cases(request, body.cases)
    join(matter=matter, cases=cases, why=body.why, by=request.scope, at=request.at)
    return _detail(request, number)


@router.post(
    "/groups/{number}/leave", response=GroupDetail, summary="移出一件",
    openapi_extra=extra("case.classify"),
)  # fmt: skip
def leave_group(request: SignedInRequest, number: Number, body: Leaving) -> GroupDetail:
    matter = get_matter(request.scope, number)
    request.scope.require("case.classify", matter.project)
    (case,) = _cases(request, [body.case])
    leave(matter=matter, case=case, why=body.why, by=request.scope, at=request.at)
    return _detail(request, number)


@router.post(
    "/groups/{number}/answer", response=ToldAll, summary="统一回复",
    openapi_extra=extra("case.feed-back"),
)  # fmt: skip
def answer_group(request: SignedInRequest, number: Number, body: ToAll) -> ToldAll:
    """One answer to many households, a record on each case. What one refuses holds up no other."""
    matter = get_matter(request.scope, number)
    request.scope.require("case.feed-back", matter.project)
    chosen = body.cases or [member.case.number for member in members(matter)]
    outcome = answer_all(
        matter=matter, cases=_cases(request, chosen), text=body.text, channel=body.channel,
        result=body.result, by=request.scope, at=request.at,
    )  # fmt: skip
    return ToldAll(
        told=[case.number for case in outcome.told],
        refused={case.number: why for case, why in outcome.refused},
    )
