"""A new database and one that came through every migration are the same."""

from pathlib import Path

import pytest
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader

from tests.installation import install, prepared

#: Every table with its columns, indexes and constraints, in one order and without Django's own.
DESCRIBE = """
from django.db import connection
look = connection.introspection
with connection.cursor() as cursor:
    for table in sorted(info.name for info in look.get_table_list(cursor)):
        columns = look.get_table_description(cursor, table)
        print(table, *sorted(repr(column[:2] + column[3:8]) for column in columns), sep="\\n  ")
        found = look.get_constraints(cursor, table).values()
        kinds = ("columns", "unique", "check", "index", "foreign_key", "orders", "primary_key")
        print("", *sorted(str([one.get(kind) for kind in kinds]) for one in found), sep="\\n  ")
"""


@pytest.mark.once
def test_a_new_database_has_the_tables_that_the_migrations_lead_to(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    new, old = prepared(tmp_path / "new"), install(tmp_path)
    old.run("django-admin", "migrate", "--verbosity", "0", seconds=600)
    shell = ("django-admin", "shell", "--no-imports", "-c", DESCRIBE)
    described = [each.run(*shell) for each in (new, old)]
    assert "cases_case\n" in described[0]
    assert described[0] == described[1]
    assert old.run("migrate") == new.run("migrate") == ""


def test_the_search_index_is_all_that_no_model_describes() -> None:
    """Another one belongs into `tables.create_tables` too."""
    own = {
        (label, name)
        for (label, name), migration in MigrationLoader(connection=None).disk_migrations.items()
        if migration.__module__.startswith("shouwen.")
        and any(isinstance(step, RunPython | RunSQL) for step in migration.operations)
    }
    assert own == {("cases", "0002_search_index")}
