"""Signing in, staying in, and being put out."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from shouwen import clock as real_clock
from shouwen.accounts.actions import deactivate, reset_password
from shouwen.accounts.models import Staff
from tests.cast import PASSWORD, Cast

WRONG = "不是这个密码"
NEW = "桂花-又开-第二年了"
SignIn = Callable[[Client, Staff], Client]
Clock = Callable[..., datetime]


def attempt(client: Client, name: str, password: str, address: str = "127.0.0.1") -> Any:
    data = {"username": name, "password": password}
    return client.post("/sign-in", data, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return client.get("/password").status_code == HTTPStatus.OK


def test_who_is_not_signed_in_is_asked_to_and_then_gets_the_page_asked_for(
    cast: Cast, client: Client
) -> None:
    asked = client.get("/organisation?after=/1/")
    assert asked.headers["Location"].startswith("/sign-in?next=")
    answer = client.post(asked.headers["Location"], {"username": "limin", "password": PASSWORD})
    assert answer.headers["Location"] == "/organisation?after=/1/"
    assert is_in(client)


@pytest.mark.parametrize(
    "page", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(cast: Cast, client: Client, page: str) -> None:
    data = {"username": "limin", "password": PASSWORD}
    assert client.post("/sign-in", data, query_params={"next": page}).headers["Location"] == "/"


@pytest.mark.parametrize("name", ["LiMin", " limin ", "ＬＩＭＩＮ"])
def test_case_width_and_spaces_of_a_name_do_not_matter(
    cast: Cast, client: Client, name: str
) -> None:
    attempt(client, name, PASSWORD)
    assert is_in(client)


def test_an_unknown_name_a_wrong_password_and_a_leaver_get_the_same_answer(
    cast: Cast, client: Client, clock: Clock
) -> None:
    deactivate(staff=cast.wangfang, at=clock("2026-11-19 09:00", "周四"))
    tries = (("nobody", WRONG), ("limin", WRONG), ("wangfang", PASSWORD), ("wangfang", WRONG))
    answers = {_bare(attempt(client, name, password), name) for name, password in tries}
    assert len(answers) == 1
    assert "登录名或密码不对" in answers.pop()


def _bare(answer: Any, name: str) -> str:
    """The page without what differs from request to request: the CSRF token and the name typed."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.content.decode()).replace(name, "")


def test_five_failures_lock_the_name_from_that_address_and_say_until_when(
    cast: Cast, client: Client, clock: Clock
) -> None:
    clock("2026-11-19 09:00", "周四")
    for _ in range(4):
        assert "登录名或密码不对" in attempt(client, "limin", WRONG).content.decode()
    locked = attempt(client, "limin", WRONG)
    assert locked.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "09:15" in locked.content.decode()
    assert attempt(client, "limin", PASSWORD).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert not is_in(client)


def test_spelling_the_name_another_way_gives_no_further_guesses(cast: Cast, client: Client) -> None:
    names = ("limin", "LIMIN", "LiMin", " limin", "ｌimin")
    statuses = [attempt(client, name, WRONG).status_code for name in names]
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_a_name_that_does_not_exist_locks_alike(cast: Cast, client: Client) -> None:
    statuses = [attempt(client, "nobody", WRONG).status_code for _ in range(5)]
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_a_guesser_elsewhere_does_not_lock_a_clerk_out(cast: Cast, client: Client) -> None:
    for _ in range(6):
        attempt(Client(), "limin", WRONG, address="203.0.113.9")
    attempt(client, "limin", PASSWORD)
    assert is_in(client)


def test_who_is_deactivated_is_out_at_the_next_request(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, cast.limin)
    assert is_in(client)
    deactivate(staff=cast.limin, at=real_clock.now())
    assert client.get("/password").headers["Location"].startswith("/sign-in")
    assert "_auth_user_id" not in client.session


def test_whose_password_is_reset_is_out_everywhere_and_must_choose_another(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, cast.limin)
    secret = reset_password(staff=Staff.objects.get(pk=cast.limin.pk))
    assert not is_in(client)
    attempt(client, "limin", secret)
    assert client.get("/organisation").headers["Location"] == "/password"
    new = {"old": secret, "new": NEW, "again": NEW}
    assert client.post("/password", {**new, "new": secret, "again": secret}).status_code == 422
    assert client.post("/password", new).headers["Location"] == "/"
    assert client.get("/organisation").status_code == HTTPStatus.OK


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    phone = sign_in(Client(), cast.limin)
    sign_in(client, cast.limin)
    client.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert is_in(client)
    assert not is_in(phone)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"old": WRONG, "new": NEW, "again": NEW}, "现在的密码不对"),
        ({"old": PASSWORD, "new": NEW, "again": PASSWORD}, "不一样"),
        ({"old": PASSWORD, "new": "1234567890", "again": "1234567890"}, "太常见"),
        ({"old": PASSWORD, "new": "短", "again": "短"}, "至少要 10 个字符"),
    ],
)
def test_a_bad_new_password_is_refused_with_a_reason(
    cast: Cast, client: Client, sign_in: SignIn, data: dict[str, str], sentence: str
) -> None:
    answer = sign_in(client, cast.limin).post("/password", data)
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors)


def test_who_does_nothing_for_too_long_signs_in_again(
    cast: Cast, client: Client, clock: Clock, sign_in: SignIn
) -> None:
    start = clock("2026-11-19 08:00", "周四")
    sign_in(client, cast.limin)
    assert is_in(client)
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for at in (start + idle, start + 2 * idle):
        with real_clock.set_to(at):
            assert is_in(client), "used in time, so still in"
    with real_clock.set_to(start + 3 * idle + timedelta(seconds=1)):
        assert not is_in(client)


def test_a_page_left_open_that_counts_the_inbox_keeps_nobody_signed_in(
    cast: Cast, client: Client, clock: Clock, sign_in: SignIn
) -> None:
    start = clock("2026-11-19 08:00", "周四")
    sign_in(client, cast.limin)
    assert is_in(client)
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with real_clock.set_to(start + idle):
        client.get("/password", headers={"HX-Request": "true", "HX-Trigger": "inbox-count"})
    with real_clock.set_to(start + idle + timedelta(minutes=2)):
        assert not is_in(client)


def test_signing_out_empties_what_the_browser_stored(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, cast.limin)
    assert client.get("/sign-out").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not is_in(client)


def test_no_page_behind_the_sign_in_is_stored_by_the_browser(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, cast.limin)
    for page in ("/organisation", "/password", "/tokens", "/there-is-no-such-page"):
        assert client.get(page).headers["Cache-Control"] == "no-store", page


def test_a_fragment_asked_for_after_the_session_ended_sends_the_page_to_sign_in(
    cast: Cast, client: Client
) -> None:
    page = "http://testserver/organisation?after=/1/"
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    answer = client.get("/organisation/1", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Forganisation%3Fafter%3D%2F1%2F"


def test_a_form_sent_after_the_session_ended_leads_back_to_the_page_it_stood_on(
    cast: Cast, client: Client
) -> None:
    referer = {"Referer": "http://testserver/organisation"}
    assert (
        client.post("/projects/1/choose", headers=referer)
        .headers["Location"]
        .endswith("next=%2Forganisation")
    )
    assert client.post("/projects/1/choose").headers["Location"].endswith("next=%2F")


@pytest.mark.parametrize("path", ["/", "/organisation", "/there-is-no-such-page", "/apiary"])
def test_without_signing_in_there_is_nothing_but_the_sign_in(
    cast: Cast, client: Client, path: str
) -> None:
    assert client.get(path).headers["Location"].startswith("/sign-in?next=")
