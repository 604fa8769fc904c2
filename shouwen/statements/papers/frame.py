"""The frame of a statement in Word: head, facts and signatures as placeholders, and `{{ 正文 }}`
where the sections go. A company that wants another layout takes this file and changes it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shouwen.registers.word import Names
from shouwen.registers.word_values import HEAD, SIGNED, SIGNED_COLUMNS

FONT = "宋体"
BODY, FACTS = "正文", "概要"
#: What may stand in a frame: what every form has, what the statement is about, its sections.
NAMES = Names(
    frozenset((*HEAD, BODY)), {SIGNED: SIGNED_COLUMNS, FACTS: frozenset(("名称", "内容"))}
)


def frame(*, landscape: bool) -> bytes:
    document = Document()
    _page(document.sections[0], landscape)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(4)
    _head(document)
    document.add_paragraph("{{ 正文 }}")
    _signatures(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(section: Any, landscape: bool) -> None:
    width, height = Mm(210), Mm(297)
    if landscape:
        width, height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(22), Mm(18)
    above, below = section.header.paragraphs[0], section.footer.paragraphs[0]
    above.text = "{{ 公司 }} {{ 项目 }}　编号 {{ 编号 }}　表号 {{ 表号 }} {{ 版本 }}"
    below.add_run("{{ 依据 }}　第 ")
    _field(below, "PAGE")
    below.add_run(" 页 共 ")
    _field(below, "NUMPAGES")
    below.add_run(" 页　{{ 打印 }}")
    for paragraph in (above, below):
        for run in paragraph.runs:
            run.font.size = Pt(8)


def _field(paragraph: Any, code: str) -> None:
    """A number that Word counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _head(document: Any) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("{{ 表名 }}")
    run.bold, run.font.size = True, Pt(18)
    for words in ("{%p for 项 in 概要 %}", "{{ 项.名称 }}：{{ 项.内容 }}", "{%p endfor %}"):
        document.add_paragraph(words)


def _signatures(document: Any) -> None:
    for words in (
        "{%p for 处 in 签名 %}", "{{ 处.签名处 }}：{{ 处.签名人 }}　　{{ 处.签名时间 }}",
        "{%p endfor %}",
    ):  # fmt: skip
        document.add_paragraph(words).paragraph_format.space_before = Pt(8)
