"""A statement as a Word file: a frame with placeholders is filled, and the sections are put in
where the frame says.

The frame is ours (`papers.frame`), or a company's own Word file with the same placeholders.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.timezone import localtime
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shouwen.papers.sheet import picture
from shouwen.registers.word import fill, text
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
    return {"签名处": one.place, "签名人": one.name or "＿＿＿＿＿＿", "签名时间": when}


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
        self.width = section.page_width - section.left_margin - section.right_margin

    def block(self, title: str, block: Block) -> None:
        head = self.line(title, bold=True)
        head.paragraph_format.space_before, head.paragraph_format.keep_with_next = Pt(10), True
        for words in block.words.split("\n") if block.words else []:
            self.line(words).paragraph_format.first_line_indent = Pt(20)
        if block.rows:
            self.table(block)
        if block.chart:
            self.chart(block.chart)
        for item in block.items:
            self.line(item["title"], bold=True)
            for label, words in item["lines"]:
                self.line(f"{label}：{words}")
        for words in filter(None, (block.note, block.nothing if block.is_empty else "")):
            self.line(words)

    def line(self, words: str, *, bold: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.add_run(text(words)).bold = bold
        self._move(paragraph._p)
        return paragraph

    def chart(self, chart: Any) -> None:
        paragraph = self.line("")
        paragraph.add_run().add_picture(
            BytesIO(picture(draw(chart))), width=min(self.width, Mm(130))
        )

    def table(self, block: Block) -> None:
        heads = block.columns
        table = self.document.add_table(rows=0, cols=len(heads))
        self._move(table._tbl)
        _edges(table)
        widths = [int(self.width * head.width / block.width) for head in heads]
        right = [head.right for head in heads]
        _row(table, [head.title for head in heads], widths, right, tinted=True, repeated=True)
        for cells in block.texts:
            _row(table, cells, widths, right)
        if block.total:
            _row(table, block.written(block.total), widths, right, tinted=True)

    def _move(self, element: Any) -> None:
        self.mark._p.addprevious(element)


def _row(
    table: Any, texts: Sequence[str], widths: Sequence[int], right: Sequence[bool],
    *, tinted: bool = False, repeated: bool = False,
) -> None:  # fmt: skip
    row = table.add_row()
    _never_split(row, repeated)
    for cell, words, width, on_right in zip(row.cells, texts, widths, right, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.alignment = 2 if on_right and not repeated else 0
        run = paragraph.add_run(text(words))
        run.font.size, run.bold = Pt(8), tinted
        if tinted:
            _tint(cell)


def _never_split(row: Any, repeated: bool) -> None:
    """A row stays on one page; the head is repeated on each."""
    about = row._tr.get_or_add_trPr()
    about.append(OxmlElement("w:cantSplit"))
    if repeated:
        about.append(OxmlElement("w:tblHeader"))


def _tint(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _TINT)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _edges(table: Any) -> None:
    """Thin lines, whatever styles the frame knows."""
    edges = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", _EDGE)):
            edge.set(qn(f"w:{name}"), value)
        edges.append(edge)
    rest = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    table._tbl.tblPr.insert_element_before(edges, *rest)
