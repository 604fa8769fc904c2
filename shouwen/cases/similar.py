"""The same matter, told a second time: cases that look like what is being typed, and why.

Two queries, each over one range of an index: the cases of the same building, and the latest of the
project. What is alike is then counted in Python over a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.estate.models import Unit

#: How far back, and how many rows at most, each of the two queries looks.
NEAR, NEAR_ROWS = timedelta(days=60), 100
AROUND, AROUND_ROWS = timedelta(days=14), 300
#: What is compared of a text: a letter of 20,000 characters must not make the page wait.
COMPARED = 600
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

SAME_UNIT, SAME_RISER, SAME_ENTRANCE, SAME_BUILDING, ELSEWHERE = 4, 3, 2, 1, 0
PLACES = {
    SAME_UNIT: "同一户",
    SAME_RISER: "同一立管",
    SAME_ENTRANCE: "同单元",
    SAME_BUILDING: "同一栋",
    ELSEWHERE: "本项目",
}
#: So many pairs of characters must be shared, the fewer the nearer it is.
_NEEDED = {SAME_UNIT: 1, SAME_RISER: 1, SAME_ENTRANCE: 2, SAME_BUILDING: 2, ELSEWHERE: 4}


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that may be the same matter: where it is, and the words it shares with the text."""

    case: Case
    nearness: int
    words: tuple[str, ...]
    shared: int

    @property
    def place(self) -> str:
        return PLACES[self.nearness]

    @property
    def why(self) -> str:
        return "相同：" + "、".join(self.words) if self.words else ""


def similar_cases(
    scope: Scope,
    project: OrgUnit,
    text: str,
    at: datetime,
    *,
    unit: Unit | None = None,
    most: int = 5,
) -> list[Similar]:
    """The likest cases of the project that somebody may see: open, or opened in the last weeks."""
    grams = _grams(text)
    if not grams:
        return []
    rows = {case.pk: case for case in _candidates(scope, project, unit, at)}
    found = [_compared(case, text, grams, unit) for case in rows.values()]
    alike = [one for one in found if one.shared >= _NEEDED[one.nearness]]
    alike.sort(key=lambda one: (-one.nearness, -one.shared, -one.case.pk))
    return sorted(alike, key=lambda one: not one.case.is_open)[:most]


def _candidates(scope: Scope, project: OrgUnit, unit: Unit | None, at: datetime) -> Iterable[Case]:
    told = (
        visible_cases(scope)
        .filter(project=project)
        .exclude(status__in=(Case.Status.VOID, Case.Status.MERGED))
        .select_related("unit")
        .only(
            "number", "title", "text", "status", "opened_at", "kind", "address", "customer_name",
            "customer_phone", "version", "unit__building_id", "unit__entrance", "unit__room",
            "unit__floor",
        )
    )  # fmt: skip
    if unit:
        yield from _of_building(told, unit, at)
    yield from told.filter(opened_at__gte=at - AROUND, opened_at__lte=at)[:AROUND_ROWS]


def _of_building(told: QuerySet[Case], unit: Unit, at: datetime) -> QuerySet[Case]:
    units = Unit.objects.filter(building_id=unit.building_id).values("pk")
    return told.filter(unit__in=units, opened_at__gte=at - NEAR, opened_at__lte=at)[:NEAR_ROWS]


def _compared(case: Case, text: str, grams: Collection[str], unit: Unit | None) -> Similar:
    other = case.text[:COMPARED]
    shared = _grams(other) & frozenset(grams)
    return Similar(case, nearness(unit, case.unit), _words(text[:COMPARED], shared), len(shared))


def nearness(one: Unit | None, other: Unit | None) -> int:
    """Same home, the same pipe above or below it, entrance, building, or elsewhere."""
    if one is None or other is None or one.building_id != other.building_id:
        return ELSEWHERE
    if one.pk == other.pk:
        return SAME_UNIT
    if one.entrance != other.entrance:
        return SAME_BUILDING
    return SAME_RISER if _tail(one) == _tail(other) else SAME_ENTRANCE


def _tail(unit: Unit) -> str:
    """What is left of a room number without its floor: 501 and 401 both end in 01."""
    if unit.floor and unit.room.startswith(unit.floor):
        return unit.room[len(unit.floor) :]
    return unit.room[-2:]


def _grams(text: str) -> frozenset[str]:
    """The pairs of characters that carry meaning: Chinese, without the small words."""
    text = text[:COMPARED]
    return frozenset(
        first + second for first, second in pairwise(text)
        if _speaks(first) and _speaks(second) and first + second not in _COMMON
    )  # fmt: skip


def _speaks(character: str) -> bool:
    return "一" <= character <= "鿿" and character not in _EMPTY


def _words(text: str, shared: Collection[str]) -> tuple[str, ...]:
    """The shared pairs as words: runs of pairs that follow one another in the text."""
    words: dict[str, None] = {}
    run = ""
    for first, second in zip(text, f"{text[1:]} ", strict=True):
        if first + second in shared:
            run = run + second if run else first + second
        elif run:
            words.setdefault(run)
            run = ""
    return tuple(words)[:WORDS_SHOWN]
