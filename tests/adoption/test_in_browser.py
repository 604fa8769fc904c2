"""Every page of regulations and calendars in a real browser, wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.adoption.actions import propose_calendar
from shouwen.adoption.forms import put_day
from shouwen.rules.worktime import Calendar
from tests.cast import Cast
from tests.moments import SetClock


@pytest.fixture
def at(page: Page, live_server: LiveServer) -> Callable[..., None]:
    def visit(name: str, *args: object, query: str = "") -> None:
        page.goto(live_server.url + reverse(f"adoption:{name}", args=args) + query)

    return visit


def test_the_pages_of_regulations_are_good_at_both_widths(
    page: Page, cast: Cast, as_staff: Callable[[Staff], None], at: Callable[..., None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    as_staff(cast.qianhong)
    customer = "customer-communication"
    for name, route, args, query in (
        ("regulations", "regulations", (), ""),
        ("regulation", "regulation", (customer,), ""),
        ("regulation-clauses", "regulation", (customer,), "?part=clauses"),
        ("regulation-intake", "regulation", (customer,), "?part=intake"),
        ("regulation-search", "regulation", (customer,), "?q=回访"),
        ("clause", "clause", (customer, "S4-4.4.2b-4"), ""),
        ("rule", "rule", (customer, "repair-first-contact"), ""),
        ("compare", "compare", (), ""),
        ("unit", "unit", (cast.cuihu.pk,), ""),
        ("adopt", "adopt", (cast.cuihu.pk,), ""),
        ("times", "times", (cast.group.pk, customer), ""),
        ("tighten", "tighten", (cast.group.pk, customer, "repair-first-contact"), ""),
        ("calendars", "calendars", (), ""),
        ("calendar", "calendar", (cast.calendar.pk,), "?year=2026"),
        ("calendar-new", "propose-calendar", (cast.group.pk,), ""),
    ):
        at(route, *args, query=query)
        shot(f"adoption-{name}")


def test_a_calendar_is_proposed_approved_and_running_promises_follow_it(
    page: Page, cast: Cast, as_staff: Callable[[Staff], None], at: Callable[..., None],
    shot: Callable[[str], None], clock: SetClock,
) -> None:  # fmt: skip
    """The whole way by mouse; the live server's own clock is the real one, so nothing here
    depends on the day."""
    as_staff(cast.qianhong)
    content = Calendar.from_json(cast.calendar.content).as_json()
    put_day(content, Calendar.from_json(content).date_of(cast.calendar.created_at), "shifts",
            {"name": "停电检修", "hours": [["09:00", "15:00"]]})  # fmt: skip
    row = propose_calendar(
        unit=cast.group, name="锦绣集团工作日历（修订）", content=content,
        at=cast.calendar.created_at, source="通知",
    )  # fmt: skip
    at("calendar", row.pk, query="?year=2025")
    expect(page.locator("#moves")).to_contain_text("都已按这份日历")
    expect(page.get_by_text("停电检修").first).to_be_visible()
    shot("adoption-proposal")
    page.get_by_label("我已对照正式通知").check()
    page.get_by_role("button", name="批准，现在起用").click()
    expect(page.locator(".page-sub")).to_contain_text("在用")
    row.refresh_from_db()
    assert row.approved_by == cast.qianhong
