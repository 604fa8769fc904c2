"""The HTTP side of what lies outside, mounted by `shouwen.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.queries import get_case
from shouwen.outside.actions import referring
from shouwen.outside.models import Party, Referral
from shouwen.outside.queries import (
    get_referral,
    legs_of,
    parties_of,
    step_named,
    visible_parties,
    visible_referrals,
)
from shouwen.rules.refused import Refused
from shouwen.web.http import Code, Cursor, Limit, Moment, Name, Number, Order, Said, Text, extra

router = Router()
OPENED = Order[Referral]("opened_at", descending=True)


class PartyAnswer(Schema):
    id: int
    project: str
    name: str
    kind: str
    contact: str
    days: int
    """Working days that it takes to answer."""
    active: bool


class Parties(Schema):
    items: list[PartyAnswer]


class ReferralAnswer(Schema):
    number: str
    case: str
    project: str
    path: str
    title: str
    clause: str
    party: str
    problem: str
    wanted: str
    state: str
    opened_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    """When the party outside is to answer."""
    answered_at: datetime | None
    ended_at: datetime | None


class LegAnswer(Schema):
    step: str
    title: str
    at: datetime | None
    by: str
    """Staff number."""
    text: str
    due_at: datetime | None
    late: bool


class WholeReferral(ReferralAnswer):
    legs: list[LegAnswer]


class ReferralPage(Schema):
    items: list[ReferralAnswer]
    next: str | None


def referral_answer(found: Referral) -> ReferralAnswer:
    return ReferralAnswer(
        number=found.number,
        case=found.case.number,
        project=found.project.code,
        path=found.path,
        title=found.title,
        clause=found.clause,
        party=found.party.name,
        problem=found.problem,
        wanted=found.wanted,
        state=found.state,
        opened_at=found.opened_at,
        sent_at=found.sent_at,
        due_at=found.due_at,
        answered_at=found.answered_at,
        ended_at=found.ended_at,
    )


def whole(found: Referral) -> WholeReferral:
    legs = [
        LegAnswer(
            step=leg.step.step,
            title=leg.title,
            at=leg.hop.at if leg.hop else None,
            by=leg.hop.by.number if leg.hop else "",
            text=leg.hop.text if leg.hop else "",
            due_at=leg.promise.due_at if leg.promise else None,
            late=leg.late,
        )
        for leg in legs_of(found)
    ]
    return WholeReferral(legs=legs, **referral_answer(found).model_dump())


# --- Reading --------------------------------------------------------------------------------------


@router.get("/parties", response=Parties, summary="外部单位", openapi_extra=extra("case.view"))
def list_parties(
    request: SignedInRequest, project: Annotated[Code | None, Query()] = None
) -> Parties:
    request.scope.require("case.view")
    rows = visible_parties(request.scope).select_related("project")
    rows = rows.filter(project__code=project) if project else rows
    return Parties(items=[_party(party) for party in rows[:1000]])


def _party(party: Party) -> PartyAnswer:
    return PartyAnswer(
        id=party.pk, project=party.project.code, name=party.name, kind=party.kind,
        contact=party.contact, days=party.days, active=party.active,
    )  # fmt: skip


@router.get(
    "/referrals", response=ReferralPage, summary="外部协商清单", openapi_extra=extra("case.view")
)
def list_referrals(
    request: SignedInRequest,
    state: Annotated[str, Query(max_length=10)] = "",
    project: Annotated[Code | None, Query()] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ReferralPage:
    """The last opened first."""
    request.scope.require("case.view")
    asked = {"project__code": project, "state": state}
    rows = visible_referrals(request.scope).filter(
        **{name: value for name, value in asked.items() if value}
    )
    found, following = OPENED.page(rows.select_related("case", "project", "party"), cursor, limit)
    return ReferralPage(items=[referral_answer(each) for each in found], next=following)


@router.get(
    "/referrals/{number}",
    response=WholeReferral,
    summary="一件外部协商",
    openapi_extra=extra("case.view"),
)
def show_referral(request: SignedInRequest, number: Number) -> WholeReferral:
    return whole(get_referral(request.scope, number))


# --- Writing --------------------------------------------------------------------------------------


class Referred(Said):
    path: Code
    """Id of a `referral` of the case's regulations."""
    party: Annotated[int, Field(ge=1, le=2**53)]
    problem: Text
    wanted: Text = ""
    households: Annotated[int, Field(ge=1, le=100_000)] | None = None
    severity: Name = ""
    happened: Moment | None = None


class Stepped(Said):
    text: Text
    due_at: Moment | None = None
    """Of a sending: when the party is to answer."""
    where: Name = ""
    happened: Moment | None = None


class Reminded(Said):
    text: Text
    happened: Moment | None = None


class Withdrawn(Said):
    reason: Text


@router.post(
    "/cases/{number}/referrals",
    response=WholeReferral,
    summary="提出外部协商",
    openapi_extra=extra("case.work"),
)
def open_referral(request: SignedInRequest, number: Number, body: Referred) -> WholeReferral:
    case = get_case(request.scope, number)
    request.scope.require("case.work", case.project)
    party = parties_of(case.project).filter(pk=body.party).first()
    if party is None:
        raise Refused("unknown-party", "请从本项目在用的外部单位中选。", field="party")
    said = body.model_dump(exclude={"party"})
    made = referring.open_referral(case=case, party=party, by=request.scope, at=request.at, **said)
    return whole(get_referral(request.scope, made.number))


@router.post(
    "/referrals/{number}/steps/{step}",
    response=WholeReferral,
    summary="办理下一步",
    openapi_extra=extra("case.work"),
)
def take_referral_step(
    request: SignedInRequest, number: Number, step: Number, body: Stepped
) -> WholeReferral:
    """Where the path names roles, theirs alone; what needs a copy is done on the page."""
    found = get_referral(request.scope, number)
    wanted = step_named(found, step)
    request.scope.require(referring.right_of(wanted) if wanted else "case.work", found.project)
    referring.take_step(
        referral=found, step=step, by=request.scope, at=request.at, **body.model_dump()
    )
    return whole(get_referral(request.scope, number))


@router.post(
    "/referrals/{number}/reminder",
    response=WholeReferral,
    summary="催办外单位",
    openapi_extra=extra("case.work"),
)
def remind_party(request: SignedInRequest, number: Number, body: Reminded) -> WholeReferral:
    found = get_referral(request.scope, number)
    request.scope.require("case.work", found.project)
    referring.remind(referral=found, by=request.scope, at=request.at, **body.model_dump())
    return whole(get_referral(request.scope, number))


@router.post(
    "/referrals/{number}/withdrawal",
    response=WholeReferral,
    summary="撤回外部协商",
    openapi_extra=extra("case.work"),
)
def withdraw_referral(request: SignedInRequest, number: Number, body: Withdrawn) -> WholeReferral:
    found = get_referral(request.scope, number)
    request.scope.require("case.work", found.project)
    referring.withdraw(referral=found, reason=body.reason, by=request.scope, at=request.at)
    return whole(get_referral(request.scope, number))
