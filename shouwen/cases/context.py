"""What the frame of every page shows: where one may go, how much waits there, what is unread."""

from __future__ import annotations

from functools import cache
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
    search = address("cases:search")
    nav = [*_work_nav(signed_in), *organisation_nav(signed_in)]
    return {
        **who_is_here(signed_in),
        "nav": nav,
        "nav_tabs": _tabs(nav),
        "inbox_url": address("notify:inbox"),
        "inbox_poll_url": address("notify:count"),
        "inbox_count": count(unread),
        "search_url": search,
        "search_text": request.GET.get("q", "") if _is_here(request, search) else "",
    }


def count(rows: QuerySet[Any]) -> Any:
    """How many, up to 99; then "99+". Never counts more rows than that."""
    found = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if found > MOST else found


@cache
def address(name: str) -> str:
    """Where a page is; nothing while the floor that has it is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


#: The lines by groups: the right that shows a line, its words and its page.
_LINES = {
    "": (
        ("contact.register", _("受理台"), "cases:desk"),
        ("case.view", _("工作台"), "cases:board"),
        ("visit.make", _("回访"), "followup:visits"),
        ("case.work", _("掌上"), "phone:shell"),
    ),
    _("事项"): (
        ("case.view", _("来电来访"), "cases:contacts"),
        ("case.view", _("诉求"), "cases:list"),
        ("case.view", _("重大事件"), "majors:events"),
        ("case.view", _("维修单"), "repairs:orders"),
        ("case.view", _("服务需求单"), "services:orders"),
        ("case.view", _("外部协商"), "outside:referrals"),
        ("case.view", _("群体事项"), "groups:matters"),
        ("estate.view", _("信报收发"), "services:parcels"),
        ("case.view", _("改进"), "learning:corrections"),
        ("case.view", _("热线来电"), "registers:calls"),
        ("case.view", _("定期工作"), "figures:duties"),
        ("contact.register", _("交接班"), "cases:handover"),
        ("case.rule", _("每日盘点"), "cases:stocktake"),
        ("case.view", _("督办与请示"), "supervision:matters"),
        ("case.dispatch", _("手机冲突"), "phone:conflicts"),
    ),
    _("钱物"): (
        ("money.view", _("收款台"), "billing:desk"),
        ("price.view", _("收费标准"), "pricing:lists"),
        ("stores.view", _("库房"), "stores:stock"),
        ("case.view", _("单据"), "papers:papers"),
        ("case.view", _("表单与台账"), "registers:registers"),
    ),
    _("小区"): (
        ("estate.view", _("房屋"), "estate:units"),
        ("estate.view", _("本楼通知"), "estate:notices"),
        ("estate.view", _("楼栋二维码"), "portal:codes"),
    ),
    # Of whole places: who may export sees one whole, the narrow roles do not.
    _("统计"): (
        ("export", _("看板"), "dashboards:today"),
        ("export", _("指标"), "figures:figures"),
        ("export", _("报表"), "statements:statements"),
    ),
    _("公司"): (
        ("case.view", _("档案"), "archive:folders"),
        ("regulation.view", _("制度"), "adoption:regulations"),
    ),
}

#: A phone's tab bar has room for few: the pages of one's own work come first.
_TABS = (
    *(name for _right, _title, name in _LINES[""]),
    *("billing:desk", "stores:stock", "repairs:orders", "cases:list"),
)
MOST_TABS = 4


def _work_nav(request: SignedInRequest) -> list[NavItem]:
    lines = [
        (str(title), address(name), str(group))
        for group, lines in _LINES.items()
        for right, title, name in lines
        if request.scope.can(right)
    ]
    return [
        NavItem(title, url, _waiting(request, url), _is_here(request, url), group)
        for title, url, group in lines
        if url
    ]


def _tabs(nav: list[NavItem]) -> list[NavItem]:
    rank = {address(name): place for place, name in enumerate(_TABS)}
    return sorted(nav, key=lambda item: rank.get(item.url, len(rank)))[:MOST_TABS]


def _is_here(request: HttpRequest, url: str) -> bool:
    return request.path == url or request.path.startswith(f"{url}/")


def _waiting(request: SignedInRequest, url: str) -> Any:
    """On the board: my promises that still run."""
    if url != address("cases:board"):
        return 0
    mine = visible_commitments(request.scope).filter(holder=request.user, outcome="")
    return count(mine)
