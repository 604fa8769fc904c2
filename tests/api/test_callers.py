"""Tokens: whom they stand for, what they reach, and when they open nothing any more."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from shouwen.accounts.actions import deactivate, revoke_token
from shouwen.accounts.models import ApiToken
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.followup.models import Visit
from shouwen.notify.actions import deliver
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.moments import SetClock

OWN = ("/cases", "/contacts", "/commitments", "/visits", "/notices", "/projects")


def test_without_a_token_or_with_a_wrong_one_nothing_is_told(now: datetime, cast: Cast) -> None:
    for token in ("", "sw_made-up", "令牌"):
        answer = Caller(token, Client()).get("/cases")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "no-token"


def test_a_session_of_the_pages_opens_nothing_here(
    now: datetime, cast: Cast, sign_in: Callable[..., object]
) -> None:
    client = Client()
    sign_in(client, cast.limin)
    assert client.get("/api/cases").status_code == 401


def test_a_revoked_token_refuses_at_once(desk: Caller, now: datetime) -> None:
    assert desk.get("/cases").status_code == 200
    revoke_token(token=ApiToken.objects.get(), at=now)
    assert desk.get("/cases").status_code == 401
    assert desk.post("/cases", {"project": "CH", "text": "灯不亮"}).status_code == 401


def test_a_token_ends_on_its_day(
    integration: Callable[..., Caller], cast: Cast, clock: SetClock
) -> None:
    ends = clock("2026-11-19 12:00", "周四")
    clock("2026-11-19 11:59", "周四")
    caller = integration(cast.limin, expires_at=ends)
    assert caller.get("/cases").status_code == 200
    clock("2026-11-19 12:00", "周四")
    assert caller.get("/cases").status_code == 401


def test_who_leaves_takes_the_tokens_in_his_name_with_him(
    desk: Caller, cast: Cast, now: datetime
) -> None:
    deactivate(staff=cast.limin, at=now)
    assert desk.get("/cases").status_code == 401


def test_a_deactivated_member_of_staff_opens_nothing_even_if_the_token_was_not_revoked(
    desk: Caller, cast: Cast
) -> None:
    cast.limin.is_active = False
    cast.limin.save()
    assert desk.get("/cases").status_code == 401


def test_the_last_use_is_written_at_most_once_a_minute(desk: Caller, clock: SetClock) -> None:
    first = clock("2026-11-19 09:12:00", "周四")
    desk.get("/projects")
    clock("2026-11-19 09:12:59", "周四")
    desk.get("/projects")
    assert ApiToken.objects.get().last_used_at == first
    later = clock("2026-11-19 09:13:00", "周四")
    desk.get("/projects")
    assert ApiToken.objects.get().last_used_at == later


def test_another_projects_record_and_one_that_never_was_are_refused_in_equal_bytes(
    desk: Caller, integration: Callable[..., Caller], cast: Cast
) -> None:
    theirs = integration(cast.jiangnan_clerk).registers(project="JN", address="", phone="", name="")
    number, contact = theirs["number"], theirs["contact"]
    promised = [
        (f"/cases/{number}", "/cases/S-CH-261119-999"),
        (f"/cases/{number}/journal", "/cases/S-CH-261119-999/journal"),
        (f"/cases/{number}/attachments", "/cases/S-CH-261119-999/attachments"),
        (f"/contacts/{contact}", "/contacts/L-CH-261119-999"),
        (f"/units/{cast.elsewhere.pk}", "/units/99999999"),
        ("/projects/JN/departments", "/projects/XX/departments"),
    ]
    for forbidden, unknown in promised:
        one, other = desk.get(forbidden), desk.get(unknown)
        assert one.status_code == other.status_code == 404, forbidden
        assert one.content == other.content
    for verb, body in (("note", {"text": "看看"}), ("phone", {}), ("close", {})):
        one = desk.post(f"/cases/{number}/{verb}", body)
        other = desk.post(f"/cases/S-CH-261119-999/{verb}", body)
        assert one.status_code == other.status_code == 404, verb
        assert one.content == other.content


def test_lists_and_searches_hold_nothing_of_another_project(
    desk: Caller, integration: Callable[..., Caller], cast: Cast
) -> None:
    integration(cast.jiangnan_clerk).registers("江南里车库积水", project="JN", address="", phone="")
    assert all(desk.get(path).json()["items"] == [] for path in OWN if path != "/projects")
    assert desk.get("/cases", {"q": "车库"}).json()["items"] == []
    assert [row["code"] for row in desk.get("/projects").json()["items"]] == ["CH"]


def test_a_project_that_is_not_ours_and_one_that_never_was_cannot_be_registered_in(
    desk: Caller,
) -> None:
    answers = [desk.post("/cases", {"project": code, "text": "灯不亮"}) for code in ("JN", "XX")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["errors"][0]["field"] == "project"


def test_a_token_does_only_what_it_was_given(
    desk: Caller, integration: Callable[..., Caller], cast: Cast
) -> None:
    number = desk.registers()["number"]
    reader = integration(cast.limin, rights=["case.view"])
    assert reader.get(f"/cases/{number}").status_code == 200
    for path, body in (
        ("/cases", {"project": "CH", "text": "灯不亮"}),
        (f"/cases/{number}/note", {"text": "看过"}),
        (f"/cases/{number}/phone", {}),
    ):
        assert reader.post(path, body).status_code in (403, 422), path
    writer = integration(cast.limin, rights=["contact.register"])
    assert writer.registers()["status"] == "registered"
    assert writer.get("/cases").status_code == 403
    assert writer.get(f"/cases/{number}").status_code == 404


def test_a_token_of_one_project_does_not_see_what_its_owner_holds_in_another(
    integration: Callable[..., Caller], cast: Cast, now: datetime
) -> None:
    """冯娟 answers for the whole company and owns what she hears; her token for 金桂苑 does not."""
    here = register(
        project=cast.cuihu, told=Told(text="天花板滴水"), by=scope_of(cast.fengjuan, now), at=now
    )
    deliver(at=now)
    narrow = integration(cast.fengjuan, unit=cast.jingui)
    assert narrow.get(f"/cases/{here.number}").status_code == 404
    assert narrow.get(f"/contacts/{here.contact.number}").status_code == 404
    assert all(narrow.get(path).json()["items"] == [] for path in OWN if path != "/projects")
    whole = integration(cast.fengjuan)
    assert whole.get(f"/cases/{here.number}").status_code == 200


def test_return_visits_of_another_project_are_not_found(
    desk: Caller, integration: Callable[..., Caller], cast: Cast, now: datetime
) -> None:
    mine = register(
        project=cast.jiangnan,
        told=Told(text="灯不亮"),
        by=scope_of(cast.jiangnan_clerk, now),
        at=now,
    )
    visit = Visit.objects.create(
        case=mine, project=mine.project, company=mine.company, group=mine.group, round=1,
        rule="complaint", regulation="customer-communication", title="回访", kind="complaint",
        draw=0, rate=1, target=1, state="planned", after_at=now, not_before=now,
        due_at=now + timedelta(days=3),
    )  # fmt: skip
    one, other = desk.get(f"/visits/{visit.pk}"), desk.get("/visits/987654321")
    assert (one.status_code, one.content) == (404, other.content)
    said = {"outcome": "no-answer"}
    one = desk.post(f"/visits/{visit.pk}/attempt", said)
    assert (one.status_code, one.content) == (
        404, desk.post("/visits/987654321/attempt", said).content,
    )  # fmt: skip
    theirs = integration(cast.jiangnan_clerk)
    assert theirs.get(f"/visits/{visit.pk}").json()["case"] == mine.number


@pytest.mark.parametrize("path", ["/cases", "/units?project=CH&q=3-2-501", "/customers?q=王女士"])
def test_reading_needs_the_right_to_read(
    integration: Callable[..., Caller], cast: Cast, now: datetime, path: str
) -> None:
    nothing = integration(cast.limin, rights=["contact.register"])
    assert nothing.get(path).status_code in (403, 422)
    assert integration(cast.limin).get(path).status_code == 200
