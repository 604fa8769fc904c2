"""A statement as a Word file: a frame with placeholders is filled, and the sections are put in
where the frame says.

The frame is ours (`papers.frame`), or a company's own Word file with the same placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.utils.timezone import localtime
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from shouwen.papers.sheet import picture
from shouwen.registers.word import fill, text
from shouwen.registers.word_parts import CENTER, RIGHT, cells, put, widths
from shouwen.registers.word_values import SIGNED
from shouwen.rules.refused import Refused
from shouwen.statements.charts import draw
from shouwen.statements.papers.blocks import Block, numbered
from shouwen.statements.papers.frame import BODY, FACTS, NAMES, frame
from shouwen.statements.papers.paper import Paper, Signature
from shouwen.statements.papers.pdf import lies

#: What `{{ 正文 }}` becomes until the sections take its place: no person types this character.
_MARK = "\ue000"
_TINT, _EDGE = "F0F3F6", "8A94A0"
_AROUND = ("top", "left", "bottom", "right", "insideH", "insideV")
#: How wide a chart is, in millimetres.
CHART = 105
#: Between a line and the words beside it, in twentieths of a point.
_INSET = "60"
#: What Word wants to stand after them.
_AFTER = {
    "w:tblBorders": ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"),
    "w:tblCellMar": ("w:tblLook",),
}


def as_word(paper: Paper, own: bytes | None = None) -> bytes:
    """`own` is the frame of a company."""
    filled = fill(own or frame(landscape=lies(paper)), NAMES, _values(paper))
    document = Document(BytesIO(filled))
    _put_in(document, numbered(paper.blocks))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _values(paper: Paper) -> dict[str, Any]:
    head = paper.head
    return {
        "表名": head.title,
        "公司": head.company,
        "项目": head.project,
        "编号": head.record,
        "表号": head.form,
        "版本": head.edition,
        "依据": head.basis,
        "打印": head.printed,
        "状态": "",
        FACTS: [{"名称": label, "内容": text(words)} for label, words in paper.facts],
        SIGNED: [_signature(one) for one in paper.signatures],
        BODY: _MARK,
    }


def _signature(one: Signature) -> dict[str, str]:
    when = f"{localtime(one.at):%Y-%m-%d %H:%M}" if one.at else ""
    return {"签名处": one.place, "签名人": one.name, "签名时间": when}


def _put_in(document: Any, blocks: Sequence[tuple[str, Block]]) -> None:
    mark = next((p for p in document.paragraphs if _MARK in p.text), None)
    if mark is None:
        raise Refused("no-body", "模板中没有 {{ 正文 }}，报表的内容无处可放；请补上后重新上传。")
    writer = _Writer(document, mark)
    for title, block in blocks:
        writer.block(title, block)
    mark._p.getparent().remove(mark._p)


class _Writer:
    """Puts one after the other before the mark."""

    def __init__(self, document: Any, mark: Any) -> None:
        self.document, self.mark = document, mark
        section = document.sections[0]
        self.width = Length(section.page_width - section.left_margin - section.right_margin)

    def block(self, title: str, block: Block) -> None:
        head = self.line(title, bold=True)
        head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(10), Pt(4)
        head.paragraph_format.keep_with_next = True
        for words in block.words.split("\n") if block.words else []:
            self.line(words).paragraph_format.first_line_indent = Pt(21)
        if block.rows:
            self.table(block)
        if block.chart:
            self.chart(block.chart)
        for item in block.items:
            self.item(item)
        for words in filter(None, (block.note, block.nothing if block.is_empty else "")):
            self.line(words).runs[0].font.size = Pt(9)

    def line(self, words: str, *, bold: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(text(words)).bold = bold
        self._move(paragraph._p)
        return paragraph

    def item(self, item: Any) -> None:
        head = self.line(item["title"], bold=True)
        head.paragraph_format.space_before, head.paragraph_format.keep_with_next = Pt(4), True
        for label, words in item["lines"]:
            self.line(f"{label}：{words}")

    def chart(self, chart: Any) -> None:
        paragraph = self.line("")
        paragraph.alignment, paragraph.paragraph_format.space_before = CENTER, Pt(6)
        paragraph.add_run().add_picture(
            BytesIO(picture(draw(chart))), width=min(self.width, Mm(CHART))
        )

    def table(self, block: Block) -> None:
        heads = block.columns
        table = self.document.add_table(rows=0, cols=len(heads))
        self._move(table._tbl)
        _edges(table)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        right = [head.right for head in heads]
        _row(table, [head.title for head in heads], right, head=True)
        for written in block.texts:
            _row(table, written, right)
        if block.total:
            _row(table, block.written(block.total), right, tinted=True)
        widths(table, [self.width.mm * head.width / block.width for head in heads])

    def _move(self, element: Any) -> None:
        self.mark._p.addprevious(element)


def _row(
    table: Any, texts: Sequence[str], right: Sequence[bool],
    *, head: bool = False, tinted: bool = False,
) -> None:  # fmt: skip
    for cell, words, on_right in zip(cells(table, head=head), texts, right, strict=True):
        align = CENTER if head else RIGHT if on_right else None
        put(cell, text(words), bold=head or tinted, size=8, align=align)
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        if head or tinted:
            _tint(cell)


def _tint(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _TINT)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _edges(table: Any) -> None:
    """Thin lines close around the words, whatever styles the frame knows."""
    _sides(table, "w:tblBorders", _AROUND, {"val": "single", "sz": "4", "color": _EDGE})
    _sides(table, "w:tblCellMar", ("left", "right"), {"w": _INSET, "type": "dxa"})


def _sides(table: Any, name: str, sides: Sequence[str], what: Mapping[str, str]) -> None:
    element = OxmlElement(name)
    for side in sides:
        edge = OxmlElement(f"w:{side}")
        for key, value in what.items():
            edge.set(qn(f"w:{key}"), value)
        element.append(edge)
    table._tbl.tblPr.insert_element_before(element, *_AFTER[name])
