"""What a phone said beside an act, as people read it: enough to enter it by hand."""

from __future__ import annotations

from typing import Any

from shouwen.phone.models import Conflict

_NAMES = {
    "text": "内容", "reason": "原因", "address": "地点", "urgent": "紧急", "name": "姓名",
    "relation": "与业主关系", "total": "金额（元）", "lines": "明细", "signed_name": "签字人",
    "no_signature": "未签字原因", "quality": "质量评分", "attitude": "态度评分",
    "opinion": "客户意见", "minutes": "用时（分）", "consent_by": "谁同意的", "start": "自",
    "end": "至", "until": "预计恢复", "said_by": "谁说的", "reached": "联系上", "when": "何时拍的",
    "phone": "回访电话", "files": "照片", "signature": "签名",
}  # fmt: skip
_VALUES = {True: "是", False: "否", "before": "维修前", "after": "维修后"}


def particulars(conflict: Conflict) -> list[tuple[str, str]]:
    """Names and values, without those that are empty."""
    said = conflict.data.items()
    return [(_NAMES.get(name, name), _words(name, value)) for name, value in said if _told(value)]


def _told(value: object) -> bool:
    return value is not None and value != "" and value != []


def _words(name: str, value: Any) -> str:
    if name == "files":
        return f"{len(value)} 张"
    if name == "signature":
        return "有"
    if name == "lines":
        return "；".join(_line(each) for each in value)
    return _VALUES.get(value, str(value))


def _line(line: dict[str, Any]) -> str:
    price = f"，每{line.get('unit') or '项'} {line['price']} 元" if "price" in line else ""
    return f"{line.get('name') or line.get('code')} × {line.get('quantity')}{price}"
