"""The 2-gram index of texts: the one table that differs from engine to engine (`cases.search`)."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE cases_searchgrams USING"
        " fts5(grams, content='', detail=none, columnsize=0, tokenize='unicode61')",
    ],
    "postgresql": [
        "ALTER TABLE cases_searchtext ADD COLUMN grams text[] NOT NULL DEFAULT '{}'",
        "CREATE INDEX cases_searchtext_grams ON cases_searchtext USING gin (grams)"
        " WITH (fastupdate = off)",
    ],
}
DROP = {
    "sqlite": ["DROP TABLE cases_searchgrams"],
    "postgresql": ["ALTER TABLE cases_searchtext DROP COLUMN grams"],
}


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in CREATE[editor.connection.vendor]:
        editor.execute(statement)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in DROP[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
