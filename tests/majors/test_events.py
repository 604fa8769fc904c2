"""Major events: opened once, reported with all four sections, followed to their end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.cases.models import Case
from shouwen.majors.actions.events import (
    close_event,
    draft_report,
    open_event,
    send_report,
    set_cause,
)
from shouwen.majors.actions.following import finish, join, meet, plan, record_opinion
from shouwen.majors.actions.reporting import acknowledge, add_line, end_line
from shouwen.majors.actions.ringing import ring
from shouwen.majors.queries import event_of, group_event
from shouwen.rules.refused import Refused
from tests.majors.conftest import LATER, NEXT_DAY, SECTIONS, Scene

clause = pytest.mark.clause


def names(event: object) -> list[str]:
    return sorted(event.sendings.values_list("name", flat=True))  # type: ignore[attr-defined]


def test_a_case_has_one_open_event_however_often_it_is_opened(scene: Scene) -> None:
    event = scene.event()
    assert event.case is not None
    by = scene.of(scene.cast.zhoumin)
    assert open_event(case=event.case, reason="再报一次", by=by, at=LATER) == event
    assert event_of(event.case) == event
    assert event.case.journal.filter(verb="event-opened").count() == 1


def test_a_group_has_an_event_without_a_case(scene: Scene) -> None:
    event = open_event(
        group="QT-CH-261119-001", project=scene.cast.cuihu, title="电梯停运", reason="7 户投诉",
        clause="4.4.1a1", by=None, at=LATER,
    )  # fmt: skip
    assert (event.case, event.grade, event.event_type) == (None, "group", "group")
    assert group_event("QT-CH-261119-001") == event
    assert names(event) == ["上级公司", "总部客户服务管理部门"]


def test_an_event_makes_an_ordinary_complaint_a_major_one(scene: Scene) -> None:
    case = scene.complains()
    open_event(
        case=case,
        reason="电视台来了",
        event_type="media",
        by=scene.of(scene.cast.zhoumin),
        at=LATER,
    )
    case.refresh_from_db()
    assert (case.facts["grade"], case.facts["event_type"]) == ("major", "media")


def test_only_who_may_rule_opens_an_event_and_only_with_a_reason(scene: Scene) -> None:
    case = scene.grave()
    with pytest.raises(Refused, match="没有这项权限"):
        open_event(case=case, reason="我看是", by=scene.of(scene.cast.limin), at=LATER)
    with pytest.raises(Refused, match="写明为什么"):
        open_event(case=case, reason=" ", by=scene.of(scene.cast.zhoumin), at=LATER)


@clause("S4-4.3.4-4")
def test_the_company_desk_is_told_to_form_the_report(scene: Scene) -> None:
    event = scene.event()
    assert any(event.number in subject for subject in scene.told(scene.cast.zhengjie))


@clause("S4-4.3.4-8")
@pytest.mark.parametrize("left_out", list(SECTIONS))
def test_a_report_without_one_of_its_four_sections_is_not_sent(scene: Scene, left_out: str) -> None:
    event, by = scene.event(), scene.of(scene.cast.zhengjie)
    written = {**SECTIONS, left_out: "  "}
    draft_report(event=event, by=by, at=LATER, **written)
    with pytest.raises(Refused, match="专项报告还缺") as refused:
        send_report(event=event, by=by, at=LATER)
    assert refused.value.clause == "4.3.4"
    assert not event.sendings.filter(sent_at__isnull=False).exists()


@clause("S4-4.3.4-5")
def test_the_report_goes_to_headquarters_and_the_superior_company_with_receipts(
    scene: Scene,
) -> None:
    event = scene.reported()
    assert names(event) == ["上级公司", "总部客户服务管理部门"]
    hq = event.sendings.get(to="hq_cs")
    assert hq.report == SECTIONS
    assert hq.sent_at == LATER
    assert any("专项分析报告" in subject for subject in scene.told(scene.cast.qianhong))
    with pytest.raises(Refused, match="本人签收"):
        acknowledge(sending=hq, by=scene.of(scene.cast.zhengjie), at=NEXT_DAY)
    acknowledge(sending=hq, by=scene.of(scene.cast.qianhong), at=NEXT_DAY)
    outside = event.sendings.get(to="")
    by = scene.of(scene.cast.zhengjie)
    with pytest.raises(Refused, match="签收的人"):
        acknowledge(sending=outside, by=by, at=NEXT_DAY)
    acknowledge(sending=outside, received_by="集团办 刘洋", by=by, at=NEXT_DAY)
    received = event.sendings.values_list("received_by", flat=True)
    assert sorted(received) == ["钱红", "集团办 刘洋"]
    assert Case.objects.get().journal.filter(verb="event-reported").count() == 1


def test_the_company_reports_and_not_the_project(scene: Scene) -> None:
    event = scene.event()
    by = scene.of(scene.cast.zhoumin)
    draft_report(event=event, by=by, at=LATER, **SECTIONS)
    with pytest.raises(Refused, match="没有这项权限"):
        send_report(event=event, by=by, at=LATER)


def test_what_was_sent_is_not_rewritten_nor_sent_twice(scene: Scene) -> None:
    event, by = scene.reported(), scene.of(scene.cast.zhengjie)
    with pytest.raises(Refused, match="已经上报"):
        draft_report(event=event, by=by, at=NEXT_DAY, causes="另有原因")
    with pytest.raises(Refused, match="都已报送"):
        send_report(event=event, by=by, at=NEXT_DAY)


@clause("S4-4.3.4-6")
@pytest.mark.parametrize(
    ("cause", "told"),
    [("design", True), ("construction", True), ("management", False), ("service", False)],
)
def test_design_and_construction_are_reported_to_the_developers_committee(
    scene: Scene, cause: str, told: bool
) -> None:
    event, by = scene.event(), scene.of(scene.cast.zhengjie)
    set_cause(event=event, cause=cause, by=by, at=LATER)
    assert ("地产区域管理总部客户服务委员会" in names(event)) == told
    set_cause(event=event, cause="other", by=by, at=LATER)
    assert "地产区域管理总部客户服务委员会" not in names(event)
    assert Case.objects.get().facts["event_cause"] == "other"


@clause("S4-4.3.4-7")
def test_an_opinion_is_open_until_actions_with_owner_and_proof_followed_from_it(
    scene: Scene,
) -> None:
    event, by = scene.reported(), scene.of(scene.cast.zhengjie)
    scene.forms_task_force(event)
    meet(event=event, held_at=LATER, attendees="赵刚、郑洁、周敏", decision="加检", by=by, at=LATER)
    opinion = record_opinion(event=event, said_by="总部", text="更换维保单位", by=by, at=LATER)
    with pytest.raises(Refused, match="上级意见都已安排落实"):
        close_event(event=event, text="完", by=by, at=NEXT_DAY)
    action = plan(
        event=event, opinion=opinion, text="招标换维保", owner=scene.cast.liuqiang,
        due_at=NEXT_DAY, by=by, at=LATER,
    )  # fmt: skip
    assert any("招标换维保" in subject for subject in scene.told(scene.cast.liuqiang))
    with pytest.raises(Refused, match="措施都已完成"):
        close_event(event=event, text="完", by=by, at=NEXT_DAY)
    with pytest.raises(Refused, match="凭据"):
        finish(action=action, proof=" ", by=scene.of(scene.cast.liuqiang), at=NEXT_DAY)
    with pytest.raises(Refused, match="没有这项权限"):
        finish(action=action, proof="合同", by=scene.of(scene.cast.chenjianguo), at=NEXT_DAY)
    finish(action=action, proof="合同 2026-77", by=scene.of(scene.cast.liuqiang), at=NEXT_DAY)
    close_event(event=event, text="客户认可", by=by, at=NEXT_DAY)
    assert event_of(Case.objects.get()) is None


@clause("S4-4.4.1c-9", "S4-4.4.1c-10")
def test_a_task_force_has_all_three_sides_and_its_measures_are_followed(scene: Scene) -> None:
    event, by = scene.reported(), scene.of(scene.cast.zhengjie)
    join(event=event, staff=scene.cast.zhoumin, side="project", by=by, at=LATER)
    with pytest.raises(Refused, match="处理小组已成立"):
        close_event(event=event, text="完", by=by, at=LATER)
    with pytest.raises(Refused, match="已在处理小组中"):
        join(event=event, staff=scene.cast.zhoumin, side="company", by=by, at=LATER)
    join(event=event, staff=scene.cast.zhengjie, side="company", by=by, at=LATER)
    join(event=event, staff=scene.cast.liuqiang, side="leader", by=by, at=LATER)
    member = scene.of(scene.cast.liuqiang)
    with pytest.raises(Refused, match="开过会"):
        close_event(event=event, text="完", by=by, at=LATER)
    meet(event=event, held_at=LATER, attendees="三人", decision="先停梯", by=member, at=LATER)
    action = plan(
        event=event, text="停梯检修", owner=scene.cast.hewei, due_at=NEXT_DAY, by=member, at=LATER
    )
    with pytest.raises(Refused, match="措施都已完成"):
        close_event(event=event, text="完", by=by, at=LATER)
    finish(action=action, proof="检修单", by=scene.of(scene.cast.hewei), at=LATER)
    close_event(event=event, text="完", by=by, at=LATER)


def test_what_must_be_done_rings_before_and_after_its_time_once_each(scene: Scene) -> None:
    event, by = scene.event(), scene.of(scene.cast.zhengjie)
    due = LATER + timedelta(hours=10)
    owner = scene.cast.liuqiang
    plan(event=event, text="停梯检修", owner=owner, due_at=due, by=by, at=LATER)

    def heard() -> list[str]:
        return [subject[:2] for subject in scene.told(owner) if "停梯检修" in subject][1:]

    ring(at=due - timedelta(hours=5))
    assert heard() == []
    ring(at=due - timedelta(hours=4))
    ring(at=due - timedelta(hours=3))
    assert heard() == ["快到"]
    ring(at=due)
    ring(at=due + timedelta(hours=1))
    assert heard() == ["快到", "超时"]


def test_after_a_stop_only_the_lateness_rings(scene: Scene) -> None:
    event, by = scene.event(), scene.of(scene.cast.zhengjie)
    due = LATER + timedelta(hours=10)
    plan(event=event, text="停梯检修", owner=scene.cast.liuqiang, due_at=due, by=by, at=LATER)
    ring(at=due + timedelta(days=1))
    ring(at=due + timedelta(days=1))
    heard = [subject for subject in scene.told(scene.cast.liuqiang) if "停梯检修" in subject]
    assert [subject[:2] for subject in heard[1:]] == ["超时"]


def test_a_report_that_is_late_reaches_the_leader(scene: Scene) -> None:
    event = scene.event()
    ring(at=event.opened_at + timedelta(hours=69))
    assert any("快到报送时限" in subject for subject in scene.told(scene.cast.zhengjie))
    ring(at=event.opened_at + timedelta(hours=73))
    assert any("超时未报送" in subject for subject in scene.told(scene.cast.zhaogang))


# --- The matrix -----------------------------------------------------------------------------------


@clause("S4-4.4.1c-14", "S4-6.1-1")
def test_the_matrix_is_the_companys_to_write_and_says_who_is_told_of_which_grade(
    scene: Scene,
) -> None:
    by = scene.of(scene.cast.zhengjie)
    line = add_line(
        unit=scene.cast.jinxiu, grade="major", to="company_leader", hours=2, by=by, at=LATER
    )
    add_line(unit=scene.cast.jinxiu, grade="group", body="区住建局", hours=1, by=by, at=LATER)
    event = scene.event()
    assert names(event) == ["上级公司", "分管领导", "总部客户服务管理部门"]
    notice = event.sendings.get(to="company_leader")
    assert (notice.sent_at, notice.due_at) == (LATER, LATER + timedelta(hours=2))
    assert any("重大事件报告" in subject for subject in scene.told(scene.cast.zhaogang))
    acknowledge(sending=notice, by=scene.of(scene.cast.zhaogang), at=NEXT_DAY)
    end_line(line=line, by=by, at=NEXT_DAY)
    assert names(event) == ["上级公司", "分管领导", "总部客户服务管理部门"]


def test_an_event_keeps_to_the_matrix_of_the_day_on_which_it_was_opened(scene: Scene) -> None:
    """Also where its cause is set after a line was taken out, and another written."""
    by, unit = scene.of(scene.cast.zhengjie), scene.cast.jinxiu
    line = add_line(unit=unit, grade="major", body="区住建局", hours=72, by=by, at=LATER)
    event = scene.event()
    end_line(line=line, by=by, at=NEXT_DAY)
    add_line(unit=unit, grade="major", body="街道办", hours=1, by=by, at=NEXT_DAY)
    set_cause(event=event, cause="construction", by=by, at=NEXT_DAY)
    assert "区住建局" in names(event)
    assert "街道办" not in names(event)


def test_a_line_of_the_matrix_names_one_and_a_time_and_belongs_to_a_company(scene: Scene) -> None:
    by, unit = scene.of(scene.cast.zhengjie), scene.cast.jinxiu
    for said, match in (
        ({"hours": 2}, "填一个"),
        ({"hours": 2, "to": "hq_cs", "body": "住建局"}, "填一个"),
        ({"hours": 0, "to": "hq_cs"}, "几小时"),
    ):
        with pytest.raises(Refused, match=match):
            add_line(unit=unit, grade="major", by=by, at=LATER, **said)
    with pytest.raises(Refused, match="没有这项权限"):
        add_line(
            unit=unit, grade="major", to="hq_cs", hours=2, by=scene.of(scene.cast.zhoumin), at=LATER
        )


def test_an_event_gives_the_grave_grade_that_the_regulation_has(scene: Scene) -> None:
    scene.follows("complaint-procedure")
    case = scene.complains()
    open_event(case=case, reason="停电三天", by=scene.of(scene.cast.zhoumin), at=LATER)
    case.refresh_from_db()
    assert case.facts["grade"] == "serious"
