"""Nothing is shown to anybody who has not signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from shouwen import clock
from shouwen.accounts.context import SignedInRequest, carry

#: Pages that ask by themselves (the count of the inbox) do not keep anybody signed in.
_POLLS = frozenset({"inbox-count"})
_SEEN = "seen"
_SEEN_EVERY = 60  # seconds: one write of the session a minute at most


class SignedInMiddleware:
    """Asks everybody to sign in, and gives the request its moment, scope and project.

    Open are the sign-in itself, static files, the health check, the API with its own tokens, and
    what customers reach by a link or a code (`portal`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_open(request.path):
            return self.get_response(request)
        at = clock.now()
        if not _still_here(request, at):
            return _to_sign_in(request)
        signed_in = cast("SignedInRequest", request)
        carry(signed_in, at)
        response = _to_new_password(signed_in) or self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def _is_open(path: str) -> bool:
    return path in (reverse(settings.LOGIN_URL), "/healthz") or path.startswith(
        ("/api/", "/c/", settings.STATIC_URL)
    )


def _still_here(request: HttpRequest, at: datetime) -> bool:
    """Whether the session belongs to somebody who still works here and was active lately.

    Django answers AnonymousUser for one who was deactivated or has another password by now.
    """
    now = int(at.timestamp())
    idle = now - request.session.get(_SEEN, now)
    if not request.user.is_authenticated or idle > settings.SESSION_COOKIE_AGE:
        if SESSION_KEY in request.session:
            logout(request)
        return False
    asks_itself = request.headers.get("HX-Trigger") in _POLLS
    if _SEEN not in request.session or (abs(idle) >= _SEEN_EVERY and not asks_itself):
        request.session[_SEEN] = now
    return True


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then back to the page that was open; HTMX is told to leave the page."""
    address = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': _page_open(request)})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_open(request: HttpRequest) -> str:
    """The page in the browser: what was asked for, or where the form or fragment stood."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _to_new_password(request: SignedInRequest) -> HttpResponse | None:
    """A one-time password opens one page only: the one to choose another."""
    place = reverse("accounts:password")
    if not request.user.must_change_password or request.path in (
        place,
        reverse("accounts:sign-out"),
    ):
        return None
    return HttpResponseRedirect(place)
