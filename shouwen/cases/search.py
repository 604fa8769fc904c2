"""Finding cases by any words in them: number, phone, room, name, text; two characters are enough.

A case is indexed by its pairs of characters (2-grams): FTS5 on SQLite, an array with a GIN index
on PostgreSQL. This module is the one place where the engines differ. What the index finds is
checked again by plain containment, so that an answer is what reading every case would give.

The worker fills the index (`index_pending`); a search reads the few cases that wait for it itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice, pairwise, product
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.models import Case, JournalEntry, SearchText
from shouwen.cases.queries import visible_cases
from shouwen.estate.address import candidates, key
from shouwen.estate.phones import digits
from shouwen.estate.queries import unit_candidates

#: More hits than this are a common word: then walking back from the newest case is faster.
COMMON = 2000
#: So many cases that wait for the index are read at most; the worker leaves a handful.
WAITING = 1000
QUERY_LIMIT = 100
#: A query has few ways to be meant: 0421 as text or as the end of a phone number.
READINGS = 16
#: The fields of a journal entry that somebody wrote.
WRITTEN = ("text", "reason", "question", "note", "answer", "name", "said")

#: Phones and rooms are written in signs of their own, so that only a whole room, or the end of a
#: number, finds them: the hidden middle of a phone number cannot be felt out.
_DIGITS = {ord(str(n)): 0xE000 + n for n in range(10)}
_END, _ROOM = "\ue00a", "\ue00b"
_OURS = re.compile("[\ue000-\ue00b\x00]")


# --- the text of a case ---------------------------------------------------------------------------


def normal(text: str) -> str:
    """As texts are compared: full width, case and the kind of space make no difference."""
    plain = unicodedata.normalize("NFKC", _OURS.sub("", text)).casefold()
    return " ".join(plain.split())


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters, as words that no tokenizer cuts."""
    pairs = (f"{ord(a):x}z{ord(b):x}" for word in text.split() for a, b in pairwise(word))
    return list(dict.fromkeys(pairs))


def _phone(number: str) -> str:
    return number.translate(_DIGITS) + _END


def _room(unit_key: str) -> str:
    return _ROOM + unit_key.translate(_DIGITS) + _END


def body(case: Case, written: Iterable[str] = ()) -> str:
    """Everything that finds a case. Lines keep a word from reaching over from one to the next."""
    contact = case.contact
    told = (case.number, contact.number, contact.sender_number, contact.sender)
    said = (case.title, case.text, case.customer_name, case.address, *written)
    lines = [*(normal(line) for line in (*told, *said)), *_marks(case)]
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _marks(case: Case) -> Iterator[str]:
    if number := digits(case.customer_phone):
        yield _phone(number)
    if case.unit:
        yield from (normal(case.unit.label), _room(case.unit.key))
    elif case.address:
        yield from (_room(reading) for reading in _rooms(case.address))


def _rooms(text: str) -> list[str]:
    """The keys of the likeliest unit that a reference in people's writing names whole."""
    whole = (reading for reading in candidates(text) if reading.house and reading.room)
    return [key(reading) for reading in islice(whole, 1)]


# --- what is wanted -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """A query as it may be meant: one of the readings, with all of its words."""

    text: str
    project: OrgUnit | None = None

    @cached_property
    def readings(self) -> list[tuple[str, ...]]:
        words = [_writings(word) for word in normal(self.text[:QUERY_LIMIT]).split()]
        meant = list(islice(product(*words), READINGS)) if words else []
        meant += [(mark,) for mark in (*self._phones(), *map(_room, self._units()))]
        return [reading for reading in meant if grams(" ".join(reading))]

    def _phones(self) -> list[str]:
        number = digits(self.text) or ""
        return [_phone(number)] if len(number) >= 4 else []

    def _units(self) -> list[str]:
        """Rooms of the current project in any writing, and a whole reference of any project."""
        if not any(sign.isdigit() for sign in self.text):
            return []
        here = unit_candidates(self.project, self.text) if self.project else []
        return list(dict.fromkeys([*(unit.key for unit in here), *_rooms(self.text)]))

    def is_in(self, text: str) -> bool:
        return any(all(word in text for word in reading) for reading in self.readings)

    def condition(self, path: str = "body") -> Q:
        """The same as `is_in`, for the database."""
        found = Q(pk__in=())
        for reading in self.readings:
            found |= Q(*(Q(**{f"{path}__contains": word}) for word in reading))
        return found


def _writings(word: str) -> list[str]:
    is_number = word.isascii() and word.isdigit() and len(word) >= 4
    return [word, _phone(word)] if is_number else [word]


def find(scope: Scope, wanted: Wanted, right: str = "case.view") -> QuerySet[Case]:
    """The cases that hold what is wanted, within somebody's scope, the last recorded first."""
    seen = visible_cases(scope, right).order_by("-pk")
    if not wanted.readings:
        return seen.none()
    waiting = _among_waiting(scope, wanted)
    hits = _hits(wanted)
    if len(hits) > COMMON:
        known = Q(indexed_version=F("version")) & wanted.condition("search_text__body")
        return seen.filter(known | Q(pk__in=waiting))
    sure = SearchText.objects.filter(wanted.condition(), pk__in=hits, **_up_to_date())
    return seen.filter(pk__in=[*sure.values_list("pk", flat=True), *waiting])


def _up_to_date() -> dict[str, object]:
    return {"case__indexed_version": F("case__version")}


def _pending() -> Q:
    return ~Q(indexed_version=F("version"))


def _among_waiting(scope: Scope, wanted: Wanted) -> list[int]:
    """Cases that the index does not know yet, read one by one: what was just typed is found."""
    cases = _with_texts(visible_cases(scope).filter(_pending()).order_by("-pk"))[:WAITING]
    return [pk for pk, text in _bodies(list(cases)).items() if wanted.is_in(text)]


# --- filling the index ----------------------------------------------------------------------------


def index_pending(*, at: datetime, limit: int = 500) -> int:
    """Brings up to `limit` cases up in the index, the oldest first. How many these were."""
    with transaction.atomic():
        waiting = Case.objects.filter(_pending()).order_by("pk")
        locked = _with_texts(waiting.select_for_update(skip_locked=True, of=("self",)))[:limit]
        bodies = _bodies(list(locked))
        _write(bodies, at)
        Case.objects.filter(pk__in=bodies).update(indexed_version=F("version"))
    return len(bodies)


def _with_texts(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("contact", "unit")


def _bodies(cases: Sequence[Case]) -> dict[int, str]:
    written: dict[int, list[str]] = {case.pk: [] for case in cases}
    entries = (
        JournalEntry.objects.filter(case__in=written) if cases else JournalEntry.objects.none()
    )
    for pk, data in entries.order_by("case_id", "seq").values_list("case_id", "data"):
        written[pk] += [data[name] for name in WRITTEN if isinstance(data.get(name), str)]
    return {case.pk: body(case, written[case.pk]) for case in cases}


def _write(bodies: Mapping[int, str], at: datetime) -> None:
    if not bodies:
        return
    before = dict(SearchText.objects.filter(pk__in=bodies).values_list("pk", "body"))
    rows = [SearchText(case_id=pk, body=text, indexed_at=at) for pk, text in bodies.items()]
    SearchText.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["body", "indexed_at"],
    )
    _ENGINES[connection.vendor].write(bodies, before)


# --- the two engines ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Engine:
    hits: Callable[[Wanted], tuple[str, list[Any]]]
    """The statement and its values that give the cases with all pairs of a reading."""
    write: Callable[[Mapping[int, str], Mapping[int, str]], None]
    """Puts the texts of cases into the index; the second are those that it knew of them."""


def _hits(wanted: Wanted) -> list[int]:
    statement, values = _ENGINES[connection.vendor].hits(wanted)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, COMMON + 1])
        return [pk for (pk,) in cursor.fetchall()]


def _pairs(wanted: Wanted) -> list[list[str]]:
    return [grams(" ".join(reading)) for reading in wanted.readings]


def _sqlite_hits(wanted: Wanted) -> tuple[str, list[Any]]:
    match = " OR ".join(f"({' AND '.join(pairs)})" for pairs in _pairs(wanted))
    statement = (
        "SELECT rowid FROM cases_searchgrams WHERE cases_searchgrams MATCH %s"
        " ORDER BY rowid DESC LIMIT %s"
    )
    return statement, [match]


def _sqlite_write(bodies: Mapping[int, str], before: Mapping[int, str]) -> None:
    """The table keeps no text (content=''), so it is told what to forget."""
    forget = (
        "INSERT INTO cases_searchgrams (cases_searchgrams, rowid, grams) VALUES ('delete', %s, %s)"
    )
    learn = "INSERT INTO cases_searchgrams (rowid, grams) VALUES (%s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(forget, [(pk, " ".join(grams(text))) for pk, text in before.items()])
        cursor.executemany(learn, [(pk, " ".join(grams(text))) for pk, text in bodies.items()])


def _postgresql_hits(wanted: Wanted) -> tuple[str, list[Any]]:
    """MATERIALIZED: planned by itself, through its index. With the LIMIT in view the planner would
    read the table from its beginning, all of it when nothing is there."""
    pairs = _pairs(wanted)
    held = " OR ".join(["grams @> %s::text[]"] * len(pairs))
    return _HITS.format(held=held), list(pairs)


_HITS = (
    "WITH hits AS MATERIALIZED (SELECT case_id FROM cases_searchtext WHERE {held})"
    " SELECT case_id FROM hits LIMIT %s"
)


def _postgresql_write(bodies: Mapping[int, str], before: Mapping[int, str]) -> None:
    statement = "UPDATE cases_searchtext SET grams = %s WHERE case_id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(grams(text), pk) for pk, text in bodies.items()])


_ENGINES: Mapping[str, Engine] = {
    "sqlite": Engine(_sqlite_hits, _sqlite_write),
    "postgresql": Engine(_postgresql_hits, _postgresql_write),
}
