"""How a paid service goes: can we do it, how and for how much, done, and on the month's bill; and
the mail that lies at the front desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.demo.homes import Home
from shouwen.demo.shop import price
from shouwen.demo.timeline import Life
from shouwen.demo.walk import Walk
from shouwen.pricing.actions.quoting import QuoteLine
from shouwen.pricing.queries import effective_edition
from shouwen.services.actions import ordering, serving
from shouwen.services.actions.parcels import notify, register_parcel
from shouwen.services.models import CatalogueItem, ServiceOrder

ITEM = "T09"
CARRIERS = ("顺丰", "中通", "圆通", "京东", "邮政")


def offered(walk: Walk) -> None:
    """Whether we can do it, said to the customer with the reason (S0-3.4-23)."""
    walk.classify({"offer": "can"}, walk.clerk(), "在服务目录内，价格按收费标准")


def served(walk: Walk) -> Life:
    order = _ordered(walk)
    yield walk.by_day(5, 40)
    serving.start(order=order, by=walk.clerk(), at=walk.at, staff=walk.hand)
    yield walk.by_day(30, 150)
    result = order.item.choices[0]
    serving.finish(
        order=order, result=result, by=walk.by(walk.hand), at=walk.at,
        note=walk.say(walk.matter.done), told_to=walk.home.customer.name,
    )  # fmt: skip
    walk.case.refresh_from_db()


def _ordered(walk: Walk) -> ServiceOrder:
    """The paper, the plan with its price, and the customer's yes by telephone."""
    clerk = walk.clerk()
    item = CatalogueItem.objects.get(project=walk.project, code=ITEM)
    order = ordering.order(
        case=walk.case, item=item, by=clerk, at=walk.at, details={"need": walk.case.text[:80]}
    )
    edition = effective_edition(walk.project, "special", walk.at)
    if edition is None:
        raise LookupError(f"no list in force in {walk.project.code}")
    labour = price(edition, ITEM)
    lines = [QuoteLine(labour, labour.name, labour.unit, Decimal(1), labour.low * 2)]
    text = "师傅自带工具上门，当天完成；材料由业户自备"
    order = ordering.plan(order=order, text=text, lines=lines, by=clerk, at=walk.at)
    return ordering.confirm(
        order=order, name=walk.home.customer.name, means="call", by=clerk, at=walk.at
    )


def mail(project: OrgUnit, home: Home, by: Scope, at: datetime, rng: Random) -> Life:
    """A parcel at the front desk; the resident is told."""
    parcel = register_parcel(
        project=project, unit=home.unit, by=by, at=at, person=home.customer.name,
        carrier=rng.choice(CARRIERS), tracking=f"{rng.randrange(10**11, 10**12)}",
    )  # fmt: skip
    yield at + timedelta(minutes=rng.uniform(3, 20))
    notify(parcel=parcel, how="message", by=by, at=at + timedelta(minutes=20))
