"""A real browser on a phone, with the network cut: nothing is lost, nothing is done twice, and
nobody else reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shouwen import clock
from shouwen.accounts.models import Disclosure, Staff
from shouwen.cases.files import path_of
from shouwen.estate.queries import place_of
from shouwen.phone.models import Conflict
from shouwen.repairs.actions import working
from shouwen.repairs.models import WorkOrder
from shouwen.stores.actions.keeping import receive, transfer
from shouwen.stores.actions.moving import main_store, own_store
from shouwen.stores.models import Material
from tests.cast import Cast
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import Shop

AsStaff = Callable[[Staff], None]
Shot = Callable[[str], None]
#: What is stored under a name, read without its key.
STORED = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("shouwen-phone"); asked.onsuccess = () => done(asked.result);
  });
  const text = [];
  for (const name of ["kept", "queue", "photos"])
    for (const row of await new Promise((done) => {
      const asked = base.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => done(asked.result);
    })) {
      text.push(JSON.stringify(row));
      for (const part of [row.data, row.sealed?.data]) if (part instanceof ArrayBuffer)
        text.push(new TextDecoder().decode(part));
    }
  base.close();
  return text.join(" ");
}"""


class Basement:
    """The phone of 陈建国, where he has a signal and where he has none."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        page.set_viewport_size({"width": 390, "height": 844})

    def opens(self) -> None:
        """With a signal, once: after that the program is on the phone."""
        self.page.goto(f"{self.address}/phone/")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        expect(self.page.locator(".head-title")).to_contain_text("我的维修单")

    def goes_down(self) -> None:
        self.page.context.set_offline(True)
        expect(self.page.locator(".signal")).to_contain_text("无信号")

    def comes_up(self) -> None:
        self.page.context.set_offline(False)
        expect(self.page.locator(".signal")).to_have_text("已全部送出", timeout=60_000)
        self.forgives()

    def forgives(self) -> None:
        """What a browser says by itself about a network that is not there."""
        troubles: list[str] = self.page.troubles  # type: ignore[attr-defined] # set by the fixture
        expected = ("ERR_INTERNET_DISCONNECTED", "status of 422")
        troubles[:] = [each for each in troubles if not any(word in each for word in expected)]

    def presses(self, *words: str) -> None:
        for word in words:
            pressed = self.page.locator("main").locator("button, a, label")
            pressed.filter(has_text=re.compile(f"^{word}$")).first.click()

    def signs(self) -> None:
        self.page.locator(".pad").scroll_into_view_if_needed()
        box = self.page.locator(".pad").bounding_box()
        assert box
        self.page.mouse.move(box["x"] + 30, box["y"] + 60)
        self.page.mouse.down()
        for step in range(1, 8):
            self.page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 60 + (step % 2) * 40)
        self.page.mouse.up()

    def photographs(self) -> None:
        photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": camera()}
        self.page.locator(".hidden-file").first.set_input_files(photo)  # type: ignore[arg-type] # a TypedDict
        expect(self.page.locator(".strip img")).to_be_visible()


def camera() -> bytes:
    """A photo with its place in it, as phones make them."""
    picture, exif = Image.effect_noise((2400, 1800), 60).convert("RGB"), Image.Exif()
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    written = BytesIO()
    picture.save(written, "JPEG", exif=exif, quality=80)
    return written.getvalue()


@pytest.fixture
def shop(cast: Cast, settings: Settings, tmp_path: Any) -> Shop:
    settings.MEDIA_ROOT = tmp_path
    return Shop(cast)


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    """Sent to 陈建国 a quarter of an hour ago; prices are in force, and he carries two valves."""
    repair_prices(shop.cast)
    shop.adopts("customer-communication")
    at = clock.now() - timedelta(minutes=15)
    carry(shop, at)
    return shop.sends(shop.issues(at=at), at=at)


def carry(shop: Shop, at: datetime) -> None:
    valve = Material.objects.create(
        **place_of(shop.cast.cuihu),
        code="SL-001",
        name="角阀",
        unit="只",
        spec="DN15",
        price=Decimal("18.50"),
    )
    room, mine = main_store(shop.cast.cuihu), own_store(shop.cast.chenjianguo, shop.cast.cuihu)
    by, lines = shop.of(shop.cast.machao, at), [(valve, Decimal(2))]
    receive(store=room, lines=lines, by=by, at=at)
    transfer(source=room, target=mine, lines=lines, by=by, at=at)


@pytest.fixture
def basement(
    page: Page, live_server: LiveServer, as_staff: AsStaff, cast: Cast, order: WorkOrder
) -> Basement:
    as_staff(cast.chenjianguo)
    return Basement(page, live_server.url)


@pytest.mark.peers("T28")
def test_a_paid_repair_is_done_in_a_basement_from_the_price_to_the_signature(
    basement: Basement, order: WorkOrder, page: Page, shot: Shot
) -> None:
    basement.opens()
    shot("sent")
    basement.goes_down()
    page.reload()
    expect(page.get_by_text("3幢2单元501室").first).to_be_visible()
    left = clock.now()
    basement.presses("接单", "我已出发", "我已到场")
    shot("on-site")
    basement.presses("确定费用承担", "业主自费")
    page.get_by_label("与规定不同时写明理由").fill("自用部位")
    basement.presses("确定", "向客户报价")
    page.get_by_label("找项目").fill("更换")
    page.get_by_text("更换角阀").click()
    shot("quote")
    basement.presses("报价", "请客户同意并签字")
    basement.presses("客户同意")
    expect(page.get_by_text("请客户先签名。")).to_be_visible()
    basement.signs()
    shot("consent")
    basement.presses("客户同意")
    basement.presses("领料")
    page.get_by_text("角阀 DN15").click()
    basement.presses("记下用料")
    basement.presses("完工，请客户签字")
    page.get_by_label("做了什么").fill("换了角阀，试水不漏")
    basement.photographs()
    for best in page.get_by_text("很好", exact=True).all():
        best.click()
    basement.presses("业户到前台付")
    page.get_by_label("客户意见").fill("满意")
    page.get_by_label("回访电话").fill("13900000421")
    basement.signs()
    shot("finish")
    basement.presses("完工")
    expect(page.locator(".signal")).to_have_text("无信号 · 8 条待送")
    shot("kept-back")
    there = clock.now()
    basement.comes_up()
    order.refresh_from_db()
    assert order.state == "done"
    assert order.departed_at
    assert order.done_at
    assert left <= order.departed_at <= order.done_at <= there
    assert order.case.journal.filter(verb__in=["quoted", "consented", "charged"]).count() == 3
    assert not Conflict.objects.exists()
    for file in order.case.attachments.all():
        assert b"Exif" not in path_of(file.sha256).read_bytes()
    shot("done")


#: Writes so many notes as an engineer does, one after the other.
NOTES = """async ([number, many]) => {
  const soon = () => new Promise((done) => setTimeout(done, 5));
  const until = async (found) => { while (!found()) await soon(); };
  for (let n = 1; n <= many; n += 1) {
    location.hash = `order/${number}/note`;
    await until(() => document.querySelector("textarea"));
    document.querySelector("textarea").value = `第 ${n} 笔`;
    document.querySelector("form .act-big").click();
    await until(() => !document.querySelector("textarea"));
  }
}"""


def test_two_hundred_acts_of_a_shift_go_in_four_requests_each_once_and_in_their_order(
    basement: Basement, order: WorkOrder, page: Page
) -> None:
    basement.opens()
    basement.goes_down()
    page.evaluate(NOTES, [order.number, 200])
    expect(page.locator(".signal")).to_have_text("无信号 · 200 条待送")
    for secret in ("第 7 笔", "王女士", "独居老人", order.number):
        assert secret not in page.evaluate(STORED)
    sent: list[str] = []
    page.on("requestfinished", lambda request: sent.append(request.url))
    basement.comes_up()
    assert len([url for url in sent if url.endswith("/phone/sync")]) == 4
    notes = order.case.journal.filter(verb="noted").order_by("seq")
    assert [entry.data["text"] for entry in notes] == [f"第 {n} 笔" for n in range(1, 201)]


@pytest.mark.peers("T28")
def test_what_was_refused_is_shown_until_it_was_read_and_a_lapsed_session_loses_nothing(
    basement: Basement, order: WorkOrder, page: Page, shop: Shop, as_staff: AsStaff, shot: Shot
) -> None:
    basement.opens()
    basement.goes_down()
    basement.presses("接单", "我已出发")
    head = shop.of(shop.cast.liuqiang, clock.now())
    working.cancel(order=order, reason="业主取消", by=head, at=clock.now())
    Session.objects.all().delete()
    page.context.set_offline(False)
    expect(page.get_by_text("登录已过期")).to_be_visible()
    shot("signed-out")
    as_staff(shop.cast.chenjianguo)
    page.reload()
    expect(page.get_by_text("没有写入：接单")).to_be_visible()
    expect(page.get_by_text("没有写入：出发")).to_be_visible()
    shot("conflicts")
    page.reload()
    for left in (1, 0):
        page.get_by_text("知道了", exact=True).first.click()
        expect(page.get_by_text("没有写入")).to_have_count(left)
    basement.comes_up()
    assert Conflict.objects.filter(seen_at__isnull=False, settled_at=None).count() == 2


def test_the_desk_reads_what_a_phone_could_not_write_and_says_what_became_of_it(
    page: Page, live_server: LiveServer, as_staff: AsStaff, order: WorkOrder, shop: Shop, shot: Shot
) -> None:
    at = clock.now()
    Conflict.objects.create(
        **place_of(shop.cast.cuihu), staff=shop.cast.chenjianguo, key="1", act="finish",
        order=order.number, case=order.case, phone_at=at, happened=at, at=at, clause="4.4.2a",
        code="no-consent", sentence="这是有偿维修，客户还没有同意报价；紧急情况请先处置，不收费。",
        data={"text": "换了角阀，试水不漏", "quality": 5, "files": ["a" * 64], "minutes": None},
    )  # fmt: skip
    as_staff(shop.cast.limin)
    page.goto(f"{live_server.url}/phone/conflicts")
    shot("desk-conflicts")
    page.get_by_role("link", name="处理").click()
    shot("desk-conflict")
    page.get_by_label("怎么处理的").fill("已电话补问业主同意，补录完工")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("没有待处理的手机冲突")).to_be_visible()
    shot("desk-settled")
    assert Conflict.objects.get().settled_by == shop.cast.limin


def test_a_phone_that_changes_hands_shows_nothing_of_the_other_and_keeps_what_he_has_to_send(
    basement: Basement, order: WorkOrder, page: Page, as_staff: AsStaff, shop: Shop
) -> None:
    basement.opens()
    basement.goes_down()
    basement.presses("接单")
    as_staff(shop.cast.hewei)
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("还有别人的 1 条记录没送出")).to_be_visible()
    expect(page.get_by_text("3幢2单元501室")).to_have_count(0)
    order.refresh_from_db()
    assert order.accepted_at is None
    as_staff(shop.cast.chenjianguo)
    with page.expect_response("**/phone/sync") as answered:
        page.reload()
    assert [act.get("ok") for act in answered.value.json()["acts"]] == [True]
    expect(page.locator(".signal")).to_have_text("已全部送出")
    basement.forgives()


def test_signing_out_leaves_nothing_on_the_phone(basement: Basement, page: Page) -> None:
    basement.opens()
    page.get_by_role("status").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("登录名")).to_be_visible()
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert page.evaluate("caches.keys()") == []


def test_the_number_of_a_customer_is_asked_for_when_it_is_needed_and_written_down(
    basement: Basement, order: WorkOrder, page: Page, shop: Shop
) -> None:
    basement.opens()
    assert "13900000421" not in page.content()
    with page.expect_request(re.compile("^tel:")), page.expect_response("**/phone") as answered:
        basement.presses("打电话")
    page.troubles.clear()  # type: ignore[attr-defined] # it dials, which leaves the page
    assert answered.value.json() == {"phone": "13900000421"}
    seen = Disclosure.objects.get()
    assert (seen.staff, seen.record_id) == (shop.cast.chenjianguo, order.case_id)
