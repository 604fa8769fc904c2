"""The import of workbooks: what is recognised, what is rejected, and that it is all or nothing."""

import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from pytest_django.fixtures import Settings

from shouwen.accounts.scope import scope_of
from shouwen.estate import actions, importing, queries, workbooks
from shouwen.estate.importing.sheets import TEMPLATE, write_template
from shouwen.estate.models import Building, Customer, ImportRun, Occupancy, Phone, Unit
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.estate.workbook import AT, ROOMS, checked, imported, rows, write

SHARED = Path(os.environ.get("SHOUWEN_SHARED", Path(__file__).parents[3] / "shared"))
TEMPLATES = SHARED / "data" / "import-templates"
needs_templates = pytest.mark.skipif(
    not TEMPLATES.exists(), reason="the workbooks of other software are not here (SHOUWEN_SHARED)"
)


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "房屋.xlsx"


def estate() -> tuple[int, ...]:
    """How much there is of everything that an import writes."""
    return tuple(model.objects.count() for model in (Building, Unit, Customer, Phone, Occupancy))


def problems(run: ImportRun, settings: Settings) -> list[tuple[object, ...]]:
    """The lines of the error sheets: row, what is wrong, what to do, and the row as it was."""
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT) / run.error_file)
    return [line for sheet in book for line in sheet.iter_rows(min_row=2, values_only=True)]


# --- workbooks of other software ------------------------------------------------------------------


@needs_templates
def test_a_workbook_of_five_sheets_is_joined_by_the_numbers_of_owners(
    cast: Cast, settings: Settings
) -> None:
    run = imported(cast, TEMPLATES / "estate-five-sheets.xlsx")
    assert rows(run) == (39, 30, 0, 6, 3)
    room = queries.resolve_unit(cast.cuihu, "1-1-1011")
    assert room is not None
    (tie,) = queries.people_of(room, date(2026, 11, 19))
    assert (tie.customer.name, tie.relation, tie.customer.code) == ("钱某60", "owner", "1")
    assert [phone.number for phone in tie.customer.phones.all()] == ["19900005124"]
    assert (str(room.area), room.use, room.floor) == ("94.56", "住宅", "1")
    # Three rooms of the template name owners that its list does not have.
    assert [(line[0], line[9]) for line in problems(run, settings)] == [
        (7, "6"),
        (8, "7"),
        (9, "8"),
    ]
    assert run.counts["skipped"] == ["费用设置（收费）", "车位信息（车位）"]


@needs_templates
def test_a_workbook_of_one_sheet_is_read_past_the_notes_beside_it(cast: Cast) -> None:
    run = imported(cast, TEMPLATES / "room-and-owner-one-sheet.xlsx")
    assert rows(run) == (1, 1, 0, 0, 0)
    room = queries.resolve_unit(cast.cuihu, "1-1-1001")
    assert room is not None
    assert room.state == "已入住"


@needs_templates
@pytest.mark.parametrize("name", ["estate-five-sheets.xlsx", "room-and-owner-one-sheet.xlsx"])
def test_the_same_workbook_again_changes_nothing(cast: Cast, name: str) -> None:
    imported(cast, TEMPLATES / name)
    before = estate()
    again = imported(cast, TEMPLATES / name)
    assert (again.counts["rows"]["new"], again.counts["rows"]["changed"]) == (0, 0)
    assert estate() == before


@needs_templates
def test_a_list_of_materials_is_refused_as_the_wrong_workbook(cast: Cast) -> None:
    run = checked(cast, TEMPLATES / "materials.xlsx")
    assert run.state == ImportRun.State.FAILED
    assert "物品" in run.message


def test_our_own_template_is_taken_back_filled_in(cast: Cast, file: Path) -> None:
    write_template(file)
    book = openpyxl.load_workbook(file)
    book.worksheets[0].append([example for _, example, _ in TEMPLATE])
    book.save(file)
    run = imported(cast, file)
    assert rows(run) == (1, 1, 0, 0, 0)  # the room is known, who lives there is new
    (caller,) = [
        c for c in found(cast, "13900000421") if c.customer and c.customer.name == "李女士"
    ]
    assert caller.unit == cast.home
    assert (caller.care, caller.restriction) == ("独居老人，敲门后稍候", "20:00 后不打电话")


def found(cast: Cast, text: str) -> list[queries.Caller]:
    return queries.find_callers(scope_of(cast.limin, AT), text, on=date(2026, 11, 19))


# --- layouts --------------------------------------------------------------------------------------


def test_the_header_may_stand_below_a_title_and_rows_may_be_blank(cast: Cast, file: Path) -> None:
    title = ["翠湖花园业主台账"]
    write(file, 台账=[title, [], ["备注", None, "2026"], ROOMS, [], [8, 1, 101], [], [8, 1, 102]])
    assert rows(imported(cast, file)) == (2, 2, 0, 0, 0)


def test_a_house_merged_over_its_rooms_stands_for_all_of_them(cast: Cast, file: Path) -> None:
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ROOMS)
    sheet.merge_range(1, 0, 3, 0, "8栋")
    for row, room in enumerate(("101", "102", "201"), 1):
        sheet.write_row(row, 1, (1, room))
    sheet.write_row(4, 0, ("9栋", 1, "101"))
    book.close()
    assert rows(imported(cast, file)) == (4, 4, 0, 0, 0)
    keys = Unit.objects.filter(project=cast.cuihu, building__key__in=["8", "9"])
    assert set(keys.values_list("key", flat=True)) == {"8-1-101", "8-1-102", "8-1-201", "9-1-101"}


def test_a_room_written_in_one_cell_is_read_as_people_write_it(cast: Cast, file: Path) -> None:
    table = [
        ["房屋", "姓名", "联系电话"],
        ["8栋2单元501", "赵一", "13900001001"],
        ["8-2-502", "钱二", None],
    ]
    write(file, 名单=table)
    assert rows(imported(cast, file)) == (2, 2, 0, 0, 0)
    assert [c.customer.name for c in found(cast, "8号楼2单元502") if c.customer] == ["钱二"]


def test_numbers_as_text_dates_as_serials_and_dates_as_dates_are_all_read(
    cast: Cast, file: Path
) -> None:
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.write_row(0, 0, ROOMS)
    sheet.write_row(1, 0, ("8", "1", 101, "89.5", "赵一", 13900001001, "业主", 44197))
    sheet.write_row(2, 0, (8, 1.0, "102", 89.5, "钱二", "139 0000 1002", "业主"))
    sheet.write_datetime(2, 7, date(2021, 1, 1), day)
    sheet.write_row(
        3, 0, (8, 1, "103", "89.50㎡", "孙三", "13900001003（妻）", "业主", "2021年1月1日")
    )
    book.close()
    assert rows(imported(cast, file)) == (3, 3, 0, 0, 0)
    ties = Occupancy.objects.filter(unit__building__key="8")
    assert {tie.since for tie in ties} == {date(2021, 1, 1)}
    assert {str(tie.unit.area) for tie in ties} == {"89.50"}
    assert Phone.objects.get(number="13900001003").label == "妻"
    assert Phone.objects.filter(number="13900001001").exists()


def test_several_owners_of_one_room_are_several_customers(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, [8, 1, 101, None, "赵一，钱二", "13900001001，13900001002"],
                   [8, 1, 101, None, "孙三", None, "家属"]])  # fmt: skip
    imported(cast, file)
    people = [(c.customer.name, c.relation, c.phones) for c in found(cast, "8-1-101") if c.customer]
    assert people == [
        ("赵一", "业主", ("139 **** 1001",)),
        ("钱二", "业主", ("139 **** 1002",)),
        ("孙三", "家属", ()),
    ]


def test_one_owner_of_several_rooms_is_one_customer(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, *([8, 1, room, None, "赵一", "13900001001"] for room in (101, 102))])
    run = imported(cast, file)
    assert run.counts["customers"]["new"] == 1
    assert Customer.objects.get(name="赵一").occupancies.count() == 2


# --- again ----------------------------------------------------------------------------------------


def test_a_second_import_updates_and_never_erases_with_an_empty_cell(
    cast: Cast, file: Path
) -> None:
    write(file, 表=[ROOMS, [8, 1, 101, 89.5, "赵一", "13900001001", "业主", "2021-01-01"],
                   [8, 1, 102, 90, "钱二", "13900001002"]])  # fmt: skip
    imported(cast, file)
    write(file, 表=[ROOMS, [8, 1, 101, None, "赵一", "13900001009"], [8, 1, 102, 95, "钱二"],
                   [8, 1, 103]])  # fmt: skip
    run = imported(cast, file)
    assert rows(run) == (3, 1, 2, 0, 0)
    assert str(Unit.objects.get(key="8-1-101").area) == "89.50"
    assert str(Unit.objects.get(key="8-1-102").area) == "95.00"
    numbers = Customer.objects.get(name="赵一").phones.values_list("number", flat=True)
    assert set(numbers) == {"13900001001", "13900001009"}
    assert rows(imported(cast, file)) == (3, 0, 0, 3, 0)


def test_nobody_moves_out_because_a_workbook_does_not_mention_them(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, [3, 2, 501, None, "周七", "13900001007", "租户"]])
    imported(cast, file)
    assert {c.customer.name for c in found(cast, "3-2-501") if c.customer} == {"王女士", "周七"}


def test_whoever_has_moved_out_does_not_return_with_an_old_workbook(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, [3, 2, 501, None, "王女士", "13900000421"]])
    tie = Occupancy.objects.get(customer=cast.mswang)
    by = scope_of(cast.zhoumin, AT)
    actions.move_out(occupancy=tie, until=date(2026, 11, 1), by=by, at=AT)
    assert rows(imported(cast, file)) == (1, 0, 0, 1, 0)
    write(file, 表=[ROOMS, [3, 2, 501, None, "王女士", "13900000421", "业主", "2026-11-10"]])
    assert rows(imported(cast, file)) == (1, 1, 0, 0, 0)


def test_numbers_of_owners_of_another_workbook_do_not_rename_anybody(
    cast: Cast, file: Path
) -> None:
    head = ("业主编号", "业主名称", "手机号")
    write(file, 业主信息=[head, [1, "赵一", "13900001001"]])
    imported(cast, file)
    write(file, 业主信息=[head, [1, "钱二", "13900001002"]])
    imported(cast, file)
    assert Customer.objects.filter(code="1").count() == 2
    write(file, 业主信息=[head, [1, "赵一一", "13900001001"]])
    assert rows(imported(cast, file)) == (1, 0, 1, 0, 0)
    assert Customer.objects.get(phones__number="13900001001").name == "赵一一"


# --- rows that are wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ([8, 1, 101, "大约九十", "赵一"], "D 列建筑面积", "面积不是数字"),
        ([8, 1, 101, -5, "赵一"], "D 列建筑面积", "合理范围"),
        ([8, 1, 101, "=A2*10"], "D 列建筑面积", "公式"),
        ([8, 1, 101, 90, "赵一", "问他妈妈"], "F 列手机号", "数字以外"),
        ([8, 1, 101, 90, "赵一", "1390000100"], "F 列手机号", "10 位"),
        ([8, 1, 101, 90, "赵一", "13900001001/abc"], "F 列手机号", "数字以外"),
        ([8, 1, 101, 90, None, "13900001001"], "E 列业主名称", "没有姓名"),
        ([8, 1, 101, 90, "赵一", None, "房客的朋友"], "G 列关系", "不认识"),
        ([8, 1, 101, 90, "赵一", None, None, "去年夏天"], "H 列入住日期", "看不懂"),
        ([8, 1, 101, 90, "赵一", None, None, "2021-02-30"], "H 列入住日期", "没有这一天"),
        ([None, 1, "附属用房"], "A 列楼号", "没有楼号"),
        ([8, 1, None, 90, "赵一"], "C 列房间", "没有房间"),
        ([8, 1, "1" * 30], "C 列房间", "太长"),
        ([8, 1, 101, 90, "赵" * 70], "E 列业主名称", "太长"),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_and_what_to_do(
    cast: Cast, file: Path, settings: Settings, row: list[object], column: str, what: str
) -> None:
    before = estate()
    write(file, 表=[ROOMS, [7, 1, 101], row])
    run = imported(cast, file)
    assert rows(run) == (2, 1, 0, 0, 1)
    ((number, wrong, fix, *cells),) = problems(run, settings)
    assert number == 3
    assert str(wrong).startswith(column)
    assert what in str(wrong)
    assert fix
    assert cells[:3] == [None if cell is None else str(cell) for cell in row[:3]]
    assert estate()[1] == before[1] + 1  # the row beside it is taken


def test_a_room_that_excel_took_for_a_date_is_refused(
    cast: Cast, file: Path, settings: Settings
) -> None:
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ROOMS)
    sheet.write_row(1, 0, (8, 1))
    sheet.write_number(1, 2, 46083, book.add_format({"num_format": 'm"月"d"日"'}))
    book.close()
    run = imported(cast, file)
    ((_, wrong, *_rest),) = problems(run, settings)
    assert "Excel 把它当成了日期 2026-03-02" in str(wrong)


def test_the_same_room_twice_in_a_workbook_is_taken_once_and_named(
    cast: Cast, file: Path, settings: Settings
) -> None:
    write(file, 表=[ROOMS, [8, 1, 101], ["8栋", "1单元", "0101室"], [8, 1, 102, 90, "赵一"],
                   [8, 1, 102, 91, "钱二"], [8, 1, 102, 90, "赵一"]])  # fmt: skip
    run = imported(cast, file)
    assert rows(run) == (5, 2, 0, 0, 3)
    wrong = {line[0]: str(line[1]) for line in problems(run, settings)}
    assert "与第 2 行是同一间房" in wrong[3]
    assert "D 列建筑面积：与第 4 行写的“90.00”不一致" in wrong[5]
    assert "与第 4 行重复" in wrong[6]
    assert not Customer.objects.filter(name="钱二").exists()


def test_a_room_in_a_house_that_the_list_of_houses_lacks_is_refused(
    cast: Cast, file: Path, settings: Settings
) -> None:
    houses = [["楼栋号", "单元编号"], [8, 1]]
    rooms = [ROOMS, [8, 1, 101], [88, 1, 101, None, "赵一"], [3, 1, 1001]]
    write(file, 楼栋单元=houses, 房屋信息=rooms)
    run = imported(cast, file)
    assert rows(run) == (4, 3, 0, 0, 1)
    ((number, wrong, *_rest),) = problems(run, settings)
    assert (number, str(wrong)) == (3, "A 列楼号：楼栋表里没有 88幢，项目里也没有")
    assert not Customer.objects.filter(name="赵一").exists()


def test_the_sheet_of_wrong_rows_can_be_corrected_and_imported_itself(
    cast: Cast, file: Path, settings: Settings
) -> None:
    write(file, 表=[ROOMS, [8, 1, 101, 90, "赵一", "问他妈妈"]])
    wrong = Path(settings.MEDIA_ROOT) / imported(cast, file).error_file
    book = openpyxl.load_workbook(wrong)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["原行号", "哪里不对", "怎么改", "楼号"]
    sheet["I2"] = "13900001001"
    book.save(file)
    assert rows(imported(cast, file)) == (1, 1, 0, 0, 0)
    assert found(cast, "13900001001")[0].unit == queries.resolve_unit(cast.cuihu, "8-1-101")


# --- files that are no such workbook --------------------------------------------------------------


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1025):
                part.write(b"\0" * 1024 * 1024)


def many_entries(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for number in range(workbooks.ENTRIES_AT_MOST + 1):
            package.writestr(f"{number}", "")


def entities(path: Path) -> None:
    laugh = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", laugh)
        package.writestr("xl/_rels/workbook.xml.rels", laugh)


def cut_short(path: Path) -> None:
    write(path, 表=[ROOMS, *([8, 1, number] for number in range(3000))])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:60_000]
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xe6\xa5\xbc\xe5\x8f\xb7,1\n1,2\n", "不是 Excel 工作簿"),
        (b"\xff\xd8\xff\xe0 a photo", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0 an old one", "旧版"),
        (b"", "不是 Excel 工作簿"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    cast: Cast, file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    run = checked(cast, file)
    assert run.state == ImportRun.State.FAILED
    assert sentence in run.message


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(bomb, "太大"), (many_entries, "太大"), (entities, "已损坏"), (cut_short, "已损坏")],
    ids=["bomb", "many", "entities", "cut"],
)
def test_a_hostile_or_broken_workbook_is_refused(
    cast: Cast, file: Path, make: object, sentence: str
) -> None:
    assert callable(make)
    make(file)
    run = checked(cast, file)
    assert run.state == ImportRun.State.FAILED
    assert sentence in run.message


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([ROOMS], "没有一行数据"),
        ([], "没有找到"),
        ([["姓氏", "颜色"], ["赵", "红"]], "没有找到"),
    ],
)
def test_a_workbook_without_rows_or_without_a_known_header_is_refused(
    cast: Cast, file: Path, table: list[list[object]], sentence: str
) -> None:
    write(file, 表=table)
    run = checked(cast, file)
    assert run.state == ImportRun.State.FAILED
    assert sentence in run.message


# --- all or nothing -------------------------------------------------------------------------------


def test_checking_alone_writes_nothing_into_the_estate(cast: Cast, file: Path) -> None:
    before = estate()
    write(file, 表=[ROOMS, [8, 1, 101, 90, "赵一", "13900001001"]])
    run = checked(cast, file)
    assert run.state == ImportRun.State.CHECKED
    assert run.counts["units"] == {"new": 1, "changed": 0, "same": 0}
    assert estate() == before


def test_nothing_is_imported_when_the_database_refuses_one_row(
    cast: Cast, file: Path, settings: Settings
) -> None:
    write(file, 表=[ROOMS, *([8, 1, n, 90, f"赵{n}", f"1390000{n:04}"] for n in range(1, 50))])
    run = checked(cast, file)
    stage = Path(settings.MEDIA_ROOT) / Path(run.file).with_name("stage.sqlite3")
    with sqlite3.connect(stage) as staged:
        last = "(SELECT max(row) FROM ties)"
        backwards = "UPDATE ties SET since = '2026-01-02', until = '2026-01-01' WHERE row = "
        staged.execute(backwards + last)
    before = estate()
    importing.confirm(run=run, by=scope_of(cast.zhoumin, AT))
    importing.run_now(run, AT)
    assert run.state == ImportRun.State.FAILED
    assert "都没有导入" in run.message
    assert estate() == before


def test_an_import_needs_the_right_at_the_project(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, [8, 1, 101]])
    for staff in (cast.limin, cast.jiangnan_manager):
        with pytest.raises(Refused):
            checked(cast, file, by=staff)
    run = checked(cast, file)
    with pytest.raises(Refused):
        importing.confirm(run=run, by=scope_of(cast.limin, AT))


def test_a_cancelled_import_cannot_be_confirmed_and_its_file_is_gone(
    cast: Cast, file: Path, settings: Settings
) -> None:
    write(file, 表=[ROOMS, [8, 1, 101]])
    run, by = checked(cast, file), scope_of(cast.zhoumin, AT)
    importing.cancel(run=run, by=by, at=AT)
    with pytest.raises(Refused):
        importing.confirm(run=run, by=by)
    assert not (Path(settings.MEDIA_ROOT) / run.file).exists()


# --- the worker -----------------------------------------------------------------------------------


def test_the_worker_checks_waits_for_the_word_and_applies(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, [8, 1, 101]])
    by = scope_of(cast.zhoumin, AT)
    run = importing.start(
        by=by, project=cast.cuihu, name="表.xlsx", content=[file.read_bytes()], at=AT
    )
    assert importing.claim_and_run(AT)
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED
    assert not importing.claim_and_run(AT)
    importing.confirm(run=run, by=by)
    assert importing.claim_and_run(AT)
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE
    assert not importing.claim_and_run(AT)


def test_a_run_that_a_dead_worker_held_is_taken_over_after_its_lease(
    cast: Cast, file: Path
) -> None:
    write(file, 表=[ROOMS, [8, 1, 101]])
    run = importing.start(
        by=scope_of(cast.zhoumin, AT), project=cast.cuihu, name="表.xlsx",
        content=[file.read_bytes()], at=AT,
    )  # fmt: skip
    dead = {
        "state": ImportRun.State.CHECKING,
        "fence": "dead",
        "claimed_until": AT + timedelta(minutes=2),
    }
    ImportRun.objects.filter(pk=run.pk).update(**dead)
    assert not importing.claim_and_run(AT)
    assert importing.claim_and_run(AT + timedelta(minutes=3))
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED


def test_who_has_lost_the_lease_applies_nothing(cast: Cast, file: Path) -> None:
    write(file, 表=[ROOMS, *([8, 1, number] for number in range(1, 2101))])
    run = importing.start(
        by=scope_of(cast.zhoumin, AT), project=cast.cuihu, name="表.xlsx",
        content=[file.read_bytes()], at=AT,
    )  # fmt: skip

    def taken_over(seen: int, about: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(fence="another")

    importing.run_now(run, AT, taken_over)
    assert (run.fence, run.state) == ("another", ImportRun.State.CHECKING)
    assert run.counts == {}


# --- size -----------------------------------------------------------------------------------------

MEASURE = """
import re, sys
from pathlib import Path
import django
django.setup()
from shouwen.estate.importing.checking import check
from shouwen.estate.importing.comparing import settle
from shouwen.estate.importing.stage import Stage

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before = most()
with Stage(Path(sys.argv[2]), fresh=True) as stage:
    rows = check(Path(sys.argv[1]), stage, lambda seen, about: None).rows
    settle(stage)
print(rows, most() - before)
"""


def big(path: Path, count: int) -> Path:
    """Rooms with an owner each, every text different, so that nothing is saved by sharing."""
    table: Iterator[list[object]] = (
        [
            n // 400 + 1,
            n % 400 // 100 + 1,
            n % 100 + 101,
            90,
            f"客户{n}",
            f"1390{n:07}",
            "业主",
            "2021-01-01",
        ]
        for n in range(count)
    )
    return write(path, 表=[ROOMS, *table])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_twenty_thousand_rows_take_no_more_memory_than_a_few_thousand(tmp_path: Path) -> None:
    def extra(count: int) -> int:
        file = big(tmp_path / f"{count}.xlsx", count)
        command = [sys.executable, "-c", MEASURE, str(file), str(tmp_path / f"{count}.stage")]
        settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "shouwen.settings"}
        out = subprocess.check_output(command, text=True, env=settings).split()
        assert int(out[0]) == count
        return int(out[1])

    few, many = extra(4_000), extra(20_000)
    assert many < few + 4_000, f"kilobytes: {few} for 4,000 rows, {many} for 20,000"
