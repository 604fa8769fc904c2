"""`kill -9` of everything that runs, in the middle of 1,000 registrations over HTTP.

What was answered is there, what was sent again is there once, and nothing is there by halves. The
tables are read with plain SQL, behind the back of the program.
"""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.installation import Installation, move_in, prepared, until

REGISTRATIONS = 1000
CLIENTS = 4
#: Somebody is killed each time that so many more are answered.
EVERY = 160
#: A client without an answer tries again for as long as the whole program needs to come back.
TRIES, PAUSE = 400, 0.1


@pytest.fixture
def desk(tmp_path: Path) -> Installation:
    return prepared(tmp_path)


# --- Clients that do not give up ------------------------------------------------------------------


class Client:
    """Registers over one connection; when it breaks, asks again with the same key."""

    def __init__(self, desk: Installation, token: str) -> None:
        self._place = desk.address.removeprefix("http://")
        self._token = token
        self._line: http.client.HTTPConnection | None = None
        self.broken = 0

    def registers(self, key: str) -> str:
        """The number that was answered."""
        for _ in range(TRIES):
            try:
                return self._ask(key)
            except (OSError, http.client.HTTPException):
                self.hangs_up()
                self.broken += 1
                time.sleep(PAUSE)
        raise AssertionError(f"no answer for {key}")

    def hangs_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None

    def _ask(self, key: str) -> str:
        self._line = self._line or http.client.HTTPConnection(self._place, timeout=20)
        body = {"project": "CH", "text": f"{key} 厨房水管漏水", "address": "3栋2单元501"}
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        self._line.request("POST", "/api/cases", json.dumps(body), headers)
        answer = self._line.getresponse()
        said = answer.read().decode()
        assert answer.status == 201, said
        return str(json.loads(said)["number"])


def _registers_all(client: Client, keys: list[str], answered: dict[str, str]) -> int:
    for key in keys:
        answered[key] = client.registers(key)
    client.hangs_up()
    return client.broken


# --- Somebody who kills ---------------------------------------------------------------------------


def _below(pid: int) -> list[tuple[int, str]]:
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    lines = (line.split(maxsplit=1) for line in found.stdout.splitlines())
    return [(int(line[0]), line[1]) for line in lines if len(line) == 2]


def _victims(serve: int, what: str) -> list[int]:
    """One web process, both, the web server above them, or the worker."""
    children = _below(serve)
    server = [pid for pid, words in children if "granian" in words]
    if what == "worker":
        return [pid for pid, words in children if words.endswith(" work")]
    if what == "server":
        return server
    web = [pid for parent in server for pid, _ in _below(parent)]
    return web if what == "both" else web[:1]


def _kill(serve: int, what: str) -> bool:
    victims = _victims(serve, what)
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    return bool(victims)


def _kill_now_and_then(
    serve: int, answered: dict[str, str], clients: list[Future[int]]
) -> Counter[str]:
    """Until all is answered. How often who was killed."""
    killed: Counter[str] = Counter()
    turns = cycle(("one web process", "worker", "both", "server", "worker"))
    following = EVERY
    while not all(client.done() for client in clients):
        if len(answered) >= following:
            what = next(turns)
            killed[what] += _kill(serve, what)
            following = len(answered) + EVERY
        time.sleep(0.005)
    return killed


# --- What is in the tables ------------------------------------------------------------------------


@contextmanager
def _tables(desk: Installation) -> Iterator[Any]:
    """A cursor on the database of an installation."""
    url = desk.environment["SHOUWEN_DATABASE_URL"]
    path = desk.folder / "data" / "shouwen.sqlite3"
    with closing(psycopg.connect(url) if url else sqlite3.connect(path)) as connection:
        yield connection.cursor()


def _rows(desk: Installation, sql: str) -> list[tuple[Any, ...]]:
    with _tables(desk) as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _without_gaps(numbers: list[str]) -> bool:
    """Every series of a day counts 1, 2, 3 … to its end."""
    series: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        name, _, count = number.rpartition("-")
        series[name].append(int(count))
    return all(sorted(counts) == list(range(1, len(counts) + 1)) for counts in series.values())


# --- The test -------------------------------------------------------------------------------------


def test_nothing_that_was_answered_is_lost_and_nothing_is_done_twice_whoever_is_killed(
    desk: Installation,
) -> None:
    token = move_in(desk)
    keys = [f"call-{n}" for n in range(REGISTRATIONS)]
    answered: dict[str, str] = {}
    with desk.start("serve") as process, ThreadPoolExecutor(CLIENTS) as pool:
        until(lambda: "首问已启动" in _said(process))
        clients = [
            pool.submit(_registers_all, Client(desk, token), keys[n::CLIENTS], answered)
            for n in range(CLIENTS)
        ]
        killed = _kill_now_and_then(process.pid, answered, clients)
        broken = sum(client.result() for client in clients)
        again: dict[str, str] = {}
        _registers_all(Client(desk, token), keys[::50], again)

    assert all(killed[what] for what in ("one web process", "both", "worker", "server")), killed
    assert broken, "nobody was in the middle of anything"
    assert set(answered) == set(keys)
    assert again.items() <= answered.items()
    _require_each_once(desk, answered)
    _require_whole(desk)


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def _require_each_once(desk: Installation, answered: dict[str, str]) -> None:
    there = dict(_rows(desk, "SELECT number, text FROM cases_case"))
    assert {number: f"{key} 厨房水管漏水" for key, number in answered.items()} == there
    kept = "SELECT count(*), count(DISTINCT key), min(status), max(status) FROM cases_done"
    assert _rows(desk, kept) == [(REGISTRATIONS, REGISTRATIONS, 201, 201)]
    contacts = [number for (number,) in _rows(desk, "SELECT number FROM cases_contact")]
    assert len(contacts) == REGISTRATIONS
    assert _without_gaps([*there, *contacts])


def _require_whole(desk: Installation) -> None:
    """No case without its contact, its opening and its promises; no chain that is broken."""
    promised = _rows(
        desk,
        "SELECT count(c.id) FROM cases_case k LEFT JOIN cases_commitment c ON c.case_id = k.id"
        " GROUP BY k.id",
    )
    assert len(set(promised)) == 1, "every one of these cases promises the same"
    assert promised[0][0] > 0
    opened = _rows(desk, "SELECT case_id, count(*) FROM cases_journalentry GROUP BY case_id")
    assert len(opened) == REGISTRATIONS
    assert {count for _, count in opened} == {1}
    assert not _rows(desk, "SELECT id FROM cases_case WHERE version <> 1 OR head = ''")
    twice = "SELECT message_id FROM notify_notice GROUP BY message_id HAVING count(*) > 1"
    assert not _rows(desk, twice)
    said = desk.run("journal", "verify").splitlines()[-1]
    assert said == f"{REGISTRATIONS} cases, {REGISTRATIONS} entries, 0 findings"
