"""Acts about a work order: going there, the price, the material, the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.timezone import localtime

from shouwen.billing.actions.paying import take_payment
from shouwen.billing.models import Charge, Method
from shouwen.billing.queries import charges_of
from shouwen.cases.actions.working import note
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.phone import said
from shouwen.phone.doing import Doing
from shouwen.pricing.actions import quoting
from shouwen.pricing.models import PriceItem, PriceList, Quotation
from shouwen.pricing.queries import effective_edition, latest_quotation
from shouwen.repairs.actions import issuing, working
from shouwen.rules.orders import STEPS, fold_order
from shouwen.rules.refused import Refused
from shouwen.stores.actions import drawing
from shouwen.stores.actions.moving import Line
from shouwen.stores.models import Material
from shouwen.stores.queries import unsigned

# --- Going there ----------------------------------------------------------------------------------


def accept(doing: Doing, data: said.Nothing) -> None:
    working.accept(order=doing.order, **_in_turn(doing).when)


def refuse(doing: Doing, data: said.Reason) -> None:
    issuing.refuse(order=doing.order, reason=data.reason, **doing.when)


def depart(doing: Doing, data: said.Nothing) -> None:
    working.depart(order=doing.order, **_in_turn(doing).when)


def arrive(doing: Doing, data: said.Nothing) -> None:
    working.arrive(order=doing.order, **_in_turn(doing).when)


def _in_turn(doing: Doing) -> Doing:
    """The order of his acts is certain, the clocks are not (his was set right in between, or the
    desk typed what it heard): a step that seems to be earlier than the one before it was not. It is
    written at that one's time, with what his phone said beside it; nothing signed is lost."""
    order = doing.order
    standing = fold_order(order.number, as_entries(journal(order.case)))
    before = standing.stepped_at
    if before is None or doing.happened >= before:
        return doing
    text = (
        f"维修单 {order.number}：手机记的时间是 {localtime(doing.happened):%m-%d %H:%M}，早于上一步"
        f"“{STEPS[standing.stepped]}”（{localtime(before):%m-%d %H:%M}），按上一步的时间记。"
    )
    note(case=order.case, text=text, **doing.when)
    return replace(doing, happened=before)


def make_safe(doing: Doing, data: said.Words) -> None:
    doing.hang(data.files)
    working.make_safe(order=doing.order, text=data.text, **doing.when)


def pause(doing: Doing, data: said.Paused) -> None:
    working.pause(
        order=doing.order, reason=data.reason, text=data.text, until=data.until, **doing.when
    )


def resume(doing: Doing, data: said.Nothing) -> None:
    working.resume(order=doing.order, **doing.when)


def appoint(doing: Doing, data: said.Appointed) -> None:
    issuing.appoint(
        order=doing.order, starts=data.start, ends=data.end, agreed_by=data.consent_by, **doing.when
    )


def photo(doing: Doing, data: said.Photo) -> None:
    files = doing.hang(data.files)
    working.photo(order=doing.order, stage=data.when, files=files, **doing.when)


# --- The price ------------------------------------------------------------------------------------


def decide_payer(doing: Doing, data: said.Payer) -> None:
    issuing.decide_payer(order=doing.order, payer=data.payer, reason=data.reason, **doing.when)


def quote(doing: Doing, data: said.Quoted) -> None:
    """From the list that was in force when it was told to the customer."""
    lines = [
        quoting.QuoteLine(item, line.name, line.unit, line.quantity, line.price, line.material)
        for line, item in zip(data.lines, _items(doing, data.lines), strict=True)
    ]
    quoting.quote(case=doing.case, subject=doing.order.number, lines=lines, **doing.when)


def _items(doing: Doing, lines: Sequence[said.QuoteLine]) -> list[PriceItem | None]:
    edition = effective_edition(doing.case.project, PriceList.Kind.REPAIR, doing.happened)
    rows = edition.items.filter(code__in=[line.code for line in lines]) if edition else ()
    by_code = {item.code: item for item in rows}
    unknown = [line.name for line in lines if line.code and line.code not in by_code]
    if unknown:
        names = "、".join(unknown)
        raise Refused("unknown-price", f"现行收费标准里没有“{names}”，请按新标准重新报价。")
    return [by_code.get(line.code) for line in lines]


def consent(doing: Doing, data: said.Consented) -> None:
    """To the amount above the signature and no other, whatever was quoted since."""
    quotation = _quoted(doing.case, doing.order.number)
    if quotation.total != data.total:
        raise Refused(
            "other-amount",
            f"客户签的是 {data.total} 元，而最新报价是 {quotation.total} 元，请与客户重新确认。",
        )
    (signature,) = doing.hang([data.signature])
    quoting.consent(
        quotation=quotation, name=data.name, relation=data.relation, means="signature",
        attachment=signature, **doing.when,
    )  # fmt: skip


def decline(doing: Doing, data: said.Declined) -> None:
    quotation = _quoted(doing.case, doing.order.number)
    quoting.decline(quotation=quotation, reason=data.reason, name=data.name, **doing.when)


def _quoted(case: Case, subject: str) -> Quotation:
    found = latest_quotation(case, subject)
    if found is None:
        raise Refused("not-quoted", "还没有报价，客户无从同意；请先报价。")
    return found


# --- The material ---------------------------------------------------------------------------------


def use(doing: Doing, data: said.Drawn) -> None:
    """Out of what he carries."""
    order = doing.order
    drawing.use(
        case=order.case, subject=order.number, lines=_lines(order.case, data.lines), **doing.when
    )


def request(doing: Doing, data: said.Drawn) -> None:
    """From the store: a requisition for the storekeeper."""
    order = doing.order
    drawing.request(
        case=order.case, subject=order.number, lines=_lines(order.case, data.lines), **doing.when
    )


def fetched(doing: Doing, data: said.Nothing) -> None:
    """The goods and the second copy are in his hands (S2-RP-5)."""
    issued = list(unsigned(doing.by.staff).filter(subject=doing.order.number))
    if not issued:
        raise Refused("nothing-to-sign", "没有待签收的领料单：库房还没有发料，或者已经签收。")
    for requisition in issued:
        drawing.acknowledge(requisition=requisition, **doing.when)


def _lines(case: Case, lines: Sequence[said.MaterialLine]) -> list[Line]:
    rows = Material.objects.filter(project=case.project, code__in=[line.code for line in lines])
    by_code = {material.code: material for material in rows}
    unknown = [line.code for line in lines if line.code not in by_code]
    if unknown:
        raise Refused("unknown-material", f"库房没有编号为“{'、'.join(unknown)}”的物料，请另选。")
    return [(by_code[line.code], line.quantity) for line in lines]


# --- The end --------------------------------------------------------------------------------------


def finish(doing: Doing, data: said.Finished) -> None:
    """The photos of the finished work, then the report with its signature."""
    if data.files:
        photo(doing, said.Photo(when="after", files=data.files))
    signature = doing.hang([data.signature])[0] if data.signature else None
    scores = {"quality": data.quality, "attitude": data.attitude}
    working.finish(
        order=doing.order, text=data.text, result=data.result, signature=signature,
        signed_name=data.signed_name, no_signature=data.no_signature,
        scores={name: score for name, score in scores.items() if score is not None},
        opinion=data.opinion, phone=data.phone, labour_minutes=data.minutes,
        **_in_turn(doing).when,
    )  # fmt: skip


def collect(doing: Doing, data: said.Collected) -> None:
    """Paid at the door: it is in his hands until he hands it in (S2-RP-7, S2-RP-9). An act of its
    own, so that a doubt about the money does not undo the work."""
    charges = list(charges_of(doing.case, doing.order.number).filter(state__in=Charge.OWED))
    if not charges:
        raise Refused("nothing-owed", "这张维修单没有要收的费用，请把收到的现金交客服核对。")
    take_payment(
        charges=charges, amount=data.amount, method=Method.CASH, payer=data.payer,
        in_hand=doing.by.staff, **doing.when,
    )  # fmt: skip


def communicated(doing: Doing, data: said.Words) -> None:
    """How it went with the customer (业户沟通情况一览表)."""
    working.record_communication(order=doing.order, text=data.text, **doing.when)
