"""What a customer owes, what he paid, and the paper for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shouwen.billing.actions.charging import cancel_charge
from shouwen.billing.actions.paying import (
    deliver_receipt,
    issue_receipt,
    take_payment,
    void_receipt,
)
from shouwen.billing.models import Posting, Receipt
from shouwen.billing.queries import balance, charges_of, in_hand, open_charges
from shouwen.cases.verifying import verify
from shouwen.rules.money import ZERO, Line
from shouwen.rules.refused import Refused
from tests.billing.conftest import EVENING, FINISHED, NEXT_DAY, ORDER, Counter

clause = pytest.mark.clause


def test_a_charge_is_owed_by_the_home_of_its_case_and_told_in_its_journal(
    counter: Counter,
) -> None:
    case = counter.case()
    charge = counter.charges(case)
    assert (charge.amount, charge.unit, charge.state) == (Decimal("86.00"), case.unit, "open")
    assert balance(counter.cast.home) == Decimal("86.00")
    assert list(charges_of(case, ORDER)) == [charge]
    entry = case.journal.get(verb="charged")
    assert entry.data == {
        "order": ORDER, "charge": charge.number, "title": "更换厨房角阀", "amount": "86.00",
        "collect": "cash", "text": "更换厨房角阀 86.00 元",
    }  # fmt: skip


def test_a_charge_of_nothing_is_refused(counter: Counter) -> None:
    with pytest.raises(Refused, match="不用计费"):
        counter.charges(counter.case(), lines=[Line("上门", "次", Decimal(1), Decimal(0))])


def test_a_charge_that_the_books_have_no_room_for_is_refused(counter: Counter) -> None:
    slip = Line("上门", "次", Decimal(100_000), Decimal("100000.00"))
    with pytest.raises(Refused, match="请核对数量和单价"):
        counter.charges(counter.case(), lines=[slip])


def test_one_transfer_is_booked_once(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    by_bank: dict[str, Any] = {"method": "transfer", "provider_ref": "20261126-0001"}
    payment = counter.pays(charge, amount="40.00", **by_bank)
    with pytest.raises(Refused, match=payment.number):
        counter.pays(charge, amount="46.00", **by_bank)
    assert balance(counter.cast.home) == Decimal("46.00")


@clause("S2-RP-7")
def test_payment_on_completion_is_recorded_against_the_order_with_its_amount_and_method(
    counter: Counter,
) -> None:
    case = counter.case()
    charge = counter.charges(case)
    payment = counter.pays_on_site(charge)
    charge.refresh_from_db()
    assert (charge.state, charge.owed, balance(counter.cast.home)) == ("paid", ZERO, ZERO)
    assert charge.allocations.get().payment == payment
    entry = case.journal.get(verb="paid")
    assert entry.data["charges"] == [charge.number]
    assert (entry.data["amount"], entry.data["method"]) == ("86.00", "cash")
    assert (charge.subject, entry.said_by) == (ORDER, "王女士")


def test_part_of_a_charge_may_be_paid_and_no_more_than_is_owed(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    counter.pays(charge, amount="50.00")
    charge.refresh_from_db()
    left = Decimal("36.00")
    assert (charge.state, charge.owed, balance(counter.cast.home)) == ("open", left, left)
    with pytest.raises(Refused, match=r"一共欠 36\.00 元"):
        counter.pays(charge, amount="36.01")
    counter.pays(charge, amount="36.00", method="transfer")
    with pytest.raises(Refused, match="已经收清"):
        counter.pays(charge, amount="0.01")


def test_one_payment_settles_several_charges_the_first_named_first(counter: Counter) -> None:
    first, second = counter.charges(counter.case()), counter.charges(counter.case())
    counter.pays(second, first, amount="100.00")
    assert [c.owed for c in open_charges(counter.cast.home)] == [Decimal("72.00")]
    second.refresh_from_db()
    assert second.state == "paid"


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "0.001"])
def test_an_amount_that_nobody_can_pay_is_refused(counter: Counter, amount: str) -> None:
    with pytest.raises(Refused, match="两位小数"):
        counter.pays(counter.charges(counter.case()), amount=amount)


def test_an_engineer_takes_money_only_for_matters_of_his_own(counter: Counter) -> None:
    fee = counter.charges(None, unit=counter.cast.home)
    with pytest.raises(Refused, match="收款台"):
        counter.pays_on_site(counter.charges(counter.case()), fee)
    with pytest.raises(Refused, match="没有这项权限"):
        take_payment(
            charges=[fee], amount=Decimal(1), method="cash", payer="", at=FINISHED,
            by=counter.of(counter.cast.machao),
        )  # fmt: skip


def test_only_a_charge_of_which_nothing_is_paid_is_taken_back(counter: Counter) -> None:
    case = counter.case()
    charge, wrong = counter.charges(case), counter.charges(case)
    clerk = counter.of(counter.cast.xuqin)
    cancel_charge(charge=wrong, reason="重复计费", by=clerk, at=EVENING)
    assert balance(counter.cast.home) == Decimal("86.00")
    counter.pays(charge, amount="1.00")
    with pytest.raises(Refused, match="申请退款或减免"):
        cancel_charge(charge=charge, reason="客户不满", by=clerk, at=EVENING)
    assert case.journal.get(verb="charge-cancelled").data["reason"] == "重复计费"


def test_a_charge_is_taken_back_by_the_counter_and_not_by_who_did_the_work(
    counter: Counter,
) -> None:
    charge = counter.charges(counter.case())
    with pytest.raises(Refused, match="没有这项权限"):
        cancel_charge(
            charge=charge, reason="熟人", by=counter.of(counter.cast.chenjianguo), at=EVENING
        )
    assert balance(counter.cast.home) == charge.amount


def test_the_journal_of_a_case_with_money_in_it_still_verifies(counter: Counter) -> None:
    case = counter.case()
    counter.pays(counter.charges(case))
    assert list(verify()) == []
    assert Posting.objects.filter(case=case).count() == 2


# --- Receipts -------------------------------------------------------------------------------------


def test_receipts_are_numbered_without_gaps_and_a_spoilt_one_keeps_its_number(
    counter: Counter,
) -> None:
    clerk = counter.of(counter.cast.xuqin)
    payment = counter.pays(counter.charges(counter.case()))
    spoilt = issue_receipt(payment=payment, by=clerk, at=EVENING)
    with pytest.raises(Refused, match="已经开过收据"):
        issue_receipt(payment=payment, by=clerk, at=EVENING)
    void_receipt(receipt=spoilt, reason="打印卡纸", by=clerk, at=EVENING)
    issue_receipt(payment=payment, by=clerk, at=EVENING)
    numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["R-CH-261126-001", "R-CH-261126-002"]


@clause("S2-RP-10")
def test_the_clerk_issues_the_receipt_and_the_engineer_brings_it_to_the_customer(
    counter: Counter,
) -> None:
    case = counter.case()
    payment = counter.pays(counter.charges(case))
    engineer = counter.of(counter.cast.chenjianguo)
    with pytest.raises(Refused, match="没有这项权限"):
        issue_receipt(payment=payment, by=engineer, at=EVENING)
    receipt = issue_receipt(payment=payment, by=counter.of(counter.cast.xuqin), at=EVENING)
    deliver_receipt(receipt=receipt, by=engineer, at=NEXT_DAY, happened=EVENING)
    receipt.refresh_from_db()
    assert (receipt.delivered_by, receipt.delivered_at) == (counter.cast.chenjianguo, EVENING)
    steps = [entry.data["step"] for entry in case.journal.filter(verb="receipted")]
    assert steps == ["issued", "delivered"]


def test_cash_that_an_engineer_still_carries_gets_no_receipt(counter: Counter) -> None:
    payment = counter.pays_on_site(counter.charges(counter.case()))
    assert in_hand(counter.cast.chenjianguo) == Decimal("86.00")
    with pytest.raises(Refused, match="先收缴现金"):
        issue_receipt(payment=payment, by=counter.of(counter.cast.xuqin), at=EVENING)
