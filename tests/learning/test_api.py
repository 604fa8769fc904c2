"""What is learned, for other programs: corrections are read, a suggestion is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from shouwen.accounts.actions import issue_token
from shouwen.accounts.rights import RIGHTS
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.learning.conftest import DUE, NEXT_DAY, OPENED, School


@pytest.fixture
def director(cast: Cast, clock: Callable[..., datetime]) -> Caller:
    """周敏, through a token."""
    clock("2026-11-20 11:00", "周五")
    rights = list(RIGHTS)
    token = issue_token(name="看板", staff=cast.zhoumin, unit=cast.cuihu, rights=rights, at=OPENED)
    return Caller(token, Client())


def test_a_correction_is_read_with_its_owner_and_its_time(school: School, director: Caller) -> None:
    correction = school.opened()
    (found,) = director.get("/corrections").json()["items"]
    assert found == director.get(f"/corrections/{correction.number}").json()
    assert (found["owner"], found["state_name"]) == (school.cast.wuqiang.number, "整改中")
    assert datetime.fromisoformat(found["due_at"]) == DUE
    assert director.get("/corrections", {"state": "closed"}).json()["items"] == []


def test_a_suggestion_is_decided_with_its_reason(school: School, director: Caller) -> None:
    case = school.registers("建议加长椅", kind="suggestion")
    school.learns(NEXT_DAY)
    address = f"/suggestions/{case.number}/decide"
    refused = director.post(address, {"decision": "declined"})
    assert refused.status_code in (409, 422)
    assert "理由" in refused.content.decode()
    answer = director.post(address, {"decision": "declined", "reason": "通道太窄"})
    assert answer.json()["decision"] == "declined"
    (listed,) = director.get("/suggestions").json()["items"]
    assert listed == answer.json()
