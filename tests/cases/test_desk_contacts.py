"""Contacts as a list, as the printed register, one by one, and handed over."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.models import Disclosure, Staff
from shouwen.accounts.scope import scope_of
from shouwen.adoption.actions import adopt
from shouwen.cases.actions.intake import Told, answer_at_once, register
from shouwen.cases.models import Case, Contact
from tests.cast import Cast
from tests.moments import moment

SignIn = Callable[[Client, Staff], Client]
Clock = Callable[..., datetime]
NOW = moment("2026-11-20 09:12", "周五")


@pytest.fixture
def desk(cast: Cast, client: Client, sign_in: SignIn, clock: Clock) -> Client:
    clock("2026-11-20 17:30", "周五")
    return sign_in(client, cast.limin)


def told(cast: Cast, text: str, at: datetime = NOW, by: Staff | None = None, **more: Any) -> Case:
    said = Told(text=text, **more)
    return register(project=cast.cuihu, told=said, by=scope_of(by or cast.limin, at), at=at)


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.clause("S0-3.4-10")
def test_the_register_of_a_day_is_printed_from_the_contacts_and_typed_by_nobody(
    desk: Client, cast: Cast
) -> None:
    told(
        cast, "厨房漏水", unit=cast.home, name="王女士", phone="13900000421", ticks=["read-back"]
    )  # fmt: skip
    answer_at_once(
        project=cast.cuihu, told=Told(text="问停车月租"), answer="150 元",
        by=scope_of(cast.wangfang, NOW), at=NOW,
    )  # fmt: skip
    page = words(desk.get("/contacts/register?day=2026-11-20"))
    assert "来电来访情况记录表" in page
    for cell in (
        "11-20 09:12",
        "3幢2单元501室",
        "王女士",
        "139 **** 0421",
        "报修",
        "厨房漏水",
        "李敏",
    ):
        assert cell in page
    assert "150 元" in page
    assert "复述确认" in page


@pytest.mark.clause("S3-7.2-1")
def test_the_register_has_the_title_of_the_regulation_that_is_adopted(
    desk: Client, cast: Cast
) -> None:
    for position, regulation in enumerate(("complaint-procedure", "service-centre")):
        adopt(unit=cast.jinxiu, regulation=regulation, position=position, since=NOW)
    page = words(desk.get("/contacts"))
    assert "打印《来电来访情况记录表》" in page
    adopt(unit=cast.group, regulation="staff-handbook", position=1, since=NOW)
    assert "打印《客户来电记录表》" in words(desk.get("/contacts"))


def test_the_list_shows_one_day_of_one_project(desk: Client, cast: Cast) -> None:
    told(cast, "昨天的事", NOW - timedelta(days=1))
    told(cast, "今天的事")
    page = words(desk.get("/contacts"))
    assert "今天的事" in page
    assert "昨天的事" not in page
    assert "昨天的事" in words(desk.get("/contacts?day=2026-11-19"))
    assert desk.get("/contacts?day=2026-13-45").status_code == 200


def test_the_list_can_be_narrowed(desk: Client, cast: Cast) -> None:
    told(cast, "夜里的事", moment("2026-11-20 02:10"), by=cast.gaofei)
    told(cast, "白天的事", source="front-desk", stand_in=True)
    for query, there, gone in (
        ("only=night", "夜里的事", "白天的事"),
        ("only=stand-in", "白天的事", "夜里的事"),
        ("source=front-desk", "白天的事", "夜里的事"),
    ):
        page = words(desk.get(f"/contacts?{query}"))
        assert there in page
        assert gone not in page


def test_a_long_day_is_read_page_by_page_and_nothing_is_seen_twice_or_missed(
    desk: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(120):
        told(cast, f"第{n:03}件", NOW + timedelta(minutes=n // 3))
    seen: list[str] = []
    address = "/contacts"
    while address:
        with django_assert_max_num_queries(20):
            page = desk.get(address)
        seen += re.findall(r"第\d{3}件", page.content.decode())
        address = page.context["pager"].older
    assert seen == [f"第{n:03}件" for n in range(119, -1, -1)]


@pytest.mark.clause("S0-3.4-5")
def test_what_somebody_took_in_for_the_clerk_stands_in_her_hand_over(
    desk: Client, cast: Cast
) -> None:
    told(cast, "客户来取快递", by=cast.wuqiang, stand_in=True)
    page = words(desk.get("/handover"))
    assert "客户来取快递" in page
    assert "代接" in page
    assert "吴强" in page


def test_who_leaves_hands_over_what_is_open_in_her_hands(desk: Client, cast: Cast) -> None:
    mine, hers = told(cast, "我的事"), told(cast, "她的事", by=cast.wangfang)
    assert mine.number in words(desk.get("/handover"))
    assert hers.number not in words(desk.get("/handover"))
    assert hers.number in words(desk.get(f"/handover?who={cast.wangfang.number}"))


def test_a_contact_shows_what_was_said_then_and_hides_the_number_until_asked(
    desk: Client, cast: Cast
) -> None:
    told(cast, "厨房漏水", phone="13900000421", name="王女士")
    contact = Contact.objects.get()
    page = desk.get(f"/contacts/{contact.number}").content.decode()
    assert "139 **** 0421" in page
    assert "13900000421" not in page
    shown = desk.post(f"/contacts/{contact.number}/phone")
    assert "13900000421" in shown.content.decode()
    looked = Disclosure.objects.get()
    assert (looked.staff, looked.record, looked.record_id) == (cast.limin, "contact", contact.pk)


def test_a_contact_of_another_project_is_not_there(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    told(cast, "厨房漏水")
    number = Contact.objects.get().number
    sign_in(client, cast.jiangnan_clerk)
    assert client.get(f"/contacts/{number}").status_code == 404
    assert client.post(f"/contacts/{number}/phone").status_code == 404
    assert "厨房漏水" not in words(client.get("/contacts"))
    assert client.get(f"/desk?after={number}").status_code == 200
    assert "厨房漏水" not in words(client.get(f"/desk?after={number}"))
