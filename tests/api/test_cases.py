"""A case from the call to its closing, by program; and what a program may not bring about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shouwen.accounts.models import Disclosure
from shouwen.cases.actions.ringing import ring_due
from shouwen.cases.models import Case, Contact
from shouwen.cases.verbs import VERBS
from shouwen.followup.actions.following import follow
from shouwen.notify.actions import deliver
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.moments import SetClock

STUCK = "电梯困人，有人被困在里面，快来"


def test_a_registered_case_is_answered_with_number_owner_promises_and_what_closing_wants(
    desk: Caller,
) -> None:
    case = desk.registers()
    assert case["number"] == "S-CH-261119-001"
    assert (case["status"], case["kind"], case["owner"]["name"]) == ("registered", "repair", "李敏")
    assert case["customer"] == {
        "name": "王女士", "phone": "139 **** 0421", "address": "3栋2单元501", "unit": "3-2-501",
    }  # fmt: skip
    promise = case["commitments"][0]
    assert promise["due_at"]
    assert promise["clause"]
    assert promise["words"]
    assert {"id", "title", "clause", "done", "verb"} == set(case["closing"][0])
    assert case["version"] == 1


def test_a_case_goes_from_the_call_to_its_return_visit_by_program(
    integration: Callable[..., Caller], cast: Cast, clock: SetClock
) -> None:
    clock("2026-11-19 09:12", "周四")
    limin, chen = integration(cast.limin), integration(cast.chenjianguo)
    number = limin.registers(facts={"scope": "home", "repair_class": "small"}, ticks=["read-back"])[
        "number"
    ]
    assert limin.does(number, "dispatch", lead="CH-engineering")["status"] == "dispatched"
    assert chen.does(number, "accept")["assignee"] is None
    assert limin.does(number, "assign", to=cast.chenjianguo.number)["assignee"]["name"] == "陈建国"
    chen.does(number, "arrive")
    clock("2026-11-19 10:30", "周四")
    assert chen.does(number, "report-done", text="更换角阀，不漏了")["status"] == "done"
    now = clock("2026-11-19 10:40", "周四")
    fed = limin.does(number, "feed-back", text="已告知修好", result="satisfied")
    assert fed["status"] == "fed-back"
    follow(at=now)
    assert Case.objects.get(number=number).visits.exists()
    missing = [line["title"] for line in fed["closing"] if not line["done"]]
    answer = limin.post(f"/cases/{number}/close", {})
    assert (answer.status_code, answer.json()["status"]) == (
        (409, 409) if missing else (200, "closed")
    )


def test_every_verb_of_the_page_is_an_operation_but_the_lowering_of_urgency(
    desk: Caller,
) -> None:
    paths = desk.get("/openapi.json").json()["paths"]
    start = "/api/cases/{number}/"
    offered = {
        path.removeprefix(start): ways["post"]
        for path, ways in paths.items()
        if start in path and "来电与诉求" in ways.get("post", {}).get("tags", ())
    }  # the floors above bring operations of their own
    made = {"phone", "attachments"}  # for a case, not done to it
    assert offered.keys() - made == set(VERBS) - {"lower-urgency"}
    assert all(offered[name]["x-right"] == VERBS[name].right for name in offered.keys() - made)


def test_what_the_page_would_refuse_is_refused_with_its_sentence_and_its_clause(
    desk: Caller,
) -> None:
    number = desk.registers()["number"]
    answer = desk.post(f"/cases/{number}/accept", {})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["code"]
    assert told["type"] == f"urn:shouwen:{told['code']}"
    assert "派单" in told["detail"]


def test_nobody_accepts_for_a_department_that_is_not_his(
    integration: Callable[..., Caller], cast: Cast, desk: Caller
) -> None:
    number = desk.registers(facts={"scope": "home", "repair_class": "small"}, ticks=["read-back"])[
        "number"
    ]
    desk.does(number, "dispatch", lead="CH-engineering", assist=["CH-environment"])
    engineer = integration(cast.chenjianguo)
    answer = engineer.post(f"/cases/{number}/accept", {"department": "CH-environment"})
    assert answer.status_code == 403
    assert engineer.post(f"/cases/{number}/accept", {}).status_code == 200


def test_a_contact_may_be_answered_at_once_and_another_may_open_a_second_case(
    desk: Caller,
) -> None:
    said = {"project": "CH", "text": "问游泳池开放时间", "answer": "六月至九月，每天 9 至 21 点"}
    answered = desk.post("/contacts", said)
    assert answered.status_code == 201
    contact = answered.json()
    assert contact["answer"] == said["answer"]
    assert contact["cases"] == []
    more = desk.post(f"/contacts/{contact['number']}/cases", {"text": "另外大堂灯不亮"})
    assert more.status_code == 201
    assert more.json()["contact"] == contact["number"]
    again = desk.get(f"/contacts/{contact['number']}").json()
    assert again["cases"] == [more.json()["number"]]


def test_a_photo_hangs_on_a_note_of_the_journal_and_comes_back_as_it_was(desk: Caller) -> None:
    number = desk.registers()["number"]
    paper = SimpleUploadedFile("说明.txt", "楼上 601 空调外机滴水".encode(), "text/plain")
    sent = desk.client.post(
        f"/api/cases/{number}/attachments", {"file": paper, "text": "业主写的说明"},
        headers={"Authorization": f"Bearer {desk.token}"},
    )  # fmt: skip
    if sent.status_code == 409:  # plain text is not among the kinds that the desk takes
        assert "不能上传" in sent.json()["detail"]
        pdf = SimpleUploadedFile("说明.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n", "application/pdf")
        sent = desk.client.post(
            f"/api/cases/{number}/attachments", {"file": pdf, "text": "业主写的说明"},
            headers={"Authorization": f"Bearer {desk.token}"},
        )  # fmt: skip
    assert sent.status_code == 201, sent.content.decode()
    listed = desk.get(f"/cases/{number}/attachments").json()["items"]
    assert [file["id"] for file in listed] == [sent.json()["id"]]
    entries = desk.get(f"/cases/{number}/journal").json()["items"]
    assert entries[-1]["verb"] == "noted"
    assert entries[-1]["data"]["text"] == "业主写的说明"
    content = b"".join(desk.get(f"/attachments/{listed[0]['id']}").streaming_content)
    assert len(content) == listed[0]["size"]


def test_a_phone_number_is_masked_everywhere_until_it_is_asked_for(
    desk: Caller, cast: Cast
) -> None:
    case = desk.registers()
    number = case["number"]
    for path in (f"/cases/{number}", f"/cases/{number}/journal", f"/contacts/{case['contact']}",
                 "/cases", "/contacts", "/commitments"):  # fmt: skip
        assert "13900000421" not in desk.get(path).content.decode(), path
    assert not Disclosure.objects.exists()
    assert desk.post(f"/cases/{number}/phone").json() == {"phone": "13900000421"}
    found = Disclosure.objects.get()
    assert (found.staff, found.record, found.project) == (cast.limin, "case", cast.cuihu)


# --- Urgency --------------------------------------------------------------------------------------


@pytest.mark.peers("T29")
def test_an_emergency_of_the_residents_app_gets_the_emergency_target_on_the_server(
    integration: Callable[..., Caller], cast: Cast, clock: SetClock
) -> None:
    """Whatever the app thought of it: the words decide, and the worker rings within minutes."""
    registered = clock("2026-11-21 23:50", "周六")
    app = integration(cast.limin, rights=["contact.register"], unit=cast.cuihu)
    case = app.registers(STUCK, urgent=False, source="phone", facts={"kind": "facility"})
    assert case["urgent"] is True
    assert case["facts"]["urgent"] is True
    urgent = [row for row in case["commitments"] if row["urgent"]]
    first = min(datetime.fromisoformat(row["due_at"]) for row in urgent if row["due_at"])
    assert (first - registered).total_seconds() <= 30 * 60, first
    late = clock("2026-11-22 00:45", "周日")
    assert ring_due(at=late) > 0
    assert deliver(at=late) > 0, "an emergency does not wait for working time"


@pytest.mark.peers("T29")
def test_an_integration_cannot_lower_the_urgency_by_any_way_there_is(desk: Caller) -> None:
    for chosen in ({"urgent": False}, {"urgent": False, "facts": {"kind": "facility"}}):
        assert desk.registers(STUCK, **chosen)["urgent"] is True
    refused = desk.post("/cases", {"project": "CH", "text": STUCK, "facts": {"urgent": "false"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "unknown-axis")
    number = desk.registers(STUCK)["number"]
    assert desk.post(f"/cases/{number}/lower-urgency", {"reason": "不急"}).status_code == 404
    facts = desk.post(f"/cases/{number}/classify", {"facts": {"urgent": "x"}}, if_match="*")
    assert facts.status_code == 409
    assert desk.post(f"/cases/{number}/mark-urgent", {"urgent": False}).status_code == 422


def test_an_integration_may_raise_the_urgency_of_harmless_words(desk: Caller) -> None:
    assert desk.registers("想问一下装修流程")["urgent"] is False
    assert desk.registers("想问一下装修流程", urgent=True)["urgent"] is True


# --- What was told --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"facts": {"kind": "nonsense"}}, "unknown-value"),
        ({"facts": {"colour": "red"}}, "unknown-axis"),
        ({"source": "pigeon"}, "unknown-value"),
        ({"text": "  "}, "empty-text"),
        ({"happened": "2026-11-19T10:00:00+08:00"}, "in-the-future"),
    ],
)
def test_what_the_regulation_does_not_know_is_not_taken_in(
    desk: Caller, said: dict[str, Any], code: str
) -> None:
    answer = desk.post("/cases", {"project": "CH", "text": "灯不亮", **said})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert not Contact.objects.exists()


def test_an_axis_that_wants_an_opinion_or_a_certain_post_is_not_set_by_registering(
    desk: Caller,
) -> None:
    answer = desk.post(
        "/cases", {"project": "CH", "text": "投诉保安", "facts": {"validity": "invalid"}}
    )
    assert answer.status_code == 409
    assert answer.json()["code"] in ("not-at-opening", "unknown-axis")


def test_lists_are_narrowed_by_status_kind_words_and_change(desk: Caller, clock: SetClock) -> None:
    leak = desk.registers()["number"]
    noise = desk.registers("楼上中午一直用电钻", facts={"kind": "complaint"})["number"]
    clock("2026-11-19 11:00", "周四")
    desk.does(leak, "note", text="已预约下午")

    def found(**query: Any) -> list[str]:
        return [case["number"] for case in desk.get("/cases", query).json()["items"]]

    assert found() == [noise, leak]
    assert found(project="CH", status="registered", open="true") == [noise, leak]
    assert found(open="false") == []
    assert found(kind="repair") == [leak]
    assert found(q="电钻") == [noise]
    assert found(updated="2026-11-19T10:00:00+08:00") == [leak]
    assert found(since="2026-11-19T10:00:00+08:00") == []
    assert set(found(order="due")) == {leak, noise}
