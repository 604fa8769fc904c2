"""The inbox of whom a token stands for, as far as the token reaches what the notices are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ninja import Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.queries import visible_cases
from shouwen.followup.queries import visible_visits
from shouwen.notify.actions import mark_read
from shouwen.notify.models import Notice
from shouwen.notify.queries import inbox
from shouwen.rules.refused import Refused
from shouwen.web.http import Cursor, Id, Limit, Order, extra

router = Router()
LATEST = Order[Notice]("at", descending=True)
CASE, VISIT = "/cases/", "/visits/"


class NoticeAnswer(Schema):
    id: int
    at: datetime
    subject: str
    body: str
    url: str
    urgent: bool
    read_at: datetime | None


class NoticePage(Schema):
    items: list[NoticeAnswer]
    next: str | None


@router.get("/notices", response=NoticePage, summary="消息", openapi_extra=extra("case.view"))
def list_notices(
    request: SignedInRequest, unread: bool = False, cursor: Cursor = "", limit: Limit = 50
) -> NoticePage:
    """Newest first. A page may hold fewer than asked for while `next` says that there is more."""
    request.scope.require("case.view")
    rows = inbox(request.user)
    found, following = LATEST.page(rows.filter(read_at=None) if unread else rows, cursor, limit)
    return NoticePage(items=[_answer(row) for row in _within(request, found)], next=following)


@router.post(
    "/notices/{id}/read",
    response=NoticeAnswer,
    summary="消息已读",
    openapi_extra=extra("case.view"),
)
def read_notice(request: SignedInRequest, id: Id) -> NoticeAnswer:
    found = _within(request, inbox(request.user).filter(pk=id))
    if not found:
        raise Refused("not-found", "没有找到这条消息。")
    mark_read(staff=request.user, at=request.at, ids=[id])
    found[0].refresh_from_db()
    return _answer(found[0])


def _within(request: SignedInRequest, notices: Iterable[Notice]) -> list[Notice]:
    """Those about what the token reaches: the inbox itself knows no projects."""
    notices = list(notices)
    numbers = _named(notices, CASE)
    visits = [int(pk) for pk in _named(notices, VISIT) if pk.isdecimal()]
    cases = visible_cases(request.scope).filter(number__in=numbers).values_list("number", flat=True)
    seen = visible_visits(request.scope).filter(pk__in=visits).values_list("pk", flat=True)
    urls = {f"{CASE}{number}" for number in cases} | {f"{VISIT}{pk}" for pk in seen}
    return [notice for notice in notices if notice.url in urls]


def _named(notices: Iterable[Notice], start: str) -> list[str]:
    return [n.url.removeprefix(start) for n in notices if n.url.startswith(start)]


def _answer(notice: Notice) -> NoticeAnswer:
    return NoticeAnswer(
        id=notice.pk,
        at=notice.at,
        subject=notice.subject,
        body=notice.body,
        url=notice.url,
        urgent=notice.urgent,
        read_at=notice.read_at,
    )
