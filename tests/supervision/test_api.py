"""What the levels hand over and ask, through the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.actions import issue_token
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import RIGHTS
from shouwen.supervision.models import Matter
from tests.cast import FOUNDED
from tests.supervision.conftest import S2, TODAY, Levels

DUE = "2026-11-19T16:00:00+08:00"


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-19 09:30", "周四")


class Caller:
    """Somebody's token."""

    def __init__(self, person: Staff, unit: OrgUnit) -> None:
        rights = list(RIGHTS)
        token = issue_token(name="督办", staff=person, unit=unit, rights=rights, at=FOUNDED)
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def gets(self, path: str) -> Any:
        return self.client.get(f"/api{path}").json()

    def posts(self, path: str, **body: Any) -> Any:
        key = {"Idempotency-Key": token_hex()}
        sent = self.client.post(f"/api{path}", body, content_type="application/json", headers=key)
        return sent.json()


def test_a_case_is_handed_down_listed_by_who_owes_and_answered(levels: Levels) -> None:
    case, cast = levels.registers(), levels.cast
    company, project = Caller(cast.zhengjie, cast.jinxiu), Caller(cast.zhoumin, cast.cuihu)
    handed = company.posts(f"/cases/{case.number}/hand", to="CH", text="请核实", due=DUE)
    assert (handed["kind"], handed["to_unit"]) == ("to-project", "CH")
    assert [row["number"] for row in project.gets("/matters?owed_by=CH")["items"]] == [
        handed["number"]
    ]
    assert project.gets("/matters?owed_to=CH")["items"] == []
    refused = project.posts(f"/matters/{handed['number']}/answer", text="在办")
    assert refused["code"] == "not-done"


def test_a_question_carries_its_details_and_its_answer(levels: Levels) -> None:
    levels.adopts(S2)
    case, cast = levels.registers(), levels.cast
    company, project = Caller(cast.zhengjie, cast.jinxiu), Caller(cast.zhoumin, cast.cuihu)
    asked = company.posts(
        f"/cases/{case.number}/ask", kind="supervise", text="为何没动", details={"due": DUE}
    )
    number = asked["items"][0]["number"]
    assert Matter.objects.get(number=number).due_at == TODAY
    told = project.posts(f"/matters/{number}/answer", text="今天已约")
    assert (told["answer"], told["answered_by"]) == ("今天已约", cast.zhoumin.number)
    assert company.gets(f"/matters/{number}")["answer"] == "今天已约"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"gossip": "x"}, "unknown-detail"),
        ({"due": "明天"}, "not-a-moment"),
        ({}, "detail-missing"),
    ],
)
def test_what_is_wrong_in_a_question_is_named(
    levels: Levels, details: dict[str, str], code: str
) -> None:
    case, cast = levels.registers(), levels.cast
    company = Caller(cast.zhengjie, cast.jinxiu)
    asked = company.posts(
        f"/cases/{case.number}/ask", kind="supervise", text="为何没动", details=details
    )
    assert asked["code"] == code
