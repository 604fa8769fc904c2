"""The books balance, whatever people do in whatever order: charges, payments, refunds, write-offs,
cash on the way, the drawer, and money that is not ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shouwen.accounts.scope import Scope, scope_of
from shouwen.billing.actions import bills, cash, charging, paying, posting, returning
from shouwen.billing.audit import cash_disagreements, disagreements
from shouwen.billing.models import Account, Charge, Payment, PostingLine, Refund, WriteOff
from shouwen.billing.queries import account_balance, balance, refundable
from shouwen.rules.money import CENT, ZERO, Line, cents
from shouwen.rules.refused import Refused
from tests.billing.conftest import Counter
from tests.cast import Cast
from tests.moments import moment

Row = TypeVar("Row")
MONEY = st.integers(1, 40_000).map(lambda number: Decimal(number) / 100)
QUANTITY = st.integers(1, 5_000).map(lambda number: Decimal(number) / 1000)
METHOD = st.sampled_from(["cash", "transfer", "wechat", "alipay"])
WHICH = st.integers(0, 50)


class Books(RuleBasedStateMachine):
    """徐琴 takes, 陈建国 carries, 唐莉 decides. What is refused must leave no trace."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.beginning = transaction.savepoint()
        self.at = moment("2026-11-16 09:00", "周一")
        counter = Counter(self.cast)
        self.cases = [counter.case(at=self.at)]
        self.references = 0
        self.changed = True
        for collect in ("cash", "fee-bill", "monthly-bill"):
            counter.charges(self.cases[0], collect=collect, at=self.at)
        counter.charges(None, unit=self.cast.neighbour, held_for=self.cast.mrzhao, at=self.at)
        counter.pays_on_site(counter.charges(self.cases[0], at=self.at), amount="40.00")

    def _scope(self, name: str) -> Scope:
        return scope_of(getattr(self.cast, name), self.at)

    def _pick(self, rows: Sequence[Row], which: int) -> Row | None:
        return rows[which % len(rows)] if rows else None

    def _try(self, act: Callable[..., object], **arguments: Any) -> None:
        self.at += timedelta(minutes=7)
        with suppress(Refused), transaction.atomic():
            act(at=self.at, **arguments)
            self.changed = True

    @rule(price=MONEY, quantity=QUANTITY, kind=st.sampled_from(["case", "home", "rent"]),
          collect=st.sampled_from(["cash", "fee-bill", "monthly-bill"]), which=WHICH)  # fmt: skip
    def charge(
        self, price: Decimal, quantity: Decimal, kind: str, collect: str, which: int
    ) -> None:
        case = self._pick(self.cases, which) if kind == "case" else None
        unit = self._pick([self.cast.home, self.cast.neighbour], which)
        self._try(
            charging.charge, case=case, unit=unit, title="更换角阀", collect=collect,
            lines=[Line("人工", "次", Decimal(1), price), Line("水管", "米", quantity, price)],
            held_for=self.cast.mrzhao if kind == "rent" else None, by=self._scope("limin"),
        )  # fmt: skip

    @rule(which=WHICH, several=st.integers(1, 3), amount=MONEY, exactly=st.booleans(),
          method=METHOD, carried=st.booleans())  # fmt: skip
    def pay(
        self, which: int, several: int, amount: Decimal, exactly: bool, method: str, carried: bool
    ) -> None:
        rows = list(Charge.objects.order_by("pk"))
        charges = [rows[(which + step) % len(rows)] for step in range(several)] if rows else []
        owed = sum((charge.owed for charge in set(charges)), ZERO)
        self._try(
            paying.take_payment, charges=charges, amount=owed if exactly else amount,
            method=method, payer="王女士", by=self._scope("xuqin"),
            in_hand=self.cast.chenjianguo if carried else None,
        )  # fmt: skip

    @rule(which=WHICH, amount=MONEY)
    def provider_says(self, which: int, amount: Decimal) -> None:
        """Money that is there, whether anybody owes it or not."""
        self.references += 1
        if charge := self._pick(list(Charge.objects.order_by("pk")), which):
            self._try(
                paying.take_payment, charges=[charge], amount=amount, method="wechat",
                payer="", by=None, provider_ref=f"wx{self.references}",
            )  # fmt: skip

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        if charge := self._pick(list(Charge.objects.order_by("pk")), which):
            self._try(charging.cancel_charge, charge=charge, reason="重复", by=self._scope("xuqin"))

    @rule(which=WHICH, share=st.integers(1, 3), more=st.booleans(), of_excess=st.booleans())
    def ask_refund(self, which: int, share: int, more: bool, of_excess: bool) -> None:
        """A share of what may go back, or a cent more than that."""
        payment = self._pick(list(Payment.objects.order_by("pk")), which)
        if payment:
            part = self._pick(list(payment.allocations.order_by("pk")), which)
            charge = part.charge if part and not of_excess else None
            most = refundable(payment, charge)
            self._try(
                returning.ask_refund, payment=payment, charge=charge, reason="多收",
                amount=most + CENT if more else cents(most / share), by=self._scope("xuqin"),
            )  # fmt: skip

    @rule(which=WHICH, amount=MONEY)
    def ask_write_off(self, which: int, amount: Decimal) -> None:
        if charge := self._pick(list(Charge.objects.order_by("pk")), which):
            self._try(
                returning.ask_write_off, charge=charge, amount=amount, reason="返修",
                by=self._scope("xuqin"),
            )  # fmt: skip

    @rule(which=WHICH, agree=st.booleans())
    def decide(self, which: int, agree: bool) -> None:
        waiting = {"state": "asked"} if which % 4 else {}
        requests = [row for kind in (Refund, WriteOff) for row in kind.objects.filter(**waiting)]
        request, by = self._pick(requests, which), self._scope("tangli")
        if request is None:
            return
        if not agree:
            self._try(returning.refuse, request=request, decision="不同意", by=by)
        elif isinstance(request, Refund):
            self._try(returning.approve_refund, refund=request, by=by)
        else:
            self._try(returning.approve_write_off, write_off=request, by=by)

    @rule(which=WHICH, method=METHOD)
    def pay_out(self, which: int, method: str) -> None:
        """Often one that nobody has decided yet: then 唐莉 agrees first."""
        if refund := self._pick(list(Refund.objects.order_by("pk")), which):
            if which % 4:
                self._try(returning.approve_refund, refund=refund, by=self._scope("tangli"))
            way = paying.Way(method, "T1")
            self._try(returning.pay_out, refund=refund, way=way, by=self._scope("xuqin"))

    @rule(counted=MONEY)
    def hand_in(self, counted: Decimal) -> None:
        self._try(
            cash.hand_in, project=self.cast.cuihu, engineer=self.cast.chenjianguo,
            counted=counted, note="零钱", by=self._scope("xuqin"),
        )  # fmt: skip

    @rule(counted=MONEY, deposited=MONEY)
    def count_till(self, counted: Decimal, deposited: Decimal) -> None:
        self._try(
            cash.count_till, project=self.cast.cuihu, counted=counted, deposited=deposited,
            note="清点", by=self._scope("xuqin"),
        )  # fmt: skip

    @rule(amount=MONEY, method=METHOD)
    def remit(self, amount: Decimal, method: str) -> None:
        self._try(
            paying.remit, project=self.cast.cuihu, customer=self.cast.mrzhao, amount=amount,
            way=paying.Way(method), by=self._scope("xuqin"),
        )  # fmt: skip

    @rule(kind=st.sampled_from(["fee", "monthly"]), period=st.sampled_from(["2026-10", "2026-11"]))
    def bill(self, kind: str, period: str) -> None:
        self._try(
            bills.run_bills, project=self.cast.cuihu, period=period, kind=kind,
            by=self._scope("xuqin"),
        )  # fmt: skip

    @invariant()
    def the_books_agree(self) -> None:
        """Asked again only when something was done: a refusal changed nothing, or is found next."""
        if self.changed:
            assert disagreements(self.cast.cuihu) == []
            assert cash_disagreements(self.cast.cuihu, localdate(self.at)) == []
            self.changed = False

    @invariant()
    def all_accounts_together_are_nothing(self) -> None:
        assert cents(PostingLine.objects.aggregate(sum=Sum("amount"))["sum"] or ZERO) == ZERO

    @invariant()
    def no_home_owes_less_than_nothing_and_no_drawer_is_below_empty(self) -> None:
        assert min(balance(self.cast.home), balance(self.cast.neighbour)) >= ZERO
        assert account_balance(self.cast.cuihu, Account.Kind.TILL) >= ZERO

    @invariant()
    def a_settled_charge_owes_nothing_and_an_open_one_something(self) -> None:
        for charge in Charge.objects.exclude(state=Charge.State.CANCELLED):
            left = charge.amount - charge.paid - charge.written_off
            assert (left > 0) == (charge.state in Charge.OWED)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.beginning)


def test_whatever_people_do_the_books_agree(cast: Cast) -> None:
    Books.cast = cast
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=8, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_lines_that_do_not_sum_to_zero_are_never_posted(counter: Counter) -> None:
    project = counter.cast.cuihu
    lines = {
        posting.account(project, Account.Kind.TILL): Decimal("1.00"),
        posting.account(project, Account.Kind.INCOME): Decimal("-0.99"),
    }
    with pytest.raises(posting.Unbalanced):
        posting.post(
            project=project, what="", lines=lines, by=None, at=moment("2026-11-26 09:00", "周四")
        )


def test_a_sum_that_was_changed_by_hand_in_the_database_is_found(counter: Counter) -> None:
    charge = counter.charges(counter.case())
    counter.pays(charge, amount="50.00")
    assert disagreements(counter.cast.cuihu) == []
    Charge.objects.filter(pk=charge.pk).update(paid=Decimal("60.00"))
    assert any(found.startswith("费用已收") for found in disagreements(counter.cast.cuihu))


def test_the_cash_of_a_day_is_held_against_what_was_posted_that_day(counter: Counter) -> None:
    taken = counter.pays(counter.charges(counter.case()))
    day = localdate(taken.recorded_at)
    assert cash_disagreements(counter.cast.cuihu, day) == []
    Payment.objects.filter(pk=taken.pk).update(amount=Decimal("80.00"))
    wrong = cash_disagreements(counter.cast.cuihu, day)
    assert [found.split()[0] for found in wrong] == ["收款分配", "收款台"]
    assert cash_disagreements(counter.cast.cuihu, day - timedelta(days=1)) == []
