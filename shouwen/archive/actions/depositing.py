"""Papers that go from who made them to who keeps them, against a receipt: owed, handed over,
received, late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.archive.actions.filing import Paper, file_away
from shouwen.archive.models import Deposit, Folder
from shouwen.archive.queries import retentions
from shouwen.cases.climbing import climb
from shouwen.cases.one_by_one import summed
from shouwen.estate.queries import place_of
from shouwen.followup.models import Visit
from shouwen.notify.actions import tell
from shouwen.repairs.models import WorkOrder
from shouwen.rules.complaint_kinds import Retention
from shouwen.rules.ladders import Rung, next_ring
from shouwen.rules.periods import Period, period, read_period
from shouwen.rules.refused import Refused

WORKS = "case.work"
#: Before the time who hands over is told, then up the line. Ours: no clause names a reminder.
LADDER = (
    Rung(timedelta(days=-3), "csr"),
    Rung(timedelta(0), "cs_head"),
    Rung(timedelta(days=1), "project_manager"),
)
#: So many visits of a quarter are found by their room or customer.
MOST_LINES = 2000


# --- Owed -----------------------------------------------------------------------------------------


def owe_visits(*, at: datetime) -> int:
    """The papers of every quarter that is over, of every project whose regulation wants them
    (S2-A18-9). Returns how many came to be owed."""
    projects = OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT, closed_at=None)
    rows = projects.select_related("company", "group").order_by("pk")
    return summed(rows, lambda project: _owe_visits(project, at))


def _owe_visits(project: OrgUnit, at: datetime) -> int:
    found = 0
    for rule in retentions(project, "visits", at):
        ended = period(rule.every or "quarter", localdate(at)).before()
        found += _owe_period(project, rule, ended, at)
    return found


def _owe_period(project: OrgUnit, rule: Retention, ended: Period, at: datetime) -> int:
    subject = f"{Folder.Kind.VISITS}:{project.code}:{ended.key}"
    if Deposit.objects.filter(subject=subject).exists():
        return 0
    papers = visits_of(project, ended).count()
    if not papers:
        return 0
    due = _midnight(ended.after().first + timedelta(days=rule.by_day))
    _, made = Deposit.objects.get_or_create(
        subject=subject,
        defaults={
            **place_of(project), "kind": Folder.Kind.VISITS, "title": f"{ended.words}回访资料",
            "clause": rule.clause, "papers": papers, "months": rule.months or None,
            "opened_at": at, "due_at": due, "ring_at": next_ring(LADDER, due, 0),
        },
    )  # fmt: skip
    return int(made)


def _midnight(day: object) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())  # type: ignore[arg-type] # a date


def visits_of(project: OrgUnit, span: Period) -> QuerySet[Visit]:
    """The return visits that were made in a period."""
    return Visit.objects.filter(
        project=project, state=Visit.State.DONE, visited_at__gte=_midnight(span.first),
        visited_at__lt=_midnight(span.last + timedelta(days=1)),
    ).order_by("visited_at", "pk")  # fmt: skip


def owe_copies(order: WorkOrder, at: datetime) -> None:
    """Of an order that the customer signed: a copy to each department that keeps one
    (S3-4.2-1A3)."""
    for rule in retentions(order.project, "order", at):
        for keeper in _keepers(order.project, rule):
            Deposit.objects.get_or_create(
                subject=f"{Folder.Kind.ORDER}:{order.number}:{keeper.function}",
                defaults={
                    **place_of(order.project), "kind": Folder.Kind.ORDER, "keeper": keeper,
                    "title": f"维修单 {order.number} {keeper.name}留存联",
                    "url": f"/orders/{order.number}", "clause": rule.clause,
                    "months": rule.months or None, "opened_at": at,
                },
            )  # fmt: skip


def _keepers(project: OrgUnit, rule: Retention) -> Iterator[OrgUnit]:
    """The departments of the project that have these functions."""
    rows = OrgUnit.objects.filter(
        project=project, kind=OrgUnit.Kind.DEPARTMENT, function__in=rule.keepers, closed_at=None
    )
    yield from {unit.function: unit for unit in rows.order_by("-pk")}.values()


# --- Handed over, received ------------------------------------------------------------------------


def hand(*, deposit: Deposit, papers: int, by: Scope, at: datetime) -> Deposit:
    """Who made them hands them over: so many sheets."""
    by.require(WORKS, deposit.project)
    with transaction.atomic():
        row = _locked(deposit)
        if row.received_at:
            raise Refused("received-already", "这份资料已经接收归档，不用再交。")
        if papers < 1:
            raise Refused("no-papers", "请填交出的份数。", field="papers")
        row.handed_at, row.handed_by, row.papers = at, by.staff, papers
        row.save(update_fields=["handed_at", "handed_by", "papers"])
    deposit.__dict__.update(row.__dict__)
    return deposit


def receive(*, deposit: Deposit, papers: int, place: str = "", by: Scope, at: datetime) -> Deposit:
    """Another one receives them, counts them and keeps them: from now on they are a folder."""
    by.require(WORKS, deposit.project)
    with transaction.atomic():
        row = _locked(deposit)
        _require_receivable(row, papers, by)
        row.received_at, row.received_by, row.ring_at = at, by.staff, None
        row.folder = file_away(unit=row.project, paper=_paper(row, place), by=by, at=at)
        row.save(update_fields=["received_at", "received_by", "ring_at", "folder"])
    deposit.__dict__.update(row.__dict__)
    return deposit


def _require_receivable(row: Deposit, papers: int, by: Scope) -> None:
    if row.received_at:
        raise Refused("received-already", "这份资料已经接收归档，不用再收。")
    if row.handed_at is None:
        raise Refused("not-handed", "先由经办人记录交出，再接收。", row.clause)
    if row.handed_by_id == by.staff.pk:
        raise Refused("own-papers", "交出的人不能自己接收，请保管的人来接收。", row.clause)
    if papers != row.papers:
        raise Refused(
            "other-count", f"对方交出 {row.papers} 份，与您点收的不符；请当面核对，由对方改正。",
            field="papers",
        )  # fmt: skip


def _locked(deposit: Deposit) -> Deposit:
    rows = Deposit.objects.select_for_update(of=("self",))
    return rows.select_related("project__company", "project__group", "keeper").get(pk=deposit.pk)


def _paper(row: Deposit, place: str) -> Paper:
    where = place.strip() or (row.keeper.name if row.keeper else "")
    return Paper(
        row.kind, row.subject, row.title, row.url, "\n".join(_words(row)), row.clause, row.papers,
        where, row.months,
    )  # fmt: skip


def _words(row: Deposit) -> Iterator[str]:
    """What the papers are found by: the rooms and customers of the visits, or of the order."""
    _kind, name, *rest = row.subject.split(":")
    if row.kind == Folder.Kind.VISITS:
        visits = visits_of(row.project, read_period(rest[0])).select_related("case")
        for visit in visits[:MOST_LINES]:
            yield f"{visit.case.number} {visit.case.address} {visit.case.customer_name}"
    else:
        order = WorkOrder.objects.select_related("case").get(number=name)
        yield f"{order.number} {order.case.number} {order.place} {order.title} {order.signed_name}"


# --- Late -----------------------------------------------------------------------------------------


def ring_deposits(*, at: datetime) -> int:
    """Papers that are not where they belong ring, and climb. Returns how many steps rang."""
    rows = Deposit.objects.select_related("project")
    return climb(rows, lambda row: (row.due_at, LADDER), _tell, at)


def _tell(row: Deposit, number: int, rung: Rung, at: datetime) -> None:
    late = row.due_at is not None and at >= row.due_at
    step = "待接收" if row.handed_at else "待交出"
    tell(
        people=reach_role(rung.to, row.project, at),
        event=f"deposit:{row.pk}:ring:{number}", at=at, urgent=late,
        subject=f"{'超时未归档' if late else '快到交存期限'}（{step}）：{row.title}",
        url="/archive/deposits",
    )  # fmt: skip
