"""Draft sentences of a statement, from its figures: what was reached, what was missed and by how
much, what changed beyond chance, and where it is weakest. The person in charge edits them.

Nothing is said that the figures do not say: small numbers are called small, a change within the
usual swing is no change, and what is not yet decided is neither praise nor blame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from shouwen.rules.figures import SMALL, Figure

#: A difference that chance alone would bring about once in twenty times is no news.
CHANCE = 1.96
#: So many reasons and kinds are named; more is a table.
NAMED = 3
_SIGNS = {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于"}


@dataclass(frozen=True)
class Spoken:
    """A figure of which words are made, with what stands beside it."""

    figure: Figure
    before: Figure | None = None
    parts: tuple[tuple[str, Figure], ...] = ()
    """The same measure by department."""
    reasons: Mapping[str, int] | None = None
    """Why records failed, and how often."""


# --- Beyond chance --------------------------------------------------------------------------------


def changed(now: Figure, before: Figure) -> bool:
    """Whether two shares differ by more than chance (with the correction for small numbers)."""
    a, b = now.counts, before.counts
    if not a.n or not b.n:
        return False
    both = (a.hit + b.hit) / (a.n + b.n)
    spread = sqrt(both * (1 - both) * (1 / a.n + 1 / b.n))
    distance = abs(a.hit / a.n - b.hit / b.n) - (1 / a.n + 1 / b.n) / 2
    return spread > 0 and distance / spread >= CHANCE


def rose_or_fell(now: int, before: int, days: int = 1, days_before: int = 1) -> int:
    """1 or -1 where so many more or fewer of them came than chance would bring in that many days;
    else 0."""
    both, share = now + before, days / (days + days_before)
    if not both:
        return 0
    distance = now - both * share
    if (abs(distance) - 0.5) / sqrt(both * share * (1 - share)) < CHANCE:
        return 0
    return 1 if distance > 0 else -1


# --- One figure -----------------------------------------------------------------------------------


def sentence(said: Spoken) -> str:
    """All that is to be said of one figure."""
    figure = said.figure
    if figure.value is None:
        return f"{figure.measure.title}：本期没有需要考核的记录{_undecided(figure)}。"
    parts = [_reached(figure), _change(said), _small(figure), _weakest(said), _reasons(said)]
    return "；".join(part for part in parts if part) + "。"


def _reached(figure: Figure) -> str:
    measure, counts = figure.measure, figure.counts
    of = {"rate": f"（{counts.hit}/{counts.n}）", "mean": f"（{counts.n} 份）"}
    told = f"{measure.title} {figure.words}{of.get(measure.value, '')}"
    return f"{told}，{_against(figure)}{_undecided(figure)}"


def _against(figure: Figure) -> str:
    if figure.is_met is None:
        return "制度未定目标"
    aim = target_words(figure)
    if figure.is_met:
        return f"达到目标（{aim}）"
    if figure.gap:
        return f"未达到目标（{aim}），还差 {figure.gap} 件"
    return f"未达到目标（{aim}）"


def target_words(figure: Figure) -> str:
    """ ">= 95%" as 不低于 95%."""
    sign, _space, number = figure.measure.target.partition(" ")
    return f"{_SIGNS.get(sign, sign)} {number}"


def _undecided(figure: Figure) -> str:
    counts = figure.counts
    told = [f"{counts.open} 件期限未到、尚未定论" if counts.open else ""]
    told += [f"{counts.out} 件不计" if counts.out else ""]
    found = "，".join(part for part in told if part)
    return f"，另有 {found}" if found else ""


def _change(said: Spoken) -> str:
    now, before = said.figure, said.before
    if before is None or before.value is None or now.value is None:
        return ""
    if now.measure.value != "rate":
        return f"上期 {before.words}"
    if not changed(now, before):
        return f"与上期（{before.words}）相比没有明显变化"
    way = "上升" if now.value > before.value else "下降"
    return f"比上期（{before.words}）明显{way}"


def _small(figure: Figure) -> str:
    return f"只有 {figure.counts.n} 件，比率仅供参考" if figure.is_small else ""


def _weakest(said: Spoken) -> str:
    found = weakest(said)
    if found is None:
        return ""
    name, figure = found
    return f"最薄弱的是{name}，{figure.words}（{figure.counts.hit}/{figure.counts.n}）"


def weakest(said: Spoken) -> tuple[str, Figure] | None:
    """The part that missed the target most, where the whole missed it and there are others. With
    an upper target the highest share is the worst."""
    judged = [(name, part) for name, part in said.parts if part.value is not None]
    if said.figure.is_met is not False or len(judged) < 2:
        return None
    upper = said.figure.measure.target.startswith("<")

    def badness(row: tuple[str, Figure]) -> tuple[float, int, str]:
        share = float(row[1].value or 0)
        return (-share if upper else share, -row[1].counts.n, row[0])

    return min(judged, key=badness)


def _reasons(said: Spoken) -> str:
    named = top(said.reasons or {})
    if said.figure.is_met is not False or not named:
        return ""
    told = "、".join(f"{reason}（{many} 件）" for reason, many in named)
    return f"未达标的主要情形：{told}"


def top(counts: Mapping[str, int], many: int = NAMED) -> list[tuple[str, int]]:
    """The most frequent, the same order for the same counts."""
    told = [(name, n) for name, n in counts.items() if name and n]
    return sorted(told, key=lambda row: (-row[1], row[0]))[:many]


# --- All figures ----------------------------------------------------------------------------------


def verdict(figures: Sequence[Figure]) -> str:
    """How many of the measures with a target were reached, and which were not."""
    judged = [figure for figure in figures if figure.is_met is not None]
    if not judged:
        return ""
    missed = [figure.measure.title for figure in judged if not figure.is_met]
    if not missed:
        return f"有目标的 {len(judged)} 项指标全部达到。"
    reached = len(judged) - len(missed)
    names = "、".join(missed)
    return f"有目标的 {len(judged)} 项指标达到 {reached} 项，未达到 {len(missed)} 项：{names}。"


def unjudged(figures: Iterable[Figure]) -> str:
    """Which had nothing to judge, said once."""
    names = [figure.measure.title for figure in figures if figure.value is None]
    return f"本期没有需要考核的记录：{'、'.join(names)}。" if names else ""


def small_ones(figures: Iterable[Figure]) -> str:
    """Which shares say little, said once."""
    names = [figure.measure.title for figure in figures if figure.is_small]
    return f"{'、'.join(names)}不足 {SMALL} 件，比率仅供参考。" if names else ""


# --- What came in ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Came:
    """What came in during a period."""

    registered: int
    before: int
    days: int
    days_before: int
    kinds: Mapping[str, tuple[int, int]]
    """By name: in this period and in the one before."""
    void: int = 0
    unclosed: int = 0
    late: int = 0
    unsatisfied: int = 0


def overview(came: Came) -> str:
    """What came in, and how it stands, in three sentences."""
    named = top({kind: now for kind, (now, _before) in came.kinds.items()})
    kinds = "、".join(f"{kind} {many} 件" for kind, many in named)
    told = f"本期登记客户信息 {came.registered} 件"
    told += f"，其中{kinds}" if kinds else ""
    told += f"；作废或并入 {came.void} 件" if came.void else ""
    return f"{told}。{_compared(came)}{_standing(came)}"


def _compared(came: Came) -> str:
    way = rose_or_fell(came.registered, came.before, came.days, came.days_before)
    if way:
        return f"比上期（{came.before} 件）明显{_MORE[way]}。"
    return f"上期 {came.before} 件，没有明显变化。"


_MORE = {1: "增加", -1: "减少"}


def _standing(came: Came) -> str:
    if not (came.unclosed or came.late or came.unsatisfied):
        return "期末没有未关闭的事项，本期没有超时和不满意。"
    return (
        f"期末未关闭 {came.unclosed} 件；本期有超时 {came.late} 件，"
        f"回访不满意或只部分解决 {came.unsatisfied} 件。"
    )


def swings(came: Came) -> str:
    """The kinds that came more or less often than chance would have it, the largest first."""
    told = [
        (abs(now - before), f"{kind}明显{_MORE[way]}（{before} → {now} 件）")
        for kind, (now, before) in came.kinds.items()
        if (way := rose_or_fell(now, before, came.days, came.days_before))
    ]
    words = [text for _size, text in sorted(told, key=lambda row: (-row[0], row[1]))]
    return f"与上期相比，{'，'.join(words)}。" if words else "各类数量与上期相比没有明显变化。"
