"""The counter as its people use it: looked up, taken, receipted, billed, counted, approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.billing.actions.bills import run_bills
from shouwen.billing.actions.returning import ask_write_off
from shouwen.billing.models import (
    Account,
    Bill,
    Charge,
    Payment,
    Receipt,
    Refund,
    TillCount,
    WriteOff,
)
from shouwen.billing.queries import account_balance, balance, in_hand
from shouwen.rules.money import ZERO
from tests.billing.conftest import EVENING, FINISHED, ORDER, Counter

clause = pytest.mark.clause
MOST_QUERIES = 22
MOST_OF_CASH = 26


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-26 17:40", "周四")


def sees(counter: Counter, who: Staff, name: str, *args: object, **asked: Any) -> str:
    response = counter.client(who).get(reverse(f"billing:{name}", args=args), asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(counter: Counter, who: Staff, name: str, *args: object, **fields: Any) -> Any:
    return counter.client(who).post(reverse(f"billing:{name}", args=args), fields)


def errors(response: Any) -> str:
    assert response.status_code == 422, response.status_code
    return str(response.content.decode())


# --- The counter ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["3栋2单元501", "13900000421", "王女士"])
def test_a_room_a_phone_or_a_name_leads_to_the_home(counter: Counter, text: str) -> None:
    found = counter.client(counter.cast.xuqin).get(reverse("billing:desk"), {"q": text})
    assert found.headers["Location"] == reverse("billing:unit", args=[counter.cast.home.pk])


def test_the_number_of_an_order_a_case_or_a_bill_leads_to_what_it_costs(counter: Counter) -> None:
    case = counter.case()
    charge = counter.charges(case, collect="fee-bill")
    by = counter.of(counter.cast.xuqin)
    (bill,) = run_bills(project=counter.cast.cuihu, period="2026-11", kind="fee", by=by, at=EVENING)
    client = counter.client(counter.cast.xuqin)
    for text in (charge.number, ORDER.lower(), case.number, bill.number):
        found = client.get(reverse("billing:desk"), {"q": text})
        assert found.headers["Location"] == reverse("billing:charge", args=[charge.number]), text
    assert "没有找到" in sees(counter, counter.cast.xuqin, "desk", q="W-CH-000000-999")


def test_ticked_charges_are_paid_and_a_second_sending_takes_nothing(counter: Counter) -> None:
    first, second = counter.charges(counter.case()), counter.charges(counter.case())
    home, clerk = counter.cast.home, counter.cast.xuqin
    form = {"key": "k1", "charges": first.pk, "method": "cash", "payer": "王女士", "amount": ""}
    first_sent, again = (sends(counter, clerk, "unit", home.pk, **form) for _ in range(2))
    payment = Payment.objects.get()
    assert first_sent.headers["Location"] == reverse("billing:payment", args=[payment.number])
    assert again.headers["Location"] == first_sent.headers["Location"]
    second.refresh_from_db()
    assert (payment.amount, second.owed, balance(home)) == (
        Decimal("86.00"), second.amount, second.amount,
    )  # fmt: skip


def test_too_much_is_refused_beside_what_was_typed(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    sent = sends(
        counter, counter.cast.xuqin, "unit", counter.cast.home.pk, key="k1", charges=charge.pk,
        method="cash", payer="王女士", amount="100",
    )  # fmt: skip
    page = errors(sent)
    assert "一共欠 86.00 元" in page
    assert 'value="100"' in page
    none = sends(
        counter, counter.cast.xuqin, "unit", counter.cast.home.pk, key="k2", method="cash",
        amount="1",
    )  # fmt: skip
    assert "请选要收的费用" in errors(none)


def test_something_that_no_order_charged_is_charged_at_the_counter(counter: Counter) -> None:
    home = counter.cast.home
    said = {
        "key": "k1", "title": "门禁卡补办", "collect": "cash", "name-0": "门禁卡", "unit-0": "张",
        "quantity-0": "2", "price-0": "25.00", "name-1": "工本费", "price-1": "3.50",
    }  # fmt: skip
    sends(counter, counter.cast.limin, "new-charge", home.pk, **said)
    charge = Charge.objects.get()
    assert (charge.amount, charge.unit, charge.lines.count()) == (Decimal("53.50"), home, 2)
    page = sees(counter, counter.cast.xuqin, "charge", charge.number)
    assert "门禁卡" in page
    assert "53.50" in page


# --- Receipts, refunds, write-offs ----------------------------------------------------------------


def test_a_receipt_is_issued_brought_and_voided_from_the_page_of_its_payment(
    counter: Counter,
) -> None:
    payment = counter.pays(counter.charges(counter.case()))
    clerk = counter.cast.xuqin
    act = ("payment-act", payment.number)
    sends(counter, clerk, *act, "issue", key="a")
    assert "待送交" in sees(counter, clerk, "payment", payment.number)
    sends(counter, clerk, *act, "deliver", key="b")
    assert "已交给业户" in sees(counter, clerk, "payment", payment.number)
    assert "必填" in errors(sends(counter, clerk, *act, "void", key="c", reason=""))
    sends(counter, clerk, *act, "void", key="d", reason="抬头写错")
    assert Receipt.objects.get().void_reason == "抬头写错"
    assert "开收据" in sees(counter, clerk, "payment", payment.number)


def test_an_engineer_sees_and_delivers_the_receipt_of_the_cash_that_he_took(
    counter: Counter,
) -> None:
    payment = counter.pays_on_site(counter.charges(counter.case()))
    engineer, clerk = counter.cast.chenjianguo, counter.cast.xuqin
    assert "收缴后才能开收据" in sees(counter, engineer, "payment", payment.number)
    sends(
        counter, clerk, "hand-in", key="h", engineer=engineer.pk, counted="86.00", note=""
    )  # fmt: skip
    sends(counter, clerk, "payment-act", payment.number, "issue", key="a")
    sends(counter, engineer, "payment-act", payment.number, "deliver", key="b")
    receipt = Receipt.objects.get()
    assert (receipt.delivered_by, receipt.delivered_at) == (engineer, EVENING)
    other = counter.client(counter.cast.hewei).get(
        reverse("billing:payment", args=[payment.number])
    )
    assert other.status_code == 404


def test_a_refund_goes_from_the_request_over_the_approval_to_the_customer(
    counter: Counter,
) -> None:
    charge = counter.charges(counter.case())
    payment = counter.pays(charge)
    clerk, finance = counter.cast.xuqin, counter.cast.tangli
    sends(
        counter, clerk, "payment-act", payment.number, "refund", key="a", charge=charge.number,
        amount="20.00", reason="少换一只角阀",
    )  # fmt: skip
    refund = Refund.objects.get()
    assert "少换一只角阀" in sees(counter, finance, "approvals")
    decide = ("decide", "refund", refund.number)
    assert sends(counter, clerk, *decide, key="b", answer="yes").status_code == 403
    assert sends(counter, clerk, "pay-out", refund.number, key="e").status_code == 409
    sends(counter, finance, *decide, key="c", answer="yes", decision="同意")
    assert sends(counter, finance, *decide, key="f", answer="yes").status_code == 409
    assert "待退款" in sees(counter, clerk, "approvals")
    sends(counter, clerk, "pay-out", refund.number, key="d", method="cash")
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by, refund.paid_by) == ("paid", finance, clerk)


def test_a_write_off_that_is_not_approved_says_why_and_changes_nothing(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    clerk, finance = counter.cast.xuqin, counter.cast.tangli
    sends(
        counter, clerk, "charge-act", charge.number, "write-off", key="a", amount="86.00",
        reason="客户不满",
    )  # fmt: skip
    row = WriteOff.objects.get()
    decide = ("decide", "write-off", row.number)
    assert "写明原因" in errors(sends(counter, finance, *decide, key="b", answer="no"))
    sends(counter, finance, *decide, key="c", answer="no", decision="已按标准收费")
    assert "已按标准收费" in sees(counter, clerk, "charge", charge.number)
    charge.refresh_from_db()
    assert charge.owed == charge.amount


# --- Cash and bills -------------------------------------------------------------------------------


@clause("S2-RP-9")
def test_the_days_cash_of_every_repairer_stands_on_one_page(counter: Counter) -> None:
    counter.pays_on_site(counter.charges(counter.case()))
    clerk, engineer = counter.cast.xuqin, counter.cast.chenjianguo
    page = sees(counter, clerk, "cash")
    assert "陈建国" in page
    assert "未交" in page
    short = sends(counter, clerk, "hand-in", key="a", engineer=engineer.pk, counted="80")
    assert "应为 86.00 元" in errors(short)
    sends(counter, clerk, "hand-in", key="b", engineer=engineer.pk, counted="86")
    assert in_hand(engineer) == ZERO
    sends(
        counter, clerk, "count", key="c", counted="86", deposited="86", bank_ref="CK-1", note=""
    )  # fmt: skip
    assert TillCount.objects.get().deposited == Decimal("86.00")
    assert "当天现金相符" in sees(counter, clerk, "cash", day="2026-11-26")
    assert "全部账目相符" in sees(counter, clerk, "cash", day="2026-11-26", whole="1")
    assert "陈建国" not in sees(counter, clerk, "cash", day="2026-11-20").split("交回记录")[0]


def test_what_a_payment_provider_paid_out_is_booked_into_the_bank(counter: Counter) -> None:
    counter.pays(counter.charges(counter.case()), method="wechat")
    clerk, kinds = counter.cast.xuqin, Account.Kind
    assert "支付平台待结算 86.00 元" in sees(counter, clerk, "cash")
    more = sends(counter, clerk, "settle", key="a", method="wechat", amount="86.01")
    assert "待结算的只有 86.00 元" in errors(more)
    sends(counter, clerk, "settle", key="b", method="wechat", amount="86")
    balances = {kind: account_balance(counter.cast.cuihu, kind) for kind in kinds}
    assert (balances[kinds.CLEARING], balances[kinds.BANK]) == (ZERO, Decimal("86.00"))


def test_a_round_of_bills_is_made_and_listed_and_a_bill_says_what_it_asks_for(
    counter: Counter,
) -> None:
    counter.charges(counter.case(), collect="fee-bill")
    clerk = counter.cast.xuqin
    said = {"kind": "fee", "period": "2026-11", "due_on": "2026-12-10"}
    assert sends(counter, counter.cast.limin, "bills", key="x", **said).status_code == 403
    sends(counter, clerk, "bills", key="a", **said)
    bill = Bill.objects.get()
    assert bill.number in sees(counter, clerk, "bills")
    assert "不锈钢角阀" in sees(counter, clerk, "bill", bill.number)
    assert "没有这样的账单" in sees(counter, clerk, "bills", state="paid")
    assert "写成" in errors(sends(counter, clerk, "bills", key="b", kind="fee", period="11月"))


# --- What other pages show ------------------------------------------------------------------------


@clause("S0-3.4-17")
def test_who_calls_about_paying_has_his_balance_before_him_at_once(counter: Counter) -> None:
    counter.charges(counter.case())
    panel = sees(counter, counter.cast.limin, "unit-panel", counter.cast.home.pk)
    assert "欠 86.00 元" in panel
    assert reverse("billing:unit", args=[counter.cast.home.pk]) in panel
    assert "不欠费" in sees(counter, counter.cast.limin, "unit-panel", counter.cast.neighbour.pk)
    assert sees(counter, counter.cast.machao, "unit-panel", counter.cast.home.pk) == ""
    client = counter.client(counter.cast.limin)
    address = reverse("billing:unit-panel", args=[counter.cast.home.pk])
    for page, asked in ((reverse("cases:caller"), {"who": "3栋2单元501"}), (
        reverse("estate:unit", args=[counter.cast.home.pk]), {},
    )):  # fmt: skip
        assert address in client.get(page, asked).content.decode()


def test_the_page_of_a_case_shows_what_it_costs_and_where_the_cash_is(counter: Counter) -> None:
    case = counter.case()
    assert sees(counter, counter.cast.limin, "panel", case.number) == ""
    counter.pays_on_site(counter.charges(case), amount="50.00")
    panel = sees(counter, counter.cast.limin, "panel", case.number)
    assert "欠 36.00 元" in panel
    assert "现金在陈建国手里" in panel


def test_a_list_asks_no_more_of_the_database_when_it_is_longer(counter: Counter) -> None:
    client = counter.client(counter.cast.xuqin)

    def queries(name: str, *args: object) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse(f"billing:{name}", args=args)).status_code == 200
        return len(seen)

    home = counter.cast.home
    pages: list[tuple[Any, ...]] = [("desk",), ("bills",), ("unit", home.pk), ("approvals",)]
    asked = []
    for _longer in range(3):
        charge = counter.charges(None, unit=home, at=FINISHED)
        counter.pays(charge, amount="6.00")
        ask_write_off(
            charge=charge, amount=Decimal(1), reason="返修", by=counter.of(counter.cast.xuqin),
            at=EVENING,
        )  # fmt: skip
        asked.append([queries(*page) for page in pages])
    assert asked[1] == asked[2]
    assert max(asked[1]) <= MOST_QUERIES
    assert queries("cash") <= MOST_OF_CASH, "the day alone is audited, not the whole books"
