"""Everything that can be printed, by the word in its address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.papers.filling import complaints, lists, money, registers, repairs, services
from shouwen.papers.sources import Source
from shouwen.rules.refused import Refused

#: Finds a record that somebody may see by its number, or refuses as its own floor does.
RECORDS: dict[str, Callable[[Scope, str], Source]] = {
    "repair-order": repairs.repair_order,
    "requisition": repairs.requisition,
    "quotation": money.quotation,
    "receipt": money.receipt,
    "bill": money.bill,
    "service-order": services.service_order,
    "price-list": lists.price_list,
    "referral": complaints.referral,
    "complaint-record": complaints.complaint_record,
}


def source_of(scope: Scope, kind: str, number: str) -> Source:
    if kind not in RECORDS:
        raise Refused("not-found", "没有这种单据，请从诉求或清单页面打印。")
    return RECORDS[kind](scope, number)


def ledger_of(scope: Scope, kind: str, code: str, month: date) -> Source:
    """A ledger of a project for a month."""
    project = OrgUnit.objects.filter(scope.below("case.view"), kind="project", code=code).first()
    if project is None:
        raise Refused("not-found", "没有找到这个项目，请从单据页面打印。")
    if kind not in registers.LEDGERS:
        raise Refused("not-found", "没有这种台账，请从单据页面打印。")
    return registers.ledger(registers.LEDGERS[kind], scope, project, month)
