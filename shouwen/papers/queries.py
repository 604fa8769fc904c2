"""What can be printed of a case, what was printed, and what came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from shouwen.accounts.scope import Scope
from shouwen.billing.queries import visible_receipts
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.outside.queries import visible_referrals
from shouwen.papers.filling.complaints import RECORDED
from shouwen.papers.models import Print, Scan
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import visible_quotations
from shouwen.repairs.queries import visible_orders
from shouwen.rules.orders import CANCELLED
from shouwen.services import queries as services
from shouwen.stores.models import Requisition
from shouwen.stores.queries import visible_requisitions


@dataclass(frozen=True)
class Paper:
    """A sheet of a case, with how often it was printed and which copies are back."""

    kind: str
    record: str
    title: str
    about: str = ""
    prints: tuple[Print, ...] = ()
    scans: tuple[Scan, ...] = ()


def papers_of(scope: Scope, case: Case) -> list[Paper]:
    """Everything of a case that this person may print, in a number of queries that does not grow
    with it."""
    prints, scans = list(case.prints.select_related("by")), list(case.scans.select_related("by"))
    return [
        Paper(
            kind, record, title, about,
            tuple(p for p in prints if (p.kind, p.record) == (kind, record)),
            tuple(s for s in scans if (s.kind, s.record) == (kind, record)),
        )
        for kind, record, title, about in _records(scope, case)
    ]  # fmt: skip


def _records(scope: Scope, case: Case) -> Iterator[tuple[str, str, str, str]]:
    """(kind, number, name of the sheet, what it is about)"""
    for order in visible_orders(scope).filter(case=case).exclude(state=CANCELLED).order_by("pk"):
        yield "repair-order", order.number, "维修单", order.title
    drawn = visible_requisitions(scope).filter(case=case).order_by("pk")
    for requisition in drawn.exclude(state=Requisition.State.CANCELLED):
        yield "requisition", requisition.number, "领料单", requisition.get_state_display()
    quoted = visible_quotations(scope).filter(case=case).order_by("pk")
    for quotation in quoted.exclude(state=Quotation.State.WITHDRAWN):
        yield "quotation", quotation.number, "报价单", f"{quotation.total:,.2f} 元"
    asked = services.visible_orders(scope).filter(case=case).exclude(state="cancelled")
    for service in asked.select_related("item").order_by("pk"):
        yield "service-order", service.number, "服务需求单", service.item.title
    paid = visible_receipts(scope).filter(payment__allocations__charge__case=case)
    for receipt in paid.order_by("pk").distinct():
        yield "receipt", receipt.number, "收据", f"{receipt.amount:,.2f} 元"
    yield from _of_complaint(scope, case)


def _of_complaint(scope: Scope, case: Case) -> Iterator[tuple[str, str, str, str]]:
    if case.kind in RECORDED:
        yield "complaint-record", case.number, "客户建议/投诉处理记录表", ""
    outside = visible_referrals(scope).filter(case=case).exclude(state="withdrawn")
    for referral in outside.select_related("party").order_by("pk"):
        yield "referral", referral.number, referral.title, referral.party.name


def visible_prints(scope: Scope) -> QuerySet[Print]:
    """Of the projects seen whole, one's own, and those of cases one may see."""
    mine = Print.objects.filter(by=scope.staff) | Print.objects.filter(scope.on("case.view"))
    if scope.departments("case.view"):
        mine |= Print.objects.filter(case__in=visible_cases(scope).values("pk"))
    return mine.filter(scope.inside())
