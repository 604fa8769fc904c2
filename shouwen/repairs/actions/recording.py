"""How every action on an order writes: lock the case, then the order; ask the rules; append to
the case's journal; bring the row to what the journal says.

with working_on(order, by=by, right="case.work", at=at) as act:
    act.write("order-arrived")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import JournalEntry
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import order_rule
from shouwen.rules.lifecycle import WAITING, is_allowed
from shouwen.rules.orders import Order, advance_order, fold_order, in_turn, require_order_allowed
from shouwen.rules.paid_kinds import WorkOrder as OrderRule
from shouwen.rules.refused import Refused


@dataclass
class OrderAct:
    """One action on one locked order of one locked case."""

    act: Act
    order: WorkOrder
    state: Order

    @property
    def by(self) -> Scope | None:
        return self.act.by

    @property
    def rule(self) -> OrderRule:
        return order_rule(self.act.case, self.order.range)

    def write(
        self,
        verb: str,
        data: Mapping[str, Any] | None = None,
        *,
        happened: datetime | None = None,
        said_by: str = "",
    ) -> JournalEntry:
        """Append one entry about this order, if its life allows it now and then."""
        require_order_allowed(self.state, verb)
        happened = in_turn(self.state, verb, happened)
        about = {"order": self.order.number, **(data or {})}
        row = self.act.write(verb, about, happened=happened, said_by=said_by)
        advance_order(self.state, self.act.entries[-1])
        return row

    def wake_case(self, happened: datetime | None) -> None:
        """Work goes on: a case that waited does not wait any more."""
        if self.act.state.status == WAITING:
            self.act.write("resumed", {"text": ""}, happened=happened)

    def may(self, verb: str) -> bool:
        """Whether the case itself may take a verb now; its own life is older than the order's."""
        return is_allowed(self.act.state, verb)


@contextmanager
def working_on(
    order: WorkOrder, *, by: Scope | None, right: str, at: datetime
) -> Iterator[OrderAct]:
    """Lock, then check, then act; the caller's order becomes what was written."""
    with acting(order.case_id, by=by, right=right, at=at) as act:
        row = WorkOrder.objects.select_for_update().get(pk=order.pk)
        row.case = act.case
        mine = OrderAct(act, row, fold_order(row.number, act.entries))
        yield mine
        apply_order(mine.order, mine.state)
    _show(order, row)


def _show(order: WorkOrder, row: WorkOrder) -> None:
    order.__dict__.clear()
    order.__dict__.update(row.__dict__)


def apply_order(order: WorkOrder, state: Order) -> None:
    """The row of an order always equals the fold of what its case's journal says of it."""
    order.state, order.mode, order.result = state.state, state.mode, state.result
    order.payer, order.paid = state.payer, state.paid
    order.refusal, order.waiting_for = state.refusal[:300], state.waiting_for[:120]
    order.sent_at, order.accepted_at = state.sent_at, state.accepted_at
    order.departed_at, order.arrived_at = state.departed_at, state.arrived_at
    order.made_safe_at, order.done_at = state.made_safe_at, state.done_at
    if (order.assignee.number if order.assignee else "") != state.assignee:
        order.assignee = Staff.objects.get(number=state.assignee) if state.assignee else None
    if state.appointed[1]:
        order.appointment_from, order.appointment_to = map(datetime.fromisoformat, state.appointed)
    order.save()


def require_hands(mine: OrderAct) -> None:
    """The one who was sent does the work; the desk and the head of repairs type what they hear."""
    if mine.by is None or has_hands(mine.by, mine.order, mine.state):
        return
    if mine.state.assignee:
        raise Refused("not-yours", "这张维修单已派给别人，请联系调度。")
    raise Refused("nobody-sent", "这张维修单还没有人接，请先接单。")


def has_hands(by: Scope, order: WorkOrder, state: Order) -> bool:
    place = order.case.project
    heads = by.can("case.dispatch", place) or by.can("case.verify", place)
    return heads or by.staff.number == state.assignee
