"""Whatever is pressed with a thumb is 44 px high: the program of the phone, and the list of orders
on a small screen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import Shop

#: What is lower than a thumb, of all that can be seen and pressed inside `main` and the head.
LOW = """() => [...document.querySelectorAll(
    "main :is(a, button, summary, select, .control, .form-control, .choices span, .pick > span),"
    + " .head a")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => !each.closest("td, p, .crumbs, .page-sub"))
  .map((each) => [each.innerText || each.name, each.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 43.5)"""
#: On which lines of the screen filters stand, by their middles.
LINES = """all => all.filter((each) => each.checkVisibility()).map((each) => {
  const { top, height } = each.getBoundingClientRect();
  return Math.round((top + height / 2) / 8);
})"""


def test_everything_on_a_phone_is_as_high_as_a_thumb(
    shop: Shop, page: Page, as_staff: Callable[[Staff], None], live_server: LiveServer,
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    now, cast = clock.now(), shop.cast
    repair_prices(cast)
    order = shop.issues(at=now, title="更换厨房角阀", trade="water")
    shop.sends(order, at=now)
    as_staff(cast.chenjianguo)
    page.goto(f"{live_server.url}/phone/")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".head-title")).to_contain_text("我的维修单")
    for screen in (
        f"order/{order.number}",
        f"order/{order.number}/finish",
        "all",
        "kept",
        "report",
    ):
        page.goto(f"{live_server.url}/phone/#{screen}")
        expect(page.locator("main")).not_to_be_empty()
        assert page.evaluate(LOW) == [], screen
        shot(f"phone-{screen.split('/')[0]}{'-finish' if 'finish' in screen else ''}")
        page.set_viewport_size({"width": 390, "height": 844})

    as_staff(cast.zhoumin)
    page.goto(f"{live_server.url}/orders")
    shot("orders")
    filters = page.locator("form.filters > :is(input, select, details, button)")
    assert len(set(filters.evaluate_all(LINES))) == 1, (
        "on a wide screen the filters stand in one row"
    )
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(LOW) == []
    box = page.locator("form.filters").bounding_box()
    assert box
    assert box["height"] < 844 / 4, "the filters leave the screen to the orders"
    page.goto(f"{live_server.url}/orders?trade=water")
    shot("orders-narrowed")
