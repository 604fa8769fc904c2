"""A walk through the dashboards: charts are drawn, and a bar leads to its records."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from tests.dashboards.conftest import Hall


def test_a_bar_leads_to_the_records_that_it_counts(
    hall: Hall,
    page: Page,
    live_server: LiveServer,
    as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:
    """周敏 looks at his project, presses the bar of what is late for weeks, and finds the case."""
    hall.month()
    hall.year(29)
    hall.keeps()
    at = live_server.url
    as_staff(hall.cast.zhoumin)
    page.goto(f"{at}/dashboards")
    expect(page.locator(".chart svg").first).to_be_visible()
    shot("dashboards-today")
    red = page.locator("[data-table=ageing] svg path[fill='#a91f14']")
    heights = [(red.nth(n).bounding_box() or {"height": 0})["height"] for n in range(red.count())]
    red.nth(heights.index(max(heights))).click(force=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("超时的诉求")
    expect(page.locator(".rows")).to_contain_text("楼道灯不亮")
    page.goto(f"{at}/dashboards/month")
    shot("dashboards-month")
    page.get_by_role("link", name="投诉关闭率").click()
    shot("dashboards-trend")
    page.goto(f"{at}/dashboards/departments")
    shot("dashboards-departments")
    as_staff(hall.cast.qianhong)
    page.goto(f"{at}/dashboards/compare")
    shot("dashboards-compare")
    page.goto(f"{at}/dashboards/records/open")
    shot("dashboards-records")
    page.goto(f"{at}/wall")
    shot("dashboards-wall")
