"""Money that goes back, and money that is given up: never by one person alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shouwen.billing.actions.paying import Way
from shouwen.billing.actions.returning import (
    approve_refund,
    approve_write_off,
    ask_refund,
    ask_write_off,
    pay_out,
    refuse,
)
from shouwen.billing.models import Account, Refund
from shouwen.billing.queries import account_balance, balance, due_back
from shouwen.notify.models import OutboxMessage
from shouwen.rules.money import ZERO
from shouwen.rules.refused import Refused
from tests.billing.conftest import EVENING, NEXT_DAY, Counter

TWENTY = Decimal("20.00")


def paid_back(counter: Counter, method: str = "cash") -> Refund:
    """20.00 of 86.00, asked for by 徐琴, approved by 唐莉, paid out by 徐琴."""
    charge = counter.charges(counter.case())
    payment = counter.pays(charge)
    clerk, finance = counter.of(counter.cast.xuqin), counter.of(counter.cast.tangli)
    asked = ask_refund(
        payment=payment, charge=charge, amount=TWENTY, reason="角阀少换一只", by=clerk, at=EVENING
    )
    approved = approve_refund(refund=asked, by=finance, at=EVENING)
    return pay_out(refund=approved, way=Way(method, "T2611"), by=clerk, at=NEXT_DAY)


def test_a_refund_takes_from_the_income_and_from_the_drawer(counter: Counter) -> None:
    refund = paid_back(counter)
    project, kind = counter.cast.cuihu, Account.Kind
    assert account_balance(project, kind.TILL) == Decimal("66.00")
    assert account_balance(project, kind.INCOME) == Decimal("-66.00")
    assert (balance(counter.cast.home), due_back(counter.cast.home)) == (ZERO, ZERO)
    assert refund.charge is not None
    refund.charge.refresh_from_db()
    assert (refund.charge.state, refund.charge.refunded) == ("paid", TWENTY)
    assert refund.charge.case is not None
    entry = refund.charge.case.journal.get(verb="refunded")
    assert (entry.data["amount"], entry.data["reason"]) == ("20.00", "角阀少换一只")


def test_no_more_goes_back_than_was_paid_counting_what_is_asked_for(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    payment = counter.pays(charge, amount="50.00")
    clerk = counter.of(counter.cast.xuqin)

    def ask(amount: str) -> Refund:
        return ask_refund(
            payment=payment, charge=charge, amount=Decimal(amount), reason="多收", by=clerk,
            at=EVENING,
        )  # fmt: skip

    first = ask("30.00")
    with pytest.raises(Refused, match=r"最多可退 20\.00 元"):
        ask("20.01")
    refuse(request=first, decision="已当场说明", by=counter.of(counter.cast.tangli), at=EVENING)
    ask("50.00")


def test_who_asked_does_not_approve_and_who_may_not_is_refused(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    manager, clerk = counter.of(counter.cast.zhoumin), counter.of(counter.cast.xuqin)
    asked = ask_write_off(charge=charge, amount=TWENTY, reason="老人", by=manager, at=EVENING)
    with pytest.raises(Refused, match="不能审批自己的申请"):
        approve_write_off(write_off=asked, by=manager, at=EVENING)
    with pytest.raises(Refused, match="没有这项权限"):
        approve_write_off(write_off=asked, by=clerk, at=EVENING)
    with pytest.raises(Refused, match="写明原因"):
        refuse(request=asked, decision=" ", by=counter.of(counter.cast.tangli), at=EVENING)


def test_a_request_is_told_to_somebody_else_who_may_approve_and_its_answer_to_who_asked(
    counter: Counter,
) -> None:
    charge = counter.charges(counter.case())
    manager, finance = counter.cast.zhoumin, counter.cast.tangli
    asked = ask_write_off(
        charge=charge, amount=TWENTY, reason="老人", by=counter.of(finance), at=EVENING
    )
    told = OutboxMessage.objects.get(event=f"money:{asked.number}:asked")
    assert (told.staff, told.subject) == (manager, "待审批：减免 20.00 元（唐莉申请）")
    refuse(request=asked, decision="已优惠过", by=counter.of(manager), at=NEXT_DAY)
    answer = OutboxMessage.objects.get(event=f"money:{asked.number}:decided")
    assert (answer.staff, answer.body) == (finance, "已优惠过")


def test_a_write_off_of_all_that_is_left_settles_the_charge(counter: Counter) -> None:
    case = counter.case()
    charge = counter.charges(case)
    clerk, finance = counter.of(counter.cast.xuqin), counter.of(counter.cast.tangli)
    asked = ask_write_off(
        charge=charge, amount=Decimal("86.00"), reason="返修", by=clerk, at=EVENING
    )
    with pytest.raises(Refused, match=r"最多可减免 0\.00 元"):
        ask_write_off(charge=charge, amount=TWENTY, reason="返修", by=clerk, at=EVENING)
    approve_write_off(write_off=asked, by=finance, at=EVENING)
    charge.refresh_from_db()
    assert (charge.state, balance(counter.cast.home)) == ("written-off", ZERO)
    assert case.journal.get(verb="written-off").by == counter.cast.tangli


def test_what_was_paid_meanwhile_is_not_given_up_as_well(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    clerk, finance = counter.of(counter.cast.xuqin), counter.of(counter.cast.tangli)
    asked = ask_write_off(charge=charge, amount=TWENTY, reason="返修", by=clerk, at=EVENING)
    counter.pays(charge, amount="80.00")
    with pytest.raises(Refused, match=r"现在只欠 6\.00 元"):
        approve_write_off(write_off=asked, by=finance, at=NEXT_DAY)


def test_nobody_gives_out_of_a_drawer_what_is_not_in_it(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    payment = counter.pays(charge, method="transfer")
    clerk, finance = counter.of(counter.cast.xuqin), counter.of(counter.cast.tangli)
    refund = ask_refund(
        payment=payment, charge=charge, amount=TWENTY, reason="多收", by=clerk, at=EVENING
    )
    with pytest.raises(Refused, match="还没有批准"):
        pay_out(refund=refund, way=Way("transfer"), by=clerk, at=EVENING)
    approve_refund(refund=refund, by=finance, at=EVENING)
    with pytest.raises(Refused, match=r"只有 0\.00 元"):
        pay_out(refund=refund, way=Way("cash"), by=clerk, at=EVENING)
    pay_out(refund=refund, way=Way("transfer", "T1"), by=clerk, at=EVENING)
    with pytest.raises(Refused, match="已经退了"):
        pay_out(refund=refund, way=Way("transfer", "T1"), by=clerk, at=EVENING)
