"""Whose dashboards somebody sees: those of places that they see whole, at every level."""

from __future__ import annotations

from shouwen.dashboards.places import levels
from tests.cast import Cast
from tests.dashboards.conftest import Hall

PAGES = ("/dashboards", "/dashboards/month", "/dashboards/departments", "/wall")


def names(hall: Hall, who: str) -> list[str]:
    scope = hall.of(getattr(hall.cast, who))
    return [unit.name for unit in levels(scope, hall.cast.cuihu)]


def test_the_levels_end_where_the_post_ends(hall: Hall) -> None:
    assert names(hall, "zhoumin") == ["翠湖花园"]
    assert names(hall, "zhaogang") == ["翠湖花园", "锦绣物业"]
    assert names(hall, "qianhong") == ["翠湖花园", "锦绣物业", "锦绣集团"]


def test_who_sees_single_cases_sees_no_dashboard(hall: Hall) -> None:
    for who in (hall.cast.chenjianguo, hall.cast.dingyi):
        client = hall.client(who)
        assert {client.get(address).status_code for address in PAGES} == {403}


def test_another_project_is_as_unknown_as_none(hall: Hall) -> None:
    client = hall.client(hall.cast.zhoumin)
    asked = [f"{address}?place={code}" for address in PAGES for code in ("JG", "JXWY", "NO")]
    assert {client.get(address).status_code for address in asked} == {404}


def test_a_leader_begins_with_the_company_and_goes_down(hall: Hall) -> None:
    hall.month()
    page = hall.looks(hall.cast.zhaogang, "/dashboards")
    assert "锦绣物业 · 10:00 的情况" in page
    assert "金桂苑" in hall.looks(hall.cast.zhaogang, "/dashboards/compare")
    assert "安和物业" not in hall.looks(hall.cast.zhaogang, "/dashboards/compare")
    assert "金桂苑 · 10:00" in hall.looks(hall.cast.zhaogang, "/dashboards?place=JG")


def test_the_future_and_nonsense_are_this_month(hall: Hall) -> None:
    for asked in ("2027-01", "someday", "2026-99", ""):
        page = hall.looks(hall.cast.zhoumin, f"/dashboards/month?period={asked}")
        assert "翠湖花园 · 2026年11月" in page


def test_a_line_leads_to_the_dashboards_only_for_who_may_open_them(cast: Cast, hall: Hall) -> None:
    assert 'href="/dashboards"' in hall.looks(cast.zhoumin, "/board")
    assert 'href="/dashboards"' not in hall.looks(cast.chenjianguo, "/board")


def test_the_wall_names_nobody_and_no_room(hall: Hall) -> None:
    hall.month()
    page = hall.looks(hall.cast.zhoumin, "/wall")
    for word in ("王女士", "13900000421", "501", "楼道灯", "李敏", "陈建国"):
        assert word not in page, word
    assert "工程部" in page
    assert 'hx-trigger="every 30s"' in page


def test_who_has_not_signed_in_sees_no_wall(hall: Hall) -> None:
    assert hall.client(hall.cast.zhoumin).get("/wall").status_code == 200
    answer = type(hall.client(hall.cast.zhoumin))().get("/wall")
    assert answer.status_code == 302
