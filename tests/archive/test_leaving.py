"""A folder is lent and comes back; what is over goes with two names under it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shouwen.archive.actions import disposing, lending
from shouwen.archive.models import Disposal, Folder
from shouwen.archive.queries import may_go
from shouwen.notify.models import OutboxMessage
from tests.archive.conftest import NOW, Keeper, refused
from tests.cast import Cast

WEEK = date(2026, 11, 27)


def lent(keeper: Keeper) -> Folder:
    folder = keeper.files()
    return lending.lend(
        folder=folder, to="审计部 张工", back_by=WEEK, reason="年审",
        by=keeper.of(keeper.cast.limin), at=NOW,
    )  # fmt: skip


def test_a_folder_is_lent_until_a_day_and_comes_back(keeper: Keeper, cast: Cast) -> None:
    folder = lent(keeper)
    by = keeper.of(cast.limin)
    assert (folder.state, folder.lent_to) == ("out", "审计部 张工")
    with refused("not-here"):
        lending.lend(folder=folder, to="别人", back_by=WEEK, reason="看", by=by, at=NOW)
    lending.bring_back(folder=folder, by=by, at=NOW)
    assert (folder.state, folder.lent_to, folder.back_by) == ("held", "", None)
    story = [(step.verb, step.note) for step in folder.steps.all()]
    assert story[1] == ("lent", "审计部 张工，2026-11-27 前归还：年审")


def test_a_folder_that_is_not_back_is_asked_for_once(keeper: Keeper) -> None:
    lent(keeper)
    assert lending.ring_lent(at=NOW + timedelta(days=7)) == 0, "its day is not over"
    assert lending.ring_lent(at=NOW + timedelta(days=8)) == 1
    assert lending.ring_lent(at=NOW + timedelta(days=9)) == 0
    assert OutboxMessage.objects.get(event__startswith="folder:").staff.name == "孙丽"


def proposed(keeper: Keeper, *folders: Folder) -> Disposal:
    return disposing.propose(
        unit=keeper.cast.cuihu, folders=folders, reason="保管期满",
        by=keeper.of(keeper.cast.sunli), at=NOW,
    )  # fmt: skip


def test_what_is_over_is_disposed_of_when_another_has_approved(keeper: Keeper, cast: Cast) -> None:
    folder = keeper.expired()
    row = proposed(keeper, folder)
    with refused("own-list"):
        disposing.decide(disposal=row, approved=True, note="", by=keeper.of(cast.sunli), at=NOW)
    folder.refresh_from_db()
    assert folder.state == "held"
    disposing.decide(disposal=row, approved=True, note="", by=keeper.of(cast.zhoumin), at=NOW)
    folder.refresh_from_db()
    assert folder.state == "disposed"
    assert [step.verb for step in folder.steps.all()] == ["filed", "proposed", "disposed"]


def test_what_is_not_over_lent_or_kept_for_ever_is_not_proposed(keeper: Keeper, cast: Cast) -> None:
    for_ever, fresh = keeper.files("长期"), keeper.files("新的", months=12)
    out = keeper.expired("借出的")
    lending.lend(folder=out, to="张工", back_by=WEEK, reason="看", by=keeper.of(cast.limin), at=NOW)
    for folder in (for_ever, fresh, out):
        with refused("not-over"):
            proposed(keeper, folder)
    assert not may_go(cast.cuihu, WEEK).exists()


def test_what_was_not_approved_is_kept_on_and_may_be_proposed_again(
    keeper: Keeper, cast: Cast
) -> None:
    folder = keeper.expired()
    row = proposed(keeper, folder)
    with refused("not-over"):
        proposed(keeper, folder)
    manager = keeper.of(cast.zhoumin)
    with refused("no-note"):
        disposing.decide(disposal=row, approved=False, note=" ", by=manager, at=NOW)
    disposing.decide(disposal=row, approved=False, note="诉讼未了", by=manager, at=NOW)
    assert folder.steps.last().note.endswith("诉讼未了")  # type: ignore[union-attr] # it has one
    assert proposed(keeper, folder).folders.get() == folder


@pytest.mark.parametrize("role", ["chenjianguo", "jingui_manager"])
def test_nobody_else_lends(keeper: Keeper, cast: Cast, role: str) -> None:
    folder = keeper.files()
    with refused("not-allowed"):
        lending.put(folder=folder, place="2 柜", by=keeper.of(getattr(cast, role)), at=NOW)
