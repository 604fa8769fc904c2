"""Whose post reaches how far."""

from datetime import timedelta

import pytest

from shouwen.accounts.actions import (
    create_unit,
    deactivate,
    end_post,
    give_post,
    issue_token,
    token_digest,
)
from shouwen.accounts.models import ApiToken, OrgUnit, Staff
from shouwen.accounts.queries import projects_for, roles_to_give, visible_staff, visible_units
from shouwen.accounts.rights import RIGHTS, ROLES
from shouwen.accounts.scope import Scope, scope_of
from shouwen.estate.models import Unit
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.moments import moment

AT = moment("2026-11-19 09:12", "周四")
PROJECTS = {"cuihu", "jingui", "jiangnan"}


def scope(staff: Staff) -> Scope:
    return scope_of(staff, AT)


def through_token(staff: Staff, unit: OrgUnit, *rights: str) -> Scope:
    text = issue_token(name="400 平台", staff=staff, unit=unit, rights=list(rights), at=AT)
    return scope_of(staff, AT, ApiToken.objects.get(digest=token_digest(text)))


@pytest.mark.parametrize(
    ("who", "whole", "departments", "projects"),
    [
        ("limin", "翠湖花园", "", {"cuihu"}),
        ("gaofei", "翠湖花园", "", {"cuihu"}),
        ("sunli", "翠湖花园", "", {"cuihu"}),
        ("zhoumin", "翠湖花园", "", {"cuihu"}),
        ("chenjianguo", "", "工程部", {"cuihu"}),
        ("liuqiang", "", "工程部", {"cuihu"}),
        ("wuqiang", "", "环境部", {"cuihu"}),
        ("dingyi", "", "环境部", {"cuihu"}),
        ("fengjuan", "锦绣物业", "", {"cuihu", "jingui"}),
        ("zhengjie", "锦绣物业", "", {"cuihu", "jingui"}),
        ("zhaogang", "锦绣物业", "", {"cuihu", "jingui"}),
        ("qianhong", "锦绣集团", "", PROJECTS),
        ("jiangnan_clerk", "江南里", "", {"jiangnan"}),
        ("admin", "", "", set()),
    ],
)
def test_cases_are_seen_whole_or_by_department_and_only_where_the_post_reaches(
    cast: Cast, who: str, whole: str, departments: str, projects: set[str]
) -> None:
    seen = scope(getattr(cast, who))
    assert "".join(unit.name for unit in seen.wide("case.view")) == whole
    assert "".join(unit.name for unit in seen.departments("case.view")) == departments
    reached = {name for name in PROJECTS if seen.can("case.view", getattr(cast, name))}
    assert reached == projects
    assert set(projects_for(seen)) == {getattr(cast, name) for name in projects}


@pytest.mark.parametrize(
    ("who", "home", "elsewhere"),
    [
        ("limin", True, False),
        ("zhengjie", True, False),
        ("qianhong", True, True),
        ("admin", True, True),
        ("chenjianguo", False, False),
        ("jiangnan_clerk", False, True),
    ],
)
def test_a_record_is_found_by_those_who_reach_its_project(
    cast: Cast, who: str, home: bool, elsewhere: bool
) -> None:
    units = Unit.objects.filter(scope(getattr(cast, who)).on("estate.view"))
    assert units.filter(pk=cast.home.pk).exists() is home
    assert units.filter(pk=cast.elsewhere.pk).exists() is elsewhere


def test_two_posts_reach_both_places_each_with_its_own_rights(cast: Cast) -> None:
    give_post(staff=cast.limin, unit=cast.jiangnan, role="auditor", at=AT, main=False)
    both = scope(cast.limin)
    assert both.can("case.view", cast.jiangnan)
    assert both.can("contact.register", cast.cuihu)
    assert not both.can("contact.register", cast.jiangnan)
    assert both.roles(cast.jiangnan) == ("auditor",)
    assert set(Unit.objects.filter(both.on("estate.view")).values_list("project", flat=True)) == {
        cast.cuihu.pk
    }


def test_a_post_counts_from_its_first_moment_until_its_last(cast: Cast) -> None:
    post = cast.limin.posts.get()
    end_post(post=post, at=AT)
    assert scope_of(cast.limin, AT - timedelta(seconds=1)).can("case.view", cast.cuihu)
    assert not scope_of(cast.limin, AT).reaches
    give_post(staff=cast.limin, unit=cast.jingui, role="csr", at=AT + timedelta(days=1))
    assert not scope_of(cast.limin, AT).reaches
    assert scope_of(cast.limin, AT + timedelta(days=1)).can("case.view", cast.jingui)


def test_who_has_left_reaches_nothing_whatever_posts_say(cast: Cast) -> None:
    deactivate(staff=cast.limin, at=AT)
    give_post(staff=cast.limin, unit=cast.cuihu, role="csr", at=AT)
    assert not scope(cast.limin).reaches


def test_a_right_that_is_missing_is_refused_in_words(cast: Cast) -> None:
    with pytest.raises(Refused, match="没有这项权限") as refused:
        scope(cast.limin).require("case.void", cast.cuihu)
    assert refused.value.code == "not-allowed"


# --- Tokens ---------------------------------------------------------------------------------------


def test_a_token_gives_only_its_rights_and_never_more_than_the_person_has(cast: Cast) -> None:
    narrow = through_token(cast.limin, cast.cuihu, "contact.register", "case.void")
    assert narrow.can("contact.register", cast.cuihu)
    assert not narrow.can("case.view", cast.cuihu)
    assert not narrow.can("case.void", cast.cuihu)


def test_a_token_for_one_project_does_not_reach_the_rest_of_the_company(cast: Cast) -> None:
    narrow = through_token(cast.zhengjie, cast.cuihu, *RIGHTS)
    assert narrow.can("case.view", cast.cuihu)
    assert not narrow.can("case.view", cast.jingui)
    assert set(Unit.objects.filter(narrow.on("estate.view")).values_list("project", flat=True)) == {
        cast.cuihu.pk
    }


def test_a_token_for_a_place_that_the_person_does_not_reach_reaches_nothing(cast: Cast) -> None:
    assert not through_token(cast.limin, cast.jiangnan, *RIGHTS).reaches


def test_a_token_for_the_group_does_not_widen_a_post(cast: Cast) -> None:
    assert not through_token(cast.limin, cast.group, *RIGHTS).can("case.view", cast.jingui)


def test_a_token_for_another_department_does_not_open_ones_own(cast: Cast) -> None:
    other = through_token(cast.chenjianguo, cast.department("security"), *RIGHTS)
    assert not other.departments("case.view")


def test_a_token_for_a_team_does_not_see_the_whole_department(cast: Cast) -> None:
    team = create_unit(
        kind="team", code="CH-GC-1", name="水电班", parent=cast.department("engineering")
    )
    assert through_token(cast.liuqiang, team, *RIGHTS).departments("case.view") == [team]


# --- Who may give what ----------------------------------------------------------------------------


def test_a_manager_gives_no_role_that_can_do_more_than_a_manager(cast: Cast) -> None:
    given = set(roles_to_give(scope(cast.zhoumin), cast.cuihu))
    assert {"csr", "engineer", "cs_head", "project_manager"} <= given
    assert not given & {"admin", "company_cs", "company_leader", "hq_cs", "auditor"}


def test_a_manager_gives_nothing_outside_the_project(cast: Cast) -> None:
    assert roles_to_give(scope(cast.zhoumin), cast.jingui) == []
    assert roles_to_give(scope(cast.zhoumin), cast.jinxiu) == []


def test_an_administrator_gives_any_role_and_others_none(cast: Cast) -> None:
    assert roles_to_give(scope(cast.admin), cast.jiangnan) == list(ROLES)
    assert roles_to_give(scope(cast.qianhong), cast.cuihu) == []


@pytest.mark.parametrize(
    ("who", "sees", "does_not_see"),
    [
        ("limin", "cuihu", "jingui"),
        ("wuqiang", "cuihu", "jinxiu"),
        ("zhengjie", "jingui", "jiangnan"),
        ("chenjianguo", "", "cuihu"),
    ],
)
def test_the_tree_is_seen_as_far_as_the_post_reaches(
    cast: Cast, who: str, sees: str, does_not_see: str
) -> None:
    units = visible_units(scope(getattr(cast, who)))
    assert not sees or getattr(cast, sees) in units
    assert getattr(cast, does_not_see) not in units


def test_a_colleague_who_moved_away_is_no_longer_seen_and_one_who_left_still_is(cast: Cast) -> None:
    seen = visible_staff(scope(cast.zhoumin), AT)
    assert {cast.limin, cast.wangfang} <= set(seen)
    end_post(post=cast.limin.posts.get(), at=AT)
    give_post(staff=cast.limin, unit=cast.jingui, role="csr", at=AT)
    deactivate(staff=cast.wangfang, at=AT)
    assert cast.limin not in seen.all()
    assert cast.wangfang in seen.all()
