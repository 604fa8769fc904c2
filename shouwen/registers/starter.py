"""The Word file of a form as we make it: head, every field with its placeholder, places to sign,
page x of y. It is filled where a company has no file of its own, and it is what such a file is made
from."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from shouwen.registers.word_values import SIGNED, names
from shouwen.rules.form_kinds import Form, FormField

#: Width and height in millimetres.
PAPERS = {"a4": (210, 297), "a5": (148, 210)}
MARGIN = 15
FONT, LATIN = "宋体", "Times New Roman"
LABEL = 28
#: Of fields that stand alone in their row.
WIDE = ("long", "photo")


def starter(rule: Form) -> bytes:
    document = Document()
    width = _page(document, rule)
    _letters(document)
    _head(document, rule, width)
    for group in _groups(rule):
        _group(document, rule, group, width)
    if rule.signatures:
        _signatures(document, width)
    _foot(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(document: Any, rule: Form) -> int:
    """The room between the margins, in millimetres."""
    section = document.sections[0]
    width, height = PAPERS[rule.paper]
    if rule.landscape:
        width, height = height, width
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(MARGIN))
    return width - 2 * MARGIN


def _letters(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)


# --- Head and foot --------------------------------------------------------------------------------


def _head(document: Any, rule: Form, width: int) -> None:
    table = document.add_table(1, 3)
    left, middle, right = table.rows[0].cells
    _put(left, "{{ 公司 }}\n{{ 项目 }}")
    _put(middle, "{{ 表名 }}", bold=True, size=16, align=WD_ALIGN_PARAGRAPH.CENTER)
    number = "表号 {{ 表号 }}\n" if rule.number else ""
    _put(right, f"{number}No. {{{{ 编号 }}}}", size=9, align=WD_ALIGN_PARAGRAPH.RIGHT)
    side = width * 0.27
    _widths(table, [side, width - 2 * side, side])
    document.add_paragraph()


def _foot(document: Any) -> None:
    line = document.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run("{{ 依据 }}　第 ")
    _counted(line, "PAGE")
    line.add_run(" 页　共 ")
    _counted(line, "NUMPAGES")
    line.add_run(" 页　{{ 打印 }}")
    for run in line.runs:
        run.font.size = Pt(8)


def _counted(line: Any, what: str) -> None:
    """A number that Word counts itself."""
    counted = OxmlElement("w:fldSimple")
    counted.set(qn("w:instr"), what)
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    counted.append(run)
    line._p.append(counted)


# --- Fields ---------------------------------------------------------------------------------------


def _groups(rule: Form) -> list[list[FormField]]:
    """Short fields stand two in a row, in one table; what is long and every table stands alone."""
    groups: list[list[FormField]] = []
    for one in rule.fields:
        alone = one.kind in ("table", "scores")
        if alone or not groups or groups[-1][0].kind in ("table", "scores"):
            groups.append([one])
        else:
            groups[-1].append(one)
    return groups


def _group(document: Any, rule: Form, group: list[FormField], width: int) -> None:
    if group[0].kind in ("table", "scores"):
        _lines(document, rule, group[0], width)
    else:
        _pairs(document, rule, group, width)
    document.add_paragraph()


def _pairs(document: Any, rule: Form, group: list[FormField], width: int) -> None:
    table = _grid(document, 4)
    room = (width - 2 * LABEL) / 2
    for row in _rows(group):
        label, value, *rest = _cells(table)
        if len(row) == 1:
            value, rest = value.merge(rest[-1]), []
        for one, cells in zip(row, ((label, value), rest), strict=False):
            _put(cells[0], one.title)
            _put(cells[1], _placeholder(one, rule))
    _widths(table, [LABEL, room, LABEL, room])


def _rows(group: list[FormField]) -> list[list[FormField]]:
    """Two short ones in a row; one that is long fills its own."""
    rows: list[list[FormField]] = []
    for one in group:
        last = rows[-1] if rows else []
        if one.kind in WIDE or len(last) != 1 or last[0].kind in WIDE:
            rows.append([one])
        else:
            last.append(one)
    return rows


def _lines(document: Any, rule: Form, one: FormField, width: int) -> None:
    """Three rows: titles, what repeats for each line, and the two that say where it repeats."""
    document.add_paragraph().add_run(one.title).bold = True
    columns = _columns(one)
    table = _grid(document, len(columns))
    _row(table, [title for title, _name in columns], bold=True)
    _row(table, [f"{{%tr for 行 in {names(one, rule.fields)[0]} %}}", *("",) * (len(columns) - 1)])
    _row(table, [f"{{{{ 行.{name} }}}}" for _title, name in columns])
    _row(table, ["{%tr endfor %}", *("",) * (len(columns) - 1)])
    _widths(table, [width / len(columns)] * len(columns))


def _columns(one: FormField) -> list[tuple[str, str]]:
    """(title, placeholder)"""
    if one.kind == "scores":
        return [("项目", "项目"), ("评分", "评分")]
    return [(column.title, names(column, one.columns)[0]) for column in one.columns]


def _signatures(document: Any, width: int) -> None:
    table = _grid(document, 3)
    _row(table, ["签名处", "签名", "日期"], bold=True)
    _row(table, [f"{{%tr for 行 in {SIGNED} %}}", "", ""])
    _row(table, ["{{ 行.签名处 }}", "{{ 行.签名人 }}", "{{ 行.签名时间 }}"])
    _row(table, ["{%tr endfor %}", "", ""])
    _widths(table, [width / 3] * 3)


def _placeholder(one: FormField, rule: Form) -> str:
    return f"{{{{ {names(one, rule.fields)[0]} }}}}"


# --- Tables ---------------------------------------------------------------------------------------


def _grid(document: Any, columns: int) -> Table:
    table: Table = document.add_table(0, columns)
    table.style = "Table Grid"
    return table


def _cells(table: Table) -> list[Any]:
    """Of a new row."""
    return list(table.add_row().cells)  # type: ignore[no-untyped-call] # docx has no types here


def _row(table: Table, words: list[str], *, bold: bool = False) -> None:
    for cell, word in zip(_cells(table), words, strict=True):
        _put(cell, word, bold=bold)


def _put(cell: Any, words: str, *, bold: bool = False, size: float = 0, align: Any = None) -> None:
    line = cell.paragraphs[0]
    line.alignment = align
    run = line.add_run(words)
    run.bold = bold
    if size:
        run.font.size = Pt(size)


def _widths(table: Table, widths: list[float]) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
