"""November, reported at three levels: the worker prepares, people write, sign and acknowledge."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.models import Staff
from shouwen.statements.models import Statement
from tests.statements.conftest import Office

Sign = Callable[[Staff], None]


def opens(page: Page, host: LiveServer, row: Statement) -> None:
    page.goto(f"{host.url}/statements/{row.number}")
    expect(page.get_by_role("heading", level=1)).to_have_text(row.title)


def puts_name(page: Page, word: str) -> None:
    """The step, and the same word again on its form."""
    page.get_by_role("link", name=word, exact=True).click()
    page.get_by_role("button", name=word).click()


def renews(page: Page) -> None:
    puts_name(page, "重新取数")
    expect(page.get_by_text("已重新取数")).to_be_visible()
    expect(page.get_by_text("取数以后数字有变")).not_to_be_visible()


def writes(page: Page, *titles: str) -> None:
    page.get_by_role("link", name="改写文字", exact=True).click()
    for title in titles:
        page.get_by_label(title, exact=True).fill("本月投诉集中在夜间装修，已逐户回访。")
    page.get_by_role("button", name="改写文字").click()
    expect(page.get_by_text("已保存")).to_be_visible()


def test_a_month_is_reported_and_signed_at_three_levels(
    office: Office,
    page: Page,
    as_staff: Sign,
    live_server: LiveServer,
    shot: Callable[[str], None],
) -> None:
    cast = office.cast
    office.registers("夜里装修太吵，保安没有劝阻", kind="complaint")
    office.registers("楼道灯不亮", kind="repair")
    office.prepares()
    office.judges()
    project, company, group = (
        office.statement(rule, unit)
        for rule, unit in (
            ("month-project", cast.cuihu), ("month-company", cast.jinxiu),
            ("month-group", cast.group),
        )
    )  # fmt: skip

    as_staff(cast.sunli)
    page.goto(f"{live_server.url}/statements?of=project")
    expect(page.get_by_role("link", name=project.title, exact=True)).to_be_visible()
    shot("statements")
    opens(page, live_server, project)
    expect(page.get_by_text("取数以后数字有变")).to_be_visible()
    shot("statement-prepared")
    renews(page)
    writes(page, "概况", "改进措施")
    page.get_by_role("link", name="写改善措施", exact=True).click()
    page.locator("[name=measure-all]").fill("夜间加派一名秩序员，当晚劝停")
    page.locator("[name=owner-all]").select_option(label="周敏")
    page.locator("[name=due-all]").fill("2026-12-09")
    shot("statement-measures")
    page.get_by_role("button", name="写改善措施").click()
    puts_name(page, "签名提交")
    expect(page.get_by_text("待签字").first).to_be_visible()

    as_staff(cast.zhoumin)
    opens(page, live_server, project)
    puts_name(page, "签字报送")
    expect(page.get_by_text("已报送").first).to_be_visible()
    shot("statement-sent")

    as_staff(cast.zhengjie)
    opens(page, live_server, project)
    puts_name(page, "签收")
    expect(page.get_by_text("已签收").first).to_be_visible()
    opens(page, live_server, company)
    renews(page)
    writes(page, "概况", "改进措施")
    puts_name(page, "签名提交")
    as_staff(cast.zhaogang)
    opens(page, live_server, company)
    puts_name(page, "签字报送")
    expect(page.get_by_text("已报送").first).to_be_visible()

    as_staff(cast.qianhong)
    opens(page, live_server, group)
    renews(page)
    writes(page, "概况", "结论")
    puts_name(page, "签名提交")
    page.get_by_role("link", name="记录报送").first.click()
    page.get_by_label("凭证").fill("12 月经营分析会，纪要 2026-12-08")
    page.get_by_role("button", name="记录报送").click()
    expect(page.get_by_text("纪要 2026-12-08").first).to_be_visible()
    page.goto(f"{live_server.url}/statements/calendar?of=group&month=2026-12")
    expect(page.get_by_role("heading", name="报送情况")).to_be_visible()
    shot("statements-calendar")
    states = {one.pk: Statement.objects.get(pk=one.pk).state for one in (project, company, group)}
    assert states == {project.pk: "received", company.pk: "sent", group.pk: "signed"}
