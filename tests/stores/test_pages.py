"""The pages of the stores: stock, requisitions, moves, counts, the workbook; and the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shouwen.accounts.actions import issue_token
from shouwen.accounts.models import Staff
from shouwen.stores.actions import counting, drawing
from shouwen.stores.models import Material, Move, Requisition, StockCount
from tests.api.conftest import Caller
from tests.stores.conftest import LATER, MORNING, ORDER, Shop
from tests.stores.test_import import PUMP, fill

clause = pytest.mark.clause
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def at_eleven(now: datetime) -> None:
    """All pages are asked for at 11:00."""


def sees(shop: Shop, who: Staff, name: str, *args: object, **asked: Any) -> str:
    response = shop.client(who).get(reverse(f"stores:{name}", args=args), asked)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sends(shop: Shop, who: Staff, name: str, /, *args: object, **fields: Any) -> Any:
    return shop.client(who).post(reverse(f"stores:{name}", args=args), fields)


def wrong(response: Any) -> str:
    assert response.status_code == 422, response.status_code
    return str(response.content.decode())


# --- the store room -------------------------------------------------------------------------------


def test_the_store_room_shows_what_there_is_and_what_is_low(shop: Shop) -> None:
    page = sees(shop, shop.cast.machao, "stock")
    assert "角阀" in page
    assert "5.5 米" in page
    assert "入库" in page
    low = sees(shop, shop.cast.machao, "stock", low="1")
    assert "生料带" in low
    assert "角阀" not in low
    assert "不锈钢软管" in sees(shop, shop.cast.chenjianguo, "stock", q="软管")
    assert "没有找到这种物料" in sees(shop, shop.cast.machao, "stock", q="水泵")


def test_a_long_list_of_materials_costs_no_more_queries_than_a_short_one(shop: Shop) -> None:
    copy = {name: getattr(shop.valve, name) for name in ("project", "company", "group", "unit")}
    Material.objects.bulk_create(
        Material(**copy, code=f"X-{n:03}", name=f"螺丝 {n}") for n in range(120)
    )
    for name in ("stock", "moves", "requisitions", "reconcile", "counts"):
        client = shop.client(shop.cast.machao)
        client.get(reverse(f"stores:{name}"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse(f"stores:{name}"))
        assert len(asked) <= MOST_QUERIES, (name, len(asked))
    assert "?after=X-0" in sees(shop, shop.cast.machao, "stock")
    assert "螺丝 119" in sees(shop, shop.cast.machao, "stock", after="X-100")


def test_goods_come_in_once_however_often_the_form_is_sent(shop: Shop) -> None:
    said = {
        "key": "k1", "store": shop.room.pk, "note": "五金店 20261119", "item-0": "SL-003 生料带 卷",
        "quantity-0": "10", "item-1": "6901234567892", "quantity-1": "2.5",
    }  # fmt: skip
    for _time in range(2):
        assert sends(shop, shop.cast.machao, "receive", **said).status_code == 302
    assert (shop.lies(shop.tape), shop.lies(shop.valve)) == ("10", "22.5")
    assert "五金店 20261119" in sees(shop, shop.cast.machao, "moves")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "请至少填一种物料和数量"),
        ({"item-0": "水泵", "quantity-0": "1"}, "没有找到这种物料"),
        ({"item-0": "SL-00", "quantity-0": "1"}, "有几种"),
        ({"item-0": "角阀"}, "请填数量"),
        ({"quantity-0": "2"}, "请写明是哪种物料"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_to_do(
    shop: Shop, fields: dict[str, str], sentence: str
) -> None:
    page = wrong(sends(shop, shop.cast.machao, "receive", store=shop.room.pk, **fields))
    assert sentence in page


def test_material_is_carried_over_and_brought_back(shop: Shop) -> None:
    case = shop.case()
    shop.draws(case, (shop.valve, Decimal(3)))
    said = {
        "key": "k", "engineer": shop.cast.chenjianguo.pk, "store": shop.room.pk, "subject": ORDER,
        "item-0": "SL-001", "quantity-0": "4",
    }  # fmt: skip
    assert "只剩 3 只" in wrong(sends(shop, shop.cast.machao, "return", **said))
    assert sends(shop, shop.cast.machao, "return", **{**said, "quantity-0": "3"}).status_code == 302
    assert shop.lies(shop.valve) == "20"
    assert case.journal.filter(verb="material-returned").count() == 1


def test_a_material_is_added_changed_and_shown_with_its_moves(shop: Shop) -> None:
    new = {"code": "SB-1", "name": "潜水泵", "unit": "台", "price": "1280", "active": "on"}
    assert sends(shop, shop.cast.zhoumin, "add-material", **new).status_code == 302
    assert "已经有别的物料在用" in wrong(
        sends(shop, shop.cast.zhoumin, "add-material", **new, key="2")
    )
    changed = {**new, "code": "SL-001", "name": "三角阀", "low_mark": "4"}
    sends(shop, shop.cast.zhoumin, "edit-material", shop.valve.pk, **changed)
    page = sees(shop, shop.cast.machao, "material", shop.valve.pk)
    assert "三角阀" in page
    assert "首批入库" in page
    assert sends(shop, shop.cast.machao, "add-material", **new).status_code == 403


# --- requisitions ---------------------------------------------------------------------------------


@clause("S2-RP-5")
def test_a_requisition_goes_from_the_engineer_to_the_store_and_back_with_its_copy(
    shop: Shop,
) -> None:
    case, engineer, keeper = shop.case(), shop.cast.chenjianguo, shop.cast.machao
    address = f"{reverse('stores:ask')}?case={case.number}&order={ORDER}"
    said = {
        "key": "a", "engineer": engineer.pk, "item-0": "角阀", "quantity-0": "2",
    }  # fmt: skip
    assert shop.client(engineer).post(address, said).status_code == 302
    made = Requisition.objects.get()
    assert (made.subject, made.case) == (ORDER, case)
    assert made.number in sees(shop, keeper, "requisitions")

    line = made.lines.get()
    page = sees(shop, keeper, "requisition", made.number)
    assert "角阀 DN15（SL-001）· 申领 2 只，实发" in page
    issue = {"key": "i", "store": shop.room.pk, f"line-{line.pk}": "3"}
    assert "实发不能更多" in wrong(sends(shop, keeper, "requisition", made.number, **issue))
    issue[f"line-{line.pk}"] = "2"
    for _time in range(2):
        assert sends(shop, keeper, "requisition", made.number, **issue).status_code == 302
    assert shop.carries(shop.valve) == "2"
    assert "待签收第二联" in sees(shop, keeper, "requisitions", state="issued")
    assert "料和第二联都拿到了" in sees(shop, engineer, "requisition", made.number)
    assert sends(shop, engineer, "acknowledge", made.number).status_code == 302
    assert "已签收" in sees(shop, keeper, "requisitions", state="issued")
    assert "角阀" in sees(shop, engineer, "own")


def test_a_requisition_is_called_off_with_a_reason(shop: Shop) -> None:
    made = shop.asks(shop.case(), (shop.valve, Decimal(1)))
    cancelled = sends(shop, shop.cast.chenjianguo, "cancel", made.number)
    wrong(cancelled)
    said = {"cancel-reason": "客户自备"}
    assert sends(shop, shop.cast.chenjianguo, "cancel", made.number, **said).status_code == 302
    assert "客户自备" in sees(shop, shop.cast.machao, "requisition", made.number)


@clause("S2-RP-11")
def test_the_order_and_the_list_show_drawn_against_used(shop: Shop) -> None:
    case = shop.case()
    assert sees(shop, shop.cast.limin, "panel-of-order", ORDER).strip() == ""
    shop.draws(case, (shop.valve, Decimal(3)), (shop.hose, Decimal(1)))
    lines = [(shop.valve, Decimal(2)), (shop.hose, Decimal(1))]
    drawing.use(case=case, subject=ORDER, lines=lines, by=shop.engineer, at=LATER)
    for page in (
        sees(shop, shop.cast.limin, "panel-of-order", ORDER),
        sees(shop, shop.cast.limin, "reconcile", order="261119"),
    ):
        assert "还有 1 未用未退" in page
        assert "相符" in page


# --- counts and the workbook ----------------------------------------------------------------------


def test_a_count_is_written_down_by_one_and_approved_by_another(shop: Shop) -> None:
    found = {f"found-{shop.valve.pk}": "18", f"found-{shop.hose.pk}": "5.5", "note": "月末"}
    assert "账面 20 只" in sees(shop, shop.cast.machao, "add-count", store=shop.room.pk)
    assert sends(shop, shop.cast.machao, "add-count", key="c", **found).status_code == 302
    made = StockCount.objects.get()
    page = sees(shop, shop.cast.machao, "count", made.number)
    assert "−2" in page
    assert "处理差异" not in page
    assert sends(shop, shop.cast.machao, "count", made.number, approve="yes").status_code == 403
    decided = sends(shop, shop.cast.liuqiang, "count", made.number, approve="yes", key="d")
    assert decided.status_code == 302
    assert shop.lies(shop.valve) == "18"
    assert "已确认" in sees(shop, shop.cast.machao, "counts")


def test_the_workbook_is_shown_before_it_is_kept(
    shop: Shop, shared: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    file = fill(shared, tmp_path / "物料.xlsx", PUMP, [2, "", "SL-010", *[None] * 9])
    client = shop.client(shop.cast.zhoumin)
    upload = SimpleUploadedFile("物料.xlsx", file.read_bytes())
    checked = client.post(reverse("stores:import"), {"file": upload})
    assert "没有物品名称" in checked.content.decode()
    assert not Material.objects.filter(code="SB-001").exists()
    token = {"token": checked.context["token"]}
    assert client.post(reverse("stores:import-confirm"), token).status_code == 302
    assert shop.lies(Material.objects.get(code="SB-001")) == "2"
    again = client.post(reverse("stores:import-confirm"), token)
    assert "已经导入过或已过期" in again.content.decode()


# --- the API --------------------------------------------------------------------------------------


def _caller(shop: Shop, who: Staff) -> Caller:
    rights = ["stores.view", "stores.issue", "case.view", "case.work"]
    token = issue_token(name="料", staff=who, unit=shop.cast.cuihu, rights=rights, at=MORNING)
    return Caller(token, shop.client(who))


def test_a_program_finds_material_asks_for_it_and_hands_it_out(shop: Shop) -> None:
    engineer, keeper = _caller(shop, shop.cast.chenjianguo), _caller(shop, shop.cast.machao)
    found = engineer.get("/materials", {"q": "角阀"}).json()["items"]
    assert [(row["code"], row["in_rooms"]) for row in found] == [("SL-001", "20.00")]
    low = engineer.get("/materials", {"low": "true"})
    assert [row["code"] for row in low.json().get("items", ())] == ["SL-003"], low.content
    said = {
        "case": shop.case().number, "order": ORDER,
        "lines": [{"material": "SL-001", "quantity": "2"}],
    }  # fmt: skip
    made = engineer.post("/requisitions", said, idempotency_key="r-1")
    assert made.status_code == 201, made.content
    assert engineer.post("/requisitions", said, idempotency_key="r-1").content == made.content
    number = made.json()["number"]
    assert [r["number"] for r in keeper.get("/requisitions").json()["items"]] == [number]
    lines = {"lines": said["lines"]}
    assert engineer.post(f"/requisitions/{number}/issue", lines).status_code == 403
    assert keeper.post(f"/requisitions/{number}/issue", lines).json()["state"] == "issued"
    assert Move.objects.filter(kind="draw", subject=ORDER).count() == 1


# --- to be looked at ------------------------------------------------------------------------------


def test_the_pages_are_fit_to_be_seen(
    shop: Shop, page: Page, live_server: LiveServer, as_staff: Callable[[Staff], None],
    shot: Callable[[str], None],
) -> None:  # fmt: skip
    case = shop.case()
    shop.draws(case, (shop.valve, Decimal(3)), (shop.hose, Decimal(1)))
    drawing.use(
        case=case, subject=ORDER, lines=[(shop.valve, Decimal(2)), (shop.hose, Decimal(1))],
        by=shop.engineer, at=LATER,
    )  # fmt: skip
    waiting = shop.asks(case, (shop.valve, Decimal(1)), (shop.tape, Decimal(2)))
    counted = counting.count(
        store=shop.room, counted={shop.valve: Decimal(15), shop.tape: Decimal(0)},
        by=shop.keeper, at=LATER, note="月末盘点",
    )  # fmt: skip
    as_staff(shop.cast.machao)
    for name, address in {
        "stock": reverse("stores:stock"),
        "moves": reverse("stores:moves"),
        "requisitions": reverse("stores:requisitions"),
        "requisition": reverse("stores:requisition", args=[waiting.number]),
        "reconcile": reverse("stores:reconcile"),
        "count-form": f"{reverse('stores:add-count')}?store={shop.room.pk}",
        "material": reverse("stores:material", args=[shop.valve.pk]),
        "receive": reverse("stores:receive"),
    }.items():
        page.goto(f"{live_server.url}{address}")
        shot(name)
    page.get_by_role("button", name="入库").click()
    page.get_by_text("请至少填一种物料和数量").wait_for()
    page.troubles.clear()  # type: ignore[attr-defined] # a refused form is an error to the browser
    shot("receive-wrong")
    as_staff(shop.cast.liuqiang)
    page.goto(f"{live_server.url}{reverse('stores:count', args=[counted.number])}")
    shot("count")
    page.get_by_role("button", name="确定").click()
    page.get_by_text("已处理盘点差异").wait_for()
