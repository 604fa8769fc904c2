"""What the pages show and take: each step by its own form, what was typed stays."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from shouwen.majors.actions.grading import answer, ask_downgrade
from shouwen.majors.actions.reporting import add_line
from shouwen.majors.models import EarlyWarning, MajorEvent, MatrixLine, Risk
from shouwen.majors.queries import event_of
from tests.majors.conftest import LATER, SECTIONS, Scene
from tests.moments import SetClock


@pytest.fixture(autouse=True)
def _now(clock: SetClock) -> None:
    clock("2026-11-19 11:00", "周四")


def test_the_box_on_the_case_page_says_grade_clause_and_what_may_be_done(scene: Scene) -> None:
    case = scene.complains()
    answer(case=case, judged={"major-by-loss": True}, by=scene.of(scene.cast.limin), at=LATER)
    client, url = scene.client(scene.cast.sunli), reverse("majors:panel", args=[case.number])
    page = client.get(url).content.decode()
    assert "公司责任造成客户重大经济损失或人身伤害" in page
    assert "4.4.1a1" in page
    assert "裁定投诉程度" in page
    repair = scene.complains("水龙头坏了", facts={"kind": "repair", "business": ""})
    assert client.get(reverse("majors:panel", args=[repair.number])).content == b""


def test_a_complaint_is_graded_by_its_pages(scene: Scene) -> None:
    case = scene.complains()
    client = scene.client(scene.cast.sunli)
    judge = reverse("majors:case-step", args=[case.number, "judge"])
    assert "4.4.1a1" in client.get(judge).content.decode()
    client.post(judge, {"judged-major-by-accident": "on", "key": "k1"})
    rule = reverse("majors:case-step", args=[case.number, "rule"])
    assert "经核对属实" in client.get(rule).content.decode()
    refused = client.post(rule, {"grade": "major", "reason": "", "key": "k2"})
    assert refused.status_code == 422
    client.post(rule, {"grade": "major", "reason": "电梯坠落", "key": "k3"})
    client.post(rule, {"grade": "major", "reason": "电梯坠落", "key": "k3"})
    case.refresh_from_db()
    assert case.facts["grade"] == "major"
    lower = reverse("majors:case-step", args=[case.number, "lower"])
    assert (
        "重大投诉" not in client.get(lower).content.decode().partition("<form")[2].split("理由")[0]
    )
    client.post(lower, {"grade": "general", "reason": "误会", "key": "k4"})
    boss = scene.client(scene.cast.zhengjie)
    approve = reverse("majors:case-step", args=[case.number, "approve"])
    boss.post(approve, {"ok": "yes", "reason": "同意", "key": "k5"})
    case.refresh_from_db()
    assert case.facts["grade"] == "general"


def test_an_event_is_followed_by_its_page_from_opening_to_end(scene: Scene) -> None:
    case = scene.grave()
    boss = scene.client(scene.cast.zhengjie)
    boss.post(
        reverse("majors:case-step", args=[case.number, "event"]),
        {"event_type": "media", "reason": "电视台来了", "key": "e1"},
    )
    event = event_of(case)
    assert event is not None

    def step(name: str, **said: object) -> None:
        url = reverse("majors:event-step", args=[event.number, name])
        answered = boss.post(url, {"key": f"{name}-{said}"[:60], **said})
        assert answered.status_code == 302, answered.content.decode()

    step("cause", cause="construction")
    step("report", **SECTIONS)
    step("send")
    for who, side in (("zhaogang", "leader"), ("zhengjie", "company"), ("zhoumin", "project")):
        step("join", staff=getattr(scene.cast, who).pk, side=side)
    step("meet", held_at="2026-11-19T10:30", attendees="三人", decision="停梯")
    step("opinion", said_by="总部", text="换维保")
    opinion = event.opinions.get()
    step(
        "plan", text="招标", owner=scene.cast.zhoumin.pk, due_at="2026-11-30T18:00",
        opinion=opinion.pk,
    )  # fmt: skip
    action = event.actions.get()
    page = boss.get(reverse("majors:event", args=[event.number])).content.decode()
    for words in ("地产区域管理总部客户服务委员会", "招标", "停梯", "赵刚", "抱闸磨损"):
        assert words in page
    scene.client(scene.cast.zhoumin).post(
        reverse("majors:action-step", args=[event.number, action.pk]), {"proof": "合同", "key": "f"}
    )
    step("close", text="客户认可")
    event.refresh_from_db()
    assert event.state == MajorEvent.State.CLOSED
    closed = boss.get(reverse("majors:events") + "?state=closed").content.decode()
    assert event.number in closed


def test_an_outside_body_signs_by_name_and_ours_for_themselves(scene: Scene) -> None:
    event = scene.reported()
    boss, hq = scene.client(scene.cast.zhengjie), scene.client(scene.cast.qianhong)
    outside, ours = event.sendings.get(to=""), event.sendings.get(to="hq_cs")
    url = reverse("majors:sending-step", args=[event.number, outside.pk, "receive"])
    boss.post(url, {"received_by": "集团办 刘洋", "key": "r1"})
    hq.post(reverse("majors:sending-step", args=[event.number, ours.pk, "receive"]), {"key": "r2"})
    assert event.sendings.filter(received_at=None).count() == 0


def test_the_list_asks_a_fixed_number_of_questions(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scene.event()
    client = scene.client(scene.cast.zhengjie)
    client.get(reverse("majors:events"))
    with django_assert_num_queries(7):
        client.get(reverse("majors:events"))
    for _ in range(3):
        scene.event()
    with django_assert_num_queries(7):
        page = client.get(reverse("majors:events")).content.decode()
    assert page.count("row-due") == 4


def test_who_belongs_to_no_event_is_told_so_and_a_member_sees_it(scene: Scene) -> None:
    event = scene.event()
    url = reverse("majors:event", args=[event.number])
    engineer = scene.client(scene.cast.chenjianguo)
    assert engineer.get(url).status_code == 403
    scene.client(scene.cast.zhengjie).post(
        reverse("majors:event-step", args=[event.number, "join"]),
        {"staff": scene.cast.chenjianguo.pk, "side": "project", "key": "j"},
    )
    assert engineer.get(url).status_code == 200
    meet = reverse("majors:event-step", args=[event.number, "meet"])
    said = {"held_at": "2026-11-19T10:30", "attendees": "二人", "decision": "停梯", "key": "m"}
    assert engineer.post(meet, said).status_code == 302
    assert scene.client(scene.cast.jiangnan_manager).get(url).status_code == 404


def test_the_matrix_is_written_and_ended_on_its_page(scene: Scene) -> None:
    boss = scene.client(scene.cast.zhengjie)
    said = {"unit": scene.cast.jinxiu.pk, "grade": "major", "hours": 2, "what": "notice"}
    assert boss.post(reverse("majors:matrix-new"), {**said, "key": "1"}).status_code == 422
    boss.post(reverse("majors:matrix-new"), {**said, "to": "company_leader", "key": "2"})
    line = MatrixLine.objects.get()
    page = scene.client(scene.cast.limin).get(reverse("majors:matrix")).content.decode()
    assert "公司领导" in page
    assert "2 小时内" in page
    assert "停用" not in page
    boss.post(reverse("majors:matrix-end", args=[line.pk]))
    line.refresh_from_db()
    assert line.until == LATER


def test_a_risk_is_registered_and_drilled_on_its_pages(scene: Scene) -> None:
    manager = scene.client(scene.cast.zhoumin)
    said = {
        "unit": scene.cast.cuihu.pk, "title": "集中交楼", "trigger": "12 月", "level": "high",
        "owner": scene.cast.liuqiang.pk, "plan": "分批", "key": "1",
    }  # fmt: skip
    assert manager.post(reverse("majors:risk-new"), said).status_code == 302
    risk = Risk.objects.get()
    owner = scene.client(scene.cast.liuqiang)
    url = reverse("majors:risk-step", args=[risk.pk, "drill"])
    told = {"kind": "drill", "held_at": "2026-11-19T10:00", "text": "8 分钟到场", "key": "2"}
    assert owner.post(url, told).status_code == 302
    page = manager.get(reverse("majors:risk", args=[risk.pk])).content.decode()
    assert "8 分钟到场" in page
    assert "集中交楼" in manager.get(reverse("majors:risks")).content.decode()


def test_a_warning_is_answered_on_its_page(scene: Scene) -> None:
    case = scene.complains("再不修就找记者")
    scene.looks(case)
    warning = EarlyWarning.objects.create(
        project=case.project, company=case.company, group=case.group, case=case, rule="r",
        regulation="x", key="k", title="提到媒体", words=case.number, cases=[case.number],
        raised_at=LATER, due_at=LATER, responder=scene.cast.zhoumin,
    )  # fmt: skip
    client = scene.client(scene.cast.zhoumin)
    assert "提到媒体" in client.get(reverse("majors:warnings")).content.decode()
    url = reverse("majors:warning-respond", args=[warning.pk])
    assert client.post(url, {"text": "上门", "key": "w"}).status_code == 302
    page = client.get(reverse("majors:warning", args=[warning.pk])).content.decode()
    assert "上门" in page
    answered = client.get(reverse("majors:warnings") + "?state=answered").content.decode()
    assert "提到媒体" in answered


def test_a_request_to_lower_stands_in_the_box_until_it_is_ruled_on(scene: Scene) -> None:
    case = scene.grave()
    ask_downgrade(
        case=case, grade="general", reason="核实为误会", by=scene.of(scene.cast.limin), at=LATER
    )
    url = reverse("majors:panel", args=[case.number])
    assert "待批准" in scene.client(scene.cast.limin).get(url).content.decode()
    page = scene.client(scene.cast.zhengjie).get(url).content.decode()
    assert "核实为误会" in page
    assert reverse("majors:case-step", args=[case.number, "approve"]) in page


def test_matrix_lines_of_another_company_are_not_shown(scene: Scene) -> None:
    add_line(
        unit=scene.cast.jinxiu, grade="major", body="区住建局", hours=2, at=LATER,
        by=scene.of(scene.cast.zhengjie),
    )  # fmt: skip
    page = scene.client(scene.cast.jiangnan_manager).get(reverse("majors:matrix"))
    assert "区住建局" not in page.content.decode()
