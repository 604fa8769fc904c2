"""Duties: what is owed so often, by whom, and whether it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.actions import record_absence
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.actions import pin
from shouwen.adoption.models import Adoption
from shouwen.estate.models import Occupancy, Unit
from shouwen.estate.queries import place_of
from shouwen.figures.actions.keeping import look_at_months
from shouwen.figures.actions.reminding import ring_duties
from shouwen.figures.duties import AWAY, NO_WORK, Owed, owed
from shouwen.figures.models import Verdict
from shouwen.figures.queries import figure
from shouwen.notify.models import OutboxMessage
from shouwen.registers.models import Record
from shouwen.rules.periods import read_period
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

S1, S4 = "developer-aftersales", "customer-communication"
#: The week of 2026-11-16 is over.
MONDAY = moment("2026-11-23 10:00", "周一")
DECEMBER = moment("2026-12-01 10:00", "周二")
LAST_WEEK, NATIONAL_DAY = read_period("2026-W47"), read_period("2026-W41")
NOVEMBER = read_period("2026-11")
MOST_QUERIES = 20


@dataclass
class House:
    """翠湖花园 under the rules of customer communication, and what its people wrote down."""

    cast: Cast

    def writes(self, form: str, on: date, staff: Staff | None = None, **more: Any) -> Record:
        """A complete record, as its form would leave it."""
        at = moment(f"{on} 18:00")
        return Record.objects.create(
            **{
                **place_of(self.cast.cuihu), "number": f"B-{form}-{Record.objects.count()}",
                "form": form, "regulation": S4, "title": form, "on": on, "state": "signed",
                "rulebook": pin(self.cast.cuihu, at), "staff": staff, "filled_at": at,
                "filled_by": staff or self.cast.limin, "signed_at": at, **more,
            }
        )  # fmt: skip

    def owed(self, rule: str, span: Any = LAST_WEEK, at: datetime = MONDAY) -> list[Owed]:
        found = owed(self.cast.cuihu, span.first, span.last, at)
        return [one for one in found if one.rule.id == rule]

    def done(self, rule: str, **when: Any) -> list[bool]:
        return [one.record is not None for one in self.owed(rule, **when)]

    def counts(self, rule: str, span: Any = NOVEMBER, at: datetime = DECEMBER) -> tuple[int, ...]:
        """Hit, missed, undecided, not counted."""
        look_at_months(at=at)
        told = figure(self.cast.cuihu, span, f"{S4}/{rule}", at).figure.counts
        return told.hit, told.miss, told.open, told.out


@pytest.fixture
def house(cast: Cast) -> House:
    cast.follows(S4)
    return House(cast)


@pytest.mark.clause("S4-4.3.5-12")
def test_the_head_of_a_project_greets_once_a_week(house: House, cast: Cast) -> None:
    (one,) = house.owed("greeting-by-head")
    assert one.staff == cast.zhoumin
    assert one.is_late(MONDAY)
    house.writes("greeting", date(2026, 11, 18), cast.sunli)
    assert house.done("greeting-by-head") == [False], "another's greeting is not his"
    house.writes("greeting", date(2026, 11, 22), cast.zhoumin)
    assert house.done("greeting-by-head") == [True]
    # four weeks of November end in it, and the first of them began in October
    hit, miss, still, out = house.counts("greetings-by-head")
    assert (hit, still, out) == (1, 0, 0)
    assert miss == len(list(NOVEMBER.parts("week"))) - 1


@pytest.mark.clause("S4-4.3.5-13")
def test_each_head_of_a_trade_greets_twice_a_week_and_each_time_counts(
    house: House, cast: Cast
) -> None:
    rule = "greeting-by-specialists"
    people = {one.staff for one in house.owed(rule)}
    assert people == {cast.sunli, cast.liuqiang, cast.wuqiang}
    house.writes("greeting", date(2026, 11, 17), cast.sunli)
    mine = [one for one in house.owed(rule) if one.staff == cast.sunli]
    assert [one.record is not None for one in mine] == [True, False]
    house.writes("greeting", date(2026, 11, 17), cast.sunli)
    house.writes("greeting", date(2026, 11, 19), cast.sunli)
    mine = [one for one in house.owed(rule) if one.staff == cast.sunli]
    assert [one.record is not None for one in mine] == [True, True], "the third is none too many"
    weeks = len(list(NOVEMBER.parts("week")))
    assert house.counts("greetings-by-specialists") == (2, 3 * 2 * weeks - 2, 0, 0)


def test_nothing_is_owed_of_what_was_over_before_the_regulation_was_adopted(cast: Cast) -> None:
    cast.follows(S4)
    Adoption.objects.update(since=moment("2026-11-18 00:00", "周三"))
    since, until = date(2026, 9, 1), date(2026, 11, 30)
    weeks = {one.span for one in owed(cast.cuihu, since, until, DECEMBER) if one.staff}
    assert weeks == {LAST_WEEK, LAST_WEEK.after()}


def test_a_week_without_a_working_day_is_not_owed(house: House) -> None:
    at = moment("2026-10-12 10:00", "周一")
    spring = read_period("2026-W08")
    (one,) = house.owed("greeting-by-head", spring, at)
    assert (one.excused, one.is_late(at)) == (NO_WORK, False)
    (worked,) = house.owed("greeting-by-head", NATIONAL_DAY, at)
    assert not worked.excused, "of the national holiday one day was worked"


def test_who_is_away_all_week_owes_nothing_and_what_he_did_still_counts(
    house: House, cast: Cast
) -> None:
    begins, ends = moment("2026-11-15 00:00"), moment("2026-11-22 00:00")
    record_absence(staff=cast.zhoumin, starts_at=begins, ends_at=ends, deputy=None, reason="年假")
    (one,) = house.owed("greeting-by-head")
    assert (one.excused, one.is_late(MONDAY)) == (AWAY, False)
    house.writes("greeting", date(2026, 11, 16), cast.zhoumin)
    (one,) = house.owed("greeting-by-head")
    assert not one.is_excused


@pytest.mark.clause("S4-4.3.5-11")
def test_the_manager_receives_customers_once_a_month_and_an_open_day_is_another_thing(
    house: House, cast: Cast
) -> None:
    rule = "reception-day-each-month"
    said = {"kind": "客户开放日"}
    house.writes("reception-day", date(2026, 11, 12), cast.zhoumin, values=said)
    assert house.done(rule, span=NOVEMBER, at=DECEMBER) == [False]
    assert house.counts("reception-days") == (0, 1, 0, 0)
    said = {"kind": "项目经理接待日"}
    house.writes("reception-day", date(2026, 11, 26), cast.zhoumin, values=said)
    assert house.done(rule, span=NOVEMBER, at=DECEMBER) == [True]
    assert house.counts("reception-days") == (1, 0, 0, 0)
    verdict = Verdict.objects.get(measure=f"{S4}/reception-days", on=NOVEMBER.last)
    assert verdict.url.startswith("/registers/records/B-reception-day")


def test_while_the_month_runs_nothing_has_failed(house: House) -> None:
    assert house.counts("reception-days", at=MONDAY) == (0, 0, 1, 0)


@pytest.mark.clause("S4-4.3.5-10")
def test_a_home_that_was_visited_twice_was_visited_and_an_empty_one_is_not_asked_about(
    house: House, cast: Cast
) -> None:
    half, at = read_period("2026-H2"), moment("2027-01-04 10:00", "周一")
    homes = Occupancy.objects.filter(unit__project=cast.cuihu, until=None).values("unit").distinct()
    for day in (date(2026, 8, 3), date(2026, 11, 3)):
        house.writes("customer-visit", day, cast.limin, unit=cast.home)
    house.writes("customer-visit", date(2026, 6, 30), cast.limin, unit=cast.neighbour)
    assert Unit.objects.filter(project=cast.cuihu).count() > homes.count()
    assert house.counts("customer-visit-coverage", half, at) == (1, homes.count() - 1, 0, 0)


@pytest.mark.clause("S4-4.4.5b-8")
def test_who_approves_a_plan_of_visits_sees_how_many_homes_are_without_one(
    house: House, cast: Cast, clock: Callable[..., datetime]
) -> None:
    clock("2026-11-23 10:00", "周一")
    house.writes("customer-visit", date(2026, 8, 3), cast.limin, unit=cast.home)
    rooms = [{"customer": "误", "room": "99-1"}]
    plan = house.writes("visit-plan", date(2026, 11, 2), values={"visits": rooms})
    address = reverse("figures:coverage", args=[plan.number])
    box = page(cast.zhoumin, address)
    assert "还差 1 户" in box
    assert "没有这些房号或无人入住：99-1" in box
    rooms = [{"customer": "邻居", "room": cast.neighbour.label}]
    house.writes("visit-plan", date(2026, 11, 9), values={"visits": rooms})
    assert "计划做完就达到标准" in page(cast.zhoumin, address)


# --- The page, the bell ---------------------------------------------------------------------------


def told(at: datetime) -> set[tuple[str, str]]:
    ring_duties(at=at)
    rows = OutboxMessage.objects.filter(event__startswith="duty:greeting-by-head:")
    return {(row.staff.name, row.subject.split("：")[0]) for row in rows}


def test_on_the_last_working_day_who_owes_it_is_told_and_afterwards_who_stands_above(
    house: House, cast: Cast
) -> None:
    friday = moment("2026-11-20 08:59", "周五")
    for day in (3, 10):
        house.writes("greeting", date(2026, 11, day), cast.zhoumin)
    assert told(friday) == set()
    assert told(friday + timedelta(minutes=1)) == {("周敏", "今天到期还没做")}
    late = {("周敏", "今天到期还没做"), ("郑洁", "没有做到")}
    assert told(MONDAY) == late
    before = OutboxMessage.objects.count()
    assert told(MONDAY) == late
    assert OutboxMessage.objects.count() == before, "each is told once"


def page(who: Staff, address: str = "/duties", **asked: str) -> str:
    client = Client()
    client.force_login(who, backend=MODEL_BACKEND)
    response = client.get(address, asked)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_page_shows_what_is_owed_now_what_was_missed_and_what_was_done(
    house: House, cast: Cast, clock: Callable[..., datetime]
) -> None:
    clock("2026-11-23 10:00", "周一")
    record = house.writes("greeting", date(2026, 11, 18), cast.zhoumin)
    now = page(cast.zhoumin)
    assert "/registers/greeting/new" in now
    assert "项目经理接待日" in now
    assert record.number in page(cast.zhoumin, state="done")
    assert "没做到" in page(cast.zhoumin, state="late")
    mine = page(cast.wuqiang, state="late")
    assert "吴强" in mine
    assert "周敏" not in mine, "a narrow role sees his own"


def test_the_page_asks_the_database_as_often_for_a_quarter_of_weeks_as_for_one(
    house: House, cast: Cast, clock: Callable[..., datetime]
) -> None:
    clock("2026-11-23 10:00", "周一")
    client = Client()
    client.force_login(cast.zhoumin, backend=MODEL_BACKEND)
    client.get("/duties?state=done")
    with CaptureQueriesContext(connection) as empty:
        client.get("/duties?state=done")
    for day in range(1, 20):
        house.writes("greeting", date(2026, 11, day), cast.zhoumin)
    with CaptureQueriesContext(connection) as full:
        client.get("/duties?state=done")
    assert len(full) == len(empty) <= MOST_QUERIES


def test_where_no_regulation_owes_anything_the_page_says_so(
    cast: Cast, clock: Callable[..., datetime]
) -> None:
    clock("2026-11-23 10:00", "周一")
    cast.follows("first-contact")
    assert "没有这样的定期工作" in page(cast.zhoumin)
    assert not owed(OrgUnit.objects.get(pk=cast.cuihu.pk), NOVEMBER.first, NOVEMBER.last, MONDAY)


def lived_in(cast: Cast, rooms: int) -> None:
    """So many more homes with somebody in them."""
    tie, building = Occupancy.objects.filter(unit=cast.home)[0], cast.home.building
    for room in range(rooms):
        unit = Unit(**place_of(cast.cuihu), building=building, key=f"9-{room}", label=f"9栋{room}")
        unit.save()
        Occupancy.objects.create(unit=unit, customer=tie.customer, relation=tie.relation)


@pytest.mark.clause("S1-4.2-6")
def test_a_half_years_survey_is_done_when_a_fifth_of_the_homes_were_asked(
    house: House, cast: Cast
) -> None:
    cast.follows(S1)
    lived_in(cast, 4)
    half, at = read_period("2026-H2"), moment("2027-01-04 10:00", "周一")
    for day in (2, 3):
        house.writes("satisfaction-survey", date(2026, 11, day), regulation=S1, unit=cast.home)
    (one,) = house.owed("survey-each-half-year", half, at)
    assert (one.so_far, one.record) == ("已查 1 户，应查 2 户（6 户的 20%）", None)
    house.writes("satisfaction-survey", date(2026, 12, 1), regulation=S1, unit=cast.neighbour)
    assert house.done("survey-each-half-year", span=half, at=at) == [True]
    look_at_months(at=at)
    told = figure(cast.cuihu, half, f"{S1}/survey-sampled", at).figure
    assert (told.counts.hit, told.counts.n, told.is_met) == (2, 6, True)
