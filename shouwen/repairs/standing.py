"""An order as one person stands before it at a moment: what its page and every form about it
reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.queries import as_entries, journal
from shouwen.pricing.queries import paid_work_rule
from shouwen.repairs.actions.recording import has_hands
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import order_rule, proposed_payer, quotation_of, workers_of
from shouwen.rules.money import ZERO
from shouwen.rules.orders import Order, fold_order
from shouwen.rules.paid_kinds import WorkOrder as OrderRule
from shouwen.rules.payer import Payer


@dataclass(frozen=True)
class OrderStanding:
    """Everything is read once, whatever asks for it."""

    order: WorkOrder
    scope: Scope
    at: datetime

    @property
    def case(self) -> Case:
        return self.order.case

    @cached_property
    def rows(self) -> list[JournalEntry]:
        return journal(self.case)

    @cached_property
    def state(self) -> Order:
        return fold_order(self.order.number, as_entries(self.rows))

    @cached_property
    def rule(self) -> OrderRule:
        return order_rule(self.case, self.order.range)

    @cached_property
    def proposal(self) -> Payer:
        """Who pays by warranty and range."""
        order = self.order
        return proposed_payer(
            self.case, range=order.range, part=order.part, work_class=order.work_class, at=self.at
        )

    @cached_property
    def cash_due(self) -> Decimal:
        """What is to be paid at the door when it is repaired; nothing where nobody agreed to a
        price, or the regulation puts it on a bill (S2-RP-7)."""
        told, rule = quotation_of(self.order), paid_work_rule(self.case)
        if not (self.state.paid and self.state.consented and told and told.is_agreed):
            return ZERO
        return told.total if rule is None or rule[1].collect == "cash" else ZERO

    @cached_property
    def people(self) -> list[Staff]:
        """Who could be sent now."""
        return workers_of(self.order.department, self.at)

    @property
    def has_hands(self) -> bool:
        return has_hands(self.scope, self.order, self.state)

    @property
    def is_mine(self) -> bool:
        return self.state.assignee == self.scope.staff.number
