"""The pages of the archive, its list as a file and by the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from shouwen.accounts.actions import issue_token
from shouwen.accounts.models import Staff
from shouwen.archive.models import Deposit, Disposal, Folder
from shouwen.estate.queries import place_of
from tests.archive.conftest import NOW, Keeper
from tests.cast import FOUNDED, Cast

MOST_QUERIES = 16
KEYS = count()


@pytest.fixture(autouse=True)
def now(clock: Callable[..., datetime]) -> None:
    clock("2026-11-20 11:00", "周五")


def sees(keeper: Keeper, who: Staff, address: str, status: int = 200, **asked: Any) -> str:
    response = keeper.client(who).get(address, asked)
    assert response.status_code == status, address
    return str(response.content.decode())


def saves(keeper: Keeper, who: Staff, address: str, **fields: Any) -> None:
    response = keeper.client(who).post(address, {"key": f"k{next(KEYS)}", **fields})
    assert response.status_code == 302, response.content.decode()[-3000:]


def test_every_list_says_so_when_it_is_empty(keeper: Keeper, cast: Cast) -> None:
    for address in ("/archive", "/archive/deposits", "/archive/disposals"):
        assert "没有这样的" in sees(keeper, cast.zhoumin, address)


def test_a_folder_is_found_lent_and_brought_back_on_its_pages(keeper: Keeper, cast: Cast) -> None:
    folder = keeper.files(text="3栋2单元501 王女士")
    keeper.files("别的")
    page = sees(keeper, cast.limin, "/archive", q="2单元501")
    assert folder.number in page
    assert "别的" not in page
    address = f"/archive/{folder.number}"
    saves(keeper, cast.limin, f"{address}/lend", to="张工", back_by="2026-11-27", reason="核对")
    assert "张工" in sees(keeper, cast.limin, "/archive", state="out")
    assert "借出" in sees(keeper, cast.limin, address)
    saves(keeper, cast.limin, f"{address}/back")
    saves(keeper, cast.limin, f"{address}/put", place="客服部 2 柜")
    assert "客服部 2 柜" in sees(keeper, cast.limin, address)


def test_what_is_over_is_proposed_by_one_and_approved_by_another_on_the_pages(
    keeper: Keeper, cast: Cast
) -> None:
    folder = keeper.expired()
    assert "期满 1 份" in sees(keeper, cast.sunli, "/archive/disposals")
    saves(keeper, cast.sunli, "/archive/disposals/new", folders=[folder.pk], reason="期满")
    number = Disposal.objects.get().number
    address = f"/archive/disposals/{number}"
    assert f"{address}/decide" not in sees(keeper, cast.sunli, address)
    assert f"{address}/decide" in sees(keeper, cast.zhoumin, address)
    saves(keeper, cast.zhoumin, f"{address}/decide", approved="yes")
    assert folder.number in sees(keeper, cast.limin, "/archive", state="disposed")
    assert folder.number not in sees(keeper, cast.limin, "/archive")


def test_papers_are_handed_over_and_received_on_the_page(keeper: Keeper, cast: Cast) -> None:
    deposit = Deposit.objects.create(
        **place_of(cast.cuihu), subject="visits:CH:2026-Q3", kind="visits", opened_at=NOW,
        title="2026年第三季度回访资料", papers=12, months=24,
    )  # fmt: skip
    step = f"/archive/deposits/{deposit.pk}"
    assert "交出" in sees(keeper, cast.limin, "/archive/deposits")
    saves(keeper, cast.limin, f"{step}/hand", papers=12)
    assert f"{step}/receive" not in sees(keeper, cast.limin, "/archive/deposits")
    assert f"{step}/receive" in sees(keeper, cast.wangfang, "/archive/deposits")
    saves(keeper, cast.wangfang, f"{step}/receive", papers=12, place="1 柜")
    folder = Folder.objects.get()
    page = sees(keeper, cast.limin, f"/archive/{folder.number}")
    assert "李敏" in page
    assert "王芳" in page


def test_the_file_holds_exactly_the_list_with_real_days(keeper: Keeper, cast: Cast) -> None:
    keeper.files("=cmd()", months=12)
    keeper.files("别处的", unit=cast.jingui)
    response = keeper.client(cast.zhoumin).get("/archive/export.xlsx")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined] # a file
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert len(rows) == 2
    assert rows[1][2] == "=cmd()"
    assert sheet.cell(2, 3).data_type == "s"
    assert isinstance(rows[1][7], datetime)


def test_the_list_costs_as_many_queries_for_fifty_as_for_one(keeper: Keeper, cast: Cast) -> None:
    keeper.files("第一份")
    client = keeper.client(cast.zhoumin)
    client.get("/archive")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/archive")
    for n in range(20):
        keeper.files(f"第 {n} 份", unit=cast.jingui if n % 2 else cast.cuihu)
    with CaptureQueriesContext(connection) as many:
        client.get("/archive")
    assert len(many) == len(one) <= MOST_QUERIES


def test_who_sees_no_project_whole_sees_no_folder(keeper: Keeper, cast: Cast) -> None:
    folder = keeper.files("客户投诉分析报告")
    assert folder.number not in sees(keeper, cast.chenjianguo, "/archive")
    sees(keeper, cast.chenjianguo, f"/archive/{folder.number}", status=403)
    sees(keeper, cast.jingui_manager, f"/archive/{folder.number}", status=404)


def test_a_system_reads_the_archive(keeper: Keeper, cast: Cast) -> None:
    folder = keeper.files(text="夜间噪音")
    token = issue_token(
        name="档案系统", staff=cast.zhoumin, unit=cast.cuihu, rights=["case.view"], at=FOUNDED
    )
    client = keeper.client(cast.zhoumin)
    bearer = {"Authorization": f"Bearer {token}"}
    found = client.get("/api/archive", {"q": "噪音"}, headers=bearer).json()
    assert [item["number"] for item in found["items"]] == [folder.number]
    one = client.get(f"/api/archive/{folder.number}", headers=bearer).json()
    assert (one["kind_name"], one["keep_until"]) == ("报表", None)
