"""What every page of a customer does alike: no sign-in, one moment, limits, a refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwen import clock
from shouwen.portal.actions.limiting import (
    CODE,
    FROM_ADDRESS,
    FROM_LINK,
    GUESSES,
    count,
    require_within,
)
from shouwen.portal.models import CustomerLink
from shouwen.portal.queries import opened
from shouwen.rules.refused import Refused

P = ParamSpec("P")
_STATUS = {"not-found": HTTPStatus.NOT_FOUND, CODE: HTTPStatus.TOO_MANY_REQUESTS}


def for_customers(
    view: Callable[Concatenate[HttpRequest, datetime, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Nothing of it is kept by a cache or found by a search engine."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponse:
        try:
            response = view(request, clock.now(), *args, **named)
        except Refused as refused:
            response = _refused(request, refused)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The same bytes for a link that never was, one that has ended and one withdrawn."""
    status = _STATUS.get(refused.code, HTTPStatus.CONFLICT)
    response = render(request, "portal/problem.html", {"sentence": refused.sentence}, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "600"
    return response


def link_of(request: HttpRequest, at: datetime, token: str) -> CustomerLink:
    """The link that was opened. Who tries links that nobody was given is soon not heard any
    more."""
    who = address_of(request)
    require_within(GUESSES, who, at)
    try:
        return opened(token, at)
    except Refused:
        count(GUESSES, who, at)
        raise


def may_act(request: HttpRequest, at: datetime, link: CustomerLink) -> None:
    """What is done through a link is done by the customer, and not too often. Who is signed in as
    one of us may look (T25)."""
    require_customer(request)
    count(FROM_ADDRESS, address_of(request), at)
    count(FROM_LINK, str(link.pk), at)


def require_customer(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        raise Refused(
            "signed-in",
            "您现在是以员工身份登录的，这里只能看。客户的话由客户自己写；代客户登记请用受理台。",
        )


def address_of(request: HttpRequest) -> str:
    """Who is connected; behind our own proxy, where TLS ends, the last address that it names."""
    named = request.headers.get("X-Forwarded-For", "") if settings.CONFIG.https else ""
    return named.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
