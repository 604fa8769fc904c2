"""Cut a line of text into numbers with their markers, and these into runs joined by hyphens.

What a run means is said in shouwen.estate.address; here is only what people type: which words mark
a house, an entrance, a room, and which marks join two numbers.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# What people type behind a number, slips included: 撞 for 幢, 搂 for 楼, 市 for 室.
MARKERS = {
    "house": "幢 栋 棟 撞 懂 橦 憧 座 坐 栋幢 号楼 号搂 号写字楼 号高楼 高楼 号馆 馆 #楼 號樓",
    "entrance": "单元 单无 单园 单元号 單元 门洞",
    "room": "室 市 房 房间 间 户",
    "floor": "楼 层 樓 層 搂 F f",
    "number": "号 號",
    "shop": "铺 店 仓 档",
    "row": "排",
    "gate": "门 号门 号院",
    "lane": "弄",
    "street": "街",
    "other": "路 大道 大街 道 巷 区 期 组 村 组团 园 苑 里 社 厂 公里 米 号路 号大街 号大道 号街"
    " 号线 号桥 桥 号地块 标段 病区 路口 元 星 环 中 小 年 月 日 代 天 点 分 小时 次 个 人 度 块",
}
KIND = {word: kind for kind, words in MARKERS.items() for word in words.split()}
MARKER = "|".join(sorted(map(re.escape, KIND), key=len, reverse=True))
SPOKEN = "一二三四五六七八九十百零〇两"
# The word of a shop is no part of its number (2206店铺), and 市 closes a room only at the end.
_PART = re.compile(
    rf"""(?P<number>
        (?<![A-Za-z]) [A-Za-z]{{1,2}} \d++ (?:[A-Za-z]\d*+)? (?![A-Za-z])
      | \d++ (?:[A-EG-Za-eg-z]\d*+)? (?![A-Za-z])
      | \d++
      | (?<![A-Za-z]) [A-Za-z]{{1,2}} (?![A-Za-z])
      | [第负] [{SPOKEN}\d]+
      | [{SPOKEN}]+
      | [东西南北后前左右] (?=单元|座|楼|幢|栋)
    ) \s? (?P<marker> (?!店[面铺]|仓库|间办公|市[一-龥]) (?:{MARKER}))?""",
    re.VERBOSE,
)
_LINK = re.compile(r"[\s\-_~#/、,.—–]+")
TYPED_HYPHEN = re.compile(r"(?<=[0-9A-Za-z])[一ー](?=[0-9A-Za-z])")
_SHOP = re.compile(r"商?铺|店[面铺]")
_TOGETHER = re.compile(r"[、,/~]")
_AREA = re.compile(rf"[0-9A-Za-z{SPOKEN}东西南北中]+[区期]$")
_ENDINGS = {
    "road": "路 街 道 巷 弄 段 线 胡同",
    "market": "市场 商城 商贸城 城 面料 服装 女装 四季青 商铺 店面 铺位",
    "tower": "大厦 大夏 广场 中心 大楼 商厦 国际 酒店 写字楼 宾馆 百货",
}
_PLACES = {place: tuple(words.split()) for place, words in _ENDINGS.items()}


@dataclass(frozen=True)
class Part:
    """One number with the kind of its marker; `start` and `end` are places in the text."""

    start: int
    end: int
    number: str
    kind: str

    @property
    def digits(self) -> int:
        return sum(map(str.isdigit, self.number))

    @property
    def value(self) -> int:
        return int("".join(filter(str.isdigit, self.number)) or 0)

    @property
    def lettered(self) -> bool:
        return self.number.isascii() and self.number.isalpha()

    @property
    def spoken(self) -> bool:
        """Written in Chinese numerals, which are as often a piece of a name."""
        return self.number[-1] in SPOKEN


@dataclass(frozen=True)
class Run:
    """Parts joined by hyphens; only the last may carry a marker."""

    parts: tuple[Part, ...]
    links: tuple[str, ...]
    place: (
        str  # what stands before it: road, market, tower, place, or the kind of a part it touches
    )
    follows: str  # the kind of the next run, "end" when there is none
    beside: bool  # the next run comes at once
    named: bool  # the next run comes behind a name

    @property
    def kind(self) -> str:
        return self.parts[-1].kind

    @property
    def first(self) -> Part:
        return self.parts[0]

    @property
    def long(self) -> bool:
        """Three digits or more: the number of a room rather than of an entrance."""
        return self.parts[-1].digits >= 3

    @property
    def together(self) -> bool:
        """Two numbers of one place: 101、102 or 1807-1811."""
        if len(self.parts) != 2:
            return False
        first, last = self.parts
        apart = last.value - first.value
        same_width = first.digits == last.digits >= 3
        neighbours = same_width and (0 < apart < 10 or (apart > 0 and first.digits > 3))
        return neighbours or bool(_TOGETHER.fullmatch(self.links[0]))


def flat(text: str) -> str:
    """The same text in half-width letters and digits, character for character."""
    return "".join(map(_narrow, text))


def _narrow(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if len(narrow) == 1 else character


def _parts(text: str) -> Iterator[Part]:
    for match in _PART.finditer(text):
        number, marker = match["number"], match["marker"] or ""
        telephone = not marker and number.isdigit() and len(number) > 6
        if not telephone:
            end = match.end() if marker else match.end("number")
            yield Part(match.start(), end, number, _kind(marker, text[end:]))


def _kind(marker: str, behind: str) -> str:
    return "shop" if marker == "号" and _SHOP.match(behind) else KIND.get(marker, "")


def runs(text: str) -> list[Run]:
    """The runs of half-width text, from left to right."""
    text = TYPED_HYPHEN.sub("-", text)
    groups: list[list[Part]] = []
    for part in _parts(text):
        previous = groups[-1][-1] if groups else None
        if part.spoken and not part.kind and not _spoken_room(previous, part):
            continue
        if previous and not previous.kind and _linked(text[previous.end : part.start], part):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [_run(text, groups, index) for index in range(len(groups))]


def _spoken_room(previous: Part | None, part: Part) -> bool:
    """A bare Chinese numeral is a room right behind a house or entrance, else a piece of a name."""
    return (
        previous is not None
        and previous.end == part.start
        and previous.kind in ("house", "entrance")
    )


def _linked(between: str, part: Part) -> bool:
    if not between:
        return not part.spoken
    if between.isspace():  # 3-2-501 2天没水: what comes behind the blank is counted, not lived in
        return part.kind in ("", "room", "number", "house", "entrance")
    return bool(_LINK.fullmatch(between))


def _run(text: str, groups: Sequence[Sequence[Part]], index: int) -> Run:
    parts = groups[index]
    ahead = groups[index - 1][-1] if index else None
    following = groups[index + 1] if index + 1 < len(groups) else None
    behind = _LINK.sub("", text[parts[-1].end : following[0].start]) if following else ""
    return Run(
        parts=tuple(parts),
        links=tuple(text[a.end : b.start] for a, b in pairwise(parts)),
        place=_place(text, ahead, parts[0].start),
        follows=following[-1].kind if following else "end",
        beside=following is not None and not behind,
        named=len(behind) >= 2,
    )


def _place(text: str, ahead: Part | None, start: int) -> str:
    glued = ahead is not None and not _LINK.sub("", text[ahead.end : start])
    if ahead and glued and ahead.kind != "other":
        return ahead.kind
    before = _AREA.sub("", text[:start])
    for place, endings in _PLACES.items():
        if before.endswith(endings):
            return place
    return "other" if glued else "place"
