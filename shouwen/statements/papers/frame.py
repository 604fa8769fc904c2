"""The frame of a statement in Word: head, facts and signatures as placeholders, and `{{ body }}`
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

FONT = "宋体"
#: What may stand in a frame, and what it becomes.
PLACEHOLDERS = {
    "title": "报表名称",
    "company": "公司",
    "project": "项目",
    "number": "编号",
    "form": "表号",
    "form_edition": "表单版本",
    "basis": "依据的制度与条款",
    "facts": "单位、期间、数据截至、版次、报送、报送期限：每项有 label 与 text",
    "signatures": "签字处：每处有 place、name、at",
    "printed": "谁在何时导出",
    "body": "报表的各段落",
}


def frame(*, landscape: bool) -> bytes:
    document = Document()
    _page(document.sections[0], landscape)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(4)
    _head(document)
    document.add_paragraph("{{ body }}")
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
    above.text = (
        "{{ company }} {{ project }}　编号 {{ number }}　表号 {{ form }} {{ form_edition }}"
    )
    below.add_run("{{ basis }}　第 ")
    _field(below, "PAGE")
    below.add_run(" 页 共 ")
    _field(below, "NUMPAGES")
    below.add_run(" 页　{{ printed }}")
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
    run = title.add_run("{{ title }}")
    run.bold, run.font.size = True, Pt(18)
    for words in ("{%p for fact in facts %}", "{{ fact.label }}：{{ fact.text }}", "{%p endfor %}"):
        document.add_paragraph(words)


def _signatures(document: Any) -> None:
    for words in (
        "{%p for one in signatures %}", "{{ one.place }}：{{ one.name }}　　{{ one.at }}",
        "{%p endfor %}",
    ):  # fmt: skip
        document.add_paragraph(words).paragraph_format.space_before = Pt(8)
