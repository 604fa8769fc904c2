"""The page of a case: what it shows, to whom, and what it offers next."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from shouwen.accounts.models import Disclosure
from shouwen.cases.models import JournalEntry
from tests.cases.pages import LEAK, NOISE, Day, big_button, offered
from tests.cast import Cast

#: What the page of a case may cost, and does: session, staff, posts, projects, two counts of the
#: frame; the case, its journal, commitments, departments, files and links.
MOST_QUERIES = 12


@pytest.fixture
def day(cast: Cast, clock: Callable[..., datetime]) -> Day:
    day = Day(cast, clock)
    day.at("2026-11-19 09:12", "周四")
    return day


def queries(day: Day) -> int:
    client = day.client(day.cast.limin)
    client.get(reverse("cases:case", args=[day.case.number]))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("cases:case", args=[day.case.number]))
    return len(asked)


def test_the_page_costs_the_same_however_long_the_story(
    day: Day, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    other = day.registers("楼道灯不亮")
    day.registers(NOISE)
    day.does(cast.limin, "dispatch", lead="CH-engineering", assist=["CH-security"])
    day.does(cast.limin, "link", other=other.number)
    paper = SimpleUploadedFile("来信.pdf", b"%PDF-1.4")
    day.does(cast.limin, "note", text="见来信", files=[paper])
    short = queries(day)
    for number in range(20):
        day.does(cast.limin, "note", text=f"第 {number} 次巡查")
    assert queries(day) == short
    assert short == MOST_QUERIES, "fewer is better: lower the number that is recorded here"


@pytest.mark.clause("S0-3.1-1")
def test_whoever_heard_it_first_is_shown_as_its_owner_until_it_is_closed(
    day: Day, cast: Cast
) -> None:
    day.registers()
    for who in (cast.limin, cast.wangfang, cast.zhoumin):
        assert "首问责任人 <strong>李敏</strong>" in day.sees(who)
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    day.does(cast.chenjianguo, "report-done", text="换了角阀")
    assert "首问责任人 <strong>李敏</strong>" in day.sees(cast.chenjianguo)


def test_every_promise_shows_its_due_time_its_clause_its_arithmetic_and_whom_it_tells(
    day: Day, cast: Cast
) -> None:
    day.registers()
    page = day.sees(cast.limin)
    assert "报修传递责任部门" in page
    assert "4.4.2b · 客户沟通管理规定" in page
    assert "登记 11-19（四）09:12，10 分钟按自然时间计 → 11-19（四）09:22" in page
    assert "李敏负责 · 11-19 09:19 提醒李敏" in page
    day.at("2026-11-19 09:18")
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    assert "按时 · 用 6 分" in day.sees(cast.limin)


def test_what_the_product_promises_by_itself_is_marked_so(day: Day, cast: Cast) -> None:
    day.registers(NOISE)
    assert "系统默认，非制度规定" in day.sees(cast.limin)


def test_the_phone_is_masked_and_looking_behind_the_mask_is_written_down(
    day: Day, cast: Cast
) -> None:
    day.registers()
    page = day.sees(cast.limin)
    assert "139 **** 0421" in page
    assert "13900000421" not in page
    answer = day.client(cast.limin).post(reverse("cases:phone", args=[day.case.number]))
    assert "13900000421" in answer.content.decode()
    looked = Disclosure.objects.get()
    assert (looked.staff, looked.record, looked.record_id) == (cast.limin, "case", day.case.pk)


def test_who_may_not_look_behind_the_mask_does_not_and_leaves_no_trace(
    day: Day, cast: Cast
) -> None:
    day.registers("楼道垃圾没人清")
    day.does(cast.limin, "dispatch", lead="CH-environment")
    assert "查看</button>" not in day.sees(cast.dingyi)
    answer = day.client(cast.dingyi).post(reverse("cases:phone", args=[day.case.number]))
    assert answer.status_code == 403
    assert not Disclosure.objects.exists()


def test_nobody_sees_a_case_of_another_project(day: Day, cast: Cast) -> None:
    day.registers()
    for who in (cast.jingui_clerk, cast.jiangnan_manager, cast.chenjianguo):
        address = reverse("cases:case", args=[day.case.number])
        assert day.client(who).get(address).status_code == 404
        assert day.client(who).get(day.address("note")).status_code == 404
        assert day.client(who).post(day.address("note"), {"text": "x"}).status_code == 404


def test_the_copies_of_name_phone_and_address_stay_as_they_were_then(day: Day, cast: Cast) -> None:
    day.registers()
    cast.mswang.name = "王夫人"
    cast.mswang.save()
    cast.home.label = "3号楼 501"
    cast.home.save()
    page = day.sees(cast.limin)
    assert "王女士" in page
    assert "王夫人" not in page
    assert "3号楼 501" not in page


def test_the_story_says_that_nobody_changed_it_and_says_so_no_longer_when_somebody_did(
    day: Day, cast: Cast
) -> None:
    day.registers()
    day.does(cast.limin, "note", text="客户又来电")
    assert "未被改动" in day.sees(cast.limin)
    JournalEntry.objects.filter(seq=2).update(data={"text": "没有来电", "tag": "", "signed": False})
    page = day.sees(cast.limin)
    assert "未被改动" not in page
    assert "第 2 条：内容被改过" in page


def test_what_was_typed_later_shows_both_times_and_both_people(day: Day, cast: Cast) -> None:
    day.registers()
    day.at("2026-11-19 15:40")
    day.does(
        cast.limin, "note", text="保安看到水漫出门外", happened="2026-11-19T14:05", said_by="高飞"
    )
    page = day.sees(cast.limin)
    assert "11-19 14:05" in page
    assert "11-19 15:40 补录" in page
    assert "高飞说的" in page
    entry = day.case.journal.get(verb="noted")
    assert entry.said_by == "高飞"
    assert entry.by == cast.limin


def test_a_verb_that_is_not_right_now_is_not_offered(day: Day, cast: Cast) -> None:
    day.registers()
    verbs = offered(day.sees(cast.limin), day.case)
    assert {"dispatch", "note", "classify", "contact-customer"} <= verbs
    assert not verbs & {"accept", "resume", "feed-back", "close", "reopen", "verify", "rule"}
    refused = day.asks(cast.limin, "close")
    assert refused.status_code == 409
    assert "先向客户反馈处理结果" in refused.content.decode()


def test_a_verb_that_a_person_may_not_do_is_not_offered_to_them(day: Day, cast: Cast) -> None:
    day.registers()
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    engineer = offered(day.sees(cast.chenjianguo), day.case)
    assert {"accept", "refuse", "arrive"} <= engineer
    assert not engineer & {"dispatch", "transfer", "classify", "change-owner", "decide-void"}
    assert day.sends(cast.chenjianguo, "change-owner").status_code == 403
    assert "change-owner" in offered(day.sees(cast.zhoumin), day.case)
    assert not offered(day.sees(cast.zhaogang), day.case) & {"note", "dispatch", "accept"}


def test_the_big_button_is_the_next_right_action_of_whoever_looks(day: Day, cast: Cast) -> None:
    day.registers()
    assert big_button(day.sees(cast.limin)) == "派单"
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    assert big_button(day.sees(cast.chenjianguo)) == "接单"
    assert big_button(day.sees(cast.limin)) == "记录联系客户"
    day.does(cast.chenjianguo, "accept", department="CH-engineering")
    day.does(cast.chenjianguo, "contact-customer", reached="yes", channel="phone", text="马上到")
    assert big_button(day.sees(cast.chenjianguo)) == "完成，报处理结果"
    day.does(cast.chenjianguo, "report-done", text="换了角阀")
    assert big_button(day.sees(cast.limin)) == "记录对客户的答复"
    assert big_button(day.sees(cast.chenjianguo)) == ""


def test_what_closing_still_lacks_is_a_list_with_a_button_for_each_line(
    day: Day, cast: Cast
) -> None:
    day.registers()
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    day.does(cast.chenjianguo, "report-done", text="换了角阀")
    page = day.sees(cast.limin).partition('id="checks"')[2]
    assert "0 / 2" in page
    assert "向客户反馈处理结果" in page
    assert 'aria-label="反馈客户：向客户反馈处理结果"' in page
    assert "维修主管对过程与结果监督" in page
    assert "验证：维修主管" not in page, "the desk does not verify, so it is offered no button"
    assert "验证：维修主管" in day.sees(cast.liuqiang)


def test_transferred_cases_show_the_senders_number_and_due_time(day: Day, cast: Cast) -> None:
    day.registers(
        NOISE, source="hotline-400", sender="400 热线", sender_number="400-7781",
        sender_due=day.clock("2026-11-21 17:00"), ticks=[],
    )  # fmt: skip
    day.at("2026-11-19 10:00")
    page = day.sees(cast.limin)
    assert "400-7781" in page
    assert "11-21 17:00 前回复" in page


def test_a_unit_shows_its_cases_to_those_who_may_see_them(day: Day, cast: Cast) -> None:
    day.registers()
    address = reverse("cases:unit-panel", args=[cast.home.pk])
    assert LEAK[:8] in day.client(cast.limin).get(address).content.decode()
    assert LEAK[:8] not in day.client(cast.jingui_clerk).get(address).content.decode()
    history = reverse("cases:customer-history", args=[cast.mswang.pk])
    assert day.case.number in day.client(cast.limin).get(history).content.decode()


def test_html_in_what_was_said_stays_text(day: Day, cast: Cast) -> None:
    day.registers("<script>alert(1)</script>漏水", name="<b>王</b>")
    day.does(cast.limin, "note", text="<img src=x onerror=alert(1)>", said_by="<i>x</i>")
    page = day.sees(cast.limin)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>王" not in page
