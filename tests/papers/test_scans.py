"""The signed paper comes back: its code says where it belongs, or the refusal says what to do."""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium
import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFilter

from shouwen.cases.models import Attachment
from shouwen.papers.models import Scan
from tests.papers.conftest import Office, page_of, photo
from tests.papers.paper import picture


def test_the_second_copy_of_a_finished_order_is_back_with_the_service_centre(
    office: Office,
) -> None:
    order = office.shop.done()
    pdf = office.prints("repair-order", order.number)
    answer = office.uploads(page_of(pdf, 1))
    assert answer.headers["Location"] == f"/cases/{order.case.number}"
    order.refresh_from_db()
    assert order.copy2_at is not None
    scan = Scan.objects.get()
    assert (scan.record, scan.copy, scan.by) == (order.number, 2, office.cast.limin)
    entry = scan.attachment.entry
    assert entry is not None
    assert (entry.verb, entry.data["text"]) == ("noted", "第二联已交回客服中心")
    panel = office.client().get(f"/papers/of-case/{order.case.number}").content.decode()
    assert "第 2 联已收回" in panel


def test_the_paper_of_an_order_under_way_is_noted_and_kept(office: Office) -> None:
    order = office.shop.sent()
    office.uploads(page_of(office.prints("repair-order", order.number), 0))
    noted = order.case.journal.get(verb="noted")
    assert noted.data["text"] == f"收回签字的维修单 {order.number} 第1联（扫描件）"
    assert noted.data["signed"] is True
    assert noted.attachments.get().label == "回单.jpg"


def test_a_signed_quotation_finds_its_case(office: Office) -> None:
    quotation = office.quotes(office.shop.issues(payer="owner"))
    office.uploads(page_of(office.prints("quotation", quotation.number), 0))
    assert Scan.objects.get().case == quotation.case


@pytest.mark.parametrize("turned", [0, 4, 90, 180])
def test_a_photo_that_is_turned_blurred_and_in_grey_still_reads(
    office: Office, turned: int
) -> None:
    order = office.shop.sent()
    page = picture(office.prints("repair-order", order.number), 1)
    taken = page.convert("L").rotate(turned, expand=True, fillcolor=120)
    office.uploads(photo(taken.filter(ImageFilter.GaussianBlur(1))))
    assert Scan.objects.get().copy == 2


def test_a_pdf_with_both_copies_is_taken_in_as_one_file(office: Office) -> None:
    order = office.shop.done()
    pdf = office.prints("repair-order", order.number)
    office.uploads(SimpleUploadedFile("扫描.pdf", pdf, "application/pdf"))
    assert sorted(Scan.objects.values_list("copy", flat=True)) == [1, 2]
    assert Attachment.objects.filter(label="扫描.pdf").count() == 1
    order.refresh_from_db()
    assert order.copy1_at
    assert order.copy2_at


def test_the_same_picture_sent_twice_is_taken_in_once(office: Office) -> None:
    order = office.shop.sent()
    pdf = office.prints("repair-order", order.number)
    first, again = (office.uploads(page_of(pdf, 0)) for _ in range(2))
    assert first.status_code == again.status_code == 302
    by_another = office.uploads(page_of(pdf, 0), office.cast.wangfang)
    assert "已经收过了" in by_another.content.decode()
    assert Scan.objects.count() == 1
    assert order.case.journal.filter(verb="noted").count() == 1


# --- Refused --------------------------------------------------------------------------------------


def says(office: Office, file: SimpleUploadedFile) -> str:
    answer = office.uploads(file)
    assert answer.status_code == 422
    assert not Scan.objects.exists()
    text: str = answer.content.decode()
    return text


def test_what_cannot_be_read_says_how_to_take_it_again(office: Office) -> None:
    assert "没有读到二维码" in says(office, photo(Image.new("RGB", (800, 1100), "white")))


def test_another_firms_code_is_not_taken_for_ours(office: Office) -> None:
    for address in (
        "https://example.com/pay",
        "https://example.com/papers/of/",
        "https://example.com/papers/of/repair-order/W-1/../../x",
    ):
        drawn = BytesIO()
        segno.make(address).save(drawn, kind="png", scale=6, border=4)
        file = SimpleUploadedFile("码.png", drawn.getvalue(), "image/png")
        assert "不是本系统打印的单据" in says(office, file)


def test_sheets_of_two_orders_in_one_file_are_not_mixed_up(office: Office) -> None:
    both = pdfium.PdfDocument.new()
    for _ in range(2):
        pdf = office.prints("repair-order", office.shop.sent().number)
        both.import_pages(pdfium.PdfDocument(pdf), [0])
    written = BytesIO()
    both.save(written)
    file = SimpleUploadedFile("两张.pdf", written.getvalue(), "application/pdf")
    assert "一张单一个文件" in says(office, file)


def test_a_broken_pdf_is_refused_with_a_sentence(office: Office) -> None:
    assert "打不开" in says(office, SimpleUploadedFile("坏.pdf", b"%PDF-1.7 x", "application/pdf"))


def test_who_does_not_see_the_record_learns_nothing_from_its_paper(office: Office) -> None:
    order = office.shop.sent()
    page = page_of(office.prints("repair-order", order.number), 0)
    answer = office.uploads(page, office.cast.jingui_clerk)
    assert "没有找到这张维修单" in answer.content.decode()
    assert not Scan.objects.exists()


def test_no_file_is_asked_for(office: Office) -> None:
    answer = office.client().post("/papers/scan", {})
    assert answer.status_code == 422
    assert "请选择照片或扫描件" in answer.content.decode()
