"""Which function builds which section (`rules.figure_kinds.SECTIONS`)."""

from __future__ import annotations

from collections.abc import Callable

from shouwen.rules.figure_kinds import SECTIONS
from shouwen.statements.content import counted, matters, measured
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.shapes import Section, Text

Build = Callable[[Asked], Section]
BUILDERS: dict[str, Build] = {
    "figures": measured.figures,
    "kinds": counted.kinds,
    "channels": counted.channels,
    "departments": counted.departments,
    "open": matters.unclosed,
    "unsatisfied": matters.unsatisfied,
    "late": matters.late,
    "ledger": matters.ledger,
}
#: Of a statement whose regulation names no sections.
USUAL = ("summary", "figures", "kinds", "open", "unsatisfied", "improvements")


def section(name: str, asked: Asked) -> Section:
    if name in BUILDERS:
        return BUILDERS[name](asked)
    return Text(name, SECTIONS[name])
