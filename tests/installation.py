"""The program as an operator runs it: its own process, its own data folder, its own database."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.databases import asked


@dataclass
class Installation:
    """`run("org", "list")` and `start("serve")`, as on the command line."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str, seconds: int = 240) -> str:
        done = subprocess.run(
            self._command(words), env=self.environment, cwd=self.folder, timeout=seconds,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        return done.stdout

    @contextmanager
    def start(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Running; stopped at the end, as with Ctrl+C."""
        process = subprocess.Popen(
            self._command(words), env=self.environment, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(40)
            if process.stdout:
                process.stdout.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.environment['SHOUWEN_PORT']}"

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "shouwen.cli", *words]


def install(folder: Path, *, like: str = "") -> Installation:
    """An empty installation on the database that this run is about, with the program's settings.

    `like` is the name of a database on PostgreSQL that the new one begins as."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("SHOUWEN_", "DJANGO_", "PYTEST_"))
    }
    own = {
        "SHOUWEN_DATA": str(folder / "data"),
        "SHOUWEN_DATABASE_URL": _new_database(like) if asked() == "postgresql" else "",
        "SHOUWEN_PORT": str(free_port()),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    return Installation(folder, kept | own)


def prepared(folder: Path) -> Installation:
    """The same with its tables, which takes the time of a copy and not of all migrations."""
    first = _migrated()
    address = first.environment["SHOUWEN_DATABASE_URL"].partition("?")[0]
    shutil.copytree(first.folder / "data", folder / "data")
    return install(folder, like=address.rpartition("/")[2])


@cache
def _migrated() -> Installation:
    folder = Path(tempfile.mkdtemp(prefix="shouwen-installed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    installation = install(folder)
    installation.run("migrate")
    return installation


#: 李敏's 400 platform may register in 翠湖花园, and nothing else.
MOVE_IN = """
from datetime import UTC, datetime
from shouwen.accounts.actions import issue_token
from tests.cast import build
cast = build()
print(issue_token(name="400", staff=cast.limin, unit=cast.cuihu, rights=["contact.register"],
                  at=datetime.now(UTC)))
"""


def move_in(installation: Installation) -> str:
    """Brings the cast into a prepared installation. Returns a token that may register."""
    return installation.run("django-admin", "shell", "--no-imports", "-c", MOVE_IN).split()[-1]


def _new_database(like: str) -> str:
    server = os.environ["SHOUWEN_DATABASE_URL"]
    name = f"installation_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like or 'template1'}")
    before, _, query = server.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{query}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Waits for something that another process does."""
    for _ in range(int(seconds * 10)):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
