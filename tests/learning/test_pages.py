"""The pages of what is learned: the lists, a correction with its steps, the box on a case."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.actions.contacting import contact_customer
from shouwen.learning.actions import collecting, praising, rolls, suggesting
from shouwen.learning.listing import PAGE, SECTIONS
from shouwen.learning.models import Correction, Praise, ProductFeedback, Roll
from tests.cast import Cast
from tests.learning.conftest import NEXT_DAY, OPENED, PLAN, S2, School

clause = pytest.mark.clause
MOST_QUERIES = 14
KEYS = count()


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-20 11:00", "周五")


def sees(school: School, who: Staff, name: str, *args: object, **asked: Any) -> str:
    response = school.client(who).get(reverse(f"learning:{name}", args=args), asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(school: School, who: Staff, name: str, *args: object, **fields: Any) -> Any:
    address = reverse(f"learning:{name}", args=args)
    return school.client(who).post(address, {"key": f"k{next(KEYS)}", **fields})


def errors_in(page: str) -> list[str]:
    return re.findall(
        r'class="[^"]*(?:invalid-feedback|note-error)[^"]*"[^>]*>(.*?)</', page, re.DOTALL
    )


def saves(school: School, who: Staff, name: str, *args: object, **fields: Any) -> None:
    """What is sent is taken: the answer leads on to a page."""
    response = sends(school, who, name, *args, **fields)
    assert response.status_code == 302, errors_in(response.content.decode())


def test_every_list_says_so_when_it_is_empty(school: School, cast: Cast) -> None:
    for name in SECTIONS:
        assert "没有" in sees(school, cast.zhoumin, name)
    assert "还没有名单" in sees(school, cast.zhoumin, "rolls")


def test_a_correction_is_brought_up_and_led_to_its_end_on_its_pages(
    school: School, cast: Cast
) -> None:
    saves(
        school,
        cast.wangfang,
        "bring-up",
        trigger="cluster",
        title="夜间装修噪音",
        problem="三户反映",
    )
    correction = Correction.objects.get()
    number = correction.number
    assert number in sees(school, cast.zhoumin, "corrections")
    step = "correction-step"
    due = "2026-11-27T18:00"
    saves(school, cast.zhoumin, step, number, "open", owner=cast.wuqiang.pk, due=due)
    assert "还没有写原因" in sees(school, cast.wuqiang, "correction", number)
    saves(school, cast.wuqiang, step, number, "plan", **PLAN)
    saves(school, cast.wuqiang, step, number, "finish", text="已加派")
    refused = sends(school, cast.wuqiang, step, number, "verify", ok="yes", text="好")
    assert refused.status_code == 422
    saves(school, cast.sunli, step, number, "verify", ok="yes", text="属实")
    saves(school, cast.sunli, step, number, "check", effective="yes", text="一月无投诉")
    page = sees(school, cast.zhoumin, "correction", number)
    for words in ("已结案", PLAN["prevention"], "效果有效", "2026-11-27 18:00"):
        assert words in page
    assert number not in sees(school, cast.zhoumin, "corrections")
    assert number in sees(school, cast.zhoumin, "corrections", state="closed")


def test_what_is_late_is_marked_and_only_its_steps_are_offered(school: School, cast: Cast) -> None:
    correction = school.opened()
    Correction.objects.update(due_at=NEXT_DAY - timedelta(hours=1))
    assert "is-late" in sees(school, cast.zhoumin, "corrections")
    owner = sees(school, cast.wuqiang, "correction", correction.number)
    assert "写原因和措施" in owner
    assert "/move" not in owner
    assert "写原因和措施" not in sees(school, cast.limin, "correction", correction.number)


def test_nobody_sees_what_is_learned_in_another_project(school: School, cast: Cast) -> None:
    correction = school.opened()
    case = school.registers(kind="suggestion")
    school.learns()
    stranger = school.client(cast.jiangnan_manager)
    for name, args in (
        ("correction", [correction.number]),
        ("panel", [case.number]),
        ("suggestion-step", [case.number, "decide"]),
    ):
        assert stranger.get(reverse(f"learning:{name}", args=args)).status_code == 404
    assert correction.number not in sees(school, cast.jiangnan_manager, "corrections")


def test_a_suggestion_goes_from_the_register_to_the_roll(school: School, cast: Cast) -> None:
    school.adopts(S2)
    case = school.registers("建议在大堂加长椅", kind="suggestion")
    school.learns()
    assert "未上报" in sees(school, cast.limin, "suggestions")
    plan = {"decision": "planned", "plan": "12 月前放三张"}
    refused = sends(school, cast.sunli, "suggestion-step", case.number, "decide", **plan)
    assert "主任" in refused.content.decode()
    saves(school, cast.zhoumin, "suggestion-step", case.number, "decide", **plan)
    assert "待告知" in sees(school, cast.limin, "suggestions", state="unanswered")
    saves(school, cast.sunli, "suggestion-step", case.number, "post", where="大堂通知栏")
    at = NEXT_DAY + timedelta(hours=1)
    contact_customer(case=case, by=school.of(cast.limin, at), at=at, text="已告知采纳")
    school.learns(at)
    page = sees(school, cast.limin, "suggestions", state="taken")
    assert "大堂通知栏" in page
    assert "待告知" not in page.split("<table")[1]
    saves(school, cast.sunli, "draw-up", kind="award", year="2026")
    roll = Roll.objects.get()
    line = roll.lines.get()
    saves(school, cast.sunli, "line-step", roll.pk, line.pk, "award", award="减免一个月车位费")
    saves(school, cast.zhoumin, "roll-step", roll.pk, "approve")
    saves(school, cast.limin, "line-step", roll.pk, line.pk, "told")
    page = sees(school, cast.zhoumin, "roll", roll.pk)
    for words in ("王女士", "建议在大堂加长椅", "减免一个月车位费", "李敏"):
        assert words in page


@clause("S2-A14-12a")
def test_the_table_of_a_month_fills_itself_in(school: School, cast: Cast) -> None:
    """With the analysis of what can be done, and without the suggestions of other months."""
    case = school.registers("建议加长椅", kind="suggestion")
    school.learns()
    said = {"decision": "declined", "reason": "通道宽度不够"}
    saves(school, cast.zhoumin, "suggestion-step", case.number, "decide", **said)
    address = reverse("learning:month", args=["csv"])

    def rows(month: str) -> list[list[str]]:
        answer = school.client(cast.zhoumin).get(address, {"month": month})
        body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined] # streamed
        return list(csv.reader(io.StringIO(body)))[1:]

    (row,) = rows("2026-11")
    for words in (case.number, "王女士", "建议加长椅", "通道宽度不够", "不采纳", "周敏"):
        assert words in row
    assert rows("2026-10") == []
    assert len(rows("9999-12")) == len(rows("0001-01")) == 1, "no such month: the present one"
    assert school.client(cast.wuqiang).get(address).status_code == 403


def test_a_suggestion_that_was_void_or_merged_waits_for_nobody(school: School, cast: Cast) -> None:
    void, kept = (school.registers("建议加长椅", kind="suggestion") for _ in range(2))
    school.learns()
    chief, desk = school.of(cast.zhoumin), school.of(cast.limin)
    request_void(case=void, by=desk, at=NEXT_DAY, reason="重复登记")
    decide_void(case=void, by=chief, at=NEXT_DAY, approve=True)
    page = sees(school, cast.zhoumin, "suggestions", state="waiting")
    assert kept.number in page
    assert void.number not in page


def test_praise_defects_and_typical_cases_begin_on_the_page_of_a_case(
    school: School, cast: Cast
) -> None:
    praised = school.registers("表扬陈师傅", kind="praise")
    saves(
        school, cast.limin, "on-case", praised.number, "praise", kind="praise",
        staff=cast.chenjianguo.pk, text="又快又好",
    )  # fmt: skip
    case = school.complains("卫生间渗漏，装修噪音")
    saves(
        school, cast.zhoumin, "on-case", case.number, "defect", part="waterproof",
        defect="卫生间渗漏", quantity=2,
    )  # fmt: skip
    told = {"title": "渗漏", "story": "三次返修", "lesson": "先做闭水试验"}
    saves(school, cast.zhoumin, "on-case", case.number, "typical", **told)
    found = {"trigger": "other", "title": "渗漏", "problem": "返修三次"}
    saves(school, cast.zhoumin, "on-case", case.number, "correct", **found)
    panel = sees(school, cast.zhoumin, "panel", case.number)
    for words in (
        "渗漏",
        "产品质量反馈",
        "先做闭水试验",
        "2026Q4",
        Correction.objects.get().number,
    ):
        assert words in panel
    assert "陈建国" in sees(school, cast.limin, "panel", praised.number)
    assert "又快又好" in sees(school, cast.chenjianguo, "praises")
    assert "又快又好" in sees(school, cast.limin, "praises", q="陈建国")
    assert "又快又好" not in sees(school, cast.limin, "praises", q="何伟")
    assert "先做闭水试验" in sees(school, cast.zhengjie, "typical", of="company")
    saves(school, cast.zhengjie, "submit", quarter="2026Q4")
    assert "已上报" in sees(school, cast.qianhong, "typical", of="company")
    number = ProductFeedback.objects.get().number
    saves(school, cast.zhoumin, "defect-step", number, "send", to="集团设计部")
    saves(
        school, cast.zhoumin, "defect-step", number, "conclude", decision="adopted",
        change="改防水做法",
    )  # fmt: skip
    page = sees(school, cast.zhoumin, "quality", state="settled")
    assert "改防水做法" in page
    assert "1 个项目" in page


def test_the_box_on_a_case_is_empty_where_nothing_was_made_of_it(
    school: School, cast: Cast
) -> None:
    case = school.registers("问停车费", kind="inquiry")
    assert sees(school, cast.limin, "panel", case.number) == ""


def test_what_a_resident_says_on_patrol_is_written_down(school: School, cast: Cast) -> None:
    fields = {"kind": "praise", "staff": cast.wuqiang.pk, "text": "绿化好", "unit": "3-2-501"}
    saves(school, cast.gaofei, "on-patrol", **fields)
    assert Praise.objects.get().unit == cast.home
    page = sees(school, cast.zhoumin, "praises")
    assert "高飞巡视时记" in page
    wrong = sends(school, cast.gaofei, "on-patrol", **{**fields, "unit": "99-9-999"})
    assert "没有找到这个房号" in wrong.content.decode()


@clause("S1-4.2-7")
def test_the_archive_is_searched_by_class_and_word(school: School, cast: Cast) -> None:
    case = school.archived()
    assert case.number in sees(school, cast.zhoumin, "archive")
    assert case.number in sees(school, cast.zhoumin, "archive", stage="交楼", q="501")
    assert case.number not in sees(school, cast.zhoumin, "archive", stage="签约")
    assert case.number not in sees(school, cast.zhoumin, "archive", q="电梯")


def test_long_lists_cost_no_more_questions_than_short_ones(school: School, cast: Cast) -> None:
    by = school.of(cast.zhoumin)
    for n in range(3):
        at = OPENED + timedelta(minutes=n)
        case = school.complains(f"第 {n} 件", at=at)
        about: dict[str, Any] = {"by": by, "at": NEXT_DAY}
        school.opened()
        collecting.choose(case=case, title="题", story="事", lesson="训", **about)
        collecting.note_defect_on(case=case, part="fitting", defect="门", **about)
        praising.link_praise(case=case, staff=cast.hewei, text="好", **about)
        made = school.registers(f"建议 {n}", at=at, kind="suggestion")
        school.learns()
        suggesting.decide(suggestion=made.suggestion, decision="adopted", **about)
    school.learns()
    rolls.draw_up(project=cast.cuihu, kind="honour", year=2026, by=by, at=NEXT_DAY)
    client = school.client(cast.zhoumin)
    for name in (*SECTIONS, "rolls"):
        state = {"state": "taken"} if name == "suggestions" else {}
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse(f"learning:{name}"), state)
        assert len(asked) <= MOST_QUERIES, (name, len(asked))


def test_a_long_register_is_turned_page_by_page(school: School, cast: Cast) -> None:
    for _ in range(PAGE + 1):
        school.brought_up()
    first = sees(school, cast.zhoumin, "corrections")
    numbers = list(Correction.objects.order_by("-pk").values_list("number", "pk"))
    assert numbers[-1][0] not in first
    older = sees(school, cast.zhoumin, "corrections", after=str(numbers[PAGE - 1][1]))
    assert numbers[-1][0] in older
    assert numbers[0][0] not in older
