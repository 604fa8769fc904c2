"""What follows from a finished order: the case is done, what was agreed is charged, the owner is
told."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.scope import Scope
from shouwen.billing.actions.charging import charge
from shouwen.billing.models import Charge
from shouwen.billing.queries import charges_of
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.cases.queries import as_entries, journal
from shouwen.notify.actions import tell
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import agreed_quotation, paid_work_rule
from shouwen.repairs.actions.recording import OrderAct
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import open_mandatory
from shouwen.rules.closing import checklist, this_round
from shouwen.rules.orders import DONE, RESULTS, Finish

#: Results after which the matter itself is not settled: somebody else, or another order, goes on.
GOES_ON = frozenset({"made-safe", "referred"})


def complete_case(mine: OrderAct, told: Finish, happened: datetime | None) -> None:
    """The last mandatory order reports the case done, where nothing is missing for that; in any
    case its owner learns what came of it."""
    others = open_mandatory(mine.order.case_id).exclude(pk=mine.order.pk)
    if mine.order.mandatory and told.result not in GOES_ON and not others.exists():
        mine.wake_case(happened)
        missing = _missing(mine)
        if mine.may("done") and not missing:
            _report_done(mine, told, happened)
        _tell_owner(mine, told, "、".join(missing))
    else:
        _tell_owner(mine, told, "")


def _missing(mine: OrderAct) -> list[str]:
    """What still stands before the case's own report; an emergency is completed afterwards."""
    act = mine.act
    if act.state.facts.get("urgent"):
        return []
    return [line.title for line in checklist(act.rulebook, act.entries, "done") if not line.done]


def _report_done(mine: OrderAct, told: Finish, happened: datetime | None) -> None:
    """Signed only when the customer signed every order of the case."""
    act = mine.act
    unsigned = WorkOrder.objects.filter(
        case=act.case, mandatory=True, state__in=["done", "checked"], signature=None
    ).exclude(pk=mine.order.pk)
    data = {
        "text": told.text.strip(), "department": act.state.lead or None, "result": "",
        "order": mine.order.number, "signed": told.signed and not unsigned.exists(),
    }  # fmt: skip
    act.write("done", data, happened=happened)


def _tell_owner(mine: OrderAct, told: Finish, missing: str) -> None:
    order = mine.order
    stops = f"；登记事项还差：{missing}" if missing else ""
    tell(
        people=people_for("owner", mine.act.case, mine.act.at),
        at=mine.act.at,
        event=f"order:{order.pk}:done:{len(mine.act.entries)}",
        subject=f"维修单{RESULTS[told.result]}：{order.title}",
        body=f"{told.text.strip()}{stops}",
        url=f"/cases/{mine.act.case.number}",
    )


def confirm_case(mine: OrderAct, ok: bool, opinion: str, happened: datetime | None) -> None:
    """Who checks the last order has verified the case; what does not stand takes the case back."""
    unchecked = WorkOrder.objects.filter(
        case=mine.act.case, mandatory=True, state=DONE
    ).exclude(pk=mine.order.pk)  # fmt: skip
    if mine.may("verified") and not (ok and unchecked.exists()):
        result = "ok" if ok else "not-ok"
        data = {"result": result, "text": opinion, "signed": True, "order": mine.order.number}
        mine.act.write("verified", data, happened=happened)


def charge_agreed(
    *, order: WorkOrder, by: Scope, at: datetime, happened: datetime | None = None
) -> None:
    """What the customer agreed to is owed once the repair is done, the way his regulation
    collects it; never twice for one quotation."""
    if not order.paid or order.result != "repaired":
        return
    agreed, rule = agreed_quotation(order.case, order.number), paid_work_rule(order.case)
    if agreed is None or agreed.total == 0:
        return
    if _charged(agreed):
        return
    charge(
        case=order.case,
        subject=order.number,
        title=f"维修 {order.title}",
        lines=[line.as_line for line in agreed.lines.all()],
        collect=rule[1].collect if rule else "cash",
        by=by,
        at=at,
        happened=happened,
    )


def _charged(agreed: Quotation) -> bool:
    """Whether what was agreed is owed already. A price for the matter as a whole is owed by the
    first order of its round that goes by it; orders with a price of their own are no part of it."""
    case, subject = agreed.case, agreed.subject
    rows = charges_of(case, subject).exclude(state=Charge.State.CANCELLED)
    if not subject:
        rows = rows.exclude(subject__in=case.quotations.exclude(subject="").values("subject"))
        rows = rows.filter(number__in=_charged_this_round(case))
    return rows.exists()


def _charged_this_round(case: Case) -> list[str]:
    entries = this_round(as_entries(journal(case)))
    return [entry.data["charge"] for entry in entries if entry.verb == "charged"]
