"""Integrations that call the API, and a morning to do it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.actions import issue_token
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import RIGHTS
from tests.cast import Cast
from tests.moments import SetClock, moment

MORNING = moment("2026-11-19 09:12", "周四")
_keys = count(1)


@dataclass
class Caller:
    """`caller.post("/cases", {...})` with its token; what is answered, read."""

    token: str
    client: Client

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self.client.get(f"/api{path}", query, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api{path}", json.dumps(body if body is not None else {}),
            content_type="application/json", headers=self._headers(headers),
        )  # fmt: skip

    def registers(self, text: str = "卫生间天花板滴水", **more: Any) -> dict[str, Any]:
        """A case of 王女士 of 3栋2单元501, as it was answered."""
        said = {
            "project": "CH", "text": text, "name": "王女士", "phone": "13900000421",
            "address": "3栋2单元501", **more,
        }  # fmt: skip
        answer = self.post("/cases", said)
        assert answer.status_code == 201, answer.content.decode()
        return dict(answer.json())

    def does(self, number: str, verb: str, /, **body: Any) -> dict[str, Any]:
        answer = self.post(f"/cases/{number}/{verb}", body, if_match="*")
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        """`idempotency_key="1"` is the header Idempotency-Key."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return own | {name.replace("_", "-"): value for name, value in given.items()}


@pytest.fixture
def integration(cast: Cast) -> Callable[..., Caller]:
    """`integration(cast.limin)`: all that she may; `rights=…, unit=…` narrow it."""

    def make(
        staff: Staff, *, unit: OrgUnit | None = None, rights: list[str] | None = None,
        expires_at: datetime | None = None,
    ) -> Caller:  # fmt: skip
        token = issue_token(
            name=f"对接 {next(_keys)}", staff=staff, unit=unit or cast.group,
            rights=list(RIGHTS) if rights is None else rights, at=MORNING, expires_at=expires_at,
        )  # fmt: skip
        return Caller(token, Client())

    return make


@pytest.fixture
def now(clock: SetClock) -> datetime:
    return clock("2026-11-19 09:12", "周四")


@pytest.fixture
def desk(integration: Callable[..., Caller], cast: Cast, now: datetime) -> Caller:
    """A program that may do all that 李敏 may, on the morning of the tests."""
    return integration(cast.limin)
