"""Which function builds which section (`rules.figure_kinds.SECTIONS`)."""

from __future__ import annotations

from collections.abc import Callable

from shouwen.statements.content import counted, floors, matters, measured, worded
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.shapes import Section

BUILDERS: dict[str, Callable[[Asked], Section]] = {
    "message": worded.message,
    "summary": worded.summary,
    "figures": measured.attained,
    "kinds": counted.kinds,
    "channels": counted.channels,
    "categories": counted.categories,
    "stages": counted.stages,
    "departments": counted.departments,
    "trend": measured.trend,
    "ranking": measured.ranking,
    "majors": floors.majors,
    "hot": floors.hot,
    "weak": worded.weak,
    "open": matters.unclosed,
    "unsatisfied": matters.unsatisfied,
    "late": matters.late,
    "causes": worded.causes,
    "repeated": floors.repeated,
    "repairs": counted.repairs,
    "services": floors.services,
    "visits": floors.visits,
    "visit-items": floors.visit_items,
    "survey": floors.survey,
    "suggestions": floors.suggestions,
    "praises": floors.praises,
    "quality": floors.quality,
    "typical": floors.typical,
    "ledger": matters.ledger,
    "analysis": worded.analysis,
    "improvements": worded.improvements,
    "conclusion": worded.conclusion,
}
#: Of a statement whose regulation names no sections.
USUAL = ("summary", "figures", "kinds", "open", "unsatisfied", "improvements")


def section(name: str, asked: Asked) -> Section:
    return BUILDERS[name](asked)
