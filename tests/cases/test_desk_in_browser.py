"""The desk as a clerk uses it: with the keyboard, without losing a word."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case, Contact
from shouwen.estate.models import Unit
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


def test_what_is_typed_stays_while_previews_come_and_go(
    cast: Cast, page: Page, live_server: LiveServer, as_staff: AsStaff
) -> None:
    as_staff(cast.limin)
    open_desk(page, live_server)
    page.locator("#id_text").press_sequentially(LEAK, delay=30)
    page.locator("label", has=page.locator("#pick-kind-facility")).click()
    expect(page.locator("#desk-promises")).to_contain_text("紧急事项到场")
    page.locator("#id_text").press_sequentially("请尽快。")
    page.wait_for_timeout(800)
    expect(page.locator("#id_text")).to_have_value(f"{LEAK}请尽快。")
    expect(page.locator("#pick-kind-facility")).to_be_checked()
    forgive_replaced_previews(page)


def test_a_key_with_alt_chooses_the_kind_while_typing(
    cast: Cast, page: Page, live_server: LiveServer, as_staff: AsStaff
) -> None:
    as_staff(cast.limin)
    open_desk(page, live_server)
    page.locator("#id_text").focus()
    page.keyboard.type(LEAK)
    page.keyboard.press("Alt+1")
    expect(page.locator("#pick-kind-complaint")).to_be_checked()
    expect(page.locator("#desk-promises")).to_contain_text("投诉首次响应")
    forgive_replaced_previews(page)


def test_the_desk_can_be_read_when_there_is_much_and_when_something_is_wrong(
    cast: Cast, page: Page, live_server: LiveServer, as_staff: AsStaff, shot: Shot
) -> None:
    at = clock.now()
    by = scope_of(cast.limin, at)
    below = Unit.objects.get(project=cast.cuihu, key="3-2-401")
    for text, unit, days in (
        ("卫生间顶部渗水，滴水，墙面发霉", below, 1),
        (LEAK * 8, cast.home, 2),
        ("厨房水槽下漏水，维修师傅来过一次没有修好", cast.home, 20),
    ):
        told = Told(text=text, unit=unit, customer=cast.mswang)
        register(project=cast.cuihu, told=told, by=by, at=at, happened=at - timedelta(days=days))
    night = Told(text="地库道闸坏，出不了库", name="赵先生", phone="13900000602", stand_in=True)
    register(project=cast.cuihu, told=night, by=scope_of(cast.gaofei, at), at=at)
    as_staff(cast.limin)
    page.goto(f"{live_server.url}/desk?who=3-2-501&source=oral")
    page.locator("#id_text").fill(LEAK * 30)
    expect(page.get_by_text("附近相似")).to_be_visible()
    expect(page.get_by_text("同一立管")).to_be_visible()
    shot("desk-long")
    page.locator("#id_heard_at").evaluate("field => field.type = 'text'")
    page.locator("#id_heard_at").fill("昨天")
    page.get_by_role("button", name="登记并派单").click()
    expect(page.get_by_text("日期时间不对")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value(LEAK * 30)
    shot("desk-wrong")
    page.goto(f"{live_server.url}/contacts")
    shot("contacts")
    page.goto(f"{live_server.url}/handover")
    shot("handover")
    page.goto(f"{live_server.url}/contacts/register")
    shot("contact-register")
    page.goto(f"{live_server.url}/contacts/{Contact.objects.latest('pk').number}")
    shot("contact")
    forgive_replaced_previews(page)
    seen: list[str] = page.troubles  # type: ignore[attr-defined] # put there by the fixture
    seen[:] = [one for one in seen if "422" not in one]


def test_a_choice_made_while_the_suggestions_arrive_is_not_undone_by_them(
    cast: Cast, page: Page, live_server: LiveServer, as_staff: AsStaff
) -> None:
    as_staff(cast.limin)
    open_desk(page, live_server)
    page.evaluate(
        """document.addEventListener("htmx:beforeOnLoad",
        () => document.getElementById("pick-kind-complaint").click(), { once: true })"""
    )
    page.locator("#id_text").fill(LEAK)
    expect(page.locator("#desk-promises")).to_contain_text("投诉")
    expect(page.locator("#pick-kind-complaint")).to_be_checked()
    forgive_replaced_previews(page)
