"""The tables: a new database gets them at once, an older one by the migrations that it lacks.

Going through every migration Django renders the models again for each that is added: a minute of
waiting for what the models say at a glance (docs/decisions/0016).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import click
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor


def migrate() -> None:
    """Bring the database to the shape that this version needs, saying how far it is."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    if executor.loader.applied_migrations:
        click.echo(f"数据库：更新结构（{len(plan)} 步）")
        call_command("migrate", interactive=False, verbosity=0)
    else:
        click.echo("数据库：建立新库")
        _create(executor, [migration for migration, _backwards in plan])


def _create(executor: MigrationExecutor, done: Sequence[Migration]) -> None:
    """Whole or not at all: who is interrupted begins again with an empty database."""
    executor.recorder.ensure_schema()
    with connection.schema_editor() as editor:
        create_tables(editor)
        for migration in done:
            executor.recorder.record_applied(migration.app_label, migration.name)


def create_tables(editor: BaseDatabaseSchemaEditor) -> None:
    """Of every model, and what no model describes."""
    for model in apps.get_models():
        if model._meta.can_migrate(editor.connection):
            editor.create_model(model)
    create_search_index(editor)


def create_search_index(editor: BaseDatabaseSchemaEditor) -> None:
    import_module("shouwen.cases.migrations.0002_search_index").create(apps, editor)
