"""Web and worker live together: what dies comes back, and both go when they are told to."""

import os
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.installation import Installation, install, prepared, until


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return prepared(tmp_path)


def descendants(process: subprocess.Popen[str]) -> dict[str, int]:
    """The processes right below, by what they are: {"granian": 17, "work": 18}."""
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    named = {}
    for line in found.stdout.splitlines():
        pid, words = line.split(maxsplit=1)
        if "granian" in words or words.endswith(" work"):
            named["granian" if "granian" in words else "work"] = int(pid)
    return named


def alive_in_group(group: int) -> list[str]:
    """What runs on of the processes that a dead one had started; a zombie does not run."""
    everything = subprocess.run(
        ["ps", "-e", "-o", "pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in everything.stdout.splitlines()]
    return [state for pgid, state in rows if pgid == str(group) and not state.startswith("Z")]


def answers(address: str) -> bool:
    """Whether a page comes back, whatever it says: pages are other tests' business."""
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


def test_serve_prepares_the_database_and_says_where_the_pages_are(tmp_path: Path) -> None:
    installation = install(tmp_path)
    with installation.start("serve", "--note", "演示") as process:
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in range(2)]
        assert lines[0] == "数据库：建立新库"
        assert lines[1] == f"首问已启动：{installation.address}/  演示"
        until(lambda: answers(installation.address))
    assert process.returncode == 0


@pytest.mark.once
@pytest.mark.parametrize("name", ["granian", "work"])
def test_what_is_killed_comes_back(name: str, installation: Installation) -> None:
    with installation.start("serve") as process:
        until(lambda: answers(installation.address))
        until(lambda: len(descendants(process)) == 2)
        before = descendants(process)
        os.kill(before[name], signal.SIGKILL)
        until(lambda: descendants(process).get(name, before[name]) != before[name])
        until(lambda: answers(installation.address))
        assert not alive_in_group(before[name])


@pytest.mark.once
def test_nothing_is_left_when_serve_was_told_to_stop(installation: Installation) -> None:
    with installation.start("serve") as process:
        until(lambda: answers(installation.address))
        until(lambda: len(descendants(process)) == 2)
        children = descendants(process)
    assert not [pid for pid in children.values() if Path(f"/proc/{pid}").exists()]
    assert not answers(installation.address)


@pytest.mark.once
def test_a_taken_port_is_said_and_not_fought_over(installation: Installation) -> None:
    with installation.start("serve"):
        until(lambda: answers(installation.address))
        with installation.start("serve") as second:
            assert second.stdout
            assert "SHOUWEN_PORT" in second.stdout.read()
    assert second.returncode == 1


def test_the_files_of_an_installation_are_in_its_data_folder(tmp_path: Path) -> None:
    installation = install(tmp_path)
    installation.run("migrate")
    assert {path.name for path in installation.folder.iterdir()} == {"data"}
    url = installation.environment["SHOUWEN_DATABASE_URL"]
    if url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM accounts_staff").fetchone() == (0,)
    else:
        assert (installation.folder / "data" / "shouwen.sqlite3").exists()
