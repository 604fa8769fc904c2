"""The index of likeness: which cases share the telling pieces of a text.

A case is kept by its heaviest grams, as numbers. A text asks for the latest cases of its rarest
grams, one bounded range of the index for each; what these share most is then compared word by word
(`rules.likeness`). So the answer takes the same time whether ten thousand or a million were told.
The statements are the common part of SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from zlib import crc32

from django.db import connection, transaction

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case
from shouwen.cases.similar import place_of
from shouwen.estate.models import Unit
from shouwen.groups.models import Commonness, Compared, Gram
from shouwen.rules.likeness import (
    LIKELY,
    Likeness,
    Telling,
    Weigh,
    grams,
    likeness,
    rarity,
)

#: So many of its heaviest grams a case is found by.
KEPT = 32
#: So many of the latest cases each gram of a text brings, and so many of these are compared.
LATEST, READ = 100, 40
#: Counts the cases of a project among its grams; no gram has this number.
ALL = 0
BATCH = 100
#: What is read of a case to be compared and shown.
_READ = (
    "number", "title", "text", "kind", "status", "opened_at", "address", "customer_name",
    "customer_phone", "customer_id", "project_id", "facts",
    "unit__building_id", "unit__entrance", "unit__room", "unit__floor",
)  # fmt: skip
_NEVER = (Case.Status.VOID, Case.Status.MERGED)


@dataclass(frozen=True, slots=True)
class Found:
    """An earlier case that is like a text, and how."""

    case: Case
    likeness: Likeness


def number(gram: str) -> int:
    """A gram as the index keeps it. Two that fall together cost a comparison, never an answer."""
    return crc32(gram.encode()) + 1


# --- Writing --------------------------------------------------------------------------------------


def take_in(cases: Sequence[Case]) -> None:
    """Put cases into the index. In the transaction of whoever calls."""
    by_project: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        by_project[case.project_id].append(case)
    for project_id, some in by_project.items():
        _take_in(project_id, some)
    mark_compared(*cases)


def mark_compared(*cases: Case) -> None:
    """These are not pending any more."""
    Compared.objects.bulk_create((Compared(case=case) for case in cases), ignore_conflicts=True)


def _take_in(project_id: int, cases: Sequence[Case]) -> None:
    told = {case.pk: grams(case.text) for case in cases}
    counts = Counter(number(gram) for said in told.values() for gram in said)
    _count(project_id, counts, len(cases))
    weigh = weights(project_id, {gram for said in told.values() for gram in said})
    rows = [
        (project_id, number(gram), pk)
        for pk, said in told.items()
        for gram in heaviest(said, weigh, KEPT)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Gram._meta.db_table} (project_id, gram, case_id) "  # noqa: S608 - ours
            "VALUES (%s, %s, %s)",
            rows,
        )


def heaviest(said: Mapping[str, float], weigh: Weigh, most: int) -> list[str]:
    """The grams that tell most about a text."""
    return nlargest(most, said, key=lambda gram: (said[gram] * weigh(gram), gram))


def _count(project_id: int, counts: Mapping[int, int], cases: int) -> None:
    table = Commonness._meta.db_table
    rows = sorted({**counts, ALL: cases}.items())
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (project_id, gram, cases) VALUES (%s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (project_id, gram) "
            f"DO UPDATE SET cases = {table}.cases + excluded.cases",
            [(project_id, gram, more) for gram, more in rows],
        )


# --- Reading --------------------------------------------------------------------------------------


def weights(project_id: int, said: Iterable[str]) -> Weigh:
    """How much each of these grams tells in a project."""
    numbers = {gram: number(gram) for gram in said}
    rows = Commonness.objects.filter(project_id=project_id, gram__in=[ALL, *numbers.values()])
    known = dict(rows.values_list("gram", "cases"))
    counts = {gram: known.get(n, 0) for gram, n in numbers.items()}
    return rarity(counts, known.get(ALL, 0))


def likest(
    project: OrgUnit,
    text: str,
    *,
    kind: str = "",
    unit: Unit | None = None,
    before: Case | None = None,
    most: int = 5,
    least: float = LIKELY,
) -> list[Found]:
    """The likest cases of a project, open or past, the likest first; of those `before` a case."""
    said = grams(text)
    weigh = weights(project.pk, said)
    known = {gram: weigh(gram) for gram in said}
    asked = {number(gram): known[gram] for gram in heaviest(said, known.__getitem__, KEPT)}
    rows = _sharing(project.pk, asked, before.pk if before else None)
    telling = Telling(text, known.__getitem__, kind, place_of(unit))
    compared = _compared(telling, rows, project.pk, known)
    found = [one for one in compared if one.likeness.score >= least]
    return nlargest(most, found, key=lambda one: (one.likeness.score, one.case.pk))


def _sharing(project_id: int, asked: Mapping[int, float], before: int | None) -> list[int]:
    """The ids of the cases that share most of the weight, the latest among many."""
    if not asked:
        return []
    table = Gram._meta.db_table
    bound, limit = ("AND case_id < %s ", [before]) if before else ("", [])
    one = (
        f"SELECT * FROM (SELECT gram, case_id FROM {table} "  # noqa: S608 - our own table
        "WHERE project_id = %s AND gram = %s "
        f"{bound}ORDER BY case_id DESC LIMIT {LATEST}) AS latest"
    )
    values = [value for gram in asked for value in (project_id, gram, *limit)]
    shared: dict[int, float] = defaultdict(float)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(asked)), values)
        for gram, case_id in cursor.fetchall():
            shared[case_id] += asked[gram] ** 2
    return nlargest(READ, shared, key=lambda pk: (shared[pk], pk))


def _compared(
    telling: Telling, ids: Sequence[int], project_id: int, known: dict[str, float]
) -> list[Found]:
    """Each of these cases beside the telling. `known` are the weights so far; further ones are
    asked for once, for all cases together."""
    rows = Case.objects.filter(pk__in=ids).exclude(status__in=_NEVER).select_related("unit")
    cases = list(rows.only(*_READ).order_by())
    weigh = known.__getitem__
    others = [Telling(case.text, weigh, case.kind, place_of(case.unit)) for case in cases]
    new = set().union(*(other.said for other in others)) - known.keys()
    more = weights(project_id, new)
    known |= {gram: more(gram) for gram in new}
    pairs = zip(cases, others, strict=True)
    return [Found(case, likeness(telling, other)) for case, other in pairs]


# --- Bringing it up -------------------------------------------------------------------------------

#: Ids are not the order of commits: so far behind the newest one is looked for stragglers.
BEHIND = 500


def pending(limit: int = BATCH) -> list[Case]:
    """Cases that are not in the index yet, the oldest first."""
    last = Compared.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = Case.objects.filter(pk__gt=last - BEHIND, compared=None).order_by("pk")
    return list(islice(rows.select_related("project", "unit"), limit))


def index_pending() -> list[Case]:
    """Take in one batch of what waits. The cases that were taken in."""
    with transaction.atomic():
        cases = pending()
        take_in(cases)
    return cases
