"""The pages of statements: what is owed, one statement with its steps, and how punctually."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.statements.models import Statement
from tests.statements.conftest import SECOND, Office

MOST_QUERIES = 16
KEYS = count()


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-12-02 10:00", "周三")


def gets(office: Office, who: Staff, name: str, *args: object, **asked: Any) -> Any:
    return office.client(who).get(reverse(f"statements:{name}", args=args), asked)


def sees(office: Office, who: Staff, name: str, *args: object, **asked: Any) -> str:
    response = gets(office, who, name, *args, **asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(office: Office, who: Staff, name: str, *args: object, **fields: Any) -> Any:
    address = reverse(f"statements:{name}", args=args)
    return office.client(who).post(address, {"key": f"k{next(KEYS)}", **fields})


def test_the_lists_say_so_when_they_are_empty(office: Office) -> None:
    assert "没有等您处理的报表" in sees(office, office.cast.zhoumin, "statements", of="mine")
    assert "没有这样的报表" in sees(office, office.cast.zhoumin, "statements", of="project")


def test_what_is_owed_stands_by_its_time_and_says_in_whose_hands_it_is(office: Office) -> None:
    office.prepares()
    page = sees(office, office.cast.sunli, "statements", of="project")
    assert "月度客户信息统计分析表" in page
    assert "次月 5 日前（含当日） · 4.3.6a" in page
    assert "客服负责人" in page


def test_each_finds_what_waits_for_her(office: Office) -> None:
    row = office.submitted()
    mine = sees(office, office.cast.zhoumin, "statements", of="mine")
    assert row.number in mine
    assert row.number not in sees(office, office.cast.limin, "statements", of="mine")


def test_a_statement_shows_its_sections_its_places_to_sign_and_to_whom_it_goes(
    office: Office,
) -> None:
    office.registers("电梯困人后无人回电", kind="complaint")
    row = office.prepared()
    page = sees(office, office.cast.sunli, "statement", row.number)
    for words in ("指标达成情况", "未关闭的客户信息", "还没有写", "项目经理", "客户服务组"):
        assert words in page
    assert "还有 1 件没有改善措施、责任人或期限" in page


def test_she_writes_adds_measures_and_puts_her_name_to_it(office: Office) -> None:
    office.registers("电梯困人后无人回电", kind="complaint")
    office.judges(SECOND)
    row, sunli = office.prepared(), office.cast.sunli
    said = {"version": row.version, "summary": "本月总体平稳", "improvements": "每周复查"}
    assert sends(office, sunli, "step", row.number, "write", **said).status_code == 302
    row.refresh_from_db()
    line = {
        "version": row.version, "measure-all": "约见住户并公示维保记录",
        "owner-all": office.cast.liuqiang.pk, "due-all": "2026-12-09",
    }  # fmt: skip
    assert sends(office, sunli, "step", row.number, "measures", **line).status_code == 302
    assert sends(office, sunli, "step", row.number, "submit", note="").status_code == 302
    row.refresh_from_db()
    assert row.state == "checked"
    assert "本月总体平稳" in sees(office, office.cast.zhoumin, "statement", row.number)


def test_a_step_is_for_whose_turn_it_is(office: Office) -> None:
    row = office.submitted()
    response = gets(office, office.cast.limin, "step", row.number, "sign")
    assert response.status_code == 403
    assert "这一步由周敏办" in response.content.decode()


def test_who_sees_single_cases_only_sees_no_statement(office: Office) -> None:
    row = office.prepared()
    assert gets(office, office.cast.chenjianguo, "statement", row.number).status_code == 403
    assert gets(office, office.cast.jingui_clerk, "statement", row.number).status_code == 404


def test_the_company_acknowledges_what_the_project_sent(office: Office) -> None:
    row = office.signed()
    delivery = row.deliveries.get()
    address = row.number, delivery.pk, "receive"
    assert sends(office, office.cast.zhengjie, "delivery-step", *address).status_code == 302
    row.refresh_from_db()
    assert row.state == "received"
    assert "郑洁签收" in sees(office, office.cast.sunli, "statement", row.number)


def test_the_company_sees_who_reports_in_time(office: Office) -> None:
    office.signed()
    page = sees(office, office.cast.zhengjie, "calendar", of="company", month="2026-12")
    assert "金桂苑" in page
    assert "本月报齐" in page


def test_a_long_list_asks_the_database_as_seldom_as_a_short_one(office: Office) -> None:
    office.prepares()
    client = office.client(office.cast.zhengjie)
    client.get(reverse("statements:statements"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("statements:statements"), {"of": "company"})
    assert len(asked) <= MOST_QUERIES, [query["sql"][:90] for query in asked.captured_queries]
    assert Statement.objects.count() > 4
