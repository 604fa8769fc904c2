"""Who keeps their promises."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwen.dashboards.heaps import HEAPS, NONE, counted_by
from shouwen.dashboards.pages.counting import MOST, opens, rate, unit_names
from shouwen.dashboards.pieces import Cell, Chart, Column, Line, number
from shouwen.dashboards.places import View


def promises_by(view: View) -> Chart:
    """Kept and missed by each department of what fell due in the period; the worst first."""
    kept, missed = (counted_by(HEAPS[name], view, "department") for name in ("kept", "missed"))
    names = unit_names([*kept, *missed], view.place)
    keys = sorted({*kept, *missed}, key=lambda key: (-missed.get(key, 0), -kept.get(key, 0)))
    columns = [
        Column(_("按时"), "bar", "met"), Column(_("超时"), "bar", "late"), Column(_("按时率")),
    ]  # fmt: skip
    lines = [
        Line(names.get(key, _("未派部门")), _cells(view, key, kept.get(key, 0), missed.get(key, 0)))
        for key in keys
    ]
    return Chart(
        "promises", _("各部门承诺兑现"), _("部门"), columns, lines[:MOST], "stack",
        note=view.period.words, left_out=len(lines[MOST:]),
    )  # fmt: skip


def _cells(view: View, department: int | None, kept: int, missed: int) -> list[Cell]:
    key = department or NONE
    return [
        number(kept, opens(view, "kept", "department", key)),
        number(missed, opens(view, "missed", "department", key), "late"),
        rate(kept, missed, opens(view, "judged", "department", key)),
    ]
