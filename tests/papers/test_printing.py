"""What is printed comes from the record, on the form of its regulation, and is on record."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageDraw

from shouwen.accounts.models import Disclosure
from shouwen.billing.actions.bills import run_bills
from shouwen.billing.actions.paying import issue_receipt
from shouwen.billing.models import Bill
from shouwen.cases.files import attach
from shouwen.cases.models import Attachment
from shouwen.estate.queries import place_of
from shouwen.papers.models import Print
from shouwen.repairs.models import WorkOrder
from shouwen.stores.actions import drawing
from shouwen.stores.actions.keeping import receive
from shouwen.stores.actions.moving import main_store
from shouwen.stores.models import Material
from tests.billing.conftest import FINISHED, Counter
from tests.moments import moment
from tests.papers.conftest import Office
from tests.papers.paper import codes, pages, picture, text
from tests.repairs.conftest import SENT, THERE

# --- 维修单 ---------------------------------------------------------------------------------------


@pytest.mark.clause("S4-5.3-1", "S4-4.4.2b-1")
def test_the_repair_order_is_printed_from_the_record_on_form_370_46_3(office: Office) -> None:
    order = office.shop.sent(text="厨房水槽下面漏水")
    first, second = pages(office.prints("repair-order", order.number))
    for copy in (first, second):
        assert "表号370-46.3" in copy
        assert "客户沟通管理规定5.3" in copy
        assert f"No.{order.number}" in copy
        assert office.cast.home.label in copy
        assert "厨房水槽下面漏水" in copy
        assert "工程部" in copy
        assert "2026-11-1909:18" in copy, "when it was handed over"
        assert "陈建国" in copy
    assert "第一联" in first
    assert "第二联" in second


def test_the_code_of_each_copy_leads_to_its_order(office: Office) -> None:
    order = office.shop.sent()
    first, second = codes(office.prints("repair-order", order.number))
    address = f"http://testserver/papers/of/repair-order/{order.number}?copy="
    assert (first, second) == (f"{address}1", f"{address}2")
    followed = office.client().get(second.removeprefix("http://testserver"))
    assert followed.headers["Location"] == f"/orders/{order.number}"


def test_the_order_notes_how_much_was_agreed_by_whom_and_when(office: Office) -> None:
    order = office.shop.issues(payer="owner")
    office.agrees(office.quotes(order))
    printed = text(office.prints("repair-order", order.number))
    assert "86.00元王女士电话录音2026-11-1909:40" in printed


def test_a_finished_order_is_printed_with_its_marks_and_its_opinion(office: Office) -> None:
    order = office.shop.on_site(payer="company")
    office.shop.finishes(order, opinion="师傅很仔细")
    printed = text(office.prints("repair-order", order.number))
    assert "换了角阀，试水不漏" in printed
    assert "师傅很仔细" in printed
    assert printed.count("√") == 2 * 4, "range, free of charge, quality, attitude; on each copy"


def test_the_signature_that_was_given_on_the_phone_stands_on_the_paper(office: Office) -> None:
    order = office.shop.on_site(payer="company")
    blank = darkness(office, order.number)
    office.shop.finishes(order, signature=None, no_signature="不在家", opinion="")
    unsigned = darkness(office, order.number)
    WorkOrder.objects.filter(pk=order.pk).update(signature=_signed(office, order))
    assert darkness(office, order.number) > max(blank, unsigned) + 200


def test_what_cannot_be_shown_as_a_signature_leaves_the_line_to_sign_on(office: Office) -> None:
    order = office.shop.on_site(payer="company")
    kept = office.shop.picture(order.case)
    Attachment.objects.filter(pk=kept.pk).update(sha256="0" * 64)
    office.shop.finishes(order)
    WorkOrder.objects.filter(pk=order.pk).update(signature=kept)
    assert "客户签名" in text(office.prints("repair-order", order.number))


def _signed(office: Office, order: WorkOrder) -> Attachment:
    """A stroke, as thick as a finger draws it."""
    drawn = Image.new("RGB", (720, 300), "white")
    ImageDraw.Draw(drawn).line([(40, 260), (300, 40), (420, 250), (680, 60)], fill=0, width=12)
    written = BytesIO()
    drawn.save(written, "PNG")
    upload = SimpleUploadedFile("签名.png", written.getvalue(), "image/png")
    by = office.shop.of(office.cast.chenjianguo, THERE)
    return attach(upload=upload, by=by, at=THERE, case=order.case)


def darkness(office: Office, number: str) -> int:
    """How many dots of the first copy are nearly black below its middle."""
    sheet = picture(office.prints("repair-order", number)).convert("L")
    lower = sheet.crop((0, sheet.height * 3 // 4, sheet.width // 2, sheet.height))
    return sum(lower.histogram()[:60])


def test_two_regulations_that_know_the_order_add_to_each_other(office: Office) -> None:
    office.shop.adopts("service-centre")
    printed = text(office.prints("repair-order", office.shop.sent().number))
    assert "370-46.3" not in printed, "the number is the other regulation's"
    assert "第五节" in printed


# --- The other sheets -----------------------------------------------------------------------------


@pytest.mark.clause("S0-3.4-25")
def test_the_quotation_lists_what_each_item_costs(office: Office) -> None:
    quotation = office.quotes(office.shop.issues(payer="owner"))
    printed = text(office.prints("quotation", quotation.number))
    assert "收费明细单" in printed
    assert "物业客服部首问责任管理规定3.4" in printed
    assert "换角阀人工次150.0050.00" in printed
    assert "不锈钢角阀DN15只218.0036.00" in printed
    assert "捌拾陆元整¥86.00" in printed


@pytest.mark.clause("S4-5.4-1")
def test_the_service_order_is_printed_from_the_record_on_form_360_8(office: Office) -> None:
    office.desk.adopts("customer-communication")
    order = office.desk.paid("120.00")
    printed = text(office.prints("service-order", order.number))
    assert "服务需求单" in printed
    assert "表号360-8" in printed
    assert "客户沟通管理规定5.4" in printed
    assert f"No.{order.number}" in printed
    assert "两名保洁员，周六上午" in printed
    assert "120.00元" in printed
    assert "王女士电话确认" in printed
    assert "2026-11-1912:00" in printed, "when it was confirmed"


# --- Who, and on record ---------------------------------------------------------------------------


def test_every_print_is_on_record_with_its_copies(office: Office) -> None:
    order = office.shop.sent()
    office.prints("repair-order", order.number)
    made = Print.objects.get()
    assert (made.kind, made.record, made.form, made.copies) == (
        "repair-order", order.number, "370-46.3", 2,
    )  # fmt: skip
    assert (made.by, made.at, made.case) == (
        office.cast.limin, moment("2026-11-20 10:00"), order.case,
    )  # fmt: skip


def test_a_whole_phone_number_on_paper_counts_as_looked_up(office: Office) -> None:
    order = office.shop.sent()
    assert "13900000421" in text(office.prints("repair-order", order.number))
    looked = Disclosure.objects.get()
    assert (looked.staff, looked.record_id) == (office.cast.limin, order.case.pk)
    assert "打印维修单" in looked.purpose


def test_who_may_not_see_the_number_prints_it_masked(office: Office) -> None:
    order = office.shop.sent()
    printed = text(office.prints("repair-order", order.number, office.cast.zhaogang))
    assert "13900000421" not in printed
    assert not Disclosure.objects.exists()


def test_a_sheet_is_not_printed_by_who_does_not_see_its_record(office: Office) -> None:
    order = office.shop.sent()
    for stranger in (office.cast.jingui_clerk, office.cast.jiangnan_manager, office.cast.wuqiang):
        answer = office.client(stranger).get(f"/papers/repair-order/{order.number}.pdf")
        assert answer.status_code == 404
    assert not Print.objects.exists()


def test_a_kind_of_sheet_that_nobody_knows_is_not_found(office: Office) -> None:
    for address in ("/papers/passport/1.pdf", "/papers/price-list/abc.pdf", "/papers/of/x/1"):
        assert office.client().get(address).status_code == 404


# --- On the page of the case ----------------------------------------------------------------------


def test_the_panel_offers_what_the_case_has_and_says_what_was_printed(office: Office) -> None:
    order = office.shop.issues(payer="owner")
    quotation = office.agrees(office.quotes(order))
    office.prints("repair-order", order.number)
    panel = office.client().get(f"/papers/of-case/{order.case.number}").content.decode()
    assert f"/papers/repair-order/{order.number}.pdf" in panel
    assert f"/papers/quotation/{quotation.number}.pdf" in panel
    assert "打印 1 次，最近 李敏" in panel


def test_a_case_with_nothing_to_print_shows_no_box(office: Office) -> None:
    case = office.shop.registers()
    assert office.client().get(f"/papers/of-case/{case.number}").content.strip() == b""


def test_the_panel_asks_no_more_of_a_case_with_many_orders(office: Office) -> None:
    case, client = office.shop.registers(), office.client()
    client.get("/papers")  # begins the session
    asked = []
    for _round in range(2):
        for _order in range(3):
            office.prints("repair-order", office.shop.issues(case).number)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/papers/of-case/{case.number}")
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- Materials and money --------------------------------------------------------------------------


def test_the_second_copy_of_the_requisition_says_what_was_issued(office: Office) -> None:
    cast, order = office.cast, office.shop.sent()
    keeper, engineer = office.shop.of(cast.machao, THERE), office.shop.of(cast.chenjianguo, THERE)
    valve = Material.objects.create(
        **place_of(cast.cuihu),
        code="SL-001",
        name="角阀",
        spec="DN15",
        unit="只",
        price=Decimal("18.50"),
    )
    receive(store=main_store(cast.cuihu), lines=[(valve, Decimal(9))], by=keeper, at=SENT)
    asked = drawing.request(
        case=order.case, subject=order.number, lines=[(valve, Decimal(3))], by=engineer, at=THERE
    )
    line = asked.lines.get()
    drawing.issue(requisition=asked, issued={line.pk: Decimal(2)}, by=keeper, at=THERE)
    second = pages(office.prints("requisition", asked.number, cast.machao))[1]
    assert "第二联" in second
    assert f"维修单号{order.number}" in second
    assert "SL-001角阀DN15只3200" in second, "asked, issued, used, given back"
    assert "角阀DN15" in text(office.prints("repair-order", order.number)), "on the order too"


def test_the_receipt_lists_what_was_paid_for_and_a_bill_what_is_owed(office: Office) -> None:
    counter = Counter(office.cast)
    case = counter.case()
    payment = counter.pays(counter.charges(case))
    receipt = issue_receipt(payment=payment, by=counter.of(office.cast.xuqin), at=FINISHED)
    printed = text(office.prints("receipt", receipt.number, office.cast.xuqin))
    assert "换角阀人工次150.0050.00" in printed
    assert "捌拾陆元整¥86.00" in printed
    assert "收款人徐琴" in printed
    counter.charges(counter.case(), collect="fee-bill")
    manager = counter.of(office.cast.zhoumin)
    run_bills(
        project=office.cast.cuihu, period="2026-11", kind="fee", by=manager, at=FINISHED
    )  # fmt: skip
    bill = Bill.objects.get()
    owed = text(office.prints("bill", bill.number, office.cast.xuqin))
    assert "账期2026-11" in owed
    assert "更换厨房角阀" in owed
    assert "不锈钢角阀只218.0036.00" in owed
    assert "应缴捌拾陆元整¥86.00" in owed
