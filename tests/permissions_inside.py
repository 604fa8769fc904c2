"""A short way in for the walk, past what is worked out alike for each of a thousand requests.

The session, who that is, what his posts reach, and the frame with its menu and counts are the same
at every address. They are taken once, by the product's own `carry`, and given to every request.
Who walks by the short way looks at some pages by the long one too.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.test.client import ClientHandler
from pytest_django.fixtures import Settings

from shouwen import clock
from shouwen.accounts.context import SignedInRequest, carry
from shouwen.accounts.models import Staff
from shouwen.cases.context import frame

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
DOORS = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shouwen.accounts.middleware.SignedInMiddleware",
)
CARRIED = ("user", "at", "scope", "projects", "project")
KEPT = "tests.carried"


class Inside:
    """In the place of the session and the doors: an empty session, and what a request carries
    behind them. It is new for every request, so that none sees what another did to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session = SessionStore()
        for name, value in pickle.loads(request.META[KEPT]).items():  # noqa: S301 - dumped below
            setattr(request, name, value)
        return self.get_response(request)


class Insider:
    """Asks as this person, and only answers: a client of Django keeps copies of the context of
    every template, for tests that look into them."""

    def __init__(self, person: Staff) -> None:
        self._requests = RequestFactory()
        self._answer = ClientHandler(enforce_csrf_checks=False)
        first = cast("SignedInRequest", self._requests.get("/"))
        first.user, first.session = person, SessionStore()
        carry(first, clock.now())
        self._carried = pickle.dumps({name: getattr(first, name) for name in CARRIED})
        self._outside = pickle.dumps({"user": person})

    def get(self, address: str, headers: Mapping[str, str], *, is_open: bool) -> Any:
        return self._asked(self._requests.get(address, headers=headers), is_open)

    def post(self, address: str, said: Mapping[str, Any], *, is_open: bool) -> Any:
        return self._asked(self._requests.post(address, said), is_open)

    def _asked(self, request: Any, is_open: bool) -> Any:
        carried = self._outside if is_open else self._carried
        return self._answer({**request.environ, KEPT: carried})


def open_the_short_way(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MIDDLEWARE = _behind_the_doors(settings.MIDDLEWARE)
    pages: Any = engines["django"]
    unframed = tuple(each for each in pages.engine.template_context_processors if each is not frame)
    monkeypatch.setattr(pages.engine, "template_context_processors", unframed)


def _behind_the_doors(whole: Iterable[str]) -> list[str]:
    inside = f"{Inside.__module__}.{Inside.__qualname__}"
    return [inside if name == SESSION else name for name in whole if name not in DOORS]
