"""A price list as text: one item a line, its columns apart by tabs, as a spreadsheet copies it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from shouwen.pricing.actions.listing import Row
from shouwen.pricing.models import PriceItem

#: The columns, and the other names that they go by in the lists of projects.
COLUMNS: dict[str, str] = {
    "code": "编号 序号 代码",
    "name": "项目 服务项目 名称 收费项目",
    "unit": "单位 计量单位",
    "price": "单价 价格 收费标准 单价（元） 价格（元）",
    "material_fee": "材料费 材料费（元）",
    "content": "内容 服务内容 说明",
    "basis": "依据 定价依据",
}
HEADINGS = tuple(names.split()[0] for names in COLUMNS.values())
_KNOWN = {name: column for column, names in COLUMNS.items() for name in names.split()}
_BAND = re.compile(r"^(\d+(?:\.\d{1,2})?)(?:\s*[-–—~～至]\s*(\d+(?:\.\d{1,2})?))?$")


@dataclass
class Pasted:
    """What was understood, and in which line something was not."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def as_text(items: Iterable[PriceItem]) -> str:
    """The items as `parse` reads them."""
    lines = ["\t".join(HEADINGS)]
    for item in items:
        fee = "" if item.material_fee is None else str(item.material_fee)
        price = str(item.low) if item.low == item.high else f"{item.low}-{item.high}"
        cells = (item.code, item.name, item.unit, price, fee, item.content, item.basis)
        lines.append("\t".join(cells))
    return "\n".join(lines)


def parse(text: str) -> Pasted:
    """The rows of a list; a first line with the names of columns says in which order they come."""
    pasted, order = Pasted(), list(COLUMNS)
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells):
            continue
        if set(cells) & _KNOWN.keys() and not pasted.rows:
            order = [_KNOWN.get(cell, "") for cell in cells]
            continue
        try:
            pasted.rows.append(_row(dict(zip(order, cells, strict=False))))
        except ValueError as problem:
            pasted.problems.append(f"第 {number} 行：{problem}")
    return pasted


def _row(cells: dict[str, str]) -> Row:
    missing = [_title(name) for name in ("code", "name", "unit", "price") if not cells.get(name)]
    if missing:
        raise ValueError(f"缺{'、'.join(missing)}。")
    low, high = _band(cells["price"])
    fee = cells.get("material_fee", "")
    return Row(
        code=_short(cells, "code", 20),
        name=_short(cells, "name", 80),
        unit=_short(cells, "unit", 20),
        low=low,
        high=high,
        content=_short(cells, "content", 300),
        material_fee=_band(fee)[0] if fee else None,
        basis=_short(cells, "basis", 200),
    )


def _title(column: str) -> str:
    return COLUMNS[column].split()[0]


def _short(cells: dict[str, str], column: str, most: int) -> str:
    text = cells.get(column, "")
    if len(text) > most:
        raise ValueError(f"{_title(column)}超过 {most} 个字。")
    return text


def _band(text: str) -> tuple[Decimal, Decimal]:
    """ "35" and "60-120", both with 元 and thousands or without."""
    found = _BAND.match(re.sub(r"[,，元¥￥\s]", "", text))
    if found is None:
        raise ValueError(f"“{text}”不是价格；写成 35 或 60-120。")
    try:
        low = Decimal(found[1])
        return low, Decimal(found[2] or found[1])
    except InvalidOperation:  # more digits than a price has
        raise ValueError(f"“{text}”不是价格。") from None
