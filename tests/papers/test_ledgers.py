"""The ledgers of a month, and the price lists: complete, of one project, for who sees it whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shouwen.estate.queries import place_of
from shouwen.papers.models import Print
from shouwen.pricing.models import PriceEdition, PriceItem, PriceList
from shouwen.repairs.actions.working import record_communication
from shouwen.services.actions.parcels import notify, register_parcel, release
from tests.papers.conftest import Office
from tests.papers.paper import text
from tests.repairs.conftest import EVENING, OPENED

NOVEMBER = "2026-11"


def ledger(office: Office, kind: str, month: str = NOVEMBER) -> str:
    answer = office.client().get(f"/papers/ledger/{kind}/CH/{month}.pdf")
    assert answer.status_code == 200, answer.content.decode()
    return text(answer.content)


def test_the_register_of_repairs_has_every_repair_of_the_month(office: Office) -> None:
    order = office.shop.done()
    unsent = office.shop.registers("阳台灯不亮")
    printed = ledger(office, "daily-repairs")
    for word in "时间 房号 报修人 内容 接收人 对讲通知时间 维修单号 完成".split():
        assert word in printed
    assert order.number in printed
    assert "阳台灯不亮" in printed, unsent.number
    assert "件数2" in printed
    assert "件数0" in ledger(office, "daily-repairs", "2026-10")


def test_the_talk_with_the_customer_is_listed_with_who_told_and_who_typed(office: Office) -> None:
    order = office.shop.done()
    by = office.shop.of(office.cast.limin, EVENING)
    record_communication(order=order, text="业主希望下次先打电话", by=by, at=EVENING)
    printed = ledger(office, "communication")
    for word in "日期 房号 业户 沟通情况 维修单号 汇报人 录入人".split():
        assert word in printed
    assert f"业主希望下次先打电话{order.number}陈建国李敏" in printed


def test_mail_stands_in_its_register_with_the_signature(office: Office) -> None:
    by, desk = office.shop.of(office.cast.limin), office.desk
    parcel = register_parcel(
        project=office.cast.cuihu, unit=office.cast.home, person="王女士", carrier="顺丰",
        by=by, at=OPENED,
    )  # fmt: skip
    notify(parcel=parcel, how="phone", by=by, at=OPENED)
    waiting = ledger(office, "mail")
    assert f"{parcel.number}快递3栋2单元501王女士1" in waiting
    release(parcel=parcel, to="王女士", signature=desk.kept_signature(), by=by, at=EVENING)
    assert "王女士（已签）" in ledger(office, "mail")


def test_the_free_services_are_all_listed_and_each_use_with_its_result(office: Office) -> None:
    office.desk.adopts("service-centre")
    order = office.desk.orders("03")
    printed = ledger(office, "free-services")
    for word in "编号 项目 方式 提供方 客户 日期 结果".split():
        assert word in printed
    assert order.item.title in printed
    assert all(f"{number:02}" in printed for number in range(1, 25))
    assert "件数24" in printed


def test_the_visit_book_is_there_with_its_columns(office: Office) -> None:
    printed = ledger(office, "repair-visits")
    for word in "维修单号 房号 回访时间 意见 满意 业主签名".split():
        assert word in printed
    assert "本期无记录" in printed


def test_a_ledger_is_printed_only_by_who_sees_the_whole_project(office: Office) -> None:
    address = f"/papers/ledger/daily-repairs/CH/{NOVEMBER}.pdf"
    assert office.client(office.cast.chenjianguo).get(address).status_code == 403
    assert office.client(office.cast.jiangnan_clerk).get(address).status_code == 404
    assert office.client(office.cast.zhengjie).get(address).status_code == 200
    assert Print.objects.count() == 1


def test_the_page_offers_the_ledgers_and_shows_what_was_printed(office: Office) -> None:
    ledger(office, "daily-repairs")
    page = office.client().get("/papers").content.decode()
    assert f"/papers/ledger/daily-repairs/CH/{NOVEMBER}.pdf" in page
    assert "CH-2026-11" in page
    narrow = office.client(office.cast.chenjianguo).get("/papers").content.decode()
    assert "/papers/ledger/" not in narrow
    assert "CH-2026-11" not in narrow


# --- Price lists ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "title", "columns"),
    [
        ("repair", "有偿服务收费标准", "编号 项目 单位 单价 材料费 版本 生效日"),
        ("special", "特约服务项目及收费标准",
         "编号 项目 内容 单位 价格 依据 审批/备案号 公示地点 公示时间 版本"),
    ],
)  # fmt: skip
def test_a_price_list_is_printed_as_it_was_approved(
    office: Office, kind: str, title: str, columns: str
) -> None:
    edition = _edition(office, kind)
    printed = text(office.prints("price-list", str(edition.pk)))
    assert title in printed
    assert [column for column in columns.split() if column not in printed] == []
    assert "W-012" in printed
    assert "50.00–80.00" in printed
    assert "备案沪价备2026-17" in printed
    assert "2026-12-01" in printed


def _edition(office: Office, kind: str) -> PriceEdition:
    made = PriceList.objects.create(
        **place_of(office.cast.cuihu), rule=kind, regulation="x", title="收费标准", kind=kind
    )
    edition = PriceEdition.objects.create(
        price_list=made, version=1, state="approved", effective_from=date(2026, 12, 1),
        approval_mode="备案", approval_number="沪价备2026-17", drafted_by=office.cast.liuqiang,
        drafted_at=OPENED,
    )  # fmt: skip
    PriceItem.objects.create(
        edition=edition, code="W-012", name="更换角阀", content="含拆旧", unit="次",
        low=Decimal(50), high=Decimal(80), material_fee=None, basis="市场调查",
    )  # fmt: skip
    return edition
