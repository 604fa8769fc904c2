"""Telling a customer a price, and keeping what he says to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Attachment, Case
from shouwen.pricing.models import PriceEdition, PriceItem, Quotation, QuotationLine
from shouwen.pricing.queries import agreed_quotation, clause_of
from shouwen.rules.agreed import require_unsettled
from shouwen.rules.money import Line, require_fits, total
from shouwen.rules.paid_kinds import PaidWork
from shouwen.rules.quotation import Asked, require_quotable
from shouwen.rules.refused import Refused

#: Forms know minutes, and the clock of a phone differs a little from ours.
CLOCKS = timedelta(minutes=2)


@dataclass(frozen=True)
class QuoteLine:
    """One line to be quoted: of the price list, or (material, a price agreed freely) without."""

    item: PriceItem | None
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    material: bool = False

    @property
    def as_line(self) -> Line:
        return Line(self.name, self.unit, self.quantity, self.price)

    @property
    def asked(self) -> Asked:
        band = self.item.band if self.item else None
        return Asked(self.name, self.quantity, self.price, band, self.material)


# --- The price ------------------------------------------------------------------------------------


def quote(
    *,
    case: Case,
    subject: str,
    lines: Sequence[QuoteLine],
    by: Scope,
    at: datetime,
    note: str = "",
    happened: datetime | None = None,
) -> Quotation:
    """Tell a price, from the list in force on the day. An earlier one for the same subject is
    withdrawn with it, agreed or not: what counts is what was said last, until the work is done."""
    with acting(case, by=by, right="case.work", at=at) as act:
        rule = _rule(act)
        clause = rule.clause if rule else ""
        edition = _require_in_force(lines, act.case, rule, localdate(happened or at))
        require_quotable(
            [line.asked for line in lines],
            negotiated=rule is None or rule.negotiated,
            clause=clause,
        )
        require_fits(total(line.as_line for line in lines))
        _require_latest(act.case, subject, happened or at)
        _withdraw_earlier(act, subject, clause)
        quotation = _create(act, by, subject, lines, edition, happened or at, note)
        act.write("quoted", _told(quotation, lines), happened=happened)
    return quotation


def _rule(act: Act) -> PaidWork | None:
    found = act.rulebook.first("paid_work", act.state.facts)
    return found[0][1] if found else None


def _require_in_force(
    lines: Sequence[QuoteLine], case: Case, rule: PaidWork | None, day: date
) -> PriceEdition | None:
    """The edition that is quoted from. Nothing is quoted from a draft, an old edition or the list
    of another project or another kind of work."""
    clause = rule.clause if rule else ""
    quoted = {line.item.edition_id for line in lines if line.item}
    editions = PriceEdition.objects.select_related("price_list").filter(pk__in=quoted)
    for edition in editions:
        prices = edition.price_list
        if prices.project_id != case.project_id or not edition.is_effective(day):
            raise Refused(
                "edition-not-in-force",
                f"《{prices.title}》第 {edition.version} 版不在有效期，请从现行标准中选择项目。",
                clause,
                "lines",
            )
        if rule and rule.prices and prices.kind != rule.prices:
            raise Refused(
                "wrong-price-list", f"这类服务不按《{prices.title}》报价。", clause, "lines"
            )
    return next(iter(editions), None)


def _require_latest(case: Case, subject: str, given_at: datetime) -> None:
    """A phone may bring a price that was told before another one: it takes nothing back."""
    later = Quotation.objects.filter(case=case, subject=subject, given_at__gt=given_at + CLOCKS)
    if found := later.first():
        raise Refused(
            "quoted-meanwhile",
            f"这之后已经报过 {found.number}（{found.total} 元），请看最新报价；"
            "价格有变的，重新报价。",
            field="happened",
        )


def _withdraw_earlier(act: Act, subject: str, clause: str) -> None:
    standing = (Quotation.State.GIVEN, Quotation.State.AGREED)
    told = Quotation.objects.filter(case=act.case, subject=subject, state__in=standing)
    if not subject:
        told = told.filter(round=act.case.round)
    if told.filter(state=Quotation.State.AGREED).exists():
        require_unsettled(act.entries, subject, clause)
    told.update(state=Quotation.State.WITHDRAWN)


def _create(
    act: Act,
    by: Scope,
    subject: str,
    lines: Sequence[QuoteLine],
    edition: PriceEdition | None,
    given_at: datetime,
    note: str,
) -> Quotation:
    case = act.case
    quotation = Quotation.objects.create(
        project_id=case.project_id,
        company_id=case.company_id,
        group_id=case.group_id,
        number=next_number("Q", case.project, localdate(act.at)),
        case=case,
        subject=subject,
        round=case.round,
        edition=edition,
        total=total(line.as_line for line in lines),
        given_by=by.staff,
        given_at=given_at,
        note=note.strip()[:200],
    )
    QuotationLine.objects.bulk_create(
        QuotationLine(
            quotation=quotation,
            item=line.item,
            name=line.name.strip(),
            unit=line.unit,
            quantity=line.quantity,
            price=line.price,
            amount=line.as_line.amount,
            material=line.material,
        )
        for line in lines
    )
    return quotation


def _told(quotation: Quotation, lines: Sequence[QuoteLine]) -> dict[str, Any]:
    edition = quotation.edition
    return {
        **_about(quotation),
        "edition": f"{edition.price_list.title} V{edition.version}" if edition else "",
        "lines": [
            {
                "name": line.name.strip(),
                "unit": line.unit,
                "quantity": str(line.quantity),
                "price": str(line.price),
                "amount": str(line.as_line.amount),
            }
            for line in lines
        ],
    }


def _about(quotation: Quotation) -> dict[str, Any]:
    return {
        "quotation": quotation.number,
        "order": quotation.subject,
        "total": str(quotation.total),
    }


# --- The answer -----------------------------------------------------------------------------------


def consent(
    *,
    quotation: Quotation,
    name: str,
    means: str,
    by: Scope | None,
    at: datetime,
    relation: str = "",
    attachment: Attachment | None = None,
    note: str = "",
    happened: datetime | None = None,
) -> Quotation:
    """The customer agrees: who, when, to how much, by which means. `by` is the member of staff who
    puts it on record; None when the customer does it himself by his link."""
    _require_means(quotation, means, by, attachment)
    if not name.strip():
        raise Refused("no-name", "请写明是谁同意的。", clause_of(quotation.case), "name")
    with acting(quotation.case, by=by, right="case.work", at=at) as act:
        answered = _answer(act, quotation, Quotation.State.AGREED, name, happened or at)
        answered.means, answered.relation = means, relation.strip()[:20]
        answered.attachment, answered.note = attachment, note.strip()[:200] or answered.note
        answered.save()
        data = {
            **_about(answered),
            "name": answered.answered_by_name,
            "relation": answered.relation,
            "means": means,
            "proxied": answered.is_proxied,
            "signed": means in (Quotation.Means.SIGNATURE, Quotation.Means.PAPER),
        }
        act.write("consented", data, happened=happened, said_by=answered.answered_by_name)
    return answered


def decline(
    *,
    quotation: Quotation,
    reason: str,
    by: Scope | None,
    at: datetime,
    name: str = "",
    happened: datetime | None = None,
) -> Quotation:
    """The customer does not agree; the paid work is not done."""
    if not reason.strip():
        raise Refused("no-reason", "请写明客户为什么不同意。", field="reason")
    with acting(quotation.case, by=by, right="case.work", at=at) as act:
        who = name or act.case.customer_name
        answered = _answer(act, quotation, Quotation.State.DECLINED, who, happened or at)
        answered.note = reason.strip()[:200]
        answered.save()
        data = {**_about(answered), "name": answered.answered_by_name, "reason": reason.strip()}
        act.write("declined", data, happened=happened, said_by=answered.answered_by_name)
    return answered


def _require_means(
    quotation: Quotation, means: str, by: Scope | None, attachment: Attachment | None
) -> None:
    clause = clause_of(quotation.case)
    if means not in Quotation.Means.values:
        raise Refused("unknown-means", "请选客户用什么方式同意的。", clause, "means")
    if (means == Quotation.Means.LINK) is not (by is None):
        raise Refused(
            "not-the-customer",
            "网页确认只能由客户自己打开链接进行，请选别的方式。",
            clause,
            "means",
        )
    if means == Quotation.Means.SIGNATURE and attachment is None:
        raise Refused("no-signature", "请附客户的签名。", clause, "attachment")


def _answer(
    act: Act, quotation: Quotation, state: Quotation.State, name: str, at: datetime
) -> Quotation:
    """The quotation, locked by its case, with its answer; refused when it has one already."""
    found = Quotation.objects.select_for_update().get(pk=quotation.pk)
    if found.state != Quotation.State.GIVEN:
        raise Refused(
            "answered-already",
            f"报价 {found.number} 现在是“{found.get_state_display()}”，需要的话请重新报价。",
        )
    if not found.subject and found.round != act.case.round:
        raise Refused(
            "earlier-round", f"报价 {found.number} 是重新打开以前报的，请按现在的情况重新报价。"
        )
    if at < found.given_at - CLOCKS:
        raise Refused("before-the-price", "答复不能早于报价，请核对时间。", field="happened")
    found.state, found.answered_at = state, at
    found.answered_by_name = name.strip()[:60]
    found.recorded_by = act.by.staff if act.by else None
    return found


# --- The gate -------------------------------------------------------------------------------------


def require_consent(case: Case, subject: str = "", *, urgent: bool) -> None:
    """Refuse paid work that the customer has not agreed to; an emergency is made safe first."""
    if urgent or agreed_quotation(case, subject):
        return
    raise Refused(
        "no-consent",
        "客户还没有同意报价：先报价，记下谁在什么时候同意了多少钱，再做有偿的工作。",
        clause_of(case),
    )
