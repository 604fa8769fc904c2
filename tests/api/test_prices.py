"""Prices and quotations by program."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.conftest import Caller
from tests.cast import Cast
from tests.moments import SetClock
from tests.pricing.prices import repair_prices


@pytest.fixture
def desk(integration: Callable[..., Caller], cast: Cast, clock: SetClock) -> Caller:
    clock("2026-11-19 09:12", "周四")
    repair_prices(cast)
    return integration(cast.limin)


def test_a_price_in_force_is_found_and_quoted_and_the_consent_noted(desk: Caller) -> None:
    found = desk.get("/prices", {"project": "CH", "q": "角阀"}).json()["items"]
    assert [(item["code"], item["low"]) for item in found] == [("JS-01", "35.00")]
    case = desk.registers("厨房角阀漏水", facts={"kind": "repair", "scope": "home"})["number"]
    body = {"lines": [{"code": "JS-01", "quantity": "2"}]}
    told = desk.post(f"/cases/{case}/quotations", body, idempotency_key="q-1")
    again = desk.post(f"/cases/{case}/quotations", body, idempotency_key="q-1")
    assert (told.status_code, told.json()["total"]) == (200, "70.00")
    assert told.content == again.content
    address = f"/quotations/{told.json()['number']}"
    said = {"name": "王女士", "means": "call"}
    agreed = desk.post(f"{address}/consent", said).json()
    assert (agreed["state"], agreed["answered_by"], agreed["proxied"]) == ("agreed", "王女士", True)
    late = desk.post(f"{address}/decline", {"reason": "太贵"})
    assert (late.status_code, late.json()["code"]) == (409, "answered-already")


def test_what_is_on_no_list_and_a_price_that_is_missing_are_refused(desk: Caller) -> None:
    case = desk.registers("厨房角阀漏水", facts={"kind": "repair", "scope": "home"})["number"]
    address = f"/cases/{case}/quotations"
    unknown = desk.post(address, {"lines": [{"code": "XX-99"}]})
    assert unknown.json()["code"] == "not-on-the-list"
    assert desk.post(address, {"lines": [{"code": "JS-02"}]}).json()["code"] == "no-price"
    dear = {"lines": [{"code": "JS-02", "price": "500"}]}
    assert desk.post(address, dear).json()["code"] == "outside-the-band"
