"""Which column holds what, and reading one row as a message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from shouwen.cases.importing.table import EXTRA
from shouwen.rules.refused import Refused

#: Other years are a slip of the keyboard or an empty cell in disguise (1900, 9999).
YEARS = range(1990, 2100)

#: What a column may hold, and the headings that say so.
FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("留言编号", "编号", "来件编号", "受理编号", "Unique Key"),
    "at": ("留言时间_iso", "留言时间", "来电时间", "登记时间", "时间", "Created Date"),
    "subject": ("留言主题", "主题", "标题", "Complaint Type"),
    "text": ("留言详情", "内容", "来电内容", "诉求内容", "详情", "Descriptor"),
    "name": ("留言用户", "姓名", "客户", "客户姓名", "联系人"),
    "phone": ("电话", "联系电话", "手机"),
    "room": ("房号", "地址", "房屋", "Incident Address"),
    "class": ("一级分类", "分类", "类别"),
    "sender_due": ("转办时限", "办结时限", "Due Date"),
    "reply": ("答复意见", "答复", "回复", "处理结果"),
    "reply_at": ("答复时间", "回复时间", "Closed Date"),
}

DATES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y-%m-%d",
    "%Y/%m/%d",
)


@dataclass(frozen=True)
class Message:
    """One row, read. Moments are aware."""

    row: int
    origin: str
    at: datetime
    text: str
    name: str
    phone: str
    room: str
    given_class: str
    number: str
    sender_due: datetime | None
    reply: str
    reply_at: datetime | None


def columns(headings: list[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Heading by field: what was chosen, else what the headings say by themselves."""
    for field, heading in chosen.items():
        if field not in FIELDS:
            raise Refused("unknown-field", f"没有“{field}”这一项，可用的有：{'、'.join(FIELDS)}。")
        if heading not in headings:
            raise Refused("unknown-column", f"表中没有“{heading}”这一列。")
    known = {
        field: next(name for name in names if name in headings)
        for field, names in FIELDS.items()
        if any(name in headings for name in names)
    }
    found = {**known, **chosen}
    if "text" not in found and "subject" not in found:
        raise Refused(
            "no-text-column", "认不出哪一列是内容，请用 --column text=列名 指明。", field="file"
        )
    return found


def read(
    number: int, cells: Mapping[str, str], found: Mapping[str, str], zone: tzinfo, now: datetime
) -> Message:
    """The row as a message, or a Refused that names the column at fault."""
    if cells.get(EXTRA):
        raise Refused(
            "too-many-cells", "这一行比表头多出几格，内容里的逗号可能没有加引号。", field=EXTRA
        )
    cell = {field: _clean(cells.get(heading, "")) for field, heading in found.items()}
    text = _text(cell)
    at = moment(cell.get("at", ""), zone, found.get("at", "")) if cell.get("at") else now
    if at > now:
        raise Refused("in-the-future", "时间在将来，请核对。", field=found.get("at", ""))
    reply_at = _optional(cell, "reply_at", found, zone)
    return Message(
        number,
        _origin(cell, text, at),
        at,
        text,
        cell.get("name", ""),
        cell.get("phone", ""),
        cell.get("room", ""),
        cell.get("class", ""),
        cell.get("number", ""),
        _optional(cell, "sender_due", found, zone),
        cell.get("reply", ""),
        reply_at if reply_at and at <= reply_at <= now else None,
    )


def _clean(cell: str) -> str:
    """Line breaks stay, the blanks around each line go: messages are indented as web forms left
    them."""
    return "\n".join(line for line in (part.strip() for part in cell.splitlines()) if line)


def _text(cell: Mapping[str, str]) -> str:
    parts = [cell.get("subject", ""), cell.get("text", "")]
    text = "\n".join(part for part in dict.fromkeys(parts) if part)
    if not text:
        raise Refused("empty-text", "这一行没有内容。", field="text")
    return text


def _optional(
    cell: Mapping[str, str], field: str, found: Mapping[str, str], zone: tzinfo
) -> datetime | None:
    return moment(cell[field], zone, found[field]) if cell.get(field) else None


def moment(text: str, zone: tzinfo, column: str = "") -> datetime:
    """A time as spreadsheets and web forms write it; without a zone it is the project's."""
    read = _parsed(text, zone)
    if read is None or read.year not in YEARS:
        raise Refused("bad-date", f"“{text[:30]}”不是时间，请写成 2026-11-19 09:12。", field=column)
    return read


def _parsed(text: str, zone: tzinfo) -> datetime | None:
    for form in DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _origin(cell: Mapping[str, str], text: str, at: datetime) -> str:
    """What makes two rows the same message: its number where it has one, and what it says and
    when."""
    content = hashlib.sha256(f"{at.isoformat()}|{cell.get('name', '')}|{text}".encode()).hexdigest()
    return f"{cell.get('number', '')[:40]}:{content[:16]}"
