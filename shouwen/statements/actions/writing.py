"""The words of a statement: drafted by the program, written by the person in charge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shouwen.accounts.scope import Scope
from shouwen.figures.actions.locking import count_anew
from shouwen.rules.refused import Refused
from shouwen.rules.statements import places
from shouwen.statements.actions.locking import changing
from shouwen.statements.actions.preparing import refill
from shouwen.statements.actions.telling import log
from shouwen.statements.models import Statement
from shouwen.statements.queries import is_of_a_month
from shouwen.statements.reading import drafts, title_of
from shouwen.statements.standing import require_standing

LONGEST = 5000


def write(
    *,
    statement: Statement,
    texts: Mapping[str, str],
    by: Scope,
    at: datetime,
    version: int | None = None,
) -> Statement:
    """Own words for sections of text; words that equal the draft, or none, give the draft back."""
    with changing(statement, "write", version) as row:
        require_standing(places(row.written)[0].role, row.unit, by, at)
        drafted = drafts(row)
        for section, words in texts.items():
            if section not in drafted:
                raise Refused(
                    "not-found", "这一段由程序取数，不能改写；请改写文字的段落。", field=section
                )
            _put(row, section, words.strip(), drafted[section])
        log(row, "written", by, at, "、".join(title_of(row, section) for section in texts))
    return statement


def _put(row: Statement, section: str, words: str, draft: str) -> None:
    if len(words) > LONGEST:
        raise Refused("text-too-long", f"一段最多 {LONGEST} 字，请精简。", field=section)
    row.texts.pop(section, None)
    if words and words != draft:
        row.texts[section] = words


def renew(*, statement: Statement, by: Scope, at: datetime) -> Statement:
    """The tables as the records say now; what was written stays."""
    with changing(statement, "renew") as row:
        require_standing(places(row.written)[0].role, row.unit, by, at)
        if is_of_a_month(row):
            count_anew(place=row.unit, month=row.spans, at=at)
        refill(row, by, at)
    return statement
