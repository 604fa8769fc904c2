"""A November at 翠湖花园 as its dashboards see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.actions.contacting import urge
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.working import note, report_done
from shouwen.cases.models import Case
from shouwen.dashboards.pages.history import back_from
from shouwen.dashboards.places import View
from shouwen.estate.queries import place_of
from shouwen.figures.actions.keeping import keep
from shouwen.figures.models import Verdict
from shouwen.followup.actions.following import follow
from shouwen.rules.periods import read_period
from tests.cast import Cast
from tests.followup.conftest import FINISHED, NEXT_DAY, OPENED, Desk
from tests.moments import SetClock

__all__ = ["FINISHED", "NEXT_DAY", "OPENED"]
CLOSED = "customer-communication/complaint-closed"
NUMBER = re.compile(r"<a[^>]* href=\"(/dashboards/records/[^\"]+)\">([\d.]+)</a>")


@dataclass
class Hall(Desk):
    """The desk, and who looks at its dashboards on Friday the 20th at ten."""

    _count: int = 0

    def month(self) -> None:
        """One case finished and closed, one late in the hands of the engineers, two new ones."""
        self.closes(self.feeds_back(self.finished("问停车费怎么交", kind="inquiry")))
        self.waits("楼道灯不亮", kind="repair")
        self.registers("物业费收据怎么开", kind="inquiry", at=NEXT_DAY - timedelta(hours=1))
        self.registers("夜里施工太吵", kind="complaint", at=NEXT_DAY - timedelta(minutes=30))

    def waits(self, text: str, **facts: Any) -> Case:
        """Handed to the engineers nine days ago and never touched."""
        at = OPENED - timedelta(days=8)
        case = self.registers(text, at=at, **facts)
        lead = self.cast.department("engineering")
        return dispatch(case=case, lead=lead, by=self.of(self.cast.limin, at), at=at)

    def finishes_now(self, case: Case) -> None:
        """陈建国 goes there at last."""
        by, at = self.of(self.cast.chenjianguo), NEXT_DAY
        note(case=case, by=by, at=at, text="到现场看过", tag="investigate")
        report_done(case=case, by=by, at=at, text="换了灯泡")

    def urges(self) -> None:
        """王女士 asks when somebody will come."""
        case = Case.objects.get(title__startswith="楼道灯不亮")
        urge(case=case, by=self.of(self.cast.limin), at=NEXT_DAY, text="什么时候来修")

    def keeps(self, at: datetime = NEXT_DAY) -> None:
        """The worker plans the visits and judges what happened."""
        follow(at=at)
        keep(at=at)

    def judged(self, month: date, hit: int, miss: int, measure: str = CLOSED) -> None:
        """So many complaints were closed in a month and so many were not."""
        rows = [
            Verdict(
                **place_of(self.cast.cuihu), measure=measure, record=f"case:{10_000 + n}",
                label=f"S-{n}", on=month, kind="complaint", judged_at=OPENED,
                verdict="hit" if n < self._count + hit else "miss",
            )
            for n in range(self._count, self._count + hit + miss)
        ]  # fmt: skip
        Verdict.objects.bulk_create(rows)
        self._count += len(rows)

    def year(self, *last: int) -> None:
        """Twelve months in which 38 of 40 complaints or so were closed, and a last one."""
        usual = [38, 39, 37, 38, 40, 38, 37, 39, 38, 38, 37, 39]
        months = back_from(read_period("2026-11"), len(usual) + len(last))
        for month, hit in zip(months, [*usual, *last], strict=True):
            self.judged(month.first, hit, 40 - hit)

    def view(
        self, place: OrgUnit | None = None, period: str = "2026-11", at: datetime = NEXT_DAY
    ) -> View:
        return View(place or self.cast.cuihu, read_period(period), at)

    def looks(self, who: Staff, address: str) -> str:
        answer = self.client(who).get(address)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())


@pytest.fixture
def hall(cast: Cast, clock: SetClock) -> Hall:
    clock("2026-11-20 10:00", "周五")
    return Hall(cast)


def numbers(page: str) -> list[tuple[str, str]]:
    """Every number of a page that leads to its records: the address and the number."""
    return [(url.replace("&amp;", "&"), words) for url, words in NUMBER.findall(page)]


def listed(client: Client, address: str) -> int:
    """How many records the list behind an address says that it has."""
    text = client.get(address).content.decode()
    found = re.search(r"共 (\d+) 条", text)
    assert found, address
    return int(found[1])
