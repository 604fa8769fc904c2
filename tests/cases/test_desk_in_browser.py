"""The desk as a clerk uses it: with the keyboard, without losing a word."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case
from tests.cast import Cast

AsStaff = Callable[[Staff], None]
Shot = Callable[[str], None]
LEAK = (
    "她家卫生间天花板在滴水，今天下午开始的，地上已经积水了，担心漏到电箱。楼上 601 好像没人在家。"
)


def open_desk(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/desk")
    expect(page.locator("#id_who")).to_be_focused()


def forgive_replaced_previews(page: Page) -> None:
    """HTMX calls it an error when a newer preview, or leaving the page, replaces one under way."""
    words = ("htmx:sendAbort", "htmx:afterRequest")
    seen: list[str] = page.troubles  # type: ignore[attr-defined] # put there by the fixture
    seen[:] = [one for one in seen if not any(word in one for word in words)]


def test_a_call_is_registered_and_dispatched_without_touching_the_mouse(
    cast: Cast, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot
) -> None:
    as_staff(cast.limin)
    open_desk(page, live_server)
    shot("desk-empty")
    page.keyboard.type("3栋2单元501")
    page.keyboard.press("Enter")
    expect(page.locator(".caller")).to_have_text("王女士")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type(LEAK)
    expect(page.locator("#pick-kind-repair")).to_be_checked()
    expect(page.get_by_text("“积水”")).to_be_visible()
    expect(page.locator("#desk-promises")).to_contain_text("报修首次接洽")
    expect(page.locator("#id_text")).to_have_value(LEAK)
    shot("desk-typed")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("S-CH-")
    shot("desk-saved")
    forgive_replaced_previews(page)
    case = Case.objects.get()
    assert (case.text, case.customer, case.status) == (LEAK, cast.mswang, "dispatched")
