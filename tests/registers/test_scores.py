"""Marks of inspections and surveys: what they come to, person by person, and in the figures."""

from __future__ import annotations

from datetime import date

import pytest

from shouwen.figures.actions.keeping import rejudge
from shouwen.figures.duties import owed
from shouwen.figures.queries import figure, figure_by
from shouwen.registers.actions import filling
from shouwen.registers.models import Record
from shouwen.registers.queries import counted_records, form_in_force
from shouwen.registers.survey import results
from shouwen.rules.periods import read_period
from tests.moments import moment
from tests.registers.conftest import LATER, NOW, S2, Clerk

NOVEMBER = read_period("2026-11")


def inspected(clerk: Clerk, staff: str, attitude: int, behaviour: int) -> Record:
    marks = {"attitude": attitude, "behaviour": behaviour, "dress": 5, "appearance": 5}
    record = clerk.begins("conduct-inspection", on="2026-11-24", staff=staff, scores=marks)
    return clerk.signs(record, "检查人", who=clerk.cast.zhoumin)


@pytest.mark.clause("S2-P-1", "S2-P-2")
def test_attitude_and_behaviour_are_scored_for_each_person_in_every_inspection(
    clerk: Clerk,
) -> None:
    inspected(clerk, "0001", 5, 4)
    inspected(clerk, "0001", 4, 2)
    inspected(clerk, "0003", 2, 5)
    rejudge(project=clerk.cast.cuihu, month=NOVEMBER, at=LATER)
    means = {
        name: {
            shown.label: shown.figure.value
            for shown in figure_by(clerk.cast.cuihu, NOVEMBER, f"{S2}/{name}", "staff", LATER)
        }
        for name in ("service-attitude", "service-behaviour")
    }
    assert means == {
        "service-attitude": {"李敏": 4.5, "陈建国": 2},
        "service-behaviour": {"李敏": 3, "陈建国": 5},
    }


def test_an_inspection_that_was_struck_out_counts_no_more_but_is_not_gone(clerk: Clerk) -> None:
    record = inspected(clerk, "0001", 1, 1)
    inspected(clerk, "0001", 5, 5)
    filling.void(record=record, text="记错人", by=clerk.of(clerk.cast.zhoumin), at=LATER)
    rejudge(project=clerk.cast.cuihu, month=NOVEMBER, at=LATER)
    found = figure(clerk.cast.cuihu, NOVEMBER, f"{S2}/service-attitude", LATER)
    assert found.figure.value == 5
    assert found.figure.counts.out == 1


@pytest.mark.clause("S1-1.1-5")
def test_a_region_is_inspected_rated_and_assessed_and_its_marks_are_counted(clerk: Clerk) -> None:
    clerk.cast.follows("developer-aftersales")
    marks = dict.fromkeys(
        ("region-handling", "region-reports", "region-files", "region-satisfaction"), 4
    )
    record = clerk.begins("region-assessment", on="2026-11-24", period="2026-11", scores=marks,
                          rating="合格", result="本季通过")  # fmt: skip
    clerk.signs(record, "检查人", who=clerk.cast.qianhong)
    clerk.signs(record, "地区负责人", name="林总")
    assert record.state == "signed"
    rejudge(project=clerk.cast.cuihu, month=NOVEMBER, at=LATER)
    found = figure(clerk.cast.cuihu, NOVEMBER, "developer-aftersales/region-handling-score", LATER)
    assert found.figure.value == 4


@pytest.mark.clause("S1-3.1-8", "S1-1.2-6b")
def test_process_and_result_are_asked_for_separately(clerk: Clerk) -> None:
    clerk.cast.follows("developer-aftersales")
    for process, result in ((5, 2), (4, 1)):
        clerk.begins("satisfaction-survey", on="2026-11-24", department="CH-engineering",
                     scores={"process-score": process, "result-score": result})  # fmt: skip
    rule = form_in_force(clerk.cast.cuihu, "satisfaction-survey", NOW).rule
    found = results(rule, Record.objects.filter(department__code="CH-engineering"))
    assert [(item.title, item.rate) for item in found.items] == [
        ("服务过程", "100.0%"),
        ("处理结果", "0.0%"),
    ]


def test_only_complete_records_of_the_days_are_counted(clerk: Clerk) -> None:
    returned = clerk.survey(5, 3)
    clerk.begins("opinion-survey", complete=False, on="2026-11-24", scores={"power": 1})
    days = date(2026, 11, 1), date(2026, 11, 30)
    assert list(counted_records(clerk.cast.cuihu, "opinion-survey", *days)) == [returned]


@pytest.mark.clause("S2-A16-0", "S2-A1-5a")
def test_a_year_without_a_signed_report_of_a_survey_has_missed_it(clerk: Clerk) -> None:
    year, january = read_period("2026"), moment("2027-01-04 10:00", "周一")

    def done() -> list[bool]:
        found = owed(clerk.cast.cuihu, year.first, year.last, january)
        return [one.record is not None for one in found if one.rule.id == "yearly-opinion-survey"]

    report = clerk.begins("survey-report", on="2026-11-24", period="2026 年", sent="100",
                          returned="80", satisfied="90%", common="水压低",
                          items=[{"item": "供水管理", "rate": "82%"}])  # fmt: skip
    assert done() == [False], "the report waits for its signatures"
    clerk.signs(report, "编制人", name="孙丽")
    clerk.signs(report, "住户服务中心主任", who=clerk.cast.zhoumin)
    assert done() == [True]
