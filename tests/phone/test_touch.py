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
    "main :is(a, button, summary, select, input:not([type=hidden], [type=radio], [type=checkbox], [type=file]),"
    + " .choices span, .pick > span), .head a")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("td, p, .crumbs, .page-sub"))
  .map((each) => [each.innerText || each.name || each.tagName, each.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 43.5)"""


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
    assert len(_tops(page)) == 1, "on a wide screen the filters stand in one row"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(LOW) == []
    box = page.locator("form.filters").bounding_box()
    assert box
    assert box["height"] < 844 / 4, "the filters leave the screen to the orders"
    page.goto(f"{live_server.url}/orders?trade=water")
    shot("orders-narrowed")


def _tops(page: Page) -> set[int]:
    """The lines on which the filters stand."""
    found = page.locator("form.filters > :is(input, select, details, button)").evaluate_all(
        "all => all.filter((each) => each.checkVisibility())"
        ".map((each) => { const box = each.getBoundingClientRect(); return box.top + box.height / 2; })"
    )
    return {round(top / 8) for top in found}
