"""Whether two tellings are about the same matter, how much, and why in words.

A text becomes its pairs of Chinese characters, without the small words, and its codes (A7县, 58车).
What stands at the beginning is what it is about and counts more; what everybody says counts less.
The score is the cosine of the two, doubted when few pairs carry it, raised by nearness of place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log, sqrt

#: What is compared of a text: a letter of 20,000 characters must not make the page wait.
COMPARED = 600
#: The beginning says what it is about: so many characters count so many times.
HEAD, EMPHASIS = 40, 4.0
#: From here on two cases are offered as alike (measured: docs/group-detection.md).
LIKELY = 0.10
#: So many shared pairs halve the doubt whether they are chance.
DOUBT = 2
#: One of another kind may still be the same matter: a repair and the complaint about it.
OTHER_KIND = 0.8
WORDS_SHOWN = 4

#: Common to all texts, so that sharing one of these means nothing.
_EMPTY = frozenset(
    "的了在是有我你他她它们好不就都也很还被把这那和与及吧吗呢啊说要来去到个一上下没请能让给对"
)
#: When it began, and how customers complain about anything: pairs, one after another.
_SAID_OF_ALL = (
    "今天昨天明天上午下午中午晚上午开天下开始已经现在几天物业小区业主投诉反映问题处理管理客服联系"
    "电话没人人管希望要求尽快"
)
_COMMON = frozenset(_SAID_OF_ALL[n : n + 2] for n in range(0, len(_SAID_OF_ALL), 2))
#: "A7县", "58车", "3栋": a code with the character that it belongs to. Long numbers name nothing.
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{1,6}[一-鿿]?")

#: Single characters that say what is wrong, whatever stands around them: 坏了, 又坏, 坏过.
_WRONG = frozenset("坏漏停堵臭吵裂脏黑渗塌断涨锁偷")

SAME_UNIT, SAME_RISER, SAME_ENTRANCE, SAME_BUILDING, ELSEWHERE = 4, 3, 2, 1, 0
PLACES = {
    SAME_UNIT: "同一户",
    SAME_RISER: "同一立管",
    SAME_ENTRANCE: "同单元",
    SAME_BUILDING: "同一栋",
    ELSEWHERE: "本项目",
}
#: How many times the words count, the nearer the more.
_NEARER = {SAME_UNIT: 4.0, SAME_RISER: 3.0, SAME_ENTRANCE: 2.0, SAME_BUILDING: 1.5, ELSEWHERE: 1.0}

#: How much a gram tells: the rarer the more.
Weigh = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Place:
    """A home as nearness sees it. `building` is any key that tells buildings apart."""

    building: int
    entrance: str
    room: str
    floor: str = ""

    @property
    def tail(self) -> str:
        """What is left of a room number without its floor: 501 and 401 both end in 01."""
        if self.floor and self.room.startswith(self.floor):
            return self.room[len(self.floor) :]
        return self.room[-2:]


def nearness(one: Place | None, other: Place | None) -> int:
    """Same home, the same pipe above or below it, entrance, building, or elsewhere."""
    if one is None or other is None or one.building != other.building:
        return ELSEWHERE
    if one.entrance != other.entrance:
        return SAME_BUILDING
    if one.room == other.room:
        return SAME_UNIT
    return SAME_RISER if one.tail == other.tail else SAME_ENTRANCE


# --- Words ----------------------------------------------------------------------------------------


def pairs(text: str) -> frozenset[str]:
    """The pairs of characters that carry meaning: Chinese, without the small words."""
    return frozenset(
        first + second for first, second in pairwise(text[:COMPARED])
        if _speaks(first) and _speaks(second) and first + second not in _COMMON
    )  # fmt: skip


def _speaks(character: str) -> bool:
    return "一" <= character <= "鿿" and character not in _EMPTY


def grams(text: str) -> dict[str, float]:
    """Pairs and codes of a text, each with its emphasis: the beginning counts more."""
    text = " ".join(text.split())
    head = _pieces(text[:HEAD])
    return {gram: EMPHASIS if gram in head else 1.0 for gram in _pieces(text[:COMPARED])}


def _pieces(text: str) -> frozenset[str]:
    codes = (code.casefold() for code in _CODE.findall(text))
    return pairs(text) | _WRONG.intersection(text) | {code for code in codes if len(code) > 1}


def shared_words(text: str, shared: Iterable[str]) -> tuple[str, ...]:
    """The shared pairs as words: runs of pairs that follow one another in the text, in its order.
    None begins within what everybody says (诉楼 of 投诉楼下), none is a part of another."""
    known = frozenset(shared)
    words: dict[str, None] = {}
    run = ""
    for before, first, second in zip(f" {text[:-1]}", text, f"{text[1:]} ", strict=True):
        if first + second in known and before + first not in _COMMON:
            run = run + second if run else first + second
        elif run:
            words.setdefault(run)
            run = ""
    return tuple(word for word in words if not any(word in more for more in words if more != word))


def rarity(counts: Mapping[str, int], total: int) -> Weigh:
    """A gram weighs by how few of `total` texts have it; one that none has is as rare as can be."""
    return lambda gram: log(1 + (total + 1) / (counts.get(gram, 0) + 1))


# --- Two tellings ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Telling:
    """What was told, of which kind, from where; weighed once and compared often."""

    text: str
    weigh: Weigh
    kind: str = ""
    place: Place | None = None

    @cached_property
    def said(self) -> dict[str, float]:
        return grams(self.text)

    @cached_property
    def weights(self) -> dict[str, float]:
        return {gram: times * self.weigh(gram) for gram, times in self.said.items()}

    @cached_property
    def length(self) -> float:
        return sqrt(sum(weight * weight for weight in self.weights.values()))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two tellings are alike, from 0 to 1, and what speaks for it."""

    score: float
    words: tuple[str, ...]
    near: int
    kind: bool
    """Both are of the same kind."""

    @property
    def why(self) -> str:
        """ "同一栋；都说到“油烟”“烟道”" """
        said = "都说到" + "".join(f"“{word}”" for word in self.words) if self.words else ""
        place = PLACES[self.near] if self.near else ""
        return "；".join(filter(None, (place, said, "类别不同" if not self.kind else "")))


def likeness(one: Telling, other: Telling) -> Likeness:
    """Symmetric in its score; the words are those of the first."""
    shared = one.weights.keys() & other.weights.keys()
    near = nearness(one.place, other.place)
    same_kind = not one.kind or not other.kind or one.kind == other.kind
    if not shared:
        return Likeness(0.0, (), near, same_kind)
    product = sum(one.weights[gram] * other.weights[gram] for gram in shared)
    words = product / (one.length * other.length) * len(shared) / (len(shared) + DOUBT)
    score = min(1.0, words * _NEARER[near]) * (1.0 if same_kind else OTHER_KIND)
    return Likeness(score, _telling_words(one, shared), near, same_kind)


def _telling_words(one: Telling, shared: Iterable[str]) -> tuple[str, ...]:
    """The few shared words that weigh most, the heaviest first."""
    text = one.text[:COMPARED]
    weights = {gram: one.weights[gram] for gram in shared}
    runs = shared_words(text, weights)
    other = (gram for gram in weights if not (len(gram) == 2 and _speaks(gram[0])))
    more = [gram for gram in other if not any(gram in run for run in runs)]

    def weight(word: str) -> float:
        return weights.get(word) or sum(weights.get(a + b, 0.0) for a, b in pairwise(word))

    return tuple(sorted((*runs, *more), key=weight, reverse=True)[:WORDS_SHOWN])


def belongs(scores: Iterable[float], likely: float = LIKELY) -> bool:
    """Whether one belongs to a group, by its likeness to each member: very like one of them, and
    not unlike the rest. So a chain of neighbours does not become one matter."""
    found = list(scores)
    return bool(found) and max(found) >= likely and sum(found) / len(found) >= likely / 2


# --- Households -----------------------------------------------------------------------------------


def count_households(traces: Iterable[Iterable[str]]) -> int:
    """How many households stand behind messages. Each message gives what tells its household (home,
    phone, customer); messages that share any of these are of one household, and one that says
    nothing of itself counts for one."""
    households: list[set[str]] = []
    unknown = 0
    for trace in traces:
        keys = set(trace)
        if not keys:
            unknown += 1
            continue
        touching = [household for household in households if household & keys]
        households = [household for household in households if not household & keys]
        households.append(keys.union(*touching))
    return len(households) + unknown
