"""Forms through the API: the same fields, the same checks, the same masks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.actions import issue_token
from shouwen.accounts.models import Staff
from shouwen.registers.models import Record
from tests.cast import FOUNDED
from tests.registers.conftest import CONTACT, Clerk


@pytest.fixture
def call(clerk: Clerk, client: Client, clock: Callable[..., datetime]) -> Callable[..., Any]:
    """`call(cast.limin, "get", "/records")`"""
    clock("2026-11-24 12:00", "周二")

    def said(who: Staff, method: str, address: str, body: Any = None) -> Any:
        rights = ["case.view", "contact.register", "case.rule"]
        token = issue_token(name="走", staff=who, unit=clerk.cast.cuihu, rights=rights, at=FOUNDED)
        headers = {"Authorization": f"Bearer {token}"}
        if method == "post":
            headers["Idempotency-Key"] = f"k-{address}-{who.number}-{body}"[:60]
        send = getattr(client, method)
        return send(f"/api{address}", body, content_type="application/json", headers=headers)

    return said


def test_the_forms_of_a_project_are_told_with_their_fields(
    clerk: Clerk, call: Callable[..., Any]
) -> None:
    told = call(clerk.cast.limin, "get", "/forms", {"project": "CH"}).json()["items"]
    contact = next(form for form in told if form["id"] == "contact-sheet")
    assert contact["signatures"] == ["业主"]
    family = next(one for one in contact["fields"] if one["id"] == "family")
    assert [column["title"] for column in family["columns"]] == ["姓名", "关系", "电话"]


def test_a_form_is_filled_through_the_api_and_its_numbers_come_back_masked(
    clerk: Clerk, call: Callable[..., Any]
) -> None:
    wish = {"project": "CH", "form": "contact-sheet", "values": CONTACT}
    made = call(clerk.cast.limin, "post", "/records", wish).json()
    assert made["state"] == "filled"
    assert made["values"]["phone"] == "139 **** 0421"
    assert made["values"]["family"][0]["phone"] == "139 **** 0423"
    assert Record.objects.get().values["phone"] == "13900000421"
    listed = call(clerk.cast.limin, "get", "/records", {"form": "contact-sheet"}).json()
    assert [row["number"] for row in listed["items"]] == [made["number"]]


def test_what_is_wrong_is_said_with_its_field(clerk: Clerk, call: Callable[..., Any]) -> None:
    values = {**CONTACT, "on": "morgen"}
    wish = {"project": "CH", "form": "contact-sheet", "values": values}
    refused = call(clerk.cast.limin, "post", "/records", wish)
    assert refused.status_code == 409
    assert "日期" in refused.content.decode()
    assert not Record.objects.exists()


def test_a_manager_signs_and_strikes_out_through_the_api(
    clerk: Clerk, call: Callable[..., Any]
) -> None:
    record = clerk.begins("work-diary", on="2026-11-24", staff="0003", result="整齐")
    address = f"/records/{record.number}"
    signed = call(clerk.cast.zhoumin, "post", f"{address}/sign", {"place": "检查人"}).json()
    assert (signed["state"], signed["signatures"][0]["name"]) == ("signed", "周敏")
    gone = call(clerk.cast.zhoumin, "post", f"{address}/void", {"text": "重复"}).json()
    assert gone["state"] == "void"
