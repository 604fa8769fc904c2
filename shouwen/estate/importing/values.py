"""Reading one cell: what it means, or what is wrong with it and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from shouwen.estate.phones import digits
from shouwen.estate.workbooks import Day, Fault, Formula

RELATIONS: dict[str, str] = {
    "owner": "1001 业主 产权人 房主 户主 房东",
    "family": "1002 家庭成员 家属 家人 亲属 配偶 子女 父母",
    "tenant": "1003 房屋租客 租客 租户 承租人 租赁户",
    "other": "1004 临时人员 其他",
}
USES = {"110": "住宅", "119": "宿舍", "120": "办公室"}
STATES = {
    "2001": "已入住", "2002": "未销售", "2003": "已交房", "2004": "未入住", "2005": "已装修",
    "2006": "已出租", "2007": "已出售", "2008": "空闲", "2009": "装修中",
}  # fmt: skip
KINDS = {"个人": "person", "单位": "company", "企业": "company", "公司": "company"}
#: What the templates of others ask to be written where there is no number.
NO_PHONE = {"18999999999", "", "0", "无", "-", "/", "没有", "暂无"}
AREA_AT_MOST = Decimal(1_000_000)

_RELATION = {word: relation for relation, words in RELATIONS.items() for word in words.split()}
_COMPANY = re.compile(r"(公司|集团|银行|学校|医院|事务所|合作社|居委会|业委会)$")
_BETWEEN_PHONES = re.compile(r"[、，,;；\n]|(?<=\d)\s*[/或]\s*(?=\d)")
_PHONE = re.compile(r"[\d\s+\-()（）]*")
_ASIDE = re.compile(r"[（(]([^\d（()）]+)[）)]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+[\d:]+)?")
_HAN = re.compile(r"[\u4e00-\u9fff·]+")


@dataclass
class Wrong(Exception):
    """A cell that cannot be taken as it is."""

    what: str
    fix: str


@dataclass(frozen=True)
class PhoneEntry:
    number: str
    label: str = ""


def plain(text: str, most: int) -> str:
    """A text that fits; neither a formula nor an error of the workbook."""
    if isinstance(text, Formula):
        raise Wrong("这一格是公式，不是数据", "复制这一列，选择性粘贴为“数值”后再导入")
    if isinstance(text, Fault):
        raise Wrong(f"这一格显示错误 {text}", "改正公式，或直接填写内容")
    text = text.replace("\0", "").strip()
    if len(text) > most:
        raise Wrong(f"太长：{len(text)} 个字，最多 {most} 个", "写短一些，其余写进备注")
    return text


def name_of_place(text: str, most: int) -> str:
    """House, entrance or room: 3-2 that Excel has turned into the 2nd of March is refused."""
    if isinstance(text, Day):
        raise Wrong(f"Excel 把它当成了日期 {text}", "把这一列设成“文本”格式，重新填写")
    return plain(text, most)


def area(text: str) -> str:
    """Square metres with two decimals, as text."""
    text = re.sub(r"(平方米|平米|㎡|m2|m²|平)$", "", plain(text, 40)).replace(",", "").strip()
    if not text:
        return ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Wrong("面积不是数字", "只填数字，如 94.56") from None
    if not number.is_finite() or not 0 <= number < AREA_AT_MOST:
        raise Wrong("面积不在合理范围内", "填 0 到 1000000 之间的数字")
    return f"{number:.2f}"


def day(text: str) -> str:
    """A date as 2026-11-21: as a date cell, as people write it, or as Excel's serial number."""
    text = plain(text, 40)
    if not text:
        return ""
    written = _DATE.fullmatch(text)
    try:
        if written:
            return date(*map(int, written.groups())).isoformat()
        if re.fullmatch(r"\d{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        raise Wrong("没有这一天", "写成 2026-11-21 这样的日期") from None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    raise Wrong("日期看不懂", "写成 2026-11-21 这样的日期")


def phones(text: str) -> list[PhoneEntry]:
    """The numbers in a cell, each once, with what stands in brackets behind it."""
    found: dict[str, PhoneEntry] = {}
    for piece in _BETWEEN_PHONES.split(plain(text, 200)):
        label = _ASIDE.search(piece)
        number = _ASIDE.sub("", piece).strip()
        if number not in NO_PHONE:
            entry = PhoneEntry(_number(number), label[1][:20] if label else "")
            found.setdefault(entry.number, entry)
    return list(found.values())


def _number(text: str) -> str:
    number = digits(text)
    if number is None or not _PHONE.fullmatch(text):
        raise Wrong("电话里有数字以外的字", "只填号码，说明写在括号里，如 13900000421（妻）")
    if len(number) in (10, 12) and number.startswith("1"):
        raise Wrong(f"手机号是 {len(number)} 位，应为 11 位", "核对号码")
    if not 7 <= len(number) <= 15:
        raise Wrong(f"电话是 {len(number)} 位，应为 7 到 15 位", "核对号码；座机请带区号")
    return number


def relation(text: str) -> str:
    """owner, family, tenant or other; nothing written is an owner."""
    text = plain(text, 40)
    found = _RELATION.get(text or "业主")
    if not found:
        raise Wrong(f"不认识这种关系：{text}", "填 业主、家属、租户 或 其他")
    return found


def names(text: str) -> list[str]:
    """One name, or several people parted by commas."""
    text = plain(text, 200)
    pieces = [piece.strip() for piece in re.split(r"[，,、;；]", text) if piece.strip()]
    several = len(pieces) > 1 and all(_HAN.fullmatch(piece) for piece in pieces)
    return [plain(name, 60) for name in (pieces if several else [text])] if text else []


def kind(text: str, name: str) -> str:
    """person or company: as written, else by the name; nothing when neither says."""
    if text in KINDS:
        return KINDS[text]
    return "company" if _COMPANY.search(name) else ""
