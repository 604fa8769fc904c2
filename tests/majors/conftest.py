"""A complaint at 翠湖花园, and what its people do about it when it is a grave one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.actions import create_staff, create_unit, give_post
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.majors.actions import events, following, grading
from shouwen.majors.models import MajorEvent
from shouwen.notify.models import OutboxMessage
from tests.cast import FOUNDED, PASSWORD, Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

OPENED = moment("2026-11-19 09:12", "周四")
LATER = moment("2026-11-19 11:00", "周四")
NEXT_DAY = moment("2026-11-20 10:00", "周五")
RUDE = "投诉保安态度恶劣"
SECTIONS = {
    "situation": "11 月 19 日电梯坠落，王女士受惊",
    "causes": "抱闸磨损，维保未发现",
    "responsibility": "工程部和维保单位",
    "measures": "全部电梯加检",
}


@dataclass
class Scene:
    """What the people of 翠湖花园 and of its company do, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = LATER) -> Scope:
        return scope_of(who, at)

    def follows(self, regulation: str) -> None:
        """翠湖花园 follows this regulation and no other."""
        self.cast.follows(regulation)

    def complains(self, text: str = RUDE, *, at: datetime = OPENED, **said: Any) -> Case:
        """王女士 complains; 李敏 takes it down."""
        facts = {"kind": "complaint", "business": "security", **said.pop("facts", {})}
        home = said.pop("unit", self.cast.home)
        told = Told(
            text=text, name="王女士", phone="13900000421", unit=home, facts=facts,
            source=said.pop("source", "phone"), **said,
        )  # fmt: skip
        return register(project=self.cast.cuihu, told=told, by=self.of(self.cast.limin, at), at=at)

    def looks(self, case: Case, *, at: datetime = LATER) -> Case:
        grading.look(case=case, at=at)
        case.refresh_from_db()
        return case

    def grave(self, **said: Any) -> Case:
        """A complaint that 孙丽 ruled major."""
        case = self.complains(**said)
        return grading.rule_grade(
            case=case, grade="major", reason="电梯坠落", by=self.of(self.cast.sunli), at=LATER
        )

    def event(self, **said: Any) -> MajorEvent:
        by = self.of(self.cast.zhengjie)
        return events.open_event(
            case=self.grave(), reason="电梯坠落，业主受惊", by=by, at=LATER, **said
        )

    def reported(self) -> MajorEvent:
        """An event whose report was written and sent."""
        by = self.of(self.cast.zhengjie)
        event = self.event()
        events.draft_report(event=event, by=by, at=LATER, **SECTIONS)
        return events.send_report(event=event, by=by, at=LATER)

    def forms_task_force(self, event: MajorEvent) -> None:
        by = self.of(self.cast.zhengjie)
        for who, side in (("zhaogang", "leader"), ("zhengjie", "company"), ("zhoumin", "project")):
            following.join(event=event, staff=getattr(self.cast, who), side=side, by=by, at=LATER)

    def told(self, who: Staff) -> list[str]:
        rows = OutboxMessage.objects.filter(staff=who).order_by("pk")
        return list(rows.values_list("subject", flat=True))

    def brand(self) -> Staff:
        """品牌部 of the company, and who speaks for it."""
        unit = create_unit(
            kind="department", code="JXWY-brand", name="品牌部", parent=self.cast.jinxiu,
            function="brand",
        )  # fmt: skip
        person = create_staff(username="brand", name="梁静", number="0901", password=PASSWORD)
        give_post(staff=person, unit=unit, role="dept_head", at=FOUNDED)
        return person

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)
