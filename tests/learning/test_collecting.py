"""Praise, typical cases by quarter, and the quality of the product."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from shouwen.learning.actions import collecting, praising
from shouwen.learning.models import ProductFeedback
from shouwen.learning.queries import by_part, praises_of, prevented, visible_praises
from shouwen.notify.models import OutboxMessage
from tests.learning.conftest import NEXT_DAY, OPENED, School, refused

clause = pytest.mark.clause
LESSON = {"title": "装修噪音", "story": "深夜施工三次", "lesson": "装修期每晚巡查"}


@clause("S4-4.1-2")
def test_praise_goes_to_the_employee_and_into_his_evaluation(school: School) -> None:
    case = school.registers("表扬陈师傅，修得又快又好", kind="praise")
    chen = school.cast.chenjianguo
    by = school.of(school.cast.limin)
    praising.link_praise(case=case, staff=chen, text="修得又快又好", by=by, at=NEXT_DAY)
    assert praises_of(chen, OPENED, NEXT_DAY + timedelta(days=1)) == {"praise": 1, "criticism": 0}
    assert case.journal.filter(verb="praise-linked").exists()
    assert OutboxMessage.objects.filter(staff=chen, subject="住户表扬了您").exists()
    assert visible_praises(school.of(chen)).count() == 1
    with refused("linked-already"):
        praising.link_praise(case=case, staff=chen, text="又一次", by=by, at=NEXT_DAY)


@clause("S2-STD5-2b")
def test_what_is_said_on_patrol_is_written_down_praise_and_criticism(school: School) -> None:
    by = school.of(school.cast.gaofei)
    about: dict[str, Any] = {
        "project": school.cast.cuihu,
        "by": by,
        "at": NEXT_DAY,
        "said_by": "赵先生",
    }
    department = school.cast.department("environment")
    praising.record_praise(**about, text="绿化越来越好", department=department)
    praising.record_praise(**about, text="保洁说话冲", kind="criticism", staff=school.cast.wuqiang)
    assert praises_of(school.cast.wuqiang, OPENED, NEXT_DAY + timedelta(1))["criticism"] == 1
    with refused("nobody"):
        praising.record_praise(**about, text="都好")
    assert not visible_praises(school.of(school.cast.wuqiang)).filter(kind="criticism").exists()


@clause("S1-4.2-5")
def test_typical_complaints_of_a_quarter_go_to_the_group(school: School) -> None:
    case = school.complains("楼上深夜装修噪音")
    manager, company = school.of(school.cast.zhoumin), school.of(school.cast.zhengjie)
    chosen = collecting.choose(case=case, by=manager, at=NEXT_DAY, **LESSON)
    assert chosen.quarter == "2026Q4"
    about: dict[str, Any] = {
        "project": school.cast.cuihu,
        "quarter": "2026Q4",
        "by": company,
        "at": NEXT_DAY,
    }
    assert collecting.submit(**about) == 1
    told = OutboxMessage.objects.get(event__startswith="typical:")
    assert (told.staff, "1 件" in told.subject) == (school.cast.qianhong, True)
    assert told.url == f"{reverse('learning:typical')}?state=2026Q4"
    with refused("nothing-new"):
        collecting.submit(**about)
    with refused("chosen-already"):
        collecting.choose(case=case, by=manager, at=NEXT_DAY, **LESSON)


@clause("S1-1.1-4", "S1-1.1-4b")
def test_defects_go_to_the_developer_by_part_and_come_back_with_a_conclusion(
    school: School,
) -> None:
    by = school.of(school.cast.zhoumin)
    about: dict[str, Any] = {"project": school.cast.cuihu, "by": by, "at": NEXT_DAY}
    for part, defect, quantity in (
        ("waterproof", "卫生间渗漏", 3),
        ("waterproof", "卫生间渗漏", 2),
        ("fitting", "门框变形", 4),
    ):
        collecting.note_defect(**about, part=part, defect=defect, quantity=quantity)
    row = ProductFeedback.objects.get(part="fitting")
    grouped = [
        (r["defect"], r["quantity"], r["rows"]) for r in by_part(ProductFeedback.objects.all())
    ]
    assert grouped == [("卫生间渗漏", 5, 2), ("门框变形", 4, 1)]
    conclusion: dict[str, Any] = {"feedback": row, "by": by, "at": NEXT_DAY}
    with refused("not-sent"):
        collecting.conclude_defect(**conclusion, decision="adopted", change="改用铝合金门框")
    collecting.send_defect(**conclusion, to="集团设计部")
    collecting.conclude_defect(**conclusion, decision="watched", change="再看一个季度")
    collecting.conclude_defect(**conclusion, decision="adopted", change="改用铝合金门框")
    assert (row.decision, row.change) == ("adopted", "改用铝合金门框")
    with refused("concluded-already"):
        collecting.conclude_defect(**conclusion, decision="declined", change="不改")


@clause("S2-JD-6")
def test_what_was_seen_before_anybody_complained_is_counted_by_month(school: School) -> None:
    school.brought_up("patrol", by=school.cast.gaofei)
    counted = prevented(school.of(school.cast.zhoumin), school.cast.cuihu, NEXT_DAY.date())
    assert counted[-1] == ("2026-11", 1)
    assert [n for _, n in counted[:-1]] == [0] * 5
