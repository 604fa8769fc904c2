"""The dashboard of today: every number opens into exactly the records that it counts."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from pytest_django import DjangoAssertNumQueries

from shouwen.cases.actions.closing import decide_void, request_void
from shouwen.cases.models import Case
from shouwen.dashboards.heaps import HEAPS, Heap, counted_by
from shouwen.dashboards.pages.counting import count_all
from shouwen.dashboards.pages.heat import Heat
from shouwen.dashboards.pages.promises import promises_by
from shouwen.dashboards.pages.today import Today, aged
from shouwen.dashboards.places import View
from tests.dashboards.conftest import NEXT_DAY, OPENED, Hall, listed, numbers

OF_DEPARTMENTS = ("opened", "kept", "missed", "judged", "majors", "visited", "satisfied", "urged")


def test_every_number_opens_into_as_many_records(hall: Hall) -> None:
    hall.month()
    client = hall.client(hall.cast.zhoumin)
    found = numbers(hall.looks(hall.cast.zhoumin, "/dashboards"))
    assert len(found) > 15
    for address, words in found:
        assert listed(client, address) == int(words), address


def test_the_tiles_count_what_is_open_and_late_and_what_today_brought(hall: Hall) -> None:
    hall.month()
    counts = Today(hall.view()).counts
    assert counts["open"] == 3
    assert counts["opened-today"] == 2
    assert counts["closed-today"] == 0
    assert counts["late"] == Case.objects.filter(
        commitments__outcome="", commitments__due_at__lt=NEXT_DAY
    ).distinct().count()  # fmt: skip


def test_what_is_open_is_told_apart_by_how_long(hall: Hall) -> None:
    hall.month()
    assert aged(hall.view(), "open") == {"1": 2, "3": 0, "7": 0, "30": 1, "more": 0}
    later = NEXT_DAY + timedelta(days=40)
    assert aged(hall.view(at=later), "open") == {"1": 0, "3": 0, "7": 0, "30": 0, "more": 3}


def test_no_case_falls_between_two_ages_or_into_both(hall: Hall) -> None:
    case = hall.registers("公共走廊灯坏了", kind="repair", at=OPENED)
    for hours in range(0, 24 * 32, 6):
        view = hall.view(at=OPENED + timedelta(hours=hours))
        assert sum(aged(view, "open").values()) == 1, (case, hours)


@pytest.mark.peers("T12")
def test_a_promise_kept_late_stays_late_on_the_dashboard(hall: Hall) -> None:
    hall.month()
    before = count_all(hall.view(), "kept", "missed", "judged")
    assert before["kept"] + before["missed"] == before["judged"]
    case = Case.objects.get(title__startswith="楼道灯不亮")
    hall.finishes_now(case)
    after = count_all(hall.view(at=NEXT_DAY + timedelta(hours=1)), "missed")
    assert after["missed"] >= before["missed"]


@pytest.mark.peers("T18")
def test_a_void_case_leaves_no_mark_on_any_number(hall: Hall) -> None:
    hall.month()
    case = hall.waits("重复登记的一件", kind="repair")
    names = ("open", "late", "opened", "judged", "missed", "kept")
    before = count_all(hall.view(), *names)
    by, chief = hall.of(hall.cast.limin), hall.of(hall.cast.zhoumin)
    request_void(case=case, by=by, at=NEXT_DAY, reason="同一件登记了两次")
    decide_void(case=case, by=chief, at=NEXT_DAY, approve=True)
    after = count_all(hall.view(), *names)
    assert after["open"] == before["open"] - 1
    assert after["opened"] == before["opened"] - 1
    assert after["judged"] == after["kept"] + after["missed"] < before["judged"]


def test_promises_are_shown_by_department_the_worst_first(hall: Hall) -> None:
    hall.month()
    chart = promises_by(hall.view())
    missed = [line.cells[1].value for line in chart.lines]
    assert missed == sorted(missed, key=lambda n: -(n or 0))
    assert "工程部" in {line.label for line in chart.lines}
    assert sum(line.cells[0].value or 0 for line in chart.lines) == count_all(
        hall.view(), "kept"
    )["kept"]  # fmt: skip


def test_heat_shows_buildings_of_a_project_and_projects_of_a_company(hall: Hall) -> None:
    hall.month()
    heat = Heat(hall.view())
    (line,) = heat.lines
    assert (heat.first, line.label, line.total) == ("楼栋", "3栋", 4)
    assert max(cell.shade for cell in line.cells) == 5
    company = Heat(hall.view(hall.cast.jinxiu))
    assert (company.first, company.lines[0].label) == ("项目", "翠湖花园")


def test_the_parts_of_every_heap_are_the_whole_heap(hall: Hall) -> None:
    hall.month()
    view = hall.view(hall.cast.jinxiu)
    for name, heap in HEAPS.items():
        whole = heap.rows(view).count()
        assert sum(counted_by(heap, view, "project").values()) == whole, name
        if name in OF_DEPARTMENTS:
            assert sum(counted_by(heap, view, "department").values()) == whole, name
            assert _listed_by_department(heap, view) == whole, name


def _listed_by_department(heap: Heap, view: View) -> int:
    keys = counted_by(heap, view, "department")
    return sum(heap.part(view, "department", str(key or 0)).count() for key in keys)


def test_the_export_holds_what_the_list_holds(hall: Hall) -> None:
    hall.month()
    client = hall.client(hall.cast.zhoumin)
    address = "/dashboards/records/opened.xlsx?place=CH"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).getvalue()))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr] # it has one
    assert [str(cell) for cell in rows[0]][:2] == ["编号", "单位"]
    assert len(rows) - 1 == listed(client, "/dashboards/records/opened?place=CH") == 4


def test_a_list_is_read_page_by_page(hall: Hall) -> None:
    for n in range(52):
        hall.registers(f"第 {n} 件", kind="inquiry", at=OPENED)
    client = hall.client(hall.cast.zhoumin)
    first = client.get("/dashboards/records/open").content.decode()
    assert first.count('class="row-title"') == 50
    older = client.get(_older(first)).content.decode()
    assert older.count('class="row-title"') == 2


def _older(page: str) -> str:
    start = page.index("/dashboards/records/open?", page.index('class="pager"'))
    return page[start : page.index('"', start)].replace("&amp;", "&")


def test_the_page_of_a_long_month_asks_no_more_than_that_of_a_short_one(
    hall: Hall, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hall.month()
    for n in range(5):
        hall.waits(f"第 {n} 盏灯不亮", kind="repair")
    client = hall.client(hall.cast.zhoumin)
    client.get("/dashboards")
    with django_assert_max_num_queries(30):
        client.get("/dashboards")


def test_a_part_that_there_is_not_is_not_found(hall: Hall) -> None:
    client = hall.client(hall.cast.zhoumin)
    for asked in (
        "by=age&key=2",
        "by=department&key=x",
        "by=moon&key=1",
        "kind=x",
        "by=day&key=2026",
    ):
        assert client.get(f"/dashboards/records/open?{asked}").status_code == 404, asked


def test_a_day_without_anything_says_so(hall: Hall) -> None:
    page = hall.looks(hall.cast.zhoumin, "/dashboards")
    assert "还没有记录" in page
    assert "没有记录" in hall.looks(hall.cast.zhoumin, "/dashboards/records/open")
