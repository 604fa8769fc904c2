"""Sections that list cases one by one: not closed, not satisfied, late, the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.cases.board import in_hands_of, status_of
from shouwen.cases.forms.filters import has_late, is_late
from shouwen.cases.models import Case, Commitment
from shouwen.followup.models import Visit
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.shapes import MOST, Cell, Column, Row, Table

Write = Callable[[Case], tuple[Cell, ...]]
_ABOUT = (
    Column("编号", width=1.7), Column("房号", width=1.5), Column("类别"), Column("摘要", width=3),
    Column("登记时间", "moment", 1.5),
)  # fmt: skip


def _about(asked: Asked, case: Case) -> tuple[Cell, ...]:
    place = case.address if asked.is_one_project else f"{case.project.name} {case.address}"
    kind = asked.names("kind").get(case.kind, case.kind)
    return (case.number, place, kind, case.title, case.opened_at.isoformat())


def _row(case: Case, cells: Iterable[Cell]) -> Row:
    url = reverse("cases:case", args=[case.number])
    return Row(tuple(cells), url, case.number, case.is_open)


def _listed(cases: QuerySet[Case], cells: Write) -> tuple[tuple[Row, ...], int]:
    """The rows of the first, and how many were left out."""
    related = cases.select_related("project", "department", "assignee", "delegate", "owner")
    many = cases.order_by().count()
    rows = related.order_by("opened_at", "pk")[:MOST]
    return tuple(_row(case, cells(case)) for case in rows), max(0, many - MOST)


# --- Not closed -----------------------------------------------------------------------------------


def unclosed(asked: Asked) -> Table:
    """Not closed when the period ended, each with the promise that is due next and who has it."""
    running = Commitment.objects.filter(outcome="").order_by(F("due_at").asc(nulls_last=True), "pk")
    held = Prefetch("commitments", running.select_related("holder", "department"), "running")

    def cells(case: Case) -> tuple[Cell, ...]:
        promise = next(iter(case.running), None)  # type: ignore[attr-defined] # of the Prefetch
        return (*_about(asked, case), _state(case), *_promise(promise))

    rows, more = _listed(asked.unclosed.prefetch_related(held), cells)
    columns = (
        *_ABOUT, Column("现况", width=1.2), Column("承诺", width=1.8),
        Column("到期", "due", 1.5), Column("在谁手里", width=1.4),
    )  # fmt: skip
    return Table(
        "open", "未关闭的客户信息", columns, rows, more=more,
        url=asked.case_list(status="open", since=""), nothing="期末没有未关闭的客户信息。",
    )  # fmt: skip


def _state(case: Case) -> str:
    return f"{localtime(case.closed_at):%m-%d} 关闭" if case.closed_at else status_of(case)


def _promise(promise: Commitment | None) -> tuple[Cell, ...]:
    if promise is None:
        return "", None, ""
    due = promise.due_at.isoformat() if promise.due_at else None
    return f"{promise.title}{' 暂停' if promise.paused else ''}", due, in_hands_of(promise)


# --- Late -----------------------------------------------------------------------------------------


def late(asked: Asked) -> Table:
    """Cases of the period with a promise that was broken, and which: late stays late."""
    broken = Commitment.objects.filter(is_late(asked.until)).order_by("due_at", "pk")
    held = Prefetch("commitments", broken, "broken")

    def cells(case: Case) -> tuple[Cell, ...]:
        promises: Sequence[Commitment] = case.broken  # type: ignore[attr-defined] # of the Prefetch
        first = promises[0]
        due, ended = (at.isoformat() if at else None for at in (first.due_at, first.ended_at))
        others = f" 等 {len(promises)} 项" if len(promises) > 1 else ""
        return (*_about(asked, case), f"{first.title}{others}", due, ended)

    rows, more = _listed(asked.matters.filter(has_late(asked.until)).prefetch_related(held), cells)
    columns = (
        *_ABOUT, Column("超时的承诺", width=2), Column("到期", "due", 1.5),
        Column("实际", "moment", 1.5),
    )  # fmt: skip
    return Table(
        "late", "超时的客户信息", columns, rows, more=more, url=asked.case_list(late="on"),
        nothing="本期没有超时的客户信息。",
    )  # fmt: skip


# --- Not satisfied --------------------------------------------------------------------------------


def unsatisfied(asked: Asked) -> Table:
    """Whom a visit of the period found not satisfied, or only partly."""
    visits = asked.visits.filter(state=Visit.State.DONE, result__in=("unsatisfied", "partly"))
    found = visits.select_related("case__project", "case__department", "case__owner")
    rows = tuple(
        _row(visit.case, _said(asked, visit)) for visit in found.order_by("visited_at", "pk")[:MOST]
    )
    columns = (
        *_ABOUT, Column("回访结果"), Column("客户意见", width=2.4),
        Column("回访时间", "moment", 1.5), Column("责任部门", width=1.1), Column("现况", width=1.2),
    )  # fmt: skip
    return Table(
        "unsatisfied", "不满意的客户信息", columns, rows,
        more=max(0, visits.count() - MOST), nothing="本期回访没有不满意的客户信息。",
    )  # fmt: skip


def _said(asked: Asked, visit: Visit) -> tuple[Cell, ...]:
    case, at = visit.case, visit.visited_at
    department = case.department.name if case.department else ""
    return (
        *_about(asked, case), str(visit.get_result_display()), visit.opinion,
        at.isoformat() if at else None, department, _state(case),
    )  # fmt: skip


# --- The ledger -----------------------------------------------------------------------------------


def ledger(asked: Asked) -> Table:
    """客户意见台账 (F-06): every complaint and suggestion of the period, void and merged too."""
    last = Visit.objects.filter(case=OuterRef("pk"), state=Visit.State.DONE).order_by("-visited_at")
    opinions = asked.cases.filter(Q(kind="complaint") | Q(kind="suggestion")).annotate(
        rating=Subquery(last.values("result")[:1])
    )
    stages = asked.names("stage")
    names = asked.names("business") | stages
    rated = dict(Visit._meta.get_field("result").flatchoices)

    def cells(case: Case) -> tuple[Cell, ...]:
        axis = str(case.facts.get("stage") or case.facts.get("business") or "")
        return (
            case.opened_at.isoformat(), case.number, case.project.name, case.customer_name,
            case.address, names.get(axis, axis), case.text,
            case.department.name if case.department else "", status_of(case),
            case.fed_back_at.isoformat() if case.fed_back_at else None,
            str(rated.get(case.rating, "")),  # type: ignore[attr-defined] # annotated
        )  # fmt: skip

    rows, more = _listed(opinions, cells)
    columns = (
        Column("日期", "moment", 1.5), Column("编号", width=1.7), Column("项目", width=1.2),
        Column("客户"), Column("房号", width=1.4),
        Column("环节或类别" if stages else "类别", width=1.2),
        Column("意见内容", width=3.4), Column("责任部门", width=1.1), Column("进度", width=1.1),
        Column("反馈", "moment", 1.5), Column("满意度"),
    )  # fmt: skip
    return Table("ledger", "客户意见台账", columns, rows, more=more, url=asked.case_list())
