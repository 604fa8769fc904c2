"""What is going on at the buildings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.estate import actions, queries
from shouwen.estate.forms import NoticeForm
from shouwen.estate.views.common import form_page, here, saved, sent
from shouwen.web.done import done
from shouwen.web.pieces import Pager

NOTICES_A_PAGE = 40


@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """Those that hold now, and all of them by key, the newest first."""
    project = here(request, "estate.view")
    found = queries.visible_notices(request.scope).filter(project=project)
    before = request.GET.get("before", "")
    if before.isdigit():
        found = found.filter(pk__lt=int(before))
    rows = list(found.select_related("building", "posted_by").order_by("-pk")[: NOTICES_A_PAGE + 1])
    shown = rows[:NOTICES_A_PAGE]
    older = f"?before={shown[-1].pk}" if len(rows) > NOTICES_A_PAGE else ""
    may_edit = request.scope.can("estate.edit", project)
    about = {
        "notices": shown,
        "pager": Pager(older=older),
        "project": project,
        "may_edit": may_edit,
    }
    return render(request, "estate/notices.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def post_notice(request: SignedInRequest) -> HttpResponse:
    project = here(request, "estate.edit")
    form = NoticeForm(sent(request), project=project, at=request.at)
    if saved(
        request,
        form,
        lambda: actions.post_notice(
            project=project, by=request.scope, at=request.at, **form.cleaned_data
        ),
    ):
        done(request, _("已发布，受理台从现在起看得到。"), form="notice")
        return redirect("estate:notices")
    return form_page(request, "estate/post_notice.html", form, project=project)


@require_POST
def withdraw_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = queries.visible_notices(request.scope).select_related("project")
    notice = get_object_or_404(visible, pk=pk)
    actions.withdraw_notice(notice=notice, by=request.scope, at=request.at)
    done(request, _("已撤下。"))
    return redirect("estate:notices")
