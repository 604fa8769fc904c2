"""Materials of a work order: asked for, issued, used, given back, compared."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections, transaction

from shouwen.rules.refused import Refused
from shouwen.stores.actions import drawing
from shouwen.stores.models import Move, Requisition
from shouwen.stores.queries import own_stock, reconcile
from tests.databases import asked
from tests.moments import moment
from tests.stores.conftest import LATER, ORDER, Shop, figures, refused

clause = pytest.mark.clause
TWO, ONE = Decimal(2), Decimal(1)


@clause("S2-RP-5")
def test_the_engineer_fetches_what_the_order_needs_and_signs_for_the_second_copy(
    shop: Shop,
) -> None:
    case = shop.case()
    made = shop.asks(case, (shop.valve, TWO), (shop.hose, Decimal("1.5")))
    assert made.number == "M-CH-261119-001"
    assert made.state == Requisition.State.ASKED
    assert shop.lies(shop.valve) == "20", "asking moves nothing"

    made = shop.issues(made)
    assert (shop.lies(shop.valve), shop.carries(shop.valve)) == ("18", "2")
    assert (shop.lies(shop.hose), shop.carries(shop.hose)) == ("4", "1.5")
    assert {move.subject for move in made.moves.all()} == {ORDER}
    assert made.acknowledged_at is None
    made = drawing.acknowledge(requisition=made, by=shop.engineer, at=LATER)
    assert made.acknowledged_at == LATER

    told = [entry.data for entry in case.journal.filter(verb="material-drawn")]
    assert [data["text"] for data in told] == [
        "从库房领出：角阀 DN15 2 只、不锈钢软管 1.5 米", "签收领料单第二联",
    ]  # fmt: skip
    assert (told[0]["requisition"], told[0]["order"]) == (made.number, ORDER)


@clause("S2-RP-11")
def test_what_was_used_is_held_against_what_was_drawn(shop: Shop) -> None:
    case = shop.case()
    shop.draws(case, (shop.valve, Decimal(3)), (shop.hose, TWO))
    drawing.use(case=case, subject=ORDER, lines=[(shop.valve, TWO)], by=shop.engineer, at=LATER)
    valve, hose = reconcile(ORDER)
    assert figures(valve, hose) == [["3", "2", "0", "1"], ["2", "0", "0", "2"]]

    drawing.give_back(
        lines=[(shop.valve, ONE), (shop.hose, TWO)], by=shop.engineer, at=LATER, case=case,
        subject=ORDER,
    )  # fmt: skip
    assert figures(*reconcile(ORDER)) == [["3", "2", "1", "0"], ["2", "0", "2", "0"]]
    assert (shop.lies(shop.valve), shop.carries(shop.valve)) == ("18", "0")
    verbs = list(case.journal.order_by("seq").values_list("verb", flat=True))
    assert verbs[-4:] == ["material-asked", "material-drawn", "material-drawn", "material-returned"]


def test_material_used_out_of_the_van_shows_as_more_used_than_drawn(shop: Shop) -> None:
    shop.draws(None, (shop.valve, Decimal(5)))
    case = shop.case()
    drawing.use(case=case, subject=ORDER, lines=[(shop.valve, ONE)], by=shop.engineer, at=LATER)
    assert figures(*reconcile(ORDER)) == [["0", "1", "0", "-1"]]
    assert [str(row.material) for row in own_stock(shop.cast.chenjianguo)] == ["角阀 DN15"]
    assert shop.carries(shop.valve) == "4"


def test_nobody_uses_what_he_does_not_carry(shop: Shop) -> None:
    case = shop.case()
    version = case.version
    with refused("not-in-stock"):
        drawing.use(case=case, subject=ORDER, lines=[(shop.valve, ONE)], by=shop.engineer, at=LATER)
    case.refresh_from_db()
    assert case.version == version
    assert not Move.objects.filter(kind=Move.Kind.USE).exists()


def test_one_material_that_is_missing_keeps_the_whole_issue_back(shop: Shop) -> None:
    made = shop.asks(shop.case(), (shop.valve, TWO), (shop.tape, ONE))
    with refused("not-in-stock"):
        shop.issues(made)
    assert shop.lies(shop.valve) == "20"
    made.refresh_from_db()
    assert made.state == Requisition.State.ASKED
    assert [line.issued for line in made.lines.all()] == [0, 0]


def test_the_store_may_issue_less_and_never_more(shop: Shop) -> None:
    made = shop.asks(shop.case(), (shop.valve, TWO), (shop.tape, ONE))
    with refused("more-than-asked"):
        shop.issues(made, "3", "0")
    made = shop.issues(made, "1", "0")
    assert [line.issued for line in made.lines.all()] == [1, 0]
    assert shop.carries(shop.valve) == "1"


def test_a_requisition_is_issued_once(shop: Shop) -> None:
    made = shop.draws(shop.case(), (shop.valve, TWO))
    with refused("not-waiting"):
        shop.issues(made)
    assert shop.carries(shop.valve) == "2"


def test_only_the_store_issues_and_only_the_engineer_signs_the_second_copy(shop: Shop) -> None:
    made = shop.asks(shop.case(), (shop.valve, TWO))
    line = made.lines.get()
    with refused("not-allowed"):
        drawing.issue(requisition=made, issued={line.pk: TWO}, by=shop.engineer, at=LATER)
    with refused("not-issued"):
        drawing.acknowledge(requisition=made, by=shop.engineer, at=LATER)
    made = shop.issues(made)
    with refused("not-yours"):
        drawing.acknowledge(requisition=made, by=shop.keeper, at=LATER)


def test_the_store_serves_an_order_whose_case_its_keeper_cannot_read(shop: Shop) -> None:
    case = shop.case(sent=False)
    by = shop.of(shop.cast.limin)
    made = drawing.request(
        case=case, subject=ORDER, lines=[(shop.valve, ONE)], by=by, at=LATER,
        engineer=shop.cast.chenjianguo,
    )  # fmt: skip
    shop.issues(made)
    assert shop.carries(shop.valve) == "1"
    assert case.journal.get(verb="material-drawn").by == shop.cast.machao


def test_a_requisition_called_off_says_why_and_is_not_issued_any_more(shop: Shop) -> None:
    made = shop.asks(shop.case(), (shop.valve, TWO))
    with refused("no-reason"):
        drawing.cancel(requisition=made, reason=" ", by=shop.engineer, at=LATER)
    with refused("not-allowed"):
        by = shop.of(shop.cast.hewei)
        drawing.cancel(requisition=made, reason="不用了", by=by, at=LATER)
    drawing.cancel(requisition=made, reason="客户自备", by=shop.engineer, at=LATER)
    assert made.case
    last = made.case.journal.order_by("-seq")[0]
    assert (last.verb, last.data["text"]) == ("material-asked", "取消领料：客户自备")
    with refused("not-waiting"):
        shop.issues(made)


def test_no_more_comes_back_for_an_order_than_was_drawn_for_it(shop: Shop) -> None:
    case = shop.case()
    shop.draws(None, (shop.valve, Decimal(5)))
    shop.draws(case, (shop.valve, TWO))
    back: dict[str, Any] = {"by": shop.engineer, "at": LATER, "project": shop.cast.cuihu}
    with refused("not-drawn-for-it"):
        drawing.give_back(lines=[(shop.valve, Decimal(3))], case=case, subject=ORDER, **back)
    drawing.give_back(lines=[(shop.valve, Decimal(3))], **back)
    assert shop.carries(shop.valve) == "4"


@pytest.mark.skipif(asked() != "postgresql", reason="SQLite writes one transaction at a time")
def test_of_two_returns_at_once_the_second_counts_after_the_first(
    transactional_db: None, shop: Shop
) -> None:
    """An order that has no case with us: nothing else would make one wait for the other."""
    shop.draws(None, (shop.valve, Decimal(5)))
    shop.draws(shop.case(), (shop.valve, TWO))
    codes: list[str] = []

    def gives_back() -> None:
        drawing.give_back(
            lines=[(shop.valve, TWO)], subject=ORDER, project=shop.cast.cuihu, by=shop.engineer,
            at=LATER,
        )  # fmt: skip

    def at_once() -> None:
        try:
            gives_back()
        except Refused as no:
            codes.append(no.code)
        finally:
            connections.close_all()

    second = threading.Thread(target=at_once, daemon=True)
    with transaction.atomic():
        gives_back()
        second.start()
        second.join(1)
        assert second.is_alive(), "it waits"
    second.join(20)
    assert codes == ["not-drawn-for-it"]
    assert figures(*reconcile(ORDER)) == [["2", "0", "2", "0"]]


def test_what_the_phone_sends_later_keeps_its_true_time(shop: Shop) -> None:
    case = shop.case()
    shop.draws(case, (shop.valve, ONE))
    real = moment("2026-11-19 10:31")
    drawing.use(
        case=case, subject=ORDER, lines=[(shop.valve, ONE)], by=shop.engineer,
        at=moment("2026-11-19 17:00"), happened=real,
    )  # fmt: skip
    used = Move.objects.get(kind=Move.Kind.USE)
    assert (used.at, used.recorded_at) == (real, moment("2026-11-19 17:00"))
    assert case.journal.order_by("-seq")[0].at == real


@pytest.mark.parametrize("quantity", ["0", "-1", "0.001", "NaN", "Infinity", "1000000"])
def test_a_quantity_is_a_positive_number_of_hundredths(shop: Shop, quantity: str) -> None:
    with refused("bad-quantity"):
        shop.asks(shop.case(), (shop.valve, Decimal(quantity)))


def test_a_store_keeps_nothing_of_another_project(shop: Shop) -> None:
    other = shop.of(shop.cast.jingui_clerk)
    with refused("other-project"):
        drawing.request(
            case=None, subject="", lines=[(shop.valve, ONE)], by=other, at=LATER,
            project=shop.cast.jingui,
        )  # fmt: skip
