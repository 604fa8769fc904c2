"""What the frame of every page shows: where one may go, how much waits there, what is unread."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.context import SignedInRequest, organisation_nav, who_is_here
from shouwen.cases.queries import visible_commitments
from shouwen.notify.models import Notice
from shouwen.web.pieces import NavItem

#: A count is for seeing whether much waits, not for reports: it stops here.
MOST = 99


def frame(request: HttpRequest) -> dict[str, Any]:
    """Nothing for who has not signed in. Fragments have no frame, so they pay nothing for it."""
    if not hasattr(request, "scope") or request.headers.get("HX-Request"):
        return {}
    signed_in: SignedInRequest = request  # type: ignore[assignment] # the middleware made it one
    unread = Notice.objects.filter(staff=signed_in.user, read_at=None)
    return {
        **who_is_here(signed_in),
        "nav": [*_work_nav(signed_in), *organisation_nav(signed_in)],
        "inbox_url": address("notify:inbox"),
        "inbox_poll_url": address("notify:count"),
        "inbox_count": count(unread),
        "search_url": address("cases:search"),
        "search_text": request.GET.get("q", ""),
    }


def count(rows: QuerySet[Any]) -> Any:
    """How many, up to 99; then "99+". Never counts more rows than that."""
    found = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if found > MOST else found


def address(name: str) -> str:
    """Where a page is; nothing while the floor that has it is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


#: The right that shows a line, its words, its page, and whether another group begins there.
_LINES = (
    ("contact.register", _("受理台"), "cases:desk", False),
    ("case.view", _("工作台"), "cases:board", False),
    ("visit.make", _("回访"), "followup:visits", False),
    ("case.work", _("掌上"), "phone:shell", False),
    ("case.dispatch", _("手机冲突"), "phone:conflicts", False),
    ("case.view", _("来电来访"), "cases:contacts", False),
    ("case.view", _("诉求"), "cases:list", False),
    ("case.view", _("维修单"), "repairs:orders", False),
    ("case.view", _("服务需求单"), "services:orders", False),
    ("estate.view", _("信报收发"), "services:parcels", False),
    ("price.view", _("收费标准"), "pricing:lists", False),
    ("stores.view", _("库房"), "stores:stock", False),
    ("money.view", _("收款台"), "billing:desk", False),
    ("case.view", _("单据"), "papers:papers", False),
    ("contact.register", _("交接班"), "cases:handover", False),
    ("case.rule", _("每日盘点"), "cases:stocktake", False),
    ("estate.view", _("房屋"), "estate:units", True),
    ("estate.view", _("本楼通知"), "estate:notices", False),
    ("estate.view", _("楼栋二维码"), "portal:codes", False),
    ("regulation.view", _("制度"), "adoption:regulations", False),
)


def _work_nav(request: SignedInRequest) -> list[NavItem]:
    lines = [
        (title, address(name), gap)
        for right, title, name, gap in _LINES
        if request.scope.can(right)
    ]
    return [
        NavItem(str(title), url, _waiting(request, url), _is_here(request, url), gap)
        for title, url, gap in lines
        if url
    ]


def _is_here(request: HttpRequest, url: str) -> bool:
    return request.path == url or request.path.startswith(f"{url}/")


def _waiting(request: SignedInRequest, url: str) -> Any:
    """On the board: my promises that still run."""
    if url != address("cases:board"):
        return 0
    mine = visible_commitments(request.scope).filter(holder=request.user, outcome="")
    return count(mine)
