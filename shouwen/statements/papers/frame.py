"""The frame of a statement in Word: head, facts and signatures as placeholders, and `{{ 正文 }}`
where the sections go. A company that wants another layout takes this file and changes it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from shouwen.registers.word import Names
from shouwen.registers.word_parts import CENTER, foot, grid, letters, page, row, signatures, widths
from shouwen.registers.word_values import HEAD, SIGNED, SIGNED_COLUMNS

BODY, FACTS = "正文", "概要"
#: What may stand in a frame: what every form has, what the statement is about, its sections.
NAMES = Names(
    frozenset((*HEAD, BODY)), {SIGNED: SIGNED_COLUMNS, FACTS: frozenset(("名称", "内容"))}
)
#: In millimetres: what a fact is called; between the head of a page and what stands beneath it.
LABEL, BELOW_HEAD = 26, 20


def frame(*, landscape: bool) -> bytes:
    document = Document()
    width = page(document, "a4", landscape=landscape)
    letters(document)
    _head(document, width)
    foot(document)
    _title(document, width)
    document.add_paragraph("{{ 正文 }}")
    document.add_paragraph().paragraph_format.keep_with_next = True
    signatures(document, width)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _head(document: Any, width: int) -> None:
    """On every page: whose it is, and by which numbers it is found."""
    section = document.sections[0]
    section.top_margin = Mm(BELOW_HEAD)
    line = section.header.paragraphs[0]
    line.style = document.styles["Normal"]
    line.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
    form = "{% if 表号 %}表号 {{ 表号 }}　{% endif %}{% if 版本 %}版本 {{ 版本 }}　{% endif %}"
    line.add_run(f"{{{{ 公司 }}}} {{{{ 项目 }}}}\t{form}编号 {{{{ 编号 }}}}").font.size = Pt(8)


def _title(document: Any, width: int) -> None:
    title = document.add_paragraph()
    title.alignment = CENTER
    title.paragraph_format.space_after = Pt(8)
    run = title.add_run("{{ 表名 }}")
    run.bold, run.font.size = True, Pt(18)
    facts = grid(document, 2)
    for words in ("{%tr for 项 in 概要 %}", "{{ 项.名称 }}", "{%tr endfor %}"):
        row(facts, [words, "{{ 项.内容 }}" if "名称" in words else ""])
    widths(facts, [LABEL, width - LABEL])
