"""Sections that count the cases of the period: by kind, by source, by department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, Q

from shouwen.cases.forms.filters import has_late
from shouwen.cases.models import Case
from shouwen.statements.content.asked import VOID, Asked
from shouwen.statements.content.shapes import Cell, Chart, Column, Row, Table

Numbers = tuple[int, ...]
_COUNTS = (
    Column("登记", "number"), Column("已关闭", "number"), Column("未关闭", "number"),
    Column("作废或并入", "number"), Column("有超时", "number"), Column("上期登记", "number"),
    Column("增减", "number"),
)  # fmt: skip
_NOTE = "登记 = 已关闭 + 未关闭 + 作废或并入；已关闭、未关闭按期末状态。"


def counts(asked: Asked, field: str, **narrowed: str) -> dict[str, Numbers]:
    """By the value of a field: registered, closed, not closed, void or merged, with a broken
    promise, registered in the period before, and how many more than then."""
    closed = Q(closed_at__lt=asked.until) & ~Q(status__in=VOID)
    rows = asked.cases.filter(**narrowed).order_by().values_list(field).annotate(
        all=Count("pk"), closed=Count("pk", filter=closed),
        void=Count("pk", filter=Q(status__in=VOID)),
    )  # fmt: skip
    late = _by(asked.matters.filter(has_late(asked.until), **narrowed), field)
    before = _by(asked.before.cases.filter(**narrowed), field)
    found = {
        str(value): (n, closed, n - closed - void, void) for value, n, closed, void in rows
    }
    return {
        value: (*four, late[value], before[value], four[0] - before[value])
        for value in {**found, **before}
        for four in [found.get(value, (0, 0, 0, 0))]
    }


def _by(cases: object, field: str) -> Counter[str]:
    rows = cases.order_by().values_list(field).annotate(Count("pk"))  # type: ignore[attr-defined]
    return Counter({str(value): n for value, n in rows})


def summed(rows: Mapping[str, Numbers]) -> Numbers:
    return tuple(sum(column) for column in zip(*rows.values(), strict=True)) or (0,) * len(_COUNTS)


def kinds(asked: Asked) -> Table:
    """Every kind of the regulation, those that did not occur too (the 14 of S4)."""
    found, names = counts(asked, "kind"), asked.names("kind")
    order = [*names, *(kind for kind in found if kind not in names)]
    rows = tuple(
        _line(names.get(kind, kind), found.get(kind, (0,) * 7), asked.case_list(kind=kind))
        for kind in order
    )
    return _counted("kinds", "客户信息分类统计", "类别", rows, asked)


def channels(asked: Asked) -> Table:
    """By source (S0-3.2-1)."""
    found, names = counts(asked, "source"), asked.names("source")
    order = [*names, *(source for source in found if source not in names)]
    rows = tuple(
        _line(names.get(source, source), found.get(source, (0,) * 7), asked.case_list(source=source))
        for source in order
    )
    return _counted("channels", "信息来源", "来源", rows, asked)


def _line(name: str, numbers: Numbers, url: str) -> Row:
    return Row((name, *numbers), url)


def _counted(id_: str, title: str, what: str, rows: tuple[Row, ...], asked: Asked) -> Table:
    total: tuple[Cell, ...] = ("合计", *summed({str(n): _numbers(row) for n, row in enumerate(rows)}))
    return Table(
        id_, title, (Column(what, width=1.6), *_COUNTS), rows, total, _NOTE,
        url=asked.case_list(), chart=chart_of(rows),
    )  # fmt: skip


def _numbers(row: Row) -> Numbers:
    return tuple(cell for cell in row.cells[1:] if isinstance(cell, int))


def chart_of(rows: tuple[Row, ...]) -> Chart | None:
    """What was registered, beside the period before; lines with nothing in either are left out."""
    told = [row for row in rows if row.cells[1] or row.cells[6]]
    if not told:
        return None
    return Chart(
        "bars", tuple(str(row.cells[0]) for row in told),
        (("本期", _column(told, 1)), ("上期", _column(told, 6))),
    )  # fmt: skip


def _column(rows: list[Row], place: int) -> tuple[float | None, ...]:
    return tuple(float(cell) if isinstance(cell := row.cells[place], int) else None for row in rows)


def open_cases(asked: Asked) -> int:
    return asked.unclosed.count()


def departments(asked: Asked) -> Table:
    """By the department that leads; those handed to none stand last."""
    found = counts(asked, "department__name")
    order = sorted((name for name in found if name != "None"), key=lambda name: -found[name][0])
    order += ["None"] if "None" in found else []
    rows = tuple(_line("未派部门" if name == "None" else name, found[name], "") for name in order)
    return _counted("departments", "各部门处理情况", "部门", rows, asked)


__all__ = ["Case", "channels", "counts", "departments", "kinds", "open_cases", "summed"]
