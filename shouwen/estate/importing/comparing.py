"""What a staged workbook would change: each thing is new, changed or the same as what is known.

Empty cells change nothing; nothing is ended or removed because a workbook does not mention it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.estate.importing.stage import CHANGED, NEW, PERSON_FIELDS, SAME, UNIT_FIELDS, Stage
from shouwen.estate.models import Building, Customer, Occupancy, Phone, Unit

CHUNK = 2_000


def settle(stage: Stage) -> None:
    """Join what the sheets say of each other. Rows that point nowhere are rejected."""
    stage.reject_where(
        "SELECT a.row, a.number FROM asked a LEFT JOIN numbers n USING (number)"
        " WHERE n.number IS NULL",
        "code",
        "业主编号 {} 在业主表里没有（或那一行有错）",
        "在业主表里补上这个编号，或清空这一格",
    )
    stage.reject_where(
        "SELECT b.row, b.number FROM belongs b LEFT JOIN numbers n USING (number)"
        " WHERE n.number IS NULL",
        "code",
        "没有编号为 {} 的业主，不知道是谁家的",
        "填所属业主的编号",
    )
    _join_numbers(stage)
    while _drop_rejected(stage):
        pass


def compare(stage: Stage, project: OrgUnit) -> None:
    """Rank everything in the stage against what the project has now."""
    for table in ("buildings", "units", "people", "ties"):
        stage.do(f"UPDATE {table} SET id = NULL, rank = {NEW}")  # noqa: S608 - our own words
    _copy_known(stage, project)
    _reject_unlisted(stage)
    _rank_units(stage)
    _match_people(stage)
    _rank_people(stage)
    _match_ties(stage)
    _reject_backwards(stage)
    _rank_rows(stage)


def _join_numbers(stage: Stage) -> None:
    """Owners, and those who belong to them, tied to the rooms that name their number."""
    stage.do(
        "INSERT INTO ties (unit, person, relation, row, since, until)"
        " SELECT a.unit, n.person, 'owner', a.row, a.since, a.until"
        " FROM asked a JOIN numbers n USING (number) WHERE 1 ON CONFLICT DO NOTHING"
    )
    stage.do(
        "INSERT INTO ties (unit, person, relation, row, since, until)"
        " SELECT a.unit, b.person, b.relation, b.row, b.since, b.until"
        " FROM belongs b JOIN asked a USING (number) WHERE 1 ON CONFLICT DO NOTHING"
    )


def _drop_rejected(stage: Stage) -> bool:
    """Take out of the stage what rejected rows brought, and reject the rows that relied on it."""
    rejected = "row IN (SELECT id FROM rows WHERE rejected)"
    for table in ("ties", "units", "people", "buildings"):
        stage.do(f"DELETE FROM {table} WHERE {rejected}")  # noqa: S608 - our own words
    return bool(
        stage.reject_where(
            "SELECT t.row, '' FROM ties t LEFT JOIN units u ON u.key = t.unit WHERE u.key IS NULL"
            " UNION SELECT t.row, '' FROM ties t LEFT JOIN people p ON p.key = t.person"
            " WHERE p.key IS NULL"
            " UNION SELECT u.row, '' FROM units u LEFT JOIN buildings b ON b.key = u.building"
            " WHERE b.key IS NULL",
            "room",
            "这间房或这个人先出现的那一行有错{}",
            "先改正那一行",
        )
    )


def _reject_unlisted(stage: Stage) -> None:
    """Where a workbook lists its buildings, a room may not stand in another that nobody knows."""
    found = stage.reject_where(
        "SELECT r.id, b.name FROM buildings b JOIN units u ON u.building = b.key"
        " JOIN rows r ON r.unit = u.key"
        " WHERE NOT b.listed AND NOT EXISTS (SELECT 1 FROM known_buildings k WHERE k.key = b.key)",
        "house",
        "楼栋表里没有 {}，项目里也没有",
        "在楼栋表里补上，或改正楼号",
    )
    if found:
        stage.do("UPDATE buildings SET listed = 1 WHERE key IN (SELECT key FROM known_buildings)")
        stage.do("DELETE FROM buildings WHERE NOT listed")
        while _drop_rejected(stage):
            pass


# --- what is known --------------------------------------------------------------------------------


def _copy_known(stage: Stage, project: OrgUnit) -> None:
    _copy(stage, "known_buildings", Building.objects.filter(project=project), "key", "pk")
    _copy(stage, "known_units", Unit.objects.filter(project=project), "key", "pk", *UNIT_FIELDS)
    people = Customer.objects.filter(project=project)
    _copy(stage, "known_people", people, "pk", "name", *PERSON_FIELDS)
    _copy(stage, "known_phones", Phone.objects.filter(project=project), "number", "customer_id")
    ties = Occupancy.objects.filter(unit__project=project)
    _copy(stage, "known_ties", ties, "pk", "unit_id", "customer_id", "relation", "since", "until")


def _copy(stage: Stage, table: str, records: QuerySet[Any], *fields: str) -> None:
    stage.do(f"DELETE FROM {table}")  # noqa: S608 - our own words
    holes = ",".join("?" * len(fields))
    rows = records.order_by().values_list(*fields).iterator(chunk_size=CHUNK)
    stage.many(f"INSERT INTO {table} VALUES ({holes})", map(_texts, rows))  # noqa: S608 - our own words


def _texts(row: Sequence[object]) -> list[object]:
    """As a workbook is staged: days and areas as text, nothing as an empty text."""
    return [
        value if isinstance(value, int) else "" if value is None else str(value) for value in row
    ]


# --- ranks ----------------------------------------------------------------------------------------


def _differs(fields: Iterable[str], mine: str, known: str) -> str:
    return " OR ".join(f"({mine}.{f} <> '' AND {mine}.{f} <> {known}.{f})" for f in fields)


def _rank_units(stage: Stage) -> None:
    for table in ("buildings", "units"):
        stage.do(
            f"UPDATE {table} SET id = k.id, rank = {SAME}"  # noqa: S608 - our own words
            f" FROM known_{table} k WHERE k.key = {table}.key"
        )
    stage.do(
        f"UPDATE units SET rank = {CHANGED} FROM known_units k"  # noqa: S608 - our own words
        f" WHERE k.key = units.key AND ({_differs(UNIT_FIELDS, 'units', 'k')})"
    )


def _match_people(stage: Stage) -> None:
    """By code if name or number agree; else by number and name; else by name in the same home."""
    stage.do(
        "UPDATE people SET id = (SELECT min(c.id) FROM known_people c"
        " WHERE c.code = people.code AND c.code <> '' AND (c.name = people.name OR EXISTS ("
        " SELECT 1 FROM phones p JOIN known_phones k ON k.number = p.number AND k.customer = c.id"
        " WHERE p.person = people.key))) WHERE code <> ''"
    )
    stage.do(
        "UPDATE people SET id = (SELECT min(c.id) FROM phones p"
        " JOIN known_phones k ON k.number = p.number"
        " JOIN known_people c ON c.id = k.customer AND c.name = people.name"
        " WHERE p.person = people.key) WHERE id IS NULL"
    )
    stage.do(
        "UPDATE people SET id = (SELECT min(c.id) FROM ties t JOIN units u ON u.key = t.unit"
        " JOIN known_ties k ON k.unit = u.id JOIN known_people c ON c.id = k.customer"
        " AND c.name = people.name WHERE t.person = people.key) WHERE id IS NULL"
    )


def _rank_people(stage: Stage) -> None:
    stage.do(f"UPDATE people SET rank = {SAME} WHERE id IS NOT NULL")  # noqa: S608 - our own words
    fields = ("name", *PERSON_FIELDS)
    stage.do(
        f"UPDATE people SET rank = {CHANGED} FROM known_people k"  # noqa: S608 - our own words
        f" WHERE k.id = people.id AND ({_differs(fields, 'people', 'k')})"
    )
    stage.do(
        f"UPDATE people SET rank = {CHANGED} WHERE id IS NOT NULL AND EXISTS ("  # noqa: S608 - our own words
        " SELECT 1 FROM phones p WHERE p.person = people.key AND NOT EXISTS ("
        " SELECT 1 FROM known_phones k WHERE k.number = p.number AND k.customer = people.id))"
    )


def _match_ties(stage: Stage) -> None:
    """An open tie first. One that has ended begins again only from a later date."""
    stage.do(
        "UPDATE ties SET id = (SELECT k.id FROM known_ties k"
        " JOIN units u ON u.key = ties.unit JOIN people p ON p.key = ties.person"
        " WHERE k.unit = u.id AND k.customer = p.id AND k.relation = ties.relation"
        " AND (k.until = '' OR ties.since <= k.until) ORDER BY k.until = '' DESC, k.id LIMIT 1)"
    )
    stage.do(f"UPDATE ties SET rank = {SAME} WHERE id IS NOT NULL")  # noqa: S608 - our own words
    stage.do(
        f"UPDATE ties SET rank = {CHANGED} FROM known_ties k"  # noqa: S608 - our own words
        f" WHERE k.id = ties.id AND ((k.until = '' AND {_differs(['since'], 'ties', 'k')})"
        f" OR {_differs(['until'], 'ties', 'k')})"
    )


def _reject_backwards(stage: Stage) -> None:
    found = stage.reject_where(
        "SELECT t.row, k.since || k.until FROM ties t JOIN known_ties k ON k.id = t.id"
        " WHERE t.rank = 1 AND ((t.until <> '' AND t.since = '' AND t.until < k.since)"
        " OR (t.until = '' AND k.until <> '' AND t.since > k.until))",
        "until",
        "迁出日期早于系统里的入住日期 {}",
        "核对两个日期",
    )
    if found:
        _drop_rejected(stage)


def _rank_rows(stage: Stage) -> None:
    """A row is as new as the newest thing that it speaks of."""
    stage.do(
        "UPDATE rows SET rank = max("
        " coalesce((SELECT rank FROM buildings WHERE key = rows.building), 0),"
        " coalesce((SELECT rank FROM units WHERE key = rows.unit), 0),"
        " coalesce((SELECT rank FROM people WHERE key = rows.person), 0),"
        " coalesce((SELECT max(rank) FROM ties WHERE row = rows.id), 0)) WHERE NOT rejected"
    )
