"""Taking in a workbook of materials: read, compared with what is known, shown, then kept at once.

Materials are few: the workbook is read again when it is confirmed, and compared with what is known
then. All correct rows are kept or none; rows with a mistake are named and left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.importing.values import Wrong, plain
from shouwen.estate.queries import place_of
from shouwen.estate.workbooks import Row, Workbook, column_name
from shouwen.rules.refused import Refused
from shouwen.stores.actions.moving import About, Line, main_store, move
from shouwen.stores.models import NONE, Material, Move

HEADER_WITHIN = 30
MOST = Decimal(1_000_000)
#: The field of ours, and the headers under which people write it.
HEADERS: dict[str, str] = {
    "code": "物品编号 材料编号 物料编号 编号 编码",
    "name": "物品名称 材料名称 物料名称 名称",
    "spec": "规格 规格型号 型号",
    "unit": "单位 计量单位",
    "kind": "物品类型 材料类型 类型",
    "price": "单价 进价 采购单价",
    "stock": "库存 库存数量 现有库存 期初库存",
    "low_mark": "告警库存 最低库存 预警库存",
    "sold_from": "对外最低售价 最低售价",
    "sold_to": "对外最高售价 最高售价",
    "fixed": "是否固定物品",
    "barcode": "条码 条形码",
    "note": "备注",
}
_FIELD = {word: name for name, words in HEADERS.items() for word in words.split()}
_ASIDE = re.compile(r"[（(].*?[）)]|[\s*＊:：]|必填")
_LENGTHS = {"code": 40, "name": 60, "spec": 60, "unit": 10, "kind": 40, "barcode": 40, "note": 200}
_AMOUNTS = ("price", "stock", "low_mark", "sold_from", "sold_to")
#: Without these a row is no material. Other empty cells say nothing: what is known stays.
_WANTED = {"code": "物品编号", "name": "物品名称", "unit": "单位"}


@dataclass(frozen=True)
class Bad:
    """A row that is not taken: where, what is wrong, what to do."""

    number: int
    column: str
    what: str
    fix: str
    cells: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A correct row: what it says about a material, and how much of it lies there."""

    number: int
    about: Mapping[str, Any]
    stock: Decimal
    cells: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Checked:
    """What a workbook would do."""

    titles: Mapping[int, str] = field(default_factory=dict)
    new: list[Read] = field(default_factory=list)
    changed: list[tuple[Material, Read]] = field(default_factory=list)
    same: int = 0
    bad: list[Bad] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.new) + len(self.changed) + self.same + self.bad_rows

    @property
    def bad_rows(self) -> int:
        return len({bad.number for bad in self.bad})

    @property
    def stocked(self) -> int:
        """How many new materials come with something in stock."""
        return sum(row.stock > 0 for row in self.new)

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed)

    def line(self) -> str:
        return (
            f"rows {self.rows}, new {len(self.new)}, changed {len(self.changed)}, "
            f"same {self.same}, rejected {self.bad_rows}"
        )


def check(path: Path, project: OrgUnit) -> Checked:
    """Reads the first sheet that is about materials and compares it with what is known."""
    found = Checked()
    known = {row.code: row for row in Material.objects.filter(project=project)}
    barcodes = {row.barcode: row.code for row in known.values() if row.barcode}
    seen: dict[str, int] = {}
    for row in _rows(path, found):
        if row.about["code"] in seen:
            found.bad.append(_twice(row, seen[row.about["code"]]))
        elif barcodes.get(row.about.get("barcode", ""), row.about["code"]) != row.about["code"]:
            found.bad.append(_barcode_taken(row))
        else:
            seen[row.about["code"]] = row.number
            if row.about.get("barcode"):
                barcodes[row.about["barcode"]] = row.about["code"]
            _compare(row, known.get(row.about["code"]), found)
    return found


def _compare(row: Read, known: Material | None, found: Checked) -> None:
    if known is None:
        found.new.append(row)
    elif any(getattr(known, name) != value for name, value in row.about.items()):
        found.changed.append((known, row))
    else:
        found.same += 1


def _twice(row: Read, before: int) -> Bad:
    what = f"编号 {row.about['code']} 在第 {before} 行已经有了"
    return Bad(row.number, "物品编号", what, "一个编号只留一行", row.cells)


def _barcode_taken(row: Read) -> Bad:
    what = f"条码 {row.about['barcode']} 已经是别的物料的"
    return Bad(row.number, "条码", what, "核对条码，或留空", row.cells)


# --- reading --------------------------------------------------------------------------------------


def _rows(path: Path, found: Checked) -> Iterator[Read]:
    """Correct rows; what is wrong with the others goes into `found`."""
    with Workbook(path) as book:
        for sheet in book.sheets:
            header = _header(islice(book.rows(sheet), HEADER_WITHIN))
            if header is None:
                continue
            found.titles = header.cells
            columns = _columns(header)
            for row in book.rows(sheet):
                if row.number > header.number and _says_something(row, columns):
                    yield from _read(row, columns, found)
            return
    raise Refused(
        "no-materials",
        "没有找到物料表：表头里要有“物品名称”和“物品编号”。请用“物品导入”的模板。",
        field="file",
    )


def _header(first: Iterator[Row]) -> Row | None:
    return next((row for row in first if {"code", "name"} <= _columns(row).keys()), None)


def _columns(row: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, text in sorted(row.cells.items()):
        word = _ASIDE.sub("", unicodedata.normalize("NFKC", text))
        if word in _FIELD:
            columns.setdefault(_FIELD[word], at)
    return columns


def _says_something(row: Row, columns: Mapping[str, int]) -> bool:
    """Templates come with rows that are numbered and otherwise empty."""
    return any(row.cells.get(at, "").strip() for at in columns.values())


def _read(row: Row, columns: Mapping[str, int], found: Checked) -> Iterator[Read]:
    about: dict[str, Any] = {}
    problems: list[Bad] = []
    for name, at in columns.items():
        try:
            value = _value(name, row.cells.get(at, ""))
        except Wrong as wrong:
            title = f"{column_name(at)} 列 {found.titles[at]}"
            problems.append(Bad(row.number, title, wrong.what, wrong.fix, row.cells))
        else:
            if value is not None:
                about[name] = value
    if not problems:
        problems = [
            Bad(row.number, title, f"没有{title}", f"填上{title}", row.cells)
            for name, title in _WANTED.items()
            if not about.get(name)
        ]
    if problems or _band(row, about, problems):
        found.bad.extend(problems)
    else:
        yield Read(row.number, about, about.pop("stock", NONE), row.cells)


def _band(row: Row, about: Mapping[str, Any], problems: list[Bad]) -> bool:
    low, high = about.get("sold_from"), about.get("sold_to")
    if low is not None and high is not None and low > high:
        what = "最低售价高于最高售价"
        problems.append(Bad(row.number, "对外最高售价", what, "核对两个售价", row.cells))
    return bool(problems)


def _value(name: str, text: str) -> Any:
    """What a cell means; None where it says nothing."""
    if name in _AMOUNTS:
        return _amount(text)
    if name == "fixed":
        return _yes(text)
    return plain(text, _LENGTHS[name]) or None


def _amount(text: str) -> Decimal | None:
    """Yuan or pieces: 18.5, ¥18.50, 1,200"""
    text = re.sub(r"^[¥￥]|元$|,", "", plain(text, 40)).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Wrong(f"“{text}”不是数字", "只填数字，如 18.50") from None
    if not number.is_finite() or not 0 <= number < MOST:
        raise Wrong(f"“{text}”不在合理范围内", "填 0 到 1000000 之间的数字")
    cents = number.quantize(Decimal("0.01"))
    if cents != number:
        raise Wrong(f"“{text}”多于两位小数", "最多填两位小数")
    return cents


def _yes(text: str) -> bool | None:
    word = plain(text, 10).upper()
    if word not in ("", "Y", "N", "是", "否"):
        raise Wrong(f"“{word}”看不懂", "填 Y 或 N")
    return word in ("Y", "是") if word else None


# --- keeping --------------------------------------------------------------------------------------


def take(path: Path, project: OrgUnit, by: Scope, at: datetime) -> Checked:
    """Keeps all correct rows. What a new material has in stock comes into the store room; the stock
    of one that is known is never overwritten: that is what a count is for."""
    by.require("stores.manage", project)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=project.pk)  # one import of a project at a time
        found = check(path, project)
        made = Material.objects.bulk_create(
            Material(**place_of(project), **row.about) for row in found.new
        )
        for material, row in found.changed:
            for name, value in row.about.items():
                setattr(material, name, value)
            material.save()
        lines = [(m, row.stock) for m, row in zip(made, found.new, strict=True) if row.stock]
        _stock(lines, project, by, at)
    return found


def _stock(lines: list[Line], project: OrgUnit, by: Scope, at: datetime) -> None:
    if lines:
        about = About(Move.Kind.RECEIVE, by.staff, at, at, note="导入期初库存")
        move(lines, source=None, target=main_store(project), about=about)


def write_errors(found: Checked, target: Path) -> None:
    """Every rejected row as it was, with what is wrong before it."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    sheet = book.add_worksheet("物品信息")
    titles = {at + 3: title for at, title in found.titles.items()}
    for at, title in {0: "原行号", 1: "哪里不对", 2: "怎么改", **titles}.items():
        sheet.write_string(0, at, title)
    for line, number in enumerate(sorted({bad.number for bad in found.bad}), 1):
        problems = [bad for bad in found.bad if bad.number == number]
        sheet.write_number(line, 0, number)
        sheet.write_string(line, 1, "；".join(f"{bad.column}：{bad.what}" for bad in problems))
        sheet.write_string(line, 2, "；".join(bad.fix for bad in problems))
        for at, text in problems[0].cells.items():
            sheet.write_string(line, at + 3, text)
    book.close()
