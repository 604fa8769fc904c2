"""What the small modules of frontend/src promise, in a real Chromium, without a server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

BUILT = Path(__file__).parents[2] / "shouwen" / "web" / "static" / "web" / "app.js"
NOW = datetime(2026, 11, 21, 9, 46, tzinfo=UTC)
DESK = "http://desk.test/"


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """A page of a fresh browser; it needs neither database nor server."""
    context = browser.new_context(timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def html_of(body: str, *, user: str = "7", now: datetime = NOW) -> str:
    return (
        f'<!doctype html><html data-now="{now.isoformat()}" data-zone="Asia/Shanghai">'
        f'<meta charset="utf-8"><body data-user="{user}">{body}<div id="toasts"></div>'
        f"<script>{BUILT.read_text()}</script></body></html>"
    )


def open_page(sheet: Page, body: str, *, user: str = "7") -> None:
    """The page as the server would answer it, at an address that keeps drafts."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=html_of(body, user=user))

    sheet.unroute(DESK + "**")
    sheet.route(DESK + "**", answer)
    sheet.goto(DESK)


def test_the_browser_counts_down_in_the_words_of_the_server(sheet: Page) -> None:
    sheet.clock.set_fixed_time(NOW - timedelta(hours=5))  # the clock of a front desk is often wrong
    minutes = [-3000, -1441, -61, -60, -1, 0, 1, 59, 60, 61, 373, 374, 375, 1439, 1815, 4320, 64800]
    dues = [NOW + timedelta(minutes=m, seconds=s) for m in minutes for s in (0, 1)]
    badge = Template("{% load shouwen %}{% due_badge at now soon=soon %}")
    shown = [
        badge.render(Context({"at": due, "now": NOW, "soon": due - early}))
        for due in dues
        for early in (timedelta(hours=1), timedelta(days=3))
    ]
    open_page(sheet, "".join(shown))
    read = "all => all.map(one => [one.textContent, one.className])"
    first = sheet.locator("[data-due]").evaluate_all(read)
    sheet.locator("[data-due]").evaluate_all("all => all.forEach(one => one.textContent = '?')")
    sheet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert sheet.locator("[data-due]").evaluate_all(read) == first
    assert len(first) == len(shown)


FORM = """<form method="post" action="/save" data-keep="desk" data-once>
<input type="hidden" name="token" value="1"><textarea name="text"></textarea>
<label><input type="radio" name="kind" value="repair" checked>报修</label>
<label><input type="radio" name="kind" value="complaint">投诉</label>
<input type="password" name="secret"><button>登记</button></form>"""


def type_into(sheet: Page) -> None:
    sheet.locator("textarea").fill("厨房漏水")
    sheet.get_by_label("投诉").check()
    sheet.locator("[name=secret]").fill("geheim")


def test_what_was_typed_survives_a_reload_but_no_password_does(sheet: Page) -> None:
    open_page(sheet, FORM)
    type_into(sheet)
    sheet.reload()
    expect(sheet.locator("textarea")).to_have_value("厨房漏水")
    expect(sheet.get_by_label("投诉")).to_be_checked()
    expect(sheet.locator("[name=secret]")).to_have_value("")
    assert "geheim" not in sheet.evaluate("JSON.stringify(localStorage)")
    expect(sheet.get_by_text("上次没提交的内容还在")).to_be_visible()


def test_a_draft_goes_when_the_server_says_that_it_is_saved(sheet: Page) -> None:
    open_page(sheet, FORM)
    type_into(sheet)
    open_page(sheet, '<p data-tags="kept:desk">已登记</p>' + FORM)
    expect(sheet.locator("textarea")).to_have_value("")


def test_nobody_sees_the_draft_of_another_person(sheet: Page) -> None:
    open_page(sheet, FORM)
    type_into(sheet)
    open_page(sheet, FORM, user="8")
    expect(sheet.locator("textarea")).to_have_value("")
    open_page(sheet, FORM, user="7")
    expect(sheet.locator("textarea")).to_have_value("")


def test_logging_out_leaves_nothing_on_the_machine(sheet: Page) -> None:
    open_page(sheet, FORM + '<form data-logout action="/out"><button>退出</button></form>')
    type_into(sheet)
    sheet.get_by_text("退出").click()
    sheet.wait_for_url(DESK + "out*")
    assert sheet.evaluate("localStorage.length") == 0


def test_a_double_click_sends_once(sheet: Page) -> None:
    sent: list[str] = []
    open_page(sheet, FORM)
    sheet.route(DESK + "save", lambda route: sent.append(route.request.url))  # never answered
    twice = "[0, 50].forEach(wait => setTimeout(() => document.forms[0].requestSubmit(), wait))"
    sheet.evaluate(twice)
    sheet.wait_for_timeout(300)
    assert len(sent) == 1


def test_without_a_network_the_form_stays_and_says_so(sheet: Page) -> None:
    open_page(sheet, FORM)
    type_into(sheet)
    sheet.context.set_offline(True)
    sheet.get_by_role("button", name="登记").click()
    expect(sheet.get_by_text("没有网络，内容还在")).to_be_visible()
    expect(sheet.locator("textarea")).to_have_value("厨房漏水")


def test_the_keyboard_is_enough(sheet: Page) -> None:
    open_page(
        sheet,
        '<input type="search" data-key="/"><form onsubmit="this.dataset.gone=1;return false">'
        '<textarea></textarea><div data-digits><label><input type="radio" name="k">报修</label>'
        '<label><input type="radio" name="k">投诉</label></div><button>登记</button></form>',
    )
    sheet.keyboard.press("/")
    expect(sheet.locator("[type=search]")).to_be_focused()
    sheet.locator("textarea").focus()
    sheet.keyboard.type("/2")
    expect(sheet.locator("textarea")).to_have_value("/2")
    sheet.keyboard.press("Alt+2")
    expect(sheet.get_by_label("投诉")).to_be_checked()
    sheet.keyboard.press("Control+Enter")
    expect(sheet.locator("form")).to_have_attribute("data-gone", "1")


def test_a_refusal_and_a_lost_network_are_said_under_htmx(sheet: Page) -> None:
    found = finders.find("django_htmx/htmx-2.min.js")
    assert isinstance(found, str)
    open_page(
        sheet,
        f"<script>{Path(found).read_text()}</script>"
        '<button hx-post="/close">关闭</button><button hx-post="/gone">断网</button>',
    )
    refusal = {"content_type": "text/plain; charset=utf-8", "body": "先结束维修单。（4.4.1c）"}
    sheet.route(DESK + "close", lambda route: route.fulfill(status=409, **refusal))
    sheet.route(DESK + "gone", lambda route: route.abort())
    sheet.get_by_text("关闭").click()
    expect(sheet.get_by_text("先结束维修单。（4.4.1c）")).to_be_visible()
    expect(sheet.get_by_role("button", name="关闭")).to_be_visible()
    sheet.get_by_text("断网").click()
    expect(sheet.get_by_text("没有网络，内容还在")).to_be_visible()


def test_a_dialog_opens_and_a_menu_closes(sheet: Page) -> None:
    open_page(
        sheet,
        '<details class="menu"><summary>菜单</summary><a href="#">我的资料</a></details>'
        '<a href="/void" data-open="void">作废</a><dialog id="void">为什么<button data-close>关上'
        "</button></dialog>",
    )
    sheet.get_by_text("菜单").click()
    expect(sheet.get_by_text("我的资料")).to_be_visible()
    sheet.keyboard.press("Escape")
    expect(sheet.get_by_text("我的资料")).to_be_hidden()
    sheet.get_by_text("作废").click()
    expect(sheet.get_by_text("为什么")).to_be_visible()
    sheet.get_by_text("关上").click()
    expect(sheet.get_by_text("为什么")).to_be_hidden()
