"""How a statement stands: how many have signed it, whose turn it is, and as what somebody acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shouwen.accounts.models import Absence, OrgUnit, Staff
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.rules.refused import Refused
from shouwen.rules.statements import Place, next_place, state_of
from shouwen.statements.models import Statement, StatementStep

SEE = "case.view"


def signatures(row: Statement) -> list[StatementStep]:
    """Those that hold: given since it was last returned."""
    found: list[StatementStep] = []
    for step in row.steps.select_related("by", "for_whom").order_by("pk"):
        if step.verb == "returned":
            found = []
        elif step.verb in StatementStep.SIGNATURES:
            found.append(step)
    return found


def signed_places(row: Statement) -> int:
    return len(signatures(row))


def turn(row: Statement) -> Place | None:
    """Where the next signature belongs; none when all are there or it is out."""
    return next_place(row.written, signed_places(row)) if row.is_open else None


def move(row: Statement, signed: int) -> None:
    """Where it stands with so many signatures, and whose turn it is then."""
    place = next_place(row.written, signed)
    row.state = state_of(row.written, signed)
    row.turn = place.role if place else row.written.prepared_by


@dataclass(frozen=True)
class Standing:
    """As what somebody acts: in a role, and, of a deputy, for whom."""

    role: str
    for_whom: Staff | None = None


def standing(role: str, unit: OrgUnit, by: Scope, at: datetime) -> Standing | None:
    """Whether somebody may act in this role for a unit: who holds it, the deputy of one who is
    away, or, where nobody who holds it is here, the next above."""
    if role in by.roles(unit):
        return Standing(role)
    if not by.can(SEE, unit) or by.staff not in reach_role(role, unit, at):
        return None
    away = Absence.objects.filter(
        deputy=by.staff, starts_at__lte=at, ends_at__gt=at,
        staff__posts__role=role, staff__posts__unit__path__startswith=unit.path,
    ).select_related("staff")  # fmt: skip
    absent = away.order_by("pk").first()
    return Standing(role, absent.staff if absent else None)


def require_standing(role: str, unit: OrgUnit, by: Scope, at: datetime) -> Standing:
    found = standing(role, unit, by, at)
    if found is None:
        people = "、".join(person.name for person in reach_role(role, unit, at))
        raise Refused("not-allowed", f"这一步由{people or '任职的人'}办，请转告。")
    return found
