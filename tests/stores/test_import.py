"""The workbook of materials: the template as it is handed out, filled in by people."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from shouwen.rules.refused import Refused
from shouwen.stores.commands import materials
from shouwen.stores.importing import check, take
from shouwen.stores.models import Material, Move, Stock
from tests.stores.conftest import LATER, Shop, refused

#: 序号 物品名称 物品编号 单价 库存 单位 最低售价 最高售价 告警库存 物品类型 固定物品 备注
PUMP: list[Any] = [
    1,
    "潜水泵",
    "SB-001",
    "¥1,280.50",
    2,
    "台",
    1500,
    1800,
    1,
    "水泵",
    "Y",
    "地下室用",
]
TAP: list[Any] = [2, "水龙头", "SL-010", 35.5, None, "只", None, None, 5, "水暖", "N", None]


def fill(shared: Path, file: Path, *rows: list[Any]) -> Path:
    """The template with rows under its header."""
    book = openpyxl.load_workbook(shared / "data" / "import-templates" / "materials.xlsx")
    for number, row in enumerate(rows, 3):
        for at, value in enumerate(row, 1):
            book.worksheets[0].cell(number, at, value)
    book.save(file)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "物料.xlsx"


def test_the_template_filled_in_becomes_materials_with_their_stock(
    shop: Shop, shared: Path, file: Path
) -> None:
    fill(shared, file, PUMP, TAP)
    by = shop.of(shop.cast.zhoumin)
    found = check(file, shop.cast.cuihu)
    assert found.line() == "rows 2, new 2, changed 0, same 0, rejected 0"
    assert not Material.objects.filter(code="SB-001").exists(), "a check keeps nothing"
    take(file, shop.cast.cuihu, by, LATER)

    pump = Material.objects.get(code="SB-001")
    assert (str(pump), pump.unit, pump.price) == ("潜水泵", "台", Decimal("1280.50"))
    assert (pump.sold_from, pump.sold_to) == (Decimal(1500), Decimal(1800))
    assert (pump.fixed, pump.kind, pump.low_mark) == (True, "水泵", Decimal(1))
    assert shop.lies(pump) == "2"
    assert Move.objects.get(material=pump).note == "导入期初库存"
    assert check(file, shop.cast.cuihu).same == 2, "a second time it changes nothing"


def test_a_known_material_is_changed_and_its_stock_is_left_to_the_count(
    shop: Shop, shared: Path, file: Path
) -> None:
    row = [1, "三角阀", "SL-001", 19, 999, "只", *[None] * 6]
    found = take(fill(shared, file, row), shop.cast.cuihu, shop.of(shop.cast.zhoumin), LATER)
    assert found.line() == "rows 1, new 0, changed 1, same 0, rejected 0"
    shop.valve.refresh_from_db()
    assert (shop.valve.name, shop.valve.price) == ("三角阀", Decimal(19))
    assert shop.valve.spec == "DN15", "an empty cell says nothing"
    assert shop.lies(shop.valve) == "20"


@pytest.mark.parametrize(
    ("at", "value", "what"),
    [
        (1, "", "没有物品名称"),
        (2, "", "没有物品编号"),
        (3, "十八元", "不是数字"),
        (3, "1.234", "多于两位小数"),
        (4, -1, "不在合理范围内"),
        (5, "", "没有单位"),
        (6, 2000, "最低售价高于最高售价"),
        (8, "=A1", "公式"),
        (10, "也许", "看不懂"),
        (11, "长" * 201, "太长"),
    ],
)
def test_a_wrong_row_says_where_and_what_to_do_and_the_others_are_kept(
    shop: Shop, shared: Path, file: Path, at: int, value: Any, what: str
) -> None:
    wrong = list(PUMP)
    wrong[at] = value
    found = check(fill(shared, file, wrong, TAP), shop.cast.cuihu)
    assert found.line() == "rows 2, new 1, changed 0, same 0, rejected 1"
    assert what in found.bad[0].what
    assert found.bad[0].number == 3
    assert found.bad[0].fix


def test_a_code_stands_in_one_row(shop: Shop, shared: Path, file: Path) -> None:
    found = check(fill(shared, file, PUMP, PUMP), shop.cast.cuihu)
    assert (len(found.new), found.bad[0].number) == (1, 4)
    assert "第 3 行已经有了" in found.bad[0].what


def test_a_workbook_about_something_else_is_refused(shop: Shop, file: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["楼号", "单元", "房间"])
    book.save(file)
    with refused("no-materials"):
        check(file, shop.cast.cuihu)
    file.write_bytes(b"a,b,c")
    with pytest.raises(Refused, match="不是 Excel 工作簿"):
        check(file, shop.cast.cuihu)


def test_only_who_keeps_the_materials_imports_them(shop: Shop, shared: Path, file: Path) -> None:
    fill(shared, file, PUMP)
    with refused("not-allowed"):
        take(file, shop.cast.cuihu, shop.keeper, LATER)
    assert not Material.objects.filter(code="SB-001").exists()


# --- the command ----------------------------------------------------------------------------------


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(materials, [str(each) for each in arguments], input=typed)


def last(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.strip().splitlines()[-1]


def test_the_command_shows_first_asks_and_keeps_then(shop: Shop, shared: Path, file: Path) -> None:
    wrong = file.with_name("错.xlsx")
    fill(shared, file, PUMP, [2, "", "SL-010", *[None] * 9])
    refusing = run(file, "--project", "CH", typed="n\n")
    assert last(refusing) == "rows 2, new 1, changed 0, same 0, rejected 1"
    assert "第 4 行 物品名称：没有物品名称" in refusing.stderr
    assert Stock.objects.filter(material__code="SB-001").count() == 0
    taking = run(file, "--project", "CH", "--yes", "--by", "zhoumin", "--errors", wrong)
    assert last(taking) == "rows 2, new 1, changed 0, same 0, rejected 1"
    assert Material.objects.get(code="SB-001").name == "潜水泵"
    sheet = openpyxl.load_workbook(wrong).worksheets[0]
    assert (sheet["A2"].value, sheet["F2"].value) == (4, "SL-010")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--project", "XX"], "没有代码为 XX"), (["--project", "CH", "--by", "limin"], "维护物料")],
)
def test_an_unknown_project_and_a_person_who_may_not_are_refused(
    shop: Shop, shared: Path, file: Path, arguments: list[str], sentence: str
) -> None:
    result = run(fill(shared, file, PUMP), *arguments, "--yes")
    assert result.exit_code == 1
    assert sentence in result.stderr
