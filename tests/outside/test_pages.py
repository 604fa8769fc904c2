"""The pages: the register, one path with its steps, the parties, the box on the case page."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.actions import issue_token
from shouwen.cases.actions.working import report_done, verify, wait
from shouwen.outside.actions.settling import set_remedy
from shouwen.outside.models import Party, Referral
from tests.moments import SetClock
from tests.outside.conftest import Outside
from tests.papers.paper import codes, text
from tests.permissions_world import PNG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(clock: SetClock) -> None:
    clock("2026-11-19 09:12", "周四")


def read(client: Client, name: str, *arguments: object, **asked: str) -> str:
    answer = client.get(reverse(f"outside:{name}", args=arguments), asked)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_a_complaint_offers_the_paths_of_its_class_and_opens_one(outside: Outside) -> None:
    case, party = outside.classed("class-2"), outside.party()
    limin = outside.client(outside.cast.limin)
    assert "提出外部协商" in read(limin, "panel", case.number)
    offered = read(limin, "new", case.number)
    assert "需开发商协商处理问题" in offered
    assert "专题报告" not in offered
    said = {"path": "developer-negotiation", "problem": "外墙渗水", "wanted": "维修", "key": "k1"}
    address = reverse("outside:new", args=[case.number])
    missing = limin.post(address, said)
    assert missing.status_code == 422
    assert "外墙渗水" in missing.content.decode()
    for _again in range(2):
        assert limin.post(address, {**said, "party": party.pk}).status_code == 302
    assert Referral.objects.get().party == party


def test_whose_turn_it_is_finds_the_form_on_the_page_and_the_others_see_who_it_waits_for(
    outside: Outside,
) -> None:
    cast = outside.cast
    referral = outside.refers(outside.classed("class-2"), "developer-negotiation", outside.party())
    outside.takes(referral, "check", cast.chenjianguo)
    assert "由制度指定的岗位办理" in read(outside.client(cast.limin), "referral", referral.number)
    head = outside.client(cast.liuqiang)
    assert "工程部经理意见" in read(head, "referral", referral.number)
    address = reverse("outside:step", args=[referral.number, "advise"])
    assert head.post(address, {"text": "属保修范围", "key": "k2"}).status_code == 302
    assert "属保修范围" in read(head, "referral", referral.number)


def test_the_signed_copy_is_uploaded_on_the_page_and_shown_there(outside: Outside) -> None:
    referral = outside.sent()
    outside.takes(referral, "answer", outside.cast.limin)
    limin = outside.client(outside.cast.limin)
    address = reverse("outside:step", args=[referral.number, "countersign"])
    said = {"text": "12 月 5 日前修好", "said_by": "刘工", "key": "k3"}
    refused = limin.post(address, said)
    assert refused.status_code == 422
    copy = SimpleUploadedFile("记录表.png", PNG, "image/png")
    assert limin.post(address, {**said, "key": "k4", "copy": copy}).status_code == 302
    shown = read(limin, "referral", referral.number)
    assert "对方签字：刘工" in shown
    assert "记录表.png" in shown


def test_an_unknown_step_is_not_there(outside: Outside) -> None:
    referral = outside.sent()
    limin = outside.client(outside.cast.limin)
    assert limin.get(reverse("outside:step", args=[referral.number, "fly"])).status_code == 404


def test_the_register_finds_what_lies_with_a_party_for_too_long(
    outside: Outside, clock: SetClock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    party = outside.party(days=1)
    late = outside.sent(party)
    fresh = outside.refers(outside.complains(), "outside", party)
    outside.until("2026-11-24 09:00", "周二")
    clock("2026-11-24 09:00", "周二")
    limin = outside.client(outside.cast.limin)
    with django_assert_max_num_queries(16):
        every = read(limin, "referrals")
    assert late.number in every
    assert fresh.number in every
    overdue = read(limin, "referrals", state="overdue")
    assert late.number in overdue
    assert fresh.number not in overdue
    assert "超时 1" in read(limin, "parties")


def test_a_head_keeps_the_parties_and_a_clerk_reads_them(outside: Outside) -> None:
    head = outside.client(outside.cast.sunli)
    said = {"name": "翠湖街道办", "kind": "street", "days": "3", "active": "on", "key": "k5"}
    assert head.post(reverse("outside:add-party"), said).status_code == 302
    party = Party.objects.get()
    again = head.post(reverse("outside:add-party"), {**said, "key": "k6"})
    assert "本项目已有这个单位" in again.content.decode()
    changed = {**said, "contact": "何主任", "days": "7", "key": "k7"}
    assert head.post(reverse("outside:party", args=[party.pk]), changed).status_code == 302
    clerk = outside.client(outside.cast.limin)
    assert "何主任" in read(clerk, "parties")
    assert clerk.get(reverse("outside:add-party")).status_code == 403


def test_what_was_published_can_be_read_in_one_place(outside: Outside) -> None:
    limin, case = outside.cast.limin, outside.classed("class-3", "门口马路夜里施工")
    street = outside.party("翠湖街道办", "street")
    referral = outside.refers(case, "topic-report", street, severity="约 200 户")
    outside.takes(referral, "send", limin)
    outside.takes(referral, "answer", limin)
    assert "还没有公布过结果" in read(outside.client(limin), "results")
    outside.takes(referral, "publish", limin, text="22 时后停工", where="各单元公告栏")
    shown = read(outside.client(limin), "results")
    assert "22 时后停工" in shown
    assert "各单元公告栏" in shown


def test_a_repair_shows_no_box_before_it_waits_for_somebody_outside(outside: Outside) -> None:
    case, limin = (
        outside.complains("电梯厅没有水", kind="daily"),
        outside.client(outside.cast.limin),
    )
    assert read(limin, "panel", case.number) == ""
    clerk = outside.acts(outside.cast.limin)
    wait(case=case, reason="outside", text="等水务公司抢修", **clerk)
    assert "提出外部协商" in read(limin, "panel", case.number)


# --- On paper ---------------------------------------------------------------------------------


@pytest.mark.clause("S2-A15-22")
def test_the_record_for_the_developer_is_printed_with_all_that_was_signed(outside: Outside) -> None:
    referral = outside.sent()
    limin = outside.client(outside.cast.limin)
    offered = limin.get(reverse("papers:panel", args=[referral.case.number])).content.decode()
    assert f"/papers/referral/{referral.number}.pdf" in offered
    answer = limin.get(f"/papers/referral/{referral.number}.pdf")
    assert answer.status_code == 200
    printed = text(answer.content)
    for word in ("需开发商协商处理问题记录表", "刘强：情况属实", "周敏：情况属实", "开发商签名"):
        assert word in printed
    assert codes(answer.content) == [
        f"http://testserver/papers/of/referral/{referral.number}?copy={n}" for n in (1, 2)
    ]


@pytest.mark.clause("S2-A15-9", "S2-A15-14")
def test_the_complaint_record_has_what_each_of_its_columns_asks(outside: Outside) -> None:
    cast, case = outside.cast, outside.classed("class-1", "保洁三天没有打扫楼道")
    outside.settled(case)
    until = outside.now + timedelta(days=2)
    set_remedy(
        case=case, cause="漏排三栋", method="重新排班", until=until, **outside.acts(cast.zhoumin)
    )
    report_done(case=case, text="已补扫", **outside.acts(cast.limin))
    verify(case=case, ok=True, opinion="现场干净", **outside.acts(cast.sunli))
    answer = outside.client(cast.limin).get(f"/papers/complaint-record/{case.number}.pdf")
    printed = text(answer.content)
    for word in (
        "客户建议/投诉处理记录表", "保洁三天没有打扫楼道", "一类", "漏排三栋", "重新排班",
        "2026-11-21", "周敏", "符合现场干净", "孙丽",
    ):  # fmt: skip
        assert word in printed


# --- Through the API --------------------------------------------------------------------------


def test_an_integration_opens_a_path_and_takes_its_steps(outside: Outside) -> None:
    cast, case = outside.cast, outside.complains("路灯不亮")
    party = outside.party("供电所", "utility", days=3)
    rights = ["case.view", "case.work"]
    token = issue_token(
        name="对接", staff=cast.limin, unit=cast.cuihu, rights=rights, at=outside.now
    )
    client, keys = Client(), iter(range(9))

    def post(address: str, said: dict[str, object]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{next(keys)}"}
        answer = client.post(
            f"/api/{address}", json.dumps(said), "application/json", headers=headers
        )
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, Any] = answer.json()
        return found

    opened = post(
        f"cases/{case.number}/referrals",
        {"path": "outside", "party": party.pk, "problem": "路灯不亮"},
    )
    assert [leg["step"] for leg in opened["legs"]] == ["send", "answer"]
    sent = post(f"referrals/{opened['number']}/steps/send", {"text": "电话报修"})
    assert sent["due_at"] == "2026-11-24T16:00:00Z"
    ended = post(f"referrals/{opened['number']}/steps/answer", {"text": "已修好"})
    assert (ended["state"], ended["legs"][1]["text"]) == ("ended", "已修好")
