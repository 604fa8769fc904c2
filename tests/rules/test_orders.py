"""The life of a work order, whatever comes in whatever order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.rules.journal import Entry
from shouwen.rules.orders import (
    ARRIVE,
    CHECKED,
    CONSENT,
    DONE,
    FINISH,
    MAKE_SAFE,
    ON_SITE,
    ORDER_STATES,
    QUOTE,
    UNFINISHED,
    Candidate,
    Finish,
    Order,
    advance_order,
    fold_order,
    may_follow,
    next_in_turn,
    next_step,
    require_finished,
    steps_done,
    steps_of,
)
from shouwen.rules.refused import Refused
from tests.moments import moment

OPENED = moment("2026-11-19 09:12", "周四")
NUMBER = "W-CH-261119-001"
SAID: dict[str, dict[str, Any]] = {
    "payer-decided": {"payer": "owner", "paid": True},
    "order-sent": {"to": "0003", "mode": "assign"},
    "order-refused": {"reason": "太远"},
    "order-ruled": {"refusal_stands": True, "reason": "就近"},
    "order-appointed": {"from": OPENED.isoformat(), "to": OPENED.isoformat()},
    "order-paused": {"reason": "等配件"},
    "order-done": {"result": "repaired"},
    "order-checked": {"result": "ok"},
    "noted": {"tag": "photo", "stage": "after"},
}
VERBS = (
    *SAID, "order-accepted", "order-departed", "order-arrived", "order-resumed", "order-made-safe",
    "order-cancelled", "quoted", "consented", "declined", "material-drawn",
)  # fmt: skip


def entry(n: int, verb: str, **said: Any) -> Entry:
    data = {"order": NUMBER, **SAID.get(verb, {}), **said}
    return Entry(n, verb, OPENED + timedelta(minutes=n), "0003", (), data)


def opened(**said: Any) -> Order:
    return fold_order(NUMBER, [entry(1, "order-opened", range="home", **said)])


def life(verbs: list[str], **said: Any) -> Order:
    """An order that lived through as much of this as its life allowed."""
    order = opened(**said)
    for n, verb in enumerate(verbs, start=2):
        if may_follow(order, verb) and not _unconsented(order, verb):
            advance_order(order, entry(n, verb))
    return order


def _unconsented(order: Order, verb: str) -> bool:
    """Actions report a repair by `require_finished` only."""
    return verb == "order-done" and order.wants_consent


@given(st.lists(st.sampled_from(VERBS), max_size=30), st.booleans())
def test_no_life_of_an_order_ends_done_without_arrival_or_paid_without_consent(
    verbs: list[str], urgent: bool
) -> None:
    order = life(verbs, urgent=urgent)
    assert order.state in ORDER_STATES
    if order.state in (DONE, CHECKED):
        assert order.arrived_at
        assert order.done_at
        assert order.arrived_at <= order.done_at
        assert not order.wants_consent or "quoted" in verbs, "a later quotation asks anew"
    if order.is_open:
        assert order.done_at is None
        assert next_step(order) is not None, "somebody has always something to do"
    assert 0 <= steps_done(order) <= len(steps_of(order))


@given(st.lists(st.sampled_from(VERBS), max_size=30))
def test_what_is_said_of_another_order_changes_nothing(verbs: list[str]) -> None:
    mine, other = opened(), opened()
    for n, verb in enumerate(verbs, start=2):
        advance_order(mine, entry(n, verb, order="W-CH-261119-002"))
    assert mine == other


def on_site(**said: Any) -> Order:
    order = opened(**said)
    for n, verb in enumerate(("order-sent", "order-accepted", "order-departed"), start=2):
        advance_order(order, entry(n, verb))
    assert next_step(order) == ARRIVE
    advance_order(order, entry(5, "order-arrived"))
    assert order.state == ON_SITE
    return order


@pytest.mark.peers("T30")
def test_an_emergency_is_made_safe_before_anybody_speaks_of_money() -> None:
    order = on_site(urgent=True)
    assert next_step(order) == MAKE_SAFE
    advance_order(order, entry(6, "payer-decided"))
    assert next_step(order) == MAKE_SAFE
    require_finished(order, Finish("关了总阀", result="made-safe"), ())
    advance_order(order, entry(7, "order-made-safe"))
    assert next_step(order) == QUOTE


def test_the_steps_of_paid_work_talk_about_the_price_and_those_of_free_work_do_not() -> None:
    order = on_site()
    advance_order(order, entry(6, "payer-decided"))
    assert [step.word for step in steps_of(order)] == [
        "出发", "到场", "报价", "同意", "领料", "完工",
    ]  # fmt: skip
    assert (next_step(order), steps_done(order)) == (QUOTE, 2)
    advance_order(order, entry(7, "quoted"))
    assert (next_step(order), steps_done(order)) == (CONSENT, 3)
    with pytest.raises(Refused, match="还没有同意"):
        require_finished(order, Finish("修好了"), ())
    advance_order(order, entry(8, "consented"))
    assert (next_step(order), steps_done(order)) == (FINISH, 4)
    advance_order(order, entry(9, "payer-decided", payer="company", paid=False))
    assert [step.word for step in steps_of(order)] == ["出发", "到场", "完工"]


def test_material_counts_as_drawn_only_when_it_was() -> None:
    order = on_site()
    assert "领料" in [step.word for step in steps_of(order)], "it lies ahead"
    advance_order(order, entry(6, "payer-decided", payer="company", paid=False))
    row = [step.word for step in steps_of(order)]
    assert "领料" not in row[: steps_done(order)], "no tick for what was not done"
    advance_order(order, entry(7, "material-drawn"))
    row = [step.word for step in steps_of(order)]
    assert "领料" in row[: steps_done(order)]


def test_of_a_finished_order_only_the_steps_stand_that_were_taken() -> None:
    order = on_site()
    for seq, verb in enumerate(("payer-decided", "quoted", "declined", "order-done"), start=6):
        advance_order(order, entry(seq, verb))
    assert [step.word for step in steps_of(order)] == ["出发", "到场", "报价", "完工"]
    assert steps_done(order) == 4


@pytest.mark.peers("T27")
@pytest.mark.parametrize(
    ("need", "told"),
    [
        ("signature", {"signed": True}),
        ("quality", {"quality": 5}),
        ("attitude", {"attitude": 5}),
        ("opinion", {"opinion": "好"}),
        ("phone", {"phone": "13900000421"}),
    ],
)
def test_each_need_is_refused_by_its_name_until_it_is_told(need: str, told: dict[str, Any]) -> None:
    order = on_site()
    with pytest.raises(Refused) as said:
        require_finished(order, Finish("修好了"), (need,))
    assert said.value.field == need
    require_finished(order, Finish("修好了", **told), (need,))


def test_the_turn_goes_to_the_skilled_then_to_who_waited_longest() -> None:
    early, late = OPENED, OPENED + timedelta(hours=1)
    a, b, c = (
        Candidate("0003", skilled=False, open_orders=0),
        Candidate("0004", skilled=True, open_orders=3, last=late),
        Candidate("0005", skilled=True, open_orders=7, last=early),
    )
    assert next_in_turn([a, b, c]) == "0005"
    assert next_in_turn([a, b, c], most_open=7) == "0004"
    assert next_in_turn([a, b, c], most_open=3) == "0003"
    assert next_in_turn([b, c], most_open=1) == ""
    assert {ON_SITE} <= UNFINISHED
