"""What stands in a statement, built from the records as plain values."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from shouwen.accounts.models import OrgUnit
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.periods import Period
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.sections import USUAL, section
from shouwen.statements.content.shapes import plain


def build(rule: StatementRule, unit: OrgUnit, period: Period, at: datetime) -> dict[str, Any]:
    """The sections that the rule names, as they stand at `at`.

    `{"unit", "period", "at", "sections": [...]}`; each section has `id` (a name of
    `rules.figure_kinds.SECTIONS`), `title`, and by its `kind` (`content.shapes`):

    - `text`: `draft`, and `hint`: what to write about where no draft can know. What a person wrote
      instead is kept by the statement, under the id.
    - `table`: `columns` (`title`, `kind`, `width`), `rows` (`cells`, `url`, `case`, `open`),
      `total` (cells, or empty), `note`, `more` (rows left out, see `url`), `nothing` (what to
      say without rows), `chart` or null.
    - `figures`: `rows` (`key`, `title`, `clause`, `formula`, `target`, `words`, `value`, `before`,
      `met`, `gap`, `hit`, `miss`, `open`, `out`, `small`, `locked`, `beside`, `url`), `nothing`,
      `chart` or null.
    - `chart`: `chart` or null, `nothing`.
    - `list`: `items` (`title`, `lines` of label and text, `url`, `case`), `nothing`.

    A cell is text, a number, or null; `content.cells.shown(cell, kind)` writes it. A chart has
    `kind` (bars, lines), `labels`, `series` of name and values, `unit`, `target`;
    `statements.charts.draw(chart)` is its SVG. It is already what the database will give back.
    """
    asked = Asked(rule, unit, period, at)
    content = {
        "unit": unit.name,
        "period": period.words,
        "at": at.isoformat(),
        "sections": [plain(section(name, asked)) for name in rule.sections or USUAL],
    }
    stored: dict[str, Any] = json.loads(json.dumps(content))
    return stored
