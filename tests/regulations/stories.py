"""Short journals for the rules of the written regulations."""

from typing import Any

from shouwen.adoption import library
from shouwen.rules.journal import Entry
from shouwen.rules.regulation import Rulebook
from tests.moments import moment

MORNING = moment("2026-11-19 09:12", "周四")
LIMIN, CHENJIANGUO, ZHOUMIN = "0001", "0003", "0007"
ROLES = {LIMIN: ("csr",), CHENJIANGUO: ("engineer",), ZHOUMIN: ("project_manager",)}


def story(facts: dict[str, str | bool], *later: Entry, **data: Any) -> list[Entry]:
    """A case that 李敏 registered, and what happened since."""
    opened = Entry(
        1, "opened", MORNING, LIMIN, ROLES[LIMIN], {"owner": LIMIN, "facts": facts, **data}
    )
    return [opened, *later]


def entry(verb: str, by: str = LIMIN, roles: tuple[str, ...] | None = None, **data: Any) -> Entry:
    return Entry(2, verb, MORNING, by, ROLES.get(by, ()) if roles is None else roles, data)


def work_done() -> Entry:
    """陈建国 has done the work, so he may neither verify nor visit."""
    return entry("done", CHENJIANGUO)


def book(*ids: str) -> Rulebook:
    return library.rulebook(ids)
