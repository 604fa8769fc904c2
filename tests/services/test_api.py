"""The services for other programs: the catalogue, an order to its result, mail at the gate."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.actions import issue_token
from shouwen.accounts.rights import RIGHTS
from tests.cast import LONG_AGO, Cast
from tests.services.conftest import S2, Desk


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-20 10:00", "周五")


@pytest.fixture
def ask(desk: Desk, cast: Cast) -> Callable[..., Any]:
    """`ask("/parcels", room=…)`: as 李敏 by a token; without a body it reads."""
    desk.adopts(S2)
    token = issue_token(
        name="门岗", staff=cast.limin, unit=cast.cuihu, rights=list(RIGHTS), at=LONG_AGO
    )
    client, keys = Client(), iter(range(1000))

    def asked(address: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{next(keys)}"}
        if not body:
            return client.get(f"/api{address}", headers=headers).json()
        sent = json.dumps(body)
        answer = client.post(
            f"/api{address}", sent, content_type="application/json", headers=headers
        )
        return answer.json()

    return asked


def test_a_service_is_ordered_begun_and_settled(desk: Desk, ask: Callable[..., Any]) -> None:
    catalogue = ask("/service-items")["items"]
    taxi = next(item for item in catalogue if item["code"] == "09")
    assert (len(catalogue), taxi["results"]) == (25, ["已叫到", "未叫到"])
    case = desk.hears("叫车")
    details = {"pickup_at": "2026-11-20T11:00:00+08:00", "place": "南门", "destination": "火车站"}
    made = ask(f"/cases/{case.number}/service-orders", item="09", details=details)
    assert (made["state"], made["price"]) == ("confirmed", "0.00")
    address = f"/service-orders/{made['number']}"
    assert ask(f"{address}/start", happened=None)["state"] == "started"
    done = ask(f"{address}/finish", result="已叫到", told_to="王女士")
    assert (done["state"], done["result"]) == ("done", "已叫到")
    assert [row["number"] for row in ask("/service-orders")["items"]] == [made["number"]]
    wrong = ask(f"/cases/{case.number}/service-orders", item="09", details={"pickup_at": "明天"})
    assert wrong["code"]


def test_a_machine_at_the_gate_registers_mail(ask: Callable[..., Any]) -> None:
    came = ask("/parcels", project="CH", room="3栋2单元501", carrier="顺丰", tracking="SF1")
    assert came["room"]
    assert ask(f"/parcels/{came['number']}/notify", how="message")["notified_at"]
    assert [row["number"] for row in ask("/parcels")["items"]] == [came["number"]]
