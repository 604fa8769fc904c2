"""Rows of one step that are done one by one: a row that fails holds back no other.

Its failure is not swallowed. It waits until the others had their turn, and what they did is
committed; then it is raised, and the worker logs it with its whole story and the row it was about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import OperationalError, transaction

Row = TypeVar("Row")


def tried(
    rows: Iterable[Row],
    do: Callable[[Row], object],
    put_off: Callable[[Row], object] = lambda row: None,
) -> list[Exception]:
    """Do each row in a transaction of its own, within one that may be open. Returns what was
    raised, to be handed to `raise_all`; `put_off` sees to it that the row is not first again.

    A database that does not answer is no fault of a row: then all of them wait.
    """
    failed: list[Exception] = []
    for row in rows:
        try:
            with transaction.atomic():
                do(row)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - raised by raise_all, after the other rows
            error.add_note(f"row: {row!r}")
            failed.append(error)
            put_off(row)
    return failed


def raise_all(failed: list[Exception]) -> None:
    if failed:
        raise ExceptionGroup(f"{len(failed)} rows failed", failed)


def summed(rows: Iterable[Row], do: Callable[[Row], int]) -> int:
    """What all rows come to. Those that fail are raised after the others were done."""
    counts: list[int] = []
    raise_all(tried(rows, lambda row: counts.append(do(row))))
    return sum(counts)
