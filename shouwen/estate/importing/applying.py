"""From a compared stage into the database, fast: who registers a case must not wait for an import.

The statements are written out because an embedded database is locked from the first to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

from shouwen.accounts.models import OrgUnit
from shouwen.estate.importing.stage import CHANGED, NEW, PERSON_FIELDS, UNIT_FIELDS, Stage
from shouwen.estate.models import Building, Customer, Occupancy, Phone, Unit

BATCH = 5_000


def apply(stage: Stage, project: OrgUnit) -> None:
    """Write what is new and what has changed. The caller holds the transaction."""
    where = (project.pk, project.company_id, project.group_id)
    _number(stage, "buildings", Building)
    _number(stage, "units", Unit)
    _number(stage, "people", Customer)
    _write_buildings(stage, where)
    _write_units(stage, where)
    _write_people(stage, where)
    _write_phones(stage, project)
    _write_ties(stage)


def _write_buildings(stage: Stage, where: tuple[Any, ...]) -> None:
    rows = stage.ask("SELECT id, key, name FROM buildings WHERE rank = ?", (NEW,))
    _insert(
        Building,
        ("id", "project", "company", "group", "key", "name"),
        ((i, *where, *r) for i, *r in rows),
    )


def _write_units(stage: Stage, where: tuple[Any, ...]) -> None:
    rows = stage.ask(
        f"SELECT u.id, b.id, u.entrance, u.room, u.key, u.label, {_named('u', UNIT_FIELDS)}"  # noqa: S608 - our own words
        " FROM units u JOIN buildings b ON b.key = u.building WHERE u.rank = ?",
        (NEW,),
    )
    fields = ("building", "entrance", "room", "key", "label", *UNIT_FIELDS)
    _insert(
        Unit, ("id", "project", "company", "group", *fields), ((i, *where, *r) for i, *r in rows)
    )
    _update(stage, Unit, "units", UNIT_FIELDS)


def _write_people(stage: Stage, where: tuple[Any, ...]) -> None:
    rows = stage.ask(
        "SELECT id, name, code, coalesce(nullif(kind, ''), 'person'), care, restriction, note"
        " FROM people WHERE rank = ?",
        (NEW,),
    )
    fields = ("id", "project", "company", "group", "name", *PERSON_FIELDS)
    _insert(Customer, fields, ((i, *where, *r) for i, *r in rows))
    _update(stage, Customer, "people", ("name", *PERSON_FIELDS))


def _write_phones(stage: Stage, project: OrgUnit) -> None:
    rows = stage.ask(
        "SELECT DISTINCT c.id, p.number, p.label FROM phones p JOIN people c ON c.key = p.person"
        " WHERE c.rank > 0 AND NOT EXISTS ("
        " SELECT 1 FROM known_phones k WHERE k.number = p.number AND k.customer = c.id)"
        " GROUP BY c.id, p.number"
    )
    _insert(
        Phone,
        ("customer", "project", "number", "label"),
        ((customer, project.pk, number, label) for customer, number, label in rows),
    )


def _write_ties(stage: Stage) -> None:
    rows = stage.ask(
        "SELECT u.id, p.id, t.relation, nullif(t.since, ''), nullif(t.until, '')"
        " FROM ties t JOIN units u ON u.key = t.unit JOIN people p ON p.key = t.person"
        " WHERE t.rank = ? GROUP BY u.id, p.id, t.relation",
        (NEW,),
    )
    _insert(Occupancy, ("unit", "customer", "relation", "since", "until"), rows)
    _update(stage, Occupancy, "ties", ("since", "until"))


# --- statements -----------------------------------------------------------------------------------


def _named(table: str, fields: Iterable[str]) -> str:
    """The fields of a staged table; what is empty and no text there is nothing here."""
    nothing = {"area", "handed_over_on"}
    return ", ".join(f"nullif({table}.{f}, '')" if f in nothing else f"{table}.{f}" for f in fields)


def _number(stage: Stage, table: str, model: type[Model]) -> None:
    """Give the new ones their ids beforehand, so that the next table can point at them."""
    new = stage.count(f"{table} WHERE id IS NULL")
    keys = [key for (key,) in stage.ask(f"SELECT key FROM {table} WHERE id IS NULL")] if new else []  # noqa: S608 - our own words
    numbered = zip(_reserve(model, new), keys, strict=True)
    stage.many(f"UPDATE {table} SET id = ? WHERE key = ?", numbered)  # noqa: S608 - our own words


def _reserve(model: type[Model], count: int) -> Iterable[int]:
    """Ids that nobody else gets: SQLite's lock is ours, on PostgreSQL the sequence gives them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()[0] or 0
            return range(last + 1, last + count + 1)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _insert(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given by these fields; the others get the model's defaults."""
    others = [f for f in model._meta.concrete_fields if f.name not in fields and not f.primary_key]
    columns = [model._meta.get_field(name).column for name in fields] + [f.column for f in others]  # type: ignore[union-attr]
    defaults = [field.get_default() for field in others]
    names = ", ".join(connection.ops.quote_name(str(column)) for column in columns)
    holes = ", ".join(["%s"] * len(columns))
    sql = (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES ({holes})"  # noqa: S608 - our own words
    )
    _in_batches(sql, ([*row, *defaults] for row in rows))


def _update(stage: Stage, model: type[Model], table: str, fields: Sequence[str]) -> None:
    """Change what the workbook says; what it leaves empty stays."""
    holes = ", ".join(
        f"{connection.ops.quote_name(f)} = coalesce(%s, {connection.ops.quote_name(f)})"
        for f in fields
    )
    sql = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {holes} WHERE id = %s"  # noqa: S608 - our own words
    wanted = ", ".join(f"nullif({f}, '')" for f in fields)
    rows = stage.ask(f"SELECT {wanted}, id FROM {table} WHERE rank = ?", (CHANGED,))  # noqa: S608 - our own words
    _in_batches(sql, rows)


def _in_batches(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        for batch in _batches(iter(rows)):
            cursor.executemany(sql, batch)


def _batches(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
