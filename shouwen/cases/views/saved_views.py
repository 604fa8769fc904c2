"""Saved views: filters that somebody keeps under a name."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.context import SignedInRequest
from shouwen.cases.actions.saving_views import choose_default, delete_view, rename_view, save_view
from shouwen.cases.forms.filters import BoardFilterForm, CaseFilterForm
from shouwen.cases.models import SavedView
from shouwen.rules.refused import Refused
from shouwen.web.done import done

PAGES = {"board": BoardFilterForm, "list": CaseFilterForm}


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: SignedInRequest) -> HttpResponse:
    """Give the filters of a list a name; and the views there are."""
    request.scope.require("case.view")
    given = request.POST if request.method == "POST" else request.GET
    page = given.get("page", "board")
    page = page if page in PAGES else "board"
    query = _known(page, given.get("query", ""))
    if request.method != "POST":
        return _page(request, page, query)
    try:
        view = save_view(page=page, name=given.get("name", ""), query=query, by=request.user)
    except Refused as refused:
        return _page(request, page, query, refused)
    done(request, _("已保存视图“{name}”").format(name=view.name))
    return redirect(f"{reverse(f'cases:{page}')}?{query}")


def _known(page: str, query: str) -> str:
    """Only what the filters know, in their order."""
    return PAGES[page](QueryDict(query)).query()[:500]


def _page(
    request: SignedInRequest, page: str, query: str, refused: Refused | None = None
) -> HttpResponse:
    own = SavedView.objects.filter(staff=request.user, page=page)
    about = {
        "page": page,
        "query": query,
        "name": request.POST.get("name", ""),
        "views": own,
        "refused": refused,
        "back": f"{reverse(f'cases:{page}')}?{query or 'of='}",
        "words": PAGES[page](QueryDict(query)).words(),
    }
    return render(request, "cases/board_views.html", about, status=422 if refused else 200)


@require_POST
def view(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename one, delete it, or make it the one that its page opens with."""
    own = get_object_or_404(SavedView, pk=pk, staff=request.user)
    page, asked = own.page, request.POST.get("do", "")
    if asked == "rename":
        rename_view(view=own, name=request.POST.get("name", ""))
    elif asked == "delete":
        delete_view(view=own)
    elif asked in ("default", "no-default"):
        choose_default(view=own, default=asked == "default")
    done(request, _("已更新视图"))
    return redirect(f"{reverse('cases:views')}?page={page}")
