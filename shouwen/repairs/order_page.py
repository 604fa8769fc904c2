"""What the page of an order shows: where it stands, what to do now, price, material, its story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from shouwen.accounts.scope import Scope
from shouwen.billing.models import Charge
from shouwen.billing.queries import charges_of
from shouwen.cases.models import Attachment
from shouwen.cases.standing import Standing
from shouwen.cases.story import Told, file_link, story
from shouwen.pricing.models import Quotation
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import quotation_of, repeats
from shouwen.repairs.standing import OrderStanding
from shouwen.repairs.verbs import OrderVerb, next_verb, offered
from shouwen.rules.orders import (
    CONSENT,
    DECIDE_PAYER,
    QUOTE,
    missing_when_returned,
    next_step,
    steps_done,
    steps_of,
)
from shouwen.rules.payer import PAYERS
from shouwen.rules.vocabulary import ORDER_NEEDS
from shouwen.web import pieces
from shouwen.web.pieces import Check, FileLink

TONES = {"done": "met", "checked": "met", "paused": "warn", "cancelled": "neutral", "open": "warn"}


@dataclass(frozen=True)
class Doing:
    """The big button where it leads to a page of another floor."""

    title: str
    url: str


class OrderPage:
    """Everything on the page, each read once."""

    def __init__(self, order: WorkOrder, scope: Scope, at: datetime) -> None:
        self.order, self.scope, self.at = order, scope, at
        self.standing = OrderStanding(order, scope, at)

    # --- What to do -------------------------------------------------------------------------------

    @cached_property
    def may(self) -> list[OrderVerb]:
        return offered(self.standing)

    @cached_property
    def next(self) -> OrderVerb | None:
        return next_verb(self.standing)

    @cached_property
    def elsewhere(self) -> Doing | None:
        """Prices are quoted and agreed on the page of prices."""
        step = next_step(self.standing.state)
        if step not in (QUOTE, CONSENT) or not self.scope.can("price.view"):
            return None
        url = address("pricing:quote", self.order.case.number, query={"subject": self.order.number})
        return Doing(step.button, url) if url else None

    @property
    def more(self) -> list[OrderVerb]:
        return [verb for verb in self.may if verb != self.next]

    @property
    def waits_for(self) -> str:
        """Who must do the next step, when it is not this person's."""
        step = next_step(self.standing.state)
        return step.word if step and not self.next and not self.elsewhere else ""

    @cached_property
    def steps(self) -> Sequence[pieces.Step]:
        state = self.standing.state
        return pieces.steps([step.word for step in steps_of(state)], steps_done(state))

    @cached_property
    def decides_payer(self) -> OrderVerb | None:
        """Who pays is asked where it is missing, when it is not the next step already."""
        if self.order.payer:
            return None
        return next((verb for verb in self.more if verb.name == DECIDE_PAYER.verb), None)

    @property
    def draw_url(self) -> str:
        """Where material is asked for, while the work goes on."""
        wanted = self.standing.state.is_open and self.scope.can("stores.view")
        asked = {"case": self.order.case.number, "order": self.order.number}
        return address("stores:ask", query=asked) if wanted else ""

    @property
    def stores_url(self) -> str:
        """The box of what was drawn for it, used and given back."""
        seen = self.scope.can("stores.view")
        return address("stores:panel-of-order", self.order.number) if seen else ""

    # --- What it is -------------------------------------------------------------------------------

    @property
    def tone(self) -> str:
        return TONES.get(self.order.state, "info")

    @property
    def payer(self) -> str:
        return PAYERS.get(self.order.payer, "")  # type: ignore[call-overload,no-any-return] # "" while undecided

    @property
    def late_to_hand_over(self) -> bool:
        order = self.order
        due = order.hand_over_due_at
        return bool(due and due < (order.sent_at or self.at) and order.state != "cancelled")

    @cached_property
    def quotation(self) -> Quotation | None:
        return quotation_of(self.order)

    @cached_property
    def charges(self) -> list[Charge]:
        return list(charges_of(self.order.case, self.order.number))

    @property
    def may_see_money(self) -> bool:
        """A charge leads to the counter, where it is paid."""
        return self.scope.can("money.view", self.order.project)

    @cached_property
    def repeats(self) -> int:
        """How often this home had the same trouble; 0 while it is not often (S2-A18-8b)."""
        return repeats(self.order, self.standing.rule)

    @cached_property
    def returned(self) -> list[Check]:
        """What the one who checks waits for."""
        wanted = self.standing.rule.completion
        missing = missing_when_returned(self.standing.state, wanted)
        return [
            Check(ORDER_NEEDS[need], need not in missing)
            for need in ("communication", "copy2")
            if need in wanted
        ]

    @property
    def is_back(self) -> bool:
        """Whether anything is to be said of the paper that comes back."""
        order = self.order
        told = (self.returned, order.comm_report, order.copy1_at, order.copy2_at)
        return bool(order.done_at) and any((*told, order.training_case))

    # --- The story --------------------------------------------------------------------------------

    @cached_property
    def told(self) -> list[Told]:
        """What the journal of the case says of this order."""
        about = Standing(self.order.case, self.scope, self.at)
        mine = {row.seq for row in self.standing.rows if row.data.get("order") == self.order.number}
        entries = [row.pk for row in self.standing.rows if row.seq in mine]
        files = Attachment.objects.filter(entry__in=entries).order_by("pk")
        return [self._here(told) for told in story(about, files) if told.seq in mine]

    def _here(self, told: Told) -> Told:
        """On its own page an order need not be named."""
        note = told.note.removeprefix(self.order.number).removeprefix(" · ")
        return replace(told, note=note)

    @property
    def signature(self) -> list[FileLink]:
        return [file_link(self.order.signature)] if self.order.signature else []


def address(name: str, *about: str, query: Mapping[str, str] | None = None) -> str:
    """A page of another floor; nothing while that floor has none."""
    try:
        page = reverse(name, args=about)
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode(query)}" if query else page
