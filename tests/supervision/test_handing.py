"""二级受理三级处理: what one level gives to another, and the reply that it is owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from shouwen.cases.actions.closing import close
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.actions.working import report_done
from shouwen.cases.models import Case
from shouwen.notify.models import OutboxMessage
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.handing import hand_down, hand_up, reply_up
from shouwen.supervision.models import Matter
from shouwen.supervision.queries import open_matters
from tests.supervision.conftest import NOW, SOON, TODAY, TOMORROW, Levels

clause = pytest.mark.clause


@pytest.fixture
def handed(levels: Levels) -> Matter:
    """郑洁 of the company hands 王女士's complaint to 翠湖花园, with a number and a time."""
    return gives(levels, levels.registers())


def gives(levels: Levels, case: Case, **rest: Any) -> Matter:
    said = {
        "case": case, "to": levels.cast.cuihu, "text": "请核实并处理，报结果", "due": TODAY,
        "sender_number": "GS-2026-118", "by": levels.of(levels.cast.zhengjie), "at": NOW,
    }  # fmt: skip
    return hand_down(**{**said, **rest})


def works(levels: Levels, case: Case, at: datetime = SOON) -> None:
    by = levels.of(levels.cast.limin, at)
    report_done(case=case, by=by, at=at, text="已劝止装修，约定施工时间")


def test_what_the_company_hands_down_is_owed_by_the_project_in_the_companys_time(
    levels: Levels, handed: Matter
) -> None:
    promise = levels.promise(handed.case, "handed-to-project")
    assert (promise.due_at, promise.holder) == (TODAY, levels.cast.zhoumin)
    assert (handed.from_unit, handed.to_unit) == (levels.cast.jinxiu, levels.cast.cuihu)
    assert handed.case.facts["handle_level"] == "project"
    assert levels.heard(levels.cast.zhoumin, "交项目处理")


def test_an_unanswered_handing_rings_and_climbs_to_the_company(
    levels: Levels, handed: Matter
) -> None:
    OutboxMessage.objects.all().delete()
    ring_due(at=TODAY)
    assert levels.heard(levels.cast.zhoumin)
    assert levels.heard(levels.cast.zhengjie)


def test_the_reply_up_needs_a_result_and_ends_what_was_owed(levels: Levels, handed: Matter) -> None:
    manager = levels.of(levels.cast.zhoumin, SOON)
    with pytest.raises(Refused, match="还没有处理结果"):
        reply_up(matter=handed, text="在办", by=manager, at=SOON)
    works(levels, handed.case)
    reply_up(matter=handed, text="已劝止，客户认可", by=manager, at=SOON)
    assert levels.promise(handed.case, "handed-to-project").outcome == "met"
    assert levels.heard(levels.cast.zhengjie, "交办已回复")
    with pytest.raises(Refused, match="已经回复过"):
        reply_up(matter=handed, text="再回一次", by=manager, at=SOON)


def test_a_case_is_not_closed_while_a_reply_is_owed(levels: Levels, handed: Matter) -> None:
    works(levels, handed.case)
    by = levels.of(levels.cast.limin, TODAY)
    feed_back(case=handed.case, text="已处理", by=by, at=TODAY)
    with pytest.raises(Refused, match="交项目处理，还没有答复"):
        close(case=handed.case, by=by, at=TODAY)


@clause("S4-4.4.1c-3")
def test_a_reply_up_is_the_report_that_the_company_waits_for(levels: Levels) -> None:
    case = levels.registers(source="company")
    handed = gives(levels, case)
    works(levels, case)
    by = levels.of(levels.cast.limin, TODAY)
    feed_back(case=case, text="已处理", by=by, at=TODAY)
    with pytest.raises(Refused, match="须向公司反馈结果"):
        close(case=case, by=by, at=TODAY)
    reply_up(matter=handed, text="已劝止", by=levels.of(levels.cast.zhoumin, TODAY), at=TODAY)
    with pytest.raises(Refused) as refused:
        close(case=case, by=by, at=TODAY)
    assert "反馈结果" not in refused.value.sentence


def test_what_the_group_hands_to_the_company_may_be_handed_on_and_both_are_owed(
    levels: Levels,
) -> None:
    case, cast = levels.registers(), levels.cast
    first = gives(levels, case, to=cast.jinxiu, by=levels.of(cast.qianhong), due=TOMORROW)
    second = gives(levels, case)
    owed = {matter.to_unit: matter.from_unit for matter in open_matters(levels.of(cast.qianhong))}
    assert owed == {cast.jinxiu: cast.group, cast.cuihu: cast.jinxiu}
    assert first.case.facts["handle_level"] == "company"
    assert second.case.facts["handle_level"] == "project"


def test_nobody_hands_down_what_stands_at_his_own_level_or_above(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    for to, by in ((cast.cuihu, cast.sunli), (cast.jinxiu, cast.zhengjie)):
        with pytest.raises(Refused, match="本级以下"):
            gives(levels, case, to=to, by=levels.of(by))
    with pytest.raises(Refused, match="本级以下"):
        gives(levels, case, to=cast.jingui)


@clause("S4-4.4.1c-2")
def test_who_handles_it_is_decided_by_whom_the_regulation_names(levels: Levels) -> None:
    case, cast = levels.registers(source="hotline-400"), levels.cast
    with pytest.raises(Refused, match="由制度指定的岗位确定"):
        gives(levels, case, by=levels.of(cast.fengjuan))
    assert gives(levels, case).case.facts["handle_level"] == "project"


def test_the_same_level_is_not_given_a_case_twice_while_it_owes_the_reply(
    levels: Levels, handed: Matter
) -> None:
    with pytest.raises(Refused, match="还在等回复"):
        gives(levels, handed.case)


def test_what_the_project_cannot_settle_goes_up_and_the_decision_comes_back(
    levels: Levels,
) -> None:
    case, cast = levels.registers(), levels.cast
    by = levels.of(cast.zhoumin)
    matter = hand_up(case=case, text="涉及外立面，需公司决定", due=TOMORROW, by=by, at=NOW)
    assert (matter.to_unit, case.facts.get("handle_level")) == (cast.jinxiu, None)
    with pytest.raises(Refused, match="没有这项权限"):
        reply_up(matter=matter, text="自己定", by=levels.of(cast.sunli, SOON), at=SOON)
    reply_up(matter=matter, text="由公司统一改造", by=levels.of(cast.zhengjie, SOON), at=SOON)
    assert levels.promise(case, "handed-to-company").outcome == "met"
    assert levels.heard(cast.zhoumin, "交办已回复")


def test_above_the_group_there_is_nobody(levels: Levels) -> None:
    by = levels.of(levels.cast.qianhong)
    with pytest.raises(Refused, match="没有更高一级"):
        hand_up(case=levels.registers(), text="请决定", due=TOMORROW, by=by, at=NOW)


def test_a_handing_for_information_owes_nothing(levels: Levels) -> None:
    matter = gives(levels, levels.registers(), reply_owed=False, due=None)
    assert not matter.is_open
    assert not matter.case.commitments.filter(rule="handed-to-project").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"text": " "}, "交办什么"), ({"due": None}, "写明期限"), ({"due": NOW}, "晚于现在")],
)
def test_a_handing_says_what_is_wanted_and_by_when(
    levels: Levels, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        gives(levels, levels.registers(), **said)
