"""How well likeness finds what belongs together, on messages to a mayor, against two baselines.

`python -m bench.alike [FOLDER]`: FOLDER is the shared data. Each message comes in after those
before it and joins the group of the likest, as groups are offered. Three ways of being alike:

- `ours`: `rules.likeness` through the bounded retrieval of `groups.index`;
- `words`: the share of pairs of characters that both have (Jaccard), all pairs alike;
- `tf-idf`: the cosine of pairs weighed by how often they are said and how rare they are.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import pairwise
from math import log, sqrt
from pathlib import Path

from shouwen.rules.likeness import Telling, belongs, grams, likeness, rarity

#: As in `groups.index`.
KEPT, LATEST, READ = 32, 100, 40
Scores = Sequence[Mapping[int, float]]
"""Of each message the earlier ones that are like it, and how much."""
SWEEP = {
    "ours": (0.10, 0.12, 0.14, 0.16, 0.20, 0.25),
    "words": (0.06, 0.08, 0.10, 0.12, 0.15, 0.20),
    "tf-idf": (0.10, 0.12, 0.15, 0.20, 0.25, 0.30),
}


@dataclass(frozen=True)
class Corpus:
    """Messages in the order in which they came, and what the student teams put together."""

    numbers: list[str]
    texts: list[str]
    topics: dict[str, set[str]]

    @cached_property
    def said(self) -> list[dict[str, float]]:
        return [grams(text) for text in self.texts]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(gram for said in self.said for gram in said)


def read(folder: Path) -> Corpus:
    rows = sorted(_rows(folder / "hot.csv"), key=lambda row: row["留言时间_iso"])
    labels = list(_rows(folder / "hot_topic_weak_labels_3teams.csv"))
    topics: dict[str, set[str]] = defaultdict(set)
    for row in labels:
        for team in list(row)[1:4]:
            if row[team]:
                topics[f"{team}/{row[team]}"].add(row["留言编号"])
    texts = [f"{row['留言主题']}。{''.join(row['留言详情'].split())}" for row in rows]
    return Corpus([row["留言编号"] for row in rows], texts, dict(topics))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


# --- Three ways of being alike --------------------------------------------------------------------


def ours(corpus: Corpus) -> Scores:
    """The product's: the latest cases of the rarest grams, the likest of them compared."""
    weigh = rarity(corpus.counts, len(corpus.texts))
    tellings = [Telling(text, weigh) for text in corpus.texts]
    latest: dict[str, list[int]] = defaultdict(list)
    scores = []
    for n, telling in enumerate(tellings):
        kept = nlargest(KEPT, telling.weights, key=lambda gram: (telling.weights[gram], gram))
        shared: dict[int, float] = defaultdict(float)
        for gram in kept:
            for earlier in latest[gram][-LATEST:]:
                shared[earlier] += weigh(gram) ** 2
            latest[gram].append(n)
        likest = nlargest(READ, shared, key=lambda earlier: (shared[earlier], earlier))
        scores.append({m: likeness(telling, tellings[m]).score for m in likest})
    return scores


def words(corpus: Corpus) -> Scores:
    """The baseline that knows nothing: the same pairs of characters."""
    sets = [frozenset(said) for said in corpus.said]
    return _of_sharing(sets, lambda a, b, n: n / (len(sets[a]) + len(sets[b]) - n))


def tf_idf(corpus: Corpus) -> Scores:
    """The usual baseline: every pair of neighbouring characters, frequency by rarity, cosine."""
    bags = [Counter(a + b for a, b in pairwise(text)) for text in corpus.texts]
    spread = Counter(pair for bag in bags for pair in bag)
    total = len(bags)
    vectors = [{p: n * log(total / spread[p]) for p, n in bag.items()} for bag in bags]
    lengths = [sqrt(sum(x * x for x in vector.values())) for vector in vectors]
    found: list[dict[int, float]] = []
    holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for n, vector in enumerate(vectors):
        products: dict[int, float] = defaultdict(float)
        for pair, weight in vector.items():
            for earlier, other in holding[pair]:
                products[earlier] += weight * other
            holding[pair].append((n, weight))
        cosines = {m: product / (lengths[n] * lengths[m]) for m, product in products.items()}
        found.append({m: cosine for m, cosine in cosines.items() if cosine > 0.05})
    return found


def _of_sharing(
    sets: Sequence[frozenset[str]], score: Callable[[int, int, int], float]
) -> list[dict[int, float]]:
    found = []
    holding: dict[str, list[int]] = defaultdict(list)
    for n, pieces in enumerate(sets):
        shared: Counter[int] = Counter()
        for piece in pieces:
            shared.update(holding[piece])
            holding[piece].append(n)
        scores = {m: score(n, m, count) for m, count in shared.items()}
        found.append({m: value for m, value in scores.items() if value > 0.02})
    return found


WAYS: dict[str, Callable[[Corpus], Scores]] = {"ours": ours, "words": words, "tf-idf": tf_idf}


# --- Groups, and how good they are ----------------------------------------------------------------


def grouped(scores: Scores, likely: float) -> list[list[int]]:
    """Groups of two and more: each message joins the group of the likest that will have it."""
    groups: list[list[int]] = []
    group_of: dict[int, list[int]] = {}
    for n, found in enumerate(scores):
        for m in sorted(found, key=lambda m: (-found[m], -m)):
            if found[m] < likely:
                break
            group = group_of.get(m, [m])
            if belongs((found.get(member, 0.0) for member in group), likely):
                if m not in group_of:
                    groups.append(group)
                    group_of[m] = group
                group.append(n)
                group_of[n] = group
                break
    return groups


@dataclass(frozen=True)
class Topic:
    """What became of one issue of one team."""

    name: str
    size: int
    together: int
    """So many of it stand in one group."""
    strangers: int
    """So many stand in that group that no team put anywhere."""


def judged(corpus: Corpus, groups: Sequence[Sequence[int]]) -> list[Topic]:
    known = set().union(*corpus.topics.values())
    sets = [{corpus.numbers[n] for n in group} for group in groups]
    topics = []
    for name, topic in corpus.topics.items():
        best = max(sets, key=lambda group: len(group & topic), default=set())
        together = len(best & topic)
        strangers = len(best - known) if together > 1 else 0
        topics.append(Topic(name, len(topic), max(together, 1), strangers))
    return topics


def measure(folder: Path) -> Iterator[str]:
    corpus = read(folder)
    yield f"{len(corpus.texts):,} messages, {len(set().union(*corpus.topics.values()))} labelled"
    for name, way in WAYS.items():
        scores = way(corpus)
        for likely in SWEEP[name]:
            yield f"{name:7} {likely:.2f}  {_line(corpus, grouped(scores, likely))}"


def _line(corpus: Corpus, groups: Sequence[Sequence[int]]) -> str:
    topics = [topic for topic in judged(corpus, groups) if topic.size > 1]
    largest = sorted((len(group) for group in groups), reverse=True)[:3]
    each = " ".join(
        f"{t.name}:{t.together}/{t.size}+{t.strangers}"
        for t in sorted(topics, key=lambda t: -t.size)
    )
    return (
        f"{sum(map(len, groups)):5} in {len(groups)} groups, largest {largest}, together "
        f"{sum(t.together for t in topics)} of {sum(t.size for t in topics)}, strangers "
        f"{sum(t.strangers for t in topics)}  {each}"
    )


if __name__ == "__main__":
    beside = Path(__file__).parents[1].parent / "shared"
    for told in measure(Path(sys.argv[1]) if sys.argv[1:] else beside / "data" / "complaints"):
        print(told)
