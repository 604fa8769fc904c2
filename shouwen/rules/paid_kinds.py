"""The kinds of rule for work and services: who pays, from which prices, how an order goes."""

from typing import Literal

from pydantic import Field

from shouwen.rules.rule import Rule, Strict, Words


class PaidWork(Rule):
    """Work that a customer pays for: which prices hold, what he must have agreed to before, and how
    the money comes in. The first regulation that speaks about a case answers."""

    consent_before: Literal["", "dispatched", "started"] = "started"
    """Who agreed, when, and to what amount stands on record before this; making safe never
    waits."""
    prices: Literal["", "repair", "special"] = ""
    """The kind of price list that is quoted from; empty: any that is in force."""
    negotiated: bool = False
    """A price may be agreed freely, beside the items of the list."""
    collect: Literal["cash", "fee-bill", "monthly-bill"] = "cash"
    """Paid there and then; with the next bill of the management fee; with a bill of its own each
    month."""
    bill_day: int = Field(default=0, ge=0, le=28)
    """Of the month, for a monthly bill."""
    receipt_by: Words = ()
    """Roles that write the receipt."""
    hand_in: bool = False
    """Who did the work brings the cash to the centre."""


class Approval(Strict):
    """One step on the way of a price list into force."""

    title: str
    """The office, as users read it."""
    role: str
    """Who decides; of an outside office: who hands it in and records its answer."""
    outside: bool = False
    """The answer is another body's: it carries a number and a day."""
    modes: Words = ()
    """How an outside body may answer: 审批, 备案."""


class PriceList(Rule):
    """A list of prices: who draws it up, who must approve it, whether it is put up in public. A
    project has one of each kind, by the first regulation that speaks of that kind."""

    kind: Literal["repair", "special"]
    drafted_by: Words
    approvals: tuple[Approval, ...] = ()
    posted: bool = False
    """In force only once it is on record where it was put up (公示)."""


class Warranty(Rule):
    """How long the developer answers for a part, from the day of the handover."""

    part: str
    """Of `rules.vocabulary.HOUSE_PARTS`."""
    years: int = Field(default=0, ge=0)
    seasons: int = Field(default=0, ge=0)
    """Heating or cooling seasons, instead of years."""


class ServiceItem(Rule):
    """One service of the catalogue. Its title is its name."""

    code: str
    way: Literal["", "phone", "counter", "agency", "team", "desk"] = ""
    """How it is booked (`rules.vocabulary.SERVICE_WAYS`)."""
    provider: str = ""
    paid: bool = False
    price_item: str = ""
    """Code of the item in the price list."""
    details: tuple[str, ...] = ()
    """What is asked (`rules.vocabulary.SERVICE_DETAILS`)."""
    papers: tuple[str, ...] = ()
    """What the customer hands in (资料清单), where `details` has documents."""
    results: tuple[str, ...] = ()
    """The results to choose from, where the document names them."""
    sub: tuple[str, ...] = ()
    """Services that it consists of, one of which is chosen."""
    closes_told: bool = False
    """Finished only when the customer was told the result."""


class Repeat(Strict):
    """The same trouble at the same home, so many times in so many months."""

    times: int = Field(ge=2)
    months: int = Field(ge=1)


class WorkOrder(Rule):
    """The repair order: who writes it, how it reaches a hand, and what it needs at the end."""

    issued_by: Words = ()
    """Roles that may write one; empty: whoever may dispatch."""
    handover: str = "10 minutes"
    """From being written to being sent to somebody."""
    modes: dict[str, Literal["assign", "grab", "rotate"]] = Field(default_factory=dict)
    """By range ("home", "public"); a range that is not named is assigned."""
    most_open: int = Field(default=0, ge=0)
    """How many open orders one person may hold; 0: any number."""
    copies: int = 1
    completion: tuple[str, ...] = ()
    """What must be there when it is finished (`rules.vocabulary.ORDER_NEEDS`)."""
    repeats: Repeat | None = None
