"""The customer agrees to a price, or to the plan and price of a service, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.portal.models import CustomerLink
from shouwen.pricing.actions import quoting
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import quotations_of
from shouwen.rules.refused import Refused
from shouwen.services.actions import ordering
from shouwen.services.models import ServiceOrder

MEANS = Quotation.Means.LINK


@dataclass(frozen=True)
class Offer:
    """A quotation as it was given; a later one is another offer, so what was seen is what is
    agreed to. `order` is the service whose plan it belongs to."""

    quotation: Quotation
    order: ServiceOrder | None

    @property
    def number(self) -> str:
        return self.quotation.number

    @property
    def waits(self) -> bool:
        return self.quotation.state == Quotation.State.GIVEN


def offers_of(case: Case) -> Sequence[Offer]:
    """Whatever the customer was offered and was not withdrawn, the last first. Of an order that is
    over nothing is asked any more; what he answered stays."""
    quotations = quotations_of(case).exclude(state=Quotation.State.WITHDRAWN)
    services = {order.number: order for order in case.service_orders.select_related("item")}
    over = {order.number for order in services.values() if not order.is_open}
    over |= {order.number for order in case.orders.all() if not order.is_open}
    offers = [Offer(quotation, services.get(quotation.subject)) for quotation in quotations]
    return [offer for offer in offers if not (offer.waits and offer.quotation.subject in over)]


def agree(*, link: CustomerLink, number: str, name: str, relation: str, at: datetime) -> Quotation:
    """Who and when stand in the journal; whoever waits for it is told at once."""
    with transaction.atomic():
        offer = _offer(link, number)
        if offer.order:
            ordering.confirm(
                order=offer.order, seen=offer.quotation, name=name, relation=relation,
                means=MEANS, by=None, at=at,
            )  # fmt: skip
        else:
            quoting.consent(
                quotation=offer.quotation, name=name, relation=relation, means=MEANS, by=None, at=at
            )
        _tell(offer.quotation, f"客户同意报价 {offer.quotation.total} 元", at)
    return offer.quotation


def decline(*, link: CustomerLink, number: str, name: str, reason: str, at: datetime) -> Quotation:
    with transaction.atomic():
        offer = _offer(link, number)
        quoting.decline(quotation=offer.quotation, name=name, reason=reason, by=None, at=at)
        _tell(offer.quotation, f"客户不同意报价：{reason.strip()}", at)
    return offer.quotation


def _offer(link: CustomerLink, number: str) -> Offer:
    """Only by a link that was sent for it, and only of its own case."""
    require_consent_link(link)
    found = [offer for offer in offers_of(link.case) if offer.number == number]
    if not found:
        raise Refused("withdrawn", "这份报价已经撤回，请看最新的报价。")
    return found[0]


def require_consent_link(link: CustomerLink) -> None:
    if link.purpose != CustomerLink.Purpose.CONSENT:
        raise Refused("not-for-consent", "这个链接不能确认报价，请用服务中心发来的确认链接。")


def _tell(quotation: Quotation, sentence: str, at: datetime) -> None:
    case = quotation.case
    people = {quotation.given_by, *people_for("owner", case, at)}
    tell(
        people=sorted(people, key=lambda person: person.number),
        at=at,
        event=f"case:{case.pk}:offer:{quotation.number}",
        url=f"/cases/{case.number}",
        subject=f"{sentence}（{case.address} {case.title}）",
        urgent=True,
    )
