"""The inbox, its count, and the way from a notice to what it is about."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.context import SignedInRequest
from shouwen.notify import queries
from shouwen.notify.actions import mark_read
from shouwen.web.done import done
from shouwen.web.pieces import Pager


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """Unread first, the urgent on top; below, page by page, what was read."""
    after = request.GET.get("after", "")
    page = queries.read(request.user, after)
    here = reverse("notify:inbox")
    older = f"{here}?{urlencode({'after': page.older})}" if page.older else ""
    about = {
        "unread": [] if after else queries.unread(request.user),
        "read": page.notices,
        "pager": Pager(newer=here if after else "", older=older),
        "is_first": not after,
        "silent": queries.is_silent(request.at),
    }
    return render(request, "notify/inbox.html", about)


@require_safe
def count(request: SignedInRequest) -> HttpResponse:
    """Asked by every open page once a minute: how much is unread, and whether anybody rings."""
    about = {
        "inbox_count": queries.unread_count(request.user),
        "silent": queries.is_silent(request.at),
    }
    return render(request, "notify/count.html", about)


@require_POST
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Marks it read and goes to what it is about."""
    notice = get_object_or_404(queries.inbox(request.user), pk=pk)
    mark_read(staff=request.user, at=request.at, ids=[pk])
    safe = url_has_allowed_host_and_scheme(notice.url, None) and notice.url.startswith("/")
    return HttpResponseRedirect(notice.url) if safe else redirect("notify:inbox")


@require_POST
def read_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read without going there."""
    get_object_or_404(queries.inbox(request.user), pk=pk)
    mark_read(staff=request.user, at=request.at, ids=[pk])
    return redirect("notify:inbox")


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    number = mark_read(staff=request.user, at=request.at)
    done(request, _("已将 %(number)s 条标为已读") % {"number": number})
    return redirect("notify:inbox")
