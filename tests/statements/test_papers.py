"""A statement on paper: the same numbers as PDF, Word and Excel, with its form number and who
signed."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from shouwen.adoption.actions import footing
from shouwen.figures.actions.keeping import rejudge
from shouwen.rules.figure_kinds import SECTIONS, Recipient, StatementRule
from shouwen.rules.periods import read_period
from shouwen.statements.actions.preparing import prepare
from shouwen.statements.models import Statement
from shouwen.statements.owing import Owed
from shouwen.statements.papers.blocks import numeral
from shouwen.statements.papers.paper import Paper, paper_of
from shouwen.statements.papers.pdf import as_pdf
from shouwen.statements.papers.word import as_word
from shouwen.statements.papers.workbook import as_workbook
from tests.moments import SetClock
from tests.papers.paper import codes, pages, text
from tests.statements.conftest import SECOND, Office, refused

ADDRESS = "https://desk.example.cn/statements/1"
RULE = StatementRule(
    id="month", title="月度客户信息统计分析表", clause="4.3.6a", sections=tuple(SECTIONS),
    prepared_by="cs_head", checked_by=("project_manager",), signed_by=("company_cs",),
    to=(Recipient(name="公司客户服务组", role="company_cs", level="company"),),
    form="monthly-analysis",
)  # fmt: skip


def prepared(office: Office, **changed: Any) -> Statement:
    """November at 翠湖花园: four repairs, three complaints, one of them satisfied nobody."""
    office.registers("楼道灯不亮", kind="repair")
    office.registers("厨房水槽下面漏水，地面有积水，靠近电箱", kind="repair", urgent=True)
    office.registers("夜里装修太吵，保安没有劝阻", kind="complaint")
    loud = office.feeds_back(office.finished("二楼装修又吵", kind="complaint"))
    office.asks(office.visit(loud), "unsatisfied", opinion="第二天晚上又开始了")
    office.registers("=1+1 电梯困人", kind="complaint", urgent=True)
    rejudge(project=office.cast.cuihu, month=read_period("2026-11"), at=SECOND)
    rule = RULE.model_copy(update=changed)
    period = read_period("2026-11")
    one = Owed(office.cast.cuihu, "customer-communication", rule, period)
    return prepare(one, SECOND)


@pytest.fixture
def paper(office: Office) -> Paper:
    return of(office, prepared(office))


def of(office: Office, row: Statement) -> Paper:
    return paper_of(row, by=office.cast.sunli, at=SECOND, address=ADDRESS)


def test_the_pdf_has_every_section_in_order_and_its_pages_are_counted(paper: Paper) -> None:
    pdf = as_pdf(paper)
    printed = text(pdf)
    places = [printed.find(f"、{title}") for title in SECTIONS.values()]
    assert -1 not in places
    assert places == sorted(places)
    many = len(pages(pdf))
    assert f"第{many}页共{many}页" in pages(pdf)[-1]
    assert codes(pdf)[0].startswith(ADDRESS)


def test_pdf_word_and_excel_say_the_same_numbers(paper: Paper) -> None:
    printed, word, book = text(as_pdf(paper)), in_word(paper), in_excel(paper)
    table = next(block for block in paper.blocks if block.title == "指标达成情况")
    for cells in table.texts:
        title, _clause, _aim, now = cells[:4]
        line = "".join(title.split())
        assert line in printed
        assert [title, now] == next([row[0], row[3]] for row in word if row[0] == title)
        assert [title, now] == next([row[0], row[3]] for row in book if row[0] == title)


def in_word(paper: Paper) -> list[list[str]]:
    """The rows of all tables."""
    document = Document(BytesIO(as_word(paper)))
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def in_excel(paper: Paper) -> list[list[Any]]:
    with as_workbook(paper) as file:
        book = load_workbook(file)
        return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]


def test_who_signed_and_when_stands_at_the_end_the_others_are_lines_to_sign_on(
    office: Office,
) -> None:
    row = prepared(office, sections=("summary",), required=())
    office.acts("submit", row, office.cast.sunli)
    paper = of(office, Statement.objects.get(pk=row.pk))
    assert [one.name for one in paper.signatures] == ["孙丽", "", ""]
    assert "编制（客服负责人）孙丽2026-12-0210:00" in text(as_pdf(paper))
    words = "\n".join(p.text for p in Document(BytesIO(as_word(paper))).paragraphs)
    assert "孙丽　　2026-12-02 10:00" in words
    assert "签字（公司客服组）：＿＿" in words


def test_word_has_the_head_on_every_page_and_no_placeholder_left(paper: Paper) -> None:
    document = Document(BytesIO(as_word(paper)))
    [section] = document.sections
    assert paper.head.record in section.header.paragraphs[0].text
    fields = section.footer._element.xpath(".//w:fldSimple/@w:instr")
    assert fields == ["PAGE", "NUMPAGES"]
    whole = "".join(paragraph.text for paragraph in document.paragraphs)
    assert "{" not in whole
    assert "\ue000" not in whole
    heads = document.element.xpath("//w:tbl/w:tr[1]/w:trPr/w:tblHeader")
    assert len(heads) == len(document.tables)


def test_a_company_puts_the_sections_into_its_own_word_file(paper: Paper) -> None:
    own = Document()
    own.add_paragraph("锦绣物业内部文件 {{ 编号 }}")
    own.add_paragraph("{{ 正文 }}")
    own.add_paragraph("抄送：工会")
    words = [p.text for p in Document(BytesIO(as_word(paper, saved(own)))).paragraphs]
    assert words[0] == f"锦绣物业内部文件 {paper.head.record}"
    assert words[-1] == "抄送：工会"
    assert "一、短信内容" in words


def test_a_word_file_without_a_place_for_the_sections_is_refused(paper: Paper) -> None:
    own = Document()
    own.add_paragraph("{{ 表名 }}")
    with refused("no-body"):
        as_word(paper, saved(own))


def test_the_page_offers_the_three_files_to_who_sees_the_place(
    office: Office, client: Client, sign_in: Any, clock: SetClock
) -> None:
    row = prepared(office, sections=("summary", "kinds"))
    clock("2026-12-02 10:00", "周三")
    sign_in(client, office.cast.sunli)
    page = client.get(f"/statements/{row.number}").content.decode()
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        address = f"/statements/{row.number}/paper.{kind}"
        assert address in page
        assert client.get(address).content.startswith(begins)
    assert client.get(f"/statements/{row.number}/paper.exe").status_code == 404
    sign_in(client, office.cast.jingui_manager)
    assert client.get(f"/statements/{row.number}/paper.pdf").status_code == 404


def saved(document: Any) -> bytes:
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def test_excel_holds_real_numbers_dates_and_charts_and_runs_no_formula(paper: Paper) -> None:
    with as_workbook(paper) as file:
        book = load_workbook(file)
    kinds = book["四、客户信息分类统计"]
    assert [kinds["A2"].value, kinds["B2"].value] == ["投诉", 3]
    assert len(kinds._charts) == 1  # type: ignore[attr-defined] # shown nowhere else
    assert kinds.freeze_panes == "A2"
    unclosed = book["十四、未关闭的客户信息"]
    assert isinstance(unclosed["E2"].value, datetime)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(cell.value == "=1+1 电梯困人" for cell in cells)


def test_headings_are_counted_in_chinese() -> None:
    told = [numeral(number) for number in (1, 10, 11, 20, 29)]
    assert told == ["一", "十", "十一", "二十", "二十九"]


def test_the_form_number_of_the_regulation_stands_on_the_paper(office: Office) -> None:
    book = footing(office.cast.cuihu, SECOND).rulebook
    numbered = [rule for _, rule in book.all("form") if rule.number]
    row = prepared(office, sections=("summary",), form=numbered[0].id)
    paper = of(office, row)
    assert paper.head.form == numbered[0].number
    assert numbered[0].number in text(as_pdf(paper))
