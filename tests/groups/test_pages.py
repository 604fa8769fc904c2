"""The pages of groups: what is offered, one group, the box on the page of a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.cases.queries import journal
from shouwen.groups.actions.grouping import leave
from shouwen.groups.actions.noticing import notice
from shouwen.groups.models import Alike, GroupMatter, MassAnswer
from tests.groups.conftest import NOW, Estate
from tests.moments import SetClock

LATER = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def now(clock: SetClock) -> None:
    clock("2026-11-20 13:00", "周五")


def test_what_is_offered_says_why_and_becomes_a_group(estate: Estate) -> None:
    cases = estate.complaints(4)
    notice(at=LATER)
    client = estate.client(estate.cast.sunli)
    page = client.get(reverse("groups:offers"))
    assert "油烟" in page.content.decode()
    ((offer, address),) = page.context["new"]
    assert offer.households == 4
    form = client.get(address).context["form"]
    answer = client.post(
        reverse("groups:open"),
        {"title": "油烟扰民", "cases": form["cases"].value(), "key": form["key"].value()},
    )
    assert answer.status_code == 302
    assert GroupMatter.objects.get().members.count() == len(cases)


def test_an_unknown_number_is_named_and_what_was_typed_stays(estate: Estate) -> None:
    (case,) = estate.complaints(1)
    sent = {"title": "油烟", "cases": f"{case.number}\nS-CH-000000-001", "key": "k"}
    page = estate.client(estate.cast.sunli).post(reverse("groups:open"), sent)
    assert page.status_code == 422
    assert "没有找到：S-CH-000000-001" in page.content.decode()
    assert "油烟" in page.content.decode()


def test_what_is_not_one_matter_is_said_with_one_click(estate: Estate) -> None:
    cases = estate.complaints(4)
    notice(at=LATER)
    client = estate.client(estate.cast.sunli)
    client.post(reverse("groups:apart"), {"cases": " ".join(case.number for case in cases)})
    assert not Alike.objects.filter(apart_at=None).exists()
    assert "没有看着像同一件事的投诉" in client.get(reverse("groups:offers")).content.decode()


def test_a_major_group_is_led_to_its_end_on_its_pages(estate: Estate) -> None:
    matter = estate.group(estate.complaints(5))

    def does(who: str, step: str, **said: object) -> None:
        client = estate.client(getattr(estate.cast, who))
        address = reverse("groups:step", args=[matter.number, step])
        form = client.get(address).context["form"]
        shown = {name: form[name].value() for name in form.fields}
        sent = {name: value for name, value in {**shown, **said}.items() if value is not None}
        answer = client.post(address, sent)
        assert answer.status_code == 302, answer.content.decode()

    does("zhengjie", "draft", text="本周五前加装净化器", measures="约谈商户")
    does("zhaogang", "rule", approve="yes", opinion="同意")
    does("zhoumin", "speaker", to=estate.cast.sunli.pk)
    cases = [member.case.pk for member in matter.members.all()]
    does("sunli", "answer", text="本周五前加装净化器", channel="sms", cases=cases)
    assert MassAnswer.objects.get().cases.count() == 5
    page = estate.client(estate.cast.limin).get(reverse("groups:matter", args=[matter.number]))
    story = estate.client(estate.cast.limin).get(
        reverse("cases:case", args=[matter.members.all()[0].case.number])
    )
    assert f"{matter.number} {matter.title}" in story.content.decode()
    assert "→ 孙丽" in story.content.decode()
    for word in ("5 户", "郑洁拟定，赵刚批准", "孙丽", "重大事件"):
        assert word in page.content.decode()
    does("zhoumin", "close", result="已加装净化器")
    matter.refresh_from_db()
    assert not matter.is_open


def test_the_box_of_a_case_shows_its_group_and_what_it_is_like(estate: Estate) -> None:
    first, second, third = estate.complaints(3)
    lonely = estate.tells("小区路灯不亮", 30)
    notice(at=LATER)
    client = estate.client(estate.cast.limin)

    def box(number: str) -> str:
        answer = client.get(reverse("groups:panel", args=[number]))
        return answer.content.decode().strip()

    assert first.number in box(third.number)
    assert "建立群体事项" in box(third.number)
    assert box(lonely.number) == ""
    matter = estate.group([first, second, third])
    assert matter.title in box(second.number)
    assert "建立群体事项" not in box(third.number)


def test_who_sees_one_case_of_a_group_sees_no_other(estate: Estate) -> None:
    cases = estate.complaints(3)
    matter = estate.group(cases)
    type(cases[0]).objects.filter(pk=cases[0].pk).update(owner=estate.cast.chenjianguo)
    page = estate.client(estate.cast.chenjianguo).get(
        reverse("groups:matter", args=[matter.number])
    )
    assert page.status_code == 200
    assert cases[0].number in page.content.decode()
    assert cases[1].number not in page.content.decode()
    assert "另有 2 件不在您的范围" in page.content.decode()


def test_who_left_stands_on_the_page_with_the_reason(estate: Estate) -> None:
    cases = estate.complaints(3)
    matter = estate.group(cases)
    by = estate.of(estate.cast.sunli)
    leave(matter=matter, case=cases[0], why="自家灶台倒烟", by=by, at=LATER)
    page = estate.client(estate.cast.sunli).get(reverse("groups:matter", args=[matter.number]))
    assert "自家灶台倒烟" in page.content.decode()
    assert journal(cases[0])[-1].verb == "ungrouped"


def test_a_group_asks_the_same_however_many_have_left(estate: Estate) -> None:
    cases = estate.complaints(5)
    matter = estate.group(cases)
    by, client = estate.of(estate.cast.sunli), estate.client(estate.cast.sunli)
    client.get(reverse("groups:matter", args=[matter.number]))
    asked = []
    for gone in (cases[:1], cases[1:4]):
        for case in gone:
            leave(matter=matter, case=case, why="自家灶台倒烟", by=by, at=LATER)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("groups:matter", args=[matter.number]))
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_the_list_asks_the_same_however_many_groups_there_are(
    estate: Estate, django_assert_max_num_queries: object
) -> None:
    cases = estate.complaints(6)
    client = estate.client(estate.cast.sunli)
    estate.group(cases[:1])
    client.get(reverse("groups:matters"))
    with django_assert_max_num_queries(30) as few:  # type: ignore[operator] # a fixture of pytest
        client.get(reverse("groups:matters"))
    for case in cases[1:]:
        estate.group([case])
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator] # as above
        client.get(reverse("groups:matters"))
