"""The pages of prices: a list from the draft to the wall, the look-up, a quotation on its case."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwen.pricing.models import PriceEdition, Quotation
from shouwen.pricing.pasting import HEADINGS, as_text, parse
from tests.cast import Cast
from tests.moments import SetClock
from tests.permissions_world import PNG
from tests.pricing.conftest import Shop
from tests.pricing.prices import repair_prices, special_prices

clause = pytest.mark.clause
PASTED = "编号\t项目\t单位\t单价\nT01\t室内保洁\t平方米\t4-6\nT02\t代客购物\t次\t10.00\n"


@pytest.fixture(autouse=True)
def now(clock: SetClock) -> None:
    clock("2026-11-19 10:30", "周四")


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(client: Client, name: str, /, *args: Any, **fields: Any) -> Any:
    return client.post(reverse(name, args=args), fields)


def refused(client: Client, name: str, /, *args: Any, **fields: Any) -> str:
    """The form as it comes back."""
    answer = sends(client, name, *args, **fields)
    assert answer.status_code == 422, answer.status_code
    return str(answer.content.decode())


# --- The list -------------------------------------------------------------------------------------


@clause("S4-4.4.3a-1", "S4-4.4.3a-2", "S4-4.4.3a-3")
def test_a_list_is_pasted_submitted_approved_recorded_and_put_up_by_its_pages(
    shop: Shop, cast: Cast
) -> None:
    centre, finance = shop.client(cast.sunli), shop.client(cast.tangli)
    assert sends(centre, "pricing:draft", "special").status_code == 302
    edition = PriceEdition.objects.get(price_list__kind="special")
    args = ("pricing:rows", edition.pk)
    assert sends(centre, *args, text=PASTED, basis="市场调查").status_code == 302
    assert "室内保洁" in page(centre, "pricing:edition", edition.pk)
    sends(centre, "pricing:submit", edition.pk, effective_from="2026-11-19")
    assert "公司财务部" in page(finance, "pricing:edition", edition.pk)
    sends(finance, "pricing:approve", edition.pk, note="同意")
    answer = {"mode": "备案", "number": "沪价备〔2026〕12号", "decided_on": "2026-11-18"}
    assert sends(finance, "pricing:approve", edition.pk, **answer).status_code == 302
    assert "待公示" in page(centre, "pricing:edition", edition.pk)
    sends(centre, "pricing:post", edition.pk, where="服务中心公告栏")
    shown = page(centre, "pricing:edition", edition.pk)
    for words in ("现行", "沪价备〔2026〕12号", "服务中心公告栏"):
        assert words in shown
    assert "4.00–6.00" in page(centre, "pricing:lists")


def test_what_cannot_be_read_is_said_by_its_line_and_the_text_stays(shop: Shop, cast: Cast) -> None:
    centre = shop.client(cast.sunli)
    sends(centre, "pricing:draft", "special")
    edition = PriceEdition.objects.get(price_list__kind="special")
    text = "T01\t室内保洁\t平方米\t面议\nT02\t代客购物\t\t10\n"
    said = refused(centre, "pricing:rows", edition.pk, text=text)
    for words in ("第 1 行：“面议”不是价格", "第 2 行：缺单位", "代客购物"):
        assert words in said
    assert edition.items.count() == 0


def test_a_step_that_is_somebody_elses_is_not_offered_and_a_refusal_is_shown(
    shop: Shop, cast: Cast
) -> None:
    centre = shop.client(cast.sunli)
    sends(centre, "pricing:draft", "special")
    edition = PriceEdition.objects.get(price_list__kind="special")
    sends(centre, "pricing:rows", edition.pk, text=PASTED)
    sends(centre, "pricing:submit", edition.pk, effective_from="2026-11-19")
    shown = page(shop.client(cast.zhoumin), "pricing:edition", edition.pk)
    assert reverse("pricing:approve", args=[edition.pk]) not in shown
    manager, finance = shop.client(cast.zhoumin), shop.client(cast.tangli)
    assert "现在轮到公司财务部" in refused(manager, "pricing:approve", edition.pk)
    assert "退回原因" in refused(finance, "pricing:send-back", edition.pk)


def test_the_list_page_asks_the_database_no_more_for_a_longer_list(shop: Shop, cast: Cast) -> None:
    client = shop.client(cast.limin)
    page(client, "pricing:lists")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, "pricing:lists")
    special_prices(cast)
    repair_prices(cast)
    with CaptureQueriesContext(connection) as many:
        page(client, "pricing:lists")
    assert len(many) - len(few) <= 1  # the items of the second list


def test_a_price_is_found_at_the_desk_by_a_word_or_a_code(shop: Shop, cast: Cast) -> None:
    clerk = shop.client(cast.limin)
    found = page(clerk, "pricing:find", q="疏通")
    assert ["JS-02" in found, "60.00–120.00" in found, "更换角阀" in found] == [True, True, False]
    assert "现行标准中没有“电梯”" in page(clerk, "pricing:find", q="电梯")
    fragment = clerk.get(reverse("pricing:find"), {"q": "角阀"}, headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert "35.00" in fragment.content.decode()


def test_a_list_is_copied_out_as_it_is_pasted_in(cast: Cast) -> None:
    items = list(special_prices(cast).values())
    back = parse(as_text(items))
    assert back.problems == []
    assert [(r.code, r.name, r.unit, r.low, r.high, r.basis) for r in back.rows] == [
        (i.code, i.name, i.unit, i.low, i.high, i.basis) for i in items
    ]


@pytest.mark.parametrize(
    ("price", "low", "high"),
    [("35", "35", "35"), ("60-120", "60", "120"), ("1,200.50 元", "1200.50", "1200.50"),
     ("4～6", "4", "6"), ("￥8 至 9", "8", "9")],
)  # fmt: skip
def test_a_price_is_read_as_projects_write_it(price: str, low: str, high: str) -> None:
    row = parse(f"A\t清洗\t次\t{price}").rows[0]
    assert (str(row.low), str(row.high)) == (low, high)


def test_the_order_of_columns_is_that_of_the_first_line() -> None:
    row = parse("项目\t价格（元）\t计量单位\t序号\n擦玻璃\t5\t平方米\tB-1").rows[0]
    assert (row.code, row.name, row.unit, str(row.low)) == ("B-1", "擦玻璃", "平方米", "5")
    assert set(HEADINGS) >= {"编号", "项目", "单位", "单价"}


# --- A quotation ----------------------------------------------------------------------------------


@clause("S0-3.4-16", "S0-3.4-25")
def test_the_clerk_quotes_from_the_list_and_notes_who_agreed_before_the_dispatch(
    shop: Shop, cast: Cast
) -> None:
    case, clerk = shop.leak(fee="paid"), shop.client(cast.limin)
    fields = {"item-0": shop.prices["JS-01"].pk, "quantity-0": "2", "key": "once-1"}
    for _twice in range(2):
        assert sends(clerk, "pricing:quote", case.number, **fields).status_code == 302
    quotation = Quotation.objects.get()
    assert "70.00" in page(clerk, "pricing:panel", case.number)
    answer = {"name": "王女士", "relation": "本人", "means": "call", "key": "once-2"}
    sends(clerk, "pricing:consent", quotation.number, **answer)
    shown = page(clerk, "pricing:panel", case.number)
    for words in ("客户同意", "电话录音", "李敏代记"):
        assert words in shown
    shop.sent(case)


def test_a_signature_comes_with_its_picture_and_no_is_told_with_its_reason(
    shop: Shop, cast: Cast
) -> None:
    case = shop.sent(shop.leak())
    engineer, quotation = shop.client(cast.chenjianguo), shop.quotes(case)
    args = ("pricing:consent", quotation.number)
    bare = refused(engineer, *args, name="王女士", means="signature", key="a")
    assert "请附客户的签名" in bare
    picture = SimpleUploadedFile("签名.png", PNG, "image/png")
    sends(engineer, *args, name="王女士", means="signature", key="b", proof=picture)
    quotation.refresh_from_db()
    assert quotation.is_agreed
    assert quotation.attachment is not None
    again = shop.quotes(case, shop.line("JS-02"))
    sends(engineer, "pricing:decline", again.number, reason="太贵", key="c")
    again.refresh_from_db()
    assert (again.state, again.note) == (Quotation.State.DECLINED, "太贵")


def test_a_price_beside_the_band_and_one_that_is_missing_come_back_with_the_form(
    shop: Shop, cast: Cast
) -> None:
    case = shop.sent(shop.leak())
    engineer, band = shop.client(cast.chenjianguo), shop.prices["JS-02"].pk
    missing = {"item-0": band, "key": "a"}
    assert "请填单价" in refused(engineer, "pricing:quote", case.number, **missing)
    dear = {"item-0": band, "price-0": "500", "quantity-0": "1", "key": "b"}
    assert "60.00–120.00" in refused(engineer, "pricing:quote", case.number, **dear)


def test_the_box_on_a_case_offers_a_price_to_who_may_work_on_it(shop: Shop, cast: Cast) -> None:
    case = shop.sent(shop.leak())
    address = reverse("pricing:quote", args=[case.number])
    assert address in page(shop.client(cast.chenjianguo), "pricing:panel", case.number)
    assert address not in page(shop.client(cast.tangli), "pricing:panel", case.number)


def test_there_is_no_box_where_nothing_can_cost(shop: Shop, cast: Cast) -> None:
    praise = shop.leak(kind="praise")
    assert page(shop.client(cast.limin), "pricing:panel", praise.number) == ""
