"""Money from WeChat Pay and Alipay: signed, once, in any order, and never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from shouwen.billing.actions.online import open_checkout
from shouwen.billing.audit import disagreements
from shouwen.billing.models import Charge, Checkout, Payment, ProviderEvent
from shouwen.billing.providers import Message, provider_for
from shouwen.billing.queries import due_back
from shouwen.rules.money import ZERO
from shouwen.rules.refused import Refused
from tests.billing.conftest import EVENING, Counter
from tests.billing.fake_provider import FakeProvider, KeyPair, serving

OURS, THEIRS, STRANGER = KeyPair.made(), KeyPair.made(), KeyPair.made()
SUM = Decimal("86.00")


@pytest.fixture
def fake(settings: Settings, tmp_path: Path, clock: Callable[..., datetime]) -> Iterator[Any]:
    """Of the company: its projects take their payments through it."""
    clock("2026-11-26 17:40", "周四")
    settings.CONFIG = replace(settings.CONFIG, data=tmp_path)
    with serving(FakeProvider(OURS, THEIRS)) as provider:
        provider.install(tmp_path, "JXWY")
        yield provider


def opens(counter: Counter, charge: Charge, settings: Settings, name: str = "wechat") -> Checkout:
    provider = provider_for(name, charge.project, settings.CONFIG.data)
    return open_checkout(
        charges=[charge], name=name, provider=provider, payer="王女士", at=EVENING,
        notify_url="https://desk.example/c/pay/wechat/CH", by=counter.of(counter.cast.xuqin),
    )  # fmt: skip


def told(message: Message, name: str = "wechat", door: str = "CH") -> Any:
    """The message arrives at the door of a project."""
    headers = dict(message.headers)
    media_type = "application/json" if name == "wechat" else "application/x-www-form-urlencoded"
    address = reverse("billing:notice", args=[name, door])
    return Client(enforce_csrf_checks=True).post(
        address, message.body, content_type=media_type, headers=headers
    )


@pytest.mark.parametrize("name", ["wechat", "alipay"])
def test_a_customer_scans_a_code_and_the_charge_is_paid(
    counter: Counter, fake: FakeProvider, settings: Settings, name: str
) -> None:
    case = counter.case()
    charge = counter.charges(case)
    checkout = opens(counter, charge, settings, name)
    assert checkout.number in fake.orders
    assert checkout.number in checkout.code_url
    answer = told(getattr(fake, name)(checkout.number, "86.00", EVENING), name)
    assert (answer.status_code, b"uccess" in answer.content.lower()) == (200, True)
    charge.refresh_from_db()
    checkout.refresh_from_db()
    payment = Payment.objects.get()
    assert (charge.state, checkout.payment, payment.method) == ("paid", payment, name)
    assert payment.taken_by is None
    assert case.journal.get(verb="paid").by is None


def test_the_same_news_sent_again_is_thanked_for_and_changes_nothing(
    counter: Counter, fake: FakeProvider, settings: Settings
) -> None:
    checkout = opens(counter, counter.charges(counter.case()), settings)
    message = fake.wechat(checkout.number, "86.00", EVENING)
    later = fake.wechat(checkout.number, "86.00", EVENING, event_id="EV-another")
    for each in (message, message, later):
        assert told(each).status_code == 200
    assert Payment.objects.count() == 1
    outcomes = ProviderEvent.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["taken", "known-already"]


def test_what_is_not_signed_by_them_not_for_us_or_old_is_not_taken(
    counter: Counter, fake: FakeProvider, settings: Settings
) -> None:
    checkout = opens(counter, counter.charges(counter.case()), settings)
    number, hour_ago = checkout.number, EVENING - timedelta(hours=1)
    good = fake.wechat(number, "86.00", EVENING)
    alipay = fake.alipay(number, "86.00", EVENING)
    forged = (
        fake.wechat(number, "86.00", EVENING, signed_by=STRANGER),
        fake.wechat(number, "86.00", hour_ago),
        fake.wechat(number, "86.00", EVENING, sealed_with="f" * 32),
        fake.wechat(number, "86.00", EVENING, currency="USD"),
        replace(good, body=good.body.replace(b"TRANSACTION.SUCCESS", b"TRANSACTION.CLOSED")),
        replace(good, headers={}),
    )
    for message in forged:
        assert told(message).status_code == 403
    more = replace(alipay, body=alipay.body.replace(b"86.00", b"87.00"))
    assert told(more, "alipay").status_code == 403
    assert not ProviderEvent.objects.exists()
    assert told(good).status_code == 200


@pytest.mark.parametrize("order", list(permutations(["paid", "closed", "refunded"])))
def test_messages_in_any_order_book_the_money_once(
    counter: Counter, fake: FakeProvider, settings: Settings, order: tuple[str, ...]
) -> None:
    charge = counter.charges(counter.case())
    checkout = opens(counter, charge, settings, "alipay")
    messages = {
        "paid": fake.alipay(checkout.number, "86.00", EVENING),
        "closed": fake.alipay(checkout.number, "86.00", EVENING, status="TRADE_CLOSED"),
        "refunded": fake.alipay(
            checkout.number, "86.00", EVENING, event_id="EV-back", refund_fee="10.00"
        ),
    }
    for name in order:
        assert told(messages[name], "alipay").status_code == 200
    checkout.refresh_from_db()
    assert (checkout.state, Payment.objects.get().amount) == ("paid", SUM)
    assert disagreements(counter.cast.cuihu) == []


def test_money_for_what_was_paid_in_cash_meanwhile_is_owed_back(
    counter: Counter, fake: FakeProvider, settings: Settings
) -> None:
    charge = counter.charges(counter.case())
    checkout = opens(counter, charge, settings)
    counter.pays(charge)
    assert told(fake.wechat(checkout.number, "86.00", EVENING)).status_code == 200
    payment = Payment.objects.get(method="wechat")
    assert (payment.excess, due_back(counter.cast.home)) == (SUM, SUM)
    assert disagreements(counter.cast.cuihu) == []


def test_money_for_a_number_that_is_not_ours_is_kept_for_a_person_to_look_at(
    counter: Counter, fake: FakeProvider
) -> None:
    assert told(fake.wechat("N-CH-000000-001", "5.00", EVENING)).status_code == 200
    assert ProviderEvent.objects.get().outcome == "unknown-number"
    assert not Payment.objects.exists()


def test_who_has_an_account_for_one_project_pays_nothing_of_another(
    counter: Counter, fake: FakeProvider, settings: Settings
) -> None:
    charge = counter.charges(counter.case())
    number = opens(counter, charge, settings).number
    assert told(fake.wechat(number, "86.00", EVENING), door="JG").status_code == 200
    charge.refresh_from_db()
    assert (charge.state, ProviderEvent.objects.get().outcome) == ("open", "unknown-number")


def test_a_provider_that_does_not_answer_is_said_to_the_clerk_at_once(
    counter: Counter, fake: FakeProvider, settings: Settings
) -> None:
    charge = counter.charges(counter.case())
    fake.broken = True
    with pytest.raises(Refused, match="请改用现金或转账"):
        opens(counter, charge, settings)
    assert Checkout.objects.get().state == "closed"
    late = fake.wechat(Checkout.objects.get().number, "86.00", EVENING)
    assert told(late).status_code == 200
    charge.refresh_from_db()
    assert charge.owed == ZERO


def test_the_clerk_shows_a_code_and_sees_the_money_arrive(
    counter: Counter, fake: FakeProvider
) -> None:
    charge = counter.charges(counter.case())
    client, home = counter.client(counter.cast.xuqin), counter.cast.home
    assert "出示收款码" in client.get(reverse("billing:unit", args=[home.pk])).content.decode()
    said = {"charges": charge.pk, "method": "alipay", "payer": "王女士"}
    none = client.post(reverse("billing:scan", args=[home.pk]), {**said, "method": "cash"})
    assert (none.status_code, "没有开通" in none.content.decode()) == (422, True)
    shown = client.post(reverse("billing:scan", args=[home.pk]), said)
    checkout = Checkout.objects.get()
    address = reverse("billing:checkout", args=[checkout.number])
    assert shown.headers["Location"] == address
    assert "<svg" in client.get(address).content.decode()
    told(fake.alipay(checkout.number, "86.00", EVENING), "alipay")
    state = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert Payment.objects.get().number in state
    assert "<svg" not in state


def test_a_project_without_an_account_says_so(counter: Counter, fake: FakeProvider) -> None:
    elsewhere = counter.cast.jiangnan
    with pytest.raises(Refused, match="没有开通"):
        provider_for("wechat", elsewhere, Path("/nowhere"))
    nowhere = reverse("billing:notice", args=["wechat", "XX"])
    assert Client().post(nowhere, b"{}", content_type="application/json").status_code == 403
