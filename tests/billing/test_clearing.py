"""Nobody gets his keys while he owes, unless somebody lets him and says why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.billing.actions.clearing import clear, hand_over, require_clear
from shouwen.billing.models import Clearance
from shouwen.estate.models import Unit
from shouwen.rules.refused import Refused
from tests.billing.conftest import EVENING, NEXT_DAY, Counter
from tests.moments import SetClock

clause = pytest.mark.clause


def clears(counter: Counter, who: Staff, **rest: Any) -> Clearance:
    said = {"developer_receipt": "KF-2026-0311", "at": EVENING, **rest}
    return clear(unit=counter.cast.home, by=counter.of(who), **said)


def hands_over(counter: Counter, *, at: datetime = EVENING) -> Unit:
    by = counter.of(counter.cast.limin, at)
    return hand_over(unit=counter.cast.home, on=at.date(), by=by, at=at)


@clause("S2-A12-2b")
def test_who_owes_is_not_handed_his_home_unless_somebody_who_may_says_why(
    counter: Counter,
) -> None:
    charge = counter.charges(counter.case())
    clerk, manager = counter.cast.limin, counter.cast.zhoumin
    with pytest.raises(Refused, match=r"还欠 86\.00 元"):
        clears(counter, clerk)
    with pytest.raises(Refused, match="没有这项权限"):
        clears(counter, clerk, override_reason="业主在外地")
    with pytest.raises(Refused, match="还没有办理费用清缴"):
        hands_over(counter)
    passed = clears(counter, manager, override_reason="业主在外地，约定周末补缴")
    assert (passed.owed, passed.by) == (charge.amount, manager)
    assert hands_over(counter).handed_over_on == date(2026, 11, 26)


def test_what_was_charged_after_the_clearance_is_asked_for_again(counter: Counter) -> None:
    cleared = clears(counter, counter.cast.limin, override_reason="")
    assert require_clear(counter.cast.home) == cleared
    counter.charges(None, unit=counter.cast.home, at=NEXT_DAY)
    with pytest.raises(Refused, match="清缴之后又欠"):
        hands_over(counter, at=NEXT_DAY)


@clause("S2-A10r-2")
def test_the_developers_receipt_is_on_record_before_the_next_step(counter: Counter) -> None:
    with pytest.raises(Refused, match="收据号"):
        clears(counter, counter.cast.limin, developer_receipt=" ")
    with pytest.raises(Refused, match="还没有办理费用清缴"):
        hands_over(counter)
    row = clears(counter, counter.cast.limin, developer_paid="房款、专项维修资金")
    assert hands_over(counter).handed_over_on
    assert (row.developer_receipt, row.developer_paid) == ("KF-2026-0311", "房款、专项维修资金")


def test_the_keys_are_given_from_the_page_of_the_home_once_it_is_clear(
    counter: Counter, clock: SetClock
) -> None:
    clock("2026-11-27 10:00", "周五")
    home, client = counter.cast.home, counter.client(counter.cast.limin)
    page, act = (reverse(f"billing:{name}", args=[home.pk]) for name in ("unit", "hand-over"))
    assert act not in client.get(page).content.decode()
    assert "请先办理" in client.post(act, {"key": "a", "on": "2026-11-27"}).content.decode()
    clears(counter, counter.cast.limin)
    assert act in client.get(page).content.decode()
    for _twice in range(2):
        assert client.post(act, {"key": "b", "on": "2026-11-27"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "已交楼" in shown
    assert act not in shown
