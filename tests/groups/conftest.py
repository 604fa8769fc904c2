"""Many households of 翠湖花园 that complain about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.estate.models import Unit
from shouwen.groups.actions.answering import draft_statement, rule_on_statement
from shouwen.groups.actions.grouping import open_matter
from shouwen.groups.models import GroupMatter, Statement
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

NOW = moment("2026-11-20 10:00", "周五")
SMOKE = (
    "楼下饭店油烟太大，开窗就呛",
    "底商饭店的油烟熏得人受不了",
    "饭店油烟又飘进家里，楼下饭店没人管",
    "一楼饭店油烟扰民，孩子咳嗽",
    "楼下饭店烟道对着窗户，油烟很大",
    "饭店油烟问题什么时候解决",
)


@dataclass
class Estate:
    """What the people of 翠湖花园 do, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = NOW) -> Scope:
        return scope_of(who, at)

    def home(self, n: int) -> Unit:
        return Unit.objects.filter(project=self.cast.cuihu).order_by("pk")[n]

    def tells(
        self, text: str, n: int = 0, *, at: datetime = NOW, phone: str = "", unit: bool = True,
        kind: str = "complaint",
    ) -> Case:  # fmt: skip
        """The household of home `n` tells it to 李敏."""
        facts: dict[str, str | bool] = {"kind": kind}
        if kind == "complaint":
            facts |= {"cause": "class-3", "business": "environment"}
        home = self.home(n) if unit else None
        said = Told(
            text=text, name=f"业主{n}", phone=phone or f"1390000{n:04}", unit=home, facts=facts
        )
        return register(project=self.cast.cuihu, told=said, by=self.of(self.cast.limin, at), at=at)

    def complaints(self, count: int) -> list[Case]:
        return [
            self.tells(SMOKE[n % len(SMOKE)], 7 * n, at=NOW + timedelta(minutes=n))
            for n in range(count)
        ]

    def group(self, cases: Sequence[Case], title: str = "楼下饭店油烟扰民") -> GroupMatter:
        at = NOW + timedelta(hours=1)
        return open_matter(cases=cases, title=title, by=self.of(self.cast.sunli, at), at=at)

    def agrees(
        self, matter: GroupMatter, text: str = "已约谈商户，本周五前加装净化器"
    ) -> Statement:
        """郑洁 drafts it for the company, 赵刚 approves it."""
        at = NOW + timedelta(hours=2)
        drafted = draft_statement(
            matter=matter, text=text, measures="约谈商户，报城管，加装净化器",
            by=self.of(self.cast.zhengjie, at), at=at,
        )  # fmt: skip
        return rule_on_statement(
            statement=drafted, approve=True, opinion="同意", by=self.of(self.cast.zhaogang, at),
            at=at,
        )  # fmt: skip

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def estate(cast: Cast) -> Estate:
    return Estate(cast)
