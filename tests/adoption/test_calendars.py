"""The working calendars on their pages: proposed, reviewed day by day, approved, followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.adoption.forms import CalendarForm
from shouwen.adoption.models import WorkCalendar
from shouwen.adoption.queries import calendar_row, calendar_warning
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import report_done
from shouwen.cases.models import Case
from shouwen.rules.worktime import Calendar
from tests.cast import Cast
from tests.moments import SetClock, moment

SignIn = Callable[[Client, Staff], Client]
NOW = "2026-11-19 09:12"
NEW_YEAR = (
    "2027-01-01 至 2027-01-03 放假 元旦\n2027-01-09 上班 元旦\n2027-01-15 09:00-15:00 停电检修"
)


@pytest.fixture(autouse=True)
def _now(clock: SetClock) -> None:
    clock(NOW, "周四")


@pytest.fixture
def head(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(client, cast.qianhong)


def initial(base: WorkCalendar | None = None, **changed: Any) -> dict[str, Any]:
    """What the form would send as it stands, with some fields changed."""
    form = CalendarForm.of(base)
    said = {name: form.initial.get(name, "") for name in form.fields}
    return {name: value for name, value in {**said, **changed}.items() if value not in ("", None)}


def send(client: Client, page: str, *args: object, **fields: Any) -> Any:
    return client.post(reverse(f"adoption:{page}", args=args), fields)


def proposed(client: Client, cast: Cast, **changed: Any) -> WorkCalendar:
    answer = send(client, "propose-calendar", cast.group.pk, **initial(cast.calendar, **changed))
    assert answer.status_code == 302, answer.content.decode()
    return WorkCalendar.objects.latest("pk")


def test_the_month_view_marks_holidays_and_make_up_days_by_word(head: Client, cast: Cast) -> None:
    page = head.get(reverse("adoption:calendar", args=[cast.calendar.pk]) + "?year=2026")
    cells = {c.day: c for m in page.context["months"] for w in m.weeks for c in w if c}
    assert len(cells) == 365
    assert (cells[date(2026, 10, 1)].mark, cells[date(2026, 10, 10)].mark) == ("休", "班")
    assert (cells[date(2026, 11, 21)].tone, cells[date(2026, 11, 23)].tone) == ("free", "work")
    assert "国庆节" in cells[date(2026, 10, 1)].words


def test_any_year_asked_for_is_answered(head: Client, cast: Cast) -> None:
    for year in ("2027", "0000", "9999", "x", "99999", "-1"):
        page = head.get(reverse("adoption:calendar", args=[cast.calendar.pk]) + f"?year={year}")
        assert page.status_code == 200, year


def test_what_the_form_shows_and_gives_back_is_the_same_calendar(head: Client, cast: Cast) -> None:
    summer = {
        "name": "夏令",
        "from": "06-01",
        "to": "09-30",
        "hours": {"mon": [["08:30", "12:00"]]},
    }
    cast.calendar.content = Calendar.from_json(
        {**cast.calendar.content, "seasons": [summer]}
    ).as_json()
    cast.calendar.round_the_clock = [
        {"urgent": True},
        {"kind": ["security"]},
        {"kind": ["repair"], "night": True},
    ]
    cast.calendar.save()
    copy = proposed(head, cast)
    assert copy.content == cast.calendar.content
    assert copy.round_the_clock == cast.calendar.round_the_clock
    assert copy.approved_at is None


@pytest.mark.peers("T6")
@pytest.mark.deadline("D12")
def test_imported_holidays_are_a_proposal_until_somebody_has_reviewed_them(
    head: Client, cast: Cast
) -> None:
    row = proposed(head, cast, years=["2026"])
    at = moment("2026-11-19 09:13")
    assert calendar_row(cast.cuihu, at) == cast.calendar
    assert send(head, "approve-calendar", row.pk).status_code == 422
    assert calendar_row(cast.cuihu, at) == cast.calendar
    assert send(head, "approve-calendar", row.pk, reviewed="on").status_code == 302
    assert calendar_row(cast.cuihu, at) == row
    row.refresh_from_db()
    assert row.approved_by == cast.qianhong


@pytest.mark.peers("T6")
def test_a_make_up_saturday_is_worked(head: Client, cast: Cast) -> None:
    row = proposed(head, cast, years=["2026"])
    assert Calendar.from_json(row.content).is_working_day(date(2026, 10, 10))


def test_days_of_next_year_are_typed_as_the_notice_prints_them(head: Client, cast: Cast) -> None:
    row = proposed(head, cast, extra=NEW_YEAR, complete_until="2027-12-31")
    calendar = Calendar.from_json(row.content)
    worked = {day: calendar.is_working_day(date(2027, 1, day)) for day in (1, 3, 4, 9, 10, 15)}
    assert worked == {1: False, 3: False, 4: True, 9: True, 10: False, 15: True}
    assert calendar.hours_on(date(2027, 1, 15)) == ((9 * 3600, 15 * 3600),)
    page = head.get(reverse("adoption:calendar", args=[row.pk]))
    assert [str(change.day) for change in page.context["changes"]] == [
        "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-09", "2027-01-15",
    ]  # fmt: skip


def test_one_day_of_a_proposal_is_put_right_and_no_day_of_an_approved_one(
    head: Client, cast: Cast
) -> None:
    row = proposed(head, cast)
    change = {"day": "2026-10-10", "kind": "plain"}
    assert send(head, "calendar-day", row.pk, **change).status_code == 302
    row.refresh_from_db()
    assert not Calendar.from_json(row.content).is_working_day(date(2026, 10, 10))
    assert send(head, "calendar-day", cast.calendar.pk, **change).status_code == 409
    assert send(head, "discard-calendar", cast.calendar.pk).status_code == 409
    assert WorkCalendar.objects.filter(pk=cast.calendar.pk).exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("mon", "9点到12点", "看不懂"),
        ("mon", "25:00-26:00", "不是一天中的时刻"),
        ("mon", "12:00-09:00", "跨零点"),
        ("extra", "2027-02-30 放假", "日期不存在"),
        ("extra", "明年春节放假", "看不懂"),
        ("extra", "2027-02-12 至 2027-02-05 放假", "从早到晚"),
        ("extra", "2027-01-02 加班看看", "要写明放假、上班"),
        ("seasons", "周一 09:00-12:00", "之前要有一行季节"),
        ("seasons", "夏令 13-01 至 09-30\n周一 09:00-12:00", "没有 13-01 这一天"),
        ("complete_until", "2027-13-01", "有效"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    head: Client, cast: Cast, field: str, typed: str, said: str
) -> None:
    answer = send(
        head, "propose-calendar", cast.group.pk, **initial(cast.calendar, **{field: typed})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert typed in page
    assert WorkCalendar.objects.count() == 1


@pytest.mark.peers("T9")
def test_a_calendar_without_any_working_time_is_refused(head: Client, cast: Cast) -> None:
    empty = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "")
    answer = send(head, "propose-calendar", cast.group.pk, **initial(cast.calendar, **empty))
    assert answer.status_code == 422
    assert "没有任何工作时间" in answer.content.decode()


def test_a_manager_proposes_for_his_project_only(cast: Cast, sign_in: SignIn) -> None:
    manager = sign_in(Client(), cast.zhoumin)
    assert send(manager, "propose-calendar", cast.group.pk, **initial()).status_code == 403
    assert send(manager, "propose-calendar", cast.jiangnan.pk, **initial()).status_code == 404
    answer = send(manager, "propose-calendar", cast.cuihu.pk, **initial(cast.calendar))
    assert answer.status_code == 302


# --- the warning ----------------------------------------------------------------------------------


@pytest.mark.deadline("D14")
def test_from_november_on_missing_holidays_of_next_year_are_said_loudly(
    head: Client, cast: Cast
) -> None:
    assert calendar_warning(moment("2026-10-31 23:59")) == ""
    assert "2027" in calendar_warning(moment("2026-11-01 00:00"))
    assert "2027" in calendar_warning(moment(NOW), cast.cuihu)
    for name, args in (("calendars", ()), ("unit", (cast.cuihu.pk,)), ("regulations", ())):
        page = head.get(reverse(f"adoption:{name}", args=args)).content.decode()
        assert "放假安排没有录全" in page
    row = proposed(head, cast, extra=NEW_YEAR, complete_until="2027-12-31")
    assert calendar_warning(moment(NOW)) != ""
    send(head, "approve-calendar", row.pk, reviewed="on")
    assert calendar_warning(moment("2026-11-19 09:13")) == ""
    assert "2028" in calendar_warning(moment("2027-11-01 08:00"))


# --- what runs ------------------------------------------------------------------------------------


@pytest.fixture
def done(cast: Cast) -> Case:
    """A complaint done this morning; its visit is due in three working days."""
    at = moment(NOW)
    told = Told(text="保洁不到位", name="王女士", phone="13900000421", address="3栋2单元501",
                facts={"kind": "complaint"})  # fmt: skip
    case = register(project=cast.cuihu, told=told, by=scope_of(cast.limin, at), at=at)
    report_done(case=case, by=scope_of(cast.sunli, at), at=at, text="已重新打扫")
    return case


@pytest.mark.deadline("D12")
def test_promises_that_would_move_are_shown_first_and_move_at_the_button(
    head: Client, cast: Cast, done: Case, clock: SetClock
) -> None:
    visit = done.commitments.get(rule="visit:complaint-visit")
    due = visit.due_at
    assert due is not None
    row = proposed(head, cast, extra="2026-11-23 放假 临时放假")
    address = reverse("cases:calendar-moves", args=[row.pk])
    before = head.get(address).content.decode()
    assert done.number in before
    assert "批准并在用以后" in before
    assert head.post(address).status_code == 409
    send(head, "approve-calendar", row.pk, reviewed="on")
    clock("2026-11-19 09:13", "周四")
    moved = head.post(address, headers={"HX-Request": "true"}).content.decode()
    assert "已调整 1 件，共 1 件" in moved
    visit.refresh_from_db()
    assert visit.due_at == due + timedelta(days=1)
    assert "都已按这份日历" in head.get(address).content.decode()
    assert head.post(reverse("cases:calendar-moves", args=[cast.calendar.pk])).status_code == 409


def test_many_cases_move_in_parts_and_the_page_says_how_far_it_is(
    head: Client, cast: Cast, done: Case, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = moment("2026-11-19 09:12") + timedelta(seconds=30)
    for n in range(3):
        register(
            project=cast.cuihu, told=Told(text=f"路灯不亮 {n}"), by=scope_of(cast.limin, at), at=at
        )
    row = proposed(head, cast, extra="2026-11-23 放假 临时放假")
    send(head, "approve-calendar", row.pk, reviewed="on")
    clock("2026-11-19 09:20", "周四")
    monkeypatch.setattr("shouwen.cases.views.recalendar.AT_ONCE", 2)
    address = reverse("cases:calendar-moves", args=[row.pk])
    first = head.post(address, headers={"HX-Request": "true"}).content.decode()
    assert "已调整 2 件，共 4 件" in first
    assert 'hx-trigger="load' in first
    last = head.post(address, {"total": "4"}, headers={"HX-Request": "true"}).content.decode()
    assert "已调整 4 件，共 4 件" in last
    assert 'hx-trigger="load' not in last
