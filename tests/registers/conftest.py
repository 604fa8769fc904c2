"""The front desk of 翠湖花园 under the manual of the service centre, with its forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.files import Kept, keep
from shouwen.registers.actions import filling, signing
from shouwen.registers.actions.filling import Blank
from shouwen.registers.models import Record
from shouwen.registers.queries import form_in_force
from tests.cast import Cast
from tests.moments import moment

S2, S4, HR = "service-centre", "customer-communication", "staff-handbook"
NOW = moment("2026-11-24 10:00", "周二")
LATER = moment("2026-11-24 15:00", "周二")

#: A whole 联络资料登记表.
CONTACT = {
    "on": "2026-11-24",
    "unit": "3-2-501",
    "name": "王女士",
    "phone": "13900000421",
    "emergency": "王先生",
    "emergency_phone": "13900000422",
    "family": [{"name": "王奶奶", "relation": "母亲", "phone": "13900000423"}],
}
MARKS = ("power", "water", "fire-security", "cleaning", "greening", "facilities", "repairs")


@dataclass
class Clerk:
    """What the people of 翠湖花园 do with forms, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = NOW) -> Scope:
        return scope_of(who, at)

    def begins(
        self, form: str, *, who: Staff | None = None, complete: bool = True, at: datetime = NOW,
        project: OrgUnit | None = None, **typed: Any,
    ) -> Record:  # fmt: skip
        project = project or self.cast.cuihu
        blank = Blank(project, form_in_force(project, form, at))
        by = self.of(who or self.cast.limin, at)
        return filling.begin(blank=blank, typed=typed, complete=complete, by=by, at=at)

    def contact(self, **changed: Any) -> Record:
        return self.begins("contact-sheet", **{**CONTACT, **changed})

    def signs(
        self, record: Record, place: str, *, who: Staff | None = None, name: str = "王女士",
        at: datetime = LATER,
    ) -> Record:  # fmt: skip
        by = self.of(who or self.cast.limin, at)
        return signing.sign(record=record, place=place, name=name, picture=ink(), by=by, at=at)

    def signed_contact(self, **changed: Any) -> Record:
        return self.signs(self.contact(**changed), "业主")

    def survey(self, *marks: int, **more: Any) -> Record:
        """All items of the 意见调查表, the last marks repeated."""
        items = (*MARKS, "attitude-survey")
        given = dict(zip(items, (*marks, *[marks[-1]] * len(items)), strict=False))
        return self.begins("opinion-survey", on="2026-11-24", scores=given, **more)


def ink() -> Kept:
    """A signature, drawn."""
    paper = Image.new("L", (360, 150), 255)
    ImageDraw.Draw(paper).line([(20, 120), (120, 30), (200, 120), (340, 40)], fill=0, width=6)
    written = BytesIO()
    paper.save(written, "PNG")
    return keep(SimpleUploadedFile("签名.png", written.getvalue(), "image/png"))


def photo() -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 150)).save(written, "JPEG")
    return SimpleUploadedFile("身份证.jpg", written.getvalue(), "image/jpeg")


@pytest.fixture
def clerk(cast: Cast) -> Clerk:
    """翠湖花园 follows the manual of the service centre."""
    cast.follows(S2)
    return Clerk(cast)


@pytest.fixture
def browse(
    clerk: Clerk, client: Client, sign_in: Callable[[Client, Staff], Client],
    clock: Callable[..., datetime],
) -> Callable[[Staff], Client]:  # fmt: skip
    """`browse(cast.limin)`: her pages, at noon."""
    clock("2026-11-24 12:00", "周二")
    return lambda who: sign_in(client, who)
