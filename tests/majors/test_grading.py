"""Criteria propose, some decide; somebody outside the accused department rules; down only with
approval."""

from __future__ import annotations

import pytest

from shouwen.accounts.actions import create_staff, give_post
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.actions.contacting import urge
from shouwen.cases.actions.linking import merge
from shouwen.cases.models import Case
from shouwen.estate.models import Unit
from shouwen.majors.actions.grading import (
    answer,
    ask_downgrade,
    count_households,
    look_at_all,
    rule_downgrade,
    rule_grade,
)
from shouwen.majors.models import GradeWatch
from shouwen.majors.queries import event_of
from shouwen.majors.steps import lowering
from shouwen.rules.refused import Refused
from tests.cast import FOUNDED, PASSWORD
from tests.majors.conftest import LATER, NEXT_DAY, OPENED, Scene
from tests.moments import moment

clause = pytest.mark.clause


def proposed(case: Case) -> list[str]:
    """The criteria that have spoken, in their order."""
    rows = case.journal.filter(verb="grade-proposed").order_by("seq")
    return [rule["id"] for row in rows for rule in row.data["rules"]]


@clause("S4-4.3.4-3")
@pytest.mark.parametrize(
    ("said", "grade"),
    [("4999元", None), ("5000元", "major"), ("要求赔偿5,000元", "major"), ("1.2 万", "major")],
)
def test_a_claim_of_5000_yuan_makes_it_major_and_an_event(
    scene: Scene, said: str, grade: str | None
) -> None:
    case = scene.looks(scene.complains(details={"claim": said}))
    assert case.facts.get("grade") == grade
    event = event_of(case)
    assert (event is not None) == (grade == "major")
    if event:
        assert (event.event_type, event.clause, event.opened_by) == ("compensation", "4.3.4", None)
        assert "索赔" in event.reason


@clause("S4-4.4.1a-1d")
def test_a_valid_complaint_becomes_major_after_a_month_to_the_minute(scene: Scene) -> None:
    case = scene.looks(scene.complains())
    assert GradeWatch.objects.get(case=case).look_at == moment("2026-12-19 09:12", "周六")
    assert look_at_all(at=moment("2026-12-19 09:11", "周六")) == 0
    look_at_all(at=moment("2026-12-19 09:12", "周六"))
    case.refresh_from_db()
    assert case.facts["grade"] == "major"
    row = case.journal.get(verb="classified", data__facts__grade="major")
    assert (row.by, row.data["clause"]) == (None, "4.4.1a1")
    assert any("已转为重大投诉" in subject for subject in scene.told(scene.cast.zhoumin))


def test_an_invalid_complaint_does_not_become_major_by_lasting(scene: Scene) -> None:
    case = scene.complains()
    by = scene.of(scene.cast.sunli)
    classify(case=case, facts={"validity": "invalid"}, reason="误会", by=by, at=LATER)
    scene.looks(case, at=moment("2027-01-19 09:12", "周二"))
    assert not case.facts.get("grade")


@clause("S4-4.4.1a-1b")
def test_a_customer_who_presses_twice_brings_a_proposal_and_somebody_rules(scene: Scene) -> None:
    case = scene.complains()
    for n in range(2):
        assert proposed(scene.looks(case)) == []
        urge(case=case, by=scene.of(scene.cast.limin), at=LATER, text=f"还没来 {n}")
    assert proposed(scene.looks(case)) == ["major-by-repeats"]
    assert not case.facts.get("grade")
    rule_grade(case=case, grade="major", reason="属实", by=scene.of(scene.cast.sunli), at=LATER)
    row = case.journal.get(verb="classified", data__facts__grade="major")
    assert (row.data["clause"], row.data["reason"]) == ("4.4.1a1", "属实")


def test_what_we_press_for_ourselves_is_not_the_customer_coming_back(scene: Scene) -> None:
    case = scene.complains()
    for n in range(3):
        by = scene.of(scene.cast.limin)
        urge(case=case, by=by, at=LATER, text=f"催工程部 {n}", by_customer=False)
    assert proposed(scene.looks(case)) == []


@clause("S4-4.4.1a-1f")
def test_five_homes_with_one_trouble_are_a_group_and_four_are_not(scene: Scene) -> None:
    case = scene.complains()
    assert count_households(case=case, households=4, by=None, at=LATER) == []
    count_households(case=case, households=5, by=None, at=LATER)
    case.refresh_from_db()
    assert case.facts["grade"] == "group"
    event = event_of(case)
    assert event is not None
    assert event.event_type == "group"


def test_homes_are_counted_among_the_merged_and_not_messages(scene: Scene) -> None:
    case = scene.complains()
    by = scene.of(scene.cast.sunli)
    homes = list(Unit.objects.filter(project=scene.cast.cuihu).exclude(pk=scene.cast.home.pk)[:3])
    for home in [*homes, scene.cast.home]:
        merge(case=scene.complains(unit=home), into=case, by=by, at=LATER, reason="同一件事")
    assert proposed(scene.looks(case)) == []
    last = Unit.objects.filter(project=scene.cast.cuihu).exclude(pk__in=[h.pk for h in homes])
    other = scene.complains(unit=last.exclude(pk=scene.cast.home.pk)[0])
    merge(case=other, into=case, by=by, at=LATER, reason="同一件事")
    assert proposed(scene.looks(case)) == ["group-by-households"]


@clause("S4-4.4.1a-1a", "S4-4.4.1a-1c")
@pytest.mark.parametrize("rule", ["major-by-accident", "major-by-loss"])
def test_accident_and_loss_are_asked_and_then_proposed_with_their_clause(
    scene: Scene, rule: str
) -> None:
    case = scene.complains()
    by = scene.of(scene.cast.limin)
    assert (
        answer(case=case, judged={"nonsense": True, rule: False}, claim="100", by=by, at=LATER)
        == []
    )
    (found,) = answer(case=case, judged={rule: True}, by=by, at=LATER)
    assert (found.rule, found.grade, found.clause) == (rule, "major", "4.4.1a1")
    assert not case.facts.get("grade")


@clause("S4-4.4.1a-1e")
def test_social_impact_counts_with_an_authority_and_not_with_a_neighbour(scene: Scene) -> None:
    by = scene.of(scene.cast.zhengjie)
    ours, theirs = scene.complains(), scene.complains(source="government", sender="市住建局")
    judged = {"major-by-authority": True}
    with pytest.raises(Refused, match="至少一种情形"):
        answer(case=ours, judged=judged, by=by, at=LATER)
    assert "major-by-authority" in [
        one.rule for one in answer(case=theirs, judged=judged, by=by, at=LATER)
    ]


def test_a_criterion_speaks_once_and_is_kept_or_followed(scene: Scene) -> None:
    case = scene.complains()
    by = scene.of(scene.cast.limin)
    answer(case=case, judged={"major-by-loss": True}, by=by, at=LATER)
    with pytest.raises(Refused, match="写明裁定意见"):
        rule_grade(case=case, grade="general", reason=" ", by=by, at=LATER)
    rule_grade(case=case, grade="general", reason="损失不大", by=by, at=LATER)
    scene.looks(case, at=NEXT_DAY)
    assert proposed(case) == ["major-by-loss"]
    with pytest.raises(Refused, match="没有变化"):
        rule_grade(case=case, grade="general", reason="再说一次", by=by, at=NEXT_DAY)


def test_a_look_that_finds_nothing_writes_nothing(scene: Scene) -> None:
    case = scene.complains()
    version = case.version
    assert look_at_all(at=LATER) == 1
    assert look_at_all(at=LATER) == 0
    case.refresh_from_db()
    assert case.version == version


def test_the_accused_department_does_not_rule_on_itself(scene: Scene) -> None:
    case = scene.complains(details={"accused": "孙丽"})
    assert case.facts["accused"] == scene.cast.sunli.number
    by = scene.of(scene.cast.sunli)
    with pytest.raises(Refused) as refused:
        rule_grade(case=case, grade="general", reason="小事", by=by, at=LATER)
    assert refused.value.code == "accused"
    with pytest.raises(Refused) as refused:
        classify(case=case, facts={"grade": "major"}, by=by, at=LATER)
    assert refused.value.code == "accused"
    rule_grade(case=case, grade="major", reason="属实", by=scene.of(scene.cast.limin), at=LATER)


# --- Down again -----------------------------------------------------------------------------------


def test_a_grade_is_not_lowered_in_passing(scene: Scene) -> None:
    case = scene.grave()
    by = scene.of(scene.cast.sunli)
    for facts in ({"grade": "general"}, {"grade": ""}):
        with pytest.raises(Refused) as refused:
            classify(case=case, facts=facts, by=by, at=LATER, reason="小事")
        assert refused.value.code == "grade-lowered"
    with pytest.raises(Refused, match="不能改为别的类别"):
        classify(case=case, facts={"kind": "inquiry"}, by=by, at=LATER)
    with pytest.raises(Refused, match="申请降级"):
        rule_grade(case=case, grade="general", reason="小事", by=by, at=LATER)
    classify(case=case, facts={"grade": "group"}, by=by, at=LATER)


@clause("S4-4.4.1a-1")
def test_lowering_is_asked_with_a_reason_and_approved_from_above(scene: Scene) -> None:
    case = scene.grave()
    limin, sunli = scene.of(scene.cast.limin), scene.of(scene.cast.sunli)
    with pytest.raises(Refused, match="为什么可以降级"):
        ask_downgrade(case=case, grade="general", reason=" ", by=limin, at=LATER)
    ask_downgrade(case=case, grade="general", reason="核实为误会", by=limin, at=LATER)
    assert case.facts["grade"] == "major"
    with pytest.raises(Refused, match="已有一份"):
        ask_downgrade(case=case, grade="general", reason="再申请", by=sunli, at=LATER)
    with pytest.raises(Refused, match="没有这项权限"):
        rule_downgrade(case=case, ok=True, reason="同意", by=limin, at=LATER)
    rule_downgrade(case=case, ok=True, reason="同意", by=scene.of(scene.cast.zhoumin), at=LATER)
    assert case.facts["grade"] == "general"
    verbs = list(case.journal.order_by("seq").values_list("verb", flat=True))
    assert verbs[-3:] == ["downgrade-asked", "downgrade-ruled", "classified"]
    assert any("同意降级" in subject for subject in scene.told(scene.cast.limin))


def test_who_stands_no_higher_does_not_approve_and_a_refusal_leaves_it_as_it_is(
    scene: Scene,
) -> None:
    case = scene.grave()
    zhoumin = scene.of(scene.cast.zhoumin)
    ask_downgrade(case=case, grade="general", reason="已解决", by=zhoumin, at=LATER)
    for who in (scene.cast.zhoumin, scene.cast.sunli):
        with pytest.raises(Refused, match="上级"):
            rule_downgrade(case=case, ok=True, reason="同意", by=scene.of(who), at=LATER)
    by = scene.of(scene.cast.zhengjie)
    rule_downgrade(case=case, ok=False, reason="客户还在投诉", by=by, at=LATER)
    assert case.facts["grade"] == "major"
    ask_downgrade(case=case, grade="general", reason="客户撤诉", by=zhoumin, at=NEXT_DAY)


def test_a_request_to_lower_rings_at_the_company(scene: Scene) -> None:
    case = scene.grave()
    ask_downgrade(
        case=case, grade="general", reason="误会", by=scene.of(scene.cast.sunli), at=LATER
    )
    promise = case.commitments.get(rule="downgrade-ruled")
    assert (promise.holder, promise.outcome) == (scene.cast.zhengjie, "")
    assert promise.due_at == moment("2026-11-20 11:30", "周五")
    by = scene.of(scene.cast.zhengjie)
    rule_downgrade(case=case, ok=True, reason="同意", by=by, at=NEXT_DAY)
    promise.refresh_from_db()
    assert promise.outcome == "met"


def test_what_was_lowered_is_not_raised_by_the_same_criterion(scene: Scene) -> None:
    case = scene.looks(scene.complains(details={"claim": "8000元"}, at=OPENED))
    by = scene.of(scene.cast.sunli)
    ask_downgrade(case=case, grade="general", reason="客户撤回索赔", by=by, at=LATER)
    boss = scene.of(scene.cast.zhengjie)
    rule_downgrade(case=case, ok=True, reason="同意", by=boss, at=LATER)
    assert scene.looks(case, at=NEXT_DAY).facts["grade"] == "general"


def test_a_request_ends_with_the_case_and_a_graver_ruling_ends_it(scene: Scene) -> None:
    case = scene.grave()
    limin, sunli = scene.of(scene.cast.limin), scene.of(scene.cast.sunli)
    ask_downgrade(case=case, grade="general", reason="误会", by=limin, at=LATER)
    promise = case.commitments.get(rule="downgrade-ruled")
    rule_grade(case=case, grade="group", reason="六户同时投诉", by=sunli, at=LATER)
    assert lowering(case) is None
    promise.refresh_from_db()
    assert (promise.outcome, promise.why) == ("waived", "已另行定级")
    by = scene.of(scene.cast.zhoumin)
    with pytest.raises(Refused, match="没有等待批准"):
        rule_downgrade(case=case, ok=True, reason="同意", by=by, at=LATER)
    ask_downgrade(case=case, grade="major", reason="五户以下", by=limin, at=LATER)
    request_void(case=case, by=limin, at=LATER, reason="登记错了")
    decide_void(case=case, by=sunli, at=LATER, approve=True)
    assert lowering(case) is None


def test_who_has_nobody_above_does_not_ask_but_rules_on_what_others_ask(scene: Scene) -> None:
    case = scene.grave()
    top = create_staff(username="top", name="何总", number="0999", password=PASSWORD)
    give_post(staff=top, unit=scene.cast.group, role="hq_cs", at=FOUNDED)
    with pytest.raises(Refused, match="上面没有人可以批准"):
        ask_downgrade(case=case, grade="general", reason="误会", by=scene.of(top), at=LATER)
    zhengjie = scene.of(scene.cast.zhengjie)
    ask_downgrade(case=case, grade="general", reason="误会", by=zhengjie, at=LATER)
    rule_downgrade(case=case, ok=True, reason="同意", by=scene.of(top), at=LATER)
    assert case.facts["grade"] == "general"
