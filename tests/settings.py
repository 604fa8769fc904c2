"""The settings of the program, with what only tests may do cheaply."""

from pathlib import Path

from shouwen.settings import *  # noqa: F403 - all of them, these are the program's own
from shouwen.settings import DATABASES

#: Every client of a test would look through all static files first.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file and not memory: threads and the browser's server each open it, as in real life.
    _database["TEST"] = {"NAME": str(Path(_database["NAME"]).with_name("tests.sqlite3"))}
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
