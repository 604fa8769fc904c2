"""The same request sent twice does one thing; a version seen is kept; pages stay whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.live_server_helper import LiveServer

from shouwen.cases.actions.once import purge_done
from shouwen.cases.models import Attachment, Case, Contact, Done, JournalEntry
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.moments import SetClock

LAMP = {"project": "CH", "text": "大堂灯不亮"}


# --- Idempotency ----------------------------------------------------------------------------------


def test_the_same_key_with_the_same_content_registers_once_and_answers_alike(desk: Caller) -> None:
    first = desk.post("/cases", LAMP, idempotency_key="a-1")
    again = desk.post("/cases", LAMP, idempotency_key="a-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]
    assert Case.objects.count() == Contact.objects.count() == 1


def test_without_a_key_the_same_content_twice_is_two_matters(desk: Caller) -> None:
    numbers = {desk.post("/cases", LAMP).json()["number"] for _ in range(2)}
    assert len(numbers) == 2


def test_the_same_key_with_other_content_or_at_another_address_is_an_error(desk: Caller) -> None:
    number = desk.post("/cases", LAMP, idempotency_key="a-1").json()["number"]
    for path, body in (
        ("/cases", {**LAMP, "text": "电梯异响"}),
        (f"/cases/{number}/note", {"text": "大堂灯不亮"}),
    ):
        answer = desk.post(path, body, idempotency_key="a-1")
        assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
    assert JournalEntry.objects.count() == 1


def test_a_key_belongs_to_its_token(
    desk: Caller, integration: Callable[..., Caller], cast: Cast
) -> None:
    desk.post("/cases", LAMP, idempotency_key="a-1")
    other = integration(cast.wangfang).post("/cases", LAMP, idempotency_key="a-1")
    assert other.status_code == 201
    assert other.json()["owner"]["name"] == "王芳"


def test_a_verb_sent_again_after_it_changed_the_case_is_not_a_lost_update(desk: Caller) -> None:
    number = desk.registers()["number"]
    send = {"if_match": '"1"', "idempotency_key": "n-1"}
    first = desk.post(f"/cases/{number}/note", {"text": "已预约"}, **send)
    again = desk.post(f"/cases/{number}/note", {"text": "已预约"}, **send)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert Case.objects.get().version == 2


def test_a_file_sent_twice_hangs_there_once(desk: Caller) -> None:
    contact = desk.registers()["contact"]

    def send(content: bytes) -> Any:
        return desk.client.post(
            f"/api/contacts/{contact}/attachments",
            {"file": SimpleUploadedFile("来信.pdf", content, "application/pdf")},
            headers={"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "f-1"},
        )

    letter = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
    assert [send(letter).status_code for _ in range(2)] == [201, 201]
    assert send(letter + b"more").status_code == 422
    assert Attachment.objects.count() == 1


def test_what_was_refused_leaves_its_key_free(desk: Caller) -> None:
    number = desk.registers()["number"]
    refused = desk.post(f"/cases/{number}/resume", {}, idempotency_key="r-1")
    assert refused.status_code == 409
    noted = desk.post(f"/cases/{number}/note", {"text": "看过"}, idempotency_key="r-1")
    assert noted.status_code == 200


@pytest.mark.parametrize(
    ("day", "weekday", "cases"), [("2027-02-16", "周二", 1), ("2027-02-18", "周四", 2)]
)
def test_a_key_is_kept_for_ninety_days(
    desk: Caller, clock: SetClock, day: str, weekday: str, cases: int
) -> None:
    """89 days after the 19th of November it is known, after 91 it is forgotten."""
    desk.post("/cases", LAMP, idempotency_key="a-1")
    later = clock(f"{day} 09:12", weekday)
    assert purge_done(later) == cases - 1
    assert desk.post("/cases", LAMP, idempotency_key="a-1").status_code == 201
    assert Case.objects.count() == cases


def test_a_key_that_is_longer_than_a_name_is_refused(desk: Caller) -> None:
    answer = desk.post("/cases", LAMP, idempotency_key="k" * 201)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-key")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_from_many_phones_at_once_does_one_thing(
    transactional_db: None, live_server: LiveServer, integration: Callable[..., Caller], cast: Cast
) -> None:
    """Really at once: threads, a real server, rows that are really committed."""
    token = integration(cast.limin).token

    def send(n: int) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"Bearer {token}", "Content-Type": "application/json",
            "Idempotency-Key": f"same-{n % 3}",
        }  # fmt: skip
        body = json.dumps({**LAMP, "text": f"大堂第 {n % 3} 盏灯不亮"}).encode()
        with urlopen(Request(f"{live_server.url}/api/cases", body, headers)) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read()

    with ThreadPoolExecutor(6) as phones:
        answers = list(phones.map(send, range(12)))
    assert {status for status, _ in answers} == {201}
    assert len({body for _, body in answers}) == 3
    assert Case.objects.count() == Contact.objects.count() == Done.objects.count() == 3


# --- Versions -------------------------------------------------------------------------------------


def test_who_did_not_see_the_last_change_is_told_so_and_changes_nothing(desk: Caller) -> None:
    number = desk.registers()["number"]
    seen = desk.get(f"/cases/{number}").headers["ETag"]
    assert seen == '"1"'
    desk.does(number, "note", text="业主改口了")
    late = desk.post(f"/cases/{number}/note", {"text": "按原样办"}, if_match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")
    assert late.json()["version"] == 2
    assert late.headers["ETag"] == '"2"'
    assert Case.objects.get().version == 2
    now = desk.post(f"/cases/{number}/note", {"text": "按新的办"}, if_match=late.headers["ETag"])
    assert (now.status_code, now.headers["ETag"]) == (200, '"3"')


@pytest.mark.parametrize("never_given", ["1", 'W/"1"', '"x"', '"１"', '"1", "2"', '"01"'])
def test_a_version_that_we_never_gave_matches_nothing(desk: Caller, never_given: str) -> None:
    number = desk.registers()["number"]
    headers = {"if_match": never_given.encode().decode("latin-1")}
    assert desk.post(f"/cases/{number}/note", {"text": "看过"}, **headers).status_code == 412


def test_a_version_is_not_sent_again_to_who_has_it(desk: Caller) -> None:
    number = desk.registers()["number"]
    known = desk.get(f"/cases/{number}", if_none_match='"0", "1"')
    assert (known.status_code, known.content) == (304, b"")
    desk.does(number, "note", text="变了")
    assert desk.get(f"/cases/{number}", if_none_match='"1"').status_code == 200


def test_classifying_wants_to_know_what_was_seen(desk: Caller) -> None:
    case = desk.registers()
    blind = desk.post(f"/cases/{case['number']}/classify", {"facts": {"kind": "facility"}})
    assert (blind.status_code, blind.json()["code"]) == (428, "version-wanted")
    seen = {"if_match": f'"{case["version"]}"'}
    done = desk.post(f"/cases/{case['number']}/classify", {"facts": {"kind": "facility"}}, **seen)
    assert (done.status_code, done.json()["kind"]) == (200, "facility")


# --- Pages ----------------------------------------------------------------------------------------


def test_pages_hold_everything_once_while_new_cases_come_in(desk: Caller, clock: SetClock) -> None:
    before = []
    for minute in range(7):
        clock(f"2026-11-19 09:{10 + minute // 2}", "周四")  # pairs share a minute, and a moment
        before.append(desk.registers(f"第 {minute} 件")["number"])
    read: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = desk.get("/cases", {"limit": 2, "cursor": cursor}).json()
        read += [case["number"] for case in page["items"]]
        cursor = page["next"]
        clock("2026-11-19 10:00", "周四")
        desk.registers("新来的")
    assert read == before[::-1]


@pytest.mark.parametrize("path", ["/cases", "/contacts", "/commitments", "/visits", "/notices"])
def test_a_cursor_of_another_list_or_of_nobody_is_refused(desk: Caller, path: str) -> None:
    for text in ("灯不亮", "门坏了"):
        desk.registers(text)
    other = "/contacts" if path != "/contacts" else "/cases"
    foreign = desk.get(other, {"limit": 1}).json()["next"]
    if (path, other) == ("/notices", "/contacts"):
        foreign = "both lists go by `at`"
    for cursor in (foreign, "x", "x:y:z", "令牌"):
        answer = desk.get(path, {"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad-cursor"), cursor


def test_every_page_is_read_with_a_bounded_number_of_questions(
    desk: Caller, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        desk.registers(f"第 {n} 件，天花板滴水")
    for path in ("/cases", "/contacts", "/commitments"):
        with django_assert_max_num_queries(6):
            items = desk.get(path, {"limit": 200}).json()["items"]
        assert len(items) >= 12


# --- Problems -------------------------------------------------------------------------------------


def test_every_field_at_fault_is_named_in_chinese(desk: Caller) -> None:
    body = {"text": 5, "urgent": "no", "colour": "red", "happened": "2026-11-19T09:00:00"}
    answer = desk.post("/cases", body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    faults = {fault["field"]: fault["detail"] for fault in answer.json()["errors"]}
    assert faults == {
        "project": "必填", "text": "要是文字", "urgent": "要是 true 或 false",
        "colour": "没有这一项", "happened": "时间要带时区，如 2026-11-19T09:12:00+08:00",
    }  # fmt: skip


def test_a_filter_with_a_slip_of_the_pen_does_not_list_everything(desk: Caller) -> None:
    answer = desk.get("/cases", {"proect": "CH"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "proect")


def test_a_filter_that_is_said_twice_is_refused_and_not_half_heard(desk: Caller) -> None:
    answer = desk.get("/matters", {"owed_by": ["CH", "XH"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "owed_by")


def test_what_is_no_json_what_is_nowhere_and_what_is_too_long_are_problems_too(
    desk: Caller,
) -> None:
    headers = {"Authorization": f"Bearer {desk.token}"}
    broken = desk.client.post("/api/cases", "{", "application/json", headers=headers)
    huge = desk.client.post("/api/cases", "x" * 3_000_000, "application/json", headers=headers)
    deep = desk.client.post("/api/cases", "[" * 100_000, "application/json", headers=headers)
    answers = [broken, desk.get("/nowhere"), desk.post("/cases/1/lower"), huge, deep]
    assert [answer.status_code for answer in answers] == [400, 404, 404, 413, 400]
    assert all(a.headers["Content-Type"] == "application/problem+json" for a in answers)


def test_a_bug_of_ours_says_nothing_of_our_insides(
    desk: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def falls_over(*args: object, **named: object) -> None:
        raise ZeroDivisionError("secret insides")

    monkeypatch.setattr("shouwen.cases.api.intake.footing", falls_over)
    answer = desk.post("/cases", LAMP)
    assert answer.status_code == 500
    assert answer.json()["code"] == "broken"
    assert "insides" not in answer.content.decode()
    assert "secret insides" in caplog.text
