"""Sections that count the cases of the period: by kind, by source, by department, by an axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT

from shouwen.cases.forms.filters import has_late
from shouwen.cases.models import Case
from shouwen.statements.content.asked import VOID, Asked
from shouwen.statements.content.shapes import Chart, Column, Row, Table

#: Registered, closed, not closed, void or merged, with a broken promise, registered in the period
#: before, and how many more than then.
Numbers = tuple[int, ...]
COUNTS = (
    Column("登记", "number"), Column("已关闭", "number"), Column("未关闭", "number"),
    Column("作废或并入", "number"), Column("有超时", "number"), Column("上期登记", "number"),
    Column("增减", "number"),
)  # fmt: skip
REGISTERED, UNCLOSED, VOIDED, LATE, BEFORE = 0, 2, 3, 4, 5
NONE: Numbers = (0,) * len(COUNTS)
#: Fewer bars than that say nothing that the table does not say.
LEAST = 2
_NOTE = "登记 = 已关闭 + 未关闭 + 作废或并入；已关闭与未关闭按期末。"


def counts(asked: Asked, field: str, **narrowed: str) -> dict[str, Numbers]:
    """The numbers by the value of a field; "" where it has none."""
    closed = Q(closed_at__lt=asked.until) & ~Q(status__in=VOID)
    rows = _by(asked.cases.filter(**narrowed), field).annotate(
        all=Count("pk"),
        closed=Count("pk", filter=closed),
        void=Count("pk", filter=Q(status__in=VOID)),
    )
    late = _many(asked.matters.filter(has_late(asked.until), **narrowed), field)
    before = _many(asked.before.cases.filter(**narrowed), field)
    found = {value or "": (n, done, n - done - void, void) for value, n, done, void in rows}
    return {
        value: (*four, late[value], before[value], four[0] - before[value])
        for value in {**found, **before}
        for four in [found.get(value, (0, 0, 0, 0))]
    }


def _by(cases: QuerySet[Case], field: str) -> QuerySet[Case, tuple[Any, ...]]:
    """`field` is a column, or an axis of the facts ("facts__business")."""
    if field.startswith("facts__"):
        return cases.order_by().annotate(axis=KT(field)).values_list("axis")
    return cases.order_by().values_list(field)


def _many(cases: QuerySet[Case], field: str) -> Counter[str]:
    return Counter({row[0] or "": int(row[1]) for row in _by(cases, field).annotate(n=Count("pk"))})


def summed(rows: Mapping[str, Numbers]) -> Numbers:
    return tuple(sum(column) for column in zip(NONE, *rows.values(), strict=True))


# --- The sections ---------------------------------------------------------------------------------


def kinds(asked: Asked) -> Table:
    """Every kind of the regulation, those that did not occur too (the 14 of S4)."""
    found, names = counts(asked, "kind"), asked.names("kind")
    own = asked.rulebook.axis("kind")
    wanted = {value.code: NONE for value in own[1].values} if own else {}
    rows = _rows({**wanted, **found}, names, lambda value: asked.case_list(kind=value))
    return _table(asked, "kinds", "客户信息分类统计", "类别", rows)


def channels(asked: Asked) -> Table:
    """By source (S0-3.2-1)."""
    found, names = counts(asked, "source"), asked.names("source")
    rows = _rows(found, names, lambda v: asked.case_list(source=v))
    return _table(asked, "channels", "信息来源", "来源", rows)


def categories(asked: Asked) -> Table:
    """Complaints by what they are about."""
    return _of_axis(asked, "categories", "投诉业务类别", "类别", "business", "complaint")


def stages(asked: Asked) -> Table:
    """Complaints by the stage that they came up in (S1: 销售, 签约, 交楼, 办证)."""
    return _of_axis(asked, "stages", "投诉环节", "环节", "stage", "complaint")


def repairs(asked: Asked) -> Table:
    """Repairs by their class (S4-4.4.2b-12)."""
    return _of_axis(asked, "repairs", "报修统计", "等级", "repair_class", "repair")


def _of_axis(asked: Asked, id_: str, title: str, what: str, axis: str, kind: str) -> Table:
    found, names = counts(asked, f"facts__{axis}", kind=kind), asked.names(axis)
    rows = _rows(found, names, lambda _value: asked.case_list(kind=kind))
    return _table(asked, id_, title, what, rows)


def departments(asked: Asked) -> Table:
    """By the department that leads; those handed to none stand last."""
    found = counts(asked, "department__name")
    busiest = sorted(filter(None, found), key=lambda name: (-found[name][REGISTERED], name))
    names = {**{name: name for name in busiest}, "": "未派部门"}
    rows = _rows(found, names, lambda _value: "")
    return _table(asked, "departments", "各部门处理情况", "部门", rows)


def _rows(
    found: Mapping[str, Numbers], names: Mapping[str, str], url: Callable[[str], str]
) -> tuple[Row, ...]:
    """Those that have a name in its order, then the others; what has no value last."""
    order = [value for value in names if value and value in found]
    order += sorted(value for value in found if value and value not in names)
    order += [""] if "" in found else []
    return tuple(
        Row((names.get(value, value) or "未分类", *found[value]), url(value)) for value in order
    )


def _table(asked: Asked, id_: str, title: str, what: str, rows: tuple[Row, ...]) -> Table:
    total = summed({str(place): numbers(row) for place, row in enumerate(rows)})
    return Table(
        id_, title, (Column(what, width=1.6), *COUNTS), rows, ("合计", *total), _NOTE,
        url=asked.case_list(), chart=chart_of(rows),
    )  # fmt: skip


def numbers(row: Row) -> Numbers:
    """What stands in a row after its name."""
    return tuple(int(str(cell)) for cell in row.cells[1:])


def chart_of(rows: tuple[Row, ...]) -> Chart | None:
    """What was registered beside the period before; what has nothing in either is left out."""
    told = [row for row in rows if numbers(row)[REGISTERED] or numbers(row)[BEFORE]]
    if len(told) < LEAST:
        return None
    now, before = (
        tuple(float(numbers(row)[place]) for row in told) for place in (REGISTERED, BEFORE)
    )
    series = (("本期", now), ("上期", before)) if any(before) else (("本期", now),)
    return Chart("bars", tuple(str(row.cells[0]) for row in told), series)
