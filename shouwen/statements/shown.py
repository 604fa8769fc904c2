"""A section as the page shows it: cells in words, numbers as links, charts as drawings."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from shouwen.statements.charts import draw
from shouwen.statements.content.cells import shown as cell_words
from shouwen.statements.content.shapes import NUMBERS
from shouwen.statements.models import Statement
from shouwen.statements.reading import sections

#: Columns that the page has room for; a wider table is moved sideways.
_FITS = 10


def shown(row: Statement) -> list[dict[str, Any]]:
    return [_shown(section) for section in sections(row)]


def _shown(section: dict[str, Any]) -> dict[str, Any]:
    chart = section.get("chart")
    told = {**section, "drawing": _drawn(chart) if chart else ""}
    return _with_cells(told) if section["kind"] == "table" else told


def _with_cells(section: dict[str, Any]) -> dict[str, Any]:
    columns = section["columns"]
    return {
        **section,
        "columns": [_column(column, sum(one["width"] for one in columns)) for column in columns],
        "is_wide": len(columns) > _FITS,
        "rows": [{**row, "cells": _cells(row["cells"], columns)} for row in section["rows"]],
        "total": _cells(section["total"], columns),
    }


def _column(column: dict[str, Any], all_widths: float) -> dict[str, Any]:
    share = round(100 * column["width"] / all_widths)
    return {**column, "right": column["kind"] in NUMBERS, "share": share}


def _cells(cells: list[Any], columns: list[dict[str, Any]]) -> list[tuple[str, bool, str]]:
    """Of each its words, whether it stands on the right, and the title of its column."""
    return [
        (cell_words(cell, column["kind"]), column["kind"] in NUMBERS, column["title"])
        for cell, column in zip(cells, columns, strict=False)
    ]


def _drawn(chart: dict[str, Any]) -> SafeString:
    """Drawn by us from numbers and escaped labels."""
    return mark_safe(draw(chart))  # noqa: S308 - `draw` escapes every label
