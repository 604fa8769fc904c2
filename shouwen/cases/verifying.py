"""Whether the journal has been tampered with: every chain, every head, and the daily anchors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Prefetch

from shouwen.cases.actions.recording import GENESIS, entry_hash
from shouwen.cases.models import Case, JournalAnchor, JournalEntry
from shouwen.cases.queries import as_entries
from shouwen.rules.lifecycle import fold


@dataclass(frozen=True)
class Finding:
    """Something that cannot be as it was written."""

    case: str
    seq: int
    kind: str
    """altered, removed, inserted, reordered, row (the case is not what its journal says), anchor"""
    words: str


def verify() -> Iterator[Finding]:
    """Every finding, case by case; nothing when the journal is whole."""
    rows = JournalEntry.objects.select_related("by").order_by("seq")
    cases = Case.objects.order_by("pk").prefetch_related(Prefetch("journal", queryset=rows))
    for case in cases.iterator(chunk_size=200):
        yield from verify_case(case, list(case.journal.all()))
    yield from _verify_anchors()


def verify_case(case: Case, rows: list[JournalEntry]) -> Iterator[Finding]:
    """The chain of one case. What breaks first says what was done; what follows from it is not
    repeated."""
    findings = list(_chain(case, rows))
    yield from findings
    if findings:
        return
    state = fold(as_entries(rows))
    if (state.status, state.round, state.facts) != (case.status, case.round, case.facts):
        yield Finding(case.number, case.version, "row", "案件的现状与过程记录不符")


def _chain(case: Case, rows: list[JournalEntry]) -> Iterator[Finding]:
    previous = GENESIS
    for place, row in enumerate(rows[: case.version], start=1):
        if (row.seq, row.previous) != (place, previous):
            kind = _how_broken(case, rows)
            yield Finding(case.number, place, kind, WORDS[kind])
            return
        if entry_hash(case.number, row) != row.hash:
            yield Finding(case.number, row.seq, "altered", WORDS["altered"])
        previous = row.hash
    if len(rows) != case.version or previous != (case.head or GENESIS):
        kind = "altered" if len(rows) == case.version else _how_broken(case, rows)
        yield Finding(case.number, len(rows), kind, WORDS[kind])


WORDS = {
    "altered": "内容被改过",
    "removed": "这里少了记录",
    "inserted": "这里被插入了记录",
    "reordered": "记录的次序被动过",
}


def _how_broken(case: Case, rows: list[JournalEntry]) -> str:
    """What was done to a chain whose links do not meet: by its length, and by what the links
    name."""
    if len(rows) != case.version:
        return "removed" if len(rows) < case.version else "inserted"
    links = [row.previous for row in rows]
    if len(set(links)) < len(links):
        return "inserted"
    known = {GENESIS, *(row.hash for row in rows)}
    return "removed" if set(links) - known else "reordered"


def anchor(*, at: datetime) -> JournalAnchor | None:
    """Once a day: hash the heads of all journals together with the anchor before. None when it is
    not time."""
    last = JournalAnchor.objects.order_by("-at").first()
    if last and at - last.at < timedelta(days=1):
        return None
    through = _last_entry()
    count, digest = _heads(through)
    return JournalAnchor.objects.create(
        at=at,
        through=through,
        cases=count,
        previous=last.digest if last else "",
        digest=_digest(last.digest if last else "", digest),
    )


def _last_entry() -> int:
    """The greatest id, when nobody is about to commit a smaller one. Times would not do: an import
    records what was long ago."""
    with transaction.atomic():
        _wait_for_writers()
        return JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def _wait_for_writers() -> None:
    """PostgreSQL gives out ids before it commits them; SQLite has one writer at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {JournalEntry._meta.db_table} IN SHARE MODE")


def _heads(through: int) -> tuple[int, str]:
    """Every case's newest entry up to this one, hashed in order."""
    total, count = hashlib.sha256(), 0
    current, head = 0, ""
    entries = JournalEntry.objects.filter(pk__lte=through).order_by("case_id", "seq")
    for case_id, value in entries.values_list("case_id", "hash").iterator(chunk_size=2000):
        if case_id != current:
            total.update(head.encode())
            current, count = case_id, count + 1
        head = value
    total.update(head.encode())
    return count, total.hexdigest()


def _digest(previous: str, heads: str) -> str:
    return hashlib.sha256(f"{previous}|{heads}".encode()).hexdigest()


def _verify_anchors() -> Iterator[Finding]:
    previous = ""
    for row in JournalAnchor.objects.order_by("at"):
        count, heads = _heads(row.through)
        if row.previous != previous or row.digest != _digest(previous, heads) or row.cases != count:
            yield Finding("", 0, "anchor", f"{row.at:%Y-%m-%d} 的存证与现在的记录不符")
            return
        previous = row.digest
