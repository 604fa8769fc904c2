"""What the base page needs to know, as types. Whoever builds the page fills them in."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the left navigation. `count` zero is not shown.

    Lines of one `group` stand together under its name; the daily ones have none.
    """

    title: str
    url: str
    count: int = 0
    active: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu, a tab or a segment. `post` sends a form instead of following a link."""

    title: str
    url: str
    active: bool = False
    count: int = 0
    post: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: addresses of the neighbours, empty at the ends, and what is shown in words."""

    newer: str = ""
    older: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to open or fetch. `thumb` is the address of a small picture, for photos."""

    name: str
    url: str
    size: int = 0
    thumb: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist: what is wanted, whether it is there, who owes it."""

    title: str
    done: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a row of steps: `state` is "done", "now" or "next"."""

    title: str
    state: str = "next"


def steps(titles: Sequence[str], now: int) -> tuple[Step, ...]:
    """The row of steps in which number `now` (from 0) is the one to do."""
    return tuple(
        Step(title, "done" if at < now else "now" if at == now else "next")
        for at, title in enumerate(titles)
    )
