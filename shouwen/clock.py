"""What time is it. The only place that asks.

`now()` is called at the edge (a view, a command, the worker); everything below is handed `at`.
Tests, the demo and rehearsals set the clock with `set_to`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _set_to.get() or datetime.now(UTC)  # noqa: TID251 - the one place that may


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Within the block it is this moment, in this context (thread, task) only."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
