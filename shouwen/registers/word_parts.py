"""What every Word file of ours is made of: the page, its letters, tables with thin lines, places to
sign, page x of y."""

from __future__ import annotations

from itertools import islice
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from shouwen.registers.word_values import SIGNED

#: Width and height in millimetres.
PAPERS = {"a4": (210, 297), "a5": (148, 210)}
MARGIN = 15
FONT, LATIN = "宋体", "Times New Roman"
#: Room to sign by hand.
SIGN = 10
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def page(document: Any, paper: str, *, landscape: bool) -> int:
    """The room between the margins, in millimetres."""
    section = document.sections[0]
    width, height = PAPERS[paper]
    if landscape:
        width, height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(MARGIN))
    section.header_distance = section.footer_distance = Mm(MARGIN / 2)
    return width - 2 * MARGIN


def letters(document: Any) -> None:
    """Chinese ones, set by the rules of Chinese."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    for language in document.styles.element.xpath("//w:docDefaults//w:lang"):
        language.set(qn("w:eastAsia"), "zh-CN")


def foot(document: Any) -> None:
    line = document.sections[0].footer.paragraphs[0]
    line.alignment = CENTER
    line.add_run("{{ 依据 }}　第 ")
    _counted(line, "PAGE")
    line.add_run(" 页　共 ")
    _counted(line, "NUMPAGES")
    line.add_run(" 页　{{ 打印 }}")
    for run in line.runs:
        run.font.size = Pt(8)


def _counted(line: Any, what: str) -> None:
    """A number that Word counts itself."""
    run = line.add_run()
    run.text = "1"
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), what)
    line._p.append(field)
    run.font.size = Pt(8)
    field.append(run._r)


def signatures(document: Any, width: float) -> None:
    """A row for each place: who signed, and when; without a name there is room to sign by hand."""
    table = grid(document, 3)
    row(table, ["签名处", "签名", "日期"], head=True)
    row(table, [f"{{%tr for 行 in {SIGNED} %}}", "", ""])
    row(table, ["{{ 行.签名处 }}", "{{ 行.签名人 }}", "{{ 行.签名时间 }}"])
    table.rows[-1].height = Mm(SIGN)
    row(table, ["{%tr endfor %}", "", ""])
    widths(table, [width / 3] * 3)


# --- Tables ---------------------------------------------------------------------------------------


def grid(document: Any, columns: int) -> Table:
    table: Table = document.add_table(0, columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    return table


def cells(table: Table, *, head: bool = False) -> list[Any]:
    """Of a new row, which stays on one page; the head is repeated on each."""
    added = table.add_row()  # type: ignore[no-untyped-call] # docx has no types here
    about = added._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader") if head else ("w:cantSplit",):
        about.append(OxmlElement(name))
    return list(added.cells)


def row(table: Table, words: list[str], *, head: bool = False) -> None:
    for cell, word in zip(cells(table, head=head), words, strict=True):
        put(cell, word, bold=head, align=CENTER if head else None)


def put(cell: Any, words: str, *, bold: bool = False, size: float = 0, align: Any = None) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = cell.paragraphs[0]
    line.alignment = align
    run = line.add_run(words)
    if bold:
        run.bold = True
    if size:
        run.font.size = Pt(size)


def widths(table: Table, millimetres: list[float]) -> None:
    """Of its columns; said of each cell too, for programs that look there."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for line in table._tbl.tr_lst:
        rest = iter(millimetres)
        for cell in line.tc_lst:
            cell.width = Mm(sum(islice(rest, cell.grid_span)))
