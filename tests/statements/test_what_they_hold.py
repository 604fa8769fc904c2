"""What a regulation wants in each statement stands in it, and goes to whom it names."""

from __future__ import annotations

from typing import Any

import pytest

from shouwen.figures.actions.locking import lock, lock_what_is_due
from shouwen.figures.counting import projects_of
from shouwen.figures.models import MonthLock, Tally, Verdict
from shouwen.rules.periods import read_period
from shouwen.statements.actions.sending import send_outside
from shouwen.statements.actions.signing import submit
from shouwen.statements.models import Statement
from shouwen.statements.papers.paper import paper_of
from shouwen.statements.queries import differs_from_lock
from tests.moments import moment
from tests.statements.conftest import S1, S2, S3, SECOND, TEXTS, Office, refused

clause = pytest.mark.clause
NOVEMBER = read_period("2026-11")
THIRD = moment("2026-12-03 09:00", "周四")
SIXTH = moment("2026-12-06 00:00", "周日")
LATER = moment("2027-01-05 09:00", "周二")
#: What a figure and the sums of its month have in common.
PARTS = ("hit", "miss", "open", "out")


def section(row: Statement, name: str) -> dict[str, Any]:
    return next(one for one in row.content["sections"] if one["id"] == name)


def counted(row: Statement, name: str) -> dict[str, list[Any]]:
    """The lines of a table by their first cell."""
    return {line["cells"][0]: line["cells"][1:] for line in section(row, name)["rows"]}


@clause("S4-4.3.6a-1")
def test_the_months_table_counts_each_kind_and_holds_the_figures_against_their_targets(
    office: Office,
) -> None:
    office.registers("夜里装修太吵", kind="complaint")
    office.registers("楼道灯不亮", kind="repair")
    office.judges()
    row = office.prepared()
    kinds = counted(row, "kinds")
    assert (kinds["投诉"][0], kinds["报修"][0], kinds["建议"][0]) == (1, 1, 0)
    figures = {one["title"]: one for one in section(row, "figures")["rows"]}
    closed = figures["投诉关闭率"]
    assert (list(closed["value"]), closed["met"], closed["gap"]) == ([0, 1], False, 1)


@clause("S2-A14-11")
def test_the_monthly_complaint_sheet_is_about_complaints_and_nothing_else(office: Office) -> None:
    office.adopts(S2)
    office.registers("夜里装修太吵", kind="complaint")
    office.registers("楼道灯不亮", kind="repair")
    row = office.prepared("complaint-month")
    assert "登记客户信息 1 件，其中投诉 1 件" in section(row, "summary")["draft"]
    assert [line["cells"][2] for line in section(row, "open")["rows"]] == ["投诉"]
    assert {one["id"] for one in row.content["sections"]} >= {"causes", "improvements"}


@clause("S4-4.4.2b-12")
@clause("S4-5.5-1")
def test_repairs_fill_the_months_table_and_the_quality_report_under_its_number(
    office: Office,
) -> None:
    office.registers("楼道灯不亮", kind="repair")
    office.judges()
    table, quality = office.prepared(), office.prepared("service-quality")
    assert section(table, "repairs")["rows"]
    assert section(quality, "repairs")["rows"] == section(table, "repairs")["rows"]
    page = paper_of(quality, by=office.cast.sunli, at=SECOND, address="https://desk.example.cn")
    assert (page.head.title, page.head.form) == ("月服务质量报告", "350-22")


@clause("S4-4.3.6b-1")
def test_the_company_says_what_it_does_about_hot_and_weak_spots_before_it_reports(
    office: Office,
) -> None:
    row = office.prepared("month-company", office.cast.jinxiu)
    assert {"figures", "hot", "weak", "improvements"} <= {
        one["id"] for one in row.content["sections"]
    }
    office.writes(row, office.cast.zhengjie, {"summary": "平稳", "improvements": ""})
    section(row, "improvements")["draft"] = ""
    row.save()
    with refused("no-words"):
        office.acts("submit", row, office.cast.zhengjie)
    office.writes(row, office.cast.zhengjie, TEXTS)
    office.acts("submit", row, office.cast.zhengjie)


@clause("S4-4.3.6c-2")
def test_headquarters_table_goes_into_both_meetings_with_their_minutes(office: Office) -> None:
    row = office.prepared("month-group", office.cast.group)
    office.writes(row, office.cast.qianhong, {"summary": "平稳", "conclusion": "继续"})
    office.acts("submit", row, office.cast.qianhong)
    by = office.of(office.cast.qianhong, SECOND)
    for name in ("公司经营分析会", "客户服务专题会"):
        meeting = row.deliveries.get(name=name)
        send_outside(delivery=meeting, proof="纪要 2026-12", by=by, at=SECOND)
    row.refresh_from_db()
    assert row.state == "sent"
    assert set(row.deliveries.values_list("proof", flat=True)) == {"纪要 2026-12"}


@clause("S1-4.2-3")
def test_the_regions_analysis_is_due_by_the_fifth_to_its_head_and_to_the_group(
    office: Office,
) -> None:
    office.adopts(S1)
    office.registers("交楼时发现墙面开裂", kind="complaint")
    row = office.prepared("month-analysis", office.cast.jinxiu)
    assert row.due_at == moment("2026-12-06 00:00", "周日")
    assert counted(row, "kinds")["投诉"][0] == 1
    names = set(row.deliveries.values_list("name", "role"))
    assert names == {("地区公司负责人", "company_leader"), ("集团售后服务中心", "hq_cs")}


@clause("S3-4.5-3a")
def test_the_months_complaints_are_analysed_by_kind_and_by_how_many_were_in_time(
    office: Office,
) -> None:
    office.adopts(S3)
    office.registers("夜里装修太吵", kind="complaint")
    office.judges()
    row = office.prepared("complaint-statistics")
    assert counted(row, "kinds")["投诉"][0] == 1
    titles = [one["title"] for one in section(row, "figures")["rows"]]
    assert "投诉处理及时率" in titles
    assert "analysis" in row.written.required


def test_figures_that_were_locked_since_are_taken_anew_before_anybody_signs(
    office: Office,
) -> None:
    case = office.registers("夜里装修太吵", kind="complaint")
    row = office.prepared()
    office.writes(row, office.cast.sunli, TEXTS)
    office.improves(row, office.cast.sunli)
    by = office.of(office.cast.sunli, SECOND)
    with refused("figures-moved"):
        submit(statement=row, by=by, at=SECOND)
    assert not MonthLock.objects.filter(project=office.cast.cuihu).exists()
    lock(project=office.cast.cuihu, month=NOVEMBER, by=by, at=SECOND)
    office.prepares(THIRD)
    row.refresh_from_db()
    assert row.prepared_at == THIRD
    submit(statement=row, by=by, at=THIRD)
    assert row.actions.get().case == case


@clause("S4-4.3.6a-1")
def test_what_is_signed_was_locked_by_the_first_signature_to_the_record(office: Office) -> None:
    office.registers("夜里装修太吵", kind="complaint")
    row = office.signed()
    held = MonthLock.objects.get(project=office.cast.cuihu)
    assert (held.month, held.at, held.by) == (NOVEMBER.first, SECOND, office.cast.sunli)
    for line in section(row, "figures")["rows"]:
        tally = Tally.objects.get(project=office.cast.cuihu, measure=line["key"], by="")
        assert [line[name] for name in PARTS] == [getattr(tally, name) for name in PARTS]
    office.prepares(SIXTH)
    assert lock_what_is_due(at=SIXTH) == MonthLock.objects.exclude(pk=held.pk).count()
    assert not differs_from_lock(row, SIXTH)


def test_a_quarter_that_was_signed_before_its_last_month_was_locked_says_when_it_differs(
    office: Office,
) -> None:
    case = office.registers("夜里装修太吵", kind="complaint")
    office.judges()
    at = moment("2027-01-04 10:00", "周一")
    row = office.prepared("quarter-group", office.cast.group, at=at)
    author = office.cast.qianhong
    office.writes(row, author, dict.fromkeys(row.written.required, "平稳"), at)
    office.acts("submit", row, author, at=at)
    lock(project=office.cast.cuihu, month=NOVEMBER, by=office.of(office.cast.zhoumin), at=LATER)
    assert not differs_from_lock(row, LATER)
    Verdict.objects.filter(case=case, measure__endswith="complaint-closed").update(restated="hit")
    assert differs_from_lock(row, LATER)


def test_what_a_company_signs_first_is_locked_at_each_of_its_projects(office: Office) -> None:
    office.registers("夜里装修太吵", kind="complaint")
    row, author = office.prepared("month-company", office.cast.jinxiu), office.cast.zhengjie
    office.writes(row, author, TEXTS)
    with refused("figures-moved"):
        submit(statement=row, by=office.of(author, SECOND), at=SECOND)
    office.acts("submit", row, author)
    locked = MonthLock.objects.filter(company=office.cast.jinxiu, by=author)
    assert locked.count() == projects_of(office.cast.jinxiu).count() > 1
