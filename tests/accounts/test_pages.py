"""The pages of sign-in and organisation in a real browser, wide and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.actions import disclose, issue_token, record_absence
from shouwen.accounts.models import Staff
from shouwen.accounts.rights import RIGHTS
from tests.cast import PASSWORD, Cast

Shot = Callable[[str], None]


def test_a_clerk_signs_in_with_the_keyboard_alone(
    cast: Cast, page: Page, live_server: LiveServer, shot: Shot
) -> None:
    page.goto(f"{live_server.url}/organisation")
    shot("sign-in")
    expect(page.locator("[autofocus]")).to_be_focused()
    page.keyboard.type("limin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisation")
    assert page.get_by_role("heading", name="翠湖花园").is_visible()


@pytest.mark.parametrize(
    ("who", "path", "name"),
    [
        ("zhoumin", "/organisation", "organisation"),
        ("zhoumin", "/staff/{limin}", "person"),
        ("zhoumin", "/staff/{limin}/absences/new", "absence"),
        ("zhoumin", "/organisation/{cuihu}/staff/new", "add-staff"),
        ("zhoumin", "/organisation/{cuihu}/units/new", "add-unit"),
        ("zhoumin", "/organisation/{cuihu}/posts/new", "give-post"),
        ("zhoumin", "/password", "password"),
        ("admin", "/organisation", "organisation-of-a-group"),
        ("admin", "/tokens", "tokens"),
        ("admin", "/tokens/new", "issue-token"),
        ("zhengjie", "/trace", "trace"),
    ],
)
def test_no_page_is_cut_or_in_trouble(
    cast: Cast,
    page: Page,
    live_server: LiveServer,
    as_staff: Callable[[Staff], None],
    shot: Shot,
    who: str,
    path: str,
    name: str,
) -> None:
    _fill(cast)
    as_staff(getattr(cast, who))
    answer = page.goto(live_server.url + path.format(limin=cast.limin.pk, cuihu=cast.cuihu.pk))
    assert answer is not None
    assert answer.ok
    shot(name)


def _fill(cast: Cast) -> None:
    """Somebody away, a token with every right, and a look behind a mask."""
    at = clock.now()
    record_absence(
        staff=cast.limin,
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(days=3),
        deputy=cast.wangfang,
        reason="年假",
    )
    issue_token(
        name="400 话务平台", staff=cast.fengjuan, unit=cast.jinxiu, rights=list(RIGHTS), at=at
    )
    disclose(
        by=cast.limin, at=at, record="customer", record_id=17, project=cast.cuihu, purpose="回电"
    )
