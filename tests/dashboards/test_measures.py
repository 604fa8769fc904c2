"""Measures against their targets, over time, side by side; and departments assessed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.models import OrgUnit
from shouwen.dashboards.pages.comparing import Comparison, ranked
from shouwen.dashboards.pages.departments import Departments
from shouwen.dashboards.pages.month import Month, gap_words
from shouwen.dashboards.pages.trend import Trend
from shouwen.estate.queries import place_of
from shouwen.figures.models import Verdict
from shouwen.figures.queries import By, behind, figure
from shouwen.rules.periods import read_period
from shouwen.statements.models import Statement
from tests.dashboards.conftest import CLOSED, NEXT_DAY, OPENED, Hall, listed, numbers

clause = pytest.mark.clause


def trend_of(hall: Hall, by: By = "department") -> Trend:
    regulation, _slash, rule = CLOSED.partition("/")
    return Trend(hall.view(), regulation, rule, by)


def test_the_gap_is_said_in_records(hall: Hall) -> None:
    hall.judged(read_period("2026-11").first, 7, 2)
    (line,) = [line for line in Month(hall.view()).lines if line.figure.key == CLOSED]
    assert line.gap == "还差 2 件"
    assert line.word == "未达标"
    assert line.target == "≥ 100%"


def test_when_the_undecided_may_still_bring_it_their_first_day_is_said(hall: Hall) -> None:
    key = "customer-communication/complaint-response-on-time"
    hall.judged(read_period("2026-11").first, 18, 1, key)
    Verdict.objects.create(
        **place_of(hall.cast.cuihu), measure=key, record="case:1", label="S-1",
        on=NEXT_DAY.date(), verdict="open", judged_at=NEXT_DAY,
        decides_at=NEXT_DAY + timedelta(days=2),
    )  # fmt: skip
    (line,) = [line for line in Month(hall.view()).lines if line.figure.key == key]
    assert line.gap == "未定 1 件中再有 1 件达标即可（最早 11-22 10:00 到期）"


def test_a_number_of_a_measure_opens_into_its_records(hall: Hall) -> None:
    hall.month()
    hall.keeps()
    for line in Month(hall.view()).lines:
        counts = line.figure.counts
        rows = behind(hall.cast.cuihu, hall.view().period, line.figure.key, NEXT_DAY)
        assert rows.count() == counts.listed, line.figure.key
        assert hall.looks(hall.cast.zhoumin, line.shown.url)


def test_the_table_of_measures_asks_by_period_not_by_measure(
    hall: Hall, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hall.year()
    client = hall.client(hall.cast.zhoumin)
    client.get("/dashboards/month")
    with django_assert_max_num_queries(60):
        client.get("/dashboards/month")


def test_the_trend_of_a_measure_asks_once_for_all_its_periods(
    hall: Hall, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hall.year()
    client = hall.client(hall.cast.zhoumin)
    client.get(f"/dashboards/trend/{CLOSED}")
    with django_assert_max_num_queries(28):
        client.get(f"/dashboards/trend/{CLOSED}")


@clause("S3-4.5-4b")
def test_a_swing_is_said_beside_the_chart_with_its_limits(hall: Hall) -> None:
    hall.year(29)
    page = trend_of(hall)
    assert "低于按此前 12 期算出的正常范围" in page.swing_words
    low = page.chart.lines[-1].cells[4].value
    assert low is not None
    assert low > 72.5


def test_a_measure_of_a_few_months_has_no_limits_yet(hall: Hall) -> None:
    hall.judged(read_period("2026-11").first, 9, 1)
    page = trend_of(hall)
    assert page.swing_words == ""
    assert len(page.chart.lines) == 1
    assert len(page.chart.columns) == 3
    assert page.chart.note == "满 8 期以后才算得出正常范围"


def test_the_lines_of_a_measure_add_up_to_it(hall: Hall) -> None:
    hall.month()
    hall.keeps()
    bys: tuple[By, ...] = ("department", "building", "kind", "staff")
    for by in bys:
        page = trend_of(hall, by)
        assert sum(line.cells[1].words for line in page.parts.lines) == page.now.figure.counts.n


def test_an_unknown_measure_is_not_found(hall: Hall) -> None:
    client = hall.client(hall.cast.zhoumin)
    address = "/dashboards/trend/customer-communication"
    assert client.get(f"{address}/no-such-measure").status_code == 404
    assert client.get(f"{address}/complaint-closed?by=moon").status_code == 404


# --- Side by side ---------------------------------------------------------------------------------


def in_project(hall: Hall, code: str, hit: int, miss: int) -> None:
    """So many complaints of another project were closed this month."""
    project = OrgUnit.objects.select_related("company", "group").get(code=code)
    Verdict.objects.bulk_create(
        Verdict(
            **place_of(project), measure=CLOSED, record=f"case:{code}{n}", label=f"{code}-{n}",
            on=read_period("2026-11").first, judged_at=OPENED, verdict="hit" if n < hit else "miss",
        )
        for n in range(hit + miss)
    )  # fmt: skip


@clause("S1-1.1-0b")
def test_the_group_sees_of_every_region_what_is_open_late_major_and_reported(hall: Hall) -> None:
    hall.month()
    jinxiu = hall.cast.jinxiu
    Statement.objects.create(
        number="YB-1", regulation="customer-communication", rule="monthly", title="月报",
        unit=jinxiu, company=jinxiu, group=hall.cast.group, period="2026-10", state="prepared",
        first=read_period("2026-10").first, last=read_period("2026-10").last,
        prepared_at=OPENED, due_at=OPENED,
    )  # fmt: skip
    client = hall.client(hall.cast.qianhong)
    chart = Comparison(hall.view(hall.cast.group), "").side_by_side
    titles = [column.title for column in chart.columns]
    assert titles[:5] == ["未关闭", "其中超时", "重大事件", "应报报表", "逾期未报"]
    assert [line.label for line in chart.lines] == ["锦绣物业", "安和物业"]
    assert [cell.words for cell in chart.lines[0].cells[3:5]] == [1, 1]
    assert chart.lines[0].cells[0].words == 3
    assert [cell.words for cell in chart.lines[1].cells[:5]] == [0, 0, 0, 0, 0]
    for cell in chart.lines[0].cells[:7]:
        if cell.url:
            assert listed(client, cell.url) == cell.words


@clause("S4-4.3.6c-1b")
def test_projects_and_companies_are_ranked_by_a_measure_whoever_has_none_last(hall: Hall) -> None:
    in_project(hall, "CH", 8, 2)
    in_project(hall, "JG", 9, 1)
    company = Comparison(hall.view(hall.cast.jinxiu), CLOSED).ranking
    assert company is not None
    assert [(line.label, line.cells[0].words) for line in company.lines] == [
        ("金桂苑", 1), ("翠湖花园", 2),
    ]  # fmt: skip
    group = Comparison(hall.view(hall.cast.group), CLOSED).ranking
    assert group is not None
    assert [(line.label, line.cells[0].words) for line in group.lines] == [
        ("锦绣物业", 1), ("安和物业", "—"),
    ]  # fmt: skip


def test_equals_share_a_rank(hall: Hall) -> None:
    in_project(hall, "CH", 9, 1)
    in_project(hall, "JG", 18, 2)
    in_project(hall, "JN", 1, 1)
    units = OrgUnit.objects.filter(code__in=["CH", "JG", "JN"]).order_by("path")
    shown = [figure(unit, hall.view().period, CLOSED, NEXT_DAY) for unit in units]
    assert [rank for rank, _shown in ranked(shown)] == [1, 1, 3]


# --- Departments ----------------------------------------------------------------------------------


@clause("S1-1.2-4")
def test_a_department_is_scored_by_its_promises_its_closed_cases_its_visits_and_its_urges(
    hall: Hall,
) -> None:
    hall.month()
    chart = Departments(hall.view()).chart
    (line,) = [line for line in chart.lines if line.label == "工程部"]
    titles = [column.title for column in chart.columns]
    assert titles == ["得分", "承诺按时", "关闭", "回访满意", "被催办"]
    before = line.cells[0].value
    assert before is not None
    hall.urges()
    (line,) = [line for line in Departments(hall.view()).chart.lines if line.label == "工程部"]
    after = line.cells[0].value
    assert after is not None
    assert after < before
    assert line.cells[4].words == "1/2"


def test_every_part_of_a_score_opens_into_its_records(hall: Hall) -> None:
    hall.month()
    hall.urges()
    page = hall.looks(hall.cast.zhoumin, "/dashboards/departments")
    assert "系统默认，非制度规定" in page
    client = hall.client(hall.cast.zhoumin)
    assert all(listed(client, url) for url, _words in numbers(page))
    assert gap_words(Month(hall.view()).lines[0].figure) == ""
