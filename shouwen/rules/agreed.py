"""What was agreed and done is not taken back: its price stands, and new work has a new order."""

from __future__ import annotations

from collections.abc import Sequence

from shouwen.rules.closing import this_round
from shouwen.rules.journal import Entry
from shouwen.rules.orders import fold_order
from shouwen.rules.refused import Refused


def require_unsettled(entries: Sequence[Entry], subject: str, clause: str = "") -> None:
    """Refuse another price for what was agreed to when its order is finished or charged; a price
    for the matter as a whole, when an order that went by it was charged in this round."""
    if subject and (_is_finished(entries, subject) or _charged(entries) & {subject}):
        raise Refused(
            "finished-already",
            f"{subject} 已经按客户同意的价格完工或计费，不能再改报价；"
            "另加的工作请另开一张单报价，价格有误请撤销计费或申请减免。",
            clause,
        )
    if not subject and _charged(this_round(entries)) - _with_own_price(entries) - {""}:
        raise Refused(
            "finished-already",
            "整件事的报价客户已经同意并计费，不能再改；另加的工作请给新的维修单单独报价。",
            clause,
        )


def _is_finished(entries: Sequence[Entry], subject: str) -> bool:
    """A work order, or one of the services."""
    served = any(e.verb == "service-done" and e.data.get("order") == subject for e in entries)
    return served or fold_order(subject, entries).done_at is not None


def _charged(entries: Sequence[Entry]) -> set[str]:
    """The orders of the charges that stand."""
    taken_back = {e.data["charge"] for e in entries if e.verb == "charge-cancelled"}
    charged = (e.data for e in entries if e.verb == "charged")
    return {str(data.get("order", "")) for data in charged if data["charge"] not in taken_back}


def _with_own_price(entries: Sequence[Entry]) -> set[str]:
    return {str(e.data["order"]) for e in entries if e.verb == "quoted" and e.data.get("order")}
