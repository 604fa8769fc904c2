"""The daily stock-take: every open case of the project before the eyes of its head."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases import listing
from shouwen.cases.actions.stocktaking import RIGHT, confirm_stock_take
from shouwen.cases.board import Reader
from shouwen.cases.models import Case, StockTake
from shouwen.cases.queries import visible_cases
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.pieces import Pager

#: Days of the past that the page shows.
PAST = 14


@require_http_methods(["GET", "HEAD", "POST"])
def stocktake(request: SignedInRequest) -> HttpResponse:
    """Go through what is open, write what is to be done, confirm the day."""
    project = _project(request)
    if request.method == "POST":
        confirm_stock_take(
            project=project, notes=request.POST.get("notes", "")[:10_000], by=request.scope,
            at=request.at,
        )  # fmt: skip
        done(request, _("今天的盘点已确认"), form="stocktake")
        return redirect("cases:stocktake")
    cases = visible_cases(request.scope).filter(project=project, status__in=Case.OPEN)
    after = request.GET.get("after", "")
    shown, older = listing.oldest_page(cases, after, request.at)
    taken = list(StockTake.objects.filter(project=project).select_related("by")[:PAST])
    about = {
        "project": project,
        "rows": listing.rows(shown, Reader(request.scope, (), request.at)),
        "tally": listing.tally(cases, exact=True),
        "pager": Pager(
            newer="?" if after else "",
            older=f"?after={older}" if older else "",
            words=_("最早登记的在前"),
        ),
        "today": next((one for one in taken if one.day == localdate(request.at)), None),
        "taken": taken,
    }
    return render(request, "cases/board_stocktake.html", about)


def _project(request: SignedInRequest) -> OrgUnit:
    if request.project is None:
        raise Refused("no-project", "您的岗位还没有项目，请系统管理员先安排。")
    request.scope.require(RIGHT, request.project)
    return request.project
