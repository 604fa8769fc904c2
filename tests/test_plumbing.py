"""The tests run where they say that they run, and the program keeps its promises to the disk."""

import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db import connection, connections
from django.test import RequestFactory

from shouwen import clock as real_clock
from shouwen import config
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import scope_of
from tests.cast import PASSWORD, Cast
from tests.databases import asked
from tests.moments import SetClock, moment


@pytest.mark.django_db
def test_the_tests_use_the_database_that_they_were_asked_to_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.vendor == asked()


@pytest.mark.django_db
def test_what_was_confirmed_is_on_the_disk_with_the_settings_of_the_program() -> None:
    settings = config.databases(config.from_environment())["default"]
    setting = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    own = type(connections["default"])({**connections["default"].settings_dict, **settings}, "own")
    with own.cursor() as cursor:
        cursor.execute(setting[own.vendor])
        found = cursor.fetchone()
    own.close()
    assert found == {"sqlite": (2,), "postgresql": ("on",)}[own.vendor]


@pytest.mark.parametrize("again", [1, 2])
def test_every_test_begins_with_the_whole_cast_and_nobody_else(cast: Cast, again: int) -> None:
    assert Staff.objects.count() == 22
    assert cast.home.key == "3-2-501"
    assert cast.department("engineering").name == "工程部"
    assert scope_of(cast.limin, moment("2026-11-19 09:12", "周四")).can("case.view", cast.cuihu)
    OrgUnit.objects.create(kind="team", code=f"extra-{again}", name="夜班", path="/9/")
    cast.limin.name = "别人"
    assert Staff.objects.get(username="limin").name == "李敏"


@pytest.mark.django_db(transaction=True)
def test_the_cast_is_the_same_where_tests_really_commit(cast: Cast) -> None:
    assert Staff.objects.count() == 22
    assert OrgUnit.objects.create(kind="team", code="extra", name="夜班", path="/9/").pk


def test_a_test_that_asks_for_nobody_finds_nobody(db: None) -> None:
    assert not Staff.objects.exists()


def test_people_sign_in_with_argon2(cast: Cast) -> None:
    assert cast.limin.password.startswith("argon2$argon2id$")
    request = RequestFactory().post("/")
    assert authenticate(request, username="limin", password=PASSWORD) == cast.limin


def test_the_clock_stands_where_it_was_put(clock: SetClock) -> None:
    for day in ("2026-11-19 09:12", "2026-11-20 09:12"):
        at = clock(day)
        assert real_clock.now() == at


def test_a_wrong_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match="周四"):
        moment("2026-11-19 09:12", "周五")


def test_the_secret_is_made_once_and_is_nobody_elses_business(tmp_path: Path) -> None:
    first, second = (config.from_environment({"SHOUWEN_DATA": str(tmp_path)}) for _ in "ab")
    assert first.secret_key == second.secret_key != ""
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [("SHOUWEN_PORT", "achttausend"), ("SHOUWEN_PROCESSES", "0")],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=name):
        config.from_environment({"SHOUWEN_DATA": str(tmp_path), name: value})


def test_an_address_of_postgresql_is_read_whole(tmp_path: Path) -> None:
    url = "postgresql://li:p%40ss@db.example:5433/desk?sslmode=require"
    read = config.databases(
        config.from_environment({"SHOUWEN_DATA": str(tmp_path), "SHOUWEN_DATABASE_URL": url})
    )["default"]
    assert [read[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "li", "p@ss", "db.example", "5433", "desk",
    ]  # fmt: skip
    assert read["OPTIONS"] == {"options": "-c synchronous_commit=on", "sslmode": "require"}
