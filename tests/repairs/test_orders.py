"""From the case to the finished order: what each step wants, and what the case learns of it."""

from __future__ import annotations

import pytest

from shouwen.accounts.models import Staff
from shouwen.cases.actions.closing import close
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.queries import as_entries, journal
from shouwen.repairs.actions import issuing, working
from shouwen.repairs.actions.recording import apply_order
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import my_orders, to_grab
from shouwen.rules.orders import fold_order
from shouwen.rules.refused import Refused
from tests.moments import moment
from tests.repairs.conftest import EVENING, FINISHED, OPENED, SENT, THERE, Shop


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda said: said.code == code)


def test_an_order_goes_from_the_desk_to_the_signature(shop: Shop) -> None:
    order = shop.issues()
    assert order.number == "W-CH-261119-001"
    assert order.state == "open"

    shop.sends(order)
    assert (order.state, order.assignee) == ("sent", shop.cast.chenjianguo)
    shop.goes(order)
    assert order.state == "on-site"
    issuing.decide_payer(order=order, payer="owner", by=shop.of(shop.cast.limin, THERE), at=THERE)
    issuing.decide_payer(
        order=order,
        payer="company",
        by=shop.of(shop.cast.limin, THERE),
        at=THERE,
        reason="物业责任",
    )
    shop.finishes(order)

    order.refresh_from_db()
    assert (order.state, order.result, order.done_at) == ("done", "repaired", FINISHED)
    assert order.case.status == "done"
    assert [verb for verb in shop.verbs(order.case) if verb.startswith("order")] == [
        "order-opened", "order-sent", "order-accepted", "order-departed", "order-arrived",
        "order-done",
    ]  # fmt: skip
    said = order.case.journal.get(verb="done").data
    assert said["signed"] is True
