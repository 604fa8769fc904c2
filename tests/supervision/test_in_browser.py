"""What is owed, in a real browser: wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.supervision.actions.asking import ask
from shouwen.supervision.actions.guiding import guide
from shouwen.supervision.actions.handing import hand_down
from shouwen.supervision.models import Matter
from tests.supervision.conftest import S2, Levels

LONG = "业主反映楼上装修从早上六点开始，多次劝阻无效，要求物业给说法并赔偿" * 3


def busy(levels: Levels, at: datetime) -> Case:
    """A complaint that was handed down, asked about, and is late with an answer."""
    levels.adopts(S2)
    cast = levels.cast
    told = Told(text=LONG, name="王女士", unit=cast.home, facts={"kind": "complaint"})
    case = register(project=cast.cuihu, told=told, by=levels.of(cast.limin, at), at=at)
    company = levels.of(cast.zhengjie, at)
    hand_down(
        case=case, to=cast.cuihu, text="请核实并处理，报结果", due=at + timedelta(hours=1),
        sender_number="GS-2026-118", by=company, at=at,
    )  # fmt: skip
    due = {"due": at + timedelta(days=3)}
    ask(case=case, kind="supervise", text=LONG, by=company, at=at, details=due)
    ask(case=case, kind="leader", text="要当面见经理", by=levels.of(cast.limin, at), at=at)
    guide(
        company=cast.jinxiu, kind="inspect", on=at.date(), finding=LONG,
        by=levels.of(cast.qianhong, at), at=at,
    )  # fmt: skip
    return case


def test_what_is_owed_is_found_read_and_answered(
    page: Page,
    live_server: LiveServer,
    as_staff: Callable[[Staff], None],
    levels: Levels,
    shot: Callable[[str], None],
) -> None:
    case, cast = busy(levels, clock.now() - timedelta(hours=3)), levels.cast
    as_staff(cast.zhoumin)
    page.goto(f"{live_server.url}/supervision")
    expect(page.get_by_text("请核实并处理")).to_be_visible()
    shot("owed")
    page.goto(f"{live_server.url}/supervision?of=company&side=owed")
    page.goto(f"{live_server.url}/supervision?side=answered")
    expect(page.get_by_text("还没有答复过的")).to_be_visible()
    shot("answered-empty")
    page.goto(f"{live_server.url}/cases/{case.number}")
    expect(page.get_by_text("上下级之间")).to_be_visible()
    page.get_by_text("督办、请示", exact=True).last.click()
    expect(page.get_by_role("link", name="请上级处理")).to_be_visible()
    shot("case")
    page.goto(f"{live_server.url}/supervision/of-case/{case.number}/ask/event")
    shot("ask")
    leader = Matter.objects.get(kind="leader")
    page.goto(f"{live_server.url}/supervision/{leader.number}")
    page.get_by_label("理由").fill("当面说清")
    page.get_by_label("合理", exact=True).check()
    page.get_by_role("button", name="答复").click()
    expect(page.get_by_text("请约定见面的时间")).to_be_visible()
    page.troubles.clear()  # type: ignore[attr-defined] # what was refused is told to the console
    shot("answer-wrong")
    as_staff(cast.zhengjie)
    page.goto(f"{live_server.url}/supervision/of-case/{case.number}/hand/down")
    shot("hand")
    page.goto(f"{live_server.url}/supervision/regions")
    shot("regions")
    as_staff(cast.gaofei)
    page.goto(f"{live_server.url}/supervision/patrol")
    shot("patrol")
