"""The browser of the tests sees what is wrong with a page, and stays at home."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from tests.cast import Cast


@pytest.fixture
def blank(page: Page, live_server: LiveServer) -> Page:
    """An empty page of our own host, whatever the program's pages are like."""
    address, html = f"{live_server.url}/blank", "<link rel=icon href='data:,'><p>翠湖花园"
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(address)
    return page


def test_a_good_page_is_no_trouble(blank: Page) -> None:
    assert blank.troubles == []  # type: ignore[attr-defined] # set by the fixture


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        ("fetch('http://elsewhere.example/a.js').catch(() => 0)", "foreign host"),
        ("setTimeout(() => { throw new Error('汗') })", "script: 汗"),
        ("console.error('not good')", "console: not good"),
    ],
)
def test_what_is_wrong_with_a_page_is_seen(script: str, trouble: str, blank: Page) -> None:
    blank.evaluate(script)
    blank.wait_for_timeout(200)
    seen = list(blank.troubles)  # type: ignore[attr-defined] # set by the fixture
    blank.troubles.clear()  # type: ignore[attr-defined]
    assert any(each.startswith(trouble) for each in seen), seen


def test_the_browser_is_signed_in_as_somebody_of_the_cast(
    cast: Cast, blank: Page, as_staff: Callable[[Staff], None]
) -> None:
    as_staff(cast.limin)
    cookie = blank.context.cookies()[0]
    assert cookie["name"] == "session"
    stored = Session.objects.get(session_key=cookie["value"])
    assert stored.get_decoded()["_auth_user_id"] == str(cast.limin.pk)


def test_pictures_are_kept_at_both_widths(
    page: Page, shot: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SHOUWEN_SCREENSHOTS", str(tmp_path))
    page.set_content("<meta name=viewport content='width=device-width'><p>翠湖花园</p>")
    shot("plain")
    assert {path.name for path in tmp_path.iterdir()} == {"plain-1440.png", "plain-390.png"}
    page.set_content("<p style='width: 600px'>太宽</p>")
    with pytest.raises(AssertionError, match="too wide at 390"):
        shot("too-wide")
