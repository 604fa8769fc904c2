"""Where a workbook lies between being checked and being applied: a small database file of its own.

What is checked goes in row by row, so that the length of a workbook costs disk and not memory;
duplicates, references between sheets and what is known already are then questions asked in SQL.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

SAME, CHANGED, NEW = 0, 1, 2
KINDS = ("buildings", "units", "customers", "occupancies")

UNIT_FIELDS = ("floor", "area", "use", "state", "handed_over_on", "note")
PERSON_FIELDS = ("code", "kind", "care", "restriction", "note")

_SCHEMA = """
CREATE TABLE sheets (name TEXT PRIMARY KEY, kind TEXT, titles TEXT);
CREATE TABLE rows (
    id INTEGER PRIMARY KEY, sheet TEXT, number INTEGER, cells TEXT,
    building TEXT, unit TEXT, person TEXT, rejected INTEGER DEFAULT 0, rank INTEGER DEFAULT 0
);
CREATE TABLE problems (row INTEGER, col INTEGER, what TEXT, fix TEXT);
CREATE TABLE buildings (
    key TEXT PRIMARY KEY, row INTEGER, name TEXT, listed INTEGER, id INTEGER, rank INTEGER
) WITHOUT ROWID;
CREATE TABLE units (
    key TEXT PRIMARY KEY, row INTEGER, building TEXT, entrance TEXT, room TEXT, label TEXT,
    floor TEXT, area TEXT, use TEXT, state TEXT, handed_over_on TEXT, note TEXT,
    id INTEGER, rank INTEGER
) WITHOUT ROWID;
CREATE TABLE people (
    key TEXT PRIMARY KEY, row INTEGER, name TEXT,
    code TEXT, kind TEXT, care TEXT, restriction TEXT, note TEXT,
    id INTEGER, rank INTEGER
) WITHOUT ROWID;
CREATE TABLE phones (
    person TEXT, number TEXT, label TEXT, PRIMARY KEY (person, number)
) WITHOUT ROWID;
CREATE TABLE ties (
    unit TEXT, person TEXT, relation TEXT, row INTEGER, since TEXT, until TEXT,
    id INTEGER, rank INTEGER, PRIMARY KEY (unit, person, relation)
) WITHOUT ROWID;
CREATE TABLE numbers (number TEXT PRIMARY KEY, person TEXT, row INTEGER) WITHOUT ROWID;
CREATE TABLE asked (number TEXT, unit TEXT, row INTEGER, since TEXT, until TEXT);
CREATE TABLE belongs (number TEXT, person TEXT, relation TEXT, row INTEGER, since TEXT, until TEXT);
CREATE TABLE known_buildings (key TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID;
CREATE TABLE known_units (
    key TEXT PRIMARY KEY, id INTEGER, floor TEXT, area TEXT, use TEXT, state TEXT,
    handed_over_on TEXT, note TEXT
) WITHOUT ROWID;
CREATE TABLE known_people (
    id INTEGER PRIMARY KEY, name TEXT, code TEXT, kind TEXT, care TEXT, restriction TEXT, note TEXT
);
CREATE TABLE known_phones (number TEXT, customer INTEGER);
CREATE TABLE known_ties (
    id INTEGER PRIMARY KEY, unit INTEGER, customer INTEGER, relation TEXT, since TEXT, until TEXT
);
CREATE INDEX ties_person ON ties (person);
CREATE INDEX ties_row ON ties (row);
CREATE INDEX problems_row ON problems (row);
CREATE INDEX known_people_code ON known_people (code, name) WHERE code <> '';
CREATE INDEX known_phones_number ON known_phones (number, customer);
CREATE INDEX known_ties_unit ON known_ties (unit, customer);
"""


@dataclass(frozen=True)
class Counts:
    """How many of one kind are new, changed, the same."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Problem:
    """What is wrong in a column (None: in the whole row), and what to do about it."""

    column: int | None
    what: str
    fix: str


@dataclass(frozen=True)
class BadRow:
    sheet: str
    number: int
    cells: Mapping[int, str]
    problems: Sequence[Problem]


class Stage:
    """One workbook, staged. What is done in a `with` is kept unless it ends in an exception."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        if fresh:
            path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        # Losing this file to a power cut loses nothing: the workbook is checked again.
        self._connection.executescript("PRAGMA synchronous=OFF; PRAGMA journal_mode=TRUNCATE;")
        if fresh:
            self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        self._connection.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("ROLLBACK" if kind else "COMMIT")
        self._connection.close()

    def do(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one statement; how many rows it touched."""
        return self._connection.execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)

    def ask(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of an answer, fetched as they are read."""
        return iter(self._connection.execute(sql, values))

    def one(self, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return found

    def count(self, sql: str) -> int:
        found = self.one(f"SELECT count(*) FROM {sql}")  # noqa: S608 - our own words only
        return int(found[0]) if found else 0

    # --- rows and what is wrong with them ---------------------------------------------------------

    def add_row(self, row: int, sheet: str, number: int, cells: Mapping[int, str]) -> None:
        written = json.dumps(cells, ensure_ascii=False)
        self.do(
            "INSERT INTO rows (id, sheet, number, cells) VALUES (?,?,?,?)",
            (row, sheet, number, written),
        )

    def reject(self, row: int, problems: Iterable[Problem]) -> None:
        self.do("UPDATE rows SET rejected = 1 WHERE id = ?", (row,))
        self.many(
            "INSERT INTO problems VALUES (?,?,?,?)",
            [(row, p.column, p.what, p.fix) for p in problems],
        )

    def reject_where(self, sql: str, column: str, what: str, fix: str) -> int:
        """Reject the rows that `sql` finds (row, word for the sentence), at the field's column."""
        found = [
            (row, word)
            for row, word in self.ask(sql)
            if not self.one("SELECT 1 FROM rows WHERE id = ? AND rejected", (row,))
        ]
        for row, word in found:
            self.reject(row, [Problem(self._column(row, column), what.format(word), fix)])
        return len(found)

    def _column(self, row: int, field: str) -> int | None:
        found = self.one(
            "SELECT json_extract(s.titles, ?) FROM rows r JOIN sheets s ON s.name = r.sheet"
            " WHERE r.id = ?",
            (f"$.columns.{field}", row),
        )
        return found[0] if found else None

    def add_sheet(
        self, name: str, kind: str, titles: Mapping[int, str], columns: Mapping[str, int]
    ) -> None:
        about = json.dumps({"titles": titles, "columns": columns}, ensure_ascii=False)
        self.do("INSERT INTO sheets VALUES (?,?,?)", (name, kind, about))

    def sheets(self) -> dict[str, tuple[str, dict[int, str]]]:
        """By name: the kind, and the titles by column."""
        return {
            name: (kind, {int(at): title for at, title in json.loads(about)["titles"].items()})
            for name, kind, about in self.ask(
                "SELECT name, kind, titles FROM sheets ORDER BY rowid"
            )
        }

    def bad_rows(self) -> Iterator[BadRow]:
        """Rows that are not taken, in the order of the workbook."""
        for row, sheet, number, cells in self.ask(
            "SELECT id, sheet, number, cells FROM rows WHERE rejected ORDER BY id"
        ):
            problems = self.ask("SELECT col, what, fix FROM problems WHERE row = ?", (row,))
            values = {int(at): text for at, text in json.loads(cells).items()}
            yield BadRow(sheet, number, values, [Problem(*problem) for problem in problems])

    # --- what came of it --------------------------------------------------------------------------

    def counts(self) -> dict[str, Counts]:
        """By kind, and under "rows" by row of the workbook."""
        tables = zip(KINDS, ("buildings", "units", "people", "ties"), strict=True)
        found = {kind: self._counted(table) for kind, table in tables}
        return found | {"rows": self._counted("rows WHERE NOT rejected")}

    def _counted(self, source: str) -> Counts:
        by_rank = dict(self.ask(f"SELECT rank, count(*) FROM {source} GROUP BY rank"))  # noqa: S608 - our own words
        return Counts(by_rank.get(NEW, 0), by_rank.get(CHANGED, 0), by_rank.get(SAME, 0))
