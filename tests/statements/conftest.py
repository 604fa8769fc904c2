"""November at 翠湖花园, and what its people report of it in December."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.utils.timezone import localdate

from shouwen.accounts.actions import record_absence
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.models import Case
from shouwen.figures.actions.keeping import rejudge
from shouwen.notify.models import OutboxMessage
from shouwen.rules.periods import read_period
from shouwen.rules.refused import Refused
from shouwen.statements.actions import signing, writing
from shouwen.statements.actions.improving import Measure, write_measures
from shouwen.statements.actions.preparing import prepare, prepare_due
from shouwen.statements.models import Statement
from shouwen.statements.owing import owed
from shouwen.statements.queries import is_of_a_month
from tests.cast import Cast
from tests.followup.conftest import S2, S3, S4, Desk
from tests.moments import moment

S1 = "developer-aftersales"
FIRST = moment("2026-12-01 00:00", "周二")
SECOND = moment("2026-12-02 10:00", "周三")
TEXTS = {"summary": "本月总体平稳", "improvements": "每周复查未关闭事项"}
__all__ = ["FIRST", "S1", "S2", "S3", "S4", "SECOND", "Desk"]


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What stands in the block is refused, for this reason."""
    with pytest.raises(Refused) as raised:
        yield
    assert raised.value.code == code


class Office(Desk):
    """Who reports, checks and signs."""

    def prepares(self, at: datetime = FIRST) -> int:
        """The worker's round."""
        return prepare_due(at=at)

    def statement(self, rule: str, unit: OrgUnit | None = None, period: str = "") -> Statement:
        """The latest of its kind; the month of 翠湖花园 if nothing else is said."""
        found = Statement.objects.filter(rule=rule, unit=unit or self.cast.cuihu)
        found = found.filter(period=period) if period else found
        return found.select_related("unit").latest("last", "edition")

    def prepared(
        self, rule: str = "month-project", unit: OrgUnit | None = None, at: datetime = FIRST
    ) -> Statement:
        """This one alone, of 翠湖花园 if nothing else is said."""
        place = unit or self.cast.cuihu
        wanted = (one for one in owed(at) if one.rule.id == rule and one.unit == place)
        return prepare(list(wanted)[-1], at)

    def complains_at(self, text: str) -> Case:
        return self.registers("交楼时发现墙面开裂", at=moment(text), kind="complaint")

    def writes(
        self, row: Statement, who: Staff, texts: dict[str, str], at: datetime = SECOND
    ) -> Statement:
        return writing.write(statement=row, texts=texts, by=self.of(who, at), at=at)

    def improves(self, row: Statement, who: Staff, at: datetime = SECOND) -> Statement:
        """刘强 puts everything right within a week."""
        line = Measure("上门复查，更换同批角阀", self.cast.liuqiang, localdate(at))
        measures = dict.fromkeys(row.actions.values_list("pk", flat=True), line)
        return write_measures(statement=row, measures=measures, by=self.of(who, at), at=at)

    def judges(self, at: datetime = FIRST) -> None:
        """The worker has counted November."""
        rejudge(project=self.cast.cuihu, month=read_period("2026-11"), at=at)

    def acts(self, name: str, row: Statement, who: Staff, **said: Any) -> Statement:
        """Who signs first takes the figures of a month as they are now."""
        at = said.pop("at", SECOND)
        if name == "submit" and is_of_a_month(row):
            writing.renew(statement=row, by=self.of(who, at), at=at)
        done: Statement = getattr(signing, name)(statement=row, by=self.of(who, at), at=at, **said)
        return done

    def submitted(self, row: Statement | None = None, at: datetime = SECOND) -> Statement:
        """孙丽 writes what must be written and puts her name to it."""
        row = row or self.prepared()
        who = self.cast.sunli
        self.writes(row, who, TEXTS, at)
        self.improves(row, who, at)
        return self.acts("submit", row, who, at=at)

    def signed(self, at: datetime = SECOND) -> Statement:
        """And 周敏 signs it."""
        return self.acts("sign", self.submitted(at=at), self.cast.zhoumin, at=at)

    def away(self, who: Staff, deputy: Staff | None) -> None:
        record_absence(
            staff=who, starts_at=FIRST, ends_at=moment("2026-12-20 18:00", "周日"),
            deputy=deputy, reason="休假",
        )  # fmt: skip

    def told(self, who: Staff) -> list[str]:
        """What this person was told of statements, the first first."""
        rows = OutboxMessage.objects.filter(staff=who, event__startswith="statement:")
        return list(rows.order_by("pk").values_list("subject", flat=True))


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office(cast)
