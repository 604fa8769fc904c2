"""The organisation pages: who sees what, who changes what, and what answers to everybody else."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouwen.accounts import views
from shouwen.accounts.actions import (
    create_unit,
    disclose,
    give_post,
    issue_token,
    record_absence,
)
from shouwen.accounts.models import Absence, ApiToken, OrgUnit, Post, Staff
from tests.cast import Cast
from tests.moments import moment

AT = moment("2026-11-19 09:12", "周四")
FORBIDDEN, NOT_FOUND = HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND
As = Callable[[Staff], Client]


@pytest.fixture
def signed_in(
    client: Client, sign_in: Callable[[Client, Staff], Client], clock: Callable[..., datetime]
) -> As:
    """`signed_in(cast.limin)`: her browser, on the morning of 19 November."""
    clock("2026-11-19 09:12", "周四")
    return lambda staff: sign_in(client, staff)


def bare(answer: Any) -> str:
    """The page without what differs from request to request: the CSRF token."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.content.decode())


# --- Seeing ---------------------------------------------------------------------------------------


def test_the_tree_shows_ones_project_with_who_holds_what(cast: Cast, signed_in: As) -> None:
    page = signed_in(cast.limin).get("/organisation").content.decode()
    assert "翠湖花园" in page
    assert "陈建国" in page
    assert "金桂苑" not in page
    assert "沈洁" not in page
    assert "添加人员" not in page


def test_who_is_away_now_stands_beside_the_tree_with_the_deputy(cast: Cast, signed_in: As) -> None:
    for staff, deputy in ((cast.wangfang, cast.limin), (cast.jingui_clerk, None)):
        record_absence(
            staff=staff, starts_at=AT, ends_at=AT + timedelta(days=1), deputy=deputy, reason="年假"
        )
    answer = signed_in(cast.limin).get("/organisation")
    assert [absence.staff for absence in answer.context["absences"]] == [cast.wangfang]
    assert answer.context["away_ids"] == {cast.wangfang.pk}


def test_an_engineer_has_no_organisation_page_but_a_page_of_his_own(
    cast: Cast, signed_in: As
) -> None:
    client = signed_in(cast.chenjianguo)
    assert client.get("/organisation").status_code == FORBIDDEN
    assert client.get(f"/staff/{cast.chenjianguo.pk}").status_code == HTTPStatus.OK
    assert client.get(f"/staff/{cast.hewei.pk}").status_code == NOT_FOUND


@pytest.mark.parametrize("path", ["/organisation/{}", "/staff/{}"])
def test_what_is_elsewhere_answers_like_what_is_nowhere(
    cast: Cast, signed_in: As, path: str
) -> None:
    client = signed_in(cast.zhoumin)
    elsewhere = cast.jiangnan.pk if "organisation" in path else cast.jiangnan_clerk.pk
    answers = [client.get(path.format(pk)) for pk in (elsewhere, 999_999)]
    assert [answer.status_code for answer in answers] == [NOT_FOUND, NOT_FOUND]
    assert bare(answers[0]) == bare(answers[1])


def test_another_projects_record_answers_not_found_to_every_form(cast: Cast, signed_in: As) -> None:
    away = record_absence(
        staff=cast.jingui_clerk, starts_at=AT, ends_at=AT + timedelta(days=1), deputy=None
    )
    client = signed_in(cast.zhoumin)
    unit, staff, post = cast.jingui.pk, cast.jingui_clerk.pk, cast.jingui_clerk.posts.get().pk
    for path in (
        f"/organisation/{unit}/units/new",
        f"/organisation/{unit}/staff/new",
        f"/organisation/{unit}/posts/new",
        f"/projects/{unit}/choose",
        f"/posts/{post}/end",
        f"/staff/{staff}/deactivate",
        f"/staff/{staff}/reset-password",
        f"/staff/{staff}/absences/new",
        f"/absences/{away.pk}/end",
    ):
        answers = [
            client.post(path),
            client.post(path.replace(re.findall(r"\d+", path)[0], "999999")),
        ]
        assert [answer.status_code for answer in answers] == [NOT_FOUND, NOT_FOUND], path
        assert bare(answers[0]) == bare(answers[1]), path


def test_a_long_tree_is_read_page_by_page_and_nothing_is_lost(
    cast: Cast, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "UNITS_A_PAGE", 4)
    client, page, seen = signed_in(cast.qianhong), "?", list[str]()
    while page:
        answer = client.get(f"/organisation{page}")
        seen += [row.unit.name for row in answer.context["rows"]]
        page = answer.context["pager"].older
    assert seen == [unit.name for unit in OrgUnit.objects.order_by("path")]


def test_a_larger_organisation_costs_no_more_queries(cast: Cast, signed_in: As) -> None:
    client = signed_in(cast.qianhong)
    before = queries_of(client, "/organisation")
    for number in range(20):
        unit = create_unit(
            kind="department", code=f"D{number}", name=f"部门 {number}", parent=cast.cuihu
        )
        give_post(staff=cast.limin, unit=unit, role="csr", at=AT, main=False)
    assert queries_of(client, "/organisation") == before


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == HTTPStatus.OK
    return len(captured)


def test_the_current_project_is_chosen_among_those_reached(cast: Cast, signed_in: As) -> None:
    client = signed_in(cast.zhengjie)
    assert client.get("/organisation").context["request"].project == cast.cuihu
    client.post(f"/projects/{cast.jingui.pk}/choose")
    assert client.get("/organisation").context["request"].project == cast.jingui
    assert client.post(f"/projects/{cast.jiangnan.pk}/choose").status_code == NOT_FOUND
    Post.objects.filter(staff=cast.zhengjie).update(unit=cast.anhe)
    assert client.get("/organisation").context["request"].project == cast.jiangnan


# --- Keeping the organisation ---------------------------------------------------------------------

NEW = {"name": "周婷", "number": "0099", "username": "zhouting", "phone": "", "role": "csr"}


def test_a_manager_adds_a_team_below_a_department_of_the_project(cast: Cast, signed_in: As) -> None:
    department = cast.department("engineering")
    data = {"kind": "team", "name": "水电班", "code": "CH-GC-1"}
    answer = signed_in(cast.zhoumin).post(f"/organisation/{department.pk}/units/new", data)
    assert answer.status_code == HTTPStatus.FOUND
    assert OrgUnit.objects.get(code="CH-GC-1").project == cast.cuihu


def test_a_code_in_use_is_refused_at_its_field_and_what_was_typed_stays(
    cast: Cast, signed_in: As
) -> None:
    data = {"kind": "department", "name": "社区经营部", "code": "JG"}
    answer = signed_in(cast.zhoumin).post(f"/organisation/{cast.cuihu.pk}/units/new", data)
    assert answer.status_code == 422
    assert "code" in answer.context["form"].errors
    assert "社区经营部" in answer.content.decode()


@pytest.mark.parametrize("who", ["limin", "zhengjie", "chenjianguo"])
def test_who_may_not_keep_the_organisation_is_told_so(cast: Cast, signed_in: As, who: str) -> None:
    client = signed_in(getattr(cast, who))
    for path in ("units/new", "staff/new", "posts/new"):
        answer = client.post(f"/organisation/{cast.cuihu.pk}/{path}")
        assert answer.status_code == FORBIDDEN, path
        assert "没有这项权限" in answer.content.decode()


def test_a_new_colleague_gets_a_one_time_password_that_is_shown_once(
    cast: Cast, signed_in: As
) -> None:
    client = signed_in(cast.zhoumin)
    answer = client.post(f"/organisation/{cast.department('service').pk}/staff/new", NEW)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    staff = Staff.objects.get(username="zhouting")
    assert staff.check_password(secret)
    assert staff.must_change_password
    assert secret not in client.get(f"/staff/{staff.pk}").content.decode()


def test_a_manager_cannot_make_an_administrator(cast: Cast, signed_in: As) -> None:
    client = signed_in(cast.zhoumin)
    for path, data in (
        ("staff/new", {**NEW, "role": "admin"}),
        ("posts/new", {"number": cast.limin.number, "role": "company_cs"}),
    ):
        answer = client.post(f"/organisation/{cast.cuihu.pk}/{path}", data)
        assert "role" in answer.context["form"].errors
    assert not Post.objects.filter(role="admin").exclude(staff=cast.admin).exists()


def test_nobody_gives_or_ends_a_post_of_their_own(cast: Cast, signed_in: As) -> None:
    client = signed_in(cast.admin)
    data = {"number": cast.admin.number, "role": "hq_cs"}
    answer = client.post(f"/organisation/{cast.group.pk}/posts/new", data)
    assert "不能给自己任职" in str(answer.context["form"].errors)
    answer = client.post(f"/posts/{cast.admin.posts.get().pk}/end")
    assert answer.status_code == FORBIDDEN
    assert cast.admin.posts.get().until is None


def test_a_number_elsewhere_answers_like_a_number_that_nobody_has(
    cast: Cast, signed_in: As
) -> None:
    client = signed_in(cast.zhoumin)
    errors = [
        str(
            client.post(
                f"/organisation/{cast.cuihu.pk}/posts/new", {"number": number, "role": "csr"}
            )
            .context["form"]
            .errors
        )
        for number in (cast.jingui_clerk.number, "nobody")
    ]
    assert errors[0] == errors[1]


def test_a_second_post_is_given_and_ended_and_its_days_stay_on_record(
    cast: Cast, signed_in: As
) -> None:
    client = signed_in(cast.zhoumin)
    data = {"number": cast.limin.number, "role": "cs_head"}
    client.post(f"/organisation/{cast.department('service').pk}/posts/new", data)
    post = cast.limin.posts.get(role="cs_head")
    assert client.post(f"/posts/{post.pk}/end").headers["Location"] == f"/staff/{cast.limin.pk}"
    post.refresh_from_db()
    assert (post.since, post.until) == (AT, AT)


def test_a_manager_does_not_reset_the_password_of_somebody_who_can_do_more(
    cast: Cast, signed_in: As
) -> None:
    give_post(staff=cast.admin, unit=cast.cuihu, role="csr", at=AT)
    answer = signed_in(cast.zhoumin).post(f"/staff/{cast.admin.pk}/reset-password", {"sure": "on"})
    assert answer.status_code == FORBIDDEN
    assert Staff.objects.get(pk=cast.admin.pk).password == cast.admin.password


def test_leaving_wants_a_tick_and_ends_everything(cast: Cast, signed_in: As) -> None:
    issue_token(name="旧小程序", staff=cast.limin, unit=cast.cuihu, rights=[], at=AT)
    client, path = signed_in(cast.zhoumin), f"/staff/{cast.limin.pk}/deactivate"
    page = f"http://testserver/staff/{cast.limin.pk}"
    answer = client.post(path, headers={"Referer": page})
    assert answer.headers["Location"] == page
    assert "请先勾选确认" in client.get(page).content.decode()
    assert Staff.objects.get(pk=cast.limin.pk).is_active
    client.post(path, {"sure": "on"})
    left = Staff.objects.get(pk=cast.limin.pk)
    assert not left.is_active
    assert left.posts.get().until == AT
    assert left.tokens.get().revoked_at == AT


# --- Absences -------------------------------------------------------------------------------------

WEEK = {"starts_at": "2026-11-20T09:00", "ends_at": "2026-11-27T18:00", "reason": "年假"}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("limin", HTTPStatus.FOUND),
        ("sunli", HTTPStatus.FOUND),
        ("zhoumin", HTTPStatus.FOUND),
        ("admin", HTTPStatus.FOUND),
        ("wangfang", FORBIDDEN),
        ("chenjianguo", NOT_FOUND),
        ("jingui_manager", NOT_FOUND),
    ],
)
def test_an_absence_is_recorded_by_oneself_or_a_head(
    cast: Cast, signed_in: As, who: str, status: HTTPStatus
) -> None:
    client = signed_in(getattr(cast, who))
    data = {**WEEK, "deputy": cast.wangfang.pk}
    assert client.post(f"/staff/{cast.limin.pk}/absences/new", data).status_code == status
    assert Absence.objects.count() == (status == HTTPStatus.FOUND)


def test_the_moments_of_an_absence_are_local_ones(cast: Cast, signed_in: As) -> None:
    signed_in(cast.limin).post(f"/staff/{cast.limin.pk}/absences/new", WEEK)
    assert Absence.objects.get().starts_at == moment("2026-11-20 09:00", "周五")


def test_a_deputy_from_elsewhere_is_no_choice(cast: Cast, signed_in: As) -> None:
    data = {**WEEK, "deputy": cast.jiangnan_clerk.pk}
    answer = signed_in(cast.limin).post(f"/staff/{cast.limin.pk}/absences/new", data)
    assert "deputy" in answer.context["form"].errors


def test_an_absence_that_ends_before_it_begins_is_refused_at_its_field(
    cast: Cast, signed_in: As
) -> None:
    data = {**WEEK, "ends_at": "2026-11-19T09:00"}
    answer = signed_in(cast.limin).post(f"/staff/{cast.limin.pk}/absences/new", data)
    assert "结束时间要晚于开始时间" in str(answer.context["form"].errors["ends_at"])


# --- Tokens and trace -----------------------------------------------------------------------------


def token_data(cast: Cast, **other: str) -> dict[str, Any]:
    return {
        "name": "400 平台",
        "staff": cast.fengjuan.number,
        "unit": cast.jinxiu.code,
        "rights": ["contact.register"],
        "expires_at": "2027-11-19T00:00",
        **other,
    }


def test_a_token_is_shown_once_and_only_its_digest_is_kept(cast: Cast, signed_in: As) -> None:
    client = signed_in(cast.admin)
    answer = client.post("/tokens/new", token_data(cast))
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in client.get("/tokens").content.decode()
    assert secret not in str(ApiToken.objects.values().get())


def test_a_token_without_an_end_in_two_years_is_refused(cast: Cast, signed_in: As) -> None:
    data = token_data(cast, expires_at="2031-01-01T00:00")
    answer = signed_in(cast.admin).post("/tokens/new", data)
    assert "两年之内" in str(answer.context["form"].errors["expires_at"])


def test_a_token_is_revoked_once(cast: Cast, signed_in: As) -> None:
    client = signed_in(cast.admin)
    client.post("/tokens/new", token_data(cast))
    path = f"/tokens/{ApiToken.objects.get().pk}/revoke"
    assert client.post(path).headers["Location"] == "/tokens"
    assert ApiToken.objects.get().revoked_at == AT
    assert client.post(path).status_code == HTTPStatus.CONFLICT


def test_an_administrator_of_one_company_reaches_no_token_of_the_other(
    cast: Cast, signed_in: As
) -> None:
    issue_token(name="安和小程序", staff=cast.jiangnan_clerk, unit=cast.anhe, rights=[], at=AT)
    Post.objects.filter(staff=cast.admin).update(unit=cast.jinxiu)
    client = signed_in(cast.admin)
    assert "安和小程序" not in client.get("/tokens").content.decode()
    assert client.post(f"/tokens/{ApiToken.objects.get().pk}/revoke").status_code == NOT_FOUND
    errors = [
        str(client.post("/tokens/new", token_data(cast, unit=code)).context["form"].errors["unit"])
        for code in ("AHWY", "XX")
    ]
    assert errors[0] == errors[1]


@pytest.mark.parametrize("who", ["limin", "zhoumin", "qianhong"])
def test_tokens_are_the_administrators_business(cast: Cast, signed_in: As, who: str) -> None:
    client = signed_in(getattr(cast, who))
    for answer in (
        client.get("/tokens"),
        client.get("/tokens/new"),
        client.post("/tokens/1/revoke"),
    ):
        assert answer.status_code == FORBIDDEN


def seen_by(client: Client) -> set[int]:
    return {row.record_id for row in client.get("/trace").context["disclosures"]}


@pytest.mark.parametrize(
    ("who", "seen"), [("zhengjie", {1}), ("zhaogang", {1}), ("qianhong", {1, 2, 3})]
)
def test_the_trace_shows_who_looked_as_far_as_one_reaches(
    cast: Cast, signed_in: As, who: str, seen: set[int]
) -> None:
    for record_id, project in ((1, cast.cuihu), (2, cast.jiangnan), (3, None)):
        disclose(by=cast.limin, at=AT, record="customer", record_id=record_id, project=project)
    assert seen_by(signed_in(getattr(cast, who))) == seen


def test_the_trace_is_not_for_those_whom_it_traces(cast: Cast, signed_in: As) -> None:
    for who in (cast.limin, cast.zhoumin, cast.admin):
        assert signed_in(who).get("/trace").status_code == FORBIDDEN


def test_a_long_trace_is_read_page_by_page_and_nothing_is_lost(
    cast: Cast, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS_A_PAGE", 2)
    for record_id in range(5):
        disclose(by=cast.limin, at=AT, record="case", record_id=record_id, project=cast.cuihu)
    client, page, seen = signed_in(cast.zhengjie), "?", list[int]()
    while page:
        answer = client.get(f"/trace{page}")
        seen += [row.record_id for row in answer.context["disclosures"]]
        page = answer.context["pager"].older
    assert seen == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    "page", ["?before=x", "?before=-1", "?before=9999999999999999999999", "?before=²"]
)
def test_a_page_key_that_makes_no_sense_shows_the_first_page(
    cast: Cast, signed_in: As, page: str
) -> None:
    assert signed_in(cast.zhengjie).get(f"/trace{page}").status_code == HTTPStatus.OK
