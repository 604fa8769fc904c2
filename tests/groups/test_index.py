"""Similar complaints are found as they come in, by an index of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwen.cases.models import Case
from shouwen.groups import index
from shouwen.groups.actions.noticing import hold_apart, notice
from shouwen.groups.index import likest
from shouwen.groups.models import Alike, Commonness, Gram
from shouwen.groups.queries import offers
from shouwen.notify.models import OutboxMessage
from tests.groups.conftest import NOW, SMOKE, Estate

LATER = NOW + timedelta(hours=1)


def test_the_likest_comes_first_and_says_why(estate: Estate) -> None:
    smoke, other = estate.tells("楼下饭店油烟太大", 0), estate.tells("小区路灯不亮", 9)
    estate.tells("单元门禁坏了", 20)
    notice(at=LATER)
    found = likest(estate.cast.cuihu, "饭店油烟熏人，开不了窗", kind="complaint")
    assert [one.case for one in found] == [smoke]
    assert other not in [one.case for one in found]
    assert found[0].likeness.why == "都说到“饭店油烟”"


def test_what_is_rare_in_the_project_tells_more(estate: Estate) -> None:
    for n in range(12):
        estate.tells(f"电梯里面有异响 {n}", n)
    rare = estate.tells("电梯轿厢进水", 30)
    notice(at=LATER)
    found = likest(estate.cast.cuihu, "轿厢进水了电梯停了", kind="complaint")
    assert found[0].case == rare


def test_a_case_is_taken_in_once_whatever_its_number(estate: Estate) -> None:
    estate.complaints(3)
    assert notice(at=LATER) == 3
    assert notice(at=LATER) == 0
    assert Commonness.objects.get(project=estate.cast.cuihu, gram=index.ALL).cases == 3
    straggler = Case.objects.order_by("pk")[0]
    Gram.objects.filter(case=straggler).delete()
    straggler.compared.delete()
    assert notice(at=LATER) == 1


def test_nothing_of_another_project_is_found(estate: Estate) -> None:
    estate.complaints(2)
    notice(at=LATER)
    assert likest(estate.cast.jingui, "楼下饭店油烟太大") == []


def test_finding_asks_the_database_the_same_few_times(estate: Estate) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            likest(estate.cast.cuihu, "楼下饭店油烟太大，熏人")
        return len(asked)

    estate.complaints(2)
    notice(at=LATER)
    few = queries()
    estate.complaints(12)
    notice(at=LATER)
    assert queries() == few <= 4


def test_no_gram_brings_more_than_its_latest(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "LATEST", 2)
    cases = estate.complaints(6)
    notice(at=LATER)
    asked = {index.number("油烟"): 1.0}
    found = index._sharing(estate.cast.cuihu.pk, asked, None)
    assert found == [cases[5].pk, cases[4].pk]


# --- Offers ---------------------------------------------------------------------------------------


def test_many_households_with_one_complaint_are_offered_as_a_group(estate: Estate) -> None:
    cases = estate.complaints(4)
    estate.tells("小区路灯不亮", 30)
    estate.tells("楼下饭店油烟太大", 31, kind="repair")
    notice(at=LATER)
    (offer,) = offers(estate.of(estate.cast.sunli), estate.cast.cuihu, LATER)
    assert {case.pk for case in offer.cases} == {case.pk for case in cases}
    assert offer.households == 4
    assert "油烟" in offer.why


def test_one_household_that_calls_often_is_no_group(estate: Estate) -> None:
    for n in range(4):
        estate.tells(f"{['楼下', '底商', '一楼', '那家'][n]}饭店油烟太大，熏人", 0)
    notice(at=LATER)
    assert offers(estate.of(estate.cast.sunli), estate.cast.cuihu, LATER) == []


def test_what_was_told_long_before_is_not_at_the_same_time(estate: Estate) -> None:
    estate.tells("楼下饭店油烟太大", 0, at=NOW - timedelta(days=40))
    estate.tells("楼下饭店油烟太大", 9, at=NOW)
    notice(at=LATER)
    assert not Alike.objects.exists()


def test_the_desk_head_hears_when_as_many_households_as_the_clause_names_are_alike(
    estate: Estate,
) -> None:
    estate.complaints(4)
    notice(at=LATER)
    told = OutboxMessage.objects.filter(event__startswith="groups:offer:")
    assert not told.exists()
    estate.tells("饭店油烟很大，楼下饭店没人管", 45)
    notice(at=LATER)
    assert {message.staff for message in told} == {estate.cast.sunli, estate.cast.zhoumin}
    assert "5 户" in told[0].subject


def test_what_somebody_held_apart_is_not_offered_again(estate: Estate) -> None:
    cases = estate.complaints(4)
    notice(at=LATER)
    scope = estate.of(estate.cast.sunli)
    hold_apart(cases=cases, by=scope, at=LATER)
    assert offers(scope, estate.cast.cuihu, LATER) == []
    assert {pair.apart_by for pair in Alike.objects.all()} == {estate.cast.sunli}


def test_a_large_offer_is_held_apart_like_a_small_one(estate: Estate) -> None:
    """Fifty cases are 1225 pairs: more than SQLite takes one by one."""
    cases = [estate.tells(SMOKE[0], n, at=NOW + timedelta(minutes=n)) for n in range(50)]
    notice(at=LATER)
    hold_apart(cases=cases, by=estate.of(estate.cast.sunli, LATER), at=LATER)
    assert not Alike.objects.filter(apart_at=None).exists()


def test_a_group_that_is_major_already_rings_as_a_suspected_one_no_more(estate: Estate) -> None:
    assert estate.group(estate.complaints(5)).major_at
    notice(at=LATER)
    estate.tells("饭店油烟很大，楼下饭店没人管", 45, at=LATER)
    notice(at=LATER)
    assert not OutboxMessage.objects.filter(subject__startswith="疑似群体投诉").exists()


def test_a_further_complaint_is_offered_to_the_group_that_runs(estate: Estate) -> None:
    matter = estate.group(estate.complaints(3))
    late = estate.tells("饭店油烟很大，楼下饭店没人管", 45)
    notice(at=LATER)
    (offer,) = offers(estate.of(estate.cast.sunli), estate.cast.cuihu, LATER)
    assert (offer.matter, offer.cases) == (matter, [late])
