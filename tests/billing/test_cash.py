"""Cash on the way, in the drawer, and at the bank."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shouwen.billing.actions.cash import count_till, hand_in
from shouwen.billing.actions.paying import Way, issue_receipt, remit
from shouwen.billing.models import Account
from shouwen.billing.queries import account_balance, collected_for, in_hand
from shouwen.rules.money import ZERO
from shouwen.rules.refused import Refused
from tests.billing.conftest import EVENING, NEXT_DAY, Counter

clause = pytest.mark.clause
Kind = Account.Kind


def brings(counter: Counter, counted: str, note: str = "") -> None:
    """陈建国 puts his cash before 徐琴."""
    hand_in(
        project=counter.cast.cuihu, engineer=counter.cast.chenjianguo, counted=Decimal(counted),
        note=note, by=counter.of(counter.cast.xuqin), at=EVENING,
    )  # fmt: skip


@clause("S2-RP-9")
def test_what_a_repairer_carries_is_known_until_the_centre_has_counted_it(
    counter: Counter,
) -> None:
    payment = counter.pays_on_site(counter.charges(counter.case()))
    engineer = counter.cast.chenjianguo
    assert (in_hand(engineer), account_balance(counter.cast.cuihu, Kind.TILL)) == (
        Decimal("86.00"), ZERO,
    )  # fmt: skip
    brings(counter, "86.00")
    payment.refresh_from_db()
    assert payment.hand_in is not None
    assert (payment.hand_in.at, payment.hand_in.difference) == (EVENING, ZERO)
    assert (in_hand(engineer), account_balance(counter.cast.cuihu, Kind.TILL)) == (
        ZERO, Decimal("86.00"),
    )  # fmt: skip
    issue_receipt(payment=payment, by=counter.of(counter.cast.xuqin), at=EVENING)


def test_missing_cash_wants_a_reason_and_stays_on_the_engineers_account(counter: Counter) -> None:
    counter.pays_on_site(counter.charges(counter.case()))
    with pytest.raises(Refused, match=r"应为 86\.00 元，实点 80\.00 元"):
        brings(counter, "80.00")
    brings(counter, "80.00", "零钱不够，明天补")
    assert in_hand(counter.cast.chenjianguo) == Decimal("6.00")
    brings(counter, "6.00")
    assert in_hand(counter.cast.chenjianguo) == ZERO
    with pytest.raises(Refused, match="没有要交的现金"):
        brings(counter, "0.00")


def test_nobody_counts_his_own_cash_in(counter: Counter) -> None:
    with pytest.raises(Refused, match="另一位收款人"):
        hand_in(
            project=counter.cast.cuihu, engineer=counter.cast.xuqin, counted=Decimal(1),
            by=counter.of(counter.cast.xuqin), at=EVENING,
        )  # fmt: skip


def test_the_drawer_is_counted_and_brought_to_the_bank_and_a_shortage_is_on_record(
    counter: Counter,
) -> None:
    counter.pays(counter.charges(counter.case()))
    project = counter.cast.cuihu

    def count(counted: str, deposited: str, note: str = "") -> None:
        count_till(
            project=project, counted=Decimal(counted), deposited=Decimal(deposited), note=note,
            bank_ref="CK-0098", by=counter.of(counter.cast.xuqin), at=EVENING,
        )  # fmt: skip

    with pytest.raises(Refused, match="不能多于实点"):
        count("85.00", "85.01", "找零差错")
    count("85.00", "80.00", "找零差错")
    balances = {kind: account_balance(project, kind) for kind in (Kind.TILL, Kind.BANK)}
    assert balances == {Kind.TILL: Decimal("5.00"), Kind.BANK: Decimal("80.00")}
    assert account_balance(project, Kind.OVER_SHORT) == Decimal("1.00")


def test_rent_that_we_collect_is_not_our_income_and_no_more_is_passed_on_than_came_in(
    counter: Counter,
) -> None:
    owner, project = counter.cast.mrzhao, counter.cast.cuihu
    rent = counter.charges(None, unit=counter.cast.neighbour, held_for=owner)
    assert collected_for(project, owner) == ZERO
    counter.pays(rent, amount="50.00", method="transfer")
    assert (collected_for(project, owner), account_balance(project, Kind.INCOME)) == (
        Decimal("50.00"), ZERO,
    )  # fmt: skip
    clerk = counter.of(counter.cast.xuqin)
    with pytest.raises(Refused, match=r"代收款只有 50\.00 元"):
        remit(
            project=project, customer=owner, amount=Decimal("50.01"), way=Way("transfer"),
            by=clerk, at=NEXT_DAY,
        )  # fmt: skip
    remit(
        project=project, customer=owner, amount=Decimal("50.00"), way=Way("transfer", "Z1"),
        by=clerk, at=NEXT_DAY,
    )  # fmt: skip
    assert collected_for(project, owner) == ZERO
