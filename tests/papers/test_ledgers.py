"""The ledgers of a month, and the price lists: complete, of one project, for who sees it whole."""

from __future__ import annotations

import pytest

from shouwen.papers.filling.registers import LEDGERS
from shouwen.papers.models import Print
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
    assert order.number in printed
    assert "阳台灯不亮" in printed, unsent.number
    assert "件数2" in printed
    assert "件数0" in ledger(office, "daily-repairs", "2026-10")


def test_the_talk_with_the_customer_is_listed_with_who_told_and_who_typed(office: Office) -> None:
    order = office.shop.done()
    by = office.shop.of(office.cast.limin, EVENING)
    record_communication(order=order, text="业主希望下次先打电话", by=by, at=EVENING)
    printed = ledger(office, "communication")
    assert f"业主希望下次先打电话{order.number}陈建国李敏" in printed


def test_mail_stands_in_its_register_with_the_signature(office: Office) -> None:
    by, desk = office.shop.of(office.cast.limin), office.desk
    parcel = register_parcel(
        project=office.cast.cuihu, unit=office.cast.home, person="王女士", carrier="顺丰",
        by=by, at=OPENED,
    )  # fmt: skip
    notify(parcel=parcel, how="phone", by=by, at=OPENED)
    waiting = ledger(office, "mail")
    assert f"{parcel.number}快递{office.cast.home.label}王女士1" in waiting
    release(parcel=parcel, to="王女士", signature=desk.kept_signature(), by=by, at=EVENING)
    assert "王女士（已签）" in ledger(office, "mail")


def test_the_free_services_are_all_listed_and_each_use_with_its_result(office: Office) -> None:
    office.desk.adopts("service-centre")
    order = office.desk.orders(
        "05", sub="报纸", title="扬子晚报", quantity="1", start="2026-12-01", end="2027-11-30"
    )
    printed = ledger(office, "free-services")
    assert order.item.title in printed
    assert all(f"{number:02}" in printed for number in range(1, 25))
    assert "件数24" in printed


#: The columns of forms-and-ledgers.md, in the order of the sheet.
COLUMNS = {
    "daily-repairs": "时间房号报修人内容接收人对讲通知时间维修单号完成",
    "communication": "日期房号业户沟通情况维修单号汇报人录入人",
    "repair-visits": "维修单号房号回访时间意见满意业主签名",
    "mail": "日期单号报刊/邮件房号收件人收发通知领取签名差异",
    "free-services": "编号项目方式提供方客户日期结果",
}


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_ledger_has_every_column_of_its_form(office: Office, kind: str) -> None:
    printed = ledger(office, kind, "2026-10")
    assert LEDGERS[kind].form.title in printed
    assert COLUMNS[kind] in printed
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
    edition = office.price_list(kind)
    printed = text(office.prints("price-list", str(edition.pk)))
    assert title in printed
    assert [column for column in columns.split() if column not in printed] == []
    assert "W-012" in printed
    assert "50.00–80.00" in printed
    assert "备案沪价备2026-17" in printed
    assert "2026-11-01" in printed
