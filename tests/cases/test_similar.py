"""The same matter told a second time is offered before it is made a second case."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case, CaseLink, Contact
from shouwen.cases.similar import similar_cases
from shouwen.estate.models import Unit
from tests.cast import Cast
from tests.moments import moment

SignIn = Callable[[Client, Staff], Client]
Clock = Callable[..., datetime]
BEFORE, NOW = moment("2026-11-19 16:20", "周四"), moment("2026-11-20 09:12", "周五")
LEAK = "卫生间天花板在滴水，楼上好像没人"


def unit_at(cast: Cast, key: str) -> Unit:
    return Unit.objects.get(project=cast.cuihu, key=key)


def told(cast: Cast, text: str, unit: Unit | None = None, at: datetime = BEFORE) -> Case:
    return register(
        project=cast.cuihu, told=Told(text=text, unit=unit), by=scope_of(cast.limin, at), at=at
    )


def found(cast: Cast, text: str, unit: Unit | None = None) -> list[tuple[Case, str, str]]:
    alike = similar_cases(scope_of(cast.limin, NOW), cast.cuihu, text, NOW, unit=unit)
    return [(one.case, one.place, one.why) for one in alike]


def test_a_leak_in_the_same_pipe_is_offered_and_says_what_is_alike(cast: Cast) -> None:
    below = told(cast, "卫生间顶部滴水，墙面渗水", unit_at(cast, "3-2-401"))
    assert found(cast, LEAK, cast.home) == [(below, "同一立管", "相同：卫生间、滴水")]


def test_the_nearer_comes_first(cast: Cast) -> None:
    keys = ("1-1-101", "3-1-101", "3-2-302", "3-2-301", "3-2-501")
    cases = [told(cast, LEAK, unit_at(cast, key)) for key in keys]
    places = ["同一户", "同一立管", "同单元", "同一栋", "本项目"]
    assert [place for _, place, _ in found(cast, LEAK, cast.home)] == places
    assert [case for case, _, _ in found(cast, LEAK, cast.home)] == cases[::-1]


@pytest.mark.parametrize("text", ["电梯里有人抽烟", "我要投诉", "在吗", "hello", ""])
def test_what_shares_no_words_is_not_offered(cast: Cast, text: str) -> None:
    told(cast, "卫生间顶部滴水", cast.home)
    assert found(cast, text, cast.home) == []


def test_in_the_rest_of_the_project_one_shared_word_is_not_enough(cast: Cast) -> None:
    told(cast, "卫生间灯不亮", unit_at(cast, "1-1-101"))
    assert found(cast, LEAK, cast.home) == []


def test_what_was_told_long_ago_or_voided_is_not_offered(cast: Cast) -> None:
    told(cast, LEAK, cast.home, moment("2026-08-01 10:00"))
    void = told(cast, LEAK, cast.home)
    Case.objects.filter(pk=void.pk).update(status="void")
    assert found(cast, LEAK, cast.home) == []


def test_a_case_of_another_project_is_never_offered(cast: Cast) -> None:
    register(
        project=cast.jiangnan, told=Told(text=LEAK, unit=cast.elsewhere),
        by=scope_of(cast.jiangnan_clerk, BEFORE), at=BEFORE,
    )  # fmt: skip
    assert found(cast, LEAK, cast.elsewhere) == []


def test_it_takes_two_questions_to_the_database(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for floor in range(1, 7):
        told(cast, LEAK, unit_at(cast, f"3-2-{floor}01"))
    scope = scope_of(cast.limin, NOW)
    with django_assert_num_queries(2):
        assert len(similar_cases(scope, cast.cuihu, LEAK, NOW, unit=cast.home)) == 5


def test_a_neighbour_joins_and_stays_somebody_to_be_told(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    first = told(cast, LEAK, unit_at(cast, "3-2-401"))
    clock("2026-11-20 09:12", "周五")
    page = sign_in(client, cast.limin).post(
        "/desk/preview", {"text": LEAK, "unit": cast.home.pk}, headers={"HX-Request": "true"}
    )
    assert f'name="join" value="{first.number}"' in page.content.decode()
    client.post("/desk", {"text": LEAK, "who": "3-2-501", "join": first.number})
    second = Case.objects.exclude(pk=first.pk).get()
    assert (second.status, second.merged_into, second.customer) == ("merged", first, cast.mswang)
    assert first.journal.filter(verb="absorbed", data__customer="王女士").exists()


def test_the_same_home_again_presses_for_the_case_that_is_there(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    first = told(cast, LEAK, cast.home)
    clock("2026-11-20 09:12", "周五")
    text = "还在滴水，怎么没人来"
    sign_in(client, cast.limin).post(
        "/desk", {"text": text, "who": "3-2-501", "join": first.number}
    )
    contact = Contact.objects.latest("pk")
    assert Case.objects.count() == 1
    urged = first.journal.get(verb="urged")
    assert text in urged.data["text"]
    assert urged.said_by == "王女士"
    assert first.number in client.get(f"/contacts/{contact.number}").content.decode()


def test_linking_makes_a_case_of_its_own_that_knows_the_other(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    first = told(cast, LEAK, unit_at(cast, "3-2-401"))
    clock("2026-11-20 09:12", "周五")
    sign_in(client, cast.limin).post("/desk", {"text": LEAK, "link": first.number})
    second = Case.objects.latest("pk")
    assert second.is_open
    link = CaseLink.objects.get()
    assert (link.a, link.b, link.kind) == (second, first, "related")


def test_a_case_that_one_may_not_see_cannot_be_joined(
    cast: Cast, client: Client, sign_in: SignIn, clock: Clock
) -> None:
    other = register(
        project=cast.jiangnan, told=Told(text=LEAK), by=scope_of(cast.jiangnan_clerk, BEFORE),
        at=BEFORE,
    )  # fmt: skip
    clock("2026-11-20 09:12", "周五")
    answer = sign_in(client, cast.limin).post("/desk", {"text": LEAK, "join": other.number})
    assert answer.status_code == 422
    assert "没有找到这件事" in answer.content.decode()
    assert Contact.objects.filter(project=cast.cuihu).count() == 0
