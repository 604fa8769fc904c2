"""What a sheet is about and which column is what, recognised by its words and not by its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shouwen.estate.workbooks import Row

HEADER_WITHIN = 30  # rows: a title, an explanation and blank lines may stand above the header

#: The field of ours, and the headers under which people write it.
HEADERS: dict[str, str] = {
    "house": "楼号 楼栋 楼栋号 楼栋编号 楼栋名称 幢 幢号 栋 栋号 楼幢 楼座 座号 楼宇",
    "entrance": "单元 单元号 单元编号 门洞",
    "room": "房间 房号 房间号 房屋编号 房间编号 室 室号 门牌号",
    "address": "房屋 房屋地址 地址 房产 物业地址 房屋名称 房屋全称 房间全称",
    "floor": "楼层 房屋楼层 所在楼层",
    "area": "建筑面积 面积 建面 房屋面积",
    "use": "房屋类型 房屋用途 用途 物业类型",
    "state": "房屋状态 状态 入住状态",
    "handed_over_on": "交付日期 交房日期 交房时间 交付时间 收房日期 接房日期",
    "unit_note": "房屋备注 备注",
    "name": "业主名称 业主姓名 姓名 客户姓名 客户名称 住户姓名 业主 客户 户主 住户",
    "phone": "手机号 手机 手机号码 电话 电话号码 联系电话 联系方式 业主电话",
    "relation": "业主类型 关系 与房屋关系 与业主关系 客户类型 住户类型 人员类型",
    "code": "业主编号 客户编号",
    "since": "入住日期 入住时间 迁入日期 起租日期",
    "until": "迁出日期 迁出时间 搬离日期 退租日期",
    "care": "关怀提示 关怀 特殊关怀",
    "restriction": "联系限制",
    "kind": "性质 客户性质",
    "customer_note": "客户备注 业主备注",
}
#: Sheets that property software exports beside ours, told by words of their own.
OTHERS: dict[str, str] = {
    "收费": "费用编号 收费项目 计费单价 缴费周期 费用标识 计算公式",
    "车位": "停车场编号 车位编码 车位编号 车位号 车牌号 停车场类型",
    "物品（材料）": "物品名称 物品编号 库存 告警库存 物品类型 材料名称 材料编号 对外最低售价",
}
_FIELD = {word: field for field, words in HEADERS.items() for word in words.split()}
_OTHER = {word: kind for kind, words in OTHERS.items() for word in words.split()}
_ASIDE = re.compile(r"[（(【\[].*?[）)】\]]|[\s*＊:：/]|必填")


@dataclass(frozen=True)
class Layout:
    """A recognised sheet: `kind` is rooms, people, buildings, or what it is about instead."""

    kind: str
    header: int
    columns: Mapping[str, int]
    titles: Mapping[int, str]

    @property
    def ours(self) -> bool:
        return self.kind in ("rooms", "people", "buildings")


def recognise(first_rows: Iterable[Row]) -> Layout | None:
    """The header among the first rows: the row that has most of the words, and at least two."""
    best, most = None, 1
    for row in first_rows:
        words = {at: _plain(text) for at, text in row.cells.items()}
        known = sum(word in _FIELD or word in _OTHER for word in words.values())
        if known > most:
            best, most = (row, words), known
    return _layout(*best) if best else None


def _layout(row: Row, words: Mapping[int, str]) -> Layout | None:
    columns: dict[str, int] = {}
    for at in sorted(words):
        if words[at] in _FIELD:
            columns.setdefault(_FIELD[words[at]], at)
    kind = _foreign(words.values()) or _kind(columns)
    return Layout(kind, row.number, columns, dict(row.cells)) if kind else None


def _foreign(words: Iterable[str]) -> str:
    found = [_OTHER[word] for word in words if word in _OTHER]
    return max(found, key=found.count) if len(found) > 1 else ""


def _kind(columns: Mapping[str, int]) -> str:
    if "room" in columns or "address" in columns:
        return "rooms"
    if "name" in columns and ("phone" in columns or "code" in columns):
        return "people"
    return "buildings" if "house" in columns and "name" not in columns else ""


def _plain(text: str) -> str:
    """A header without what people add to it: 手机号*, 建筑面积（㎡）, 必填."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", text))
