"""What residents say on patrol, and what the group finds in a region."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shouwen.cases.actions.intake import Told
from shouwen.rules.refused import Refused
from shouwen.supervision.actions.guiding import guide, respond
from shouwen.supervision.actions.patrolling import hear
from shouwen.supervision.models import RegionAction
from shouwen.supervision.queries import visible_region_actions
from tests.moments import moment
from tests.supervision.conftest import NOW, S2, SOON, Levels

clause = pytest.mark.clause
SAID = Told(text="门岗晚上没有人", source="oral", heard_by="高飞", facts={"kind": "complaint"})


@clause("S2-STD5-2")
def test_an_oral_complaint_on_patrol_is_a_case_and_the_supervisor_knows_at_once(
    levels: Levels,
) -> None:
    levels.adopts(S2)
    cast = levels.cast
    case = hear(project=cast.cuihu, told=SAID, by=levels.of(cast.gaofei), at=NOW)
    assert case.owner == cast.gaofei
    assert levels.heard(cast.sunli, "巡视听到的投诉")
    assert levels.promise(case, "patrol-complaint-told").holder == cast.sunli


def test_where_no_clause_asks_for_it_the_supervisor_still_hears(levels: Levels) -> None:
    told = Told(text="门岗晚上没有人", facts={"kind": "complaint"})
    hear(project=levels.cast.cuihu, told=told, by=levels.of(levels.cast.gaofei), at=NOW)
    assert levels.heard(levels.cast.sunli, "巡视听到的投诉")


@clause("S1-1.1-0d")
@pytest.mark.parametrize("kind", RegionAction.Kind.values)
def test_each_of_the_five_actions_is_on_record_for_the_region_with_its_answer(
    levels: Levels, kind: str
) -> None:
    cast = levels.cast
    action = guide(
        company=cast.jinxiu, kind=kind, on=NOW.date(), finding="回访率不到九成",
        by=levels.of(cast.qianhong), at=NOW,
    )  # fmt: skip
    assert levels.heard(cast.zhengjie, "锦绣物业")
    respond(action=action, text="下月补齐", by=levels.of(cast.zhengjie, SOON), at=SOON)
    found = visible_region_actions(levels.of(cast.zhaogang)).get()
    assert (found.finding, found.response, found.responded_at) == (
        "回访率不到九成", "下月补齐", SOON,
    )  # fmt: skip
    assert not visible_region_actions(levels.of(cast.jiangnan_manager)).exists()


def test_a_finding_is_of_the_day_here_and_not_in_greenwich(levels: Levels) -> None:
    early = moment("2026-11-20 07:30", "周五")
    said: dict[str, Any] = {"company": levels.cast.jinxiu, "kind": "guide", "finding": "台账不全"}
    by = levels.of(levels.cast.qianhong, early)
    assert guide(**said, on=date(2026, 11, 20), by=by, at=early).on == date(2026, 11, 20)
    with pytest.raises(Refused, match="不能晚于今天"):
        guide(**said, on=date(2026, 11, 21), by=by, at=early)


def test_only_the_group_guides_and_only_the_region_answers(levels: Levels) -> None:
    cast = levels.cast
    about: dict[str, Any] = {
        "company": cast.jinxiu,
        "kind": "guide",
        "on": NOW.date(),
        "finding": "台账不全",
    }
    with pytest.raises(Refused, match="没有这项权限"):
        guide(**about, by=levels.of(cast.zhengjie), at=NOW)
    action = guide(**about, by=levels.of(cast.qianhong), at=NOW)
    with pytest.raises(Refused, match="没有这项权限"):
        respond(action=action, text="好", by=levels.of(cast.zhoumin), at=NOW)


def test_who_wrote_a_finding_does_not_answer_it_for_the_region(levels: Levels) -> None:
    cast = levels.cast
    group = levels.of(cast.qianhong)
    action = guide(
        company=cast.jinxiu, kind="inspect", on=NOW.date(), finding="台账不全", by=group, at=NOW
    )
    with pytest.raises(Refused, match="由地区公司答复"):
        respond(action=action, text="已补齐", by=levels.of(cast.qianhong, SOON), at=SOON)
    assert respond(
        action=action, text="已补齐", by=levels.of(cast.zhengjie, SOON), at=SOON
    ).response
