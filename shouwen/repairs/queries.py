"""Reads of work orders: who sees which, whose turn it is, what comes back again and again."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit, Post, Staff
from shouwen.accounts.queries import present, staff_of
from shouwen.accounts.scope import Scope, found, held_at
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case, Commitment
from shouwen.cases.queries import as_entries, journal, visible_cases
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import latest_quotation
from shouwen.repairs.models import Defect, HandoverCheck, Patrol, Roster, Skill, WorkOrder
from shouwen.rules import orders
from shouwen.rules.orders import Candidate
from shouwen.rules.paid_kinds import WorkOrder as OrderRule
from shouwen.rules.payer import Payer, decide_payer
from shouwen.rules.refused import Refused

PLACE = "project__path"
#: Who checks repairs keeps the roster too.
KEEPS_ROSTER = "case.verify"
#: Where no regulation says anything about orders.
NO_RULE = OrderRule(id="none", title="维修单", completion=("signature",), product_default=True)


def visible_orders(scope: Scope, right: str = "case.view") -> QuerySet[WorkOrder]:
    """Orders of the units reached whole, those one was sent, and those of cases one may see."""
    if not scope.can(right):
        return WorkOrder.objects.none()
    condition = scope.on(right) | Q(assignee=scope.staff)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return WorkOrder.objects.filter(scope.inside(), condition)


def get_order(scope: Scope, number: str) -> WorkOrder:
    """The order, or the same refusal whether it is unknown or not theirs to see."""
    related = ("case__project", "case__owner", "case__customer", "unit", "department", "assignee",
               "opened_by", "signature", "project")  # fmt: skip
    rows = visible_orders(scope).select_related(*related)
    return found(rows, "没有找到这张维修单，请核对单号。", number=number)


def orders_of(case: Case) -> QuerySet[WorkOrder]:
    """Every order of a case, in the order of opening."""
    return case.orders.select_related("department", "assignee").order_by("opened_at", "pk")


def my_orders(staff: Staff) -> QuerySet[WorkOrder]:
    """What somebody has in hand: emergencies first, then by the time agreed with the customer."""
    mine = WorkOrder.objects.filter(assignee=staff, state__in=orders.UNFINISHED)
    related = mine.select_related("case__customer", "unit__building", "department", "project")
    return related.order_by("-urgent", "appointment_from", "opened_at", "pk")


def to_grab(scope: Scope) -> QuerySet[WorkOrder]:
    """Orders that anybody of the department may take."""
    free = visible_orders(scope).filter(state=orders.SENT, mode="grab", assignee=None)
    return free.select_related("case__customer", "unit__building", "department", "project")


def order_rule(case: Case, range: str) -> OrderRule:
    """What the regulations that the case pinned say about such an order, however it was born."""
    facts = {**case.facts, "scope": range}
    found = rulebook(case.rulebook_id).first("work_order", facts)
    return found[0][1] if found else NO_RULE


def quotation_of(order: WorkOrder) -> Quotation | None:
    """What was told for an order: its own price, else that of the matter in the round in which the
    order was or is to be done."""
    case = order.case
    over = order.done_at is not None and case.round > 1
    told = orders.fold_order(order.number, as_entries(journal(case))).round if over else case.round
    return latest_quotation(case, order.number, told)


def open_mandatory(case_id: int) -> QuerySet[WorkOrder]:
    """What stops a case from closing (T20)."""
    return WorkOrder.objects.filter(case_id=case_id, mandatory=True, state__in=orders.UNFINISHED)


def proposed_payer(
    case: Case, *, range: str, part: str = "", work_class: str = "", at: datetime
) -> Payer:
    """Who would pay by the warranty of the building and the range of the work."""
    unit = case.unit
    handed_over = (unit.handed_over_on or unit.building.handed_over_on) if unit else None
    book = rulebook(case.rulebook_id)
    warranties = [rule for _, rule in book.all("warranty")]
    facts = {**case.facts, "scope": range, "repair_class": work_class}
    return decide_payer(facts, part, handed_over, localdate(at), warranties)


# --- Who can be sent ------------------------------------------------------------------------------


def workers_of(department: OrgUnit, at: datetime) -> list[Staff]:
    """Who of a department can be sent now: those on the roster, where one is kept, and here."""
    on_duty = Roster.objects.filter(department=department, starts_at__lte=at, ends_at__gt=at)
    people = Staff.objects.filter(pk__in=on_duty.values("staff"), is_active=True).order_by("number")
    return present(people, at) or present(_repairers(department, at), at)


def _repairers(department: OrgUnit, at: datetime) -> list[Staff]:
    """Those of the department who do the work; where it has none, whoever belongs to it."""
    people = staff_of(department, at)
    posts = {"engineer", "contractor"}
    doing = [
        person
        for person in people
        if person.posts.filter(role__in=posts, until=None, unit__path__startswith=department.path)
    ]
    return doing or people


def visible_duty(scope: Scope) -> QuerySet[Roster]:
    """The roster of the projects where one may change it."""
    return Roster.objects.filter(scope.inside(), scope.below(KEEPS_ROSTER, PLACE))


def repairer(scope: Scope, pk: int, at: datetime) -> tuple[Staff, OrgUnit]:
    """Somebody of a repair shop whose roster one keeps, and his project."""
    posts = Post.objects.filter(
        held_at(at), scope.below(KEEPS_ROSTER, "unit__path"), staff=pk,
        unit__function="engineering",
    )  # fmt: skip
    post = posts.select_related("staff", "unit__project").first()
    if post is None or post.unit.project is None:
        raise Refused("not-found", "没有找到这个人，请从排班页面打开。")
    return post.staff, post.unit.project


def open_orders_of(people: Iterable[Staff]) -> dict[int, int]:
    """How many open orders each holds."""
    rows = (
        WorkOrder.objects.filter(assignee__in=list(people), state__in=orders.UNFINISHED)
        .order_by()
        .values_list("assignee")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def candidates(department: OrgUnit, trade: str, at: datetime) -> list[Candidate]:
    """Everybody who could be sent, as the rotation sees them."""
    people = workers_of(department, at)
    skilled = set(
        Skill.objects.filter(staff__in=people, trade=trade).values_list("staff", flat=True)
    )
    holds = open_orders_of(people)
    last = dict(
        WorkOrder.objects.filter(assignee__in=people)
        .order_by()
        .values_list("assignee")
        .annotate(last=Max("sent_at"))
    )
    return [
        Candidate(person.number, person.pk in skilled, holds.get(person.pk, 0), last.get(person.pk))
        for person in people
    ]


# --- What comes back ------------------------------------------------------------------------------


def repeats(order: WorkOrder, rule: OrderRule) -> int:
    """How many orders this home had for the same part or trade within the regulation's months,
    this one among them; 0 below its number of times."""
    times = same_orders(order, rule).count()
    return times if rule.repeats and times >= rule.repeats.times else 0


def same_orders(order: WorkOrder, rule: OrderRule) -> QuerySet[WorkOrder]:
    """The orders that `repeats` counts."""
    if rule.repeats is None or order.unit_id is None or not (order.part or order.trade):
        return WorkOrder.objects.none()
    since = month_before(order.opened_at, rule.repeats.months)
    same = Q(part=order.part) if order.part else Q(trade=order.trade)
    return WorkOrder.objects.filter(
        same, unit=order.unit_id, opened_at__gt=since, opened_at__lte=order.opened_at
    ).exclude(state=orders.CANCELLED)


def month_before(at: datetime, months: int) -> datetime:
    """The same moment so many months earlier; where that month is too short, its last day."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


# --- Handovers and patrols ------------------------------------------------------------------------


def visible_checks(scope: Scope) -> QuerySet[HandoverCheck]:
    """Handovers of the projects where one may have their defects put right."""
    return HandoverCheck.objects.filter(scope.inside(), scope.below("case.dispatch", PLACE))


def visible_patrols(scope: Scope) -> QuerySet[Patrol]:
    """Of the projects seen whole, and one's own rounds."""
    seen = scope.on("case.view") | Q(by=scope.staff)
    return Patrol.objects.filter(scope.inside(), seen)


@dataclass(frozen=True)
class Arrangement:
    """What was arranged for one defect: its class, who owns it, until when, how far it is."""

    defect: Defect
    order: WorkOrder | None
    due: Commitment | None
    """The promise that its class makes, the earliest that still runs first."""


def arrangements(check: HandoverCheck) -> list[Arrangement]:
    """Every defect of a handover (S2-A10r-6b), in three queries however many there are."""
    promises = Commitment.objects.order_by("outcome", "due_at", "pk")
    every = WorkOrder.objects.select_related("assignee", "department").order_by("pk")
    defects = check.defects.select_related("case__owner", "case__department").prefetch_related(
        Prefetch("case__commitments", promises), Prefetch("case__orders", every)
    )
    return [_arrangement(defect) for defect in defects]


def _arrangement(defect: Defect) -> Arrangement:
    running = [row for row in defect.case.commitments.all() if row.outcome != "waived"]
    of_class = [row for row in running if row.rule.startswith("handover-")]
    found = list(defect.case.orders.all())
    return Arrangement(defect, found[0] if found else None, next(iter([*of_class, *running]), None))
