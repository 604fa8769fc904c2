"""Papers that go from who made them to who keeps them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from shouwen.archive.actions.collecting import collect
from shouwen.archive.actions.depositing import hand, owe_visits, receive, ring_deposits
from shouwen.archive.models import Deposit
from shouwen.archive.queries import about, visible_deposits, visible_folders
from shouwen.notify.models import OutboxMessage
from tests.archive.conftest import NOW, S2, S3, Keeper, refused
from tests.cast import Cast
from tests.followup.conftest import FINISHED, Desk
from tests.moments import moment
from tests.repairs.conftest import Shop

FIVE = {
    "quality": "5", "effect": "4", "satisfaction": "3", "shortcomings": "慢", "suggestions": "无",
}  # fmt: skip
NEW_YEAR = moment("2027-01-04 09:00", "周一")
TENTH = moment("2027-01-10 23:59", "周日")
ELEVENTH = moment("2027-01-11 00:00", "周一")


def visited(desk: Desk) -> None:
    """A complaint of the fourth quarter, asked about."""
    desk.adopts(S2)
    case = desk.finished("投诉门岗", kind="complaint")
    both = [desk.cast.liuqiang, desk.cast.wangfang]
    visit = desk.visits(case)["visit-general-complaint"]
    desk.asks(visit, visitors=both, scores=FIVE, mode="meet", no_signature="出差")


@pytest.fixture
def owed(desk: Desk) -> Deposit:
    visited(desk)
    owe_visits(at=NEW_YEAR)
    return Deposit.objects.get()


@pytest.mark.clause("S2-A18-9")
def test_the_visits_of_a_quarter_go_to_the_archivist_by_the_tenth_and_are_kept_two_years(
    owed: Deposit, keeper: Keeper, cast: Cast
) -> None:
    assert owed.title == "2026年第四季度回访资料"
    assert owed.due_at == ELEVENTH, "the whole of the tenth is left"
    papers = owed.papers
    assert papers
    hand(deposit=owed, papers=papers, by=keeper.of(cast.limin), at=NEW_YEAR)
    receive(deposit=owed, papers=papers, place="档案室 1 柜", by=keeper.of(cast.wangfang), at=TENTH)
    folder = owed.folder
    assert folder is not None
    assert folder.keep_until == date(2029, 1, 10)
    assert (folder.papers, folder.place) == (papers, "档案室 1 柜")
    assert visible_folders(keeper.of(cast.zhoumin)).filter(about("王女士")).get() == folder


def test_a_quarter_is_owed_once_and_only_where_a_regulation_wants_it(
    desk: Desk, cast: Cast
) -> None:
    visited(desk)
    assert owe_visits(at=NOW) == 0, "the quarter is not over"
    assert owe_visits(at=NEW_YEAR) == 1
    assert owe_visits(at=NEW_YEAR) == 0
    cast.follows("first-contact")
    Deposit.objects.all().delete()
    assert owe_visits(at=NEW_YEAR) == 0


def test_who_hands_over_does_not_receive_and_the_counts_must_agree(
    owed: Deposit, keeper: Keeper, cast: Cast
) -> None:
    mine, other = keeper.of(cast.limin), keeper.of(cast.wangfang)
    with refused("not-handed"):
        receive(deposit=owed, papers=1, by=other, at=NEW_YEAR)
    hand(deposit=owed, papers=3, by=mine, at=NEW_YEAR)
    with refused("own-papers"):
        receive(deposit=owed, papers=3, by=mine, at=NEW_YEAR)
    with refused("other-count"):
        receive(deposit=owed, papers=2, by=other, at=NEW_YEAR)
    receive(deposit=owed, papers=3, by=other, at=NEW_YEAR)
    with refused("received-already"):
        hand(deposit=owed, papers=3, by=mine, at=NEW_YEAR)


def rung(at: datetime) -> list[tuple[str, str]]:
    ring_deposits(at=at)
    rows = OutboxMessage.objects.filter(event__startswith="deposit:").order_by("pk")
    return [(row.staff.name, row.subject) for row in rows]


def test_papers_that_are_not_handed_over_ring_and_climb(owed: Deposit) -> None:
    assert rung(NEW_YEAR) == []
    warned = rung(moment("2027-01-08 00:00", "周五"))
    assert {name for name, _ in warned} == {"李敏", "王芳"}
    assert all("快到交存期限" in words for _, words in warned)
    late = rung(ELEVENTH + timedelta(days=1))[len(warned) :]
    assert [name for name, _ in late] == ["孙丽", "周敏"]
    assert rung(ELEVENTH + timedelta(days=9)) == [*warned, *late], "each rings once"


def test_what_was_received_rings_no_more(owed: Deposit, keeper: Keeper, cast: Cast) -> None:
    hand(deposit=owed, papers=1, by=keeper.of(cast.limin), at=NEW_YEAR)
    receive(deposit=owed, papers=1, by=keeper.of(cast.sunli), at=NEW_YEAR)
    assert rung(ELEVENTH) == []


@pytest.mark.clause("S3-4.2-1A3")
def test_a_signed_order_is_kept_twice_by_the_engineers_and_by_the_service(
    shop: Shop, keeper: Keeper, cast: Cast
) -> None:
    cast.follows(S3)
    sent = shop.sends(shop.issues(payer="company"), by=cast.limin)
    order = shop.finishes(shop.goes(sent))
    collect(at=FINISHED)
    collect(at=FINISHED)
    deposits = Deposit.objects.order_by("pk")
    assert {row.keeper.function for row in deposits if row.keeper} == {"engineering", "service"}
    (theirs,) = [row for row in deposits if row.keeper == cast.department("engineering")]
    assert list(visible_deposits(keeper.of(cast.liuqiang))) == [theirs], "of his own department"
    assert not visible_deposits(keeper.of(cast.wuqiang)).exists()
    for row, receiver in zip(deposits, (cast.liuqiang, cast.wangfang), strict=True):
        hand(deposit=row, papers=1, by=keeper.of(cast.chenjianguo), at=NOW)
        receive(deposit=row, papers=1, by=keeper.of(receiver), at=NOW)
    folders = visible_folders(keeper.of(cast.zhoumin)).filter(about(order.number))
    assert {folder.place for folder in folders} == {"工程部", "客服部"}
    assert all(folder.keep_until is None for folder in folders), "no document lets them go"


def test_an_order_that_nobody_signed_is_not_kept(shop: Shop, cast: Cast) -> None:
    cast.follows(S3)
    sent = shop.sends(shop.issues(payer="company"), by=cast.limin)
    shop.finishes(shop.goes(sent), signature=None, signed_name="", no_signature="客户不在")
    collect(at=FINISHED)
    assert not Deposit.objects.exists()
