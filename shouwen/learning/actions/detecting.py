"""Reading the journal for what is to be learned from it, by a cursor of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.one_by_one import tried
from shouwen.cases.similar import Similar, alike
from shouwen.followup.actions.following import read_on
from shouwen.learning.actions.archiving import file_away
from shouwen.learning.actions.proposing import Found, bring_up
from shouwen.learning.actions.suggesting import keep
from shouwen.learning.queries import complaints_of_home, failed_visits
from shouwen.repairs.models import WorkOrder
from shouwen.repairs.queries import month_before, order_rule, repeats, same_orders
from shouwen.rules.complaint_kinds import Recurrence

READER = "learning"
#: What happened longer ago is history (an import, a worker that stood still): on record, and
#: nothing for anybody to act on now.
FRESH = timedelta(days=31)
#: The most complaints of one home that are laid beside a new one.
MOST = 100


def learn(*, at: datetime) -> int:
    """Read on in the journal. Returns how many entries were read. An entry read twice brings up
    nothing twice."""

    def take(ids: list[int]) -> list[Exception]:
        rows = JournalEntry.objects.filter(pk__in=ids, verb__in=_TAKERS).order_by("pk")
        entries = rows.select_related("case__project", "case__unit")
        todo = [(taker, entry) for entry in entries for taker in _TAKERS[entry.verb]]
        return tried(todo, lambda one: one[0](one[1], at))

    return read_on(READER, take, at=at)


Taker = Callable[[JournalEntry, datetime], object]


def _suggestion(entry: JournalEntry, _at: datetime) -> None:
    if entry.case.kind == "suggestion" or hasattr(entry.case, "suggestion"):
        keep(entry.case)


def _file(entry: JournalEntry, _at: datetime) -> None:
    file_away(entry.case)


def _rule(case: Case, of: str) -> Recurrence | None:
    """How often is too often: the first regulation that says anything answers."""
    found = rulebook(case.rulebook_id).first("repeat", case.facts)
    return next((rule for _, rule in found if rule.of == of), None)


def _is_history(entry: JournalEntry, at: datetime) -> bool:
    return entry.at < at - FRESH


def _complaint(entry: JournalEntry, at: datetime) -> None:
    """The same matter, complained about again by the same home (S2-A18-8b)."""
    case = entry.case
    rule = _rule(case, "complaint") if _may_repeat(entry, at) else None
    if rule is None:
        return
    since = month_before(case.opened_at, rule.months)
    earlier = complaints_of_home(case, since)[:MOST]
    same = [one for one in (alike(other, case.text, case.unit) for other in earlier) if one]
    if len(same) + 1 < rule.times:
        return
    found = Found(
        trigger="complaints", title=f"{_where(case)}重复投诉：{case.title}", clause=rule.clause,
        problem=_again(case, same, rule), cases=[case, *(one.case for one in same)],
        key=f"complaints:{case.number}",
    )  # fmt: skip
    bring_up(project=case.project, found=found, at=at)


def _may_repeat(entry: JournalEntry, at: datetime) -> bool:
    """A complaint of now that still stands, and of which no correction was made yet."""
    case = entry.case
    stands = case.status not in (case.Status.VOID, case.Status.MERGED)
    if case.kind != "complaint" or not stands or _is_history(entry, at):
        return False
    return not case.corrections.filter(trigger="complaints").exists()


def _again(case: Case, same: list[Similar], rule: Recurrence) -> str:
    """Which complaints, and what makes them one matter."""
    lines = [f"{rule.months} 个月内同一事项投诉 {len(same) + 1} 次："]
    lines += [f"{one.case.number} {one.case.title}（{one.place}，{one.why}）" for one in same]
    return "\n".join([*lines, f"{case.number} {case.title}"])


def _where(case: Case) -> str:
    return case.address or case.customer_name or case.number


def _visit(entry: JournalEntry, at: datetime) -> None:
    """A visit that found the customer dissatisfied."""
    case, data = entry.case, entry.data
    rule = _rule(case, "unsatisfied-visit")
    if rule is None or data.get("result") != "unsatisfied" or _is_history(entry, at):
        return
    times = failed_visits(case, month_before(entry.at, rule.months))
    if times < rule.times:
        return
    found = Found(
        trigger="visit", title=f"{_where(case)}回访不满意：{case.title}", clause=rule.clause,
        problem=f"{case.number} 回访不满意（第 {times} 次）：{data.get('text', '')}", cases=[case],
        key=f"visit:{case.number}:{entry.seq}",
    )  # fmt: skip
    bring_up(project=case.project, found=found, at=at)


def _repair(entry: JournalEntry, at: datetime) -> None:
    """The same part at the same home again and again."""
    order = WorkOrder.objects.filter(number=entry.data.get("order", "")).first()
    if order is None or _is_history(entry, at):
        return
    order.case = entry.case
    rule = order_rule(order.case, order.range)
    times = repeats(order, rule)
    if not times:
        return
    orders = same_orders(order, rule).select_related("case")
    lines = "\n".join(f"{one.number} {one.title}" for one in orders)
    found = Found(
        trigger="repairs", title=f"{_where(entry.case)}重复维修：{order.title}", clause=rule.clause,
        problem=f"{times} 次同一种维修：\n{lines}",
        cases=list({one.case_id: one.case for one in orders}.values()),
        key=f"repairs:{order.number}",
    )  # fmt: skip
    bring_up(project=entry.case.project, found=found, at=at)


_TAKERS: Mapping[str, tuple[Taker, ...]] = {
    "opened": (_suggestion, _complaint),
    "classified": (_suggestion, _complaint),
    "reported": (_suggestion,),
    "suggestion-decided": (_suggestion,),
    "customer-contacted": (_suggestion,),
    "fed-back": (_suggestion,),
    "visited": (_visit,),
    "order-opened": (_repair,),
    "closed": (_file,),
    "reopened": (_file,),
}
