"""Complaints of the three cause classes at 翠湖花园, and the parties outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from shouwen.accounts.actions import create_staff, give_post
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import note
from shouwen.cases.files import attach
from shouwen.cases.models import Attachment, Case, Commitment
from shouwen.outside.actions.parties import keep_party
from shouwen.outside.actions.referring import open_referral, take_step
from shouwen.outside.models import Party, Referral
from tests.cast import FOUNDED, PASSWORD, Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment
from tests.permissions_world import PNG

OPENED = moment("2026-11-19 09:12", "周四")
S2, S3, S4 = "service-centre", "complaint-procedure", "customer-communication"


@dataclass
class Outside:
    """What the people of 翠湖花园 do about it, in few words."""

    cast: Cast
    now: datetime = OPENED

    def of(self, who: Staff) -> Scope:
        return scope_of(who, self.now)

    def acts(self, who: Staff) -> dict[str, Any]:
        return {"by": self.of(who), "at": self.now}

    def until(self, text: str, weekday: str = "") -> None:
        self.now = moment(text, weekday)

    def adopts(self, regulation: str) -> None:
        self.cast.follows(regulation, since=FOUNDED)

    def complains(self, text: str = "外墙渗水，房间墙面发霉", **facts: str | bool) -> Case:
        """李敏 hears 王女士 of 3栋2单元501."""
        told = Told(
            text=text, source="phone", name="王女士", phone="13900000421", unit=self.cast.home,
            customer=self.cast.mswang, facts={"kind": "complaint", **facts},
            details={"name": "王女士", "room": "3栋2单元501", "phone": "13900000421"},
        )  # fmt: skip
        return register(project=self.cast.cuihu, told=told, **self.acts(self.cast.limin))

    def classed(self, cause: str, text: str = "外墙渗水，房间墙面发霉") -> Case:
        """孙丽 decides whose cause it is, and 李敏 sends it on."""
        case = self.complains(text)
        classify(case=case, facts={"cause": cause}, reason="现场看过", **self.acts(self.cast.sunli))
        function = "engineering" if cause == "class-2" else "service"
        unit = self.cast.department(function)
        return dispatch(case=case, lead=unit, **self.acts(self.cast.limin))

    def party(self, name: str = "锦绣地产", kind: str = "developer", **more: Any) -> Party:
        manager = self.acts(self.cast.zhoumin)
        return keep_party(project=self.cast.cuihu, name=name, kind=kind, **more, **manager)

    def refers(self, case: Case, path: str, party: Party, **said: Any) -> Referral:
        said = {"problem": "外墙渗水", "wanted": "请维修", **said}
        who = said.pop("who", self.cast.limin)
        return open_referral(case=case, path=path, party=party, **said, **self.acts(who))

    def takes(self, referral: Referral, step: str, who: Staff, **said: Any) -> Referral:
        said = {"text": f"{who.name}：情况属实", **said}
        return take_step(referral=referral, step=step, **said, **self.acts(who))

    def paper(self, case: Case) -> Attachment:
        upload = SimpleUploadedFile("记录表.png", PNG, "image/png")
        return attach(upload=upload, case=case, **self.acts(self.cast.limin))

    def sent(self, party: Party | None = None, case: Case | None = None) -> Referral:
        """Checked, signed twice and presented to the developer."""
        case = case or self.classed("class-2")
        referral = self.refers(case, "developer-negotiation", party or self.party())
        self.takes(referral, "check", self.cast.chenjianguo)
        self.takes(referral, "advise", self.cast.liuqiang)
        self.takes(referral, "approve", self.cast.zhoumin)
        return self.takes(referral, "send", self.cast.limin, text="专人送达")

    def settled(self, case: Case) -> Case:
        """What every complaint of S2 needs besides before it closes: done by somebody else."""
        for tag, who in (
            ("investigate", self.cast.limin), ("opinion", self.cast.sunli),
            ("analyse", self.cast.zhoumin),
        ):  # fmt: skip
            note(case=case, tag=tag, text="已记录", **self.acts(who))
        return case

    def tells_customer(self, case: Case) -> Case:
        limin = self.acts(self.cast.limin)
        return feed_back(case=case, text="已向您说明", said_by="王女士", **limin)

    def promise(self, case: Case, rule: str) -> Commitment:
        return case.commitments.get(rule=rule)

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client

    def newcomer(self, role: str, department: str) -> Staff:
        """One more person with a post at 翠湖花园."""
        staff = create_staff(
            username=f"new-{role}", name="罗成", number=f"77{len(role):02}", password=PASSWORD
        )
        give_post(staff=staff, unit=self.cast.department(department), role=role, at=FOUNDED)
        return staff


@pytest.fixture
def outside(cast: Cast, settings: Settings, tmp_path: Any) -> Outside:
    settings.MEDIA_ROOT = tmp_path
    desk = Outside(cast)
    desk.adopts(S2)
    return desk
