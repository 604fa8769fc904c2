"""Prices and plans that a customer agrees to, or not, through his link."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwen.accounts.scope import scope_of
from shouwen.cases.models import Case
from shouwen.notify.models import OutboxMessage
from shouwen.portal.actions.agreeing import agree
from shouwen.portal.models import CustomerLink
from shouwen.pricing.actions.quoting import QuoteLine, decline, quote, require_consent
from shouwen.pricing.models import Quotation
from shouwen.repairs.actions.issuing import issue
from shouwen.repairs.actions.working import cancel
from shouwen.rules.refused import Refused
from shouwen.services.models import ServiceOrder
from tests.followup.conftest import NEXT_DAY
from tests.portal.conftest import Customer, Portal, read
from tests.services.conftest import AFTERNOON
from tests.services.conftest import Desk as Services

VALVE = QuoteLine(None, "不锈钢角阀", "个", Decimal(2), Decimal("43.00"), material=True)


@pytest.fixture
def repair(portal: Portal) -> Case:
    return portal.registers(kind="repair")


def quoted(portal: Portal, case: Case, line: QuoteLine = VALVE) -> Quotation:
    by = scope_of(portal.cast.limin, NEXT_DAY)
    return quote(case=case, subject="", lines=[line], by=by, at=NEXT_DAY)


def answers(customer: Customer, number: str, do: str, key: str = "k", **more: str) -> Any:
    address = reverse("portal:offers", args=[customer.token])
    body = {"number": number, "do": do, "key": key, **more}
    return customer.client.post(address, body, follow=True)


@pytest.mark.clause("S0-3.4-16")
def test_who_agrees_when_and_to_how_much_is_on_record_before_paid_work_may_go_on(
    portal: Portal, repair: Case
) -> None:
    offer, customer = quoted(portal, repair), portal.customer(repair, "consent")
    with pytest.raises(Refused):
        require_consent(repair, urgent=False)
    assert "86.00" in customer.opens()
    page = read(answers(customer, offer.number, "agree", name="王女士", relation="业主"))
    assert "已记下您的同意" in page
    offer.refresh_from_db()
    assert (offer.state, offer.means, offer.recorded_by) == ("agreed", "link", None)
    assert (offer.answered_by_name, offer.answered_at, offer.total) == (
        "王女士", NEXT_DAY, Decimal("86.00")
    )  # fmt: skip
    entry = repair.journal.get(verb="consented")
    assert (entry.by, entry.said_by, entry.data["total"]) == (None, "王女士", "86.00")
    require_consent(repair, urgent=False)


def test_who_waits_for_the_answer_is_told_at_once(portal: Portal, repair: Case) -> None:
    offer, customer = quoted(portal, repair), portal.customer(repair, "consent")
    answers(customer, offer.number, "decline", name="王女士", reason="太贵了")
    offer.refresh_from_db()
    message = OutboxMessage.objects.get(event=f"case:{repair.pk}:offer:{offer.number}")
    assert (offer.state, message.staff, message.urgent) == ("declined", portal.cast.limin, True)
    assert "太贵了" in message.subject


@pytest.mark.parametrize(
    ("do", "sentence"), [("agree", "请写明是谁同意的"), ("decline", "请写明客户为什么不同意")]
)
def test_without_a_name_or_a_reason_nothing_is_agreed_and_what_was_typed_stays(
    portal: Portal, repair: Case, do: str, sentence: str
) -> None:
    offer, customer = quoted(portal, repair), portal.customer(repair, "consent")
    answer = answers(customer, offer.number, do, relation="租户")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    offer.refresh_from_db()
    assert offer.state == "given"


def test_what_was_seen_is_what_is_agreed_to(portal: Portal, repair: Case) -> None:
    """Quoted anew while the page was open: the old price is not agreed to, and nor is the new."""
    old, customer = quoted(portal, repair), portal.customer(repair, "consent")
    new = quoted(portal, repair, QuoteLine(None, "软管", "根", Decimal(1), Decimal(150), True))
    answer = answers(customer, old.number, "agree", name="王女士")
    assert "这份报价已经撤回" in answer.content.decode()
    assert "150.00" in answer.content.decode()
    new.refresh_from_db()
    assert new.state == "given"


def test_sent_twice_it_is_agreed_once(portal: Portal, repair: Case) -> None:
    offer, customer = quoted(portal, repair), portal.customer(repair, "consent")
    for _ in range(2):
        assert answers(customer, offer.number, "agree", name="王女士").status_code == 200
    assert repair.journal.filter(verb="consented").count() == 1


@pytest.mark.parametrize("purpose", ["progress", "rate"])
def test_a_link_that_was_not_sent_for_it_shows_and_agrees_to_no_price(
    portal: Portal, repair: Case, purpose: str
) -> None:
    offer, customer = quoted(portal, repair), portal.customer(repair, purpose)
    assert "86.00" not in customer.opens()
    assert customer.client.get(reverse("portal:offers", args=[customer.token])).status_code == 409
    assert answers(customer, offer.number, "agree", name="王女士").status_code == 409
    offer.refresh_from_db()
    assert offer.state == "given"


def test_who_reports_at_the_entrance_agrees_to_no_price(portal: Portal) -> None:
    client = Client()
    page = portal.reports(portal.code(), "水管漏水", client=client).headers["Location"]
    case, link = Case.objects.get(), CustomerLink.objects.get()
    offer = quoted(portal, case)
    assert client.get(f"{page}/offers").status_code == 409
    with pytest.raises(Refused):
        agree(link=link, number=offer.number, name="路人", relation="", at=NEXT_DAY)


def test_the_price_of_another_case_is_not_agreed_to_through_this_link(
    portal: Portal, repair: Case
) -> None:
    other = quoted(portal, portal.registers("隔壁的事", kind="repair"))
    customer = portal.customer(repair, "consent")
    answer = answers(customer, other.number, "agree", name="王女士")
    assert answer.status_code == 422
    other.refresh_from_db()
    assert other.state == "given"


def test_one_of_us_agrees_to_nothing_for_the_customer(portal: Portal, repair: Case) -> None:
    offer, customer = quoted(portal, repair), portal.customer(repair, "consent")
    customer.client = portal.client(portal.cast.limin)
    assert answers(customer, offer.number, "agree", name="王女士").status_code == 409


def test_without_any_offer_the_page_says_so(portal: Portal, repair: Case) -> None:
    customer = portal.customer(repair, "consent")
    page = customer.client.get(reverse("portal:offers", args=[customer.token]))
    assert "现在没有等您确认的报价" in page.content.decode()


@pytest.mark.clause("S4-4.4.3b-2")
def test_a_service_begins_after_its_plan_and_price_were_confirmed_by_link(portal: Portal) -> None:
    services = Services(portal.cast)
    services.adopts("customer-communication")
    order = services.plans(
        services.orders("T01", area="89", appointment=AFTERNOON.isoformat(), note="擦窗"), "120.00"
    )
    with pytest.raises(Refused):
        services.starts(order)
    customer = portal.customer(order.case, "consent")
    page = read(customer.client.get(reverse("portal:offers", args=[customer.token])))
    for words in ("两名保洁员，周六上午", "120.00"):
        assert words in page
    read(answers(customer, Quotation.objects.get().number, "agree", name="王女士"))
    order = ServiceOrder.objects.get()
    assert (order.state, order.confirmed_name, order.confirmed_means) == (
        "confirmed", "王女士", "link"
    )  # fmt: skip
    assert services.starts(order, at=NEXT_DAY).state == "started"


def test_an_old_plan_that_was_declined_agrees_to_no_new_price(portal: Portal) -> None:
    """Declined on the telephone and planned anew, while the page showed the first price."""
    services = Services(portal.cast)
    services.adopts("customer-communication")
    order = services.plans(
        services.orders("T01", area="89", appointment=AFTERNOON.isoformat(), note="擦窗"), "120.00"
    )
    customer, old = portal.customer(order.case, "consent"), Quotation.objects.get()
    by = scope_of(portal.cast.limin, NEXT_DAY)
    decline(quotation=old, reason="太贵了", by=by, at=NEXT_DAY)
    services.plans(order, "180.00")
    answer = answers(customer, old.number, "agree", name="王女士")
    assert (answer.status_code, ServiceOrder.objects.get().state) == (422, "planned")
    assert Quotation.objects.get(total="180.00").state == "given"


def test_nothing_is_asked_for_an_order_that_was_called_off(portal: Portal, repair: Case) -> None:
    by = scope_of(portal.cast.limin, NEXT_DAY)
    order = issue(case=repair, range="home", title="换角阀", by=by, at=NEXT_DAY)
    offer = quote(case=repair, subject=order.number, lines=[VALVE], by=by, at=NEXT_DAY)
    customer = portal.customer(repair, "consent")
    cancel(order=order, reason="业主自己修好了", by=by, at=NEXT_DAY)
    page = customer.client.get(reverse("portal:offers", args=[customer.token]))
    assert "现在没有等您确认的报价" in page.content.decode()
    assert answers(customer, offer.number, "agree", name="王女士").status_code == 422
    assert "consented" not in repair.journal.values_list("verb", flat=True)
