"""陈建国's phone, as the server sees it: acts with keys and times, sent as often as it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from shouwen import clock
from shouwen.accounts.models import Staff
from shouwen.repairs.models import WorkOrder
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment
from tests.permissions_world import PNG
from tests.repairs.conftest import Shop

PICTURE = sha256(PNG).hexdigest()
#: The signal comes back.
BACK = moment("2026-11-19 17:00", "周四")
_keys = count(1)


@dataclass
class Phone:
    """A browser signed in as somebody; `slow` is how far its clock is behind ours."""

    client: Client
    staff: Staff
    slow: timedelta = timedelta()

    @property
    def mine(self) -> dict[str, str]:
        """Whose phone it says it is."""
        return {"X-Phone-Of": self.staff.number}

    def act(self, act: str, about: WorkOrder | str, at: datetime, **data: Any) -> dict[str, Any]:
        """Something done at `at`, as the phone keeps it."""
        number = about if isinstance(about, str) else about.number
        shown = (at - self.slow).isoformat()
        return {"key": f"k{next(_keys)}", "act": act, "order": number, "at": shown, "data": data}

    def asks(self, *acts: dict[str, Any], at: datetime = BACK) -> Any:
        """What the server answers to a batch that comes in at `at`, whatever it is."""
        body = {"now": (at - self.slow).isoformat(), "acts": acts}
        with clock.set_to(at):
            return self.client.post(
                reverse("phone:sync"), json.dumps(body), content_type="application/json",
                headers=self.mine,
            )  # fmt: skip

    def sends(self, *acts: dict[str, Any], at: datetime = BACK) -> list[dict[str, Any]]:
        """The answers to each act."""
        answer = self.asks(*acts, at=at)
        assert answer.status_code == 200, answer.content
        return list(answer.json()["acts"])

    def sends_file(self, content: bytes = PNG, sha: str = PICTURE, name: str = "照片.png") -> Any:
        upload = SimpleUploadedFile(name, content, "image/png")
        with clock.set_to(BACK):
            said = {"sha256": sha, "file": upload}
            return self.client.post(reverse("phone:files"), said, headers=self.mine)

    def gets(self, name: str) -> str:
        with clock.set_to(BACK):
            return str(self.client.get(reverse(f"phone:{name}")).content.decode())

    def day(self, at: datetime = BACK) -> dict[str, Any]:
        with clock.set_to(at):
            return dict(self.client.get(reverse("phone:day")).json())


PhoneOf = Callable[..., Phone]


def said(answers: Sequence[dict[str, Any]]) -> list[str]:
    """For each act "ok", or the code of its refusal."""
    return [
        "ok" if answer.get("ok") else answer.get("refused", {}).get("code", "missing")
        for answer in answers
    ]


@pytest.fixture
def phone_of(cast: Cast, settings: Settings, tmp_path: Path) -> PhoneOf:
    """`phone_of(cast.hewei)`; 陈建国's when nobody is named."""
    settings.MEDIA_ROOT = tmp_path

    def signed_in(staff: Staff | None = None, slow: timedelta = timedelta()) -> Phone:
        client, who = Client(), staff or cast.chenjianguo
        with clock.set_to(BACK - timedelta(minutes=1)):
            client.force_login(who, backend=MODEL_BACKEND)
        return Phone(client, who, slow)

    return signed_in


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    return phone_of()


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)
