"""A statement on paper: the same numbers as PDF, Word and Excel, with its form number and who
signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from shouwen.figures.actions.keeping import rejudge
from shouwen.rules.figure_kinds import Recipient, StatementRule
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
from tests.statements.papers import HEAD, MATTERS, PAPER

NOVEMBER = read_period("2026-11")
TITLES = (
    "一、概况 二、指标达成情况 三、客户信息分类统计 四、未关闭的客户信息 五、典型案例 六、热点问题"
)


# --- PDF ------------------------------------------------------------------------------------------


def test_the_sections_stand_in_their_order_under_the_form_number() -> None:
    printed = text(as_pdf(PAPER))
    places = [printed.find(title) for title in TITLES.split()]
    assert -1 not in places
    assert places == sorted(places)
    assert "表号360-15.1" in printed
    assert codes(as_pdf(PAPER))[0].startswith(HEAD.address)


def test_a_long_statement_repeats_the_head_of_its_table_and_counts_its_pages() -> None:
    long = replace(PAPER, blocks=(replace(MATTERS, rows=MATTERS.rows * 60),))
    printed = pages(as_pdf(long))
    assert len(printed) > 2
    assert all("登记时间" in page for page in printed[:-1])
    assert f"第{len(printed)}页共{len(printed)}页" in printed[-1]


def test_who_signed_and_when_stands_at_the_end_and_the_others_sign_by_hand() -> None:
    assert "编制（客服负责人）孙丽2026-12-0210:00" in text(as_pdf(PAPER))
    signed = [["编制（客服负责人）", "孙丽", "2026-12-02 10:00"], ["签字（项目经理）", "", ""]]
    assert in_word(PAPER)[-2:] == signed
    assert [row[1] or "" for row in in_excel(PAPER) if row[0] == "签字（项目经理）"] == [""]


# --- The three say the same -----------------------------------------------------------------------


def test_pdf_word_and_excel_say_the_same_numbers() -> None:
    printed, word, book = text(as_pdf(PAPER)), in_word(PAPER), in_excel(PAPER)
    for line in (["投诉", "3", "1"], ["报修", "48", "50"], ["合计", "51", "51"]):
        assert "".join(line) in printed
        assert line in word
        assert [line[0], *map(int, line[1:])] in [row[:3] for row in book]


def in_word(paper: Paper) -> list[list[str]]:
    """The rows of all tables."""
    document = Document(BytesIO(as_word(paper)))
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def in_excel(paper: Paper) -> list[list[Any]]:
    with as_workbook(paper) as file:
        book = load_workbook(file)
    return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]


# --- Word -----------------------------------------------------------------------------------------


def test_word_has_head_and_page_numbers_and_no_placeholder_left() -> None:
    document = Document(BytesIO(as_word(PAPER)))
    [section] = document.sections
    assert "表号 360-15.1　版本 A/0" in section.header.paragraphs[0].text
    assert section.footer._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    whole = "".join(paragraph.text for paragraph in document.paragraphs)
    assert all(title in whole for title in TITLES.split())
    assert "{" not in whole
    assert "\ue000" not in whole
    heads = document.element.xpath("//w:tbl/w:tr[1]/w:trPr/w:tblHeader")
    assert len(heads) == len(document.tables) - 1  # but of the facts, a line each
    assert len(document.inline_shapes) == 2


def test_a_company_puts_the_sections_into_its_own_word_file() -> None:
    own = word_file("锦绣物业内部文件 {{ 编号 }}", "{{ 正文 }}", "抄送：工会")
    words = [p.text for p in Document(BytesIO(as_word(PAPER, own))).paragraphs]
    assert words[0] == f"锦绣物业内部文件 {HEAD.record}"
    assert words[-1] == "抄送：工会"
    assert "一、概况" in words


def test_a_word_file_without_a_place_for_the_sections_is_refused() -> None:
    with refused("no-body"):
        as_word(PAPER, word_file("{{ 表名 }}"))


def word_file(*lines: str) -> bytes:
    document, written = Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(written)
    return written.getvalue()


# --- Excel ----------------------------------------------------------------------------------------


def test_excel_holds_real_numbers_dates_and_charts_and_runs_no_formula() -> None:
    with as_workbook(PAPER) as file:
        book = load_workbook(file)
    kinds, matters = book["三、客户信息分类统计"], book["四、未关闭的客户信息"]
    assert [kinds["A2"].value, kinds["B2"].value] == ["投诉", 3]
    assert len(kinds._charts) == 1  # type: ignore[attr-defined] # shown nowhere else
    assert kinds.freeze_panes == "A2"
    assert matters["C2"].value == datetime(2026, 11, 19, 9, 12)
    assert matters["D2"].value == 1280.5
    assert abs(matters["E2"].value - 27 / 29) < 1e-9
    assert matters["B2"].value == "=1+1 电梯困人"
    assert [book["二、指标达成情况"][cell].value for cell in ("D2", "G2")] == [0.931, 0.9]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_headings_are_counted_in_chinese() -> None:
    told = [numeral(number) for number in (1, 10, 11, 20, 29)]
    assert told == ["一", "十", "十一", "二十", "二十九"]


# --- From the records -----------------------------------------------------------------------------

RULE = StatementRule(
    id="month-project", title="月度客户信息统计分析表", clause="4.3.6a", form="monthly-table",
    sections=("summary", "figures", "open", "improvements"), improves=("open",),
    signed_by=("project_manager",),
    to=(Recipient(name="公司客户服务组", role="company_cs", level="company"),),
)  # fmt: skip


@pytest.fixture
def statement(office: Office) -> Statement:
    """A complaint that nobody answered, in November at 翠湖花园."""
    office.registers("夜里装修太吵，保安没有劝阻", kind="complaint")
    rejudge(project=office.cast.cuihu, month=NOVEMBER, at=SECOND)
    return prepare(Owed(office.cast.cuihu, "customer-communication", RULE, NOVEMBER), SECOND)


@pytest.mark.clause("S4-5.1-1")
def test_the_form_number_of_the_regulation_and_the_figures_stand_on_the_paper(
    office: Office, statement: Statement
) -> None:
    paper = paper_of(statement, by=office.cast.sunli, at=SECOND, address=HEAD.address)
    assert (paper.head.form, paper.head.title) == ("360-15.1", "月度客户信息统计分析表")
    response = next(row for row in paper.blocks[1].texts if row[0] == "投诉响应及时率")
    assert response[2:6] == ["≥ 95%", "0%", "0", "1"]
    assert [block.title for block in paper.blocks][-1] == "逐项改善措施"
    assert [one.place for one in paper.signatures] == ["编制（客服负责人）", "签字（项目经理）"]


@pytest.mark.clause("S4-5.5-1")
def test_the_monthly_report_of_service_quality_bears_its_number_and_counts_repairs(
    office: Office,
) -> None:
    office.registers("楼道灯不亮", kind="repair")
    change = {"title": "月服务质量报告", "form": "service-quality-report", "sections": ("repairs",)}
    rule = RULE.model_copy(update=change)
    row = prepare(Owed(office.cast.cuihu, "customer-communication", rule, NOVEMBER), SECOND)
    paper = paper_of(row, by=office.cast.sunli, at=SECOND, address=HEAD.address)
    assert (paper.head.title, paper.head.form) == ("月服务质量报告", "350-22")
    [repairs] = paper.blocks
    assert repairs.texts == [["小修", "1", "0", "1", "0", "1", "0", "1"]]


def test_the_page_offers_the_three_files_to_who_sees_the_place(
    office: Office, statement: Statement, client: Client, sign_in: Any, clock: SetClock
) -> None:
    clock("2026-12-02 10:00", "周三")
    sign_in(client, office.cast.sunli)
    page = client.get(f"/statements/{statement.number}").content.decode()
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        address = f"/statements/{statement.number}/paper.{kind}"
        assert address in page
        assert client.get(address).content.startswith(begins)
    assert client.get(f"/statements/{statement.number}/paper.exe").status_code == 404
    sign_in(client, office.cast.jingui_manager)
    assert client.get(f"/statements/{statement.number}/paper.pdf").status_code == 404
