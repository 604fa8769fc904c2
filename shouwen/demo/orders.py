"""How a work order goes: who pays, the price by telephone, the way there, materials, the signature,
the money and the papers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from shouwen.billing.actions.cash import hand_in
from shouwen.billing.actions.paying import deliver_receipt, issue_receipt, take_payment
from shouwen.billing.models import Payment
from shouwen.billing.queries import charges_of, in_hand, owed
from shouwen.cases.files import attach_kept, keep
from shouwen.cases.models import Attachment
from shouwen.demo.shop import Fix, fixes, material, price
from shouwen.demo.timeline import Life
from shouwen.demo.walk import Walk
from shouwen.pricing.actions.quoting import QuoteLine, consent, quote
from shouwen.pricing.queries import effective_edition
from shouwen.repairs.actions import issuing, working
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import proposed_payer
from shouwen.stores.actions import drawing
from shouwen.stores.actions.moving import own_store
from shouwen.stores.queries import stock_of

#: Of a hundred home repairs that are in the book of fixes, so many get a paper of their own.
ON_PAPER = 0.55
DRAWN_AT_THE_ROOM = 0.3
ONE = Decimal(1)
#: What a finger draws on glass.
SIGNATURE = Path(__file__).with_name("signature.png")


def fix_of(walk: Walk) -> Fix | None:
    """How it is repaired, where it is a matter for a work order."""
    found = fixes().get(walk.matter.id)
    return found if found and walk.chance(ON_PAPER) else None


def repaired(walk: Walk, fix: Fix) -> Life:
    """From the paper to the paid and checked work."""
    order = opened(walk, fix)
    yield walk.by_day(2, 8)
    send(walk, order)
    yield walk.by_day(4, 20)
    working.accept(order=order, by=walk.by(walk.hand), at=walk.at)
    walk.contact(by=walk.by(walk.hand))
    yield walk.by_day(3, 25)
    working.depart(order=order, by=walk.by(walk.hand), at=walk.at)
    yield walk.after(4, 14)
    working.arrive(order=order, by=walk.by(walk.hand), at=walk.at)
    yield walk.after(5, 15)
    draw(walk, order, fix)
    yield walk.after(15, 60)
    finish(walk, order)
    yield walk.by_day(20, 120)
    settle(walk, order)
    yield walk.by_day(10, 90)
    check(walk, order)


def opened(walk: Walk, fix: Fix) -> WorkOrder:
    """The paper, who pays, and what the customer says to the price."""
    clerk = walk.clerk()
    order = issuing.issue(
        case=walk.case, range="home", title=fix.title, trade=fix.trade, part=fix.part,
        work_class="general-fault", by=clerk, at=walk.at,
    )  # fmt: skip
    payer = proposed_payer(walk.case, range="home", part=fix.part, at=walk.at)
    issuing.decide_payer(order=order, payer=payer.code, by=clerk, at=walk.at)
    if order.paid and fix.price:
        agree(walk, order, fix)
    return order


def agree(walk: Walk, order: WorkOrder, fix: Fix) -> None:
    """Told by telephone before anybody goes."""
    edition = effective_edition(walk.project, "repair", walk.at)
    if edition is None:
        return
    item = price(edition, fix.price)
    lines = [QuoteLine(item, item.name, item.unit, ONE, item.low)]
    if fix.material:
        stuff = material(walk.project, fix.material)
        lines.append(QuoteLine(None, stuff.name, stuff.unit, ONE, stuff.price, material=True))
    clerk = walk.clerk()
    told = quote(case=walk.case, subject=order.number, lines=lines, by=clerk, at=walk.at)
    consent(
        quotation=told, name=walk.home.customer.name, means="call", by=clerk, at=walk.at,
        note="电话告知收费项目，业主同意",
    )  # fmt: skip


def send(walk: Walk, order: WorkOrder) -> None:
    walk.choose_hand()
    issuing.dispatch(order=order, to=walk.hand, by=walk.clerk(), at=walk.at)


def draw(walk: Walk, order: WorkOrder, fix: Fix) -> None:
    """Out of the bag; sometimes, or when it is used up there, fetched with a 领料单."""
    if not fix.material:
        return
    stuff = material(walk.project, fix.material)
    lines = [(stuff, ONE)]
    hand = walk.by(walk.hand)
    carried = stock_of(own_store(walk.hand, walk.project)).filter(material=stuff, quantity__gte=ONE)
    if walk.chance(DRAWN_AT_THE_ROOM) or not carried.exists():
        asked = drawing.request(
            case=walk.case, subject=order.number, lines=lines, by=hand, at=walk.at
        )
        handed = {line.pk: line.asked for line in asked.lines.all()}
        head = walk.role("repair_head")
        drawing.issue(requisition=asked, issued=handed, by=head, at=walk.at)
        drawing.acknowledge(requisition=asked, by=hand, at=walk.at)
    drawing.use(case=walk.case, subject=order.number, lines=lines, by=hand, at=walk.at)


def finish(walk: Walk, order: WorkOrder) -> None:
    mark = walk.rng.choices((5, 4, 3), (80, 15, 5))[0]
    working.finish(
        order=order, text=walk.say(walk.matter.done), signature=signature(walk),
        signed_name=walk.home.customer.name, scores={"quality": mark, "attitude": 5},
        opinion=walk.say(("满意", "修得很快", "师傅把地也擦干净了", "可以")),
        phone=walk.home.phone, labour_minutes=walk.rng.randint(15, 70),
        by=walk.by(walk.hand), at=walk.at,
    )  # fmt: skip


def signature(walk: Walk) -> Attachment:
    kept = keep(SimpleUploadedFile("签名.png", SIGNATURE.read_bytes(), "image/png"))
    return attach_kept(kept=kept, by=walk.by(walk.hand), at=walk.at, case=walk.case)


def settle(walk: Walk, order: WorkOrder) -> None:
    """Cash through the engineer's hands to the clerk, or paid with the telephone; the receipt."""
    charges = list(charges_of(walk.case, order.number))
    clerk = walk.clerk()
    if debt := owed(charges):
        cash = walk.chance(0.5)
        payment = take_payment(
            charges=charges, amount=debt, method="cash" if cash else "wechat", by=clerk,
            payer=walk.home.customer.name, at=walk.at, in_hand=walk.hand if cash else None,
        )  # fmt: skip
        if cash:
            carried = in_hand(walk.hand, walk.project)
            hand_in(project=walk.project, engineer=walk.hand, counted=carried, by=clerk, at=walk.at)
        _receipt(walk, payment)
    working.record_communication(
        order=order, text=walk.say(("业户配合，现场已试用", "业户问了保养方法，已说明")),
        by=walk.by(walk.hand), at=walk.at,
    )  # fmt: skip
    working.return_copy(order=order, copy=2, by=clerk, at=walk.at)


def _receipt(walk: Walk, payment: Payment) -> None:
    payment.refresh_from_db()
    receipt = issue_receipt(payment=payment, by=walk.clerk(), at=walk.at)
    deliver_receipt(receipt=receipt, by=walk.clerk(), at=walk.at + timedelta(minutes=1))


def check(walk: Walk, order: WorkOrder) -> None:
    """Both copies are back; who had no hand in it looks at the work."""
    checker = walk.checker()
    working.return_copy(order=order, copy=1, by=checker, at=walk.at)
    working.check(order=order, ok=True, opinion="现场和单据齐全，合格", by=checker, at=walk.at)
