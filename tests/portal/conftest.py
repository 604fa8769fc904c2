"""王女士's side: her case, the links that she was sent, the code at her entrance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.models import Case
from shouwen.portal.actions.coding import make_code
from shouwen.portal.actions.linking import issue_link
from shouwen.portal.models import BuildingCode, CustomerLink
from tests.cast import Cast
from tests.followup.conftest import NEXT_DAY, S0, Desk
from tests.moments import SetClock

TEXT = "厨房水槽下面漏水"


@dataclass
class Customer:
    """A browser that nobody has signed in with. `opens` and `sends` follow redirects."""

    client: Client
    token: str
    link: CustomerLink

    @property
    def page(self) -> str:
        return reverse("portal:progress", args=[self.token])

    def opens(self) -> str:
        return read(self.client.get(self.page))

    def clicks(self, answer: str) -> str:
        """The link of an answer in the message, sent on by its page."""
        address = reverse("portal:rate", args=[self.token, answer])
        return read(self.client.post(address, follow=True))

    def says(self, text: str, do: str = "add", key: str = "k", **more: Any) -> Any:
        body = {"text": text, "do": do, "key": key, **more}
        return self.client.post(self.page, body, follow=True)


def read(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@dataclass
class Portal(Desk):
    """What the people of 翠湖花园 do, and what they send to their customers."""

    def customer(
        self, case: Case, purpose: str = "rate", *, by: Staff | None = None, at: datetime = NEXT_DAY
    ) -> Customer:
        """王芳, or who is named, sends the link."""
        sender = scope_of(by or self.cast.wangfang, at)
        link, token = issue_link(case=case, purpose=purpose, by=sender, at=at)
        return Customer(Client(), token, link)

    def code(self, place: str = "", keeper: Staff | None = None) -> BuildingCode:
        by = scope_of(self.cast.zhoumin, NEXT_DAY)
        building = self.cast.home.building
        return make_code(building=building, place=place, by=by, at=NEXT_DAY, keeper=keeper)

    def reports(
        self, code: BuildingCode, text: str, *, client: Client | None = None, **more: Any
    ) -> Any:
        body = {"where": str(self.cast.home.pk), "text": text, "key": "once", **more}
        return (client or Client()).post(reverse("portal:report", args=[code.code]), body)


@pytest.fixture
def portal(cast: Cast, clock: SetClock, settings: Any, tmp_path: Any) -> Portal:
    settings.MEDIA_ROOT = tmp_path
    clock("2026-11-20 10:00", "周五")
    return Portal(cast)


@pytest.fixture
def finished(portal: Portal) -> Case:
    return portal.finished(TEXT, kind="repair")


@pytest.fixture
def closed(portal: Portal) -> Case:
    portal.adopts(S0)
    return portal.closes(portal.feeds_back(portal.finished("想问物业费", kind="inquiry")))
