"""The dashboard of today: every number opens into exactly the records that it counts."""

from __future__ import annotations

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.cases.actions.closing import void
from shouwen.dashboards.heaps import HEAPS, counted_by
from shouwen.dashboards.pages.counting import count_all
from shouwen.dashboards.pages.today import Today, aged
from tests.dashboards.conftest import NEXT_DAY, Hall, listed, numbers


def test_every_number_opens_into_as_many_records(hall: Hall) -> None:
    hall.month()
    client = hall.client(hall.cast.zhoumin)
    found = numbers(hall.looks(hall.cast.zhoumin, "/dashboards"))
    assert len(found) > 8
    for address, words in found:
        assert listed(client, address) == int(words), address
