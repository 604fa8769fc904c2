"""A statement on paper: PDF to sign and send, Word to go on with, Excel to calculate with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shouwen.accounts.models import Staff
from shouwen.cases.downloads import EXCEL
from shouwen.cases.files import path_of
from shouwen.registers.queries import template_of
from shouwen.rules.refused import Refused
from shouwen.statements.models import Statement
from shouwen.statements.papers.paper import Paper, paper_of
from shouwen.statements.papers.pdf import as_pdf
from shouwen.statements.papers.word import as_word
from shouwen.statements.papers.workbook import as_workbook

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    content: bytes


def file_of(row: Statement, kind: str, *, by: Staff, at: datetime, address: str) -> File:
    """`kind` is pdf, docx or xlsx; `address` the page of the statement."""
    if kind not in _KINDS:
        raise Refused("not-found", "报表可以导出为 PDF、Word 或 Excel，请从报表页面选择。")
    media_type, make = _KINDS[kind]
    paper = paper_of(row, by=by, at=at, address=address)
    return File(f"{paper.name}.{kind}", media_type, make(row, paper))


def _pdf(_row: Statement, paper: Paper) -> bytes:
    return as_pdf(paper)


def _word(row: Statement, paper: Paper) -> bytes:
    """In the company's own frame, where it has one for this form."""
    own = template_of(row.unit, row.written.form) if row.written.form else None
    return as_word(paper, path_of(own.sha256).read_bytes() if own else None)


def _excel(_row: Statement, paper: Paper) -> bytes:
    with as_workbook(paper) as file:
        return file.read()


_KINDS: dict[str, tuple[str, Callable[[Statement, Paper], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "docx": (WORD, _word),
    "xlsx": (EXCEL, _excel),
}
