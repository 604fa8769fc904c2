"""The pages of forms: the catalogue, the inputs, the ledger, one record, its files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shouwen.accounts.models import Staff
from shouwen.cases.files import path_of
from shouwen.registers.models import FormTemplate, Record
from tests.papers.paper import text
from tests.registers.conftest import Clerk, ink, photo

Browse = Callable[[Staff], Client]
TYPED = {
    "on": "2026-11-24",
    "unit": "3-2-501",
    "name": "王女士",
    "phone": "13900000421",
    "emergency": "王先生",
    "emergency_phone": "13900000422",
    "family-0-name": "王奶奶",
    "family-0-relation": "母亲",
}


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_catalogue_lists_by_subject_what_is_filled_here(clerk: Clerk, browse: Browse) -> None:
    clerk.contact()
    page = browse(clerk.cast.limin).get("/registers").content.decode()
    assert "交楼、钥匙与装修" in page
    assert "业主/住户联络资料登记表" in page
    assert "1 份" in page
    assert "员工请假条" not in page, "the handbook of the staff is not adopted here"


def test_the_catalogue_is_searched_by_name_number_and_clause(clerk: Clerk, browse: Browse) -> None:
    client = browse(clerk.cast.limin)
    found = client.get("/registers?q=联络资料").content.decode()
    assert "业主/住户联络资料登记表" in found
    assert "防火协议书" not in found
    assert "钥匙签收书" in client.get("/registers?q=F-54").content.decode()
    assert "没有这样的表" in client.get("/registers?q=没有的").content.decode()


def test_a_form_is_filled_and_handed_over(clerk: Clerk, browse: Browse) -> None:
    client = browse(clerk.cast.limin)
    page = client.get("/registers/contact-sheet/new").content.decode()
    typed = {**TYPED, "key": key_of(page)}
    sent = client.post("/registers/contact-sheet/new", typed)
    record = Record.objects.get()
    assert sent.headers["Location"] == f"/registers/records/{record.number}"
    assert record.state == "filled"
    assert record.values["family"] == [{"name": "王奶奶", "relation": "母亲"}]
    assert client.post("/registers/contact-sheet/new", typed).status_code == 302
    assert Record.objects.count() == 1, "sent twice, filled once"


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(
    clerk: Clerk, browse: Browse
) -> None:
    client = browse(clerk.cast.limin)
    typed = {**TYPED, "key": "k1", "emergency": ""}
    back = client.post("/registers/contact-sheet/new", typed)
    text = back.content.decode()
    assert back.status_code == 422
    assert "请填“紧急联系人”" in text
    assert 'value="王奶奶"' in text
    draft = client.post("/registers/contact-sheet/new", {**typed, "key": "k2", "draft": "1"})
    assert draft.status_code == 302
    assert Record.objects.get().state == "draft"


def test_a_draft_comes_back_into_its_inputs(clerk: Clerk, browse: Browse) -> None:
    record = clerk.begins("opinion-survey", complete=False, on="2026-11-24", unit="3-2-501",
                          scores={"water": 4}, opinion="水压低")  # fmt: skip
    page = browse(clerk.cast.limin).get(f"/registers/records/{record.number}/do/change")
    text = page.content.decode()
    assert "水压低" in text
    assert 'value="3幢2单元501室"' in text
    assert re.search(r'name="scores-water" value="4"[^>]*checked', text)


def test_photos_are_kept_with_their_record_and_stay_when_it_is_changed(
    clerk: Clerk, browse: Browse
) -> None:
    client = browse(clerk.cast.limin)
    typed = {"on": "2026-11-24", "unit": "3-2-501", "owner": "王女士", "key": "k", "draft": "1"}
    client.post("/registers/owner-file/new", {**typed, "copies": photo()})
    record = Record.objects.get()
    (pk,) = record.values["copies"]
    seen = client.get(f"/registers/records/{record.number}/files/{pk}")
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert len(streamed(seen)) > 100
    url = f"/registers/records/{record.number}/do/change"
    del typed["draft"]
    client.post(url, {**typed, "key": "k2"})
    record.refresh_from_db()
    assert record.values["copies"] == [pk]


def test_the_page_of_a_record_masks_what_is_personal(clerk: Clerk, browse: Browse) -> None:
    record = clerk.signed_contact()
    page = browse(clerk.cast.limin).get(f"/registers/records/{record.number}").content.decode()
    assert "139 **** 0421" in page
    assert "13900000421" not in page
    assert "13900000423" not in page, "of the family neither"
    assert "看签名" in page


def test_a_customer_signs_on_the_page(clerk: Clerk, browse: Browse) -> None:
    record = clerk.contact()
    client = browse(clerk.cast.limin)
    url = f"/registers/records/{record.number}/do/sign"
    page = client.get(url).content.decode()
    assert "data-pad" in page
    unsigned = client.post(url, {"place": "业主", "name": "王女士", "key": "k1"})
    assert unsigned.status_code == 422
    picture = SimpleUploadedFile("签名.png", path_of(ink().sha256).read_bytes())
    sent = client.post(
        url, {"place": "业主", "name": "王女士", "picture": picture, "key": key_of(page)}
    )
    record.refresh_from_db()
    assert (sent.status_code, record.state) == (302, "signed")
    assert "不能" in client.get(url).content.decode(), "signed already"


def test_the_step_that_is_not_ones_own_is_not_offered(clerk: Clerk, browse: Browse) -> None:
    record = clerk.signed_contact()
    page = browse(clerk.cast.limin).get(f"/registers/records/{record.number}").content.decode()
    assert "作废" not in page
    page = browse(clerk.cast.sunli).get(f"/registers/records/{record.number}").content.decode()
    assert "作废并更正" in page


def test_the_ledger_is_narrowed_by_day_state_and_word(clerk: Clerk, browse: Browse) -> None:
    old = clerk.contact(on="2026-10-01", name="李先生")
    new = clerk.contact(name="王女士")
    client = browse(clerk.cast.limin)

    def seen(query: str) -> list[str]:
        page = client.get(f"/registers/contact-sheet?{query}").content.decode()
        return [record.number for record in (old, new) if record.number in page]

    assert seen("") == [old.number, new.number]
    assert seen("since=2026-11-01") == [new.number]
    assert seen("q=李先生") == [old.number]
    assert seen("state=signed") == []


def test_the_list_costs_the_same_however_long_it_is(clerk: Clerk, browse: Browse) -> None:
    clerk.contact()
    client = browse(clerk.cast.limin)
    client.get("/registers/contact-sheet")
    with CaptureQueriesContext(connection) as few:
        client.get("/registers/contact-sheet")
    for _n in range(5):
        clerk.contact()
    with CaptureQueriesContext(connection) as many:
        client.get("/registers/contact-sheet")
    assert len(many) == len(few)


def test_the_workbook_has_real_numbers_and_dates_a_frozen_head_and_no_formulas(
    clerk: Clerk, browse: Browse
) -> None:
    clerk.begins("letter-box", on="2026-11-24", opened="2026-11-24T01:00:00+00:00",
                 channel="投诉信箱", staff="0001", count="3", content="=1+1",
                 handed="2026-11-24T02:00:00+00:00")  # fmt: skip
    sent = browse(clerk.cast.limin).get("/registers/letter-box/export.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(streamed(sent)))
    head, row = rows.get_sheet_by_index(0).to_python()
    cells = dict(zip(head, row, strict=True))
    assert cells["日期"] == date(2026, 11, 24)
    assert cells["开箱（来电）时间"] == datetime(2026, 11, 24, 9)
    assert cells["件数"] == 3
    assert cells["内容"] == "=1+1"
    assert cells["收取人"] == "李敏"


def test_the_export_has_every_mark_in_a_column_and_no_phone_number(
    clerk: Clerk, browse: Browse
) -> None:
    clerk.survey(5, 4, 3)
    clerk.signed_contact()
    client = browse(clerk.cast.limin)
    sent = client.get("/registers/opinion-survey/export.csv")
    text = streamed(sent).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["供电管理"], row["供水管理"], row["服务态度"]) == ("5", "4", "3")
    sent = client.get("/registers/contact-sheet/export.csv")
    text = streamed(sent).decode()
    assert "139 **** 0421" in text
    assert "13900000421" not in text
    assert "业主 王女士" in text


@pytest.mark.clause(
    "S2-A16-2", "S2-A16-3", "S2-A16-4", "S2-A16-5", "S2-A16-6", "S2-A16-7",
    "S2-A16-8", "S2-A16-9", "S2-A17-1",
)  # fmt: skip
def test_the_survey_says_how_many_were_returned_and_the_rate_of_all_and_of_each_item(
    clerk: Clerk, browse: Browse
) -> None:
    clerk.survey(5, 5, 5, 5, 5, 5, 5, 5)
    clerk.survey(3, 4, 2, 4, 4, 4, 4, 1)
    clerk.begins("opinion-survey", complete=False, on="2026-11-24")
    page = browse(clerk.cast.limin).get("/registers/opinion-survey/results").content.decode()
    flat = re.sub(r"<[^>]+>|\s", "", page)
    assert "回收2" in flat, "a draft was not returned"
    assert "总满意率81.2%" in flat, "13 of 16 marks"
    for title, rate in (
        ("供电管理", "50.0%"), ("供水管理", "100.0%"), ("消防治安管理", "50.0%"),
        ("卫生管理", "100.0%"), ("绿化管理", "100.0%"), ("公共设施管理", "100.0%"),
        ("维修服务", "100.0%"), ("服务态度", "50.0%"),
    ):  # fmt: skip
        assert f"{title}{rate}" in flat


@pytest.mark.clause("S2-A17r-5", "S2-HF2-5")
def test_a_topic_survey_has_its_own_results(clerk: Clerk, browse: Browse) -> None:
    clerk.survey(5)
    clerk.survey(1, topic="夜间噪音")
    client = browse(clerk.cast.limin)
    page = client.get("/registers/opinion-survey/results?q=夜间噪音").content.decode()
    flat = re.sub(r"<[^>]+>|\s", "", page)
    assert "回收1" in flat
    assert "总满意率0.0%" in flat


def test_what_holds_no_more_can_still_be_read_but_not_filled(clerk: Clerk, browse: Browse) -> None:
    record = clerk.signed_contact()
    clerk.cast.follows("customer-communication")
    client = browse(clerk.cast.limin)
    page = client.get("/registers/contact-sheet")
    assert record.number in page.content.decode()
    assert "/registers/contact-sheet/new" not in page.content.decode()
    assert client.get(f"/registers/records/{record.number}").status_code == 200


def test_a_word_file_is_uploaded_looked_at_and_put_in_force(clerk: Clerk, browse: Browse) -> None:
    client = browse(clerk.cast.zhoumin)
    address = "/registers/contact-sheet/templates"
    own = b"".join(client.get("/registers/contact-sheet/blank.docx"))
    file = SimpleUploadedFile("翠湖.docx", own)
    sent = client.post(address, {"unit": clerk.cast.cuihu.pk, "file": file})
    assert sent.status_code == 302
    template = FormTemplate.objects.get()
    page = client.get(address).content.decode()
    assert "待启用" in page
    looked = client.get(f"{address}/{template.pk}.docx")
    assert looked.status_code == 200
    client.post(f"{address}/{template.pk}/use")
    assert "正在用" in client.get(address).content.decode()
    client.post(f"{address}/{template.pk}/end")
    assert "停用" in client.get(address).content.decode()


def test_a_file_that_is_no_word_file_is_refused_at_its_field(clerk: Clerk, browse: Browse) -> None:
    client = browse(clerk.cast.zhoumin)
    file = SimpleUploadedFile("翠湖.pdf", b"%PDF-1.4")
    asked = {"unit": clerk.cast.cuihu.pk, "file": file}
    back = client.post("/registers/contact-sheet/templates", asked)
    assert back.status_code == 422
    assert "只接受 Word 文件" in back.content.decode()


def test_the_ledger_of_a_month_is_printed_for_who_sees_the_whole_project(
    clerk: Clerk, browse: Browse
) -> None:
    record = clerk.contact()
    clerk.contact(on="2026-10-01", name="李先生")
    printed = browse(clerk.cast.limin).get("/registers/contact-sheet/ledger.pdf")
    said = text(printed.content)
    assert record.number in said
    assert "件数1" in said, "of this month"
    assert "13900000421" not in said
    narrow = browse(clerk.cast.chenjianguo).get("/registers/contact-sheet/ledger.pdf")
    assert narrow.status_code == 403
