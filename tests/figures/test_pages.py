"""What the pages of figures show, and to whom."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.models import Case
from shouwen.figures.actions.locking import lock
from shouwen.figures.models import Exclusion, MonthLock, Restatement
from tests.figures.conftest import NOVEMBER, Desk
from tests.moments import SetClock, moment

SignIn = Callable[[Client, Staff], Client]
AT = ["CH", "2026-11", "customer-communication", "complaint-closed"]
LATER = moment("2026-12-10 09:00", "周四")


@pytest.fixture
def told(desk: Desk) -> Case:
    """One complaint closed, one not."""
    desk.closes(desk.ends(desk.registers()))
    case = desk.registers()
    desk.counts()
    return case


@pytest.fixture
def zhoumin(desk: Desk, client: Client, sign_in: SignIn, clock: SetClock) -> Client:
    clock("2026-11-20 09:00", "周五")
    return sign_in(client, desk.cast.zhoumin)


def test_the_table_shows_each_measure_with_value_target_and_numbers(
    told: Case, zhoumin: Client
) -> None:
    page = zhoumin.get(reverse("figures:figures"), {"place": "CH"}).content.decode()
    assert "投诉关闭率" in page
    assert "已关闭投诉数/客户投诉总数" in page
    assert "样本少" in page
    assert "更正口径" in page


def test_the_table_asks_the_database_the_same_however_many_records_there_are(
    desk: Desk, told: Case, zhoumin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = reverse("figures:figures")
    with django_assert_max_num_queries(40):
        zhoumin.get(url, {"place": "CH"})


@pytest.mark.peers("T17")
def test_screen_and_files_list_the_same_records(told: Case, zhoumin: Client) -> None:
    page = zhoumin.get(reverse("figures:figure", args=AT)).content.decode()
    sent = zhoumin.get(reverse("figures:export", args=[*AT, "csv"]))
    text = b"".join(sent.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined] # a stream
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    assert all(row["记录"] in page for row in rows)
    assert {row["判定"] for row in rows} == {"达标", "未定"}


def test_a_list_of_one_outcome_has_as_many_rows_as_its_tab_says(
    told: Case, zhoumin: Client
) -> None:
    page = zhoumin.get(reverse("figures:figure", args=AT), {"outcome": "open"}).content.decode()
    assert told.number in page
    assert page.count('class="row-next"') == 1
    of_kind = {"by": "kind", "key": "complaint"}
    assert told.number in zhoumin.get(reverse("figures:figure", args=AT), of_kind).content.decode()


def test_who_sees_only_a_department_sees_no_figures(
    desk: Desk, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, desk.cast.chenjianguo)
    assert client.get(reverse("figures:figures")).status_code == 403
    assert client.get(reverse("figures:figure", args=AT)).status_code == 403


def test_the_figures_of_another_project_are_not_found(
    desk: Desk, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, desk.cast.jingui_manager)
    assert client.get(reverse("figures:figure", args=AT)).status_code == 404


def test_a_month_is_locked_corrected_and_approved_on_its_page(
    desk: Desk, told: Case, client: Client, sign_in: SignIn, clock: SetClock
) -> None:
    at = clock("2026-12-02 09:00", "周三")
    lock(project=desk.cast.cuihu, month=NOVEMBER, by=scope_of(desk.cast.zhoumin, at), at=at)
    desk.now = LATER
    desk.closes(desk.ends(told))
    desk.counts()
    clock("2026-12-10 18:00", "周四")
    sign_in(client, desk.cast.sunli)
    month = reverse("figures:month", args=["CH", "2026-11"])
    assert told.number in client.get(month).content.decode()
    asked = {"reason": "11 月已关闭，补录晚了", "key": "k1"}
    assert client.post(reverse("figures:restate", args=["CH", "2026-11"]), asked).status_code == 302
    row = Restatement.objects.get()
    sign_in(client, desk.cast.zhoumin)
    address = reverse("figures:restatement", args=[row.number])
    assert "补录晚了" in client.get(address).content.decode()
    assert client.post(address, {"approve": "yes", "note": "", "key": "k2"}).status_code == 302
    page = client.get(reverse("figures:figure", args=AT)).content.decode()
    assert "锁定时为 50%，更正批准后为 100%" in page


def test_the_month_is_locked_by_hand_once_it_is_over(
    desk: Desk, told: Case, client: Client, sign_in: SignIn, clock: SetClock
) -> None:
    clock("2026-12-01 09:00", "周二")
    sign_in(client, desk.cast.zhoumin)
    address = reverse("figures:lock", args=["CH", "2026-11"])
    assert client.post(address, {"key": "k"}).status_code == 302
    assert MonthLock.objects.get(project=desk.cast.cuihu).by == desk.cast.zhoumin


def test_a_record_is_left_out_when_somebody_else_agrees(
    desk: Desk, told: Case, zhoumin: Client, sign_in: SignIn
) -> None:
    row = desk.verdict(told, "complaint-closed")
    address = reverse("figures:exclude", args=[row.pk])
    assert zhoumin.post(address, {"reason": "法院已受理", "key": "k"}).status_code == 302
    asked = Exclusion.objects.get()
    assert "已申请不计" in zhoumin.get(reverse("figures:figure", args=AT)).content.decode()
    sign_in(zhoumin, desk.cast.sunli)
    decide = reverse("figures:exclusion", args=[asked.pk])
    assert zhoumin.post(decide, {"approve": "yes", "key": "k2"}).status_code == 302
    row.refresh_from_db()
    assert row.verdict == "out"
    assert zhoumin.post(decide, {"reason": "已复工", "key": "k3"}).status_code == 302
    page = zhoumin.get(reverse("figures:month", args=["CH", "2026-11"])).content.decode()
    assert "撤回：已复工（孙丽）" in page
