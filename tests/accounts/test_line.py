"""Who is here, who stands in, and who is next above."""

from datetime import datetime, timedelta

import pytest

from shouwen.accounts.actions import create_unit, deactivate, end_absence, record_absence
from shouwen.accounts.models import Staff
from shouwen.accounts.queries import colleagues, holders, line_above, present
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.moments import moment

AT = moment("2026-11-19 09:12", "周四")
DAY = timedelta(days=1)


def away(staff: Staff, deputy: Staff | None = None, at: datetime = AT) -> None:
    record_absence(staff=staff, starts_at=at, ends_at=at + DAY, deputy=deputy)


def test_the_line_above_a_team_ends_at_the_group(cast: Cast) -> None:
    team = create_unit(
        kind="team", code="CH-GC-1", name="水电班", parent=cast.department("engineering")
    )
    names = [unit.name for unit in line_above(team)]
    assert names == ["水电班", "工程部", "翠湖花园", "锦绣物业", "锦绣集团"]


def test_who_is_away_is_replaced_by_the_deputy(cast: Cast) -> None:
    away(cast.limin, cast.wangfang)
    assert present([cast.limin], AT) == [cast.wangfang]


def test_who_is_away_without_a_deputy_is_passed_over(cast: Cast) -> None:
    away(cast.zhoumin)
    assert present([cast.zhoumin], AT) == []


def test_a_deputy_who_is_away_too_is_passed_over(cast: Cast) -> None:
    away(cast.limin, cast.wangfang)
    away(cast.wangfang)
    assert present([cast.limin], AT) == []


def test_a_deputy_who_has_left_is_passed_over(cast: Cast) -> None:
    away(cast.limin, cast.wangfang)
    deactivate(staff=cast.wangfang, at=AT)
    assert present([cast.limin], AT) == []


def test_a_deputy_who_was_asked_already_is_asked_once(cast: Cast) -> None:
    away(cast.limin, cast.wangfang)
    assert present([cast.limin, cast.wangfang], AT) == [cast.wangfang]


@pytest.mark.parametrize(
    ("after", "here"), [(timedelta(0), False), (DAY - timedelta(seconds=1), False), (DAY, True)]
)
def test_an_absence_counts_from_its_beginning_to_just_before_its_end(
    cast: Cast, after: timedelta, here: bool
) -> None:
    away(cast.limin)
    assert present([cast.limin], AT + after) == ([cast.limin] if here else [])
    assert present([cast.limin], AT - timedelta(seconds=1)) == [cast.limin]


def test_climbing_the_line_passes_over_a_manager_who_is_away(cast: Cast) -> None:
    away(cast.zhoumin)
    roles = ("project_manager", "company_cs")
    levels = [
        present(holders([unit], roles, AT), AT)
        for unit in line_above(cast.department("engineering"))
    ]
    assert next(level for level in levels if level) == [cast.zhengjie]


def test_somebody_back_early_is_here_again(cast: Cast) -> None:
    away(cast.limin, cast.wangfang)
    back = AT + timedelta(hours=2)
    end_absence(absence=cast.limin.absences.get(), at=back)
    assert present([cast.limin], back) == [cast.limin]
    assert present([cast.limin], back - timedelta(minutes=1)) == [cast.wangfang]


def test_an_absence_that_has_not_begun_is_taken_back(cast: Cast) -> None:
    away(cast.limin, at=AT + DAY)
    end_absence(absence=cast.limin.absences.get(), at=AT)
    assert not cast.limin.absences.exists()


def test_an_absence_that_is_over_cannot_be_ended_again(cast: Cast) -> None:
    away(cast.limin)
    with pytest.raises(Refused, match="已经结束"):
        end_absence(absence=cast.limin.absences.get(), at=AT + DAY)


def test_nobody_is_away_twice_at_a_time(cast: Cast) -> None:
    away(cast.limin)
    with pytest.raises(Refused) as refused:
        away(cast.limin, at=AT + DAY / 2)
    assert refused.value.field == "starts_at"
    away(cast.limin, at=AT + DAY)


def test_nobody_stands_in_for_themselves(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能是本人"):
        away(cast.limin, cast.limin)


def test_those_of_the_same_project_can_stand_in(cast: Cast) -> None:
    found = set(colleagues(cast.chenjianguo, AT))
    assert {cast.limin, cast.zhoumin, cast.hewei} <= found
    assert not found & {cast.chenjianguo, cast.jingui_clerk, cast.zhengjie, cast.admin}
    assert set(colleagues(cast.zhengjie, AT)) == {
        cast.zhaogang,
        cast.fengjuan,
        cast.tangli,
    }
