"""Installations to measure: the program in its own processes, on a database that loses nothing."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from tests import databases
from tests.installation import Installation, install

DATABASES = ("sqlite", "postgresql")
SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def folder_for(database: str) -> Iterator[Path]:
    """A temporary folder for installations on this database."""
    os.environ["SHOUWEN_TEST_DATABASE"] = database
    if database == "postgresql":
        os.environ["SHOUWEN_DATABASE_URL"] = _durable_server()
    with TemporaryDirectory(prefix="shouwen-bench-") as name:
        yield Path(name)


def _durable_server() -> str:
    """As the server of the tests, but waiting for the disk. Its folder goes after the server."""
    folder = Path(mkdtemp(prefix="shouwen-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return databases.start(folder, settings={})


def new_place(folder: Path, name: str) -> Installation:
    place = folder / name
    place.mkdir()
    return install(place)


# --- The bare driver ------------------------------------------------------------------------------


class Bare:
    """One connection of the driver alone, set as the program sets its own (shouwen/config.py)."""

    def __init__(self, installation: Installation) -> None:
        url = installation.environment["SHOUWEN_DATABASE_URL"]
        self.mark = "%s" if url else "?"
        self._connection: Any = _postgresql(url) if url else _sqlite(installation)
        self._begin = "BEGIN" if url else "BEGIN IMMEDIATE"

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(statement, values)
        return list(cursor.fetchall())

    def columns(self, table: str) -> list[str]:
        cursor = self._connection.execute(f"SELECT * FROM {table} LIMIT 0")
        return [column[0] for column in cursor.description]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._connection.execute(self._begin)
        yield
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def promises(self) -> str:
        """What the settings say about a power cut, asked of the database itself."""
        if self.mark == "%s":
            asked = [(name, self.rows(f"SHOW {name}")[0][0]) for name in SETTINGS]
        else:
            levels = {1: "NORMAL", 2: "FULL"}
            level = self.rows("PRAGMA synchronous")[0][0]
            asked = [
                ("version", sqlite3.sqlite_version),
                ("journal_mode", self.rows("PRAGMA journal_mode")[0][0]),
                ("synchronous", levels.get(level, str(level))),
            ]
        return ", ".join(f"{name} = {value}" for name, value in asked)


def _postgresql(url: str) -> Any:
    """JSON as the text that it is: it is only copied."""
    connection = psycopg.connect(url, autocommit=True, options="-c synchronous_commit=on")
    connection.adapters.register_loader("jsonb", TextLoader)
    return connection


def _sqlite(installation: Installation) -> Any:
    connection = sqlite3.connect(
        installation.folder / "data" / "shouwen.sqlite3", timeout=20, isolation_level=None,
        check_same_thread=False,
    )  # fmt: skip
    connection.execute("PRAGMA synchronous=FULL")
    return connection
