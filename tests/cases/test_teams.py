"""Work handed to a team is seen by the team and by the head above it, and by nobody beside it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shouwen.accounts.actions import create_staff, create_unit, give_post
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from tests.cases.conftest import MORNING
from tests.cast import FOUNDED, Cast

Scoped = Callable[[Staff], Scope]


@pytest.mark.django_db
def test_a_head_sees_the_work_of_his_teams_and_another_team_does_not(
    registered: Callable[..., Case], cast: Cast, scope: Scoped
) -> None:
    engineering = cast.department("engineering")
    water, power = (
        create_unit(kind="team", code=f"CH-{name}", name=name, parent=engineering)
        for name in ("水班", "电班")
    )
    people = {}
    for number, (name, team) in enumerate((("老水", water), ("老电", power)), start=90):
        people[name] = create_staff(
            username=f"team{number}", name=name, number=str(number), password="水电班-2026-班组"
        )
        give_post(staff=people[name], unit=team, role="engineer", at=FOUNDED)
    case = registered("水管漏水", kind="repair", scope="home", told={"ticks": ["read-back"]})
    dispatch(case=case, lead=water, by=scope(cast.limin), at=MORNING + timedelta(minutes=1))
    seen = {
        person.name
        for person in (cast.liuqiang, cast.wuqiang, *people.values())
        if visible_cases(scope(person)).filter(pk=case.pk).exists()
    }
    assert seen == {"刘强", "老水"}
