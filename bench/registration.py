"""Registering over HTTP, the whole way (token, key, rules, journal, promises, outbox, commit),
against the bare database that writes the rows of one such registration again and again."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import click

from bench.figures import percentile, ratios, short, spread
from bench.places import Bare, new_place
from tests.installation import Installation, move_in, until

CLIENTS = 4
TEXT = "厨房水管漏水，柜子已经湿了，请尽快来人"


@dataclass
class Client:
    """One that registers, one call after the other, over a connection that it keeps."""

    installation: Installation
    token: str
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = self.installation.address.removeprefix("http://")
        self._line = http.client.HTTPConnection(place, timeout=30)

    def act(self) -> None:
        started = perf_counter()
        body = {"project": "CH", "text": TEXT, "name": "王女士", "phone": "13900000421",
                "address": "3栋2单元501"}  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }
        self._line.request("POST", "/api/cases", json.dumps(body), headers)
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status != 201:
            raise click.ClickException(said.decode())
        self.took.append(perf_counter() - started)

    def close(self) -> None:
        self._line.close()


# --- The same rows, bare --------------------------------------------------------------------------

#: Tables of one registration in the order of writing: which rows are of the last case, which
#: column is made new in each copy, and which refers to a row copied before.
TABLES = (
    ("cases_done", "id = (SELECT max(id) FROM cases_done)", "key", ""),
    ("cases_contact", "id = (SELECT max(contact_id) FROM cases_case)", "number", ""),
    ("cases_case", "id = (SELECT max(id) FROM cases_case)", "number", "contact_id"),
    ("cases_journalentry", "case_id = (SELECT max(id) FROM cases_case)", "", "case_id"),
    ("cases_commitment", "case_id = (SELECT max(id) FROM cases_case)", "", "case_id"),
    (
        "notify_outboxmessage",
        "url = (SELECT '/cases/' || number FROM cases_case ORDER BY id DESC LIMIT 1)",
        "event",
        "",
    ),
)


@dataclass(frozen=True)
class Copied:
    """One row of the registration, and the statement that writes another like it."""

    statement: str
    values: tuple[Any, ...]
    fresh: int | None
    refers: tuple[int, str] | None
    """Position of the column, and the table whose last copy it names."""
    table: str


def rows_of_the_last(bare: Bare) -> list[Copied]:
    return [
        _copied(bare, table, row, fresh, refers)
        for table, which, fresh, refers in TABLES
        for row in bare.rows(f"SELECT * FROM {table} WHERE {which}")
    ]


def _copied(bare: Bare, table: str, row: tuple[Any, ...], fresh: str, refers: str) -> Copied:
    names = [name for name in bare.columns(table) if name != "id"]
    quoted = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join([bare.mark] * len(names))
    held = {"contact_id": "cases_contact", "case_id": "cases_case"}
    return Copied(
        f"INSERT INTO {table} ({quoted}) VALUES ({marks}) RETURNING id",
        tuple(v for n, v in zip(bare.columns(table), row, strict=True) if n != "id"),
        names.index(fresh) if fresh else None,
        (names.index(refers), held[refers]) if refers else None,
        table,
    )


@dataclass
class BareClient:
    """One that writes these rows in one transaction, one after the other."""

    installation: Installation
    rows: list[Copied]
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._bare = Bare(self.installation)

    def act(self) -> None:
        started = perf_counter()
        ids: dict[str, int] = {}
        with self._bare.transaction():
            for row in self.rows:
                ids[row.table] = self._bare.rows(row.statement, _values(row, ids))[0][0]
        self.took.append(perf_counter() - started)

    def close(self) -> None:
        self._bare.close()


def _values(row: Copied, ids: dict[str, int]) -> list[Any]:
    values = list(row.values)
    if row.fresh is not None:
        values[row.fresh] = uuid4().hex[:30]
    if row.refers:
        position, table = row.refers
        values[position] = ids[table]
    return values


# --- In turns -------------------------------------------------------------------------------------


def rate(clients: list[Any], seconds: float) -> float:
    """How many a second all of them did together."""
    done = count()
    started = perf_counter()

    def keep_on(client: Any) -> None:
        while perf_counter() - started < seconds:
            client.act()
            next(done)

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(keep_on, clients))
    return next(done) / (perf_counter() - started)


def measure(folder: Path, *, rounds: int, seconds: float) -> Iterator[str]:
    installation = new_place(folder, "registration")
    token = move_in(installation)
    with installation.start("serve") as process:
        assert process.stdout
        until(_line_of(process.stdout))
        yield from _in_turns(installation, token, rounds, seconds)


def _line_of(output: Any) -> Callable[[], bool]:
    return lambda: "首问已启动" in output.readline()


def _in_turns(installation: Installation, token: str, rounds: int, seconds: float) -> Iterator[str]:
    clients = [Client(installation, token) for _ in range(CLIENTS)]
    for _ in range(5):
        for client in clients:
            client.act()
    bare = Bare(installation)
    yield f"durable: {bare.promises()}"
    rows = rows_of_the_last(bare)
    writers = [BareClient(installation, rows) for _ in range(CLIENTS)]
    rate(clients, seconds)
    for client in clients:
        client.took.clear()
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(rate(clients, seconds))
        theirs.append(rate(writers, seconds / 2))
    yield from _told(ours, theirs, clients, writers, len(rows))
    bare.close()
    everybody: list[Client | BareClient] = [*clients, *writers]
    for one in everybody:
        one.close()


def _told(
    ours: list[float], theirs: list[float], clients: list[Any], writers: list[Any], rows: int
) -> Iterator[str]:
    yield f"registration by HTTP, {CLIENTS} clients   {spread(ours)} /s   {_waits(clients)}"
    yield f"bare database, the same {rows} rows      {spread(theirs)} /s   {_waits(writers)}"
    back = ratios(ours, theirs)
    yield f"ratio to the bare database {back.middle:.3f} ({back.least:.3f}–{back.most:.3f})"


def _waits(clients: list[Any]) -> str:
    took = [1000 * one for client in clients for one in client.took]
    return f"p50 {short(percentile(took, 50))} ms, p95 {short(percentile(took, 95))} ms"
