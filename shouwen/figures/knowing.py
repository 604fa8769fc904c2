"""What measures may know of the records of cases, read in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from shouwen.cases.models import Case, Commitment, JournalEntry
from shouwen.followup.models import Visit, VisitItem
from shouwen.rules.figure_kinds import Moment, RecordKind
from shouwen.rules.measures import ANSWERS, FINISHED, Known, Promised, Visited
from shouwen.rules.rule import Facts
from shouwen.services.models import ServiceOrder

T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """One record that measures judge: what they may know of it, and what its verdicts carry."""

    record: str
    """ "case:17", "visit:4": one of a kind."""
    label: str
    url: str
    known: Known
    project_id: int
    company_id: int
    group_id: int
    case_id: int | None = None
    kind: str = ""
    department_id: int | None = None
    staff_id: int | None = None
    building_id: int | None = None
    waited: bool = False


@dataclass
class Files:
    """Some cases with everything that measures ask about them."""

    cases: dict[int, Case]
    promises: dict[int, list[Commitment]]
    visits: dict[int, list[Visit]]
    told: dict[int, list[JournalEntry]]
    """Entries that say something to a measure (`READ`)."""
    items: list[VisitItem] = field(default_factory=list)
    orders: list[ServiceOrder] = field(default_factory=list)


#: What a measure reads in the journal itself.
READ = ("visited", "rated", "wait-approved", "voided", "transferred", "refused")
DETOURS = ("transferred", "refused")


def read_files(ids: Collection[int]) -> Files:
    """In a handful of queries, however many they are."""
    cases = Case.objects.filter(pk__in=ids).select_related("unit", "merged_into").order_by("pk")
    of = {"case__in": ids}
    entries = JournalEntry.objects.filter(verb__in=READ, **of).order_by("case_id", "seq")
    items = VisitItem.objects.filter(visit__case__in=ids).order_by("pk")
    return Files(
        cases={case.pk: case for case in cases},
        promises=_by_case(Commitment.objects.filter(**of).order_by("pk")),
        visits=_by_case(Visit.objects.filter(**of).order_by("pk")),
        told=_by_case(entries),
        items=list(items.select_related("visit", "case")),
        orders=list(ServiceOrder.objects.filter(**of).order_by("pk")),
    )


def _by_case(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


# --- Of a case ------------------------------------------------------------------------------------


def facts_of(case: Case) -> Facts:
    """Its axes, as the rules read them."""
    told = {"kind": case.kind, "source": case.source, "urgent": case.urgent}
    return {**case.facts, **told, "round2": case.round > 1}


def _moments(**given: datetime | None) -> dict[Moment, datetime]:
    return {name: at for name, at in given.items() if at}  # type: ignore[misc] # names of moments


def _left_out(case: Case, told: Iterable[JournalEntry]) -> str:
    if case.status == Case.Status.MERGED and case.merged_into:
        return f"已并入 {case.merged_into.number}"
    if case.status != Case.Status.VOID:
        return ""
    reasons = [row.data.get("reason") for row in told if row.verb == "voided"]
    return f"已作废：{reasons[-1]}"[:120] if reasons and reasons[-1] else "已作废"


def _rating(told: Iterable[JournalEntry]) -> str:
    """What the customer said last. What came by a link of who did the work is no answer."""
    said = [
        str(row.data.get("result"))
        for row in told
        if row.verb in ("visited", "rated") and not row.data.get("sent_by_handler")
    ]
    return next((result for result in reversed(said) if result in ANSWERS), "")


def _known(files: Files, case: Case, record: RecordKind, **more: Any) -> Known:
    """What is known of a record of this case."""
    told = files.told.get(case.pk, ())
    basis: dict[str, Any] = {
        "facts": facts_of(case),
        "status": case.status,
        "left_out": _left_out(case, told),
        "promises": [_promised(row) for row in files.promises.get(case.pk, ())],
        "visits": [_visited(row) for row in files.visits.get(case.pk, ())],
        "rating": _rating(told),
        "detours": sum(row.verb in DETOURS for row in told),
    }
    return Known(record=record, zone=get_current_timezone(), **{**basis, **more})


def _promised(row: Commitment) -> Promised:
    return Promised(row.rule, row.outcome, row.due_at, row.ended_at, row.why)


def _visited(row: Visit) -> Visited:
    return Visited(row.rule, row.round, row.state, row.due_at, row.visited_at)


def _subject(
    files: Files, case: Case, record: str, label: str, url: str, known: Known, **more: Any
) -> Subject:
    """It stands where its case stands."""
    basis: dict[str, Any] = {
        "project_id": case.project_id,
        "company_id": case.company_id,
        "group_id": case.group_id,
        "case_id": case.pk,
        "kind": case.kind,
        "department_id": case.department_id,
        "staff_id": case.assignee_id or case.owner_id,
        "building_id": case.unit.building_id if case.unit else None,
        "waited": any(row.verb == "wait-approved" for row in files.told.get(case.pk, ())),
    }
    return Subject(record, label[:60], url, known, **{**basis, **more})


def _page(case: Case) -> str:
    return reverse("cases:case", args=[case.number])


def cases(files: Files) -> Iterator[Subject]:
    for case in files.cases.values():
        moments = _moments(opened=case.opened_at, done=case.done_at, closed=case.closed_at)
        known = _known(files, case, "case", moments=moments)
        yield _subject(files, case, f"case:{case.pk}", case.number, _page(case), known)


# --- Of what hangs on a case ----------------------------------------------------------------------


def promises(files: Files) -> Iterator[Subject]:
    for case, row in _rows(files, files.promises):
        due = row.due_at or row.first_due_at
        known = _known(
            files, case, "promise", rule=row.rule, promises=[_promised(row)],
            moments=_moments(opened=row.started_at, due=due, done=row.ended_at),
        )  # fmt: skip
        yield _subject(
            files, case, f"promise:{row.pk}", f"{case.number} {row.title}", _page(case), known,
            department_id=row.department_id or case.department_id,
            staff_id=row.holder_id or case.assignee_id or case.owner_id,
        )  # fmt: skip


def visits(files: Files) -> Iterator[Subject]:
    for case, row in _rows(files, files.visits):
        known = _known(
            files, case, "visit", rule=row.rule, visits=[_visited(row)], rating=row.result,
            scores=_numbers(row.scores),
            moments=_moments(after=row.after_at, due=row.due_at, visited=row.visited_at),
        )  # fmt: skip
        yield _subject(
            files, case, f"visit:{row.pk}", f"{case.number} {row.title}",
            reverse("followup:visit", args=[row.pk]), known,
        )  # fmt: skip


def _numbers(scores: dict[str, Any]) -> dict[str, float]:
    """The marks that are numbers, as they are added up."""
    told = {key: str(value) for key, value in scores.items() if not isinstance(value, bool)}
    return {key: float(text) for key, text in told.items() if text.replace(".", "", 1).isdecimal()}


def visit_items(files: Files) -> Iterator[Subject]:
    for item in files.items:
        visit, case = item.visit, files.cases[item.visit.case_id]
        settled = bool(item.answer) or bool(item.case and item.case.status in FINISHED)
        known = _known(
            files, case, "visit-item", rule=visit.rule, settled=settled, until=item.reply_by,
            left_out="", moments=_moments(visited=visit.visited_at),
        )  # fmt: skip
        label = f"{case.number} {item.text}"
        url = reverse("followup:visit", args=[visit.pk])
        yield _subject(files, case, f"visit-item:{item.pk}", label, url, known)


def service_orders(files: Files) -> Iterator[Subject]:
    for order in files.orders:
        case = files.cases[order.case_id]
        known = _known(
            files, case, "service-order", settled=order.done_at is not None, until=order.due_at,
            moments=_moments(opened=order.asked_at, done=order.done_at, due=order.due_at),
            **({"left_out": f"已取消：{order.cancelled_for}"[:120]} if order.cancelled_for else {}),
        )  # fmt: skip
        url = reverse("services:order", args=[order.number])
        yield _subject(
            files, case, f"service-order:{order.pk}", order.number, url, known,
            staff_id=order.staff_id or case.assignee_id or case.owner_id,
        )  # fmt: skip


def _rows(files: Files, of: dict[int, list[T]]) -> Iterator[tuple[Case, T]]:
    for pk, rows in of.items():
        for row in rows:
            yield files.cases[pk], row


#: The kinds of records that follow a case, and how each is known.
OF_A_CASE: dict[RecordKind, Callable[[Files], Iterable[Subject]]] = {
    "case": cases,
    "promise": promises,
    "visit": visits,
    "visit-item": visit_items,
    "service-order": service_orders,
}


def of_cases(ids: Collection[int]) -> Iterator[Subject]:
    """Every record that follows one of these cases; a question from a visit follows the case that
    it became, too."""
    asked = VisitItem.objects.filter(case__in=ids).values_list("visit__case", flat=True)
    files = read_files({*ids, *asked})
    for known in OF_A_CASE.values():
        yield from known(files)
