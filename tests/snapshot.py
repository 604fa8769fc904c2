"""Rows kept in memory, to be put into the database again within milliseconds."""

from collections.abc import Callable
from copy import deepcopy
from typing import Generic, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

T = TypeVar("T")


class Snapshot(Generic[T]):
    """What `build` puts into an empty database: made once, the same rows every time after.

    Tests that roll back and tests that really commit (browser, threads) begin alike, and a test
    that does not ask for it finds the database empty.
    """

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._rows: list[list[Model]] = []
        self._made: T | None = None

    def put(self) -> T:
        if self._made is None:
            made = self._build()
            self._rows = [list(model._default_manager.all()) for model in _ours()]
            self._made = made
        else:
            self._put_back()
        return deepcopy(self._made)

    def _put_back(self) -> None:
        filled = [rows for rows in self._rows if rows]
        with transaction.atomic():
            for rows in filled:
                type(rows[0])._default_manager.bulk_create(deepcopy(rows))
            _count_on([type(rows[0]) for rows in filled])


def _ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("shouwen.")]


def _count_on(models: list[type[Model]]) -> None:
    """The next id after those that were put in by hand: PostgreSQL does not notice by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
