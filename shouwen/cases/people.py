"""Who is meant by the names in a regulation: owner, department, assignee, duty, or a role."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import (
    department_for,
    holders,
    people_with_role,
    present,
    reach_role,
    staff_of,
)
from shouwen.accounts.rights import FUNCTIONS
from shouwen.cases.models import Case, Commitment

#: Who speaks for a department.
HEADS = ("repair_head", "dept_head", "cs_head")


def people_for(
    name: str, case: Case, at: datetime, commitment: Commitment | None = None
) -> list[Staff]:
    """The people behind a name, those who are away replaced by deputies or by the next in the line.

    Never empty as long as anybody in the reporting line is here: what nobody holds reaches the
    supervisor of the desk.
    """
    found = _named(name, case, at, commitment)
    return found or reach_role("cs_head", case.project, at)


def _named(name: str, case: Case, at: datetime, commitment: Commitment | None) -> list[Staff]:
    if name == "holder":
        return _holders(case, at, commitment)
    if name == "owner":
        return present([case.delegate or case.owner], at)
    if name == "assignee":
        return present([case.assignee], at) if case.assignee else _department(case.department, at)
    if name in ("department", "dept_head"):
        return _department((commitment and commitment.department) or case.department, at)
    if name in FUNCTIONS:
        return _department(department_for(case.project, name), at)
    if name == "duty":
        return people_with_role("night_duty", case.project, at)
    return reach_role(name, case.project, at)


def _holders(case: Case, at: datetime, commitment: Commitment | None) -> list[Staff]:
    if commitment and commitment.holder:
        return present([commitment.holder], at)
    if commitment and commitment.department:
        return _department(commitment.department, at)
    return present([case.delegate or case.owner], at)


def _department(unit: OrgUnit | None, at: datetime) -> list[Staff]:
    """The heads of a department who are here, else everybody of it who is."""
    if unit is None:
        return []
    return present(holders([unit], HEADS, at), at) or present(staff_of(unit, at), at)


class Holders:
    """On whose board the commitments of a case stand. Each name is looked up once."""

    def __init__(self, case: Case, at: datetime) -> None:
        self.case, self.at = case, at
        self._found: dict[str, Staff | None] = {}

    def of(self, name: str) -> Staff | None:
        """The person behind a name; None while it is a whole department's."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> Staff | None:
        case = self.case
        if name == "owner":
            return case.delegate or case.owner
        if name in ("assignee", "department", "dept_head"):
            return case.assignee
        if case.owner.posts.filter(until=None, role=name).exists():
            return case.delegate or case.owner
        return next(iter(people_with_role(name, case.project, self.at)), None)
