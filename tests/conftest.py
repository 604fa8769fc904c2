"""Fixtures of all tests: the cast, the clock, signing in, the browser."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from shouwen import clock as real_clock
from shouwen.accounts.models import Staff
from shouwen.adoption.queries import calendars, rulebook
from shouwen.tables import create_search_index
from tests.cast import Cast, build
from tests.databases import asked
from tests.moments import SetClock, moment
from tests.snapshot import Snapshot

CAST = Snapshot(build)
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
CHROMIUM = next(
    (
        str(path)
        for path in map(Path, ("/usr/bin/chromium", "/usr/bin/google-chrome"))
        if path.exists()
    ),
    None,
)
#: Milliseconds. A machine that others use too is slow at times; what never comes still fails.
PATIENCE = 40_000
#: Files of tests that look at pages through Django's client.
PAGES = {"test_pages.py", "test_case_page.py"}
#: Files of tests that take half a minute and more each.
LONG = {"test_demo.py", "test_permissions.py", "test_paid_repair.py"}
WIDE, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """The tables at once. The long way, by every migration, is what an installation goes."""
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """With the one table that no model describes."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        create_search_index(editor)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what PostgreSQL is not asked again (docs/decisions/0014): `-m "not browser and …"`; and
    begins with the longest, so that at the end no worker waits for another."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        elif not _may_ask_the_database(item):
            item.add_marker("pure")
        elif item.path.name in PAGES:
            item.add_marker("pages")
    items.sort(key=lambda item: item.path.name not in LONG)


def _may_ask_the_database(item: pytest.Item) -> bool:
    """What does not say so is kept from it by pytest-django; only a program of its own is not."""
    said = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(said) or item.get_closest_marker("django_db") is not None or _starts_programs(item)


def _starts_programs(item: pytest.Item) -> bool:
    names = vars(getattr(item, "module", None) or object)
    return any(
        each is subprocess or getattr(each, "__module__", "") == "tests.installation"
        for each in names.values()
    )


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """Everybody and everything of tests/cast.py, in an otherwise empty database."""
    assert connection.vendor == asked()
    yield CAST.put()
    calendars.cache_clear()
    rulebook.cache_clear()  # trusts that an id means the same for ever; a rollback breaks that


@pytest.fixture
def clock() -> Iterator[SetClock]:
    """Sets the clock of this thread until set again: `clock("2026-11-19 09:12", "周四")`."""
    held: list[AbstractContextManager[None]] = []

    def set_to(text: str, weekday: str = "") -> datetime:
        at = moment(text, weekday)
        held.append(real_clock.set_to(at))
        held[-1].__enter__()
        return at

    yield set_to
    for block in reversed(held):
        block.__exit__(None, None, None)


@pytest.fixture
def sign_in() -> Callable[[Client, Staff], Client]:
    """`sign_in(client, cast.limin)`: as if the password had been typed."""

    def signed_in(client: Client, staff: Staff) -> Client:
        client.force_login(staff, backend=MODEL_BACKEND)
        return client

    return signed_in


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = "no-sandbox disable-gpu disable-dev-shm-usage disable-background-networking "
    quiet += "disable-component-update disable-sync no-first-run disable-default-apps"
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [f"--{switch}" for switch in quiet.split()],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": _size(WIDE),
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }


@pytest.fixture
def context(transactional_db: None, context: BrowserContext) -> BrowserContext:
    """The browser sees what was committed; its pages are gone before the tables are emptied."""
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return context


@pytest.fixture
def page(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A page that fails its test on any script error, console error or request to a foreign host.

    `page.troubles` is what it saw so far: a test that wants a refusal clears what it expected.
    """
    troubles: list[str] = []
    home = urlsplit(live_server.url).netloc
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("console", lambda message: troubles.extend(_console_trouble(message)))
    page.on("request", lambda request: troubles.extend(_foreign(request, home)))
    page.troubles = troubles  # type: ignore[attr-defined] # playwright's class has no such field
    yield page
    assert not troubles, troubles


def _console_trouble(message: ConsoleMessage) -> list[str]:
    return [f"console: {message.text}"] if message.type == "error" else []


def _foreign(request: Request, home: str) -> list[str]:
    parts = urlsplit(request.url)
    own = parts.netloc == home or parts.scheme in ("data", "blob")
    return [] if own else [f"foreign host: {request.url}"]


@pytest.fixture
def as_staff(context: BrowserContext, live_server: LiveServer) -> Callable[[Staff], None]:
    """`as_staff(cast.limin)`: from now on the browser is signed in as her."""

    def sign_in_as(staff: Staff) -> None:
        client = Client()
        client.force_login(staff, backend=MODEL_BACKEND)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item] # a TypedDict, spelled out

    return sign_in_as


@pytest.fixture
def shot(page: Page) -> Callable[[str], None]:
    """`shot("board")` keeps pictures of the page at 1440 and 390 px; neither may be too wide.

    They go to the folder SHOUWEN_SCREENSHOTS; without it only the widths are looked at.
    """

    def take(name: str) -> None:
        assert re.fullmatch(r"[a-z0-9-]+", name)
        # A click returns when the next page has been asked for, not when it is there.
        page.wait_for_load_state("load")
        for width, height in (PHONE, WIDE):
            page.set_viewport_size(_size((width, height)))  # type: ignore[arg-type] # a TypedDict
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{name} is {overflow} px too wide at {width}"
            _keep(page, f"{name}-{width}.png")

    return take


def _keep(page: Page, name: str) -> None:
    folder = os.environ.get("SHOUWEN_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / name, full_page=True, caret="initial")


def _size(size: tuple[int, int]) -> dict[str, int]:
    return dict(zip(("width", "height"), size, strict=True))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data handed to the project, never part of it: SHOUWEN_SHARED, or ../shared."""
    beside = Path(__file__).parents[1].parent / "shared"
    folder = Path(os.environ.get("SHOUWEN_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the shared data is not here: set SHOUWEN_SHARED")
    return folder
