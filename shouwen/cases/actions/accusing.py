"""Who is complained about: found by the name that was typed, and told to the one above."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import departments_of, holders, people_below, reach_role
from shouwen.cases.models import Case
from shouwen.cases.people import HEADS
from shouwen.notify.actions import tell


def accused_of(project: OrgUnit, said: str, at: datetime) -> str:
    """The number of a member of staff or the code of a department, where the name means exactly
    one; else nothing, and the words alone are kept."""
    if not said:
        return ""
    people = list(people_below(project, at).filter(name=said).values_list("number", flat=True)[:2])
    units = list(departments_of(project).filter(name=said).values_list("code", flat=True)[:2])
    found = [*people, *units]
    return str(found[0]) if len(found) == 1 else ""


def tell_superior(case: Case, accused: str, at: datetime) -> None:
    """The head of the department that the person works in; of a head, and of a department, the
    project manager (S2-A14-5a)."""
    tell(
        people=_superiors(case.project, accused, at),
        event=f"case:{case.pk}:accused:{accused}",
        at=at,
        subject=f"投诉涉及您的下属：{case.title}",
        body=case.text,
        url=f"/cases/{case.number}",
        urgent=True,
    )


def _superiors(project: OrgUnit, accused: str, at: datetime) -> list[Staff]:
    units = OrgUnit.objects.filter(posts__staff__number=accused, posts__until=None)
    heads = holders(units, HEADS, at)
    if any(head.number == accused for head in heads):
        heads = []
    above = heads or reach_role("project_manager", project, at)
    return [person for person in above if person.number != accused]
