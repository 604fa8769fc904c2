"""Rows kept in memory, to be put into the database again within milliseconds."""

import pickle
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

T = TypeVar("T")
Statement = tuple[str, Any]


class Snapshot(Generic[T]):
    """What `build` puts into an empty database: made once, the same rows every time after.

    Tests that roll back and tests that really commit (browser, threads) begin alike, and a test
    that does not ask for it finds the database empty. Putting back says again what Django said to
    the database the first time, so that it costs little more than the rows themselves.
    """

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._made = b""
        self._rows: list[list[Model]] = []
        self._statements: list[Statement] = []

    def put(self) -> T:
        if not self._made:
            self._made = pickle.dumps(self._build())
            self._rows = [list(model._default_manager.all()) for model in _ours()]
        else:
            self._put_back()
        made: T = pickle.loads(self._made)  # noqa: S301 - it was dumped above
        return made

    def _put_back(self) -> None:
        with transaction.atomic():
            if not self._statements:
                with connection.execute_wrapper(self._listen):
                    _insert(rows for rows in self._rows if rows)
            else:
                with connection.cursor() as cursor:
                    for statement, values in self._statements:
                        cursor.execute(statement, values)

    def _listen(
        self, execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any
    ) -> Any:
        self._statements.append((statement, values))
        return execute(statement, values, many, context)


def _insert(tables: Iterable[list[Model]]) -> None:
    for rows in tables:
        type(rows[0])._default_manager.bulk_create(rows)
        _count_on(type(rows[0]))


def _ours() -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model.__module__.startswith("shouwen.")]


def _count_on(model: type[Model]) -> None:
    """The next id after those that were put in by hand: PostgreSQL does not notice by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
