"""The desk of 翠湖花园, and what the program learned from what happened there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from shouwen.accounts.models import Staff
from shouwen.cases.actions.working import note
from shouwen.cases.models import Case
from shouwen.learning.actions import correcting
from shouwen.learning.actions.detecting import learn
from shouwen.learning.actions.proposing import Found, propose
from shouwen.learning.models import Correction
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.followup.conftest import FINISHED, NEXT_DAY, OPENED, Desk
from tests.moments import moment
from tests.repairs.conftest import Shop

S2 = "service-centre"
DUE = moment("2026-11-27 18:00", "周五")
__all__ = ["DUE", "FINISHED", "NEXT_DAY", "OPENED", "S2"]

PLAN = {
    "cause": "排班时没有考虑夜间装修巡查",
    "measure": "当晚加派一名秩序员，劝停违规施工",
    "prevention": "装修期每晚 22:00 巡查一次并签到",
}


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What stands in the block is refused, for this reason."""
    with pytest.raises(Refused) as raised:
        yield
    assert raised.value.code == code


class School(Desk):
    """What happens at the desk, and what is made of it."""

    def learns(self, at: datetime = NEXT_DAY) -> list[Correction]:
        """The worker reads on; what it brought up so far."""
        learn(at=at)
        return list(Correction.objects.order_by("pk"))

    def complains(self, text: str, at: datetime = OPENED, **facts: Any) -> Case:
        return self.registers(text, at=at, kind="complaint", **facts)

    def archived(self) -> Case:
        """A complaint about a handover, closed under the developer's regulation."""
        self.adopts("developer-aftersales")
        case = self.finishes(self.complains("交楼时发现墙面开裂", stage="handover"))
        by = self.of(self.cast.limin, FINISHED)
        note(case=case, by=by, at=FINISHED, text="说明了修补方案", tag="explain")
        self.closes(self.feeds_back(case))
        self.learns()
        return case

    def brought_up(self, trigger: str = "cluster", by: Staff | None = None) -> Correction:
        """王芳 saw that three homes complain of the same."""
        found = Found(trigger, "夜间装修噪音反映集中", "一周内三户反映 22 点后仍在施工")
        scope = self.of(by or self.cast.wangfang)
        return propose(project=self.cast.cuihu, found=found, by=scope, at=NEXT_DAY)

    def opened(self, correction: Correction | None = None, due: datetime = DUE) -> Correction:
        """周敏 makes 吴强 answer for it."""
        return correcting.open_correction(
            correction=correction or self.brought_up(), owner=self.cast.wuqiang, due=due,
            by=self.of(self.cast.zhoumin), at=NEXT_DAY,
        )  # fmt: skip

    def acts(self, name: str, correction: Correction, who: Staff, **said: Any) -> Correction:
        at = said.pop("at", NEXT_DAY + timedelta(hours=1))
        by = self.of(who, at)
        done: Correction = getattr(correcting, name)(correction=correction, by=by, at=at, **said)
        return done

    def finished_correction(self) -> Correction:
        correction = self.opened()
        self.acts("plan", correction, self.cast.wuqiang, **PLAN)
        return self.acts("finish", correction, self.cast.wuqiang, text="已加派，巡查三晚无违规")


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


@pytest.fixture
def school(cast: Cast) -> School:
    return School(cast)
