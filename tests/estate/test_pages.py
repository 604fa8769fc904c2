"""The pages of the estate: what they show, to whom, and at what cost."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from shouwen.accounts.models import Disclosure, Staff
from shouwen.estate.models import Building, BuildingNotice, Customer, ImportRun, Occupancy, Unit
from tests.cast import Cast
from tests.estate.workbook import AT, ROOMS, write

SignIn = Callable[[Client, Staff], Client]


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def clerk(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(client, cast.limin)


@pytest.fixture
def manager(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(Client(), cast.zhoumin)


def text(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(f"estate:{name}", args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def building(cast: Cast) -> Building:
    return Building.objects.get(project=cast.cuihu, key="3")


# --- what they show -------------------------------------------------------------------------------


def test_a_clerk_sees_who_lives_where_with_the_number_masked(clerk: Client, cast: Cast) -> None:
    page = text(clerk, "unit", cast.home.pk)
    assert "王女士" in page
    assert "独居老人" in page
    assert "139 **** 0421" in page
    assert "13900000421" not in page


def test_a_clerk_finds_a_home_by_room_and_by_number(clerk: Client, cast: Cast) -> None:
    for asked in ("3-2-501", "3号楼2单元501", "13900000421", "王女士"):
        page = text(clerk, "units", query=f"?q={asked}")
        assert reverse("estate:unit", args=[cast.home.pk]) in page
        assert ">13900000421<" not in page
    assert "没有找到" in text(clerk, "units", query="?q=99-9-999")


def test_units_stand_in_the_order_in_which_people_count(manager: Client, cast: Cast) -> None:
    for entrance, room in (("10", "101"), ("2", "1001")):
        manager.post(
            reverse("estate:add-unit", args=[building(cast).pk]),
            {"entrance": entrance, "room": room},
        )
    page = manager.get(f"{reverse('estate:units')}?building={building(cast).pk}")
    labels = [unit.label for unit, _ in page.context["rows"]]
    places = [labels.index(f"3幢{n}室") for n in ("2单元602", "2单元1001", "3单元101", "10单元101")]
    assert places == sorted(places)


def test_a_long_building_is_paged_without_losing_or_repeating_a_unit(
    clerk: Client, cast: Cast
) -> None:
    house = building(cast)
    place = {"project": cast.cuihu, "company": cast.jinxiu, "group": cast.group, "building": house}
    Unit.objects.bulk_create(
        Unit(entrance="4", room=str(n), key=f"3-4-{n}", label=f"3幢4单元{n}室", **place)
        for n in range(1, 151)
    )
    address, seen = f"{reverse('estate:units')}?building={house.pk}", list[int]()
    while address:
        answer = clerk.get(address)
        seen += [unit.pk for unit, _ in answer.context["rows"]]
        older = answer.context["pager"].older
        address = reverse("estate:units") + older if older else ""
    assert sorted(seen) == sorted(house.units.values_list("pk", flat=True))
    assert len(seen) == len(set(seen))


def test_whoever_asks_for_a_number_gets_it_and_leaves_a_trace(clerk: Client, cast: Cast) -> None:
    assert "13900000421" not in text(clerk, "customer", cast.mswang.pk)
    address = reverse("estate:reveal-phone", args=[cast.mswang.phones.get().pk])
    assert clerk.get(address).status_code == 405
    assert Disclosure.objects.count() == 0
    fragment = clerk.post(address, headers={"HX-Request": "true"}).content.decode()
    assert "13900000421" in fragment
    assert "<html" not in fragment
    assert "13900000421" in clerk.post(address).content.decode()
    assert [trace.staff for trace in Disclosure.objects.all()] == [cast.limin, cast.limin]


def test_markup_in_names_and_notes_is_shown_and_not_run(manager: Client, cast: Cast) -> None:
    Customer.objects.filter(pk=cast.mswang.pk).update(name="<b>王", care="<script>1</script>")
    for page in (text(manager, "unit", cast.home.pk), text(manager, "customer", cast.mswang.pk)):
        assert "&lt;b&gt;王" in page
        assert "<script>1" not in page


# --- whose ----------------------------------------------------------------------------------------

OF_A_UNIT = ("unit", "edit-unit", "move-in")
OF_A_CUSTOMER = ("customer", "edit-customer", "add-phone")


def test_what_belongs_to_another_project_is_not_there(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    stranger = sign_in(client, cast.jiangnan_manager)
    tie = Occupancy.objects.get(customer=cast.mswang)
    notice = _notice(cast)
    run = _run(cast)
    pages = [
        *((name, cast.home.pk) for name in OF_A_UNIT),
        *((name, cast.mswang.pk) for name in OF_A_CUSTOMER),
        ("move-out", tie.pk),
        ("rename-building", building(cast).pk),
        ("add-unit", building(cast).pk),
        ("import-run", run.pk),
        ("import-progress", run.pk),
        ("import-errors", run.pk),
    ]
    sent = [
        ("reveal-phone", cast.mswang.phones.get().pk),
        ("remove-phone", cast.mswang.phones.get().pk),
        ("withdraw-notice", notice.pk),
        ("confirm-import", run.pk),
        ("cancel-import", run.pk),
    ]
    for name, pk in pages:
        assert stranger.get(reverse(f"estate:{name}", args=[pk])).status_code == 404, name
    for name, pk in sent:
        assert stranger.post(reverse(f"estate:{name}", args=[pk])).status_code == 404, name
    assert (
        stranger.get(f"{reverse('estate:units')}?building={building(cast).pk}").status_code == 404
    )
    assert "没有找到" in text(stranger, "units", query="?q=13900000421")
    assert Disclosure.objects.count() == 0


def test_a_clerk_looks_and_does_not_change_or_import(clerk: Client, cast: Cast) -> None:
    for name, *args in (
        ("edit-unit", cast.home.pk),
        ("edit-customer", cast.mswang.pk),
        ("add-building",),
        ("post-notice",),
        ("imports",),
        ("import-template",),
    ):
        assert clerk.get(reverse(f"estate:{name}", args=args)).status_code == 403, name
    assert "登记入住" not in text(clerk, "unit", cast.home.pk)


def test_an_engineer_sees_no_estate(cast: Cast, sign_in: SignIn, client: Client) -> None:
    engineer = sign_in(client, cast.chenjianguo)
    assert engineer.get(reverse("estate:unit", args=[cast.home.pk])).status_code == 404
    assert engineer.get(reverse("estate:customer", args=[cast.mswang.pk])).status_code == 404


def _notice(cast: Cast) -> BuildingNotice:
    return BuildingNotice.objects.create(
        project=cast.cuihu, company=cast.jinxiu, group=cast.group, title="停水", starts_at=AT,
        ends_at=AT.replace(year=2036), posted_by=cast.zhoumin, posted_at=AT,
    )  # fmt: skip


def _run(cast: Cast) -> ImportRun:
    return ImportRun.objects.create(
        project=cast.cuihu, company=cast.jinxiu, group=cast.group, by=cast.zhoumin, at=AT,
        name="房屋.xlsx", file="imports/x/source.xlsx",
    )  # fmt: skip


# --- keeping --------------------------------------------------------------------------------------


def test_a_wrong_form_comes_back_with_what_was_typed(manager: Client, cast: Cast) -> None:
    address = reverse("estate:edit-unit", args=[cast.home.pk])
    answer = manager.post(address, {"room": "502", "area": "大约九十", "note": "靠电梯"})
    assert answer.status_code == 422
    assert "大约九十" in answer.content.decode()
    assert "靠电梯" in answer.content.decode()
    taken = manager.post(address, {"entrance": "2", "room": "502"})
    assert "已经有 3幢2单元502室 了" in taken.content.decode()


def test_a_manager_changes_a_home_and_its_people(manager: Client, cast: Cast) -> None:
    manager.post(
        reverse("estate:edit-unit", args=[cast.home.pk]),
        {"entrance": "2", "room": "501", "area": "89.5", "state": "已入住"},
    )
    manager.post(
        reverse("estate:move-in", args=[cast.home.pk]),
        {"name": "周七", "phone": "139 0000 1007", "relation": "tenant", "since": "2026-11-01"},
    )
    tie = Occupancy.objects.get(customer=cast.mswang)
    manager.post(reverse("estate:move-out", args=[tie.pk]), {"until": "2025-10-31"})
    manager.post(reverse("estate:add-phone", args=[cast.mswang.pk]), {"number": "0571-88886666"})
    manager.post(
        reverse("estate:edit-customer", args=[cast.mswang.pk]),
        {"name": "王女士", "kind": "person", "care": "", "restriction": "20:00 后不打电话"},
    )
    page = text(manager, "unit", cast.home.pk)
    assert page.index("周七") < page.index("以前住的人") < page.index("王女士")
    assert "89.50" in page
    page = text(manager, "customer", cast.mswang.pk)
    assert "20:00 后不打电话" in page
    assert "独居老人" not in page
    assert "0571 **** 6666" in page


def test_a_notice_is_posted_shown_and_withdrawn(manager: Client, cast: Cast) -> None:
    form = {
        "title": "停水",
        "text": "抢修到晚上",
        "starts_at": "2026-01-01T08:00",
        "ends_at": "2036-01-01T18:00",
    }
    wrong = manager.post(reverse("estate:post-notice"), {**form, "ends_at": "2025-12-31T18:00"})
    assert "结束时间要晚于开始时间" in wrong.content.decode()
    manager.post(reverse("estate:post-notice"), form)
    assert "停水" in text(manager, "notices")
    assert "抢修到晚上" in text(manager, "unit", cast.home.pk)
    manager.post(reverse("estate:withdraw-notice", args=[BuildingNotice.objects.get().pk]))
    assert "抢修到晚上" not in text(manager, "unit", cast.home.pk)


# --- importing ------------------------------------------------------------------------------------


def _upload(client: Client, content: bytes, name: str = "房屋.xlsx") -> str:
    answer = client.post(reverse("estate:imports"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_a_workbook_is_uploaded_previewed_and_imported(
    manager: Client, cast: Cast, tmp_path: Path
) -> None:
    table = [ROOMS, [8, 1, 101, 90, "赵一", "13900001001"], [8, 1, 102, "九十"]]
    address = _upload(manager, write(tmp_path / "房屋.xlsx", 表=table).read_bytes())
    page = manager.get(address).content.decode()
    assert "待确认" in page
    assert "1 行有错" in page
    assert not Unit.objects.filter(building__key="8").exists()
    run = ImportRun.objects.get()
    wrong = manager.get(reverse("estate:import-errors", args=[run.pk]))
    assert "房屋-有错的行.xlsx" in unquote(wrong.headers["Content-Disposition"])
    book = openpyxl.load_workbook(BytesIO(b"".join(wrong)))
    assert book.worksheets[0]["A2"].value == 3
    manager.post(reverse("estate:confirm-import", args=[run.pk]))
    assert "已导入" in manager.get(address).content.decode()
    assert Unit.objects.filter(building__key="8").count() == 1


def test_a_file_that_is_none_is_told_so_on_the_page(manager: Client) -> None:
    page = manager.get(_upload(manager, b"\xff\xd8\xff\xe0")).content.decode()
    assert "不是 Excel 工作簿" in page
    csv = SimpleUploadedFile("房屋.csv", b"a,b")
    assert (
        "请选择 .xlsx 文件"
        in manager.post(reverse("estate:imports"), {"file": csv}).content.decode()
    )
    assert "请选择要导入的" in manager.post(reverse("estate:imports")).content.decode()


def test_a_run_that_nobody_takes_says_that_the_worker_seems_to_be_down(
    manager: Client, cast: Cast, clock: Callable[..., object]
) -> None:
    run = _run(cast)
    clock("2026-11-19 09:12:10")
    waiting = text(manager, "import-progress", run.pk)
    assert 'hx-trigger="every 2s"' in waiting
    assert "没有在运行" not in waiting
    clock("2026-11-19 09:13")
    assert "没有在运行" in text(manager, "import-progress", run.pk)


def test_the_template_comes_as_a_workbook(manager: Client) -> None:
    answer = manager.get(reverse("estate:import-template"))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer)))
    assert book.sheetnames == ["房屋与客户", "填写说明"]


# --- cost -----------------------------------------------------------------------------------------


def _cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_lists_cost_the_same_number_of_queries_however_long_they_are(
    manager: Client, cast: Cast
) -> None:
    house = building(cast)
    addresses = [
        reverse("estate:units"),
        f"{reverse('estate:units')}?building={house.pk}",
        f"{reverse('estate:units')}?q=客户",
        reverse("estate:unit", args=[cast.home.pk]),
        reverse("estate:notices"),
        reverse("estate:imports"),
    ]
    _more(cast, house, 1)
    few = [_cost(manager, address) for address in addresses]
    _more(cast, house, 12)
    assert [_cost(manager, address) for address in addresses] == few
    assert max(few) <= 12, few


def _more(cast: Cast, house: Building, count: int) -> None:
    """More of everything that the lists show."""
    for _ in range(count):
        _notice(cast)
        _run(cast)
    place = {"project": cast.cuihu, "company": cast.jinxiu, "group": cast.group}
    for unit in house.units.exclude(occupancies__isnull=False)[:count]:
        customer = Customer.objects.create(name=f"客户{unit.pk}", **place)
        customer.phones.create(project=cast.cuihu, number=f"139{unit.pk:08}")
        for home in (unit, cast.home):
            Occupancy.objects.create(unit=home, customer=customer, relation="owner")
        Building.objects.create(name=f"x{unit.pk}", key=f"x{unit.pk}", **place)
